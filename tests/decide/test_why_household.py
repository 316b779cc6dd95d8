"""Why the household's figures are what they are."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from decide.samples import case, debt

BUDGET = {
    "income": [{"label": "wage", "amount": "1000.00"}],
    "expenses": [{"label": "rent", "amount": "850.00", "category": "housing"}],
}

SHORT = "2026-12, 2027-01, …, 2027-05"


def why(plan: str, **changes: Any) -> dict[str, str]:
    """Return the explanation of each figure of a household with two debts."""
    household = case(debt(), debt(id="other", principal="600.00", instalment="50.00"), **changes)
    shown = replan.show(household, plan, why=True).to_dict()["household"]["why"]
    return {reason["figure"]: reason["text"] for reason in shown}


def test_sums_name_the_debts() -> None:
    """What the household pays is what its debts take."""
    found = why("split 6")

    assert "total paid = loan 1,200.00 + other 600.00 = 1,800.00" == found["total_paid"]
    assert "peak payment = loan 200.00 + other 100.00 = 300.00, in 2026-12" == found["peak_payment"]


def test_shortfall_and_headroom_name_their_month() -> None:
    """300 to pay, 150 left of an income of 1,000."""
    found = why("split 6", surplus=None, budget=BUDGET)

    shortfall = "largest shortfall = 300.00 to pay − 150.00 left in 2026-12 = 150.00"
    assert shortfall == found["largest_shortfall"]
    headroom = "headroom = (150.00 left − 300.00 to pay) / 1,000.00 certain income in 2026-12"
    assert f"{headroom} = -15.00 %" == found["headroom"]


@pytest.mark.parametrize(
    ("expected", "plan"),
    [
        ("verdict fits: at most 50.00 % of what is left is taken, not more than 90 %", "split 24"),
        ("verdict tight: at most 100.00 % of what is left is taken, more than 90 %", "contract"),
        (
            f"verdict short: 6 months in which less is left than must be paid: {SHORT}",
            "split 6",
        ),
    ],
)
def test_verdict_says_by_how_much(expected: str, plan: str) -> None:
    """150 are left: 75 of them fit, all of them are tight, 300 are too much."""
    assert expected == why(plan)["verdict"]


def test_nothing_is_judged_without_a_budget() -> None:
    """Without a surplus neither shortfall nor verdict is explained."""
    assert {"largest_shortfall", "headroom", "verdict"}.isdisjoint(why("split 6", surplus=None))


def test_one_debt_alone_has_no_household() -> None:
    """With one debt of several shown, the household is not explained."""
    both = case(debt(), debt(id="other"))

    assert "why" not in replan.show(both, "split 6", debt="loan", why=True).to_dict()["household"]
