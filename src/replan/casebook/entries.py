"""Entries of the casebook: how one is written, named and numbered, and whose it is."""

from __future__ import annotations

import sqlite3
import unicodedata
import uuid
from collections.abc import Mapping
from typing import Any

from replan.errors import UsageError
from replan.model.text import clean_text

LONGEST_TEXT = 500
_NUMBERED = ("clients", "agreements", "payments")
"""Tables whose numbers are never given twice, not even after a deletion."""


def insert(book: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    """Insert one row and give its number; *table* and keys are our own names, never anyone's."""
    if table in _NUMBERED:
        given = book.execute(
            "UPDATE numbers SET last = last + 1 WHERE name = ? RETURNING last", (table,)
        )
        values = {"id": given.fetchone()[0], **values}
    names, marks = ", ".join(values), ", ".join("?" for _ in values)
    done = book.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our own names
        tuple(values.values()),
    )
    return int(done.lastrowid or 0)


def new_uid() -> str:
    """Give a name that no other entry of any casebook has."""
    return uuid.uuid4().hex


def short(text: str) -> str:
    """Give a text without what a terminal would obey, and not longer than a line needs."""
    return clean_text(text)[:LONGEST_TEXT]


def client_number(book: sqlite3.Connection, name: str, *, made: bool = False) -> int:
    """Return a client's number; UsageError if there is none of that name and none is to be made.

    A name is found however its accents are encoded, and in capitals or not where only one client
    is meant: two that look alike would part one file in two.
    """
    name = unicodedata.normalize("NFC", short(name))
    if not name:
        raise UsageError("Whose is it? Name the client with --client NAME")
    found = _find_client(book, name)
    if found is not None:
        return found
    if not made:
        raise UsageError("There is no client of that name. replan track status lists them.")
    return insert(book, "clients", {"uid": new_uid(), "name": name})


def has_client(book: sqlite3.Connection, name: str) -> bool:
    """Tell whether a client of a name is in the casebook."""
    return _find_client(book, unicodedata.normalize("NFC", short(name))) is not None


def _find_client(book: sqlite3.Connection, name: str) -> int | None:
    exact = book.execute("SELECT id FROM clients WHERE name = ?", (name,)).fetchone()
    if exact:
        return int(exact["id"])
    listed = book.execute("SELECT id, name FROM clients").fetchall()
    alike = [int(row["id"]) for row in listed if _folded(row["name"]) == _folded(name)]
    return alike[0] if len(alike) == 1 else None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
