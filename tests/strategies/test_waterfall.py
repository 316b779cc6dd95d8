"""Waterfall: steps in order, each only as far as needed."""

from __future__ import annotations

import pytest

from replan.decide.evaluate import apply_step
from replan.decide.opening import base_terms, plan_terms
from replan.decide.waterfall import payment
from replan.model.case import Case
from replan.strategies.notation import Step, parse_plan
from strategies.samples import case, evaluated, level, payments, refusal


def poured(plan: str, of: Case | None = None) -> str:
    """Return the steps that a waterfall came to."""
    return " + ".join(str(step) for step in evaluated(plan, of).steps)


def test_a_target_that_is_met_needs_no_step() -> None:
    """The instalment is 106.62."""
    assert "" == poured("waterfall to=106.62 [rate 2% > extend 12]")
    assert payments("contract") == payments("waterfall to=107 [rate 2% > extend 12]")


def test_it_stops_as_soon_as_the_target_is_met() -> None:
    """9 % gives 104.94, an eighth of a point more 105.01; nothing is extended."""
    assert (10494, 10501) == (level(120000, 0.09 / 12, 12), level(120000, 0.09125 / 12, 12))
    assert "rate 9%" == poured("waterfall to=105 [rate 2% > extend 12]")
    assert "rate 9.125%" == poured("waterfall to=105.01 [rate 2% > extend 12]")
    assert "rate cut=25%" == poured("waterfall to=105 [rate cut=50% > extend 12]")


def test_a_step_goes_to_its_cap_before_the_next_begins() -> None:
    """2 % and all twelve instalments more do not reach 45.00; principal set aside does."""
    steps = poured("waterfall to=45 [rate 2% > extend 12 > forbear 30%]")

    assert steps.startswith("rate 2% + extend 12 + forbear ")
    assert 4500 >= payments("waterfall to=45 [rate 2% > extend 12 > forbear 30%]")[1]


def test_a_target_out_of_reach_uses_all_of_it() -> None:
    """What it came to can be read from the plan's steps."""
    assert "rate 2% + extend 3" == poured("waterfall to=10 [rate 2% > extend 3]")


def test_a_share_of_income_is_a_target() -> None:
    """31 % of 300.00 is 93.00, the rule of the HAMP programme."""
    one = case().model_dump(mode="json", exclude_defaults=True)
    income = {"income": [{"label": "wage", "amount": "300", "status": "certain"}]}
    earning = Case.model_validate({**one, "budget": {**income, "expenses": []}})

    assert poured("waterfall to=93 [extend 12]") == poured("waterfall to=31% [extend 12]", earning)
    assert "no certain income" in refusal("waterfall to=31% [extend 12]")


@pytest.mark.parametrize(
    "text", ["rate 2%", "rate cut=80%", "extend 24", "forbear 30%", "split 36"]
)
def test_a_ladder_goes_down(text: str) -> None:
    """Each rung's payment is no higher than the one before; the last rung is the step itself."""
    only = case()
    terms, step = plan_terms(only.debts[0], base_terms(only, only.debts[0])), parse_plan(text)
    whole = step.parts[0][1][0]
    assert whole.strategy.ladder is not None
    rungs = whole.strategy.ladder(terms, whole.params)
    paid = [payment(apply_step(terms, Step(whole.strategy, p))) for p in rungs]

    assert sorted(paid, reverse=True) == paid
    assert whole.params == rungs[-1]
