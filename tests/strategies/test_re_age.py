"""Re-ageing: what is owed starts anew over new dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from strategies.samples import case, due, free, interest, payments, refusal, rows

OWING = case(interest="8", remaining_instalments=4)


def test_new_dates_from_a_day_in_a_rhythm() -> None:
    """Four weeks from 1 May on; 1,208.00 in four."""
    plan = "re-age 4 from=2026-05-01 every=week"

    assert [date(2026, 5, 1) + timedelta(weeks=i) for i in range(4)] == due(plan)
    assert [0, *[30200] * 4] == payments(plan, free(interest="8"))


def test_interest_owed_may_be_paid_first() -> None:
    """All four are level, though the first pays the 8.00 owed beside its own interest."""
    found = rows("re-age 4 interest=first", OWING)[1:]

    assert [found[0].payment] * 3 == [row.payment for row in found[:3]]
    assert found[0].accrued["interest"] + 800 == found[0].interest


def test_interest_may_stop() -> None:
    """Principal and the interest so far in equal parts."""
    assert [0, *[30200] * 4] == payments("re-age 4 interest=equal", OWING)


def test_interest_may_be_fixed_in_advance() -> None:
    """What the contract would still have charged is charged at once, and then nothing."""
    found = rows("re-age 4 interest=full", OWING)
    to_come = sum(interest("contract", OWING))

    assert {"interest": to_come} == found[0].accrued
    assert 120000 + 800 + to_come == sum(row.payment for row in found)
    assert 1 >= abs(found[1].payment - found[3].payment)


def test_interest_may_go_on() -> None:
    """The level instalment with a quarter of the 8.00, as a split of four."""
    assert payments("split 4", OWING) == payments("re-age 4", OWING)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("re-age 4 from=2026-01-09", "is before the as-of date. Write a later one."),
        ("defer 3 + re-age 4", "It would undo the deferral before it."),
        ("step-up 5% every=2 + re-age 4", "Write it before that step."),
    ],
)
def test_refusals(plan: str, message: str) -> None:
    """Where, what, what to do."""
    assert message in refusal(plan)
