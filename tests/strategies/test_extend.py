"""Extension: more instalments, each smaller."""

from __future__ import annotations

import pytest

from replan.model.case import Case
from strategies.samples import case, free, payments, refusal

FOUR = free(remaining_instalments=4)
CARD = case(method="revolving", remaining_instalments=None, minimum_payment="25")
NONE = case(method=None, remaining_instalments=None, next_due=None)


def test_what_is_owed_is_levelled_over_all_instalments() -> None:
    """1,200.00 in four is 300.00, in eight 150.00."""
    assert [0, *[15000] * 8] == payments("extend 4", FOUR)
    assert payments("split 16") == payments("extend 4")


def test_from_a_later_instalment_on() -> None:
    """Two of 300.00 stay; 600.00 over six."""
    assert [0, 30000, 30000, *[10000] * 6] == payments("extend 4 at=3", FOUR)
    assert [0, 30000, 30000, *[10000] * 6] == payments("extend 4 at=2026-04-10", FOUR)


def test_other_methods_keep_their_shape() -> None:
    """Equal principal parts of 150.00; interest only for longer."""
    equal = free(method="equal-principal", remaining_instalments=4)
    only = case(method="interest-only", remaining_instalments=2)

    assert [0, *[15000] * 8] == payments("extend 4", equal)
    assert [0, 1200, 1200, 1200, 121200] == payments("extend 2", only)


def test_extending_twice_adds_up() -> None:
    """4 + 2 is 6 more."""
    assert payments("extend 6") == payments("extend 4 + extend 2")


@pytest.mark.parametrize(
    ("plan", "on", "message"),
    [
        ("extend 6", CARD, "paid until it is cleared, not in a number of instalments. Write split"),
        ("extend 6", NONE, "This debt has no instalments. Write split N before it."),
        ("defer 2 + extend 6", NONE, "This debt has no instalments. Write split N before it."),
        ("split to=100 + extend 6", FOUR, "paid until it is cleared"),
        ("step-up 5% every=2 + extend 6", FOUR, "extend them before that step."),
        ("extend 1199", FOUR, "That makes 1203 periods; a plan has at most 1200."),
    ],
)
def test_refusals(plan: str, on: Case, message: str) -> None:
    """Only a number of instalments can be extended."""
    assert message in refusal(plan, on)
