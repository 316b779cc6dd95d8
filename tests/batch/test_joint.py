"""The accounts of a borrower are chosen for together, as `replan solve` does."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import replan
from batch.portfolios import AS_OF, draw_account, table
from batch.test_offers import policy
from replan.batch.offers import job_of, offers_of
from replan.model.policy import Policy

OBJECTIVES = ("smallest-ask", "cheapest", "soonest", "fairest")
FIGURES = ("total_paid", "typical_payment", "peak_payment", "waived", "residual")
COLUMNS = ("total_paid", "instalment", "peak_payment", "waived", "residual")
HEAD: dict[str, Any] = {"as_of": AS_OF, "currency": "CNY"}
Row = dict[str, Any]


def small(name: str = "cn-small-loan-strict") -> Policy:
    """Give a small policy that is meant for everybody."""
    return policy(name).model_copy(update={"lender_types": ()})


def households(seed: int, count: int) -> list[list[Row]]:
    """Draw borrowers with one to four accounts, and budgets from ample to hopeless."""
    random = Random(seed)  # noqa: S311  # made-up data
    found = []
    for n in range(count):
        rows = [draw_account(random, 10 * n + k) for k in range(random.randint(1, 4))]
        owed = sum(float(row["principal"]) for row in rows)
        surplus = round(owed / random.choice([1, 2, 4, 8, 14, 20]), 2)
        path = random.choice([f"{surplus}", f"{surplus}; 2027-02: {surplus / 2:.2f}"])
        found.append([row | {"surplus": path, "borrower": f"b{n}"} for row in rows])
    return found


def grouped(rows: list[Row], chosen: Policy, **options: Any) -> list[Row]:
    """Give the offers of borrowers as plain values."""
    defaults = {"jurisdiction": "CN"} | options.pop("defaults", {})
    job = job_of(chosen, **HEAD, share_by="borrower", defaults=defaults, **options)
    return list(offers_of(table(rows), job).to_pylist())


def solved(rows: list[Row], chosen: Policy, objective: Any) -> Any:
    """Solve one household as a case."""
    debts = [
        {"id": r["account"]}
        | {k: v for k, v in r.items() if k not in ("account", "surplus", "borrower") and v}
        for r in rows
    ]
    head = HEAD | {"jurisdiction": "CN", "surplus": rows[0]["surplus"], "debts": debts}
    case = replan.load_case(head)
    return replan.solve(case, {d.id: chosen for d in case.debts}, objective=objective).to_dict()


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_joint_choice_is_that_of_solve(objective: str) -> None:
    """Plan, total, payments, value and verdict are those of the household's case, or none fits."""
    chosen, drawn = small(), households(5, 14)
    found = grouped([r for rows in drawn for r in rows], chosen, top=1, objectives=[objective])
    told = {row["account"]: row for row in found}

    for rows in drawn:
        mine = [told[row["account"]] for row in rows]
        best = solved(rows, chosen, objective)
        if best["plan"] is None:
            assert {("no-offer", "over-surplus")} == {(o["status"], o["reason"]) for o in mine}
            continue
        for offer, debt in zip(mine, best["debts"], strict=True):
            assert (debt["plan"], best["metrics"]["verdict"]) == (offer["plan"], offer["verdict"])
            assert debt["metrics"]["months"] == offer["months"]
            assert [debt["metrics"][k] for k in FIGURES] == [str(offer[c]) for c in COLUMNS]
