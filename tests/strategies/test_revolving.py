"""Debts without a number of instalments: cards, accelerated debts, sums due at once."""

from __future__ import annotations

import pytest

from replan.model.case import Case
from strategies.samples import case, free, payments, refusal

RULE = {"share": "5%", "floor": "25"}
CARD = case(method="revolving", remaining_instalments=None, minimum_payment=RULE)
CALLED = free(accelerated=True)
NONE = free(method=None, remaining_instalments=None, next_due=None)


def test_a_card_pays_its_minimum_until_it_is_cleared() -> None:
    """5 % of 1,212.00, then of what is left with interest; never less than 25.00."""
    found = payments("contract", CARD)

    assert [6060, round((121200 - 6060) * 1.01 * 0.05)] == found[1:3]
    assert 2500 == min(found[1:-1])


def test_a_card_is_split_like_a_loan() -> None:
    """The split takes the place of the minimum payment."""
    assert payments("split 12") == payments("split 12", CARD)


def test_a_deferral_leaves_the_minimum_payment() -> None:
    """Two months without, then 5 % of 1,224.00 and the month's 12.00."""
    found = payments("defer 2", CARD)

    assert [0, 0, round((122400 + 1200) * 0.05)] == found[1:4]


def test_a_lower_rate_clears_a_card_sooner() -> None:
    """The rule stays; less of each payment is interest."""
    assert len(payments("rate 0%", CARD)) < len(payments("contract", CARD))


@pytest.mark.parametrize("debt", [CALLED, NONE], ids=["called", "none"])
def test_what_is_due_at_once_can_be_split_deferred_or_settled(debt: Case) -> None:
    """An accelerated debt and one without instalments start from the whole sum."""
    assert [0, *[30000] * 4] == payments("split 4", debt)
    assert [0, 0, *[30000] * 4] == payments("defer 1 + split 4", debt)
    assert [0, 60000] == payments("settle 50%", debt)
    assert [20000, *[25000] * 4] == payments("down 200 + split 4", debt)


@pytest.mark.parametrize("step", ["extend 6", "reamortise", "balloon 30%", "seasonal 1,0"])
@pytest.mark.parametrize("debt", [CARD, CALLED, NONE], ids=["card", "called", "none"])
def test_what_needs_instalments_says_so(step: str, debt: Case) -> None:
    """The remedy is to split first, and then the step applies."""
    assert "Write split N before it." in refusal(step, debt)
    assert payments(f"split 12 + {step}", debt)
