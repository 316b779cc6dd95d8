"""A portfolio under attack: bad rows are found by key and field; kills and order change nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.planted import KINDS, portfolio
from batch.test_portfolio import POLICY, rows, run, told, write

ONE = ("--offers", "1")


def by_account(path: Path) -> dict[str, list[dict[str, str]]]:
    """Gather what each account got, without the number of its row."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in told(path):
        found.setdefault(row["account"], []).append({k: v for k, v in row.items() if k != "row"})
    return found


def test_every_planted_row_is_found_by_its_field_and_no_other(tmp_path: Path) -> None:
    """Each kind of fault, in the words of the model; all other rows have an answer."""
    entries, wanted = portfolio(8, 300)
    args = [*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), *ONE]
    ended = run(*args, "--rejects", str(tmp_path / "r.csv"))
    found = {row["row"]: row["field"] for row in told(tmp_path / "r.csv")}
    facts = json.loads((tmp_path / "o.csv.manifest.json").read_text("utf-8"))

    assert 1 == ended.exit_code
    assert len(KINDS) == len(wanted) > 60
    assert wanted == found
    assert 300 == facts["rows"] == sum(facts["accounts"].values())
    assert "\x1b" not in (tmp_path / "o.csv").read_text("utf-8") + ended.stderr


def test_control_totals_are_those_of_the_good_rows(tmp_path: Path) -> None:
    """Added up apart, from the texts: what is not rejected is all there."""
    entries, wanted = portfolio(9, 150)
    run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), *ONE)
    facts = json.loads((tmp_path / "o.csv.manifest.json").read_text("utf-8"))
    yuan = facts["controls"]["inputs"]["by_currency"]["CNY"]
    plain = {"1,200.50": "1200.50", "￥ 3000": "3000", "1.5万": "15000"}
    good = [e["principal"] for n, e in enumerate(entries, start=1) if str(n) not in wanted]
    kept = Decimal(yuan["read"]["principal"]) - Decimal(yuan["reject"]["principal"])

    assert sum(Decimal(plain.get(text, text)) for text in good) == kept


def test_processes_and_the_order_of_rows_change_nothing(tmp_path: Path) -> None:
    """Every account gets what it gets, wherever it stands and whoever works on it."""
    entries, _ = portfolio(11, 90)
    shuffled = Random(4).sample(entries, len(entries))  # noqa: S311  # made-up data
    args = write(tmp_path, entries)
    run(*args, "-o", str(tmp_path / "one.csv"))
    run(*args, "-o", str(tmp_path / "more.csv"), "--workers", "3", "--chunk", "17")
    mixed = write(tmp_path, shuffled, "mixed.csv")
    run(*mixed, "-o", str(tmp_path / "mixed-out.csv"))

    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "more.csv").read_bytes()
    assert by_account(tmp_path / "one.csv") == by_account(tmp_path / "mixed-out.csv")


def test_kills_at_any_moment_leave_the_same_bytes(tmp_path: Path) -> None:
    """A run that is killed again and again goes on where it was, and ends as one that was not."""
    entries, _ = portfolio(12, 120)
    args = [*write(tmp_path, entries), "--chunk", "2"]
    run(*args, "-o", str(tmp_path / "whole.arrow"))
    again = [*args, "-o", str(tmp_path / "killed.arrow"), "--resume"]
    random = Random(5)  # noqa: S311  # made-up moments
    for _ in range(2):
        with subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "replan", *again], stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(random.uniform(0.2, 2.0))
            process.kill()

    assert 1 == run(*again).exit_code
    assert (tmp_path / "whole.arrow").read_bytes() == (tmp_path / "killed.arrow").read_bytes()
    assert [] == [p.name for p in tmp_path.iterdir() if p.name.endswith((".parts", ".tmp"))]


def test_what_a_killed_run_left_beside_the_output_goes(tmp_path: Path) -> None:
    """Killed while it wrote the output, it could not tidy up; other files stay."""
    left, other = tmp_path / ".o.csv.123.tmp", tmp_path / ".o.csv.bak.tmp"
    left.write_text("half")
    other.write_text("mine")
    run(*write(tmp_path, rows(2)), "-o", str(tmp_path / "o.csv"))

    assert (False, True) == (left.exists(), other.exists())


FLOATS = [float("nan"), float("inf"), -1.0, 1e300, 0.1 + 0.2, 1e13]


