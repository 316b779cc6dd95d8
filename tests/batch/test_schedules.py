"""Schedules of a portfolio: row for row what `replan show` gives for the account by itself."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import replan
from batch.portfolios import AS_OF, as_case, draw, table
from batch.test_portfolio import rows as accounts
from batch.test_portfolio import run, write
from replan.batch.schedules import AMOUNTS
from replan.errors import UsageError
from replan.present.show import show_records

PLANS = (
    "split 12",
    "waive penalty=100% interest=50% + split 24",
    "waive interest=100% principal=10% when=completion + split 9",
    "waive penalty=100% when=on-time:3 + split 12",
    "defer 3 + split 24",
    "defer 2 interest=capitalise + split 6",
    "rate cut=50% for=6 + split 18",
    "freeze 3",
    "extend 6",
    "split to=500",
    "down 10% + split 12",
    "split 12 every=2-weeks",
)


def given(rows: list[dict[str, Any]], **options: Any) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Give offers to accounts, and the schedules of these."""
    accounts = table(rows)
    policy = replan.load_policy("general")
    offers = replan.offers(accounts, policy, as_of=AS_OF, currency="CNY", **options)
    return offers, replan.schedules(accounts, offers, as_of=AS_OF, currency="CNY")


def rows_of(found: pa.RecordBatch, offer_id: str) -> list[dict[str, Any]]:
    """Give the rows of one offer as `replan show` writes them."""
    mine = found.filter(pc.equal(found.column("offer_id"), offer_id)).to_pylist()
    return [
        {k: str(v) for k, v in row.items() if k not in ("account", "offer_id", "rank")}
        for row in mine
    ]


def shown(row: dict[str, Any], plan: str) -> list[dict[str, Any]]:
    """Show one account under one plan, as its own case."""
    case = replan.load(as_case(row, currency="CNY")).cases[0]
    records = show_records(replan.show(case, plan).to_dict())
    return [_in_cents(record) for record in records]


def _in_cents(record: dict[str, Any]) -> dict[str, str]:
    left_out = ("plan", "debt", "accrued_principal")
    return {
        key: str(Decimal(str(value)).quantize(Decimal("0.01")))
        if key not in ("n", "due")
        else str(value)
        for key, value in record.items()
        if key not in left_out
    }


@pytest.mark.parametrize("plan", PLANS)
def test_rows_are_those_of_the_account_by_itself(plan: str) -> None:
    """Every date and amount of every account under a plan, to the minor unit."""
    rows = draw(11, 12)
    by_name = {row["account"]: row for row in rows}
    offers, found = given(rows, plan=plan)
    made = [o for o in offers.to_pylist() if o["status"] == "offer"]

    assert made
    for offer in made:
        assert shown(by_name[offer["account"]], plan) == rows_of(found, offer["offer_id"])


@pytest.mark.parametrize("plan", ["defer 1 + split 6", "split 8 every=week", "extend 3"])
def test_rows_fall_on_the_dates_of_each_account(plan: str) -> None:
    """Accounts that differ in their dates alone are rolled together, each on its own."""
    alike = {"principal": "900", "rate": "12%", "remaining_instalments": "5", "surplus": None}
    dates = [("2026-12-01", "2026-11-01"), ("2026-12-31", "2026-10-31"), ("2027-01-15", None)]
    rows = [
        alike | {"account": f"a{n}", "next_due": due, "last_accrual": accrued}
        for n, (due, accrued) in enumerate(dates)
    ]
    offers, found = given(rows, plan=plan)

    for row, offer in zip(rows, offers.to_pylist(), strict=True):
        assert shown(row, plan) == rows_of(found, offer["offer_id"])


def test_a_contract_that_is_kept_has_its_rows() -> None:
    """`contract` is a plan, also where its payments never clear the debt."""
    rows = [row | {"surplus": None} for row in draw(11, 6)]
    rows += [{"account": "endless", "principal": "9000", "rate": "36%", "minimum_payment": "100"}]
    totals = [sum(Decimal(r["payment"]) for r in shown(row, "contract")) for row in rows]
    made = {"account": [row["account"] for row in rows], "total_paid": totals}
    same = {"status": "offer", "plan": "contract", "rank": 1}
    made |= {name: [value] * len(rows) for name, value in same.items()}
    kinds = {"total_paid": pa.decimal128(18, 2)}
    made = {name: pa.array(column, kinds.get(name)) for name, column in made.items()}
    offers = pa.record_batch(made | {"offer_id": made["account"]})
    found = replan.schedules(table(rows), offers, as_of=AS_OF, currency="CNY")

    for row in rows:
        assert shown(row, "contract") == rows_of(found, row["account"])


def test_offers_of_a_policy_keep_their_order() -> None:
    """Rows follow the offers, each from row 0 on, whatever plans stand beside each other."""
    offers, found = given(draw(3, 10), top=3, objectives=["smallest-ask", "soonest"])
    ids = [name for name in offers.column("offer_id").to_pylist() if name]
    begins = found.filter(pc.equal(found.column("n"), 0))

    assert ids == begins.column("offer_id").to_pylist()
    assert ids == list(dict.fromkeys(found.column("offer_id").to_pylist()))
    assert {1, 2, 3} == set(begins.column("rank").to_pylist())


