"""Settlement: part of what is owed, in full and final settlement."""

from __future__ import annotations

from datetime import date

import pytest

from strategies.samples import case, due, payments, refusal, rows

OWING = case(interest="100", penalty="50", fees="10")


def test_a_share_is_paid_on_the_next_due_date() -> None:
    """Half of 1,360.00, and no interest until then."""
    found = rows("settle 50%", OWING)

    assert [0, 68000] == [row.payment for row in found]
    assert date(2026, 2, 10) == found[1].due
    assert {} == {k: v for k, v in found[1].accrued.items() if v}


def test_penalty_is_forgiven_first_principal_last() -> None:
    """680.00 forgiven: 50.00 + 10.00 + 100.00, then 520.00 of principal, once it is paid."""
    found = rows("settle 50%", OWING)

    assert {} == found[0].waived
    assert {"penalty": 5000, "fees": 1000, "interest": 10000, "principal": 52000} == found[1].waived


def test_staged_payments_add_up() -> None:
    """680.00 in three: 226.67 twice, and 226.66."""
    assert [0, 22667, 22667, 22666] == payments("settle 50% in=3", OWING)
    assert [date(2026, 2, 10), date(2026, 3, 10)] == due("settle 50% in=2 by=2026-03-10", OWING)


def test_by_is_the_day_of_a_single_payment() -> None:
    """Not a due date of the debt."""
    assert [date(2026, 3, 1)] == due("settle 50% by=2026-03-01")


def test_what_was_paid_or_set_aside_before_counts() -> None:
    """200.00 at signing, then half of 1,000.00; half set aside is still half of what is owed."""
    assert [20000, 50000] == payments("down 200 + settle 50%")
    assert [0, 60000] == payments("forbear 50% + settle 50%")
    assert [0, 60000] == payments("settle 50%", case(balloon="300", instalment_fee="1%"))


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("settle 50% by=2026-01-10", "2026-01-10 is not after the as-of date. Write a later day."),
        ("settle 50% in=6 by=2026-04-10", "Only 3 due dates come by 2026-04-10. Write a smaller"),
        ("defer 3 + settle 50%", "It would undo the deferral before it."),
        ("split 4 of=arrears + settle 50%", "no arrears"),
    ],
)
def test_refusals(plan: str, message: str) -> None:
    """Where, what, what to do."""
    assert message in refusal(plan)


def test_all_of_it_is_a_payment_in_full() -> None:
    """Nothing is forgiven; interest stops until then."""
    found = rows("settle 100%")

    assert [0, 120000] == [row.payment for row in found]
    assert not any(row.waived for row in found)
