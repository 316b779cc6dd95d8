"""Offers for a portfolio are those of each account alone."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import replan
from batch.portfolios import AS_OF, as_case, draw, table
from replan.model.policy import Policy

OBJECTIVES = ("smallest-ask", "lowest-payment", "soonest", "cheapest")
CHINA = {"jurisdiction": "CN"}
PLAIN = {"account": "a", "principal": "1200.00", "rate": "12%", "surplus": "500"}


def policy(name: str) -> Policy:
    """Give a shipped policy without its conditions, so that all accounts have offers."""
    found = replan.load_policy(name)
    return found.model_copy(update={"conditions": type(found.conditions)(), "products": ()})


def offers(rows: list[dict[str, Any]], name: str = "general", **options: Any) -> list[Any]:
    """Give the offers of a portfolio as plain values."""
    chosen = options.pop("policy", None) or policy(name)
    found = replan.offers(table(rows), chosen, as_of=AS_OF, currency="CNY", **options)
    return list(found.to_pylist())


def alone(row: dict[str, Any], chosen: Policy) -> dict[str, tuple[Any, ...]]:
    """Search for one account by itself; give plan and figures of the best by each objective."""
    case = replan.load_case(as_case(row, currency="CNY", jurisdiction="CN"))
    found = replan.search(case, "account", policy=chosen, top=9).to_dict()["choice"]
    return {
        label: (one["plan"], *(one["metrics"][key] for key in FIGURES), one["metrics"]["apr"])
        for one in found
        for label in one["labels"]
        if label in OBJECTIVES
    }


FIGURES = ("total_paid", "peak_payment", "typical_payment", "waived", "months", "verdict")


@pytest.mark.parametrize("name", ["general", "cn-small-loan-strict"])
def test_offers_are_those_of_each_account_alone(name: str) -> None:
    """Every figure of the best plan by each objective is that of the search of one case."""
    rows, chosen = draw(7, 14), policy(name).model_copy(update={"lender_types": ()})
    found = offers(rows, policy=chosen, top=1, objectives=OBJECTIVES, defaults=CHINA)
    columns = ("plan", "total_paid", "peak_payment", "instalment", "waived", "months", "verdict")

    for row in rows:
        told = {o["plan"]: o for o in found if o["account"] == row["account"] and o["plan"]}
        for plan, *figures, apr in alone(row, chosen).values():
            mine = told[plan]
            assert [plan, *figures] == [mine[c] if c == "months" else str(mine[c]) for c in columns]
            assert apr == (None if mine["apr"] is None else pytest.approx(mine["apr"], abs=2e-9))


def test_a_table_may_be_cut_anywhere() -> None:
    """What stands beside an account in a batch does not matter to its offers."""
    whole = table(draw(3, 12))
    chosen = policy("cn-small-loan-strict").model_copy(update={"lender_types": ()})
    parts = [
        replan.offers(whole.slice(at, size), chosen, as_of=AS_OF, currency="CNY", defaults=CHINA)
        for at, size in ((0, 1), (1, 7), (8, 4))
    ]

    together = replan.offers(whole, chosen, as_of=AS_OF, currency="CNY", defaults=CHINA)

    assert pa.Table.from_batches(parts).combine_chunks().equals(pa.Table.from_batches([together]))


def test_a_row_that_is_no_account_is_rejected_in_the_words_of_a_case() -> None:
    """The message is the model's, the field the column, and every other row has its offers."""
    bad = PLAIN | {"account": "b", "principal": "1,2,3"}
    said = replan.load(as_case(bad, currency="CNY")).issues[0]
    found = offers([PLAIN, bad], top=1)

    assert ["offer", "reject"] == [o["status"] for o in found]
    assert ("principal", said.code) == (found[1]["field"], found[1]["reason"])
    assert f"{said.message} {said.hint}" == found[1]["message"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"arrears.principal": "1300"}, "arrears.principal", "arrears-above-outstanding"),
        ({"next_due": "2026-11-01"}, "next_due", "dates-out-of-order"),
        ({"method": "balloon"}, "method", "value-unknown"),
        ({"rate": "18.25"}, "rate", "rate-suspicious"),
        ({"account": ""}, "account", "key-missing"),
        ({"surplus": "much"}, "surplus", "amount-unreadable"),
    ],
)
def test_what_contradicts_is_rejected(change: dict[str, str], field: str, code: str) -> None:
    """Columns are checked as strictly as a single case."""
    (found,) = offers([PLAIN | change])

    assert ("reject", code, field) == (found["status"], found["reason"], found["field"])


