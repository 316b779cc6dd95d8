"""Rule packs: what a jurisdiction's law and supervisors say, as dated and cited data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from .issues import Problem, Refused
from .pack import Entry, Pack
from .rates import parse_rate
from .text import quote

Kind = Literal["hard", "norm", "info"]
Basis = Literal["as-of", "contract-date"]
Unit = Literal["rate", "years", "months", "days", "times", "share", "amount", "order", "allowed"]
Check = Literal[
    "allocation-order",
    "annual-rate-cap",
    "compounding",
    "default-charges",
    "early-repayment",
    "limitation",
    "overdue-rate-cap",
    "penalty-interest",
    "penalty-rate-multiple",
    "plan-months",
    "present-value-change",
    "present-value-loss",
    "right-when-late",
    "total-cost-cap",
]
"""The checks that rules may name: decide/law/checks.py has a function for each."""
Limit = Decimal | int | str | bool | tuple[str, ...]
MOST = 1200
STALE_DAYS = 365
"""A rule that nobody checked for longer than this is reported by `stale_rules`."""


class Said(Entry):
    """A text in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Dated(Entry):
    """A value and the days on which it is in force; both ends are included."""

    since: date
    until: date | None = None
    value: Limit | None = None

    @model_validator(mode="after")
    def _check_span(self) -> Self:
        if self.until and self.until < self.since:
            message = f"until {self.until} is before since {self.since}."
            raise Refused(Problem("dates-out-of-order", message, "Correct one.", ("until",)))
        return self

    def holds_on(self, day: date) -> bool:
        """Tell whether the value is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


def _ascending(values: tuple[Dated, ...]) -> tuple[Dated, ...]:
    """Refuse values that are not in the order of their dates, or that overlap."""
    for n, (before, after) in enumerate(pairwise(values), start=1):
        if after.since <= (before.until or before.since):
            message = f"{after.since} is not after the value before it."
            problem = Problem("dates-out-of-order", message, "List them by date.", (n, "since"))
            raise Refused(problem)
    return values


def _is_any(_value: Limit | None) -> bool:
    return True


def _is_rate(value: Limit | None) -> bool:
    try:
        return isinstance(value, str) and bool(parse_rate(value))
    except Refused:
        return False


def _is_number(value: Limit | None) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0


def _is_whole(value: Limit | None) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST


def _is_order(value: Limit | None) -> bool:
    return isinstance(value, tuple) and "principal" in value


_RATE = (_is_rate, 'a rate such as "24%" or "0.8%/day"')
_NUMBER = (_is_number, "a number that is not negative")
_WHOLE = (_is_whole, "a whole number from 1 to 1200")
_FLAG = (lambda value: isinstance(value, bool), "true or false")
_VALUES: dict[str, tuple[Callable[[Limit | None], bool], str]] = {
    "allocation-order": (_is_order, 'an order such as ["fees", "interest", "principal"]'),
    "annual-rate-cap": _RATE,
    "compounding": _FLAG,
    "default-charges": _NUMBER,
    "limitation": _WHOLE,
    "overdue-rate-cap": _RATE,
    "penalty-interest": _FLAG,
    "penalty-rate-multiple": _NUMBER,
    "plan-months": _WHOLE,
    "present-value-change": _NUMBER,
    "present-value-loss": _NUMBER,
    "total-cost-cap": _NUMBER,
}
"""What each check takes as a value, and how a message names it; the others take none."""


class Rule(Entry):
    """One rule: to whom and when it applies, its dated values, its source, what it means.

    Empty lists mean "any"; `other_…` are those for which it does not hold.
    `basis` says which day chooses the value: the day on which the contract
    was made, or the as-of date. `contract_from` and `contract_until` are inclusive. A rule without
    a `check` is printed by `replan rules` and never becomes a finding. `needs` names facts that a
    case cannot state: the rule then is a question, never a claim. `from_last_instalment`: a
    limitation period of instalments runs from the last one. Of a practice `since` is the
    date of the source that describes it.
    """

    id: str = Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")
    title: Said
    means: Said
    kind: Kind
    check: Check | None = None
    lender_types: tuple[str, ...] = ()
    other_lender_types: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    other_products: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    contract_from: date | None = None
    contract_until: date | None = None
    basis: Basis = "as-of"
    past_due_from: int = 0
    past_due_until: int | None = None
    secured: bool | None = None
    currency: str | None = None
    platform_only: bool = False
    needs: Said | None = None
    from_last_instalment: bool = False
    unit: Unit | None = None
    values: Annotated[tuple[Dated, ...], Field(min_length=1), AfterValidator(_ascending)]
    source: str = Field(min_length=1)
    url: str | None = Field(default=None, pattern="^https?://")
    confidence: Literal["high", "medium"]
    checked_on: date

    @model_validator(mode="after")
    def _check_values(self) -> Self:
        """Refuse a value that the rule's check could not read."""
        holds, wanted = _VALUES.get(self.check or "", (_is_any, ""))
        for n, dated in enumerate(self.values):
            if not holds(dated.value):
                path = ("values", n, "value")
                message = f"{quote(dated.value)} is no value for {self.check}."
                raise Refused(Problem("value-unknown", message, f"Write {wanted}.", path))
        return self

    def at(self, day: date) -> Dated | None:
        """Give what is in force on a day, or None before, between and after its values."""
        return next((value for value in self.values if value.holds_on(day)), None)