def test_every_row_balances() -> None:
    """Opening + accrued − waived − payment = balance."""
    _, found = given(draw(5, 10))
    signs = {"opening": 1, "accrued": 1, "waived": -1, "payment": -1, "balance": -1}
    for row in found.to_pylist():
        parts = (signs.get(k.split("_")[0], 0) * v for k, v in row.items() if k in AMOUNTS)
        assert 0 == sum(parts)


def test_schedules_do_not_depend_on_what_stands_beside() -> None:
    """Some offers by themselves have the rows that they have among all."""
    rows = draw(4, 8)
    offers, whole = given(rows)
    pieces = [
        replan.schedules(table(rows), offers.slice(at, 7), as_of=AS_OF, currency="CNY")
        for at in range(0, offers.num_rows, 7)
    ]

    assert pa.Table.from_batches([whole]) == pa.Table.from_batches(pieces)


def test_accounts_without_offers_have_no_rows() -> None:
    """A table of rejects gives a table without rows, with all columns."""
    _, found = given([{"account": "a", "principal": "x", "rate": "1"}])

    assert 0 == found.num_rows
    assert ["account", "offer_id", "rank", "n", "due"] == found.schema.names[:5]


def test_offers_made_for_other_figures_are_refused() -> None:
    """A schedule never stands beside an offer that it does not add up to."""
    rows = draw(3, 5)
    offers, _ = given(rows)
    other = [row | {"principal": f"{Decimal(row['principal']) + 1}"} for row in rows]
    with pytest.raises(UsageError, match="other figures"):
        replan.schedules(table(other), offers, as_of=AS_OF, currency="CNY")
    with pytest.raises(UsageError, match="not among the accounts"):
        replan.schedules(table(rows[:1]), offers, as_of=AS_OF, currency="CNY")


@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
def test_schedules_stand_beside_the_offers(tmp_path: Path, suffix: str) -> None:
    """The file has the rows of every offer, whatever the pieces, and stands in the manifest."""
    args = write(tmp_path, accounts(30))
    one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
    run(*args, "-o", str(tmp_path / "o.parquet"), "--schedules", str(one))
    again = [*args, "-o", str(tmp_path / "p.parquet"), "--schedules", str(two)]
    ended = run(*again, "--chunk", "7", "--workers", "2")
    manifest = json.loads((tmp_path / "p.parquet.manifest.json").read_text("utf-8"))
    offers = pq.read_table(tmp_path / "o.parquet")
    rows = pq.read_table(one) if suffix == ".parquet" else pa.ipc.open_file(one).read_all()

    assert 0 == ended.exit_code
    assert one.read_bytes() == two.read_bytes()
    assert hashlib.sha256(two.read_bytes()).hexdigest() == manifest["schedules"]["sha256"]
    assert set(offers["offer_id"].drop_null().to_pylist()) == set(rows["offer_id"].to_pylist())
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_schedules_that_were_touched_are_found(tmp_path: Path) -> None:
    """`--verify` looks at the schedules as at the offers."""
    output, rows = tmp_path / "o.csv", tmp_path / "rows.csv"
    run(*write(tmp_path, accounts(3)), "-o", str(output), "--schedules", str(rows))
    manifest = str(tmp_path / "o.csv.manifest.json")
    before = run("batch", "--verify", manifest).exit_code
    rows.write_text("x")

    assert (0, 1) == (before, run("batch", "--verify", manifest).exit_code)


def test_an_interrupted_run_goes_on_with_its_schedules(tmp_path: Path) -> None:
    """Pieces that are done are not done again; without them nothing is resumed as if they were."""
    entries = accounts(12)
    entries[-1] |= {"rate": "x"}
    args = [*write(tmp_path, entries), "--chunk", "3"]
    whole, rows = tmp_path / "whole.csv", tmp_path / "rows.csv"
    run(*args, "-o", str(tmp_path / "w.csv"), "--schedules", str(whole))
    options = ["-o", str(tmp_path / "o.csv"), "--schedules", str(rows)]
    stopped = run(*args, *options, "--max-rejects", "0%")
    parts = sorted(p.name for p in (tmp_path / ".o.csv.parts").glob("*.schedules.arrow"))
    other = run(*args, "-o", str(tmp_path / "o.csv"), "--resume")
    resumed = run(*args, *options, "--resume")

    assert (3, 2, 1) == (stopped.exit_code, other.exit_code, resumed.exit_code)
    assert "000000.schedules.arrow" == parts[0]
    assert whole.read_bytes() == rows.read_bytes()


@pytest.mark.parametrize(("name", "said"), [("o.csv", "same file"), ("rows.txt", "end the name")])
def test_a_file_that_cannot_hold_schedules_is_refused(tmp_path: Path, name: str, said: str) -> None:
    """One line, before any work."""
    args = [*write(tmp_path, accounts(3)), "-o", str(tmp_path / "o.csv")]
    ended = run(*args, "--schedules", str(tmp_path / name))

    assert 2 == ended.exit_code
    assert said in ended.stderr
