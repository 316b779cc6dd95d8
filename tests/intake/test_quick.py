"""What a payoff amount implies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import replan
from replan.intake.quick import Implied, Known, NoRate, implied_rate, split_payoff

DAY = date(2026, 11, 22)


def known(payoff: str, instalment: str = "1100", left: int = 12, **more: Any) -> Known:
    """Return what is known of a loan on the day."""
    amounts = {"payoff": Decimal(payoff), "instalment": Decimal(instalment), "left": left}
    return Known(**{"as_of": DAY, **amounts, **more})


def test_rate_is_that_of_the_annuity() -> None:
    """1,000.00 at 1 % a month in 12 instalments is 88.85 a month (any annuity table)."""
    found = implied_rate(
        known("1000", "88.85", next_due=date(2026, 12, 22), charges=Decimal(0)), currency="USD"
    )

    assert Implied(Decimal("0.12"), Decimal("0.12"), Decimal("0.12")) == found


@given(instalment=st.integers(5_000, 500_000), left=st.integers(2, 60), share=st.integers(60, 99))
def test_rate_agrees_with_the_internal_rate_of_return(
    instalment: int, left: int, share: int
) -> None:
    """With whole months ahead the rate is twelve times the IRR, to 0.01 %."""
    a, payoff = Decimal(instalment) / 100, Decimal(instalment * left * share // 100) / 100
    found = implied_rate(
        known(str(payoff), str(a), left, next_due=date(2026, 12, 22)), currency="CNY"
    )
    monthly = replan.irr([payoff, *[-a] * left])

    if isinstance(found, Implied) and monthly is not None:
        assert abs(float(found.rate) - 12 * monthly) < 0.00011


@pytest.mark.parametrize(
    ("expected", "overdue"), [(0, 0), (1, 1), (1, 30), (1, 31 - 1), (2, 31), (2, 35), (3, 62)]
)
def test_missed_instalments_are_counted_by_due_dates(expected: int, overdue: int) -> None:
    """31 days ago was 22 October, so a second instalment fell due on 22 November."""
    assert expected == known("12345", overdue=overdue).missed


@pytest.mark.parametrize(
    ("expected", "overdue", "next_due"),
    [
        (1, 31, date(2026, 12, 5)),
        (2, 31, date(2026, 12, 15)),
        (2, 51, date(2026, 12, 1)),
        (3, 70, date(2026, 12, 1)),
    ],
)
def test_missed_instalments_follow_a_known_due_date(
    expected: int, overdue: int, next_due: date
) -> None:
    """31 days ago is nearer to 5 November than to 5 October; lenders count from various days."""
    assert expected == known("12345", overdue=overdue, next_due=next_due).missed


def test_next_due_date_goes_on_from_the_oldest_missed_one() -> None:
    """35 days before 22 November is 18 October: due on the 18th."""
    assert date(2026, 12, 18) == known("12345", overdue=35).next_date


def test_unknown_charges_widen_the_range_upwards() -> None:
    """If part of the payoff is penalty, less is principal and the rate is higher."""
    found = implied_rate(known("12345", overdue=35), currency="CNY")
    sure = implied_rate(known("12345", overdue=35, charges=Decimal(100)), currency="CNY")

    assert isinstance(found, Implied)
    assert isinstance(sure, Implied)
    assert found.low == found.rate < found.high
    assert found.rate < sure.rate == sure.low == sure.high


def test_unknown_due_date_widens_the_range() -> None:
    """The nearer the next instalment, the more interest of the month is in the payoff."""
    found = implied_rate(known("12345"), currency="CNY")

    assert isinstance(found, Implied)
    assert found.low < found.high


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ("above", known("13200.01")),
        ("below", known("100")),
        ("all-overdue", known("2300", left=2, overdue=40)),
    ],
)
def test_payoff_that_no_rate_explains(expected: str, given: Known) -> None:
    """More than all instalments, next to nothing, or nothing left to come."""
    found = implied_rate(given, currency="CNY")

    assert isinstance(found, NoRate)
    assert expected == found.reason


def test_range_of_payoffs_ends_at_the_sum_of_the_instalments() -> None:
    """12 × 1,100 without any interest; what is above must be something else."""
    found = implied_rate(known("14000"), currency="CNY")

    assert isinstance(found, NoRate)
    assert Decimal("13200.00") == found.high


@given(payoff=st.integers(300_000, 1_300_000), overdue=st.integers(0, 200), left=st.integers(8, 40))
def test_parts_add_up_to_the_payoff(payoff: int, overdue: int, left: int) -> None:
    """Principal and interest are the payoff less charges; what is overdue is part of them."""
    given_ = known(str(Decimal(payoff) / 100), left=left, overdue=overdue, charges=Decimal("9.99"))
    parts = split_payoff(given_, Fraction(18, 100), currency="CNY")

    assert given_.payoff - Decimal("9.99") == parts.principal + parts.interest
    assert 0 <= parts.overdue_principal <= parts.principal
    assert 0 <= parts.overdue_interest <= parts.interest
