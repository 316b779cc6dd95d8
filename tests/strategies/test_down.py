"""Down payment: a first payment at signing."""

from __future__ import annotations

import pytest

from strategies.samples import case, free, payments, rows

FOUR = free(remaining_instalments=4)


def test_the_rest_is_levelled() -> None:
    """200.00 now, 1,000.00 in four; a quarter now, 900.00 in four."""
    assert [20000, *[25000] * 4] == payments("down 200", FOUR)
    assert [30000, *[22500] * 4] == payments("down 25%", FOUR)


def test_a_stated_instalment_stays() -> None:
    """300.00 as agreed, so that the last one is smaller."""
    stated = free(instalment="300", remaining_instalments=4)

    assert [20000, 30000, 30000, 30000, 10000] == payments("down 200", stated)


def test_it_pays_charges_first() -> None:
    """The order of Civil Code 561: fees, interest, principal."""
    first = rows("down 200", free(interest="30", penalty="10", fees="20"))[0]

    assert (2000, 3000, 1000, 14000) == (first.fees, first.interest, first.penalty, first.principal)


def test_never_more_than_is_owed() -> None:
    """All of it, once."""
    assert 120000 == sum(payments("down 5000", FOUR))
    assert [20000, *[0] * 4] == [20000, *payments("down 100%", FOUR)[1:]]


def test_twice_is_a_share_of_the_rest() -> None:
    """Half of 1,200.00, then half of 600.00."""
    assert 90000 == payments("down 50% + down 50%", case())[0]


@pytest.mark.parametrize(
    "plan", ["split 3 of=arrears + down 1100", "down 1100 + split 3 of=arrears", "down 100%"]
)
def test_it_leaves_no_more_overdue_than_there_is(plan: str) -> None:
    """Of 1,200.00, 300.00 overdue, 100.00 is left: nothing is paid twice."""
    late = free(arrears={"principal": "300"}, days_past_due=33)
    found = payments(plan, late)

    assert 0 <= min(found)
    assert 120000 == sum(found)
