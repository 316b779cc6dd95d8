"""What a run reads is never written over, and two runs never write one output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.test_portfolio import rows, run, told, write
from replan.batch.places import claimed
from replan.errors import UsageError


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "{}/in.csv"), "-o would write over"),
        (("-o", "{}/o.csv", "--rejects", "{}/in.csv"), "--rejects would write over"),
        (("-o", "{}/o.csv", "--schedules", "{}/in.csv"), "--schedules would write over"),
        (("-o", "{}/o.csv", "--rejects", "{}/few.toml"), "--rejects would write over"),
        (("-o", "{}/o.csv", "--rejects", "{}/o.csv"), "--rejects and -o name the same file"),
        (("-o", "{}/o.csv", "--rejects", "{}/o.csv.manifest.json"), "name the same file"),
        (("-o", "{}/o.csv", "--rejects", "{}/none/r.csv"), "there is no folder"),
        (("-o", "{}/o.csv", "--rejects", "{}"), "is a folder. Name a file after --rejects"),
        (("-o", "{}/o.csv", "--carry", "none"), 'no column "none". Check --carry'),
        (("-o", "{}/o.csv", "--carry", "account"), "of their own. Leave it out of --carry"),
        (("-o", "{}/o.csv", "--as-of", "2026-13-01"), "--as-of: "),
        (("-o", "{}/o.csv", "--currency", "ABC"), "is not a currency"),
    ],
)  # fmt: skip
def test_wrong_places_are_refused_before_any_work(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    """The input is what it was, and nothing is left beside it."""
    args = write(tmp_path, rows(3))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    ended = run(*args, *(option.format(tmp_path) for option in options))

    assert 2 == ended.exit_code
    assert said in ended.stderr
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_a_folder_that_is_read_is_not_written_into(tmp_path: Path) -> None:
    """The next run would read the offers as accounts."""
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", rows(3))
    args = write(tmp_path, rows(1))
    ended = run("batch", str(tmp_path / "in"), *args[2:], "-o", str(tmp_path / "in" / "o.csv"))

    assert 2 == ended.exit_code
    assert "into the folder that is read" in ended.stderr


def test_a_second_run_into_the_same_output_is_refused(tmp_path: Path) -> None:
    """It would take the first one's pieces away."""
    args = [*write(tmp_path, rows(3)), "-o", str(tmp_path / "o.csv")]
    with claimed(tmp_path / ".o.csv.parts", tmp_path / "o.csv"):
        ended = run(*args)
        with pytest.raises(UsageError), claimed(tmp_path / ".o.csv.parts", tmp_path / "o.csv"):
            pass

    assert (2, True) == (ended.exit_code, "Another run is writing" in ended.stderr)
    assert 0 == run(*args).exit_code


def test_files_of_a_folder_may_have_nothing_in_a_column_or_another_order(tmp_path: Path) -> None:
    """A column without any value has no kind of its own; whole numbers are numbers."""
    (tmp_path / "in").mkdir()
    first = {"account": ["a"], "principal": pa.array([None], pa.null()), "rate": ["18%"]}
    second = {"rate": ["18%"], "account": ["b"], "principal": [1000.5]}
    third = {"rate": ["18%"], "account": ["c"], "principal": [1000]}
    for name, columns in zip("xyz", (first, second, third), strict=True):
        pq.write_table(pa.table(columns), tmp_path / "in" / f"{name}.parquet")
    args = write(tmp_path, rows(1))
    run("batch", str(tmp_path / "in"), *args[2:], "-o", str(tmp_path / "o.csv"), "--offers", "1")
    found = [(row["account"], row["status"]) for row in told(tmp_path / "o.csv")]

    assert [("a", "reject"), ("b", "offer"), ("c", "offer")] == found


def test_files_of_other_kinds_of_columns_are_refused(tmp_path: Path) -> None:
    """Texts in one file and numbers in another: the second is named."""
    (tmp_path / "in").mkdir()
    for name, rate in (("x", ["18%"]), ("y", [0.18])):
        columns = {"account": [name], "principal": [1000], "rate": rate}
        pq.write_table(pa.table(columns), tmp_path / "in" / f"{name}.parquet")
    args = write(tmp_path, rows(1))
    ended = run("batch", str(tmp_path / "in"), *args[2:], "-o", str(tmp_path / "o.csv"))

    assert 2 == ended.exit_code
    assert "has other kinds of columns than" in ended.stderr


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary("int8", "string")])
def test_what_a_spreadsheet_would_compute_is_disarmed(tmp_path: Path, kind: pa.DataType) -> None:
    """Whatever kind of text a carried column is."""
    columns = {"account": ["a"], "principal": [1000], "rate": ["18%"], "note": ["=cmd()"]}
    noted = pa.table({**columns, "note": pa.array(["=cmd()"]).cast(kind)})
    pq.write_table(noted, tmp_path / "in.parquet")
    args = write(tmp_path, rows(1))
    to = ["-o", str(tmp_path / "o.csv"), "--carry", "note"]
    run("batch", str(tmp_path / "in.parquet"), *args[2:], *to)

    assert {"'=cmd()"} == {row["note"] for row in told(tmp_path / "o.csv")}


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path) -> None:
    """By Ctrl-C, which all processes of a terminal are sent; no traceback is shown."""
    out = ["-o", str(tmp_path / "o.csv"), "--workers", "2", "--chunk", "2"]
    command = [sys.executable, "-m", "replan", *write(tmp_path, rows(600)), *out]
    with subprocess.Popen(  # noqa: S603 - our own
        command, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        while not (tmp_path / ".o.csv.parts" / "000002.json").exists():
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate()

    assert 130 == process.returncode
    assert "Stopped. With --resume the run goes on where it was." == said.decode().strip()
