"""Calendar months, by which a surplus and payments are counted."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

Month = tuple[int, int]
"""Year and month, January is 1."""


def month_of(day: date) -> Month:
    """Give the month of a day."""
    return day.year, day.month


def month_after(month: Month, count: int) -> Month:
    """Give the month so many months after; before, if negative.

    >>> month_after((2026, 11), 2)
    (2027, 1)
    """
    year, index = divmod(month[0] * 12 + month[1] - 1 + count, 12)
    return year, index + 1


def months_from(first: Month, count: int) -> list[Month]:
    """List so many months from *first* on."""
    return [month_after(first, index) for index in range(count)]


def months_between(first: Month, last: Month) -> int:
    """Count the months from one to another: 0 for the same, negative if *last* is before."""
    return (last[0] - first[0]) * 12 + last[1] - first[1]


def span_of(month: Month) -> tuple[date, date]:
    """Give the first and the last day of a month."""
    return date(*month, 1), date(*month, monthrange(*month)[1])


def month_name(month: Month) -> str:
    """Print a month: 2027-03."""
    return f"{month[0]}-{month[1]:02d}"
