"""The casebook's file: private, whole, safe against kills and against two writers."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from casebook.samples import add, book_with, paid
from replan.casebook.agreements import read_agreements
from replan.casebook.entries import client_number
from replan.casebook.store import (
    back_up,
    book_path,
    forget_client,
    interim_name,
    open_book,
    snapshot,
    writing,
)
from replan.errors import UsageError

WRITER = """
import sys
from datetime import date
from pathlib import Path
from replan.casebook.payments import pay
from replan.casebook.store import open_book, writing
with open_book(Path(sys.argv[1])) as book:
    for n in range(1, 100_000):
        with writing(book):
            pay(book, 1, n, on=date(2027, 1, 1), reference=sys.argv[2] + str(n), now="x")
        print(n, flush=True)
        if n == int(sys.argv[3]):
            break
"""


def writer(path: Path, name: str, most: int) -> subprocess.Popen[str]:
    """Start a process that records payments and prints each once it is recorded."""
    command = [sys.executable, "-c", WRITER, str(path), name, str(most)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603


@pytest.mark.parametrize(
    ("expected", "environment", "platform"),
    [
        ("/x/book", {"REPLAN_BOOK": "/x/book", "HOME": "/h"}, "linux"),
        ("/d/replan/casebook.sqlite3", {"XDG_DATA_HOME": "/d", "HOME": "/h"}, "linux"),
        ("/h/.local/share/replan/casebook.sqlite3", {"XDG_DATA_HOME": "d", "HOME": "/h"}, "linux"),
        ("/h/Library/Application Support/replan/casebook.sqlite3", {"HOME": "/h"}, "darwin"),
        ("/l/replan/casebook.sqlite3", {"LOCALAPPDATA": "/l", "HOME": "/h"}, "win32"),
    ],
)
def test_the_book_lies_in_the_users_data_folder(
    expected: str, environment: dict[str, str], platform: str
) -> None:
    """Unless the environment names another."""
    assert Path(expected) == book_path(None, environment, platform)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Also where it was not before."""
    path = tmp_path / "new" / "book"
    with open_book(path):
        pass
    path.chmod(0o644)
    with open_book(path):
        pass

    assert 0o600 == path.stat().st_mode & 0o777
    assert 0o700 == path.parent.stat().st_mode & 0o777


def test_what_is_no_casebook_keeps_its_rights(tmp_path: Path) -> None:
    """A wrong name on the command line takes a file from nobody."""
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7" * 200)
    path.chmod(0o644)

    with pytest.raises(UsageError, match="no casebook"), open_book(path):
        pass
    assert 0o644 == path.stat().st_mode & 0o777
    with pytest.raises(UsageError, match="is no file"), open_book(Path(os.devnull)):
        pass


def test_a_damaged_casebook_is_called_so(tmp_path: Path) -> None:
    """Not a file of another kind: there is a backup to look for."""
    with book_with(tmp_path, "split 12"):
        pass
    path = tmp_path / "book.sqlite3"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))

    with pytest.raises(UsageError, match=r"damaged.*last backup"), open_book(path) as book:
        read_agreements(book)


def test_reading_sees_one_instant(tmp_path: Path) -> None:
    """What another process deletes meanwhile is there to the end."""
    path = tmp_path / "book.sqlite3"
    with book_with(tmp_path, "split 12") as (book, [found]), snapshot(book):
        assert [found] == read_agreements(book)
        with pytest.raises(UsageError, match="Another program"), open_book(path, wait=0.05) as two:
            forget_client(two, 1)

        assert [found] == read_agreements(book)