@pytest.mark.parametrize(
    ("name", "column", "bad"),
    [
        ("principal", pa.array([1000.0, *FLOATS]), 6),
        ("principal", pa.array([1000, -5, 2**62]), 2),
        ("principal", pa.array([2**64 - 1, 1000], pa.uint64()), 1),
        ("principal", pa.array([Decimal("1000.500"), Decimal("1.125")]), 1),
        ("principal", pa.array([True, False]), 2),
        ("principal", pa.array([b"1000", b"\xff"]), 2),
        ("principal", pa.nulls(3), 3),
        ("rate", pa.array([0.18, float("nan"), float("inf"), -0.1, 30.0]), 4),
        ("rate", pa.array([True, False]), 2),
        ("next_due", pa.array([1, 2]), 2),
        ("next_due", pa.array([b"2026-12-10", b"2026-12-\xff"]), 2),
        ("principal", pa.array([Decimal("1.5"), Decimal("9" * 60)], pa.decimal256(76, 1)), 1),
        ("remaining_instalments", pa.array([12, 0, -2]), 2),
        ("method", pa.array([1, 2]), 2),
        ("currency", pa.array([156, 840]), 2),
        ("surplus", pa.array([400.0, float("nan"), -1.0]), 2),
    ],
)
def test_wrong_kinds_in_parquet_are_rejects(
    tmp_path: Path, name: str, column: Any, bad: int
) -> None:
    """Numbers, truth values, bytes, nothing: a reject that names the column, never a crash."""
    said = run_on(tmp_path, name, column)
    found = [row["field"] for row in told(tmp_path / "r.csv")]

    assert 1 == said.exit_code
    assert [name] * bad == found


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("principal", pa.array([b"1000", b"2000.50"])),
        ("principal", pa.array([Decimal("1000.10"), Decimal(2)], pa.decimal256(76, 60))),
        ("principal", pa.array([Decimal("1000.10"), Decimal(2)], pa.decimal256(50, 2))),
        ("rate", pa.array([b"18%", b"0.18"], pa.large_binary())),
        ("next_due", pa.array([b"2026-12-10"] * 2, pa.binary(10))),
        ("product", pa.array([7, 8])),
    ],
)
def test_other_kinds_that_say_the_same_are_read(tmp_path: Path, name: str, column: Any) -> None:
    """Bytes that are text, wide decimals, numbers as names."""
    said = run_on(tmp_path, name, column)

    assert 0 == said.exit_code
    assert {"offer"} == {row["status"] for row in told(tmp_path / "o.csv")}


def test_texts_of_another_layout_are_texts(tmp_path: Path) -> None:
    """As Arrow files of other programs have them."""
    texts = {"account": ["a"], "principal": ["1,000"], "rate": ["18%"], "surplus": ["NA"]}
    whole = pa.table({key: pa.array(value, pa.string_view()) for key, value in texts.items()})
    with pa.ipc.new_file(tmp_path / "in.arrow", whole.schema) as file:
        file.write_table(whole)
    args = [*write(tmp_path, rows(1))[2:], "-o", str(tmp_path / "o.csv"), *ONE]
    run("batch", str(tmp_path / "in.arrow"), *args)

    assert ["not-assessed"] == [row["verdict"] for row in told(tmp_path / "o.csv")]


def run_on(folder: Path, name: str, column: Any) -> Any:
    """Run a Parquet table of plain accounts with one column of another kind."""
    good = {"account": [f"a{n}" for n in range(len(column))], "principal": ["1000"] * len(column),
            "rate": ["18%"] * len(column)}  # fmt: skip
    pq.write_table(pa.table({**good, name: column}), folder / "in.parquet")
    (folder / "few.toml").write_text(POLICY, "utf-8")
    args = write(folder, rows(1))[2:]
    options = ["-o", str(folder / "o.csv"), "--rejects", str(folder / "r.csv"), *ONE]
    return run("batch", str(folder / "in.parquet"), *args, *options)


@pytest.mark.parametrize(
    ("name", "column", "said"),
    [
        ("principal", pa.array([[1], [2]]), "holds lists, not one value a row"),
        ("rate", pa.array([{"year": 1}]), "holds structs, not one value a row"),
        ("account", pa.array([["a"]]), "holds lists, not one value a row"),
        ("account", pa.array([1.0, 2.0]), "holds double, which are no names"),
        ("account", pa.array([b"\xff"]), "holds binary, which are no names"),
    ],
)
def test_columns_of_which_no_account_can_be_made_are_refused(
    tmp_path: Path, name: str, column: Any, said: str
) -> None:
    """One line that names the column, exit code 2, no output."""
    ended = run_on(tmp_path, name, column)

    assert 2 == ended.exit_code
    assert said in ended.stderr
    assert not (tmp_path / "o.csv").exists()
