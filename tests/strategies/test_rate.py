"""Rate cut: another rate for a time or to the end."""

from __future__ import annotations

from datetime import date

import pytest

from strategies.samples import case, interest, level, payments, refusal

FOUR = case(remaining_instalments=4)
REAL = case(remaining_instalments=4, day_count="actual/365")


def test_a_lower_rate_makes_a_lower_instalment() -> None:
    """6 % a year is 0.5 % a month; half of 12 % is the same."""
    assert level(120000, 0.005, 12) == payments("rate 6%")[1]
    assert payments("rate 6%") == payments("rate cut=50%")


def test_for_a_time_the_instalment_is_computed_twice() -> None:
    """Two at 0.5 % a month, then two over what is left at 1 %."""
    found = payments("rate 6% for=2", FOUR)
    first = level(120000, 0.005, 4)
    left = 120000 + 600 + 451 - 2 * first

    assert [first, first, level(left, 0.01, 2)] == found[1:4]


def test_one_level_over_both_rates() -> None:
    """P / Σ v with v = 1/1.005, 1/1.005², and those over 1.01 and 1.01²."""
    discounts = [1.005**-1, 1.005**-2, 1.005**-2 / 1.01, 1.005**-2 / 1.01**2]

    assert [round(120000 / sum(discounts))] * 3 == payments("rate 6% for=2 level=whole", FOUR)[1:4]


def test_inside_a_period_interest_is_split_by_days() -> None:
    """From 21 February: ten days to the 20th at 12 %, eighteen to 10 March at 6 %."""
    second = interest("rate 6% from=2026-02-21", REAL)[2]
    left = 120000 + 1223 - 30743

    assert round(left * (0.12 * 10 + 0.06 * 18) / 365) == second
    assert (date(2026, 2, 20) - date(2026, 2, 10)).days == 10


def test_from_a_period_on() -> None:
    """The third and fourth month cost half."""
    assert [1200, 1105, 505, 456] == interest("rate 6% from=3 for=2")[1:5]


def test_a_time_longer_than_the_plan_counts_when_the_plan_grows() -> None:
    """24 months at 6 % hold in a split of 36 that follows, and no longer."""
    found = interest("rate 6% for=24 + split 36", case(day_count="30/360"))
    balance = 120000 + sum(found[:25]) - sum(payments("rate 6% for=24 + split 36")[:25])

    assert round(balance * 0.01) == found[25]
    assert 600 == found[1]


def test_it_takes_the_place_of_the_rate_charged() -> None:
    """Of a later contract rate, of an earlier step's, and a higher one too: 1.5 % a month."""
    falls = case(rate_changes=[{"from": "2026-03-11", "rate": "5%"}])

    assert interest("rate 6%") == interest("rate 6%", falls)
    assert payments("rate 9%")[:7] == payments("rate 6% for=6 + rate 9%")[:7]
    assert level(120000, 0.015, 12) == payments("rate 18%")[1]


def test_a_rate_per_day_stays_daily() -> None:
    """0.02 % a day over the 31 days to 10 February."""
    assert 120000 * 31 * 2 // 10_000 == interest("rate 0.02%/day")[1]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("rate 6% from=2026-01-09", "2026-01-09 is in the past"),
        ("rate 6% from=2027-01-11", "is after the end of the plan"),
        ("rate 6% from=0", "Periods count from 1"),
    ],
)
def test_refusals(plan: str, message: str) -> None:
    """A rate changes in a period of the plan, from a day that is still to come."""
    assert message in refusal(plan)


def test_a_cut_that_cannot_be_exact_is_refused() -> None:
    """Fifteen decimals times ten would not fit; nothing is rounded in silence."""
    fine = case(rate="18.123456789012%")

    assert "Write fewer." in refusal("rate cut=12.3456789012%", fine)
