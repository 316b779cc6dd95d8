"""The oracle's calendar: due dates, year fractions, period factors (docs/engine.md, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

Segment = tuple[date | None, Fraction, str]
"""A rate from a date (None: from the start), as a fraction, per "year" or per "day"."""

DAY = timedelta(days=1)


def due_dates(
    first: date, n: int, unit: str = "months", every: int = 1, day: int | None = None
) -> tuple[date, ...]:
    """List n due dates from `first`; `day` is the seed day that month-ends return to.

    >>> due_dates(date(2024, 2, 29), 2, day=31)
    (datetime.date(2024, 2, 29), datetime.date(2024, 3, 31))
    """
    seed = day or first.day
    steps = [relativedelta(**{unit: every * k}) for k in range(n)]  # type: ignore[arg-type]
    if unit == "months":
        return tuple(first + step + relativedelta(day=seed) for step in steps)
    return tuple(first + step for step in steps)


def thirty_360(start: date, end: date, *, european: bool = False) -> Fraction:
    """Count days of thirty-day months over 360: ISDA 2006 4.16(f), or (g) if european."""
    d1 = min(start.day, 30)
    d2 = 30 if end.day == 31 and (european or d1 == 30) else end.day
    months = (end.year - start.year) * 12 + end.month - start.month
    return Fraction(months * 30 + d2 - d1, 360)


def actual_actual(start: date, end: date) -> Fraction:
    """Count actual days over 365 or 366, split at the year's end: ISDA 2006 4.16(b)."""
    total = Fraction(0)
    for year in range(start.year, end.year + 1):
        a, b = date(year, 1, 1), date(year + 1, 1, 1)
        days = (min(end, b) - max(start, a)).days
        total += Fraction(days, (b - a).days)
    return total


def year_fraction(day_count: str, start: date, end: date) -> Fraction:
    """Count the years from start (included) to end (excluded), both midnight."""
    if day_count == "actual/actual":
        return actual_actual(start, end)
    if day_count in {"30/360", "30E/360"}:
        return thirty_360(start, end, european=day_count == "30E/360")
    basis, divisor = day_count.split("/")
    assert basis == "actual"
    return Fraction((end - start).days, int(divisor))


def whole_months(start: date, end: date) -> int | None:
    """Count the months between two dates, or None if days are left over.

    Read forwards or backwards: 31 January to 29 February is a month, so is 29 February to
    31 March.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    step = relativedelta(months=months)
    return months if end == start + step or start == end - step else None


def moved_months(start: date, end: date) -> Fraction:
    """Count the months of a moved period: whole ones, then days over the days of their month."""
    delta = relativedelta(end, start)
    months = delta.years * 12 + delta.months
    begin = start + relativedelta(months=months)
    length = (begin + relativedelta(day=31)).day
    return months + Fraction((end - begin).days, length)


def years_of_thirty_360(
    start: date, end: date, *, unit: str, every: int, first: bool, moved: bool
) -> Fraction:
    """Give the year fraction of a period under 30/360 (section 3)."""
    if moved:
        return moved_months(start, end) / 12
    if unit in {"days", "weeks"}:
        return Fraction((end - start).days, 360)
    if unit == "months" and not first:
        return Fraction(every, 12)
    months = whole_months(start, end)
    return thirty_360(start, end) if months is None else Fraction(months, 12)


def pieces(
    rates: Sequence[Segment], start: date, end: date
) -> list[tuple[date, date, Fraction, str]]:
    """Cut a period at the rates' dates; a rate from D works from the midnight before D."""
    starts = [start if d is None else min(max(d - DAY, start), end) for d, _, _ in rates]
    bounds = zip(starts, [*starts[1:], end], rates, strict=True)
    return [(a, b, rate, per) for a, b, (_, rate, per) in bounds if a < b]


def period_factor(
    rates: Sequence[Segment],
    start: date,
    end: date,
    *,
    day_count: str,
    unit: str,
    every: int,
    first: bool,
    moved: bool,
) -> Fraction:
    """Sum rate times year fraction over the pieces of a period (section 3)."""
    days = (end - start).days
    whole = Fraction(0)
    if day_count == "30/360" and days:
        whole = years_of_thirty_360(start, end, unit=unit, every=every, first=first, moved=moved)
    total = Fraction(0)
    for a, b, rate, per in pieces(rates, start, end):
        if per == "day":
            years = Fraction((b - a).days)
        elif day_count == "30/360":
            years = whole * Fraction((b - a).days, days)
        else:
            years = year_fraction(day_count, a, b)
        total += rate * years
    return total


def rate_at(rates: Sequence[Segment], day: date) -> Segment:
    """Find the rate in force in the period that begins on `day`."""
    return [s for s in rates if s[0] is None or s[0] - DAY <= day][-1]


def periods_per_year(unit: str, every: int) -> Fraction:
    """Give the periods of a year: 12 months, 52 weeks or 365 days over `every`."""
    return Fraction({"months": 12, "weeks": 52, "days": 365}[unit], every)


def nominal_factor(segment: Segment, *, unit: str, every: int) -> Fraction:
    """Give rate / periods per year (section 4.2, basis = nominal)."""
    _, rate, per = segment
    return (rate * 365 if per == "day" else rate) / periods_per_year(unit, every)
