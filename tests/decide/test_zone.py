"""The zone of possible agreement: limits of both sides, and the plans between them."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from decide.samples import case, debt
from replan.decide.counteroffer.counter import counter
from replan.decide.counteroffer.zone import Alternative, alternative
from replan.decide.plans import Bench
from replan.errors import UsageError
from replan.io.policies import load_policy
from replan.model.values import parse_amount

SAID: dict[str, Any] = {"recovery": "50%", "recovery_months": 12, "collection_cost": "100"}


def zone(offer: str = "split 12", surplus: str = "150.00", **options: Any) -> dict[str, Any]:
    """Give the zone for a loan of 1,200 at 12 %."""
    owed = debt(rate="12%", instalment=None)
    found: dict[str, Any] = counter(case(owed, surplus=surplus), "loan", offer, **options).to_dict()
    return dict(found["zone"])


def test_what_the_lender_gets_without_an_agreement() -> None:
    """Half of 1,200.00 after twelve months at 1 % a month, less 100.00: 600 ÷ 1.01¹² − 100."""
    bench = Bench(case(debt(rate="12%")))
    said = alternative("50%", 12, "100", currency="EUR", exponent=2)

    assert said is not None
    expected = round((600 / 1.01**12 - 100) * 100)
    assert expected == said.value(bench, bench.case.debts[0]) == 43247


def test_a_lender_need_not_collect_at_a_loss() -> None:
    """What would cost more than it brings is worth nothing."""
    bench = Bench(case())
    owed = bench.case.debts[0]

    assert 0 == Alternative(parse_amount("0.1"), 0, 500_00).value(bench, owed)


@pytest.mark.parametrize("missing", ["recovery", "recovery_months", "collection_cost"])
def test_nothing_is_assumed(missing: str) -> None:
    """The alternative is said whole or not at all."""
    given = {key: value for key, value in SAID.items() if key != missing}

    with pytest.raises(UsageError, match=f"--{missing.replace('_', '-')}.*nothing is assumed"):
        counter(case(), "loan", "split 12", **given)


@pytest.mark.parametrize(
    "said",
    [SAID | {"recovery": "35"}, SAID | {"recovery_months": -1}, SAID | {"collection_cost": "-1"}],
)
def test_an_alternative_that_cannot_be(said: dict[str, Any]) -> None:
    """Shares are percentages, months and costs are not below zero."""
    with pytest.raises(UsageError, match="--recovery"):
        counter(case(), "loan", "split 12", **said)


def test_without_the_lenders_side_there_is_no_split() -> None:
    """The target is the middle of opening and walk-away; whether a zone exists is not said."""
    found = zone()

    assert (None, None, "middle") == (found["lender_limit"], found["exists"], found["basis"])
    values = [float(found[name]["npv"]) for name in ("opening", "target", "walk_away")]
    assert values == sorted(values)


def test_the_target_is_near_the_nash_split() -> None:
    """Half of what lies between both limits, within a hundredth."""
    found = zone(**SAID)
    middle = (float(found["lender_limit"]) + float(found["borrower_limit"])) / 2

    assert "nash" == found["basis"]
    assert abs(float(found["target"]["npv"]) - middle) <= middle / 100


def test_the_walk_away_is_the_most_that_fits() -> None:
    """Enough room: all that is owed is worth itself, and the shortest plan that fits costs least.

    At 12 % nine instalments are 140.09 and eight 156.83.
    """
    found = zone()

    assert 1200 == pytest.approx(float(found["borrower_limit"]), rel=0.001)
    assert found["walk_away"]["plan"] in ("split 9", "split 10")
    assert float(found["walk_away"]["peak_payment"]) <= 150


def test_no_plan_suits_both() -> None:
    """A budget of 5.00 a month carries less than a lender expects who collects all at once."""
    found = zone(surplus="5.00", recovery="100%", recovery_months=0, collection_cost="0")

    assert found["exists"] is False
    assert (None, None) == (found["opening"], found["target"])
    assert found["walk_away"]["plan"]


def test_nothing_fits_at_all() -> None:
    """Without any room there is no limit."""
    found = zone(surplus="0.00", **SAID)

    assert (None, None, None) == tuple(
        found[name] for name in ("borrower_limit", "opening", "walk_away")
    )


def test_our_proposal_opens() -> None:
    """The target is never worth less than what was put on the table."""
    found = zone(ours="split 18", **SAID)

    assert "split 18" == found["opening"]["plan"]
    assert float(found["target"]["npv"]) >= float(found["opening"]["npv"]) - 0.01


def test_a_policy_bounds_what_is_asked() -> None:
    """Opening and target are candidates of its menu, and inside its limits."""
    found = zone(policy=load_policy("general"), **SAID)

    for name in ("opening", "target"):
        assert "principal" not in found[name]["plan"]


def test_what_they_have_offered_is_open() -> None:
    """Also where their policy says otherwise: the limit is not below an offer that fits."""
    found = zone("100 now, 12 instalments", policy=load_policy("general"))

    assert float(found["borrower_limit"]) >= float(found["offer_value"])


def test_the_walk_away_is_marked() -> None:
    """Whoever passes the JSON on can see what not to pass on."""
    assert ["walk_away", "borrower_limit"] == zone()["for_you_alone"]


def test_a_rate_of_the_lenders_own() -> None:
    """At 6 % half of 1,200.00 after twelve months is worth 600 ÷ 1.005¹², and later money more."""
    contract, own = zone(**SAID), zone(**SAID, npv_rate="6%")

    assert f"{600 / 1.005**12 - 100:.2f}" == own["lender_limit"]
    assert float(own["borrower_limit"]) > float(contract["borrower_limit"])
    with pytest.raises(UsageError, match="--npv-rate"):
        zone(npv_rate="much")


@pytest.mark.parametrize("rate", [None, "6%"])
def test_plans_of_the_zone_are_worth_what_they_are_worth_alone(rate: str | None) -> None:
    """Each is evaluated by itself, at the contract's rate and at another."""
    found = zone("split 6", npv_rate=rate)
    owed = case(debt(rate="12%", instalment=None))

    for name in ("opening", "target", "walk_away"):
        shown = replan.show(owed, found[name]["plan"], npv_rate=rate).to_dict()["debts"][0]
        values = shown["metrics"] if rate is None else shown["metrics"]["npv_chosen"]
        assert values["npv"] == found[name]["npv"]
