"""A portfolio from file to file: every row accounted for, the same bytes however it is worked."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.portfolios import AS_OF, table
from replan.cli.app import load_command
from replan.errors import ReplanError

POLICY = """
id = "test-few"
version = "1"
status = "illustrative"
title = { en = "Few", zh = "少" }
note = { en = "For tests.", zh = "测试用。" }
effective = { since = 2020-01-01 }
[[offers]]
title = { en = "Waiver and instalments", zh = "减免和分期" }
[[offers.steps]]
strategy = "waive"
params = { penalty = ["none", "100%"] }
[[offers.steps]]
strategy = "split"
params = { instalments = [6, 12, 24] }
"""
HEAD = ("--as-of", AS_OF, "--currency", "CNY", "--workers", "1")


def rows(count: int) -> list[dict[str, Any]]:
    """Make accounts that differ in their amounts."""
    return [
        {
            "account": f"a{n}",
            "principal": f"{1000 + 37 * n}.50",
            "penalty": f"{n % 7}.25",
            "rate": "18%",
            "surplus": f"{40 + 11 * (n % 40)}",
            "region": "north" if n % 3 else "south",
        }
        for n in range(count)
    ]


def write(folder: Path, entries: list[dict[str, Any]], name: str = "in.csv") -> list[str]:
    """Write a table and a policy; give the arguments of a run."""
    with (folder / name).open("w", newline="") as file:
        writer = csv.DictWriter(file, list(entries[0]))
        writer.writeheader()
        writer.writerows(entries)
    (folder / "few.toml").write_text(POLICY, "utf-8")
    return ["batch", str(folder / name), "--policy", str(folder / "few.toml"), *HEAD]


def told(path: Path) -> list[dict[str, str]]:
    """Read a table of offers."""
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


class Ended(NamedTuple):
    """How a run ended, and what it said."""

    exit_code: int
    stderr: str


def run(*args: str) -> Ended:
    """Run the command in this process: most of these tests are of what it writes."""
    said = StringIO()
    with redirect_stderr(said), redirect_stdout(StringIO()):
        try:
            code = load_command("batch").main(list(args[1:]), "replan", standalone_mode=False)
        except ReplanError as error:
            return Ended(error.exit_code, f"{said.getvalue()}{error}")
    return Ended(code or 0, said.getvalue())


def test_every_row_has_offers_or_a_reason(tmp_path: Path) -> None:
    """Offers, no offer, suppressed and rejects add up to the rows read."""
    entries = [row | {"flags": ""} for row in rows(40)]
    entries[3]["principal"], entries[5]["flags"] = "1,2,3", "fraud"
    ended = run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"))
    facts = json.loads((tmp_path / "o.csv.manifest.json").read_text("utf-8"))
    found = told(tmp_path / "o.csv")

    assert 1 == ended.exit_code
    assert 40 == facts["rows"] == sum(facts["accounts"].values())
    assert (1, 1) == (facts["accounts"]["reject"], facts["accounts"]["suppressed"])
    assert [row["account"] for row in entries] == list(dict.fromkeys(o["account"] for o in found))


@pytest.mark.parametrize("suffix", [".csv", ".arrow", ".parquet"])
def test_bytes_do_not_depend_on_the_pieces_or_the_workers(tmp_path: Path, suffix: str) -> None:
    """Pieces of 7 rows over three workers give what one piece by one worker gives."""
    args = write(tmp_path, rows(30))
    one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
    run(*args, "-o", str(one))
    ended = run(*args, "-o", str(two), "--chunk", "7", "--workers", "2")

    assert 0 == ended.exit_code
    assert one.read_bytes() == two.read_bytes()
    assert [] == [p.name for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_pieces_that_are_joined_hold_every_account(tmp_path: Path) -> None:
    """A process of its own shares the work; the rows are those that are laid out anew as Arrow."""
    args = write(tmp_path, rows(20_000))
    one, two, plain = (tmp_path / name for name in ("one.parquet", "two.parquet", "all.arrow"))
    run(*args, "-o", str(one), "--chunk", "3000")
    run(*args, "-o", str(plain))
    again = [sys.executable, "-m", "replan", *args, "-o", str(two), "--workers", "3"]
    ended = subprocess.run(again, check=False, capture_output=True)  # noqa: S603 - our own program

    assert 0 == ended.returncode
    assert one.read_bytes() == two.read_bytes()
    assert 3 == pq.ParquetFile(one).num_row_groups
    assert pa.ipc.open_file(plain).read_all() == pq.read_table(one)


@pytest.mark.parametrize("kind", ["parquet", "arrow", "folder"])
def test_accounts_come_from_any_kind_of_file(tmp_path: Path, kind: str) -> None:
    """Parquet, Arrow and a folder of tables give what the same table as CSV gives."""
    args = write(tmp_path, rows(12))
    run(*args, "-o", str(tmp_path / "csv.parquet"))
    whole, place = pa.Table.from_batches([table(rows(12))]), tmp_path / f"in.{kind}"
    if kind == "parquet":
        pq.write_table(whole, place)
    elif kind == "arrow":
        with pa.ipc.new_file(place, whole.schema) as file:
            file.write_table(whole)
    else:
        place.mkdir()
        write(place, rows(12)[:5], "a.csv")
        write(place, rows(12)[5:], "b.csv")
        (place / "few.toml").unlink()
    run(args[0], str(place), *args[2:], "-o", str(tmp_path / "other.parquet"))

    assert (tmp_path / "csv.parquet").read_bytes() == (tmp_path / "other.parquet").read_bytes()


@pytest.mark.parametrize("more", [["--carry", "region"], ["--segment", "region"], ["--raw"]])
def test_only_columns_that_are_looked_at_are_read(tmp_path: Path, more: list[str]) -> None:
    """A folder of wide tables, in whatever order columns stand, gives what narrow ones do."""
    args, places = write(tmp_path, rows(12)), [tmp_path / "wide", tmp_path / "narrow"]
    whole = pa.Table.from_batches([table(rows(12))])
    notes = whole.append_column("note", pa.array([None] * 12, pa.string()))
    notes = notes.append_column("principal.note", pa.array(["x"] * 12))
    other = notes.set_column(notes.num_columns - 2, "note", pa.array(range(12)).cast("string"))
    for place, tables in zip(places, [(notes, other), (whole, whole)], strict=True):
        place.mkdir()
        pq.write_table(tables[0].slice(0, 5), place / "a.parquet")
        mixed = tables[1].select(tables[1].schema.names[::-1])
        pq.write_table(mixed.slice(5), place / "b.parquet")
        told_of = ["--rejects", f"{place}.csv", *more]
        run(args[0], str(place), *args[2:], "-o", f"{place}.parquet", *told_of)

    assert (tmp_path / "wide.parquet").read_bytes() == (tmp_path / "narrow.parquet").read_bytes()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_that_is_killed_goes_on_to_the_same_bytes(tmp_path: Path, workers: str) -> None:
    """What is done stays done; the output appears at the end, whole."""
    args = write(tmp_path, rows(40_000))
    run(*args, "-o", str(tmp_path / "whole.parquet"))
    output = tmp_path / "killed.parquet"
    again = [*args, "-o", str(output), "--workers", workers]
    with subprocess.Popen([sys.executable, "-m", "replan", *again]) as process:  # noqa: S603
        while not (tmp_path / ".killed.parquet.parts" / "000000.json").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()

    assert not output.exists()
    assert 0 == run(*again, "--resume").exit_code
    assert (tmp_path / "whole.parquet").read_bytes() == output.read_bytes()


def test_another_run_is_not_resumed(tmp_path: Path) -> None:
    """Pieces of other options are never mixed in."""
    args = write(tmp_path, rows(5))
    parts = tmp_path / ".o.csv.parts"
    parts.mkdir()
    (parts / "run.json").write_text('{"digest": "other"}', "utf-8")
    ended = run(*args, "-o", str(tmp_path / "o.csv"), "--resume")

    assert 2 == ended.exit_code
    assert "Leave out --resume" in ended.stderr


def test_a_run_that_could_not_begin_leaves_nothing(tmp_path: Path) -> None:
    """Where no piece was done there is nothing to resume."""
    args = write(tmp_path, [{"account": "a1", "owed": "100"}])
    before = sorted(tmp_path.iterdir())

    assert 2 == run(*args, "-o", str(tmp_path / "o.parquet")).exit_code
    assert before == sorted(tmp_path.iterdir())


def test_too_many_rejects_publish_nothing(tmp_path: Path) -> None:
    """The exit code is its own, and the rejects are listed all the same."""
    entries = rows(10)
    entries[2]["rate"] = "x"
    args = [*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), "--max-rejects", "5%"]
    ended = run(*args, "--rejects", str(tmp_path / "r.csv"))

    assert 3 == ended.exit_code
    assert not (tmp_path / "o.csv").exists()
    assert [("3", "a2", "rate")] == [
        (r["row"], r["account"], r["field"]) for r in told(tmp_path / "r.csv")
    ]


def test_rows_that_cannot_be_split_are_rejects(tmp_path: Path) -> None:
    """A row with a cell too many is counted and listed, the others have their offers."""
    args = write(tmp_path, rows(3))
    table_ = tmp_path / "in.csv"
    table_.write_text(table_.read_text() + "b,1,2,3,4,5,6\n")
    ended = run(*args, "-o", str(tmp_path / "o.csv"), "--rejects", str(tmp_path / "r.csv"))

    assert 1 == ended.exit_code
    assert ["cell-too-many"] == [r["reason"] for r in told(tmp_path / "r.csv")]


def test_an_account_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Nobody is offered two plans for one account."""
    ended = run(*write(tmp_path, [*rows(4), rows(2)[1]]), "-o", str(tmp_path / "o.csv"))

    assert 2 == ended.exit_code
    assert "row 5" in ended.stderr


