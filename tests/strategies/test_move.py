"""Moved due date: the payment holiday of core banking."""

from __future__ import annotations

from datetime import date

import pytest

from strategies.samples import case, due, interest, payments, refusal

FOUR = case(remaining_instalments=4)
NONE = case(method=None, remaining_instalments=None, next_due=None)


def test_one_date_moves_and_the_later_ones_follow() -> None:
    """From 10 March to 10 April; the last from May to June."""
    expected = [date(2026, 2, 10), date(2026, 4, 10), date(2026, 5, 10), date(2026, 6, 10)]

    assert expected == due("move 2026-03-10 to=2026-04-10", FOUR)


def test_the_instalment_stays_and_the_last_one_absorbs() -> None:
    """Two months' interest in the longer period: 904.46 at 2 % is 18.09."""
    plan = "move 2026-03-10 to=2026-04-10"

    assert payments("contract", FOUR)[:4] == payments(plan, FOUR)[:4]
    assert round((120000 + 1200 - 30754) * 0.02) == interest(plan, FOUR)[2]
    assert 120000 + sum(interest(plan, FOUR)) == sum(payments(plan, FOUR))


def test_dated_instalments_all_move_by_as_many_days() -> None:
    """An instalment of a custom schedule moves with those after it."""
    dates = ["2026-02-01", "2026-05-01", "2026-05-20"]
    custom = case(
        method="custom",
        remaining_instalments=None,
        next_due=None,
        instalments=[{"due": day, "amount": "420"} for day in dates],
    )

    assert [date(2026, 2, 1), date(2026, 5, 11), date(2026, 5, 30)] == due(
        "move 2026-05-01 to=2026-05-11", custom
    )


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("move 2026-03-11 to=2026-04-10", "Nothing is due on 2026-03-11. The nearest due date is"),
        ("move 2026-03-10 to=2026-02-10", "It cannot be due before 2026-02-11. Write a later day."),
        ("move 2026-02-10 to=2026-01-10", "It cannot be due before 2026-01-11."),
    ],
)
def test_refusals(plan: str, message: str) -> None:
    """The message names a date that can be used."""
    assert message in refusal(plan, FOUR)


def test_a_debt_without_dates_has_none_to_move() -> None:
    """It must be split first."""
    assert "write split N before it" in refusal("move 2026-03-10 to=2026-04-10", NONE)
