"""A plan month by month: what is paid, what is left for it, what is missing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from replan.engine.metrics import typical_payment

from .evaluate import major
from .figures import Household

Month = tuple[int, int]


def typical_month(household: Household) -> int:
    """Give the sum in the middle when the months are sorted by size, in minor units.

    What is paid on the as-of date is left out, unless nothing is paid after it.
    """
    months: dict[Month, int] = defaultdict(int)
    for found, _ in household.debts:
        for row in found.rows[1:]:
            months[row.due.year, row.due.month] += row.payment
    return typical_payment(list(months.values())) or max(household.by_month.values(), default=0)


def months_of(household: Household) -> list[dict[str, Any]]:
    """List every calendar month from the as-of month to the last row, in JSON form.

    `balance` is what all debts come to after the month's last row; `surplus` and `short` are None
    without a budget.
    """
    exponent = household.debts[0][0].terms.exponent if household.debts else 2
    assessed = not household.reasons and bool(household.path)
    short = household.shortfalls if assessed else {}
    balances = _balances(household)
    return [
        {
            "month": month_name(month),
            "payment": major(household.by_month.get(month, 0), exponent),
            "surplus": major(surplus_in(household, month), exponent) if assessed else None,
            "short": major(short.get(month, 0), exponent) if assessed else None,
            "balance": major(balances[month], exponent),
        }
        for month in sorted(balances)
    ]


def _balances(household: Household) -> dict[Month, int]:
    """Add up what the debts come to at the end of every month; a debt keeps its last balance."""
    days = [row.due for found, _ in household.debts for row in found.rows]
    sums = dict.fromkeys(_months(household.case.as_of, max(days, default=household.case.as_of)), 0)
    for found, _ in household.debts:
        closing = {(row.due.year, row.due.month): row.balance for row in found.rows}
        balance = 0
        for month in sums:
            balance = closing.get(month, balance)
            sums[month] += balance
    return sums


def _months(first: date, last: date) -> list[Month]:
    """List the calendar months from *first* to *last*, both inclusive."""
    start, end = (day.year * 12 + day.month - 1 for day in (first, last))
    return [(index // 12, index % 12 + 1) for index in range(start, end + 1)]


def surplus_in(household: Household, month: Month) -> int:
    """Give the certain surplus of a month in minor units; negative if expenses are not covered."""
    return household.path.get(month, (0, 0, 0))[0]


def month_name(month: Month) -> str:
    """Print a month: 2027-03."""
    return f"{month[0]}-{month[1]:02d}"
