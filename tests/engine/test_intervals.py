"""Time as credit law counts it: equal months and odd days (EU), unit-periods (US)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from replan.engine.intervals import (
    add_months,
    eu_years,
    months_and_days,
    seed_day,
    unit_period,
    unit_periods_between,
)


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("early", "late", "seed", "expected"),
    [
        ("2026-01-10", "2026-02-10", None, (1, 0)),
        ("2026-01-31", "2026-02-28", None, (1, 0)),
        ("2026-02-28", "2026-03-31", None, (1, 0)),
        ("2026-01-10", "2026-01-31", None, (0, 21)),
        ("2026-01-10", "2026-02-28", 31, (1, 21)),  # a series of month-ends: back to 31 January
        ("2026-01-10", "2026-02-28", None, (1, 18)),  # a date of its own: back to 28 January
        ("1978-02-10", "1978-04-01", None, (1, 19)),
        ("2025-11-30", "2026-03-01", None, (3, 1)),  # 1 December stands 3 months back
    ],
)
def test_months_and_days(
    early: str, late: str, seed: int | None, expected: tuple[int, int]
) -> None:
    """Months are counted back from the later date, the days left over lie at the beginning."""
    assert expected == months_and_days(day(early), day(late), seed=seed)


def test_seed_day() -> None:
    """A series keeps its day where the month has it; else the month-end stands in."""
    assert seed_day([day("2026-01-30"), day("2026-02-28"), day("2026-03-30")]) == 30
    assert seed_day([day("2026-01-30"), day("2026-02-27")]) is None
    assert seed_day([]) is None


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ("2026-12-12", Fraction(11, 12)),  # whole months
        ("2027-01-12", Fraction(1)),
        ("2026-01-26", Fraction(2, 52)),  # whole weeks
        ("2026-01-22", Fraction(10, 365)),
        ("2026-03-15", Fraction(2, 12) + Fraction(3, 365)),  # 12 to 15 January, then two months
    ],
)
def test_eu_intervals(late: str, expected: Fraction) -> None:
    """Annex I remark (c): whole months or weeks first, else months and days over the year."""
    assert [0, expected] == eu_years([day("2026-01-12"), day(late)])


@pytest.mark.parametrize(
    ("start", "late", "divisor"),
    [
        ("2024-02-25", "2024-03-06", 366),  # the year that ends on 6 March 2024 holds 29 February
        ("2025-02-25", "2025-03-07", 365),
        ("2024-02-15", "2024-02-25", 365),  # it ends before the leap day
    ],
)
def test_eu_leap_year(start: str, late: str, divisor: int) -> None:
    """Ten odd days count over the days of the year that ends with the last of them."""
    assert [0, Fraction(10, divisor)] == eu_years([day(start), day(late)])


def test_eu_weeks() -> None:
    """Weekly payments after an odd start are weeks and days, not months and days."""
    dates = [day("2026-01-01"), day("2026-01-11"), day("2026-01-18"), day("2026-01-25")]
    expected = [0, *(Fraction(weeks, 52) + Fraction(3, 365) for weeks in (1, 2, 3))]

    assert expected == eu_years(dates)


def test_eu_forced_unit() -> None:
    """28 days are 4 weeks, or no month and 28 days; a year and 69 days if asked."""
    month = [day("2026-03-02"), day("2026-03-30")]
    year = [day("2025-01-01"), day("2026-03-11")]

    assert [0, Fraction(4, 52)] == eu_years(month)
    assert [0, Fraction(28, 365)] == eu_years(month, unit="month")
    assert [0, 1 + Fraction(69, 365)] == eu_years(year, unit="year")


def payments(first: str, count: int, *, days: int = 0, months: int = 0) -> list[date]:
    """Give payment dates, so many days or months apart."""
    start = day(first)
    if days:
        return [start + timedelta(days=days * k) for k in range(count)]
    return [add_months(start, months * k) for k in range(count)]


@pytest.mark.parametrize(
    ("dates", "kind", "count", "per_year"),
    [
        (payments("2026-02-01", 12, months=1), "month", 1, 12),
        (payments("2026-01-31", 12, months=1), "month", 1, 12),
        (payments("2026-02-01", 8, months=3), "month", 3, 4),
        (payments("2026-02-01", 5, months=12), "year", 1, 1),
        (payments("2026-02-01", 5, months=24), "year", 1, 1),
        (payments("2026-02-01", 20, days=7), "week", 1, 52),
        (payments("2026-02-01", 20, days=14), "week", 2, 26),
        (payments("2026-02-01", 20, days=28), "week", 4, 13),
        (payments("2026-02-01", 20, days=10), "day", 1, 365),
    ],
)
def test_unit_period(dates: list[date], kind: str, count: int, per_year: int) -> None:
    """The period that occurs most often, from a day to a year."""
    unit = unit_period([day("2026-01-05"), *dates], [True, *[False] * len(dates)])

    assert (kind, count) == (unit.kind, unit.count)
    assert per_year == unit.per_year


def test_semimonthly() -> None:
    """The 15th and the last day of the month are semimonthly payments."""
    dates = ["2026-01-15", "2026-01-31", "2026-02-15", "2026-02-28", "2026-03-15", "2026-03-31"]
    unit = unit_period([day("2026-01-05"), *map(day, dates)], [True, *[False] * 6])

    assert unit.kind == "semimonth"


def test_equally_frequent_periods() -> None:
    """Of two periods that occur equally often the smaller one is the unit-period."""
    dates = ["2026-02-05", "2026-04-05", "2026-05-05", "2026-07-05"]
    unit = unit_period([day("2026-01-05"), *map(day, dates)], [True, *[False] * 4])

    assert (unit.kind, unit.count) == ("month", 1)


def test_no_common_period() -> None:
    """Without a common period the average is rounded to the nearest standard interval."""
    dates = ["2026-02-20", "2026-04-01"]
    unit = unit_period([day("2026-01-05"), *map(day, dates)], [True, False, False])

    assert (unit.kind, unit.count) == ("week", 6)


@pytest.mark.parametrize(
    ("late", "kind", "per_year", "expected"),
    [
        ("1978-09-15", "term", Fraction(365, 255), (1, Fraction(0))),  # counted in days
        ("1978-07-03", "term", Fraction(2), (1, Fraction(0))),  # six months
        ("1980-01-03", "year", Fraction(1), (2, Fraction(0))),
        ("1979-07-03", "year", Fraction(1), (1, Fraction(6, 12))),  # a year and six months
        ("1979-01-13", "year", Fraction(1), (1, Fraction(10, 365))),  # a year and ten days
    ],
)
def test_single_payment(
    late: str, kind: str, per_year: Fraction, expected: tuple[int, Fraction]
) -> None:
    """One advance, one payment: the term is the unit-period, but never more than a year."""
    start = day("1978-01-03")
    unit = unit_period([start, day(late)], [True, False])

    assert (kind, per_year) == (unit.kind, unit.per_year)
    assert expected == unit_periods_between(start, day(late), unit)
