"""What a run says while it works and at its end, in a pipe and on a terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len

from batch.portfolios import table
from batch.test_portfolio import rows, run, told, write
from replan.present.portfolio import STATUSES, reason_text
from replan.present.words import Words


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rows_are_printed_as_a_sum(tmp_path: Path, lang: str) -> None:
    """Offers, no offers, review, suppressed, rejects and rows left out are the rows read."""
    entries = [row | {"flags": "", "state": "open"} for row in rows(40)]
    entries[3]["principal"], entries[5]["flags"] = "1,2,3", "fraud"
    entries[6]["flags"], entries[7]["state"] = "vulnerable", "paid"
    (tmp_path / "m.toml").write_text('[read.skip]\nstate = ["paid"]\n', "utf-8")
    args = [*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), "--lang", lang]
    said = run(*args, "--map", str(tmp_path / "m.toml")).stderr
    whole = "".join(said.partition("\n  = ")[:2]) + said.partition("\n  = ")[2].splitlines()[0]
    counts = [int(n) for n in re.findall(r"^  [ +=] +(\d+)  ", whole, re.MULTILINE)]

    assert 40 == counts[-1] == sum(counts[:-1])
    assert [1, 1, 1, 1] == counts[2:-1]
    assert len(STATUSES) + 2 == len(counts)


def test_columns_that_would_count_in_a_case_are_named(tmp_path: Path) -> None:
    """A calendar moves due dates there; other columns mean nothing anywhere."""
    entries = [row | {"calendar": "CN", "penalty_rate": "20%", "region": "x"} for row in rows(2)]
    said = run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv")).stderr

    assert "Not read here, though a case reads it: calendar, penalty_rate." in said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_end_of_a_run_fits_eighty_columns(tmp_path: Path, lang: str) -> None:
    """What does not fit goes on in the next line, also where characters take two columns."""
    entries = [row | {"surplus": "5", "flags": ""} for row in rows(12)]
    entries[0] |= {"flags": "odd"}
    entries[1] |= {"principal": "1,2,3"}
    said = run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), "--lang", lang).stderr

    assert all(cell_len(line) <= 80 for line in said.splitlines())
    assert "over-surplus" in said


@pytest.mark.parametrize(
    "code", ["over-surplus", "limit-instalments", "not-meant", "flag-unknown", "rate-unreadable"]
)
def test_reasons_are_said_in_both_languages(code: str) -> None:
    """A code is for machines; beside it stands what it means."""
    english, chinese = (reason_text(code, Words(lang)) for lang in ("en", "zh"))

    assert code not in (english, chinese)
    assert re.search("[一-鿿]", chinese)


def test_a_table_from_stdin_is_digested(tmp_path: Path) -> None:
    """What nobody can read again is proved by its digest; the offers are those of the file."""
    args = write(tmp_path, rows(12))
    run(*args, "-o", str(tmp_path / "file.csv"))
    table = (tmp_path / "in.csv").read_bytes()
    command = [sys.executable, "-m", "replan", args[0], "-", *args[2:]]
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, "-o", str(tmp_path / "pipe.csv")], input=table, capture_output=True, check=False
    )
    manifest = (tmp_path / "pipe.csv.manifest.json").read_text("utf-8")

    assert 0 == done.returncode
    assert told(tmp_path / "file.csv") == told(tmp_path / "pipe.csv")
    assert f'"bytes": {len(table)},\n   "path": "-"' in manifest


def test_a_pipe_hears_nothing_of_the_progress(tmp_path: Path) -> None:
    """Logs hold the summary and no carriage returns."""
    ended = run(*write(tmp_path, rows(12)), "-o", str(tmp_path / "o.csv"), "--chunk", "4")

    assert "\r" not in ended.stderr
    assert ended.stderr.startswith("12 rows read")


def test_a_terminal_sees_rate_and_time_left(tmp_path: Path) -> None:
    """Where the rows are counted beforehand; the line is wiped at the end."""
    args = write(tmp_path, rows(12))
    table_ = str(tmp_path / "in.parquet")
    pq.write_table(pa.Table.from_batches([table(rows(12))]), table_)
    said = on_terminal("batch", table_, *args[2:], "-o", str(tmp_path / "o.csv"), "--chunk", "4")

    assert re.search(r"\r4 rows, [\d,]+ a second, \d+\.\d minutes left\x1b\[K", said)
    assert "\r\x1b[K12 rows read" in said


def on_terminal(*args: str) -> str:
    """Run the command with a terminal for what it says, and give what that received."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "replan", *args]
    with subprocess.Popen(command, stderr=theirs) as process:  # noqa: S603 - our own program
        process.wait()
    os.write(theirs, b"!")
    return os.read(ours, 65_536).decode()


def test_what_stops_a_run_is_said_on_a_line_of_its_own(tmp_path: Path) -> None:
    """The progress is wiped before the message."""
    entries = [row | {"rate": "x"} for row in rows(12)]
    args = [*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), "--chunk", "4"]
    said = on_terminal(*args, "--max-rejects", "5")

    assert "\r\x1b[Kreplan: 8 of the first 8 rows are no accounts" in said
