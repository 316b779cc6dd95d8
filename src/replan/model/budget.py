"""The household's budget, and the surplus of each calendar month that follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from .conventions import Every
from .currency import minor_unit
from .fields import Amount, Day, DayOfMonth, Model, People, Text, check_span
from .issues import Problem, Refused
from .months import Month, month_of, months_from, span_of

if TYPE_CHECKING:
    from .case import Case

MONTHLY_SHARE = {
    "week": Fraction(52, 12),
    "fortnight": Fraction(26, 12),
    "4-weeks": Fraction(13, 12),
    "month": Fraction(1),
    "quarter": Fraction(1, 3),
    "year": Fraction(1, 12),
}
"""The monthly equivalent of one payment: 52 weeks are 12 months."""


class BudgetLine(Model):
    """One income or expense."""

    label: Text = Field(default="", description="What it is.", examples=["wage"])
    amount: Amount = Field(description="The amount of one payment.")
    every: Every = Field(
        default="month", description="How often; `once` counts in the month of `from`."
    )
    start: Day | None = Field(default=None, alias="from", description="First day, inclusive.")
    until: Day | None = Field(default=None, description="Last day, inclusive.")
    status: Literal["certain", "expected"] = Field(
        default="certain", description="Of income: verdicts count what is certain."
    )
    category: Text | None = Field(
        default=None,
        description="Kind of income or cost: the section of the statement in which it stands.",
        examples=["rent", "food", "wage"],
    )
    payer: Text | None = Field(default=None, description="Who pays it.")
    due_day: DayOfMonth | None = Field(
        default=None,
        description="Of a monthly line: the day it is paid; the last day if a month is shorter.",
    )
    note: Text | None = Field(default=None, description="Free text.")

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        check_span(self.start, self.until)
        if self.due_day and self.every not in {"month", "once"}:
            message = f"A due day does not fit a payment every {self.every}."
            raise Refused(Problem("shape-wrong", message, "Leave it out.", ("due_day",)))
        if self.every == "once" and self.start is None:
            message = "A single amount has no date."
            raise Refused(Problem("key-missing", message, "Add from.", ("from",)))
        return self


class Household(Model):
    """Who lives from the budget, as counts: no names are needed."""

    adults: People = Field(default=1, description="Adults who share the budget.")
    children: People = Field(default=0, description="Children under 16.")
    teenagers: People = Field(default=0, description="Children of 16 to 18.")
    other_dependants: People = Field(default=0, description="Others who depend on the budget.")


class Budget(Model):
    """What comes in and goes out, and what is kept back each month."""

    income: tuple[BudgetLine, ...] = Field(default=(), description="Income lines.")
    expenses: tuple[BudgetLine, ...] = Field(
        default=(),
        description="Essential costs, without instalments of debts that stand among the debts.",
    )
    savings: Amount = Field(default=Decimal(0), description="Put aside each month; a cost.")
    buffer: Amount = Field(default=Decimal(0), description="Kept back each month for emergencies.")
    household: Household | None = Field(default=None, description="Who lives from the budget.")


class SurplusEntry(Model):
    """A monthly surplus in force from a day on."""

    start: Day | None = Field(
        default=None, alias="from", description="First day; without it, from the beginning."
    )
    amount: Amount = Field(description="What is left for debts each month.")


_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")


def path_entries(text: str) -> list[dict[str, str]]:
    """Take a path written in one line apart, as the entries of a list; what they hold is not read.

    >>> path_entries("1800; 2027-03: 900")
    [{'amount': '1800'}, {'from': '2027-03-01', 'amount': '900'}]
    """
    found = []
    for piece in filter(str.strip, re.split("[;；]", text)):
        start, colon, amount = piece.replace("：", ":").rpartition(":")
        entry = {"from": _first_day(start.strip())} if colon else {}
        found.append({**entry, "amount": amount.strip()})
    return found


def is_path(text: str) -> bool:
    """Tell whether a text is a path rather than one amount."""
    return any(sign in text for sign in ";；:：")


def _first_day(written: str) -> str:
    """Write a month as its first day; anything else is left to the reader of dates."""
    month = _MONTH.fullmatch(written)
    return f"{month[1]}-{int(month[2]):02}-01" if month else written


class SurplusMonth(NamedTuple):
    """The surplus of one calendar month, in major units; it may be negative."""

    year: int
    month: int
    certain: Decimal
    expected: Decimal


def surplus_path(case: Case, months: int) -> list[SurplusMonth]:
    """Return the surplus of each of *months* calendar months, from the as-of month on.

    `certain` counts certain income only; `expected` counts expected income as well and is never
    smaller. Surplus = income − expenses − savings − buffer, as exact fractions, rounded down to
    the minor unit once per month; nothing is carried over.

    A line with a `due_day` counts in a month if that day is within `from` and `until`. Without
    one, and for every other frequency, income counts in the months that it covers whole and an
    expense in every month that it touches. A given surplus counts at the lowest amount in force
    on any day of the month, zero before the first entry. The as-of month counts whole.
    A case without budget and surplus gives an empty list.
    """
    if case.surplus is None and case.budget is None:
        return []
    budget = case.budget and _grouped(case.budget)
    path = []
    for month in months_from(month_of(case.as_of), months):
        certain, expected = _month_surplus(case.surplus, budget, *span_of(month))
        path.append(SurplusMonth(*month, *(_floor(x, case) for x in (certain, expected))))
    return path


def income_path(case: Case, months: int) -> list[tuple[Month, Decimal]]:
    """Return the certain income of each of *months* calendar months; empty without a budget."""
    if case.budget is None:
        return []
    lines = [line for line in _grouped(case.budget).income if line.status == "certain"]
    path = []
    for month in months_from(month_of(case.as_of), months):
        first, last = span_of(month)
        income = sum((_income(line, first, last) for line in lines), Fraction(0))
        path.append((month, _floor(income, case)))
    return path


def reasons_not_assessed(case: Case) -> tuple[str, ...]:
    """Say why no verdict can be given: no-budget, no-expenses, debt-missing; empty if one can."""
    reasons = []
    if case.surplus is None and (case.budget is None or not case.budget.income):
        reasons.append("no-budget")
    elif case.surplus is None and case.budget and not case.budget.expenses:
        reasons.append("no-expenses")
    if case.incomplete:
        reasons.append("debt-missing")
    return tuple(reasons)


def expected_income(case: Case) -> list[str]:
    """Name the income that is hoped for; none where a surplus takes the budget's place."""
    if case.surplus is not None or case.budget is None:
        return []
    return list(dict.fromkeys(i.label for i in case.budget.income if i.status == "expected"))


