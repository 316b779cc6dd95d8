"""Freeze: no interest meanwhile, both ends included."""

from __future__ import annotations

import pytest

from strategies.samples import case, interest, level, payments, refusal

FOUR = case(remaining_instalments=4)
REAL = case(remaining_instalments=4, day_count="actual/365")


def test_the_instalment_stays_and_the_last_one_shrinks() -> None:
    """Two free months save 12.00 + 9.04 and what they would have earned."""
    found = payments("freeze 2", FOUR)

    assert payments("contract", FOUR)[1:4] == found[1:4]
    assert [0, 0, 585, 283] == interest("freeze 2", FOUR)[1:]
    assert 120000 + 585 + 283 == sum(found)


def test_recomputed_it_is_level() -> None:
    """P / Σ v with two periods at zero: v = 1, 1, 1/1.01, 1/1.01²."""
    expected = round(120000 / (1 + 1 + 1.01**-1 + 1.01**-2))

    assert [expected] * 3 == payments("freeze 2 instalment=recompute", FOUR)[1:4]
    assert level(120000, 0.01, 4) > expected


def test_one_day_is_one_day() -> None:
    """20 February alone: 27 of the 28 days to 10 March are charged."""
    charged = interest("freeze from=2026-02-20 to=2026-02-20", REAL)[2]
    left = 120000 + 1223 - 30743

    assert round(left * 0.12 * 27 / 365) == charged


def test_both_ends_are_included() -> None:
    """From 11 February to 10 March is exactly the second period."""
    found = interest("freeze from=2026-02-11 to=2026-03-10", REAL)

    assert 0 == found[2]
    assert 0 < min(found[1], found[3])


def test_to_the_end_all_is_free() -> None:
    """1,200.00 is all that is paid."""
    assert 120000 == sum(payments("freeze"))


def test_a_freeze_holds_in_a_longer_plan_that_follows() -> None:
    """24 free months in a split of 36, also where the debt had no instalments before."""
    none = case(method=None, remaining_instalments=None, next_due=None)

    assert [0] * 25 == interest("freeze 24 + split 36", none)[:25]
    assert 0 < interest("freeze 24 + split 36", none)[25]
    assert 0 == max(interest("freeze 24 + split 36")[:25])


def test_a_split_after_it_is_level_over_the_free_months() -> None:
    """What is agreed after a freeze knows of it; overdue principal makes no difference."""
    late = case(arrears={"principal": "100"}, days_past_due=30)

    assert payments("freeze 6 + split 12") == payments("freeze 6 + split 12", late)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("freeze from=2020-01-01 to=2026-03-01", "2020-01-01 is in the past"),
        ("freeze to=2026-01-05", "2026-01-05 is in the past"),
        ("freeze from=2030-01-01", "after the end of the plan"),
    ],
)
def test_refusals(plan: str, message: str) -> None:
    """What is charged already cannot be frozen."""
    assert message in refusal(plan)


def test_many_freezes_are_no_burden() -> None:
    """Segments that last no day are dropped, so that their number does not double each time."""
    assert payments("freeze 1") == payments(" + ".join(["freeze 1"] * 60))
