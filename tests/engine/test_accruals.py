"""The part of a year that a loan's period is charged for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from replan.engine.accruals import accrual_ratio
from replan.engine.dates import parse_frequency
from replan.engine.day_counts import year_fraction

STARTS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


def accrual(
    start: str | date, end: str | date, day_count: str = "30/360", every: str = "month", **how: int
) -> Fraction:
    """Give the year fraction charged for one period."""
    first, last = (date.fromisoformat(str(day)).toordinal() for day in (start, end))
    seed, moved = how.get("seed_day"), bool(how.get("moved"))
    numerator, denominator = accrual_ratio(
        first, last, day_count, parse_frequency(every), seed_day=seed, moved=moved
    )
    return Fraction(int(numerator), int(denominator))


@given(STARTS, st.integers(1, 24))
def test_whole_months_are_twelfths(start: date, months: int) -> None:
    """Under 30/360 a period of whole months is months/12, at month ends too."""
    end = start + relativedelta(months=months)

    assert Fraction(months, 12) == accrual(start, end)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-01-31", "2026-02-28"), ("2026-02-28", "2026-03-31"), ("2026-04-30", "2026-05-31")],
)
def test_month_ends_of_one_seed_are_a_month_apart(start: str, end: str) -> None:
    """Dates that both keep the seed day 31 are a month apart, with or without saying so."""
    assert Fraction(1, 12) == accrual(start, end) == accrual(start, end, seed_day=31)


def test_other_seed_makes_a_stub() -> None:
    """28 February to 31 March is no month where the seed day is the 28th: 33 days of 30/360."""
    assert Fraction(33, 360) == accrual("2026-02-28", "2026-03-31", seed_day=28)


@pytest.mark.parametrize(
    ("every", "end", "principal", "percent", "interest"),
    [
        ("15-days", "2025-01-16", 30000, 7, 88),
        ("10-days", "2024-01-11", 10000, 7, 19),
        ("3-weeks", "2024-01-22", 10000, 7, 41),
        ("2-weeks", "2024-01-15", 10000, Fraction("9.4822"), 37),
    ],
)
def test_periods_by_days_count_days_over_360(
    every: str, end: str, principal: int, percent: Fraction, interest: int
) -> None:
    """First interest in Apache Fineract: Loan-Part4, LoanReAging-Part3, EMICalculation-Part1."""
    start = end[:4] + "-01-01"

    got = Fraction(percent) / 100 * principal * accrual(start, end, every=every)

    assert interest == round(got)


def test_days_over_360_are_actual_ones() -> None:
    """15 days over the end of February are 15, not the 17 of 30-day months."""
    assert Fraction(15, 360) == accrual("2025-02-15", "2025-03-02", every="15-days")


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2024-03-01", Fraction(2, 12)),
        ("2024-02-16", (1 + Fraction(15, 29)) / 12),
        ("2024-01-21", Fraction(20, 31) / 12),
    ],
)
def test_moved_due_date_counts_months_then_days(end: str, expected: Fraction) -> None:
    """A moved date counts whole months, then days over the month they are in."""
    assert expected == accrual("2024-01-01", end, moved=True)


def test_moved_date_costs_two_months_of_interest() -> None:
    """Apache Fineract, LoanReschedule:772: 100.00 at 7 % until 1 March bears 1.17."""
    got = 10000 * Fraction(7, 100) * accrual("2024-01-01", "2024-03-01", moved=True)

    assert 117 == round(got)


@pytest.mark.parametrize("day_count", ["actual/365", "actual/actual", "30E/360", "30/360 ISDA"])
@given(start=STARTS, days=st.integers(0, 400))
def test_other_day_counts_are_plain(day_count: str, start: date, days: int) -> None:
    """Other day counts charge their year fraction, whatever the frequency or the seed."""
    end = date.fromordinal(start.toordinal() + days)

    expected = year_fraction(start, end, day_count)

    assert expected == accrual(start, end, day_count, seed_day=31)
    assert expected == accrual(start, end, day_count, "fortnight")


@given(STARTS, st.integers(1, 12))
def test_icma_months_of_a_seed_are_whole(start: date, months: int) -> None:
    """Regular periods are equal parts of the year under actual/actual ICMA."""
    first, second = (start + relativedelta(months=m, day=31) for m in (0, months))

    assert Fraction(months, 12) == accrual(first, second, "actual/actual ICMA", seed_day=31)


def test_columns_mix_months_and_stubs() -> None:
    """One call charges a column of months and stubs, row by row."""
    start = date(2026, 1, 31).toordinal()
    ends = [date(2026, 2, 28).toordinal(), date(2026, 3, 15).toordinal()]

    numerators, denominators = accrual_ratio(start, ends, "30/360", parse_frequency("month"))

    charged = [Fraction(int(n), int(d)) for n, d in zip(numerators, denominators, strict=True)]
    assert [Fraction(1, 12), Fraction(45, 360)] == charged
