"""The casebook's tables, version by version, and how an older file becomes a newer one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from replan.errors import UsageError

APPLICATION = 0x52504C4E
"""Marks a SQLite file as a casebook ("RPLN")."""

_FIRST = """
CREATE TABLE clients (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE CHECK (length(name) > 0)
) STRICT;
CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  client INTEGER NOT NULL REFERENCES clients ON DELETE CASCADE,
  content TEXT NOT NULL
) STRICT;
CREATE TABLE agreements (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  client INTEGER NOT NULL REFERENCES clients ON DELETE CASCADE,
  source INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
  debt TEXT NOT NULL,
  creditor TEXT NOT NULL,
  account TEXT NOT NULL,
  plan TEXT NOT NULL,
  currency TEXT NOT NULL,
  exponent INTEGER NOT NULL CHECK (exponent BETWEEN 0 AND 4),
  as_of TEXT NOT NULL,
  allocation TEXT NOT NULL,
  asks TEXT NOT NULL,
  agreed_on TEXT NOT NULL,
  agreed_with TEXT NOT NULL,
  confirmed TEXT NOT NULL CHECK (confirmed IN ('letter', 'recording', 'app', 'none')),
  document TEXT NOT NULL,
  digest TEXT NOT NULL,
  ended_on TEXT,
  recorded TEXT NOT NULL
) STRICT;
CREATE TABLE instalments (
  agreement INTEGER NOT NULL REFERENCES agreements ON DELETE CASCADE,
  n INTEGER NOT NULL CHECK (n >= 0),
  due TEXT NOT NULL,
  until TEXT NOT NULL,
  payment INTEGER NOT NULL CHECK (payment >= 0),
  principal INTEGER NOT NULL,
  interest INTEGER NOT NULL,
  penalty INTEGER NOT NULL,
  fees INTEGER NOT NULL,
  principal_left INTEGER NOT NULL,
  interest_left INTEGER NOT NULL,
  penalty_left INTEGER NOT NULL,
  fees_left INTEGER NOT NULL,
  fees_accrued INTEGER NOT NULL,
  bearing INTEGER NOT NULL,
  CHECK (principal + interest + penalty + fees = payment),
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE conditions (
  agreement INTEGER NOT NULL REFERENCES agreements ON DELETE CASCADE,
  n INTEGER NOT NULL,
  payments INTEGER NOT NULL CHECK (payments >= 0),
  principal INTEGER NOT NULL,
  interest INTEGER NOT NULL,
  penalty INTEGER NOT NULL,
  fees INTEGER NOT NULL,
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  agreement INTEGER NOT NULL REFERENCES agreements ON DELETE CASCADE,
  paid_on TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  reference TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;
CREATE INDEX payments_by_agreement ON payments (agreement, paid_on, id);
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  client INTEGER NOT NULL REFERENCES clients ON DELETE CASCADE,
  at TEXT NOT NULL,
  zone TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('call', 'message', 'letter', 'visit')),
  outcome TEXT NOT NULL CHECK (outcome IN ('reached', 'unanswered')),
  caller TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('creditor', 'collector', 'unknown')),
  number TEXT NOT NULL,
  recipient TEXT NOT NULL CHECK (recipient IN ('borrower', 'third-party')),
  debt TEXT NOT NULL,
  jurisdiction TEXT NOT NULL,
  said TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;
CREATE TABLE offers (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  client INTEGER NOT NULL REFERENCES clients ON DELETE CASCADE,
  made_on TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('ours', 'theirs')),
  debt TEXT NOT NULL,
  terms TEXT NOT NULL,
  answer TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;
"""

_SECOND = """
CREATE TABLE numbers (
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO numbers SELECT 'clients', coalesce(max(id), 0) FROM clients;
INSERT INTO numbers SELECT 'agreements', coalesce(max(id), 0) FROM agreements;
INSERT INTO numbers SELECT 'payments', coalesce(max(id), 0) FROM payments;
ALTER TABLE agreements ADD COLUMN grace INTEGER NOT NULL DEFAULT 0 CHECK (grace BETWEEN 0 AND 31);
"""
# a number that stands on somebody's paper must never come to mean another client's agreement

_THIRD = """
CREATE TABLE removals (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  agreement INTEGER NOT NULL REFERENCES agreements ON DELETE CASCADE,
  paid_on TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  reference TEXT NOT NULL,
  recorded TEXT NOT NULL
) STRICT;
CREATE INDEX removals_by_agreement ON removals (agreement, paid_on);
"""
# a payment that was taken back must not come back with the next statement

MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND, _THIRD)
"""What makes version n of version n - 1; a step is never changed once it has been released."""


def migrate(book: sqlite3.Connection, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring a file to the newest version, one step and one transaction at a time.

    Raises UsageError for a file that is no casebook, or is of a newer version than the program
    knows: it must not be written by something that does not know all its fields.
    """
    version = version_of(book)
    if version > len(migrations):
        raise UsageError(
            "This casebook was written by a newer replan. Update replan; nothing was changed."
        )
    while version < len(migrations):
        book.execute("BEGIN IMMEDIATE")
        try:
            # another process may have been first
            if version_of(book) == version:
                for statement in statements(migrations[version]):
                    book.execute(statement)
                book.execute(f"PRAGMA application_id = {APPLICATION}")
                book.execute(f"PRAGMA user_version = {version + 1}")
            book.execute("COMMIT")
        except BaseException:
            book.execute("ROLLBACK")
            raise
        version = version_of(book)


def version_of(book: sqlite3.Connection) -> int:
    """Return the version of a casebook, 0 for an empty file; UsageError if it is something else."""
    version = int(book.execute("PRAGMA user_version").fetchone()[0])
    mark = int(book.execute("PRAGMA application_id").fetchone()[0])
    holds = book.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if mark != APPLICATION and (holds or version or mark):
        raise UsageError("The file is no casebook. Name another with --book.")
    return version


def statements(script: str) -> Iterator[str]:
    """Split a script into its statements; SQLite's own runner of scripts would commit first."""
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
