"""What rewards and early repayments are worth."""

from __future__ import annotations

from typing import Any

from decide.samples import case, debt
from replan.decide.counteroffer.counter import counter


def incentives(offer: str, **changes: Any) -> list[dict[str, Any]]:
    """Give the incentives of an offer for a loan of 1,200 with 60.00 of penalty."""
    owed = debt(penalty="60.00", instalment=None, **changes)
    found = counter(case(owed), "loan", offer).to_dict()
    return list(found["offer"]["incentives"])


def test_a_reward_for_paying_on_time() -> None:
    """The penalty falls away with the third payment; without interest it is worth itself."""
    (found,) = incentives("waive penalty=100% when=on-time:3 + split 12")

    assert ("reward", "60.00", "60.00") == (found["kind"], found["borrower"], found["lender"])
    assert "2027-02-21" == found["kept_by"]


def test_a_reward_on_completion() -> None:
    """It is kept with the last payment; with interest it is worth less today."""
    (found,) = incentives("waive penalty=100% when=completion + split 12", rate="12%")

    assert "2027-11-21" == found["kept_by"]
    assert 0 < float(found["lender"]) < 60 == float(found["borrower"])


def test_paying_early_saves_interest() -> None:
    """The lender's value at the contract's rate hardly changes; the borrower pays less."""
    (found,) = incentives("split 12 + pay-early 500 at=3", rate="12%")

    assert "early" == found["kind"]
    assert float(found["borrower"]) > 0
    assert found["months_sooner"] > 0


def test_a_plan_without_either() -> None:
    """Has none."""
    assert [] == incentives("split 12")