def monthly_equivalent(line: BudgetLine, day: date, *, income: bool) -> Fraction | None:
    """Return what a regular line adds to the month of *day*, as the surplus path counts it.

    None for a single amount, and for a line that does not count in that month.
    """
    if line.every == "once":
        return None
    return _counted(line, *span_of(month_of(day)), whole=income) or None


def _grouped(budget: Budget) -> Budget:
    """Put lines that count alike together, so that months cost by kinds of lines, not by lines."""
    kinds = {"income": _sums(budget.income), "expenses": _sums(budget.expenses)}
    return budget.model_copy(update=kinds)


def _sums(lines: Iterable[BudgetLine]) -> tuple[BudgetLine, ...]:
    kinds: dict[tuple[object, ...], list[BudgetLine]] = {}
    for line in lines:
        kind = (line.every, line.start, line.until, line.due_day, line.status)
        kinds.setdefault(kind, []).append(line)
    return tuple(
        first.model_copy(update={"amount": sum((line.amount for line in alike), first.amount)})
        for first, *alike in kinds.values()
    )


def _month_surplus(
    surplus: tuple[SurplusEntry, ...] | None, budget: Budget | None, first: date, last: date
) -> tuple[Fraction, Fraction]:
    if surplus is not None:
        given = _given_surplus(surplus, first, last)
        return given, given
    budget = budget or Budget()
    costs = sum((_expense(line, first, last) for line in budget.expenses), Fraction(0))
    costs += Fraction(budget.savings) + Fraction(budget.buffer)
    income = {
        status: sum(
            (_income(line, first, last) for line in budget.income if line.status == status),
            Fraction(0),
        )
        for status in ("certain", "expected")
    }
    certain = income["certain"] - costs
    return certain, certain + income["expected"]


def _given_surplus(entries: Iterable[SurplusEntry], first: date, last: date) -> Fraction:
    amount = Fraction(0)
    changes = []
    for entry in sorted(entries, key=lambda e: e.start or date.min):
        if entry.start is None or entry.start <= first:
            amount = Fraction(entry.amount)
        elif entry.start <= last:
            changes.append(Fraction(entry.amount))
    return min([amount, *changes])


def _income(line: BudgetLine, first: date, last: date) -> Fraction:
    return _counted(line, first, last, whole=True)


def _expense(line: BudgetLine, first: date, last: date) -> Fraction:
    return _counted(line, first, last, whole=False)


def _counted(line: BudgetLine, first: date, last: date, *, whole: bool) -> Fraction:
    """Return what *line* adds to the month first..last, both inclusive."""
    start, until = line.start or date.min, line.until or date.max
    if line.every == "once":
        return Fraction(line.amount) if first <= start <= last else Fraction(0)
    if line.every == "month" and line.due_day:
        paid = first.replace(day=min(line.due_day, last.day))
        in_force = start <= paid <= until
    elif whole:
        in_force = start <= first and last <= until
    else:
        in_force = start <= last and first <= until
    return _monthly(line.amount, line.every) if in_force else Fraction(0)


@lru_cache(maxsize=1024)
def _monthly(amount: Decimal, every: str) -> Fraction:
    """Give the monthly equivalent of one payment, exactly."""
    return Fraction(amount) * MONTHLY_SHARE[every]


def _floor(amount: Fraction, case: Case) -> Decimal:
    unit = minor_unit(case.currency)
    return int(amount // Fraction(unit)) * unit
