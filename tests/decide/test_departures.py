"""A plan outside a lender's policy is named with value, limit, source and date."""

from __future__ import annotations

from typing import Any

import pytest

from replan.decide.candidates.departures import departures
from replan.decide.compare import compare
from replan.decide.plans import Bench
from replan.decide.show import show
from replan.io.policies import load_policy
from replan.model.case import Case
from replan.strategies.notation import parse_plan

CARD = load_policy("cn-bank-card")


def card(**other: Any) -> Case:
    """Return a card of 6,000.00 CNY and its interest, 40 days late."""
    debt = {"id": "a", "product": "credit-card", "lender_type": "bank", "principal": "6000",
            "interest": "300", "rate": "18%", "remaining_instalments": 12, "method": "level",
            "next_due": "2026-12-10", "days_past_due": 40,
            "arrears": {"principal": "500", "interest": "300"}, **other}  # fmt: skip
    return Case.model_validate(
        {"as_of": "2026-11-21", "currency": "CNY", "jurisdiction": "CN", "debts": [debt]}
    )


def found(plan: str, of: Case | None = None) -> list[dict[str, Any]]:
    """Hold a plan against the policy for bank cards."""
    bench = Bench(of or card())
    (one, _), *_ = bench.run(parse_plan(plan)).household.debts
    return departures(bench, one, CARD)


@pytest.mark.parametrize("plan", ["contract", "unpaid", "split 60", "waive penalty=100% + split 6"])
def test_what_the_policy_allows_departs_from_nothing(plan: str) -> None:
    """The contract and paying nothing ask for nothing."""
    assert [] == found(plan)


@pytest.mark.parametrize(
    ("expected", "plan"),
    [
        ([("policy-instalments", 72), ("policy-total_term_months", 72)], "split 72"),
        ([("policy-waived_principal", 0.1)], "waive principal=10% + split 60"),
        ([("policy-not-offered", None)], "defer 2 + split 12"),
        ([("policy-order", None)], "split 12 + waive interest=50%"),
        ([("policy-not-judged", None)], "household(pro-rata of=300)"),
    ],
)
def test_departure_is_named(expected: list[tuple[str, Any]], plan: str) -> None:
    """By limit, with the value found; by step; by order."""
    assert expected == [(f["code"], f.get("value")) for f in found(plan)]


def test_a_departure_quotes_limit_source_and_date() -> None:
    """At most 60 by article 70, in force since 13 January 2011."""
    first = found("split 72")[0]

    assert ("a", "cn-bank-card", 60.0, "2011-01-13") == (
        first["debt"], first["policy"], first["max"], first["since"]
    )  # fmt: skip
    assert "article 70" in first["source"]


def test_conditions_that_are_not_met_are_notes() -> None:
    """The policy is for debts past due; for cards of banks."""
    on_time = card(days_past_due=0, arrears=None)
    other = card(product="mortgage")

    assert ["policy-past-due-from"] == [f["code"] for f in found("split 12", on_time)]
    assert ["policy-not-meant"] == [f["code"] for f in found("split 12", other)]


def test_compare_and_show_say_so() -> None:
    """Among the findings of the debt, where a policy was named for it."""
    case = card()
    compared = compare(case, ["split 72"], policies={"a": CARD}).to_dict()
    shown = show(case, "split 72", policies={"a": CARD}).to_dict()

    for listed in (compared["plans"][2]["debts"][0], shown["debts"][0]):
        assert "policy-instalments" in {f["code"] for f in listed["findings"]}
