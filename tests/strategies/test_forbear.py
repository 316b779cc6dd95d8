"""Forbearance: principal without interest, due at the end."""

from __future__ import annotations

import pytest

from strategies.samples import case, interest, level, payments, refusal

FOUR = case(remaining_instalments=4)


def test_half_is_set_aside() -> None:
    """The annuity of 600.00, and 600.00 more with the last one."""
    found = payments("forbear 50%", FOUR)

    assert [level(60000, 0.01, 4)] * 3 == found[1:4]
    assert 120000 + sum(interest("forbear 50%", FOUR)) == sum(found)
    assert 600 == interest("forbear 50%", FOUR)[1]


def test_twice_is_a_share_of_the_rest() -> None:
    """50 % of half is another quarter: 300.00 bear interest."""
    assert 300 == interest("forbear 50% + forbear 50%", FOUR)[1]


def test_all_of_it_is_due_at_the_end() -> None:
    """Nothing is asked for before."""
    assert [0, 0, 0, 0, 120000] == payments("forbear 100%", FOUR)


@pytest.mark.parametrize(
    "plan", ["forbear 30%", "split to=100 + forbear 30%", "forbear 30% + split to=100"]
)
def test_there_must_be_an_end(plan: str) -> None:
    """What is paid until it is cleared has none."""
    card = case(method="revolving", remaining_instalments=None, minimum_payment="25")

    assert "Write split N" in refusal(plan, card)


def test_it_is_of_principal_after_earlier_steps() -> None:
    """200.00 are paid at signing: half of 1,000.00 bears interest."""
    assert 500 == interest("down 200 + forbear 50%", FOUR)[1]


def test_what_is_due_at_once_is_due_in_full() -> None:
    """A debt without instalments has nothing to spread; a split gives it an end."""
    none = case(method=None, remaining_instalments=None, next_due=None)

    assert not refusal("rate 6% + forbear 50%", none)
    assert [0, 30000, 90000] == payments("rate 0% + forbear 50% + split 2", none)
