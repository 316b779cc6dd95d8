"""A plan month by month: what is paid, what is left for it, what is missing."""

from __future__ import annotations

from collections import defaultdict
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
    """List the calendar months with payments, in JSON form; no surplus without a budget."""
    exponent = household.debts[0][0].terms.exponent if household.debts else 2
    assessed = not household.reasons and bool(household.path)
    short = household.shortfalls if assessed else {}
    return [
        {
            "month": month_name(month),
            "payment": major(paid, exponent),
            "surplus": major(surplus_in(household, month), exponent) if assessed else None,
            "short": major(short.get(month, 0), exponent) if assessed else None,
        }
        for month, paid in household.by_month.items()
    ]


def surplus_in(household: Household, month: Month) -> int:
    """Give the certain surplus of a month in minor units; negative if expenses are not covered."""
    return household.path.get(month, (0, 0, 0))[0]


def month_name(month: Month) -> str:
    """Print a month: 2027-03."""
    return f"{month[0]}-{month[1]:02d}"
