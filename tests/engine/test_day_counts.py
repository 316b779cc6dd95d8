"""Names of day counts and the laws that all of them keep."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replan.engine.dates import parse_frequency
from replan.engine.day_counts import (
    DAY_COUNTS,
    day_count_name,
    year_fraction,
    year_fraction_ratio,
)
from replan.engine.spellings import ALIASES
from replan.errors import UsageError

DATES = st.dates(date(1950, 1, 1), date(2099, 12, 31))
REFERENCE = ("2026-01-31", "2026-07-31")


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("Actual/365 Fixed", "actual/365"),
        ("ACT/365", "actual/365"),
        ("A/365F", "actual/365"),
        ("ACT_365F", "actual/365"),
        ("30/360 Bond Basis", "30/360 ISDA"),
        ("act/act ISDA", "actual/actual ISDA"),
        ("Actual/Actual (ISMA)", "actual/actual ICMA"),
        ("30E/360 (ISDA)", "30E/360 ISDA"),
        ("THIRTY_E_360", "30E/360"),
        ("Act/365.25", "actual/365.25"),
        ("Actual/365 (No Leap)", "NL/365"),
        ("30/360 US", "30U/360"),
        ("30E/360 (ISDA 2006 4.16(g))", "30E/360"),
        ("ACT/ACT.ISDA", "actual/actual ISDA"),
        ("ActActICMA", "actual/actual ICMA"),
        ("Thirty360(BondBasis)", "30/360 ISDA"),
        ("Actual365Fixed(NoLeap)", "NL/365"),
        ("US 30/360", "30U/360"),
        ("30/360 US (NASD)", "30/360 spreadsheet"),
        ("One", "1/1"),
        ("Act/365 No leap year", "NL/365"),
        ("A/NL", "NL/365"),
    ],
)
def test_spellings_of_a_day_count(spelling: str, expected: str) -> None:
    """Libraries' and contracts' spellings lead to one name."""
    assert expected == day_count_name(spelling)


def test_no_two_day_counts_share_a_spelling() -> None:
    """Every name and every alias leads to its own day count."""
    for name in DAY_COUNTS:
        assert name == day_count_name(name)
    for name, aliases in ALIASES.items():
        assert {name} == {day_count_name(alias) for alias in aliases}


def test_day_counts_say_what_and_whence() -> None:
    """Each day count has a description and a source."""
    assert all(count.description and count.source for count in DAY_COUNTS.values())


def test_unknown_day_count_names_the_nearest() -> None:
    """A misspelt day count raises, with near names."""
    with pytest.raises(
        UsageError, match=r'"actual/36" is no day count\. Write one of: .*actual/365'
    ):
        day_count_name("actual/36")


@pytest.mark.parametrize(
    ("day_count", "days"),
    [("30U/360", 30), ("30/360 spreadsheet", 31), ("30/360", 33), ("30/360 ISDA", 33)],
)
def test_end_of_february_differs_by_convention(day_count: str, days: int) -> None:
    """28 February to 31 March has 30 days (SIA), 31 (spreadsheets) or 33 (ISDA bond basis)."""
    assert Fraction(days, 360) == year_fraction("2026-02-28", "2026-03-31", day_count)


@pytest.mark.parametrize("day_count", DAY_COUNTS)
@settings(max_examples=25)
@given(dates=st.lists(DATES, min_size=2, max_size=6))
def test_columns_equal_single_dates(day_count: str, dates: list[date]) -> None:
    """A column gives what its dates give one by one, also with the dates swapped."""
    start, end = dates[:-1], dates[1:]
    reference = None if day_count == "actual/actual ICMA" else REFERENCE

    numerators, denominators = year_fraction_ratio(
        [d.toordinal() for d in start],
        [d.toordinal() for d in end],
        day_count,
        frequency=parse_frequency("month"),
        reference=reference and (ordinal(reference[0]), ordinal(reference[1])),
    )

    got = [Fraction(int(n), int(d)) for n, d in zip(numerators, denominators, strict=True)]
    expected = [
        (-1 if a > b else 1) * one(min(a, b), max(a, b), day_count)
        for a, b in zip(start, end, strict=True)
    ]
    assert expected == got


def ordinal(text: str) -> int:
    """Give an ISO date as its ordinal."""
    return date.fromisoformat(text).toordinal()


def one(start: date, end: date, day_count: str) -> Fraction:
    """Give a single year fraction with the options that some conventions need."""
    reference = None if day_count == "actual/actual ICMA" else REFERENCE
    return year_fraction(start, end, day_count, frequency="month", reference=reference)


@pytest.mark.parametrize(
    "day_count",
    ["actual/365", "actual/360", "actual/364", "actual/365.25", "actual/actual", "NL/365"],
)
@given(dates=st.lists(DATES, min_size=3, max_size=3).map(sorted))
def test_actual_counts_add_up(day_count: str, dates: list[date]) -> None:
    """Two periods end to end count as much as the whole."""
    first, middle, last = dates

    whole = year_fraction(first, last, day_count)

    parts = year_fraction(first, middle, day_count) + year_fraction(middle, last, day_count)
    assert whole == parts


def test_columns_broadcast() -> None:
    """One start goes with a grid of ends, and the denominator may be one number seen often."""
    start = date(2026, 1, 1).toordinal()

    numerators, denominators = year_fraction_ratio(start, start + np.arange(6).reshape(2, 3))

    assert [[0, 1, 2], [3, 4, 5]] == numerators.tolist()
    assert ((2, 3), 360) == (denominators.shape, int(denominators[0, 0]))


@pytest.mark.parametrize("day_count", ["actual/actual ICMA", "actual/365 Canadian"])
def test_missing_regular_period_is_asked_for(day_count: str) -> None:
    """A convention that needs the regular period says so."""
    with pytest.raises(UsageError, match="needs the regular period"):
        year_fraction("2026-01-01", "2026-02-01", day_count)


def test_a_basis_may_be_a_number() -> None:
    """A spreadsheet's basis is read as a number, 0 to 4."""
    names = [
        "30/360 spreadsheet",
        "actual/actual spreadsheet",
        "actual/360",
        "actual/365",
        "30E/360",
    ]
    dates = ("2024-01-31", "2025-02-28")

    assert [year_fraction(*dates, name) for name in names] == [
        year_fraction(*dates, basis) for basis in range(5)
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2023-12-12", "2024-01-12", Fraction(19, 365) + Fraction(12, 366)),
        ("2023-12-31", "2024-01-31", Fraction(31, 366)),
        ("2023-12-01", "2023-12-31", Fraction(30, 365)),
        ("2024-12-09", "2025-01-01", Fraction(22, 366) + Fraction(1, 365)),
    ],
)
def test_the_last_day_counts(start: str, end: str, expected: Fraction) -> None:
    """31 December belongs to the period that begins on it, and with it to the new year."""
    assert expected == year_fraction(start, end, "actual/actual last day")


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        *((1, 4, 1), (2, 4, 1), (2, 5, 2), (1, 5, 2), (3, 5, 1)),
        *((3, 4, 0), (4, 5, 1), (5, 6, 0), (5, 5, 0)),
    ],
)
def test_business_days_of_a_calendar(first: int, last: int, days: int) -> None:
    """The first day counts and the last does not; rateslib's tests have these figures."""
    holidays = {date(2000, 1, day) for day in (1, 3, 5, 6)}
    start, end = date(2000, 1, first), date(2000, 1, last)

    assert Fraction(days, 252) == year_fraction(
        start, end, "BUS252", calendar=lambda day: day not in holidays
    )


def test_business_days_without_a_calendar() -> None:
    """Monday to Friday are business days: five in a week."""
    assert Fraction(5, 252) == year_fraction("2026-11-20", "2026-11-27", "business/252")
