"""A joint plan agrees with evaluating every combination by itself, and every month adds up."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import pytest

import replan
from decide.menus import choice
from decide.samples import debt
from replan.decide.solver.choose import Limits
from replan.decide.solver.joint import OBJECTIVES, Menu, Objective
from replan.decide.solver.solve import Solution, solve
from replan.errors import UsageError
from replan.model.case import Case
from replan.present.solve import solve_blocks
from replan.present.terminal import to_text
from replan.present.words import Words

pytest.importorskip("highspy", reason="the solver is an extra: pip install 'replan[solve]'")

OFFERS = (
    choice("", "waive interest=50%"),
    choice("", "defer 2"),
    choice("split 4", "split 9", "split 18"),
)
MENU = Menu((OFFERS,))
BOTH = {"a": MENU, "b": MENU}


def household(surplus: str) -> Case:
    """Return two loans with arrears, and a priority debt that keeps its contract."""
    loans = [
        debt(id="a", rate="18%", principal="1800.00", interest="120.00", instalment=None),
        debt(id="b", rate="9%", principal="900.00", interest="200.00", instalment=None),
        debt(id="rent", principal="300.00", instalment="50.00", remaining_instalments=6,
             priority=True),
    ]  # fmt: skip
    facts = {"as_of": "2026-11-21", "currency": "EUR", "surplus": surplus, "debts": loans}
    return replan.load_case(facts)


class Single(NamedTuple):
    """One debt under one plan, evaluated by itself, in cents."""

    paid: Mapping[str, int]
    loss: int
    share: float
    total: int
    months: int


@cache
def singles(name: str) -> list[Single]:
    """Evaluate every plan of one debt by itself, and its contract."""
    case, plans = household("700.00"), itertools.product(*OFFERS)
    written = [" + ".join(str(step) for step in steps if step) for steps in plans]
    worth = figures(case, f"{name}: contract", name)[1]["npv"]
    found = []
    for plan in [*written, "contract"]:
        rows, metrics = figures(case, f"{name}: {plan}", name)
        loss = max(cents(worth) - cents(metrics["npv"]), 0)
        total = cents(metrics["total_paid"])
        months = metrics["months"]
        found.append(Single(by_month(rows), loss, loss / cents(worth), total, months))
    return found


def figures(case: Case, plan: str, name: str) -> tuple[list[Any], dict[str, Any]]:
    """Give one debt's rows and metrics as they are shown."""
    shown = replan.show(case, plan, debt=name).to_dict()["debts"][0]
    return shown["schedule"], shown["metrics"]


def cents(text: str) -> int:
    """Read an amount in cents."""
    return round(float(text) * 100)


