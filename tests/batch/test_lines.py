"""Tables of texts as they come: no row is lost, none takes another with it, each has its number."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from batch.test_portfolio import POLICY, rows, run, told, write
from replan.batch.lines import Shape, closed_lines

HEAD = "account,principal,rate,surplus\n"
GOOD = "{},1000,18%,500\n"
ARGS = ("--as-of", "2026-11-21", "--currency", "CNY", "--offers", "1")


def offered(folder: Path, text: str | bytes, *more: str) -> tuple[int, str, list[tuple[str, ...]]]:
    """Run a table; give the exit code, what was said, and row, account and reason of each row."""
    (folder / "in.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "few.toml").write_text(POLICY, "utf-8")
    out, rejects = folder / "o.csv", folder / "r.csv"
    files = ["--policy", str(folder / "few.toml"), "-o", str(out), "--rejects", str(rejects)]
    ended = run("batch", str(folder / "in.csv"), *files, *ARGS, *more)
    found = told(out) if out.exists() else []
    return ended.exit_code, ended.stderr, [(r["row"], r["account"], r["reason"]) for r in found]


def test_rows_that_cannot_be_split_stand_in_their_place(tmp_path: Path) -> None:
    """With number, account and what is wrong; rows after them keep their numbers."""
    text = HEAD + GOOD.format("a") + "b,1000\n" + "c,1,000,18%,500\n" + GOOD.format("d")
    code, _, found = offered(tmp_path, text)
    wanted = [("1", "a", ""), ("2", "b", "row-unreadable"), ("3", "c", "cell-too-many"),
              ("4", "d", "")]  # fmt: skip

    assert (1, wanted) == (code, found)
    assert ["2", "3"] == [r["row"] for r in told(tmp_path / "r.csv")]
    assert ["b", "c"] == [r["account"] for r in told(tmp_path / "r.csv")]


@pytest.mark.parametrize(
    "line", ['"b,1000,18%,500\n', 'b,1000,18%,"500\n', 'b,"10"00,18%,5"00\n', "b,10\x0000,18%,5\n"]
)
@pytest.mark.parametrize("later", ["", '"x,1000,18%,500\n'])
def test_a_line_that_cannot_be_split_takes_no_other_with_it(
    tmp_path: Path, line: str, later: str
) -> None:
    """A quote that is never closed would take all rows after it for its cell."""
    good = [GOOD.format(f"a{n}") for n in range(4)]
    code, _, found = offered(tmp_path, HEAD + good[0] + line + good[1] + good[2] + later + good[3])
    kept = [account for _, account, reason in found if not reason]
    refused = [account[:1] for _, account, reason in found if reason]

    assert 1 == code
    assert ["a0", "a1", "a2", "a3"] == kept
    assert ["b", *("x" for _ in later[:1])] == refused
    assert [str(n + 1) for n in range(len(found))] == [number for number, *_ in found]


def test_cells_of_several_lines_are_cells(tmp_path: Path) -> None:
    """A note of two lines, and a quote inside a cell, are what they are."""
    text = 'account,note,principal,rate\na,"two\nlines",1000,18%\nb,5" pipe,1000,18%\n'
    code, _, found = offered(tmp_path, text)

    assert (0, [("1", "a", ""), ("2", "b", "")]) == (code, found)


def test_rows_left_out_by_the_mapping_keep_their_numbers(tmp_path: Path) -> None:
    """What has no name is called by the number of its row in the file."""
    (tmp_path / "map.toml").write_text('[read.skip]\nstate = ["paid"]\n')
    text = "principal,rate,state\n1000,18%,open\n5,18%,paid\n2000,18%,open\n"
    _, _, found = offered(tmp_path, text, "--map", str(tmp_path / "map.toml"))

    assert [("1", "row-1", ""), ("3", "row-3", "")] == found


def test_a_household_with_a_row_that_cannot_be_split_goes_to_a_human(tmp_path: Path) -> None:
    """A debt is missing: what the others would be offered may be too much."""
    text = "borrower,account,principal,rate,surplus\nB,a,1000,18%,500\nB,b,1,000,18%,500\n"
    _, _, found = offered(tmp_path, text, "--group", "borrower")

    assert [("1", "a", "debt-missing"), ("2", "b", "cell-too-many")] == found


def test_rows_without_a_name_are_rejects_not_copies(tmp_path: Path) -> None:
    """Two of them stand for no account that would stand twice."""
    text = HEAD + GOOD.format("") + GOOD.format("a") + GOOD.format("")
    code, _, found = offered(tmp_path, text)

    assert 1 == code
    assert ["key-missing", "", "key-missing"] == [reason for *_, reason in found]


def test_rejects_have_their_cells_on_request(tmp_path: Path) -> None:
    """As the table has them, so that somebody can correct them; not among the offers."""
    text = HEAD + GOOD.format("a") + "b,-5,=18%,\n" + 'c,"1,000,18%\n'
    offered(tmp_path, text, "--raw")
    listed = [json.loads(row["raw"]) for row in told(tmp_path / "r.csv")]

    assert [{"account": "b", "principal": "-5", "rate": "=18%", "surplus": ""}, 'c,"1,000,18%'] == (
        listed
    )
    assert "raw" not in told(tmp_path / "o.csv")[0]
    assert 2 == run("batch", "x.csv", "--policy", "general", "-o", "o.csv", "--raw").exit_code


def test_accounts_that_stand_twice_are_listed(tmp_path: Path) -> None:
    """Nothing is published, because nobody knows which row is right; each copy is named."""
    text = HEAD + "".join(GOOD.format(name) for name in "abacb")
    code, said, found = offered(tmp_path, text, "--chunk", "2")
    listed = [(r["row"], r["account"], r["reason"]) for r in told(tmp_path / "r.csv")]

    assert (2, []) == (code, found)
    assert "2 accounts stand in an earlier row already, the first in row 3, 5." in said
    assert [("3", "a", "id-twice"), ("5", "b", "id-twice")] == listed


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("sep=;\n" + (HEAD + GOOD.format("a")).replace(",", ";"), "a"),
        ("account,principal,rate,,\na,1000,18%,,\n", "a"),
        ("\n \n" + HEAD + GOOD.format("a"), "a"),
        ('"account","the\nnote",principal,rate\na,x,1000,18%\n', "a"),
        ((HEAD + GOOD.format("张三")).encode("gb18030"), "张三"),
        ((HEAD + GOOD.format("张三")).encode("utf-16"), "张三"),
        ((HEAD + GOOD.format("张三")).encode("utf-8-sig"), "张三"),
        ((HEAD + GOOD.format("a")).replace("\n", "\r"), "a"),
        (HEAD + '="00123",="1000",18%,"=""500"""\n', "00123"),
    ],
    ids=["sep", "unnamed", "blank", "lines", "gb18030", "utf-16", "mark", "cr", "protected"],
)
def test_headers_and_encodings(tmp_path: Path, text: str | bytes, account: str) -> None:
    """As spreadsheets write them."""
    code, _, found = offered(tmp_path, text)

    assert (0, [("1", account, "")]) == (code, found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.strip(), "The table has no rows"),
        ("", "is empty. Check the export."),
        (",,\n1,2,3\n", "No column of the table means principal"),
        ("x" * 140_000 + ",rate\n1,2\n", "The header of "),
        (f"{HEAD}张三,1,1%,1\n".encode() + b"\xff,1,1%,1\n", "Line 3 of "),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    """One line with the place, and nothing is written."""
    code, told_, found = offered(tmp_path, text)

    assert (2, []) == (code, found)
    assert said in told_


def test_blocks_are_cut_where_lines_end() -> None:
    """However a file is cut into blocks, what comes out together is the same."""
    data = ('a,b\r\n"x\r\ny",1\r\n"open,2\r\nc,3\r\n' * 3).encode()
    shape = Shape("f", "utf-8", ",", ("a", "b"), 1)

    def cut(size: int) -> Iterator[bytes]:
        return iter(data[at : at + size] for at in range(0, len(data), size))

    wanted = b"".join(closed_lines(iter([data]), shape))
    assert {wanted} == {b"".join(closed_lines(cut(size), shape)) for size in (1, 2, 3, 7, 50)}


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_the_processes_of_a_run_that_is_killed_end_too(tmp_path: Path) -> None:
    """They wait for their next piece, and nobody is left to tell them that there is none."""
    args = write(tmp_path, rows(400))
    out = ["-o", str(tmp_path / "o.csv"), "--workers", "2", "--chunk", "2"]
    command = [sys.executable, "-m", "replan", *args, *out]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own
        while not (tmp_path / ".o.csv.parts" / "000020.json").exists():
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        assert process.stderr is not None
        said = process.stderr.read()  # which ends when all who hold the pipe have ended

    assert b"Traceback" not in said
