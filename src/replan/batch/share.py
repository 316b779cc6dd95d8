"""One budget for several accounts of a borrower: shares of the surplus, exact to the minor unit."""

from __future__ import annotations

from collections.abc import Iterable

from replan.engine.money import split_by_weight

from .accounts import PARTS, Accounts
from .borrowers import Borrower
from .cells import Flags
from .surplus import put_path

JOINT, PRO_RATA = SHARES = ("joint", "pro-rata")
"""One plan per account, chosen together; or each by itself within its part of the surplus."""


def share_surplus(found: Accounts, borrowers: Iterable[Borrower], kept: Flags) -> None:
    """Share each borrower's surplus over the good accounts in proportion to what is owed.

    Every amount of a path is shared by itself. Who has no account that is *kept* needs no share.
    """
    owed = sum((found.amounts[c] for c in PARTS[1:]), start=found.amounts["principal"])
    for borrower in borrowers:
        rows = [row for row in borrower.rows if found.good[row]]
        if len(rows) < 2 or borrower.surplus is None or not kept[rows].any():
            continue
        weights = [int(owed[row]) for row in rows]
        days = [day for day, _ in borrower.surplus]
        parts = [split_by_weight(amount, weights) for _, amount in borrower.surplus]
        for at, row in enumerate(rows):
            put_path(found, row, tuple(zip(days, (part[at] for part in parts), strict=True)))
        found.shared[[row for row in rows if kept[row]]] = PRO_RATA
