"""The accounts of a borrower are chosen for together, as `replan solve` does."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import replan
from batch.portfolios import AS_OF, draw_account, table
from batch.test_offers import policy
from batch.test_portfolio import rows as plain_rows
from batch.test_portfolio import run, write
from batch.test_portfolio import told as told_
from replan.batch.offers import job_of, offers_of
from replan.decide.plans import Bench
from replan.errors import UsageError
from replan.model.policy import Policy
from replan.strategies.notation import parse_plan

OBJECTIVES = ("smallest-ask", "cheapest", "soonest", "fairest")
FIGURES = ("total_paid", "typical_payment", "peak_payment", "waived", "residual")
COLUMNS = ("total_paid", "instalment", "peak_payment", "waived", "residual")
HEAD: dict[str, Any] = {"as_of": AS_OF, "currency": "CNY"}
Row = dict[str, Any]
ACCOUNT: Row = {
    "account": "a", "principal": "1200", "rate": "12%", "surplus": "900", "borrower": "b",
}  # fmt: skip


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


def as_household(rows: list[Row]) -> Row:
    """Give the accounts of a borrower as the values of a case file."""
    debts = [
        {"id": r["account"]}
        | {k: v for k, v in r.items() if k not in ("account", "surplus", "borrower") and v}
        for r in rows
    ]
    return HEAD | {"jurisdiction": "CN", "surplus": rows[0]["surplus"], "debts": debts}


def solved(rows: list[Row], chosen: Policy, objective: Any) -> Any:
    """Solve one household as a case."""
    case = replan.load_case(as_household(rows))
    return replan.solve(case, {d.id: chosen for d in case.debts}, objective=objective).to_dict()


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_joint_choice_is_that_of_solve(objective: str) -> None:
    """Plan, total, payments, value and verdict are those of the household's case, or none fits."""
    chosen, drawn = small(), households(5, 7)
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


def test_further_offers_fit_while_the_others_keep_the_first() -> None:
    """An alternative of one account beside the others' first plans has the verdict of the case."""
    rows = [ACCOUNT | {"account": name, "surplus": "1300"} for name in "ab"]
    found = grouped(rows, small(), top=3, objectives=["soonest"])
    first = {o["account"]: o["plan"] for o in found if o["rank"] == 1}
    bench = Bench(replan.load_case(as_household(rows)))

    assert {1, 2, 3} == {o["rank"] for o in found}
    for offer in found:
        plans = first | {offer["account"]: offer["plan"]}
        plan = parse_plan("; ".join(f"{name}: {text}" for name, text in plans.items()))
        assert offer["verdict"] == bench.run(plan).household.verdict


def test_an_account_without_a_menu_keeps_its_contract() -> None:
    """What the policy is not meant for still takes its instalments from the budget."""
    chosen = small().model_copy(update={"products": ("personal-loan",)})
    loan = ACCOUNT | {"product": "personal-loan"}
    other = loan | {"product": "mortgage", "remaining_instalments": "12", "instalment": "107"}
    rows = [loan | {"account": "a"}, other | {"account": "m"}]
    told = [grouped([r | {"surplus": s} for r in rows], chosen, top=1) for s in ("700", "450")]

    assert [("offer", None), ("no-offer", "not-meant")] == [
        (o["status"], o["reason"]) for o in told[0]
    ]
    assert 700 - 107 >= told[0][0]["peak_payment"]
    assert ["over-surplus", "not-meant"] == [o["reason"] for o in told[1]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"principal": "much"}, "debt-missing"),
        ({"surplus": "301"}, "surplus-differs"),
        ({"flags": "vulnerable"}, "vulnerable"),
    ],
)
def test_what_is_said_of_one_account_holds_for_the_borrower(
    change: dict[str, str], reason: str
) -> None:
    """A row that is no account, another surplus or a flag about the person ends in a review."""
    rows = [ACCOUNT | {"account": "a"}, ACCOUNT | {"account": "b"} | change]
    first = grouped(rows, small(), top=1)[0]

    assert ("review", reason) == (first["status"], first["reason"])


def test_what_is_too_large_is_shared_pro_rata_and_says_so() -> None:
    """Beyond the bound each account is chosen by itself, within its part of the surplus."""
    many = [ACCOUNT | {"account": f"a{n}", "surplus": "12500"} for n in range(25)]
    found = grouped([*many, ACCOUNT | {"borrower": "c"}], small(), top=1)

    assert {"pro-rata"} == {o["shared"] for o in found[:-1]}
    assert "joint" == found[-1]["shared"]
    assert 500 >= max(o["peak_payment"] for o in found[:-1])


