"""Where no plan is right the ways beyond plans come first, and only there."""

from __future__ import annotations

from typing import Any

import pytest

import replan

LOAN = {
    "id": "a",
    "principal": "6000",
    "rate": "10%",
    "lender_type": "bank",
    "product": "loan",
}


def routes(
    surplus: str,
    *plans: str,
    jurisdiction: str = "GB-EAW",
    budget: dict[str, Any] | None = None,
    **debt: Any,
) -> dict[str, Any] | None:
    """Compare plans at a monthly surplus, or with a budget, and return the ways beyond them."""
    raw = {
        "as_of": "2026-11-21",
        "currency": "GBP",
        "jurisdiction": jurisdiction,
        **({"budget": budget} if budget else {"surplus": surplus}),
        "debts": [LOAN | debt],
    }
    case = replan.load(raw).cases[0]
    compared = replan.compare(case, plans or ("split 60",), rules=replan.rules_for(case))
    found: dict[str, Any] | None = compared.to_dict()["routes"]
    return found


def test_routes_where_not_even_the_principal_is_repaid() -> None:
    """60 a month for 61 months are 3,660, and 6,000 would take 99 months."""
    found = routes("60")

    assert found is not None
    assert ("too-long", "3660.00", 99) == (found["reason"], found["left"], found["months"])


@pytest.mark.parametrize("rent", ["900", "1000"])
def test_routes_at_no_surplus(rent: str) -> None:
    """Where nothing is left, or less than nothing, no number of months is named."""
    budget = {"income": [{"amount": "900"}], "expenses": [{"amount": rent}]}
    found = routes("0", budget=budget)

    assert found is not None
    assert ("no-surplus", None) == (found["reason"], found["months"])


@pytest.mark.parametrize(
    ("surplus", "plans"),
    [
        ("100", ("split 60",)),  # 100 a month repay the principal in time: concessions may do
        ("200", ("split 36",)),  # this plan fits
        ("60", ("settle 25% in=30",)),  # and this one does, though the principal is out of reach
    ],
)
def test_no_routes_where_a_plan_may_be_right(surplus: str, plans: tuple[str, ...]) -> None:
    """A least concession, or a settlement, is a plan like any other."""
    assert routes(surplus, *plans) is None


def test_priority_debts_take_their_part_first() -> None:
    """What a priority debt needs is not left for the others."""
    raw = {
        "as_of": "2026-11-21",
        "currency": "GBP",
        "jurisdiction": "GB-EAW",
        "surplus": "110",
        "debts": [
            LOAN,
            {
                "id": "rent",
                "principal": "3000",
                "rate": "0%",
                "priority": True,
                "instalment": "50",
                "remaining_instalments": 60,
            },
        ],
    }
    case = replan.load(raw).cases[0]
    found = replan.compare(case, ["split 60"], rules=replan.rules_for(case)).to_dict()["routes"]

    assert str(61 * 110 - 60 * 50) + ".00" == found["left"]


def test_debt_relief_order_is_screened_and_asked_for() -> None:
    """Debts and surplus are compared with the limits; home and assets nobody knows."""
    found = routes("60")
    assert found is not None
    order = next(r for r in found["routes"] if r["id"] == "uk.debt-relief-order")

    assert [("debts", True), ("surplus", True)] == [
        (test["what"], test["within"]) for test in order["screen"]
    ]
    assert 4 == len(order["asks"])


def test_debts_above_the_limit_are_said_to_be() -> None:
    """50,000.01 is above the limit of a debt relief order."""
    found = routes("60", principal="50000.01")
    assert found is not None
    order = next(r for r in found["routes"] if r["id"] == "uk.debt-relief-order")

    assert [False, True] == [test["within"] for test in order["screen"]]


@pytest.mark.parametrize(
    ("expected", "jurisdiction"),
    [
        ({"uk.advice", "uk.moratorium.scotland"}, "GB-SCT"),
        ({"uk.advice", "uk.iva"}, "GB-NIR"),
        ({"uk.advice"}, "UK"),
        ({"au.helpline", "au.afca"}, "AU"),
        (set(), "XX"),
    ],
)
def test_routes_are_those_of_the_place(expected: set[str], jurisdiction: str) -> None:
    """A way out of another part of the country is none; where that is unknown it is asked."""
    found = routes("0", jurisdiction=jurisdiction)

    assert found is not None
    assert expected == {route["id"] for route in found["routes"]}
    assert (jurisdiction == "UK") == bool(found["question"])


def test_both_cities_with_a_bankruptcy_of_persons_are_named() -> None:
    """Xiamen's regulation holds since 2025-11-01, beside Shenzhen's."""
    found = routes("0", jurisdiction="CN")

    assert found is not None
    named = {route["id"]: route["since"] for route in found["routes"]}
    assert "2025-11-01" == named["cn.bankruptcy.xiamen"]
    assert "2021-03-01" == named["cn.bankruptcy.shenzhen"]


def test_without_a_budget_nothing_is_said() -> None:
    """Nobody knows what is left, so nobody can say that no plan is right."""
    raw = {"as_of": "2026-11-21", "currency": "GBP", "jurisdiction": "UK", "debts": [LOAN]}
    case = replan.load(raw).cases[0]

    assert replan.compare(case, ["split 60"]).to_dict()["routes"] is None


def test_a_wage_that_may_return_leaves_a_plan_possible() -> None:
    """Nobody is sent to a bankruptcy court who expects 300 a month from spring."""
    wage = {"amount": "1200", "from": "2027-04-01", "status": "expected"}
    budget = {"income": [{"amount": "900"}, wage], "expenses": [{"amount": "900"}]}

    assert routes("0", budget=budget) is None


def test_a_wage_that_would_not_do_changes_nothing() -> None:
    """With 60 a month from April 2027 it would be 55 months of 60 against 6,000."""
    wage = {"amount": "60", "from": "2027-04-01", "status": "expected"}
    budget = {"income": [{"amount": "900"}, wage], "expenses": [{"amount": "900"}]}
    found = routes("0", budget=budget)

    assert found is not None
    assert ("too-long", str(56 * 60) + ".00") == (found["reason"], found["left"])
