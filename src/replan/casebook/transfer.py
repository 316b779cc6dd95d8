"""A casebook as JSON, and back: everything, and nothing that is there already."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from replan.errors import UsageError
from replan.model.text import is_clean

from .agreements import client_number, insert
from .schema import MIGRATIONS

Record = dict[str, Any]
_MOST = 2**63


@dataclass(frozen=True, slots=True)
class Kind:
    """A table: what its entries belong to, by table, and which of its columns are dates."""

    belongs: Mapping[str, str]
    days: tuple[str, ...] = ()
    has_uid: bool = True


KINDS: dict[str, Kind] = {
    "clients": Kind({}),
    "cases": Kind({"client": "clients"}),
    "agreements": Kind(
        {"client": "clients", "source": "cases"}, ("as_of", "agreed_on", "ended_on")
    ),
    "instalments": Kind({"agreement": "agreements"}, ("due", "until"), has_uid=False),
    "conditions": Kind({"agreement": "agreements"}, has_uid=False),
    "payments": Kind({"agreement": "agreements"}, ("paid_on",)),
    "contacts": Kind({"client": "clients"}, ("at",)),
    "offers": Kind({"client": "clients"}, ("made_on",)),
}
"""Every table, those that others belong to first."""


def export_book(book: sqlite3.Connection, client: str | None = None) -> Record:
    """Return everything that a casebook holds, or all of one client, in JSON form.

    Amounts are whole numbers of the currency's minor unit. Entries name what they belong to by its
    `uid`, so that two casebooks can be joined.
    """
    chosen = None if client is None else client_number(book, client)
    book.execute("BEGIN")
    try:
        tables = {name: _entries(book, name) for name in KINDS}
    finally:
        book.execute("ROLLBACK")
    if chosen is not None:
        tables = _only(tables, chosen)
    uids = {name: {e["id"]: e["uid"] for e in t if "uid" in e} for name, t in tables.items()}
    return {
        "replan": 1,
        "casebook": len(MIGRATIONS),
        **{name: [_linked(entry, name, uids) for entry in t] for name, t in tables.items()},
    }


def _entries(book: sqlite3.Connection, table: str) -> list[Record]:
    order = "id" if KINDS[table].has_uid else "agreement, n"
    rows = book.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - our own names
    return [dict(row) for row in rows]


def _only(tables: Mapping[str, list[Record]], client: int) -> dict[str, list[Record]]:
    """Leave out what belongs to other clients."""
    agreed = {e["id"] for e in tables["agreements"] if e["client"] == client}

    def is_theirs(name: str, entry: Record) -> bool:
        if name == "clients":
            return bool(entry["id"] == client)
        return entry["agreement"] in agreed if "agreement" in entry else entry["client"] == client

    return {name: [e for e in t if is_theirs(name, e)] for name, t in tables.items()}


def _linked(entry: Record, table: str, uids: Mapping[str, Mapping[int, str]]) -> Record:
    """Replace numbers, which hold in one file only, by uids."""
    kind = KINDS[table]
    linked = {c: uids[kind.belongs[c]][v] if c in kind.belongs else v for c, v in entry.items()}
    linked.pop("id", None)
    return linked


def import_book(book: sqlite3.Connection, content: object) -> dict[str, int]:
    """Add what `export_book` gave; count what was new, by table. To be called while writing.

    What stands in the casebook already, by its uid, is left as it is; a client is known by the
    name. All is checked: raises UsageError, and nothing is kept, if the content is no export.
    """
    if not isinstance(content, dict) or content.get("casebook") is None:
        raise UsageError("The file is no export of a casebook. Write one: replan track export")
    if content["casebook"] != len(MIGRATIONS):
        raise UsageError("The file was exported by another version of replan. Update and retry.")
    numbers: dict[str, dict[str, int]] = {name: {} for name in KINDS}
    added: dict[str, int] = {}
    for table in KINDS:
        news = [_put(book, table, e, numbers) for e in _listed(content, table)]
        added[table] = sum(news)
    return added


def _listed(content: Mapping[str, Any], table: str) -> Iterator[Record]:
    entries = content.get(table, [])
    if not isinstance(entries, list):
        raise _faulty(table)
    for entry in entries:
        if not isinstance(entry, dict) or not all(map(_is_plain, entry.values())):
            raise _faulty(table)
        yield entry


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return is_clean(value)
    return value is None or (isinstance(value, int) and abs(value) < _MOST)


def _faulty(table: str) -> UsageError:
    return UsageError(f"The export is damaged in {table}. Nothing was taken from it.")


def _put(
    book: sqlite3.Connection, table: str, entry: Record, numbers: dict[str, dict[str, int]]
) -> bool:
    """Insert an entry that is not there yet; tell whether it was new."""
    kind = KINDS[table]
    known = _columns(book, table)
    if set(entry) != known or not _dated(entry, kind):
        raise _faulty(table)
    values = dict(entry)
    for column, owner in kind.belongs.items():
        if entry[column] not in numbers[owner]:
            raise _faulty(table)
        values[column] = numbers[owner][entry[column]]
    there = _number(book, table, entry, values)
    if there is None:
        there = insert(book, table, values)
        new = True
    else:
        new = False
    if kind.has_uid:
        numbers[table][entry["uid"]] = there
    return new


def _columns(book: sqlite3.Connection, table: str) -> set[str]:
    listed = book.execute(f"PRAGMA table_info({table})")
    return {row["name"] for row in listed} - {"id"}


def _dated(entry: Record, kind: Kind) -> bool:
    """Tell whether days are days, and texts that hold JSON do."""
    try:
        for name in kind.days:
            if entry[name] is not None or name != "ended_on":
                read = datetime.fromisoformat if name == "at" else date.fromisoformat
                read(entry[name])
        for name in ("content", "allocation", "asks"):
            json.loads(entry.get(name, "0"))
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _number(book: sqlite3.Connection, table: str, entry: Record, values: Record) -> int | None:
    """Return the number of an entry that is there already; of rows without a uid, any number."""
    keys: tuple[Any, ...]
    if table == "clients":
        where, keys = "uid = ? OR name = ?", (entry["uid"], entry["name"])
    elif KINDS[table].has_uid:
        where, keys = "uid = ?", (entry["uid"],)
    else:
        where, keys = "agreement = ? AND n = ?", (values["agreement"], entry["n"])
    what = "id" if KINDS[table].has_uid else "n"
    query = f"SELECT {what} FROM {table} WHERE {where}"  # noqa: S608 - our own names
    found = book.execute(query, keys).fetchone()
    return None if found is None else int(found[0])