def test_what_was_reported_as_done_survives_a_kill(tmp_path: Path) -> None:
    """Killed at any instant, the book is sound and holds every payment that was printed."""
    with book_with(tmp_path, "split 12"):
        pass
    path, lots = tmp_path / "book.sqlite3", random.Random(7)  # noqa: S311 - moments, not secrets
    for round_ in range(6):
        with writer(path, f"{round_}-", 0) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(lots.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
            printed = [first, *process.stdout]
        with open_book(path) as book:
            [found] = read_agreements(book)
            sound = book.execute("PRAGMA integrity_check").fetchone()[0]
        kept = {p.reference for p in found.payments}

        assert "ok" == sound
        assert set() == {f"{round_}-{line.strip()}" for line in printed if line.strip()} - kept


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    """They wait for each other, and nothing is lost."""
    with book_with(tmp_path, "split 12"):
        pass
    path = tmp_path / "book.sqlite3"
    with writer(path, "a", 40) as one, writer(path, "b", 40) as two:
        one.communicate()
        two.communicate()
    with open_book(path) as book:
        [found] = read_agreements(book)

    assert 80 == len(found.payments)


def test_a_writer_that_cannot_wait_says_so(tmp_path: Path) -> None:
    """Without a word of what is in the tables."""
    path = tmp_path / "book"
    busy = pytest.raises(UsageError, match="Another program is writing")
    with open_book(path) as book, writing(book), busy, open_book(path, wait=0.05) as other:
        other.execute("BEGIN IMMEDIATE")


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path) -> None:
    """All of it or nothing."""
    with book_with(tmp_path, "split 12") as (book, [found]):
        with pytest.raises(sqlite3.OperationalError), writing(book):
            book.execute("DELETE FROM clients").execute("no sentence")

        assert [found] == read_agreements(book)


def test_a_backup_holds_the_same_and_is_private(tmp_path: Path) -> None:
    """It never takes the place of another file."""
    copy = tmp_path / "copy"
    with book_with(tmp_path, "split 12") as (book, [found]):
        back_up(book, copy)
        with pytest.raises(UsageError, match="there already"):
            back_up(book, copy)
    with open_book(copy) as book:
        assert [found] == read_agreements(book)
    assert 0o600 == copy.stat().st_mode & 0o777


def test_what_a_killed_backup_left_is_swept_by_the_next(tmp_path: Path) -> None:
    """A copy of all clients under a hidden name; those of processes that run stay."""
    ended = subprocess.Popen([sys.executable, "-c", ""])  # a process whose number was its own
    ended.wait()
    with book_with(tmp_path, "split 12") as (book, _):
        back_up(book, tmp_path / "first")
        left = tmp_path / f"{interim_name()}{ended.pid}"
        beside = left.with_name(f"{left.name}-journal")
        mine = left.with_name(f"{interim_name()}{os.getppid()}")
        for path in (left, beside, mine):
            path.write_bytes(b"clients")
        back_up(book, tmp_path / "second")

    assert [False, False, True] == [path.exists() for path in (left, beside, mine)]


def test_forgetting_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    """Neither name nor case nor payment is found in its bytes; other clients stay."""
    with book_with(tmp_path, "split 12", client="Xaverine") as (book, [found]):
        paid(book, found, ("2026-12-10", 4711))
    with book_with(tmp_path, "split 6", client="B") as (book, [other]):
        forget_client(book, client_number(book, "Xaverine"))

        assert [other] == read_agreements(book)
    content = (tmp_path / "book.sqlite3").read_bytes()

    assert b"Xaverine" not in content
    assert ["book.sqlite3"] == [path.name for path in tmp_path.iterdir()]


def test_forgetting_without_a_rebuilt_file_still_overwrites(tmp_path: Path) -> None:
    """Here because the book is being read; never is it told that nothing was changed."""
    path = tmp_path / "book.sqlite3"
    with book_with(tmp_path, "split 360", client="Xaverine"), open_book(path) as book:
        add(book, "split 6", client="B")
        reading = book.execute("SELECT n FROM instalments")
        reading.fetchone()
        rebuilt = forget_client(book, client_number(book, "Xaverine"))

        assert not rebuilt
        assert ["B"] == [one.client for one in read_agreements(book)]
    assert b"Xaverine" not in path.read_bytes()
