"""A search leaves out what a policy or the surplus does not carry, and chooses what differs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from decide.menus import choice, space
from replan.decide.candidates.grid import Offer
from replan.decide.candidates.room import Room, judge, room_for
from replan.decide.candidates.search import choose, search
from replan.decide.plans import Bench
from replan.errors import UsageError
from replan.io.policies import load_policy
from replan.model.case import Case
from replan.strategies.notation import parse_plan
from strategies.test_laws import CASES

GENERAL = load_policy("general")


def household(surplus: Any = "300.00", **other: Any) -> Case:
    """Return two debts without interest: 1,200.00, and twelve of 100.00 a month."""
    debts = [
        {"id": name, "principal": "1200.00", "rate": "0%", "remaining_instalments": 12,
         "method": "level", "next_due": "2026-02-10", **extra}
        for name, extra in (("a", {}), ("b", other))
    ]  # fmt: skip
    given = {"surplus": surplus} if surplus else {}
    return Case.model_validate({"as_of": "2026-01-10", "currency": "EUR", "debts": debts, **given})


def test_the_other_debts_come_first() -> None:
    """Of 300.00 the other contract takes 100.00 for twelve months; then all is left."""
    case = household()
    room = room_for(Bench(case), case.debts[0], parse_plan("contract"), 14)

    assert [30000, *[20000] * 12, 30000] == room.left.tolist()
    assert ["2026-01", "2027-02"] == [room.name(0), room.name(13)]


def test_the_others_may_follow_a_plan() -> None:
    """Deferred for two months they take nothing meanwhile."""
    case = household()
    room = room_for(Bench(case), case.debts[0], parse_plan("*: defer 2"), 4)

    assert [30000, 30000, 30000, 20000] == room.left.tolist()


def test_candidates_are_judged_month_by_month() -> None:
    """200.00 fit, but take all that is left; 240.00 are 40.00 short in five months."""
    case = household()
    found = space((choice("split 12", "split 6", "split 5"),), of=case)
    room = room_for(Bench(case), case.debts[0], parse_plan("contract"), found.horizon)

    judged = judge(found, room)
    assert ["fits", "tight", "short"] == [judged.verdict(i) for i in range(3)]
    assert [0, 0, 4000] == judged.shortfall.tolist()
    assert [0, 0, 5] == judged.months_short.tolist()


MENUS = (
    (choice("", "defer 1", "defer 4 interest=first"), choice("split 1", "split 2", "split 17")),
    (choice("", "down 100"), choice("split 4", "split to=100")),
    (choice("split 8 every=2-weeks", "split 3"),),
)


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize("name", ["owing", "weekly"])
def test_level_payments_are_judged_as_their_rows_are(menu: Offer, name: str) -> None:
    """What is known of level payments gives the same verdicts as all months laid out."""
    case, draw = CASES[name], np.random.default_rng(1)
    found = space(menu, of=case)
    for _ in range(5):
        surplus, others = draw.integers(0, 60000, (2, found.horizon)) // [[1], [3]]
        room = Room((case.as_of.year, case.as_of.month), surplus, others, ())
        short = np.where(found.payments() > 0, found.payments() - room.left, 0).clip(0)

        judged = judge(found, room)
        assert short.max(axis=1).tolist() == judged.shortfall.tolist()
        assert (short > 0).sum(axis=1).tolist() == judged.months_short.tolist()


def test_search_says_where_candidates_went() -> None:
    """All are counted once: refused, outside, over the surplus, dominated, on the front."""
    found = search(household(), "a", policy=GENERAL).to_dict()
    gone = sum(limit["count"] for limit in found["outside"]) + found["over_surplus"]

    assert 2400 == found["candidates"]
    assert found["candidates"] == gone + found["dominated"] + found["front"]
    assert {"fits", "tight"} >= {plan["metrics"]["verdict"] for plan in found["choice"]}


def test_nothing_fits_and_the_nearest_is_named() -> None:
    """10.00 a month: sixty of 20.00 are 10.00 short, longer ones there are none."""
    found = search(household("110.00"), "a", policy=GENERAL).to_dict()

    assert 0 == found["fitting"]
    assert "10.00" == found["nearest"]["metrics"]["largest_shortfall"]
    assert found["nearest"]["plan"].endswith("split 60")


def test_figures_of_the_front_are_those_of_the_choice() -> None:
    """One name is one figure: a plan that is chosen has the same in the list of all."""
    found = search(household("500.00"), "a", policy=GENERAL).to_dict(everything=True)
    listed = {plan["plan"]: plan["metrics"] for plan in found["all"]}
    names = ("peak_payment", "total_paid", "months", "waived", "verdict")

    for plan in found["choice"]:
        row, whole = listed[plan["plan"]], plan["metrics"]
        assert [whole[name] for name in names] == [row[name] for name in names]
        assert whole["npv_loss"] == pytest.approx(row["npv_loss"], abs=1e-5)
        assert whole["first_payment"]["amount"] == row["first_payment"]["amount"]


def test_without_a_surplus_nothing_is_judged() -> None:
    """All that the policy allows stands, and the reason why it was not assessed."""
    found = search(household(None), "a", policy=GENERAL).to_dict()

    assert found["candidates"] == found["fitting"]
    assert ["no-budget"] == found["not_assessed"]
    assert {"not-assessed"} == {plan["metrics"]["verdict"] for plan in found["choice"]}


def test_others_that_take_all_are_named() -> None:
    """The months in which the other contract alone is more than there is."""
    found = search(household("80.00"), "a", policy=GENERAL).to_dict()

    assert "2026-02" == found["room"]["overdrawn"][0]
    assert 12 == len(found["room"]["overdrawn"])


def test_each_choice_is_best_in_something() -> None:
    """Lowest payment, soonest, cheapest, smallest ask; ties go to the better other figures."""
    axes = np.array([[10, 50, 30, 40], [900, 600, 700, 650], [90, 12, 40, 20], [5, 90, 40, 60]])

    found = dict(choose(axes, None))
    assert ("lowest-payment", "smallest-ask") == found[0]
    assert ("soonest", "cheapest") == found[1]
    assert {0, 1, 2, 3} == set(found)
    assert 1 == sum("knee" in labels for labels in found.values())
    assert 2 == len(choose(axes, 2))


def test_choice_is_a_plan_as_compare_has_it() -> None:
    """The figures beside a plan are those of the plan evaluated by itself."""
    case = household()
    found = search(case, "a", policy=GENERAL).to_dict()
    for plan in found["choice"]:
        outcome = Bench(case).run(parse_plan(f"a: {plan['plan']}"))
        assert outcome.household.debts[0][1].peak_payment == round(
            float(plan["metrics"]["peak_payment"]) * 100
        )


def test_wrong_use_is_named() -> None:
    """A debt that is not there; no plans at all."""
    with pytest.raises(UsageError, match='no debt "x"'):
        search(household(), "x", policy=GENERAL)
    with pytest.raises(UsageError, match="--top"):
        search(household(), "a", policy=GENERAL, top=0)


def test_no_plan_charges_more_than_the_contract() -> None:
    """A debt without interest is not helped by a rate of 2 %, whatever a policy holds."""
    found = search(household(), "a", policy=load_policy("us-dmp"), top=40).to_dict()
    counts = {limit["limit"]: limit["count"] for limit in found["outside"]}

    assert {"0.00"} == {one["metrics"]["interest_paid"] for one in found["choice"]}
    assert 980 == counts["dearer"]  # ten rates, two waivers on or off, 49 terms
