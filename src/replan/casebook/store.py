"""The casebook's file: where it lies, how it is opened, written and copied."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from replan.errors import UsageError

from .schema import migrate

NAME = "casebook.sqlite3"
WAIT = 30.0
"""Seconds to wait for another process that is writing."""
_PRIVATE = 0o600
_FOLDER = 0o700


def book_path(asked: Path | None, environment: Mapping[str, str], platform: str) -> Path:
    """Return the casebook's file: what is asked for, REPLAN_BOOK, or the user's data folder.

    `platform` is `sys.platform`. The folder is that of the XDG specification, of macOS or Windows.
    """
    named = asked or environment.get("REPLAN_BOOK")
    if named:
        return Path(named)
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData/Local") / "replan" / NAME
    if platform == "darwin":
        return home / "Library/Application Support/replan" / NAME
    shared = Path(environment.get("XDG_DATA_HOME", ""))
    # a relative path is invalid and must be ignored (XDG Base Directory Specification)
    return (shared if shared.is_absolute() else home / ".local/share") / "replan" / NAME


@contextmanager
def open_book(path: Path, *, wait: float = WAIT) -> Iterator[sqlite3.Connection]:
    """Open a casebook, brought to the newest version and made private; made if there is none.

    What is reported as written survives a kill and a power cut: a rollback journal, synced before
    and after (`synchronous=EXTRA`). What is deleted is overwritten (`secure_delete`).
    Raises UsageError if the file cannot be used.
    """
    _make(path)
    with _translated(), closing(_connect(path, wait)) as book:
        migrate(book)
        _make_private(path)
        yield book


def _connect(path: Path, wait: float) -> sqlite3.Connection:
    book = sqlite3.connect(path, timeout=wait, isolation_level=None)
    try:
        book.row_factory = sqlite3.Row
        book.execute("PRAGMA foreign_keys = ON")
        book.execute("PRAGMA synchronous = EXTRA")
        book.execute("PRAGMA secure_delete = ON")
        # a book from elsewhere may hold views and triggers: they get no power
        book.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        book.close()
        raise
    return book


def _make(path: Path) -> None:
    """Make the file and its folder if there are none, readable by their owner alone."""
    if path.is_dir():
        raise UsageError("The casebook that is named is a folder. Name a file with --book.")
    if path.exists() and not path.is_file():
        raise UsageError("The casebook that is named is no file. Name another with --book.")
    path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))


def _make_private(path: Path) -> None:
    """Take a casebook from all but its owner; what is no casebook keeps its rights."""
    if path.stat().st_mode & 0o077:
        with suppress(PermissionError):  # only its owner can
            path.chmod(_PRIVATE)


@contextmanager
def _translated() -> Iterator[None]:
    """Say in plain words what SQLite reports; its own texts may hold what is in the tables."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise UsageError(_reason(error)) from error
    except sqlite3.IntegrityError as error:
        raise UsageError("The casebook refused an entry that contradicts another.") from error
    except OverflowError as error:
        if "SQLite" not in str(error):
            raise
        raise UsageError("There is nothing of that number. Correct it.") from error
    except sqlite3.DatabaseError as error:
        if _code(error) == sqlite3.SQLITE_CORRUPT:
            raise UsageError(_DAMAGED) from error
        raise UsageError("The file is no casebook. Name another with --book.") from error


_DAMAGED = (
    "The casebook is damaged; nothing was changed. Keep the file, and put your last backup in its"
    " place (replan track backup makes them)."
)


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _reason(error: sqlite3.OperationalError) -> str:
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "Another program is writing to the casebook. Try again; nothing was changed."
    if code == sqlite3.SQLITE_FULL:
        return "There is no room left for the casebook. Nothing was changed."
    return "The casebook cannot be read or written. Check the file, its folder and its rights."


@contextmanager
def writing(book: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Write all of it or nothing; two processes that write wait for each other."""
    book.execute("BEGIN IMMEDIATE")
    try:
        yield book
        book.execute("COMMIT")
    except BaseException:
        if book.in_transaction:
            book.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(book: sqlite3.Connection) -> Iterator[None]:
    """Read several tables as they stood at one instant, whatever another process writes."""
    if book.in_transaction:
        yield
        return
    book.execute("BEGIN")
    try:
        yield
    finally:
        book.execute("ROLLBACK")


def back_up(book: sqlite3.Connection, path: Path) -> None:
    """Copy a casebook that may be in use into a new private file, whole or not at all.

    What a backup into the same folder that was killed has left there is removed first.
    Raises UsageError if the file exists or its folder does not.
    """
    if path.exists():
        raise UsageError("A file of that name is there already. Name another for the copy.")
    if not path.parent.is_dir():
        raise UsageError("There is no such folder. Make it, or name another.")
    _sweep(path.parent)
    interim = path.with_name(f"{interim_name()}{os.getpid()}")
    try:
        os.close(os.open(interim, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
        with closing(sqlite3.connect(interim)) as copy:
            book.backup(copy)
        interim.replace(path)
    finally:
        interim.unlink(missing_ok=True)


def interim_name() -> str:
    """Name copies in the making, of this machine: elsewhere its processes have other numbers."""
    return f".replan-backup.{re.sub(r'[^A-Za-z0-9-]', '-', platform.node())}."


def _sweep(folder: Path) -> None:
    """Remove copies whose process has ended, with what the database keeps beside them."""
    for left in folder.glob(f"{interim_name()}*"):
        number = left.name.removeprefix(interim_name()).partition("-")[0]
        if number.isdecimal() and not _is_running(int(number)):
            with suppress(OSError):  # in use elsewhere, or somebody else's
                left.unlink()


def _is_running(process: int) -> bool:
    """Tell whether a process runs; where that cannot be asked, a file in use cannot be removed."""
    if os.name == "nt":
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it runs, for somebody else
        return True
    return True


def forget_client(book: sqlite3.Connection, client: int) -> bool:
    """Delete a client and everything that hangs on it, and rebuild the file without the traces.

    False if the file could not be rebuilt, for want of room or because it is in use: what was
    deleted is overwritten then as well, and the next client forgotten rebuilds the file.
    """
    with writing(book):
        book.execute("DELETE FROM clients WHERE id = ?", (client,))
    try:
        book.execute("VACUUM")
    except sqlite3.OperationalError:
        return False
    return True