def test_what_only_the_model_reads_is_taken() -> None:
    """An amount written as people do is the same amount."""
    plain, written = offers([PLAIN], top=1), offers([PLAIN | {"principal": "¥1,200.00"}], top=1)

    assert plain[0]["plan"] == written[0]["plan"]
    assert plain[0]["total_paid"] == written[0]["total_paid"]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ([1200], pa.int64()),
        ([1200.0], pa.float64()),
        (["1200.00"], pa.string()),
        ([1200], pa.decimal128(12, 4)),
    ],
)
def test_amounts_may_be_of_any_kind(column: list[Any], kind: pa.DataType) -> None:
    """Whole numbers, floats, decimals and texts mean the same amount."""
    names = {"account": ["a"], "principal": pa.array(column, kind), "rate": [0.12]}
    batch = pa.record_batch(names)
    found = replan.offers(batch, policy("general"), as_of=AS_OF, currency="CNY", top=1)
    usual = offers([PLAIN | {"surplus": ""}], top=1)

    assert usual[0]["total_paid"] == found.to_pylist()[0]["total_paid"]


def test_without_a_surplus_payments_are_not_assessed() -> None:
    """Offers are given, and say that nobody knows whether they can be paid."""
    (found,) = offers([PLAIN | {"surplus": ""}], top=1)

    assert "not-assessed" == found["verdict"]


@pytest.mark.parametrize(
    ("flag", "status", "reason"),
    [
        ("deceased", "suppressed", "deceased"),
        ("vulnerable", "review", "vulnerable"),
        ("vulnerable; dispute", "suppressed", "dispute"),
        ("moon", "review", "flag-unknown"),
    ],
)
def test_flags_keep_a_machine_from_offering(flag: str, status: str, reason: str) -> None:
    """A flag suppresses or sends to a human; one that is not known goes to a human."""
    (found,) = offers([PLAIN | {"flags": flag}])

    assert (status, reason) == (found["status"], found["reason"])


def test_a_policy_may_decide_otherwise_about_a_flag() -> None:
    """Exclusions are data of the policy."""
    chosen = policy("general").model_copy(update={"exclusions": {"vulnerable": "offer"}})
    (found,) = offers([PLAIN | {"flags": "vulnerable"}], policy=chosen, top=1)

    assert "offer" == found["status"]


def test_a_policy_offers_only_to_whom_it_is_meant_for() -> None:
    """Conditions and kinds of debt are looked at before anything is computed."""
    card = replan.load_policy("cn-bank-card")
    late = {"days_past_due": "40", "arrears": "10", "jurisdiction": "CN", "lender_type": "bank"}
    rows = [
        PLAIN,
        PLAIN | {"account": "b"} | late,
        PLAIN | {"account": "c", "product": "card"} | late,
    ]
    found = offers(rows, policy=card, top=1)

    assert ["past-due-from", "not-meant", None] == [o["reason"] for o in found]


def test_one_plan_for_all_names_the_limits_it_is_outside_of() -> None:
    """A plan given by hand is computed whatever the policy says, and judged."""
    (found,) = offers([PLAIN], plan="waive principal=20% + split 72")

    assert ("waive principal=20% + split 72", 72) == (found["plan"], found["instalments"])
    assert "instalments" == found["findings"]


def test_unknown_objectives_are_refused() -> None:
    """A misspelt objective is the caller's mistake."""
    with pytest.raises(replan.UsageError, match="objective"):
        offers([PLAIN], objectives=("best",))
