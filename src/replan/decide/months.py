"""A plan month by month: what is paid, what is left for it, what is missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from replan.engine.metrics import typical_payment
from replan.model.months import Month, month_name, month_of, months_between, months_from

from .evaluate import major
from .figures import Household


def typical_month(household: Household) -> int:
    """Give the sum in the middle when the months are sorted by size, in minor units.

    What is paid on the as-of date is left out, unless nothing is paid after it.
    """
    months: dict[Month, int] = defaultdict(int)
    for found, _ in household.debts:
        for row in found.rows[1:]:
            months[row.due.year, row.due.month] += row.payment
    return typical_payment(list(months.values())) or max(household.by_month.values(), default=0)


def months_of(household: Household, debt: str | None = None) -> list[dict[str, Any]]:
    """List every calendar month from the as-of month to the last row, in JSON form.

    `balance` is what all debts come to after the month's last row; `surplus` and `short` are None
    without a budget. With *debt* it is that debt's payments and balance, and `surplus` is what the
    payments on the others leave for it; `short` stays what is missing for all of them.
    """
    own = replace(household, debts=[p for p in household.debts if debt in (None, p[0].debt.id)])
    paid = own.by_month
    exponent = household.debts[0][0].terms.exponent if household.debts else 2
    assessed = not household.reasons and bool(household.path)
    short = household.shortfalls if assessed else {}
    balances = _balances(own)
    return [
        {
            "month": month_name(month),
            "payment": major(paid.get(month, 0), exponent),
            "surplus": major(_left_for(own, household, month), exponent) if assessed else None,
            "short": major(short.get(month, 0), exponent) if assessed else None,
            "balance": major(balances[month], exponent),
        }
        for month in sorted(balances)
    ]


def _left_for(own: Household, household: Household, month: Month) -> int:
    """Give the surplus of a month less what is paid on debts that are not among *own*."""
    others = household.by_month.get(month, 0) - own.by_month.get(month, 0)
    return surplus_in(household, month) - others


def _balances(household: Household) -> dict[Month, int]:
    """Add up what the debts come to at the end of every month; a debt keeps its last balance."""
    days = [row.due for found, _ in household.debts for row in found.rows]
    first = month_of(household.case.as_of)
    last = month_of(max(days, default=household.case.as_of))
    sums = dict.fromkeys(months_from(first, months_between(first, last) + 1), 0)
    for found, _ in household.debts:
        closing = {(row.due.year, row.due.month): row.balance for row in found.rows}
        balance = 0
        for month in sums:
            balance = closing.get(month, balance)
            sums[month] += balance
    return sums


def surplus_in(household: Household, month: Month) -> int:
    """Give the certain surplus of a month in minor units; negative if expenses are not covered."""
    return household.path.get(month, (0, 0, 0))[0]
