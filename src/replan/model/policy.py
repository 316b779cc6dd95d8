"""Policies: what a lender is prepared to agree to, as dated and cited data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from .issues import Problem, Refused, suggest
from .jurisdictions import pack_name
from .pack import Entry, Pack
from .text import quote

Unit = Literal["months", "instalments", "days", "share", "rate", "amount"]

LIMITS: dict[str, Unit] = {
    "deferral_months": "months",
    "first_payment_days": "days",
    "first_payment_share": "share",
    "instalments": "instalments",
    "minimum_instalment": "amount",
    "minimum_instalment_share": "share",
    "npv_loss": "share",
    "payment_cut": "share",
    "rate_floor": "rate",
    "recovered_share": "share",
    "total_term_months": "months",
    "waived_fees": "share",
    "waived_interest": "share",
    "waived_penalty": "share",
    "waived_principal": "share",
}
"""The limits that policies may name, with their units.

`decide/candidates/limits.py` has a function for each.
"""
NONE = "none"
"""Stands for leaving a step out."""
LONGEST_GRID = 5_000


def _bound(value: Any) -> Fraction:
    """Read a number, exactly; a share or a rate is a text such as 50%."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str | Fraction):
        raise Refused(Problem("shape-wrong", f"{quote(value)} is no number.", 'Write 36 or "50%".'))
    text = str(value).strip()
    try:
        share = text.endswith("%")
        return Fraction(Decimal(text[:-1])) / 100 if share else Fraction(text)
    except (ArithmeticError, ValueError):
        raise Refused(
            Problem("shape-wrong", f"{quote(value)} is no number.", 'Write 36 or "50%".')
        ) from None


Bound = Annotated[
    Any,
    BeforeValidator(_bound),
    WithJsonSchema({"type": ["integer", "string"], "examples": [36, "50%"]}),
]
"""A Fraction, exactly as it is written."""


