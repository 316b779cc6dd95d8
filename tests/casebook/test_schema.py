"""The casebook's tables: every version becomes the newest, a newer one is left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from replan.casebook.agreements import read_agreements
from replan.casebook.schema import MIGRATIONS, migrate, version_of
from replan.casebook.store import open_book
from replan.errors import UsageError

FIXTURES = sorted((Path(__file__).parent / "schemas").glob("*.sql"))


def from_text(path: Path, script: str) -> None:
    """Make a file from SQL."""
    with closing(sqlite3.connect(path)) as book:
        book.executescript(script)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_every_released_schema_is_read(fixture: Path, tmp_path: Path) -> None:
    """A book written by any release opens with all that it held."""
    from_text(tmp_path / "book", fixture.read_text(encoding="utf-8"))
    with open_book(tmp_path / "book") as book:
        found = read_agreements(book)
        version = version_of(book)

    assert len(MIGRATIONS) == version
    assert [("Ana", "card", [250000, 150000])] == [
        (one.client, one.debt, [p.amount for p in one.payments]) for one in found
    ]


def test_there_is_a_fixture_for_every_version() -> None:
    """A new version keeps the one before it as text, so that it stays readable."""
    assert [f"schema_{n}" for n in range(1, len(MIGRATIONS) + 1)] == [p.stem for p in FIXTURES]


def test_steps_are_taken_one_by_one(tmp_path: Path) -> None:
    """A later step finds what the earlier ones made, and is taken once."""
    steps = ("CREATE TABLE a (x);", "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);")
    with closing(sqlite3.connect(tmp_path / "b", isolation_level=None)) as book:
        migrate(book, steps[:1])
        migrate(book, steps)
        migrate(book, steps)

        assert 2 == version_of(book)
        assert [(1,), (2,)] == book.execute("SELECT x FROM a").fetchall()


def test_a_step_that_fails_leaves_the_version_before_it(tmp_path: Path) -> None:
    """Half a migration is none."""
    steps = ("CREATE TABLE a (x);", "INSERT INTO a VALUES (1);\nINSERT INTO missing VALUES (2);")
    with closing(sqlite3.connect(tmp_path / "b", isolation_level=None)) as book:
        migrate(book, steps[:1])
        with pytest.raises(sqlite3.OperationalError):
            migrate(book, steps)

        assert 1 == version_of(book)
        assert [] == book.execute("SELECT x FROM a").fetchall()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    """What this program does not know it does not write."""
    with open_book(tmp_path / "book") as book:
        book.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")

    with pytest.raises(UsageError, match="newer replan"), open_book(tmp_path / "book"):
        pass


@pytest.mark.parametrize("content", [b"a,b\n1,2\n" * 200, b"SQLite format 3\0" + b"\xff" * 900])
def test_another_file_is_no_casebook(content: bytes, tmp_path: Path) -> None:
    """A wrong name on the command line harms nothing."""
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=r"no casebook|cannot be read"), open_book(path):
        pass
    assert content == path.read_bytes()


def test_another_programs_database_is_no_casebook(tmp_path: Path) -> None:
    """A database of someone else stays as it is."""
    from_text(tmp_path / "other", "CREATE TABLE notes (text);")

    with pytest.raises(UsageError, match="no casebook"), open_book(tmp_path / "other"):
        pass
