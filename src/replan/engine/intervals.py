"""Time between two dates as consumer-credit law counts it: years (EU, UK) and unit-periods (US)."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Literal

Unit = Literal["auto", "month", "week", "year"]
Kind = Literal["day", "week", "semimonth", "month", "year", "term"]


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """A unit-period of Regulation Z: `count` days, weeks or months, and how many make a year.

    Kind `term` is a single payment within a year: the whole term is one unit-period.
    """

    kind: Kind
    count: int
    per_year: Fraction


def add_months(day: date, months: int, *, seed: int | None = None) -> date:
    """Move a date by whole months, to day `seed` (default: its own) or the month's last day."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - only rates need it

    return day + relativedelta(months=months, day=seed or day.day)


def months_and_days(early: date, late: date, *, seed: int | None = None) -> tuple[int, int]:
    """Count whole months back from the later date, then the days left over at the beginning.

    31 January to 28 February is one month: a month-end stands for the missing day. `seed` is
    the day of the month of a series that `late` belongs to.
    """
    months = (late.year - early.year) * 12 + late.month - early.month
    if add_months(early, months) == late:
        return months, 0
    start = add_months(late, -months, seed=seed)
    if start < early:
        months -= 1
        start = add_months(late, -months, seed=seed)
    return months, (start - early).days


def seed_day(dates: Sequence[date]) -> int | None:
    """Give the day of the month that a monthly series keeps, or None if it keeps none.

    30 Jan, 28 Feb, 30 Mar keeps the 30th: where a month is too short its last day stands in.
    """
    seed = max((day.day for day in dates), default=None)
    if seed is None:
        return None
    kept = all(day.day == min(seed, monthrange(day.year, day.month)[1]) for day in dates)
    return seed if kept else None


def eu_years(dates: Sequence[date], *, unit: Unit = "auto") -> list[Fraction]:
    """Give the years from the first date to each, after Annex I of 2008/48/EC and 2014/17/EU.

    A year has 12 equal months or 52 weeks. What is no whole number of periods is counted in
    periods back from the later date, then in days over the 365 or 366 days of the year that
    ends with the last of those days (remark (c) as worded by 2011/90/EU). `auto` counts weeks
    where the payments lie whole weeks, and not whole months, apart.
    """
    start = min(dates)
    seed = seed_day([day for day in dates if day != start])
    chosen = _eu_unit(dates) if unit == "auto" else unit
    return [_eu_interval(start, day, chosen, seed) for day in dates]


def _eu_unit(dates: Sequence[date]) -> Unit:
    """Prefer months; weeks only where every payment interval is a whole number of weeks."""
    days = sorted(set(dates))
    gaps = _pairs(days)
    later = gaps[1:] or gaps
    if all(_whole_months(a, b) for a, b in later):
        return "month"
    return "week" if all((b - a).days % 7 == 0 for a, b in later) else "month"


def _eu_interval(start: date, day: date, unit: Unit, seed: int | None) -> Fraction:
    if unit == "week":
        weeks, days = divmod((day - start).days, 7)
        return Fraction(weeks, 52) + _stub(start, days)
    months, days = months_and_days(start, day, seed=seed)
    if unit == "year" and days:
        years = months // 12
        days = (add_months(day, -12 * years) - start).days
        return years + _stub(start, days)
    return Fraction(months, 12) + _stub(start, days)


def _stub(start: date, days: int) -> Fraction:
    last = start + timedelta(days=days)
    return Fraction(days, (last - add_months(last, -12)).days)


def unit_period(dates: Sequence[date], advances: Sequence[bool]) -> UnitPeriod:
    """Find the unit-period of a transaction (Regulation Z, Appendix J (b)(4)).

    `dates` are in time order, `advances` says which flows the borrower receives. It is the
    period that occurs most often, the smaller of two equally frequent ones; without one that
    occurs twice, the average period to the nearest standard interval; never over a year.
    """
    lent = sorted({day for day, advance in zip(dates, advances, strict=True) if advance})
    paid = sorted({day for day, advance in zip(dates, advances, strict=True) if not advance})
    if len(lent) == 1 and len(paid) == 1:
        return _single_payment(lent[0], paid[0])
    if _is_semimonthly(paid):
        return UnitPeriod("semimonth", 1, Fraction(24))
    pairs = [*_pairs(lent), *_pairs([min(dates), *(d for d in paid if d > min(dates))])]
    names = Counter(name for pair in pairs for name in _names(*pair))
    common = [name for name, times in names.items() if times > 1]
    if common:
        kind, count = min(common, key=lambda name: (-names[name], _length(*name)))
        return _named(kind, count)
    return _average([(b - a).days for a, b in pairs])


