"""Stacking: plans of one debt, or debts of one kind, rolled as one batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from .block import needs_wide
from .factors import ONE, Factors, Quoted
from .kernel import roll
from .resolve import PhaseColumns, Resolved
from .schedule import Schedule, rows_of_schedule
from .terms import LONGEST, Parts

PERIODS = ("charges", "prepay", "falls_due", "missed")
"""Columns with a row per period, padded with nothing."""
NEUTRAL = ("charges", "prepay", "early", "base")
"""Columns that some rows may lack: what stands in for them changes nothing."""
NOTHING = np.zeros((1, 1), dtype=np.int64)
FACTORS = fields(Factors)
NO_TIME = Factors(NOTHING, ONE, ONE, ONE)


def roll_all(batch: Sequence[Resolved]) -> list[tuple[Schedule, int]]:
    """Roll each definition of one row; give its schedule and its place in it.

    Those of one kind are rolled as one batch, which gives the same figures as one by one.
    """
    kinds: dict[Hashable, list[int]] = defaultdict(list)
    for i, r in enumerate(batch):
        kinds[_kind(r)].append(i)
    found: dict[int, tuple[Schedule, int]] = {}
    for places in kinds.values():
        rolled = roll(stack([batch[i] for i in places]))
        found |= {i: (rolled, row) for row, i in enumerate(places)}
    return [found[i] for i in range(len(batch))]


def roll_columns(batch: Sequence[Resolved], *, rows: bool = True) -> list[Schedule]:
    """Roll definitions of any number of rows each; give each one's schedule, with all its rows.

    Those of one kind and with the same weights are rolled as one batch: a loop over periods costs
    nearly the same for ten rows as for hundreds. The figures are the same as one by one. `rows`
    keeps the periods, not only their sums.
    """
    kinds: dict[Hashable, list[int]] = defaultdict(list)
    for i, r in enumerate(batch):
        # one row whose weights differ would have the exact annuity of all of them kept, one with
        # amounts beyond float64 have all carried as Python integers
        kinds[_kind(r), frozenset(r.phases.weight), needs_wide(r)].append(i)
    found: dict[int, Schedule] = {}
    for places in kinds.values():
        rolled = roll(stack([batch[i] for i in places]), rows=rows)
        ends = np.cumsum([batch[i].periods.size for i in places]).tolist()
        for i, begin, end in zip(places, [0, *ends[:-1]], ends, strict=True):
            found[i] = rows_of_schedule(rolled, slice(begin, end))
    return [found[i] for i in range(len(batch))]


def _kind(r: Resolved) -> Hashable:
    """Give what rows of one batch must share."""
    parts: list[Hashable] = [len(r.quoted.flat), r.quoted.differs, bool(r.periods.max() < LONGEST)]
    for f in fields(r):
        value = getattr(r, f.name)
        if f.name in NEUTRAL:
            continue
        if not isinstance(value, np.ndarray | Parts | Factors | Quoted | PhaseColumns):
            parts.append(value)
        else:
            parts.append(f.name)
    return tuple(parts)


def stack(batch: Sequence[Resolved]) -> Resolved:
    """Put rows of one kind under each other; a row passes over the phases of the others."""
    if len(batch) == 1:
        return batch[0]
    first = batch[0]
    height = max(int(r.periods.max(initial=0)) for r in batch)
    changes: dict[str, Any] = {"phases": _phases([r.phases for r in batch])}
    for f in fields(first):
        values = _filled(f.name, batch)
        if isinstance(values[0], Parts):
            columns = ([getattr(v, p.name) for v in values] for p in fields(Parts))
            changes[f.name] = Parts(*(np.concatenate(c) for c in columns))
        elif isinstance(values[0], Factors):
            changes[f.name] = _factors(values, batch, height)
        elif f.name in PERIODS and values[0] is not None:
            padded = [_padded(v, r, height) for v, r in zip(values, batch, strict=True)]
            changes[f.name] = np.concatenate(padded, axis=1)
        elif isinstance(values[0], np.ndarray):
            changes[f.name] = np.concatenate(values)
    quoted = first.quoted
    changes["quoted"] = replace(
        quoted,
        mixed=_factors([r.quoted.mixed for r in batch], batch, height),
        flat=tuple(
            _factors([r.quoted.flat[s] for r in batch], batch, height)
            for s in range(len(quoted.flat))
        ),
        last=_beside(
            [r.quoted.last for r in batch], [r.periods.size for r in batch], max(height, 1)
        ),
    )
    return replace(first, **changes)


def _filled(name: str, batch: Sequence[Resolved]) -> list[Any]:
    """Give a column of each, with what changes nothing for rows that lack what others have."""
    values = [getattr(r, name) for r in batch]
    if name not in NEUTRAL or all(v is None for v in values):
        return values
    return [_neutral(name, r) if v is None else v for v, r in zip(values, batch, strict=True)]


def _neutral(name: str, r: Resolved) -> Any:
    if name == "early":
        return NO_TIME
    return r.factors if name == "base" else NOTHING


def _phases(batch: Sequence[PhaseColumns]) -> PhaseColumns:
    """Lay phases out along one sequence that contains those of every row, in their order."""
    kinds = [tuple(zip(p.asks, p.unpaid, p.weight, p.anew, strict=True)) for p in batch]
    pattern = list[tuple[Any, ...]]()
    for kind in dict.fromkeys(kinds):
        _embed(kind, pattern)
    laid = {kind: _embed(kind, pattern) for kind in dict.fromkeys(kinds)}
    sizes = [p.count.shape[1] for p in batch]
    count = np.zeros((len(pattern), sum(sizes)), dtype=np.int64)
    amount = np.zeros_like(count)
    row = 0
    for kind, p, size in zip(kinds, batch, sizes, strict=True):
        here = (laid[kind], slice(row, row + size))
        count[here], amount[here] = p.count, p.amount
        row += size
    return PhaseColumns(
        asks=tuple(phase[0] for phase in pattern),
        unpaid=tuple(phase[1] for phase in pattern),
        weight=tuple(phase[2] for phase in pattern),
        anew=tuple(phase[3] for phase in pattern),
        count=count,
        amount=amount,
    )


def _embed(kind: Sequence[Any], pattern: list[Any]) -> list[int]:
    """Find phases in a pattern, in their order; what it lacks is put into it."""
    places = list[int]()
    for phase in kind:
        begin = places[-1] + 1 if places else 0
        if phase not in pattern[begin:]:
            pattern.insert(begin, phase)
        places.append(pattern.index(phase, begin))
    return places


def _factors(values: Sequence[Factors], batch: Sequence[Resolved], height: int) -> Factors:
    """Lay factors side by side, as high as the longest; one period where all are constant."""
    sizes = [r.periods.size for r in batch]
    columns = [[getattr(v, f.name) for v in values] for f in FACTORS]
    return Factors(*(_narrow(column, sizes, height) for column in columns))


def _narrow(columns: Sequence[Any], sizes: Sequence[int], height: int) -> Any:
    """Lay columns side by side; what is one value throughout stays one."""
    first = columns[0]
    if first.size == 1 and all(c.size == 1 and (c == first).all() for c in columns):
        return first
    return _beside(columns, sizes, 1 if all(c.shape[0] == 1 for c in columns) else height)


def _beside(columns: Sequence[Any], sizes: Sequence[int], height: int) -> Any:
    """Lay columns side by side, each over its rows."""
    kind = np.result_type(*{c.dtype for c in columns})
    wide, row = np.empty((height, sum(sizes)), dtype=kind), 0
    for column, size in zip(columns, sizes, strict=True):
        wide[:, row : row + size] = _tall(column, height)
        row += size
    return wide


def _tall(column: Any, height: int) -> Any:
    """Repeat the last period down to a height; nothing beyond a row's end is used."""
    if column.shape[0] in (1, height):
        return column
    if column.shape[0] > height:
        return column[:height]
    return np.concatenate([column, np.repeat(column[-1:], height - column.shape[0], axis=0)])


def _padded(column: Any, r: Resolved, height: int) -> Any:
    wide = np.broadcast_to(column, (column.shape[0], r.periods.size))[:height]
    if wide.shape[0] == 1 and height > 1:
        return np.repeat(wide, height, axis=0)
    below = np.zeros((height - wide.shape[0], r.periods.size), dtype=wide.dtype)
    return np.concatenate([wide, below])
