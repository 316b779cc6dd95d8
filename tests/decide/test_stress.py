"""Stress: which plans survive."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from decide.samples import case, debt

WAGE = {"label": "wage", "amount": "410.00", "due_day": 8}
RENT = {"label": "rent", "amount": "300.00", "due_day": 20}
HOPED = {"label": "new job", "amount": "200.00", "from": "2027-03-01", "status": "expected"}


def stressed(plan: str, *income: dict[str, Any], **sizes: Any) -> dict[str, Any]:
    """Test one plan of a household that owes 1,200 without interest, a hundred a month."""
    budget = {"income": list(income), "expenses": [RENT]}
    facts = {"as_of": "2026-11-21", "currency": "EUR", "budget": budget, "debts": [debt()]}
    found = replan.stress(replan.load_case(facts), [plan], **sizes)["plans"]
    return next(dict(p) for p in found if p["plan"] == plan)


def by_code(plan: dict[str, Any]) -> dict[str, Any]:
    """Name the tests of a plan."""
    return {test["code"]: test for test in plan["tests"]}


def test_a_fall_in_income_is_what_the_surplus_loses() -> None:
    """410 − 300 carries 100; 10 % less of 410 leaves 69, so that 31 is missing in 12 months."""
    fall = by_code(stressed("split 12", WAGE))["income-fall"]
    expected = ("short", 12, "2026-12", "31.00")
    names = ("verdict", "months_short", "first_short", "largest_shortfall")
    assert expected == tuple(fall[name] for name in names)


def test_income_may_fall_by_the_headroom_and_no_more() -> None:
    """The headroom is 10 of 410: a fall of 2.4 % survives and one of 2.5 % does not."""
    survived = [
        by_code(stressed("split 12", WAGE, income_fall=fall))["income-fall"]["survives"]
        for fall in ("2.4%", "2.5%")
    ]
    assert [True, False] == survived


def test_a_later_return_is_tried_where_income_is_expected() -> None:
    """300 a month from March on is carried from March, not while the job comes in June."""
    plan = "defer 3 + split 4"
    found = by_code(stressed(plan, WAGE, HOPED))
    assert ("tight", "short") == (found["as-hoped"]["verdict"], found["later-return"]["verdict"])
    assert ("2027-03", 3) == (
        found["later-return"]["first_short"],
        found["later-return"]["months_short"],
    )


def test_certain_income_alone_is_not_tested_for_a_return() -> None:
    """Nothing is expected, so there is nothing to come later."""
    assert {"income-fall"} == set(by_code(stressed("split 12", WAGE)))


def test_a_rate_rise_changes_the_instalments() -> None:
    """1,200 at 12 % in 12 monthly instalments is 106.62 each."""
    found = by_code(stressed("split 12", WAGE, rate_rise="12%"))["rate-rise"]
    assert "106.62" == found["peak_payment"]


def test_the_remedy_for_a_debit_before_pay_day_is_a_later_due_day() -> None:
    """A pay-day on the 25th and instalments on the 21st: two days after it nothing is needed."""
    cash = stressed("split 12", WAGE | {"due_day": 25}, income_fall="0%")["cash"]
    assert ("400.00", "split 12 + date 27", "300.00") == (
        cash["needed"],
        cash["remedy"]["plan"],
        cash["remedy"]["needed"],
    )


def test_a_given_surplus_has_no_income_to_fall() -> None:
    """Without a budget there is no test, no cash by date, and no error."""
    found = replan.stress(case(), ["split 12"])
    assert ([], None) == (found["tests"], found["plans"][0]["cash"])


@pytest.mark.parametrize("size", ["10", "x", "101%", "-1%", "1e99%"])
def test_a_size_that_is_no_share_is_refused(size: str) -> None:
    """The message names the option and what to write."""
    with pytest.raises(replan.UsageError, match="income"):
        stressed("split 12", WAGE, income_fall=size)