def unit_periods_between(
    early: date, late: date, unit: UnitPeriod, *, seed: int | None = None
) -> tuple[int, Fraction]:
    """Count full unit-periods and the remaining fraction (Appendix J (b)(5))."""
    if early == late:
        return 0, Fraction(0)
    if unit.kind == "term":
        return 1, Fraction(0)
    if unit.kind in {"day", "week"}:
        length = unit.count * (7 if unit.kind == "week" else 1)
        full, days = divmod((late - early).days, length)
        return full, Fraction(days, length)
    months, days = months_and_days(early, late, seed=seed)
    if unit.kind == "year":
        return _years(early, late, months, days)
    length = 15 if unit.kind == "semimonth" else 30 * unit.count
    if unit.kind == "month" and unit.count == 1:
        # A stub of 30 days (from the 1st to the 31st) is a whole fraction, not a month.
        return months, Fraction(days, 30)
    full, rest = divmod(30 * months + days, length)
    return full, Fraction(rest, length)


def _years(early: date, late: date, months: int, days: int) -> tuple[int, Fraction]:
    years, left = divmod(months, 12)
    if days == 0:
        return years, Fraction(left, 12)
    return years, Fraction((add_months(late, -12 * years) - early).days, 365)


def _single_payment(lent: date, paid: date) -> UnitPeriod:
    """One advance, one payment: the term is the unit-period, or a year if it is longer."""
    months, days = months_and_days(min(lent, paid), max(lent, paid))
    if months >= 12:
        return UnitPeriod("year", 1, Fraction(1))
    if days == 0:
        return UnitPeriod("term", months, Fraction(12, months))
    term = abs((paid - lent).days)
    return UnitPeriod("term", term, Fraction(365, term))


def _pairs(dates: Sequence[date]) -> list[tuple[date, date]]:
    return list(pairwise(dates))


def _whole_months(early: date, late: date) -> int:
    """Give the whole months between two dates of one series, 0 if there is a rest."""
    months, days = months_and_days(early, late)
    return 0 if days else months


def _is_semimonthly(paid: Sequence[date]) -> bool:
    """Say whether payments come twice a month: every second one a month later, none by weeks."""
    if len(paid) < 3 or all((b - a).days == 14 for a, b in _pairs(paid)):
        return False
    twice = list(zip(paid, paid[2:], strict=False))
    month_apart = sum(_whole_months(a, b) == 1 for a, b in twice)
    return 2 * month_apart > len(twice) and all(
        13 <= (b - a).days <= 18 for a, b in _pairs(paid) if (b - a).days < 20
    )


def _names(early: date, late: date) -> list[tuple[Kind, int]]:
    """Name a period in whole months and in whole weeks, or in days if it is neither."""
    days, months = (late - early).days, _whole_months(early, late)
    names: list[tuple[Kind, int]] = []
    if months:
        names.append(("month", months))
    if days % 7 == 0:
        names.append(("week", days // 7))
    return names or [("day", days)]


def _length(kind: Kind, count: int) -> Fraction:
    lengths = {"day": Fraction(1), "week": Fraction(7), "month": Fraction(365, 12)}
    return count * lengths[kind]


def _named(kind: Kind, count: int) -> UnitPeriod:
    if kind == "month" and count < 12:
        return UnitPeriod("month", count, Fraction(12, count))
    if kind == "week" and count < 52:
        return UnitPeriod("week", count, Fraction(52, count))
    if kind == "day" and count < 365:
        return UnitPeriod("day", 1, Fraction(365))
    return UnitPeriod("year", 1, Fraction(1))


def _average(gaps: Sequence[int]) -> UnitPeriod:
    """Round the average period to the nearest standard interval, the lower of two equal ones."""
    mean = Fraction(sum(gaps), len(gaps))
    standard = [UnitPeriod("day", 1, Fraction(365)), UnitPeriod("semimonth", 1, Fraction(24))]
    standard += [UnitPeriod("week", weeks, Fraction(52, weeks)) for weeks in range(1, 52)]
    standard += [UnitPeriod("month", months, Fraction(12, months)) for months in range(1, 12)]
    standard += [UnitPeriod("year", 1, Fraction(1))]
    return min(standard, key=lambda unit: (abs(365 / unit.per_year - mean), -unit.per_year))
