"""Accounts that stand twice in a whole portfolio, and borrowers whose rows are apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from replan.errors import UsageError

from .hashed import ACCOUNTS, BORROWERS, NAMELESS, Index, is_repeated, later
from .parts import Parts
from .stops import CopiesError

TOGETHER = 1 << 21
"""Hashes that are compared at a time: what they come to in memory does not grow with the input."""


def check_once(parts: Parts, pieces: int, group: str) -> None:
    """Refuse an account that stands twice, and a borrower who comes back after another."""
    twice = _repeated(parts, pieces, ACCOUNTS)
    if twice.size:
        raise CopiesError(_rows_at(parts, pieces, twice))
    again = _repeated(parts, pieces, BORROWERS) if group else twice
    refuse_apart(again.size, group)


def refuse_apart(count: int, group: str) -> None:
    """Refuse a table in which rows of some borrowers are apart."""
    if count:
        raise UsageError(
            f"Rows of {count} borrowers are apart from each other. "
            f"Sort the table by {group}, so that each budget is shared once."
        )


def _repeated(parts: Parts, pieces: int, end: str) -> Index:
    """Give the places of what stood at an earlier place, among all accounts or all borrowers.

    Hashes are compared range by range, so that those of few are held at a time.
    """
    sizes = [parts.keys(number, end).size for number in range(pieces)]
    begins = np.cumsum([0, *sizes])
    ranges = max(-(-int(begins[-1]) // TOGETHER), 1)
    width = np.uint64(((1 << 64) - 1) // ranges)
    found = [np.zeros(0, dtype=np.int64)]
    for one in range(ranges):
        held, places = [found[0]], list[Index]()
        for number in range(pieces):
            keys = parts.keys(number, end)
            mine = np.minimum(keys.view(np.uint64) // width, ranges - 1) == one
            here = np.flatnonzero(mine & (keys != NAMELESS))
            held.append(keys[here])
            places.append(here + begins[number])
        whole = np.concatenate(held)
        if is_repeated(whole):
            found.append(np.concatenate(places)[later(whole)])
    return np.sort(np.concatenate(found))


def _rows_at(parts: Parts, pieces: int, places: Index) -> list[tuple[int, str]]:
    """Give number and account of the rows at some places among all rows."""
    found: list[tuple[int, str]] = []
    begin = 0
    for number in range(pieces):
        size = parts.keys(number, ACCOUNTS).size
        mine = places[(places >= begin) & (places < begin + size)] - begin
        rows = _rows(parts, number) if mine.size else ()
        found += [rows[at] for at in mine.tolist()]
        begin += size
    return found


def _rows(parts: Parts, number: int) -> Sequence[tuple[Any, Any]]:
    """List the rows of a piece by number and account, each once."""
    told = (batch.to_pydict() for batch in parts.read(number, parts.offers, ["row", "account"]))
    pairs = (pair for t in told for pair in zip(t["row"], t["account"], strict=True))
    return list(dict.fromkeys(pairs))