class Conduct(Entry):
    """Limits of a rule on how a debtor may be contacted; its source and dates are the rule's.

    `open_from` to `open_until` are the hours of the debtor's local time ("08:00", "22:00") outside
    of which no contact is made. `most` calls of the kind that `counts` names are the limit within
    `days` (1: a calendar day; more: any so many days running), `per` debtor, debt or number.
    For `pause_days`, of which the day of a conversation is the first, no other call is made.
    `roles` says whom it binds; empty: all.
    """

    rule: str
    roles: tuple[Literal["creditor", "collector"], ...] = ()
    open_from: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    open_until: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    most: int | None = Field(default=None, gt=0)
    counts: Literal["reached", "unanswered", "all"] = "all"
    days: int = Field(default=1, gt=0)
    per: Literal["debtor", "debt", "number"] = "debtor"
    pause_days: int | None = Field(default=None, gt=0)
    third_parties: bool = True


class Route(Entry):
    """A way out beyond repayment plans: insolvency, breathing space, free advice.

    `screen` names a test in decide/law/routes.py, `limits` its thresholds in major units; `asks` is
    what a case cannot state and somebody must find out.
    """

    id: str = Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")
    title: Said
    means: Said
    regions: tuple[str, ...] = ()
    screen: Literal["debt-relief-order"] | None = None
    limits: dict[str, int] = Field(default_factory=dict)
    asks: tuple[Said, ...] = ()
    since: date
    source: str = Field(min_length=1)
    url: str | None = Field(default=None, pattern="^https?://")
    confidence: Literal["high", "medium"]
    checked_on: date


class RulePack(Pack):
    """The rules of a jurisdiction; `regions` says which codes of a case mean which of its parts."""

    folder: ClassVar[str] = "rules"

    id: str
    title: Said
    jurisdiction: str
    note: Said | None = None
    regions: dict[str, str] = Field(default_factory=dict)
    region_question: Said | None = None
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    routes: tuple[Route, ...] = ()
    conduct: tuple[Conduct, ...] = ()

    @model_validator(mode="after")
    def _check_conduct(self) -> Self:
        known = {rule.id for rule in self.rules}
        for n, limits in enumerate(self.conduct):
            if limits.rule not in known:
                path = ("conduct", n, "rule")
                message = f"{quote(limits.rule)} is no rule of this pack."
                raise Refused(Problem("value-unknown", message, "Name one of its rules.", path))
        return self

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        seen: set[str] = set()
        for n, rule in enumerate(self.rules):
            if rule.id in seen:
                path = ("rules", n, "id")
                raise Refused(Problem("id-twice", f"{rule.id} stands twice.", "Rename one.", path))
            seen.add(rule.id)
        return self


def fraction_of(limit: Limit | None) -> Fraction:
    """Read a limit as an exact number; a text is a rate, such as "24%" or "0.8%/day"."""
    if isinstance(limit, str):
        return parse_rate(limit).fraction
    if isinstance(limit, int | Decimal):
        return Fraction(limit)
    raise TypeError(f"{limit!r} is not a number")


def stale_rules(pack: RulePack, today: date) -> tuple[Rule, ...]:
    """List the rules that nobody has checked against their source for a year before *today*."""
    return tuple(rule for rule in pack.rules if (today - rule.checked_on).days > STALE_DAYS)
