"""The conventions against definitions written out day by day."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta
from fractions import Fraction

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from replan.engine.day_counts import year_fraction
from replan.errors import UsageError

STARTS = st.dates(date(1995, 1, 1), date(2030, 12, 31))
SPANS = st.integers(0, 1500)
ONE_DAY = timedelta(days=1)


def days_between(start: date, end: date) -> list[date]:
    """List the days from the start on, the end excluded."""
    return [start + timedelta(days=k) for k in range((end - start).days)]


def is_leap_day(day: date) -> bool:
    """Say whether it is a 29 February."""
    return (day.month, day.day) == (2, 29)


@settings(max_examples=60)
@given(STARTS, SPANS)
def test_actual_isda_gives_each_day_its_year(start: date, span: int) -> None:
    """Each day counts 1/366 in a leap year and 1/365 in another."""
    end = start + timedelta(days=span)
    expected = sum(Fraction(1, 366 if isleap(d.year) else 365) for d in days_between(start, end))

    assert expected == year_fraction(start, end, "actual/actual")


@settings(max_examples=60)
@given(STARTS, SPANS)
def test_leap_day_conventions(start: date, span: int) -> None:
    """NL leaves out each 29 February after the start; actual/365 actual sees if there is one."""
    end = start + timedelta(days=span)
    after_start = days_between(start + ONE_DAY, end + ONE_DAY)
    leaps = sum(is_leap_day(day) for day in after_start)

    assert Fraction(span - leaps, 365) == year_fraction(start, end, "NL/365")
    assert Fraction(span - leaps, 360) == year_fraction(start, end, "NL/360")
    assert Fraction(span, 366 if leaps else 365) == year_fraction(start, end, "actual/365 actual")


@settings(max_examples=60)
@given(STARTS, SPANS)
def test_actual_afb_counts_years_back(start: date, span: int) -> None:
    """Whole years come off the end while they fit; the rest is over 366 if it holds a leap day."""
    end = start + timedelta(days=span)
    years = max(k for k in range(6) if end - relativedelta(years=k) >= start)
    rest = days_between(start, end - relativedelta(years=years))
    length = 366 if any(map(is_leap_day, rest)) else 365

    assert years + Fraction(len(rest), length) == year_fraction(start, end, "actual/actual AFB")


def clip(day: date, day_count: str, *, start: date | None = None) -> int:
    """Give the day of the month that a 30-day convention uses."""
    last = monthrange(day.year, day.month)[1]
    is_february_end = day.month == 2 and day.day == last
    if day_count == "30E/360 ISDA" and is_february_end:
        return 30
    if day_count == "30U/360" and is_february_end and (start is None or february_ends(start)):
        return 30
    if start is None or day_count.startswith("30E"):
        return min(day.day, 30)
    return min(day.day, 30) if clip(start, day_count) == 30 else day.day


def february_ends(day: date) -> bool:
    """Say whether it is the last day of February."""
    return day.month == 2 and (day + ONE_DAY).day == 1


@pytest.mark.parametrize("day_count", ["30/360", "30U/360", "30E/360", "30E/360 ISDA"])
@settings(max_examples=60)
@given(start=STARTS, span=SPANS)
def test_thirty_day_months(day_count: str, start: date, span: int) -> None:
    """A 30-day convention is its rule for the days of the month, over 360."""
    end = start + timedelta(days=span)
    months = 12 * (end.year - start.year) + end.month - start.month
    days = 30 * months + clip(end, day_count, start=start) - clip(start, day_count)

    assert Fraction(days, 360) == year_fraction(start, end, day_count)


def test_maturity_at_the_end_of_february() -> None:
    """30E/360 ISDA takes 28 February for the 30th unless the contract ends then."""
    dates = ("2026-01-31", "2026-02-28", "30E/360 ISDA")

    assert Fraction(30, 360) == year_fraction(*dates)
    assert Fraction(30, 360) == year_fraction(*dates, maturity="2027-02-28")
    assert Fraction(28, 360) == year_fraction(*dates, maturity="2026-02-28")


@pytest.mark.parametrize(
    ("day_count", "expected"),
    [
        ("actual/actual ISDA", Fraction(32, 365) + Fraction(120, 366)),
        ("actual/actual AFB", Fraction(152, 366)),
        ("actual/actual ICMA", Fraction(91, 4 * 91) + Fraction(61, 4 * 92)),
    ],
)
def test_long_last_period_at_month_ends(day_count: str, expected: Fraction) -> None:
    """A long last quarter from 30 November 1999 to 30 April 2000 (ISDA memorandum, 1998)."""
    got = year_fraction(
        "1999-11-30", "2000-04-30", day_count, reference=("1999-11-30", "2000-02-29")
    )

    assert expected == got


@given(STARTS, st.integers(1, 12), st.integers(0, 24))
def test_regular_periods_are_whole_under_icma(start: date, every: int, number: int) -> None:
    """So many regular periods are so many parts of a year, however many days they have."""
    end = start + relativedelta(months=every * number)

    got = year_fraction(start, end, "actual/actual ICMA", frequency=f"{every}-months")

    assert Fraction(every * number, 12) == got


def test_icma_by_weeks_divides_by_52_weeks() -> None:
    """Weekly periods are 1/52 each."""
    assert Fraction(3, 52) == year_fraction(
        "2026-01-01", "2026-01-22", "actual/actual ICMA", frequency="week"
    )


def test_reference_moved_by_business_days_keeps_its_length() -> None:
    """A half-year whose ends were moved is still one half, and periods before it are regular."""
    reference = ("2026-05-04", "2026-11-02")

    half = year_fraction(*reference, "actual/actual ICMA", reference=reference)
    before = year_fraction("2025-11-04", "2026-11-02", "actual/actual ICMA", reference=reference)

    assert (Fraction(1, 2), Fraction(1)) == (half, before)


def test_stub_is_no_reference() -> None:
    """A stub given as the regular period is refused rather than charged in full."""
    stub = ("2026-01-01", "2026-02-15")

    with pytest.raises(UsageError, match="not one regular period of 6 months"):
        year_fraction(*stub, "actual/actual ICMA", frequency="half-year", reference=stub)


def test_afb_years_back_from_28_february() -> None:
    """The two readings of the French rule differ by the leap day (2004-02-28 to 2008-02-28)."""
    dates = ("2004-02-28", "2008-02-28")

    assert 4 == year_fraction(*dates, "actual/actual AFB")
    assert 4 + Fraction(1, 365) == year_fraction(*dates, "actual/actual AFB ISDA")


@pytest.mark.parametrize(
    ("frequency", "due", "year"),
    [(None, "2024-03-01", 366), ("year", "2024-02-28", 365), ("year", "2024-02-29", 366)],
)
def test_actual_365l_looks_at_the_due_date(frequency: str | None, due: str, year: int) -> None:
    """The year has 366 days if the due date is in a leap year; yearly, if a leap day comes by."""
    got = year_fraction(
        "2023-09-01",
        "2023-10-01",
        "actual/365L",
        frequency=frequency,
        reference=("2023-09-01", due),
    )

    assert Fraction(30, year) == got


def test_canadian_bond_counts_the_missing_days() -> None:
    """Beyond 182 days of a half-year the rest is missing from one half."""
    half = ("2026-01-01", "2026-07-01")

    short = year_fraction("2026-01-01", "2026-04-01", "actual/365 Canadian", reference=half)
    whole = year_fraction(*half, "actual/365 Canadian", reference=half)

    assert (Fraction(90, 365), Fraction(181, 365)) == (short, whole)


@pytest.mark.parametrize("end", ["2026-01-10", "2028-01-10"])
def test_canadian_bond_refuses_odd_periods(end: str) -> None:
    """A regular period of some days, or of two years, is refused."""
    with pytest.raises(UsageError, match="one month to one year"):
        year_fraction("2026-01-01", end, "actual/365 Canadian", reference=("2026-01-01", end))


def test_icma_refuses_a_reference_of_days() -> None:
    """A reference of some days says nothing about the year."""
    with pytest.raises(UsageError, match="give frequency="):
        year_fraction(
            "2026-01-01", "2026-01-05", "actual/actual ICMA", reference=("2026-01-01", "2026-01-08")
        )


@pytest.mark.parametrize(
    ("start", "end", "day_count", "expected"),
    [
        ("2016-01-10", "2016-01-20", "actual/actual year", Fraction(10, 366)),
        ("2012-02-29", "2016-02-28", "actual/actual year", Fraction(4)),
        ("2026-01-15", "2026-02-27", "30/360 Italian", Fraction(42, 360)),
        ("2026-01-15", "2026-02-28", "30/360 Italian", Fraction(45, 360)),
        ("2026-01-15", "2026-03-31", "30E+/360", Fraction(76, 360)),
        ("2026-02-28", "2026-03-31", "30U/360 non-EOM", Fraction(33, 360)),
        ("2026-01-01", "2026-01-02", "actual/360 inclusive", Fraction(2, 360)),
        ("2026-01-01", "2026-01-02", "actual/366", Fraction(1, 366)),
        ("2026-01-01", "2026-01-02", "1/1", Fraction(1)),
    ],
)
def test_rarer_conventions(start: str, end: str, day_count: str, expected: Fraction) -> None:
    """Conventions without published figures follow their definitions."""
    assert expected == year_fraction(start, end, day_count)


def test_us_rule_can_be_turned_off() -> None:
    """30U/360 for a schedule that does not stick to month ends is the bond basis."""
    dates = ("2026-02-28", "2026-03-31", "30U/360")

    assert Fraction(33, 360) == year_fraction(*dates, month_end=False)
