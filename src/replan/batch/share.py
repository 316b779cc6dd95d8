"""One budget for several accounts of a borrower: shares of the surplus, exact to the minor unit."""

from __future__ import annotations

from collections import defaultdict

from replan.engine.money import split_by_weight

from .accounts import PARTS, Accounts


def share_surplus(found: Accounts, name: str) -> None:
    """Share each borrower's surplus over its good accounts in proportion to what is owed.

    Column *name* tells the borrower; a row without one stands for itself. The surplus is that of
    the borrower's first row that has one: it is the household's, stated on each of its rows.
    """
    members: dict[object, list[int]] = defaultdict(list)
    for row, borrower in enumerate(found.table[name].to_pylist()):
        if found.good[row]:
            members[row if borrower in (None, "") else (borrower,)].append(row)
    owed = sum((found.amounts[c] for c in PARTS[1:]), start=found.amounts["principal"])
    for rows in members.values():
        known = [row for row in rows if found.given["surplus"][row]]
        if len(rows) > 1 and known:
            whole = int(found.amounts["surplus"][known[0]])
            shares = split_by_weight(max(whole, 0), [int(owed[row]) for row in rows])
            found.amounts["surplus"][rows] = shares
            found.given["surplus"][rows] = True