class Said(Entry):
    """A text in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Source(Entry):
    """Where something stands, and when it was last looked at."""

    title: str = Field(min_length=1)
    zh: str | None = Field(default=None, description="The title for Chinese readers, if another.")
    url: str | None = Field(default=None, pattern="^https?://")
    checked_on: date


class Value(Entry):
    """A bound and the first day on which it holds."""

    since: date
    max: Bound | None = None
    min: Bound | None = None
    reference: str | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if (self.max is None) == (self.min is None):
            raise Refused(
                Problem("shape-wrong", "A value has either max or min.", "Write one of them.")
            )
        return self


def _ascending(values: tuple[Value, ...]) -> tuple[Value, ...]:
    for n, (before, after) in enumerate(pairwise(values), start=1):
        if after.since <= before.since:
            message = f"{after.since} is not after the value before it."
            problem = Problem("dates-out-of-order", message, "List them by date.", (n, "since"))
            raise Refused(problem)
    return values


class Limit(Entry):
    """How far a lender goes on one figure of a plan, in the course of time."""

    unit: Unit
    reference: str = Field(min_length=1)
    values: Annotated[tuple[Value, ...], Field(min_length=1), AfterValidator(_ascending)]

    @model_validator(mode="after")
    def _shares_are_shares(self) -> Self:
        for n, value in enumerate(self.values):
            name = "min" if value.max is None else "max"
            bound: Fraction = getattr(value, name)
            if self.unit == "share" and bound > 1:
                message = f"A share of {float(bound):g} is more than all."
                hint = f'Write "{float(bound):g}%" for as many hundredths.'
                raise Refused(Problem("shape-wrong", message, hint, ("values", n, name)))
        return self

    def at(self, day: date) -> Value | None:
        """Give the value in force on a day; before the first there is none."""
        return next((v for v in reversed(self.values) if v.since <= day), None)


class StepSpec(Entry):
    """One step of an offer: a strategy and, for each parameter, a value, a list or a range.

    A range is {from, to, step}, both ends included. `none` in a list: the step may be left out.
    """

    strategy: str = Field(min_length=1)
    params: Mapping[str, Any] = Field(default_factory=dict)
    optional: bool = False

    def grids(self) -> dict[str, tuple[Any, ...]]:
        """Give all values of each parameter, without `none`."""
        grids = {name: _values(value, name) for name, value in self.params.items()}
        return {name: tuple(v for v in g if v != NONE) for name, g in grids.items()}

    @property
    def may_be_left_out(self) -> bool:
        """Tell whether the step is optional."""
        grids = (_values(value, name) for name, value in self.params.items())
        return self.optional or any(NONE in grid for grid in grids)

    @model_validator(mode="after")
    def _readable(self) -> Self:
        self.grids()
        return self


def _values(value: Any, name: str) -> tuple[Any, ...]:
    if isinstance(value, tuple | list):
        return tuple(value)
    if isinstance(value, Mapping):
        return tuple(_range(value, name))
    return (value,)


def _range(value: Mapping[str, Any], name: str) -> list[str]:
    """List a range; percentages and plain numbers keep their form."""
    path = ("params", name)
    if not {"from", "to"} <= set(value) <= {"from", "to", "step"}:
        raise Refused(Problem("shape-wrong", "A range has from, to and step.", "Correct it.", path))
    ends = [str(value["from"]), str(value["to"]), str(value.get("step", 1))]
    share = any(end.endswith("%") for end in ends)
    low, high, step = (_bound(end.removesuffix("%")) for end in ends)
    if step <= 0 or low > high or (high - low) / step > LONGEST_GRID:
        raise Refused(
            Problem(
                "shape-wrong", "The range is empty or too long.", "Correct from, to or step.", path
            )
        )
    count = int((high - low) / step)
    return [_plain(low + k * step) + ("%" if share else "") for k in range(count + 1)]


def _plain(value: Fraction) -> str:
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class OfferSpec(Entry):
    """One offer of the menu: steps in the order in which they apply."""

    title: Said
    steps: Annotated[tuple[StepSpec, ...], Field(min_length=1)]


class Span(Entry):
    """The days from and to which something holds, both included."""

    since: date
    until: date | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.until and self.until < self.since:
            message = f"until {self.until} is before since {self.since}."
            raise Refused(Problem("dates-out-of-order", message, "Correct one.", ("until",)))
        return self


class Conditions(Entry):
    """What a lender asks for before it offers anything.

    `evidence` lists documents by cause of hardship; `any` stands for every cause.
    """

    past_due_from: int = 0
    past_due_until: int | None = None
    evidence: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.past_due_until is not None and self.past_due_until < self.past_due_from:
            message = f"{self.past_due_until} days are fewer than past_due_from."
            raise Refused(Problem("shape-wrong", message, "Correct one.", ("past_due_until",)))
        return self


class Policy(Pack):
    """What one lender, or one kind of lender, is prepared to agree to.

    `lender_types` and `products` say to which debts it applies, empty lists to all. `documented`:
    what it says stands in its sources; `illustrative`: it shows a form that is common, with figures
    of which no publication is known. `excludes` lists strategies that are never combined, `order`
    the order in which strategies may follow one another, `exclusions` what becomes of accounts of
    a portfolio with a flag: no offer, a human's decision, or an offer all the same.
    """

    folder: ClassVar[str] = "policies"

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Said
    note: Said
    version: str = Field(min_length=1)
    effective: Span
    approved_by: str | None = None
    replaces: str | None = None
    status: Literal["documented", "illustrative"]
    sources: tuple[Source, ...] = ()
    jurisdiction: str | None = None
    currency: str | None = None
    lender_types: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    offers: Annotated[tuple[OfferSpec, ...], Field(min_length=1)]
    limits: Mapping[str, Limit] = Field(default_factory=dict)
    conditions: Conditions = Conditions()
    excludes: tuple[tuple[str, ...], ...] = ()
    exclusions: Mapping[str, Literal["suppressed", "review", "offer"]] = Field(default_factory=dict)
    order: tuple[str, ...] = ()

    @field_validator("limits")
    @classmethod
    def _known(cls, limits: Mapping[str, Limit]) -> Mapping[str, Limit]:
        for name, limit in limits.items():
            if name not in LIMITS:
                message = f"{quote(name)} is not a limit that is known here."
                hint = suggest(name, LIMITS) or f"Known: {', '.join(LIMITS)}."
                raise Refused(Problem("value-unknown", message, hint, (name,)))
            if limit.unit != LIMITS[name]:
                message = f"{name} is given in {limit.unit}."
                hint = f"Give it in {LIMITS[name]}."
                raise Refused(Problem("shape-wrong", message, hint, (name, "unit")))
        return limits

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.status == "documented" and not self.sources:
            message = "A documented policy names its sources."
            raise Refused(Problem("key-missing", message, "Add [[sources]].", ("sources",)))
        return self

    def in_force(self, day: date) -> bool:
        """Tell whether the policy holds on a day."""
        until = self.effective.until
        return self.effective.since <= day and (until is None or day <= until)

    def covers(
        self, jurisdiction: str | None, currency: str, lender_type: str, product: str
    ) -> bool:
        """Tell whether the policy is meant for a debt of this kind."""
        return not self.misses(jurisdiction, currency, lender_type, product)

    def misses(
        self, jurisdiction: str | None, currency: str, lender_type: str, product: str
    ) -> dict[str, tuple[str, ...]]:
        """Give what it is meant for instead, by each key of a debt that is another or not given."""
        named = product.lower()
        fits = {
            "jurisdiction": self._is_at(jurisdiction),
            "currency": self.currency in (None, currency),
            "lender_type": not self.lender_types or lender_type.lower() in self.lender_types,
            "product": not self.products or any(p.lower() in named for p in self.products),
        }
        meant = {
            "jurisdiction": (self.jurisdiction or "",),
            "currency": (self.currency or "",),
            "lender_type": tuple(self.lender_types),
            "product": tuple(self.products),
        }
        return {key: meant[key] for key, fit in fits.items() if not fit}

    def _is_at(self, jurisdiction: str | None) -> bool:
        """Tell whether a policy of a place, or of the country around it, is meant."""
        here, there = (self.jurisdiction or "").upper(), (jurisdiction or "").upper()
        if here in ("", there, there.split("-")[0]):
            return True
        alone = "-" in here or (pack_name(here) == "eu" and here != "EU")
        return not alone and bool(there) and pack_name(here) == pack_name(there)


def policy_schema() -> dict[str, Any]:
    """Give the JSON Schema of a policy, which is written as TOML."""
    schema = Policy.model_json_schema(mode="validation")
    schema["properties"]["limits"]["propertyNames"] = {"enum": sorted(LIMITS)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