def test_offers_rest_on_all_accounts_of_the_borrower() -> None:
    """The id of an offer changes when the borrower's other account does."""
    rows = [ACCOUNT | {"account": "a"}, ACCOUNT | {"account": "b"}]
    other = [rows[0], rows[1] | {"interest": "1"}]
    found = [grouped(some, small(), top=1) for some in (rows, rows[::-1], other)]
    first, turned, changed = ({o["account"]: o["offer_id"] for o in told} for told in found)

    assert first == turned
    assert first["a"] != changed["a"]


def test_the_aims_of_single_accounts_are_refused() -> None:
    """`lowest-payment` has no meaning for a household; sharing pro-rata keeps it."""
    row = ACCOUNT
    with pytest.raises(UsageError, match="--share pro-rata"):
        grouped([row], small(), objectives=["lowest-payment"])
    (found,) = grouped([row], small(), objectives=["lowest-payment"], share="pro-rata", top=1)

    assert "lowest-payment" == found["objective"]


def test_a_contract_that_never_ends_may_be_kept() -> None:
    """Interest alone for ever is what the contract asks; told as the case by itself tells it."""
    rows = [ACCOUNT | {"instalment": "12", "surplus": "20"}]
    (found,) = grouped(rows, small(), top=1)
    (debt,) = solved(rows, small(), "smallest-ask")["debts"]

    assert (debt["plan"], debt["metrics"]["total_paid"]) == (
        found["plan"],
        str(found["total_paid"]),
    )
    assert debt["metrics"]["residual"] == str(found["residual"]) != "0.00"


def test_what_is_left_to_a_human_shares_nothing() -> None:
    """Who has no account to offer anything for is not told how the budget was shared."""
    found = grouped([ACCOUNT | {"flags": "vulnerable"}, ACCOUNT | {"account": "b"}], small())

    assert [None, None] == [o["shared"] for o in found]


def test_shares_need_a_borrower() -> None:
    """Without a column that names the borrower there is nothing to share."""
    with pytest.raises(UsageError, match="--group"):
        job_of(small(), **HEAD, share="pro-rata")


def test_plans_come_by_their_rank_also_where_one_is_the_contract() -> None:
    """Objective after objective: the first row of an account is what was chosen for it."""
    rows = [row for rows in households(21, 8) for row in rows]
    told = grouped(rows, small(), objectives=("soonest", "fairest"), top=3)
    found: dict[str, list[tuple[str, int]]] = {}
    for row in (row for row in told if row["status"] == "offer"):
        found.setdefault(row["account"], []).append((row["objective"], row["rank"]))

    assert any(row["plan"] == "contract" and row["rank"] == 1 for row in told)
    for ranks in found.values():
        assert sorted(ranks, key=lambda one: (one[0] != "soonest", one[1])) == ranks


@pytest.mark.parametrize(
    "names",
    [
        pa.array([7, 7, 0, 0]),
        pa.array(["x", "x ", "y", " y"]),
        pa.array([b"x", b"x", b"y", b"y"]),
        pa.array(["x", "x", "y", "y"]).dictionary_encode(),
        pa.array(["x", "x", "y", "y"], pa.large_string()),
    ],
)
def test_borrowers_are_named_by_any_kind_of_column(tmp_path: Path, names: pa.Array) -> None:
    """Numbers, also 0, are names; blanks around them mean nothing; however the table is cut."""
    columns = {"account": list("abcd"), "principal": [1000] * 4, "rate": ["12%"] * 4,
               "surplus": [200, None, 200, None]}  # fmt: skip
    pq.write_table(pa.table({**columns, "who": names}), tmp_path / "in.parquet")
    args = write(tmp_path, plain_rows(1))[2:]
    for chunk in ("1", "4"):
        to = ["-o", str(tmp_path / f"{chunk}.csv"), "--group", "who", "--chunk", chunk]
        run("batch", str(tmp_path / "in.parquet"), *args, *to, "--offers", "1")
    found = told_(tmp_path / "4.csv")

    assert ["joint"] * 4 == [row["shared"] for row in found]
    assert found == told_(tmp_path / "1.csv")


@pytest.mark.parametrize("names", [pa.array([1.0, 1.0]), pa.array([[1], [1]])])
def test_what_names_no_borrower_is_refused(tmp_path: Path, names: pa.Array) -> None:
    """A float has too few digits for long numbers, a list is no name: one line says so."""
    columns = {"account": ["a", "b"], "principal": [1000] * 2, "rate": ["12%"] * 2}
    pq.write_table(pa.table({**columns, "who": names}), tmp_path / "in.parquet")
    args = [*write(tmp_path, plain_rows(1))[2:], "-o", str(tmp_path / "o.csv"), "--group", "who"]
    ended = run("batch", str(tmp_path / "in.parquet"), *args)

    assert (2, True) == (ended.exit_code, 'column "who" holds' in ended.stderr)
