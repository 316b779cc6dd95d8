"""What a case only estimates, and what is to be asked of whoever knows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, model_serializer, model_validator

from .currency import minor_unit
from .fields import Identifier, Model, Text
from .issues import Problem, Refused, suggest
from .rates import parse_rate
from .text import quote
from .values import parse_amount

if TYPE_CHECKING:
    from .case import Case
    from .debt import Debt

RATES = ("rate", "penalty_rate")
AMOUNTS = ("principal", "interest", "penalty", "fees", "arrears", "instalment")
ESTIMABLE = (*RATES, *AMOUNTS, "remaining_instalments", "next_due", "days_past_due")
"""Fields of a debt that may be marked as estimated."""


class Estimate(Model):
    """A field whose value is not exact; where it matters, between which bounds it lies.

    In a file the field's name alone may stand for it.
    """

    field: Text = Field(description="The field.", examples=["rate"])
    low: Text | None = Field(default=None, description="It is at least this.")
    high: Text | None = Field(default=None, description="It is at most this.")

    @model_validator(mode="before")
    @classmethod
    def _read_name(cls, value: Any) -> Any:
        return {"field": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.field not in ESTIMABLE:
            message = f"{quote(self.field)} is not a field that can be estimated."
            hint = suggest(self.field, ESTIMABLE) or f"Use one of: {', '.join(ESTIMABLE)}."
            raise Refused(Problem("value-unknown", message, hint, ("field",)))
        low, high = (_bound(self.field, text) for text in (self.low, self.high))
        if low is not None and high is not None and low > high:
            message = f"{self.low} to {self.high} is no range."
            raise Refused(Problem("range-reversed", message, "Swap the two.", ("low",)))
        return self

    @model_serializer
    def _write(self) -> Any:
        bounds = {"low": self.low, "high": self.high}
        given = {name: text for name, text in bounds.items() if text is not None}
        return {"field": self.field, **given} if given else self.field


class Question(Model):
    """Something to ask the lender: about a field, in the reader's words, or a text of one's own.

    In a file a text alone is a question of one's own.
    """

    debt: Identifier | None = Field(default=None, description="Which debt; without it, all.")
    about: Text | None = Field(
        default=None, description="What it is about: a field.", examples=["rate", "charges"]
    )
    text: Text | None = Field(default=None, description="The question, in one's own words.")

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not (self.about or self.text):
            message = "A question asks about nothing."
            raise Refused(Problem("choice-missing", message, "Give about or text."))
        return self


def estimates_dict(case: Case, *, debt: str | None = None) -> dict[str, Any]:
    """Return what *case* (or one *debt* of it) estimates and asks, for the JSON of a result."""
    shown = [d for d in case.debts if debt in (None, d.id)]
    questions = [q for q in case.questions if debt is None or q.debt in (None, debt)]
    return {
        "estimated": [_entry(d, e, case.currency) for d in shown for e in d.estimated],
        "questions": [q.model_dump(mode="json") for q in questions],
    }


def _bound(field: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    if field in RATES:
        rate = parse_rate(text)
        return rate.value * (365 if rate.per == "day" else 1)
    return parse_amount(text) if field in AMOUNTS else None


def _entry(debt: Debt, estimate: Estimate, currency: str) -> Mapping[str, Any]:
    value: Any = getattr(debt, estimate.field)
    if estimate.field == "arrears":
        parts = (value.principal, value.interest, value.penalty, value.fees)
        value = sum(parts, 0 * minor_unit(currency))
    return {
        "debt": debt.id,
        "field": estimate.field,
        "value": None if value is None else str(value),
        "low": estimate.low,
        "high": estimate.high,
    }
