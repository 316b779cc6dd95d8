"""A case: one household's file, from which every plan starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from .budget import Budget, BudgetLine, SurplusEntry, is_path, path_entries
from .checks import at, case_problems
from .conventions import BusinessDay
from .currency import minor_unit
from .debt import (
    Arrears,
    Debt,
    Instalment,
    InstalmentFee,
    MinimumPayment,
    Parties,
    Payment,
    RateChange,
    RecurringFee,
    Rounding,
)
from .estimates import Estimate, Question
from .fields import (
    Allocation,
    Currency,
    Day,
    DayCount,
    Flag,
    Frequency,
    Jurisdiction,
    Model,
    Text,
    Version,
)
from .issues import Path, Problem, Refused
from .rates import Rate
from .values import check_amount

__all__ = [
    "Arrears",
    "Borrower",
    "Budget",
    "BudgetLine",
    "Case",
    "Debt",
    "Estimate",
    "Hardship",
    "Instalment",
    "InstalmentFee",
    "MinimumPayment",
    "Parties",
    "Payment",
    "Question",
    "Rate",
    "RateChange",
    "RecurringFee",
    "Rounding",
    "Settings",
    "SurplusEntry",
    "case_schema",
    "settings_of",
]


class Borrower(Model):
    """Who owes. Only what letters need."""

    name: Text | None = Field(default=None, description="Name as in the contracts.")
    reference: Text | None = Field(default=None, description="The counsellor's file number.")
    note: Text | None = Field(default=None, description="Free text.")


class Hardship(Model):
    """Why the contract cannot be kept for now."""

    cause: Text | None = Field(default=None, description="Cause.", examples=["job-loss", "illness"])
    began: Day | None = Field(default=None, description="First day.")
    expected_end: Day | None = Field(default=None, description="Last day, as far as known.")
    evidence: tuple[Text, ...] = Field(default=(), description="Documents at hand.")
    note: Text | None = Field(default=None, description="Free text, for the counsellor only.")

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        if self.began and self.expected_end and self.expected_end < self.began:
            message = f"expected_end {self.expected_end} is before began {self.began}."
            path = ("expected_end",)
            raise Refused(Problem("dates-out-of-order", message, "Correct one of them.", path))
        return self


class Case(Model):
    """One household's file: borrower, hardship, budget, debts, as-of date.

    Settings that a debt does not give (day count, frequency, rounding, allocation, business days)
    may stand on the case.
    """

    replan: Version = Field(default=1, description="Version of this format.")
    as_of: Day = Field(description="The day on which the balances hold.")
    currency: Currency = Field(description="ISO 4217 code.", examples=["CNY"])
    jurisdiction: Jurisdiction | None = Field(
        default=None, description="Whose law applies.", examples=["CN"]
    )
    borrower: Borrower = Field(default_factory=Borrower, description="Who owes.")
    hardship: Hardship = Field(default_factory=Hardship, description="Why help is needed.")
    budget: Budget | None = Field(default=None, description="Income, expenses, buffer.")
    surplus: tuple[SurplusEntry, ...] | None = Field(
        default=None,
        description="What is left for debts each month, instead of a budget: an amount, a list, or "
        "a path in one line such as 1800; 2027-03: 900.",
    )
    debts: tuple[Debt, ...] = Field(description="What is owed, one entry per account.")
    incomplete: Flag = Field(
        default=False, description="Whether a debt is known to be missing: no verdict is given."
    )
    day_count: DayCount = Field(default="30/360", description="For debts without their own.")
    frequency: Frequency = Field(default="month", description="For debts without their own.")
    rounding: Rounding = Field(default_factory=Rounding, description="For debts without their own.")
    allocation: Allocation | None = Field(
        default=None, description="Default: by jurisdiction, product and days past due."
    )
    business_day: BusinessDay = Field(default="none", description="For debts without their own.")
    calendar: Text | None = Field(default=None, description="Country whose holidays count.")
    questions: tuple[Question, ...] = Field(
        default=(), description="What to ask the lenders before the figures can be relied on."
    )
    note: Text | None = Field(default=None, description="Free text.")

    @field_validator("surplus", mode="before")
    @classmethod
    def _read_surplus(cls, value: Any) -> Any:
        if isinstance(value, str) and is_path(value):
            return path_entries(value)
        is_amount = isinstance(value, str | int | float | Decimal)
        return [{"amount": value}] if is_amount else value

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        errors = [p for p in case_problems(self) if p.severity == "error"]
        if not (info.context or {}).get("currency"):
            errors += _fine_amounts(self)
        if errors:
            raise Refused(*errors)
        return self


@dataclass(frozen=True, slots=True)
class Settings:
    """The conventions that apply to one debt, after the case's defaults."""

    day_count: str
    frequency: str
    rounding: Rounding
    allocation: tuple[str, ...] | None
    business_day: BusinessDay
    calendar: str | None


def settings_of(case: Case, debt: Debt) -> Settings:
    """Return the conventions of *debt*: its own, else the case's.

    A debt's rounding is completed key by key from the case's. `rounding.unit` is always set.
    """
    own = debt.rounding
    given = {} if own is None else {name: getattr(own, name) for name in own.model_fields_set}
    unit = given.get("unit") or case.rounding.unit or minor_unit(case.currency)
    return Settings(
        day_count=debt.day_count or case.day_count,
        frequency=debt.frequency or case.frequency,
        rounding=case.rounding.model_copy(update={**given, "unit": unit}),
        allocation=debt.allocation or case.allocation,
        business_day=debt.business_day or case.business_day,
        calendar=debt.calendar or case.calendar or case.jurisdiction,
    )


SHORT_FORMS = {
    "Case": ("surplus",),
    "Debt": ("arrears", "minimum_payment", "instalment_fee"),
}
"""Keys whose object may be abbreviated to an amount."""
NAMED_ENTRIES = {"Case": "questions", "Debt": "estimated"}
"""Lists whose entries may be abbreviated to a text."""


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema of a case file, with a description for each key."""
    schema = Case.model_json_schema(mode="validation", by_alias=True)
    models = {"Case": schema, **schema["$defs"]}
    for model, keys in SHORT_FORMS.items():
        for key in keys:
            _allow_amount(models[model]["properties"][key])
    for model, key in NAMED_ENTRIES.items():
        entry = models[model]["properties"][key]
        entry["items"] = {"anyOf": [{"type": "string"}, entry["items"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _allow_amount(entry: dict[str, Any]) -> None:
    whole = entry.pop("anyOf", None) or [{"$ref": entry.pop("$ref")}]
    entry["anyOf"] = [{"type": ["string", "number"]}, *whole]


def _fine_amounts(case: Case) -> Iterator[Problem]:
    """Check the decimals of a case made in Python, whose amounts were read without a currency."""
    for path, amount in _amounts(case, ()):
        try:
            check_amount(amount, value=amount, currency=case.currency)
        except Refused as refused:
            yield from (at(problem, *path) for problem in refused.problems)


def _amounts(value: Any, path: Path) -> Iterator[tuple[Path, Decimal]]:
    """Yield every amount below *value*; shares and rates are not in major units."""
    if isinstance(value, Decimal):
        yield path, value
    elif isinstance(value, Model):
        for name, field in type(value).model_fields.items():
            if name not in {"share", "rate"}:
                yield from _amounts(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _amounts(item, (*path, index))
