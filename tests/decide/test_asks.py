"""Asks that apply to the debt."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from decide.samples import case, debt

CHARGED = {"interest": "30.00", "penalty": "10.00"}


def codes(plan: str, **changes: Any) -> list[str]:
    """Return the codes of what a plan asks of the creditor of one debt."""
    shown = replan.show(case(debt(**changes)), plan).to_dict()
    return [ask["code"] for ask in shown["debts"][0]["asks_detail"]]


def test_waiver_of_nothing_is_not_asked_for() -> None:
    """A debt without penalty interest has none to waive."""
    plan = "waive penalty=100% interest=50% + split 6"

    assert ["waive-penalty", "waive-interest"] == codes(plan, **CHARGED)[:2]
    assert ["split"] == codes(plan)


def test_charges_that_are_gone_are_not_spoken_of() -> None:
    """After a waiver of all of it no overdue interest is left to bear interest."""
    assert "stream" in codes("split 6", **CHARGED)
    assert "stream" not in codes("waive penalty=100% interest=100% + split 6", **CHARGED)


@pytest.mark.parametrize(
    ("expected", "plan"),
    [(True, "defer 3"), (False, "defer 3 + split 6"), (True, "defer 3 + rate 1%")],
)
def test_moved_dates_are_asked_for_unless_a_split_follows(expected: bool, plan: str) -> None:
    """A split states its own dates: that the old ones move is moot."""
    assert expected == ("later" in codes(plan, rate="12%", instalment=None))


def test_interest_is_not_spoken_of_where_none_is_charged() -> None:
    """A debt without interest defers none."""
    assert "defer-interest-spread" in codes("defer 3", rate="12%", instalment=None)
    assert "defer-interest-spread" not in codes("defer 3")
    assert ["split"] == codes("rate cut=50% + split 6")
