"""An earlier run: what changed, and that open offers do not get worse without a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from batch.test_portfolio import Ended, run, told, write
from batch.test_portfolio import rows as made


def rows(count: int) -> list[dict[str, Any]]:
    """Make accounts that have offers."""
    return [row | {"surplus": "400"} for row in made(count)]


def ran(folder: Path, entries: list[dict[str, Any]], name: str, *more: str) -> Ended:
    """Run a portfolio with one offer an account."""
    return run(*write(folder, entries), "-o", str(folder / name), "--offers", "1", *more)


def after(folder: Path, change: dict[str, str], *more: str, kind: str = "parquet") -> Ended:
    """Run twice, the second time with another value in the second of six accounts."""
    ran(folder, rows(6), f"old.{kind}")
    new = rows(6)
    new[1] |= change
    return ran(folder, new, "new.csv", "--previous", str(folder / f"old.{kind}"), *more)


@pytest.mark.parametrize("kind", ["csv", "arrow"])
def test_an_earlier_run_may_be_of_any_kind(tmp_path: Path, kind: str) -> None:
    """What was not changed is unchanged, whatever file it was written to."""
    after(tmp_path, {"principal": "900"}, kind=kind)
    change = {offer["account"]: offer["change"] for offer in told(tmp_path / "new.csv")}

    assert {"a1": "changed"} | {f"a{n}": "unchanged" for n in (0, 2, 3, 4, 5)} == change


def test_an_account_called_like_a_formula_is_found_again(tmp_path: Path) -> None:
    """The apostrophe that a table has before it is no part of its name."""
    entries = [rows(1)[0] | {"account": "=1+1"}]
    ran(tmp_path, entries, "old.csv")
    ended = ran(tmp_path, entries, "new.csv", "--previous", str(tmp_path / "old.csv"))

    assert 0 == ended.exit_code
    assert {"unchanged"} == {offer["change"] for offer in told(tmp_path / "new.csv")}


def test_cuts_of_the_earlier_file_do_not_matter(tmp_path: Path) -> None:
    """Rows of an account may stand in two groups of a Parquet file."""
    run(*write(tmp_path, rows(6)), "-o", str(tmp_path / "old.parquet"))
    pq.write_table(pq.read_table(tmp_path / "old.parquet"), tmp_path / "cut.parquet",
                   row_group_size=2)  # fmt: skip
    args = [*write(tmp_path, rows(6)), "--previous", str(tmp_path / "cut.parquet")]
    run(*args, "-o", str(tmp_path / "new.csv"))

    assert {"unchanged"} == {offer["change"] for offer in told(tmp_path / "new.csv")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"surplus": "0"}, "Open offers of 1 accounts would be withdrawn and of 0"),
        ({"principal": "1200"}, "of 0 accounts would be withdrawn and of 1 replaced"),
        ({"account": "b1"}, "Open offers of 1 accounts would be withdrawn and of 0"),
    ],
)
def test_worse_open_offers_need_a_reason(tmp_path: Path, change: dict[str, str], said: str) -> None:
    """Withdrawn, dearer or forgotten: nothing is published, and the exit code is its own."""
    ended = after(tmp_path, change)

    assert 4 == ended.exit_code
    assert said in ended.stderr
    assert not (tmp_path / "new.csv").exists()


def test_the_reason_stands_in_the_rows_and_in_the_manifest(tmp_path: Path) -> None:
    """Only the account whose offer got worse bears it."""
    ended = after(tmp_path, {"principal": "1200"}, "--worsening", "balance-corrected")
    reasons = {offer["account"]: offer["worsening"] for offer in told(tmp_path / "new.csv")}
    facts = json.loads((tmp_path / "new.csv.manifest.json").read_text("utf-8"))

    assert 0 == ended.exit_code
    assert {"a1": "balance-corrected"} | {f"a{n}": "" for n in (0, 2, 3, 4, 5)} == reasons
    assert {"reason": "balance-corrected", "withdrawn": 0, "worse": 1} == facts["worsening"]


@pytest.mark.parametrize(
    "change", [{"principal": "900"}, {"flags": "open-offer"}, {"principal": "0", "penalty": "0"}]
)
def test_better_standing_or_paid_needs_no_reason(tmp_path: Path, change: dict[str, str]) -> None:
    """A cheaper offer, an offer that is marked as open, a debt that is paid."""
    old = [row | {"flags": ""} for row in rows(6)]
    new = [row | {"flags": ""} for row in rows(6)]
    new[1] |= change
    ran(tmp_path, old, "old.parquet")
    ended = ran(tmp_path, new, "new.csv", "--previous", str(tmp_path / "old.parquet"))

    assert 0 == ended.exit_code


def test_offers_that_have_lapsed_bind_nobody(tmp_path: Path) -> None:
    """An offer counts as open up to its last day."""
    ran(tmp_path, rows(6), "old.parquet", "--valid", "3")
    new = [row | {"surplus": "0"} for row in rows(6)]
    args = ["--previous", str(tmp_path / "old.parquet"), "--as-of"]
    last = ran(tmp_path, new, "last.csv", *args, "2026-11-24")
    later = ran(tmp_path, new, "later.csv", *args, "2026-11-25")

    assert (4, 0) == (last.exit_code, later.exit_code)


@pytest.mark.parametrize("reason", ["Because!", "a" * 41, "ja nein"])
def test_a_reason_is_a_code(tmp_path: Path, reason: str) -> None:
    """Reasons are counted, so they are short and written alike."""
    ended = after(tmp_path, {}, "--worsening", reason)

    assert 2 == ended.exit_code
    assert "small letters" in ended.stderr


def test_a_table_that_is_no_output_is_refused(tmp_path: Path) -> None:
    """The input named as the earlier run is a mistake, not a run without offers."""
    args = write(tmp_path, rows(3))
    ended = run(*args, "-o", str(tmp_path / "o.csv"), "--previous", str(tmp_path / "in.csv"))

    assert 2 == ended.exit_code
    assert "is no output of replan batch" in ended.stderr
