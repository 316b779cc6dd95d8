"""Cash by date: what must be in hand so that every payment is covered on its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from operator import itemgetter

from replan.model.budget import Budget, BudgetLine, monthly_equivalent
from replan.model.case import Case
from replan.model.months import month_after, month_of, months_from, span_of

from .figures import Household

DAYS = {"week": 7, "fortnight": 14, "4-weeks": 28}
"""The days between two payments of a line that is not counted in months."""


@dataclass(frozen=True, slots=True)
class Cash:
    """What must be in hand when a month begins, in minor units, though the month adds up.

    `needed` is the most that any month needs; `lowest` the day for which it is needed;
    `without_debts` the same if no debt were paid.
    """

    needed: int
    lowest: date
    without_debts: int


def pay_days(case: Case) -> tuple[int, ...]:
    """List the days of the month on which certain income is known to come."""
    lines = case.budget.income if case.budget else ()
    days = {line.due_day for line in lines if line.status == "certain" and line.due_day}
    return tuple(sorted(days))


def cash_needed(case: Case, household: Household, *, months: int = 12) -> Cash | None:
    """Follow each month day by day from the one after the as-of date; None without a pay-day.

    Every month begins with nothing, as nothing is carried over. What is missing at the month's end
    is the surplus path's matter and is not counted again here: only what comes too late. Certain
    income counts on its day, at the end of the month where the day is not known; a weekly line
    every 7 days from its first day, else from a week after the as-of date. Expenses without a day
    are spent evenly over the month. Savings and buffer are not spent.
    """
    if case.budget is None or not pay_days(case):
        return None
    flows = _budget_flows(case, case.budget, months)
    alone, _ = _most_needed(case.as_of, flows, months)
    for found, _figures in household.debts:
        for row in found.rows:
            flows[row.due] -= row.payment
    needed, lowest = _most_needed(case.as_of, flows, months)
    return Cash(needed, lowest, alone)


def _most_needed(as_of: date, flows: Mapping[date, Fraction], months: int) -> tuple[int, date]:
    """Give the most that a month needs at its beginning, and the day on which it is lowest."""
    found = (0, as_of)
    for first, last in _months_after(as_of, months):
        running = lowest = Fraction(0)
        day = first
        for when in sorted(d for d in flows if first <= d <= last):
            running += flows[when]
            if running < lowest:
                lowest, day = running, when
        found = max(found, (ceil(min(running, Fraction(0)) - lowest), day), key=itemgetter(0))
    return found


def _budget_flows(case: Case, budget: Budget, months: int) -> dict[date, Fraction]:
    """Date what comes in for certain and what is spent, in minor units."""
    scale = 10 ** _exponent(case)
    flows: dict[date, Fraction] = defaultdict(Fraction)
    for first, last in _months_after(case.as_of, months):
        for line in budget.income:
            if line.status == "certain":
                for day, amount in _dated(line, case.as_of, first, last):
                    flows[day] += amount * scale
        for line in budget.expenses:
            for day, amount in _spent(line, first, last):
                flows[day] -= amount * scale
    return flows


def _exponent(case: Case) -> int:
    from .opening import exponent_of  # noqa: PLC0415 - opening imports the figures

    return exponent_of(case.currency)


def _months_after(day: date, count: int) -> list[tuple[date, date]]:
    """Give the first and last day of so many calendar months, from the one after a day on."""
    return [span_of(month) for month in months_from(month_after(month_of(day), 1), count)]


def _dated(
    line: BudgetLine, as_of: date, first: date, last: date
) -> Iterator[tuple[date, Fraction]]:
    """Date a line's receipts within a month."""
    if line.every in DAYS:
        step = timedelta(days=DAYS[line.every])
        day = line.start or as_of + step
        day += step * max(-((first - day) // -step), 0) if day < first else timedelta(0)
        while day <= min(last, line.until or last):
            if day >= first:
                yield day, Fraction(line.amount)
            day += step
        return
    amount = _counted(line, first, income=True)
    if amount:
        yield _day_in(line, last), amount


def _spent(line: BudgetLine, first: date, last: date) -> Iterator[tuple[date, Fraction]]:
    """Date what a line costs within a month: on its day, else evenly over the days."""
    amount = _counted(line, first, income=False)
    if not amount:
        return
    if line.due_day or line.every == "once":
        yield _day_in(line, last), amount
        return
    days = (last - first).days + 1
    yield from ((first + timedelta(days=n), amount / days) for n in range(days))


def _day_in(line: BudgetLine, last: date) -> date:
    """Give the day on which a line falls in the month that ends on a day."""
    if line.every == "once" and line.start:
        return line.start
    return last.replace(day=min(line.due_day or 31, last.day))


def _counted(line: BudgetLine, first: date, *, income: bool) -> Fraction:
    if line.every == "once":
        start = line.start
        inside = start is not None and (start.year, start.month) == (first.year, first.month)
        return Fraction(line.amount) if inside else Fraction(0)
    return monthly_equivalent(line, first, income=income) or Fraction(0)