def by_month(rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """Add up payments by calendar month."""
    paid: dict[str, int] = {}
    for row in rows:
        paid[row["due"][:7]] = paid.get(row["due"][:7], 0) + cents(row["payment"])
    return paid


def every(surplus: str) -> list[tuple[Single, Single]]:
    """Give every combination of plans that fits, with the rent beside it."""
    rent = by_month(figures(household(surplus), "rent: contract", "rent")[0])
    found = []
    for pair in itertools.product(singles("a"), singles("b")):
        months = {m for one in pair for m in one.paid} | set(rent)
        room = cents(surplus)
        if all(sum(o.paid.get(m, 0) for o in pair) + rent.get(m, 0) <= room for m in months):
            found.append(pair)
    return found


def aim(pair: Sequence[Single], objective: Objective) -> float:
    """Give what an objective makes least."""
    if objective == "smallest-ask":
        return float(sum(one.loss for one in pair))
    if objective == "fairest":
        return max(one.share for one in pair)
    if objective == "soonest":
        return float(max(one.months for one in pair))
    return float(sum(one.total for one in pair))


def solved(surplus: str, objective: Objective) -> Solution:
    """Solve the household."""
    return solve(household(surplus), {"a": MENU, "b": MENU}, objective=objective)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("surplus", ["240.00", "260.00", "700.00"])
def test_the_joint_plan_is_the_best_of_all_combinations(surplus: str, objective: Objective) -> None:
    """No combination that fits comes nearer to the aim."""
    found = solved(surplus, objective)
    chosen = [singles(s.debt.id)[place_of(s.notation(p))] for s, p in pairs(found)]

    assert found.choice.proved
    assert min(aim(p, objective) for p in every(surplus)) == pytest.approx(aim(chosen, objective))


def pairs(found: Solution) -> Iterable[tuple[Any, int]]:
    """Pair each debt with what was chosen for it."""
    return zip(found.joint.sides, found.choice.places, strict=True)


def place_of(plan: str) -> int:
    """Find a plan among those of `singles`."""
    written = [" + ".join(map(str, filter(None, steps))) for steps in itertools.product(*OFFERS)]
    return [*written, "contract"].index(plan)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_month_fits(objective: Objective) -> None:
    """What the plan pays in a month is no more than that month's surplus, the rent included."""
    found = solved("240.00", objective).to_dict()

    assert all(cents(m["payment"]) <= 240_00 for m in found["by_month"])
    assert found["metrics"]["verdict"] in {"fits", "tight"}
    assert [2 * 2 * 3 + 1] * 2 == [side["candidates"] for side in found["menus"]]


def test_what_is_missing_makes_it_fit() -> None:
    """With the least extra surplus a plan fits; with a cent less none does."""
    nothing = solved("100.00", "cheapest").to_dict()
    extra = float(nothing["missing"]["extra_surplus"])

    assert None is nothing["plan"]
    assert None is not solved(f"{100 + extra:.2f}", "cheapest").plan
    assert None is solved(f"{100 + extra - 0.01:.2f}", "cheapest").plan


def test_each_creditor_alone_is_told_what_it_would_have_to_give() -> None:
    """The least sum that one creditor gives up or puts off while the other keeps its candidates."""
    missing = solved("170.00", "cheapest").to_dict()["missing"]
    given = {c["id"]: c for c in missing["concessions"]}

    assert set(given) <= {"a", "b"}
    assert all(float(c["amount"]) >= float(missing["extra_surplus"]) for c in given.values())
    assert all(
        float(c["amount"]) == pytest.approx(sum(map(float, c["months"].values())))
        for c in given.values()
    )


def test_without_a_budget_there_is_no_joint_plan() -> None:
    """The message says what is missing."""
    facts = {"as_of": "2026-11-21", "currency": "EUR", "debts": [debt()]}
    with pytest.raises(replan.UsageError, match="budget"):
        solve(replan.load_case(facts), {"loan": MENU})


def test_an_unknown_objective_is_refused() -> None:
    """The message lists what there is."""
    with pytest.raises(replan.UsageError, match="smallest-ask"):
        solve(household("180.00"), {"a": MENU}, objective="best")  # type: ignore[arg-type]


def test_of_equals_what_comes_first_is_done_soonest() -> None:
    """Rent arrears without interest lose nothing by waiting: they are paid at once all the same."""
    rent = debt(id="rent", priority=True, arrears={"principal": "1200.00"}, days_past_due=30)
    facts = {"as_of": "2026-11-21", "currency": "EUR", "surplus": "150.00", "debts": [rent]}
    menu = Menu(((choice("", "defer 6"), choice("split 8", "split 12", "split 24")),))
    found = solve(replan.load_case(facts), {"rent": menu})

    assert "rent: split 8" == found.plan


def test_income_that_is_hoped_for_is_pointed_at_where_nothing_fits() -> None:
    """And a case without all its debts is told what is missing."""
    budget = {
        "income": [
            {"label": "help", "amount": "150"},
            {"label": "wage", "amount": "2000", "status": "expected"},
        ],
        "expenses": [{"label": "rent", "amount": "100"}],
    }
    loan = debt(id="a", rate="18%", principal="1800.00", instalment=None)
    facts = {"as_of": "2026-11-21", "currency": "EUR", "budget": budget, "debts": [loan]}
    found = solve(replan.load_case(facts), {"a": MENU}).to_dict()

    assert ["wage"] == found["missing"]["expected_income"]
    with pytest.raises(UsageError, match="needs all debts"):
        solve(replan.load_case(facts | {"incomplete": True}), {"a": MENU})


def test_nothing_is_asked_for_that_changes_nothing() -> None:
    """Neither a waiver of what is not owed, nor a rate that is charged already."""
    bill = debt(id="bill", rate="0%", principal="900.00", interest="0", instalment=None)
    facts = {"as_of": "2026-11-21", "currency": "EUR", "surplus": "80.00", "debts": [bill]}
    menu = choice("", "waive fees=100%"), choice("", "rate 0%"), choice("split 12", "split 24")
    found = solve(replan.load_case(facts), {"bill": Menu((menu,))}, objective="cheapest")

    assert "bill: split 12" == str(found.plan)


def test_a_time_limit_that_was_over_before_the_search_is_told() -> None:
    """Candidates are never cut short: a proof is over all of them."""
    late = solve(household("700.00"), BOTH, limits=Limits(left=lambda: -1.0)).to_dict()
    early = solve(household("700.00"), BOTH, limits=Limits(left=lambda: 60.0)).to_dict()
    unproved = {**late, "proved": False, "repeatable": False, "menus": []}
    shown = to_text(solve_blocks(unproved, Words("en")), width=200)

    assert (True, False) == (late["late"], early["late"])
    assert "The time limit was over before the search began" in shown
