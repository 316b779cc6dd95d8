"""Accounts of one borrower: who belongs together, and when nobody knows the budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .accounts import Accounts
from .admission import names_in
from .cells import Flags
from .exclusions import flags_of
from .result import Told
from .schema import FLAGS, SURPLUS
from .surplus import Path, path_of

PERSONAL = ("deceased", "insolvent", "moratorium", "vulnerable")
"""Flags that are about the person: on one account they hold for all of the borrower's."""
MISSING, DIFFERS = "debt-missing", "surplus-differs"


@dataclass(frozen=True, slots=True)
class Borrower:
    """The rows of one borrower, in their order, and what may be paid in all; None: not known."""

    rows: tuple[int, ...]
    surplus: Path | None


def borrowers_of(found: Accounts, name: str) -> list[Borrower]:
    """Gather the rows of each borrower by a column; a row without one stands for itself.

    The surplus is the household's: stated on one row or on several, it is that of all.
    """
    members: dict[object, list[int]] = {}
    for row, borrower in enumerate(names_in(found.table[name], name).to_pylist()):
        members.setdefault(borrower or row, []).append(row)
    return [Borrower(tuple(rows), _surplus(found, rows)) for rows in members.values()]


def _surplus(found: Accounts, rows: list[int]) -> Path | None:
    known = [row for row in rows if found.good[row] and found.given[SURPLUS][row]]
    return path_of(found, known[0]) if known else None


def spread_flags(found: Accounts, borrowers: list[Borrower]) -> None:
    """Let a flag about the person hold for all accounts of the borrower."""
    codes, means = found.words[FLAGS], found.means[FLAGS]
    personal = [_personal(word) for word in means]
    if not any(personal):
        return
    for borrower in borrowers:
        flags = {flag for row in borrower.rows for flag in personal[codes[row]]}
        for row in borrower.rows if flags and len(borrower.rows) > 1 else ():
            lacking = sorted(flags - set(personal[codes[row]]))
            if lacking:
                means.append("; ".join([*filter(None, [means[codes[row]]]), *lacking]))
                codes[row] = len(means) - 1
                personal.append(tuple(flags))


def _personal(word: object) -> tuple[str, ...]:
    return tuple(flag for flag in flags_of(word) if flag in PERSONAL)


def review_borrowers(found: Accounts, borrowers: list[Borrower], kept: Flags, told: Told) -> Flags:
    """Leave to a human the accounts whose budget nobody knows; give those that are left.

    That is where a row of the borrower is no account, so that a debt is missing, and where the rows
    state different surpluses.
    """
    left = kept.copy()
    for borrower in borrowers:
        rows = np.array(borrower.rows)
        reason = _fault(found, borrower)
        mine = rows[left[rows]]
        if reason and mine.size:
            told.add(mine.size, row=mine, status="review", reason=reason)
            left[mine] = False
    return left


def _fault(found: Accounts, borrower: Borrower) -> str:
    if len(borrower.rows) == 1:
        return ""
    if not all(found.good[row] for row in borrower.rows):
        return MISSING
    stated = {path_of(found, row) for row in borrower.rows if found.given[SURPLUS][row]}
    return DIFFERS if len(stated) > 1 else ""


def whole_borrowers(batches: Iterator[Any], name: str) -> Iterator[Any]:
    """Move cuts so that no borrower's rows are parted."""
    if not name:
        yield from batches
        return
    held: Any = None
    for batch in batches:
        whole = batch if held is None else joined([held, batch])
        cut = _last_run(names_in(whole.column(name), name).to_pylist())
        if cut:
            yield whole.slice(0, cut)
        held = whole.slice(cut)
    if held is not None:
        yield held


def joined(batches: Sequence[Any]) -> Any:
    """Give record batches as one; at least one of several has rows."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if len(batches) == 1:
        return batches[0]
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def _last_run(values: list[Any]) -> int:
    """Give the place where the last borrower's rows begin."""
    at = len(values) - 1
    while at > 0 and values[at - 1] == values[at] and values[at]:
        at -= 1
    return at