def test_borrowers_share_one_surplus(tmp_path: Path) -> None:
    """Two accounts of one borrower are offered no more together than the borrower has."""
    entries = [row | {"surplus": "300", "borrower": f"b{n // 2}"} for n, row in enumerate(rows(8))]
    args = [
        *write(tmp_path, entries),
        "--group",
        "borrower",
        "--offers",
        "1",
        "--carry",
        "borrower",
    ]
    run(*args, "-o", str(tmp_path / "o.csv"), "--chunk", "3")
    paid: dict[str, float] = {}
    for offer in told(tmp_path / "o.csv"):
        paid[offer["borrower"]] = paid.get(offer["borrower"], 0) + float(offer["peak_payment"])

    assert {"b0", "b1", "b2", "b3"} == {b for b, sum_ in paid.items() if 0 < sum_ <= 300}


def test_a_borrower_who_comes_back_is_an_error(tmp_path: Path) -> None:
    """A budget is never shared out twice."""
    entries = [row | {"borrower": f"b{n % 2}"} for n, row in enumerate(rows(4))]
    ended = run(*write(tmp_path, entries), "--group", "borrower", "-o", str(tmp_path / "o.csv"))

    assert 2 == ended.exit_code
    assert "Sort the table" in ended.stderr


def test_changes_against_an_earlier_run_are_told(tmp_path: Path) -> None:
    """Accounts are new, changed, withdrawn or unchanged."""
    old = rows(6)[:5]
    run(*write(tmp_path, old), "-o", str(tmp_path / "old.parquet"))
    new = [*rows(6)[1:5], rows(6)[5]]
    new[1] = new[1] | {"principal": "1100"}
    new[2] = new[2] | {"surplus": "0"}
    args = [*write(tmp_path, new), "--worsening", "balance-corrected"]
    run(*args, "-o", str(tmp_path / "o.csv"), "--previous", str(tmp_path / "old.parquet"))
    change = {o["account"]: o["change"] for o in told(tmp_path / "o.csv")}

    assert ("changed", "withdrawn") == (change["a2"], change["a3"])
    assert ("unchanged", "new") == (change["a4"], change["a5"])


