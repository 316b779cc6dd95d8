"""A casebook as JSON, and back: everything, and nothing that is there already."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from replan.errors import UsageError
from replan.model.text import is_clean

from .entries import LONGEST_TEXT, client_number, insert
from .schema import MIGRATIONS
from .soundness import is_sound
from .store import snapshot

Record = dict[str, Any]
_MOST = 10**15
"""Above every amount that the casebook takes, and far within 64 bits."""
_LONG = ("content", "asks", "plan", "allocation")
"""Texts that may be longer than what somebody writes."""
_ADDED: dict[int, dict[str, Record]] = {2: {"agreements": {"grace": 0}}}
"""Columns that a version added, by table, with what they are in older entries."""


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
    "removals": Kind({"agreement": "agreements"}, ("paid_on",)),
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
    with snapshot(book):
        tables = {name: _entries(book, name) for name in KINDS}
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
    """Add what `export_book` gave, of this version or an earlier one; count what was new, by table.

    What stands in the casebook already, by its uid, is left as it is; a client is known by the
    name. To be called while writing. All is checked: raises UsageError, and nothing is kept, if
    the content is no export or could not have been recorded by replan.
    """
    if not isinstance(content, dict) or content.get("casebook") is None:
        raise UsageError("The file is no export of a casebook. Write one: replan track export")
    version = content["casebook"]
    if type(version) is not int or not 1 <= version <= len(MIGRATIONS):
        raise UsageError("The file was exported by another version of replan. Update and retry.")
    numbers: dict[str, dict[str, int]] = {name: {} for name in KINDS}
    fresh: set[int] = set()
    added: dict[str, int] = {}
    for table in KINDS:
        entries = (_completed(e, table, version) for e in _listed(content, table))
        added[table] = sum([_put(book, table, e, numbers, fresh) for e in entries])
    _check_agreements(book, fresh)
    return added


def _completed(entry: Record, table: str, version: int) -> Record:
    """Give an entry of an earlier version the columns that came later."""
    later = (_ADDED.get(n, {}).get(table, {}) for n in range(version + 1, len(MIGRATIONS) + 1))
    return {name: value for columns in later for name, value in columns.items()} | entry


def _listed(content: Mapping[str, Any], table: str) -> Iterator[Record]:
    entries = content.get(table, [])
    if not isinstance(entries, list):
        raise _faulty(table)
    for entry in entries:
        if not isinstance(entry, dict) or not all(_is_plain(k, v) for k, v in entry.items()):
            raise _faulty(table)
        yield entry


def _is_plain(name: str, value: object) -> bool:
    if isinstance(value, str):
        return is_clean(value) and (name in _LONG or len(value) <= LONGEST_TEXT)
    return value is None or (type(value) is int and abs(value) <= _MOST)


def _faulty(table: str) -> UsageError:
    return UsageError(f"The export is damaged in {table}. Nothing was taken from it.")


def _put(
    book: sqlite3.Connection,
    table: str,
    entry: Record,
    numbers: dict[str, dict[str, int]],
    fresh: set[int],
) -> bool:
    """Insert an entry that is not there yet; tell whether it was new.

    `fresh` are the agreements that this export brought: rows are added to no others.
    """
    kind = KINDS[table]
    if set(entry) != _columns(book, table) or not is_sound(table, entry, kind.days):
        raise _faulty(table)
    values = dict(entry)
    for column, owner in kind.belongs.items():
        if entry[column] not in numbers[owner]:
            raise _faulty(table)
        values[column] = numbers[owner][entry[column]]
    if not kind.has_uid:
        if values["agreement"] in fresh:
            insert(book, table, values)
        return values["agreement"] in fresh
    if table == "payments" and _is_removed(book, entry["uid"]):
        return False
    there = _number(book, table, entry)
    numbers[table][entry["uid"]] = there or insert(book, table, values)
    if table == "agreements" and not there:
        fresh.add(numbers[table][entry["uid"]])
    return not there


def _is_removed(book: sqlite3.Connection, uid: str) -> bool:
    """Tell whether a payment was taken back: it stays away."""
    return bool(book.execute("SELECT 1 FROM removals WHERE uid = ?", (uid,)).fetchone())


def _columns(book: sqlite3.Connection, table: str) -> set[str]:
    listed = book.execute(f"PRAGMA table_info({table})")
    return {row["name"] for row in listed} - {"id"}


def _number(book: sqlite3.Connection, table: str, entry: Record) -> int | None:
    """Return the number of an entry that is there already."""
    found = book.execute(
        f"SELECT id FROM {table} WHERE uid = ?",  # noqa: S608 - our own names
        (entry["uid"],),
    ).fetchone()
    if found is None and table == "clients":
        found = book.execute("SELECT id FROM clients WHERE name = ?", (entry["name"],)).fetchone()
    return None if found is None else int(found[0])


_UNSOUND = """
SELECT 1 FROM agreements a JOIN cases s ON s.id = a.source
WHERE a.id = ?1 AND (
  s.client <> a.client
  OR NOT EXISTS (
    SELECT 1 FROM json_each(s.content, '$.debts') d WHERE json_extract(d.value, '$.id') = a.debt
  )
  OR (SELECT count(*) <> 1 + max(n) OR max(payment) = 0 FROM instalments WHERE agreement = a.id)
  OR NOT EXISTS (SELECT 1 FROM instalments WHERE agreement = a.id)
  OR EXISTS (
    SELECT 1 FROM instalments i JOIN instalments j ON j.agreement = i.agreement AND j.n = i.n + 1
    WHERE i.agreement = a.id AND j.due < i.due
  )
)
"""


def _check_agreements(book: sqlite3.Connection, fresh: set[int]) -> None:
    """Refuse an agreement without its own client's case, its debt, or rows one after another."""
    for number in fresh:
        if book.execute(_UNSOUND, (number,)).fetchone():
            raise _faulty("agreements")
