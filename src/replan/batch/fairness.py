"""How segments of a portfolio fare: offers, relief, reasons; nothing that tells of a person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from replan.errors import UsageError
from replan.io.mapping import ColumnMap
from replan.model.text import clean_text, quote

from .accounts import PARTS, Accounts
from .cells import Flags, Whole

SMALLEST_CELL = 10
"""Counts of a segment below this are not told: they would say something about single people."""
MOST_VALUES = 200
"""A column with more values than this is no segment."""
HIDDEN = f"<{SMALLEST_CELL} or withheld"
OFFER = "offer"
DEPTH = ("waived", "owed", "instalment", "contract")
"""Sums over accounts with offers, in minor units; the last two where the table gives both."""


def check_protected(
    protected: Sequence[str], used: Mapping[str, Any], mapping: ColumnMap, group: str
) -> None:
    """Refuse a protected column that decides on offers; it may only be counted by.

    It decides if it is read as a column of accounts, if the mapping leaves rows out by it, or if
    it names who shares one budget.
    """
    read = {name for name, _ in used.values()}
    for name in protected:
        shown = clean_text(name)
        if name in read:
            raise UsageError(
                f"The column {shown} is protected, but is read to decide on offers. "
                f'Leave it out: --map "{shown}=".'
            )
        if name in mapping.skip or name == group:
            what = "leaves rows out by it" if name in mapping.skip else "shares budgets by it"
            raise UsageError(f"The column {shown} is protected, but this run {what}. Leave that.")


def count_segments(
    names: Sequence[str], table: Any, found: Accounts, best: Mapping[str, Any]
) -> Counter[str]:
    """Count outcomes, and sums of relief, by columns of a table; *best* has a row an account."""
    cells: Counter[str] = Counter()
    status, reason = (best[name].to_pylist() for name in ("status", "reason"))
    outcome = [why or what for what, why in zip(status, reason, strict=True)]
    depth = list(_depth(found, best))
    for name in names:
        values = [_value(v) for v in table.column(name).to_pylist()]
        for value, what, sums in zip(values, outcome, depth, strict=True):
            cells[json.dumps([name, value, what])] += 1
            for figure, amount in zip(DEPTH, sums, strict=True):
                if amount:
                    cells[json.dumps([name, value, f"sum:{figure}"])] += amount
        _check_values(name, len(set(values)))
    return cells


def _value(cell: Any) -> str:
    return "" if cell is None else clean_text(str(cell))


def _check_values(name: str, count: int) -> None:
    if count > MOST_VALUES:
        raise UsageError(
            f"The column {quote(name)} has more than {MOST_VALUES} values: it is no segment. "
            "Group its values first."
        )


def _depth(found: Accounts, best: Mapping[str, Any]) -> Iterator[tuple[int, int, int, int]]:
    """Yield for each account what is waived, owed, asked a month and was agreed a month."""
    owed = sum((found.amounts[c] for c in PARTS[1:]), start=found.amounts["principal"])
    waived, asked = (best[name].to_pylist() for name in ("waived", "instalment"))
    for row, (given_up, monthly) in enumerate(zip(waived, asked, strict=True)):
        if monthly is None:
            yield 0, 0, 0, 0
            continue
        contract = int(found.amounts["instalment"][row])
        ask = int(monthly.scaleb(found.exponent)) if contract else 0
        yield int(given_up.scaleb(found.exponent)), int(owed[row]), ask, contract


def segments_told(cells: Mapping[str, int]) -> dict[str, Any]:
    """Give accounts by segment and outcome, and the depth of relief; small cells are withheld.

    So is what they would follow from, given that the totals of the whole portfolio are known: see
    `withheld`. Shares are told where the offers are: `offer_rate` of the accounts,  `waived_share`
    of what is owed, `instalment_share` of the contract's instalments.
    """
    tables: dict[str, dict[str, Counter[str]]] = {}
    for key, count in sorted(cells.items()):
        name, value, what = json.loads(key)
        tables.setdefault(name, {}).setdefault(value, Counter())[what] += count
    return {name: _table_told(name, values) for name, values in tables.items()}


def _table_told(name: str, values: Mapping[str, Counter[str]]) -> dict[str, Any]:
    _check_values(name, len(values))
    outcomes = sorted({w for c in values.values() for w in c if not w.startswith("sum:")})
    counts = np.array([[cell[what] for what in outcomes] for cell in values.values()])
    hidden, unnamed = withheld(counts)
    found: dict[str, Any] = {}
    for at, (value, cell) in enumerate(values.items()):
        told = {
            what: HIDDEN if hidden[at, n] else int(counts[at, n])
            for n, what in enumerate(outcomes)
            if hidden[at, n] or counts[at, n]
        }
        total = HIDDEN if unnamed[at] else int(counts[at].sum())
        found[value] = {"accounts": total, "outcomes": told, **_relief(total, told, cell)}
    return found


def _relief(total: int | str, told: Mapping[str, int | str], cell: Counter[str]) -> dict[str, Any]:
    """Give shares of a segment whose offers are told."""
    offers = told.get(OFFER, 0)
    if isinstance(offers, str) or isinstance(total, str):
        return {}
    shares = {"offer_rate": round(offers / total, 4)}
    for name, part, whole in (
        ("waived_share", "waived", "owed"),
        ("instalment_share", "instalment", "contract"),
    ):
        if offers and cell[f"sum:{whole}"]:
            shares[name] = round(cell[f"sum:{part}"] / cell[f"sum:{whole}"], 4)
    return shares


def withheld(counts: Whole) -> tuple[Flags, Flags]:
    """Choose which cells of a table are withheld, and which of its rows' totals.

    A count from 1 to 9 is; then others are, until none follows by subtraction from what is told
    and from all totals of rows and columns: no line withholds one cell alone, or fewer than ten
    accounts, and every withheld cell lies on a cycle of such cells, so that amounts can be moved
    around it without any total changing.
    """
    totals = _completed(counts.sum(axis=1, keepdims=True), np.zeros((len(counts), 1), np.bool_))
    hidden = totals | np.zeros(counts.shape, dtype=np.bool_)
    return _completed(counts, hidden), totals[:, 0]


def _completed(counts: Whole, hidden: Flags) -> Flags:
    hidden = hidden | ((counts > 0) & (counts < SMALLEST_CELL))
    while True:
        line = next(_open_lines(counts, hidden), None)
        if line is None:
            return hidden
        hidden[line] = True


def _open_lines(counts: Whole, hidden: Flags) -> Iterator[tuple[int, int]]:
    """Yield the cell to withhold next, of each line that would tell one of its own."""
    for row in range(counts.shape[0]) if counts.shape[1] > 1 else ():
        if _is_open(counts[row], hidden[row]):
            yield row, _next(counts[row], hidden[row], _lines_with(hidden))
    for column in range(counts.shape[1]):
        if _is_open(counts[:, column], hidden[:, column]):
            yield _next(counts[:, column], hidden[:, column], _lines_with(hidden.T)), column
    for row, column in _bridges(hidden) if counts.shape[1] > 1 else ():
        if not hidden[row].all():
            yield row, _next(counts[row], hidden[row], _lines_with(hidden))
        elif not hidden[:, column].all():
            yield _next(counts[:, column], hidden[:, column], _lines_with(hidden.T)), column


def _lines_with(hidden: Flags) -> Flags:
    """Tell which columns have withheld cells."""
    return np.asarray(hidden.any(axis=0), dtype=np.bool_)


def _is_open(line: Whole, gone: Flags) -> bool:
    """Tell whether a line withholds too little, and could withhold more."""
    alone = gone.sum() == 1 or line[gone].sum() < SMALLEST_CELL
    return bool(gone.any() and alone and not gone.all())


def _next(line: Whole, gone: Flags, crossing: Flags) -> int:
    """Choose what else a line withholds: where others are withheld already, then the smallest.

    *crossing* tells which lines across have withheld cells. Nothing at all (0) comes last.
    """
    order = np.lexsort([line, ~crossing, line == 0, gone])
    return int(order[0])


def _bridges(hidden: Flags) -> list[tuple[int, int]]:
    """List the withheld cells that lie on no cycle of withheld cells along rows and columns."""
    rows = hidden.shape[0]
    near: list[list[int]] = [[] for _ in range(sum(hidden.shape))]
    for row, column in zip(*np.nonzero(hidden), strict=True):
        near[row].append(rows + int(column))
        near[rows + column].append(int(row))
    found: list[tuple[int, int]] = []
    seen: dict[int, int] = {}
    for node in range(len(near)):
        if node not in seen:
            _lowest(node, -1, near, (seen, found), rows)
    return found


def _lowest(
    node: int, parent: int, near: list[list[int]], into: tuple[dict[int, int], Any], rows: int
) -> int:
    """Give the earliest node that can be reached without the edge to *parent* (Tarjan 1974)."""
    seen, found = into
    own = low = seen[node] = len(seen)
    for other in near[node]:
        if other == parent:
            continue
        known = other in seen
        back = seen[other] if known else _lowest(other, node, near, into, rows)
        if back > own and not known:
            found.append((min(node, other), max(node, other) - rows))
        low = min(low, back)
    return low
