"""A plan given for all accounts of a borrower is judged as for the household's case."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from batch.portfolios import AS_OF, table
from batch.test_joint import ACCOUNT, Row, as_household, grouped, households, small
from batch.test_offers import PLAIN
from replan.decide.plans import Bench
from replan.errors import PackError, UsageError
from replan.strategies.notation import parse_plan

SHARING = (
    "household(snowball)",
    "waive penalty=100% + household(avalanche)",
    "household(pro-rata)",
)


def evaluated(rows: list[Row], plan: str) -> Any:
    """Evaluate the plan for the household's case."""
    return Bench(replan.load_case(as_household(rows))).run(parse_plan(plan)).household


def figures_of(offer: Row) -> tuple[Any, ...]:
    """Give an offer's figures in cents."""
    names = ("total_paid", "instalment", "peak_payment", "waived", "residual")
    return (*(int(offer[name] * 100) for name in names), offer["months"])


@pytest.mark.parametrize("plan", [*SHARING, "household(token of=50)"])
def test_one_amount_is_shared_as_in_a_case(plan: str) -> None:
    """Every account has the figures that the household strategy gives it, and its verdict."""
    drawn = households(3, 3)
    told = {o["account"]: o for rows in drawn for o in grouped(rows, small(), plan=plan)}

    for rows in drawn:
        household = evaluated(rows, plan)
        for found, f in household.debts:
            offer = told[found.debt.id]
            mine = (f.total_paid, f.typical_payment, f.peak_payment, f.waived, f.residual, f.months)
            assert (mine, household.verdict) == (figures_of(offer), offer["verdict"])
            assert plan == offer["plan"]


def test_a_plan_for_one_debt_is_judged_by_the_sum_of_all() -> None:
    """Each account fits by itself; together they fall short."""
    rows = [ACCOUNT | {"account": name, "surplus": s} for s in ("450",) for name in "ab"]
    found = grouped(rows, small(), plan="split 3")

    assert (
        ["short"] * 2 == [o["verdict"] for o in found] == [evaluated(rows, "split 3").verdict] * 2
    )


def test_the_contract_of_an_excluded_account_comes_off_first() -> None:
    """What is in dispute still takes its instalments from the amount that is shared."""
    rows = [ACCOUNT, ACCOUNT | {"account": "b", "flags": "dispute", "remaining_instalments": "12"}]
    offer, other = grouped(rows, small(), plan="household(snowball)")
    left = ACCOUNT | {"surplus": f"{900 - 106.62:.2f}"}

    assert "suppressed" == other["status"]
    assert figures_of(offer)[0] == evaluated([left], "household(snowball)").debts[0][1].total_paid


def test_sharing_one_amount_needs_to_know_whose_it_is() -> None:
    """Without --group, and with pro-rata shares beside it, the plan is refused."""
    head: Row = {"as_of": AS_OF, "currency": "CNY", "plan": "household(snowball)"}
    with pytest.raises(UsageError, match="--group"):
        replan.offers(table([PLAIN]), small(), **head)
    with pytest.raises(UsageError, match="--share"):
        replan.offers(table([ACCOUNT]), small(), **head, group="borrower", share="pro-rata")


def test_a_waterfall_to_an_amount_is_poured_for_each_account() -> None:
    """It comes to the steps that the case by itself comes to."""
    plan = "waterfall to=60 [rate cut=50% > split 36]"
    rows = [PLAIN | {"account": f"a{n}", "principal": f"{1200 * n}"} for n in (1, 2)]
    rows = [row | {"borrower": row["account"], "remaining_instalments": "24"} for row in rows]
    found = grouped(rows, small(), plan=plan)

    for row, offer in zip(rows, found, strict=True):
        ((_, f),) = evaluated([row], plan).debts
        assert (plan, f.total_paid) == (offer["plan"], int(offer["total_paid"] * 100))


def test_a_waterfall_to_a_share_of_income_is_refused() -> None:
    """No table of accounts has an income."""
    plan = "waterfall to=10% [split 36]"
    with pytest.raises(PackError, match="income"):
        replan.offers(table([PLAIN]), small(), as_of=AS_OF, currency="CNY", plan=plan)