def test_a_manifest_is_verified(tmp_path: Path) -> None:
    """A file that was touched since is named."""
    run(*write(tmp_path, rows(3)), "-o", str(tmp_path / "o.csv"))
    manifest = str(tmp_path / "o.csv.manifest.json")
    before = run("batch", "--verify", manifest)
    (tmp_path / "o.csv").write_text("x")
    after = run("batch", "--verify", manifest)

    assert (0, 1) == (before.exit_code, after.exit_code)
    assert "o.csv is not the file" in after.stderr


def test_a_protected_column_decides_nothing(tmp_path: Path) -> None:
    """It may be counted by; one that is read for offers cannot be protected."""
    args = [*write(tmp_path, rows(40)), "-o", str(tmp_path / "o.csv")]
    ended = run(*args, "--protect", "surplus")
    run(*args, "--protect", "region")
    facts = json.loads((tmp_path / "o.csv.manifest.json").read_text("utf-8"))

    assert 2 == ended.exit_code
    assert 14 == facts["segments"]["region"]["south"]["accounts"]
    assert {"<10 or withheld"} == set(facts["segments"]["region"]["south"]["outcomes"].values())


def test_texts_are_no_formulas_in_a_table(tmp_path: Path) -> None:
    """A spreadsheet computes nothing that an account's name says."""
    run(*write(tmp_path, [rows(1)[0] | {"account": "=1+1"}]), "-o", str(tmp_path / "o.csv"))

    assert "'=1+1" == told(tmp_path / "o.csv")[0]["account"]


def test_escapes_in_a_name_never_reach_a_terminal(tmp_path: Path) -> None:
    """A name with control characters is rejected, and printed without them."""
    args = write(tmp_path, [rows(1)[0] | {"account": "a\x1b[31m1"}])
    ended = run(*args, "-o", str(tmp_path / "o.csv"))

    assert 1 == ended.exit_code
    assert "\x1b" not in (tmp_path / "o.csv").read_text("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    """A table saved by a Chinese spreadsheet loads as it is."""
    (tmp_path / "in.csv").write_text("账户,剩余本金,年利率\na1,1000,18%\n", encoding)
    (tmp_path / "few.toml").write_text(POLICY, "utf-8")
    args = ("batch", str(tmp_path / "in.csv"), "--policy", str(tmp_path / "few.toml"), *HEAD)
    run(*args, "--offers", "1", "-o", str(tmp_path / "o.csv"))

    assert ["split 6"] == [row["plan"] for row in told(tmp_path / "o.csv")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty. Check the export."),
        ("account,principal,rate\n", "no rows"),
        ("account,foo\na,1\n", "--map theirs=principal"),
        ("account,principal,principal\na,1,1\n", "Two columns are called"),
    ],
)
def test_tables_that_cannot_be_read_say_why(tmp_path: Path, content: str, said: str) -> None:
    """One line, exit code 2, no output."""
    (tmp_path / "in.csv").write_text(content)
    write(tmp_path, rows(1), "other.csv")
    named = [str(tmp_path / "in.csv"), "--policy", str(tmp_path / "few.toml")]
    ended = run("batch", *named, *HEAD, "-o", str(tmp_path / "o.csv"))

    assert 2 == ended.exit_code
    assert said in ended.stderr
    assert not (tmp_path / "o.csv").exists()
