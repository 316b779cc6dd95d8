"""The exact Pareto front of many candidates on whole numbers, less being better on every axis.

A table of cells finds most of what is dominated. What it leaves is compared pair by pair, but only
where the table cannot tell: within a cell of an axis.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

CELLS = (300_000, 1_500_000)
"""Cells of two tables: enough to find nearly all that is dominated, few enough to sum up."""
SAMPLE = 8_192
"""Candidates of which the borders of cells are taken."""
PRIME = 2_654_435_761
NONE = np.iinfo(np.int64).max


def front(axes: NDArray[np.int64]) -> Index:
    """Give the candidates that no other is as good as on every axis and better on one.

    `axes` is (axes, candidates), whole numbers, less is better. Of candidates that are the same on
    every axis the first stands for all. The answer is exact and ascending.

    >>> front(np.array([[1, 2, 2, 3, 1], [3, 2, 2, 3, 3]])).tolist()
    [0, 1]
    """
    axes = np.atleast_2d(np.asarray(axes, dtype=np.int64))
    kept = np.arange(axes.shape[1])
    if not kept.size or len(axes) == 1:
        return axes.argmin(axis=1) if kept.size else kept
    *others, last = axes
    for room in CELLS:
        # the cells of the second table, of what the first has left, are finer
        cells = _cells([axis[kept] for axis in others], room)
        left = np.flatnonzero(~_dominated(cells, last[kept]))
        kept = kept[left]
    return kept[~_beaten(axes[:, kept], [(cell[left], exact) for cell, exact in cells])]


Cells = list[tuple[Index, bool]]
"""For each axis the cell of each candidate, and whether a cell holds a single value."""


def _cells(axes: Sequence[Whole], room: int) -> Cells:
    """Cut axes into cells: one per value where there are few values, else of similar numbers."""
    most = 2 * max(round(room ** (1 / len(axes))), 1)
    narrow = [_values(axis, most) for axis in axes]
    for values in narrow:
        room //= max(values.size, 1) if values is not None else 1
    wide = sum(values is None for values in narrow)
    each = max(round(room ** (1 / wide)), 2) if wide else 0
    return [
        (_numbered(axis, values), True) if values is not None else (_binned(axis, each), False)
        for axis, values in zip(axes, narrow, strict=True)
    ]


def _values(axis: Whole, most: int) -> Whole | None:
    """List the values of an axis, ascending, if they are few and close together, as months are."""
    low, high = int(axis.min()), int(axis.max())
    if high - low > 16 * most:
        return None
    values = np.flatnonzero(np.bincount(axis - low)) + low
    return values if values.size <= most else None


def _numbered(axis: Whole, values: Whole) -> Index:
    number = np.zeros(int(values[-1] - values[0]) + 1, dtype=np.int64)
    number[values - values[0]] = np.arange(values.size)
    return np.asarray(number[axis - values[0]])


def _binned(axis: Whole, cells: int) -> Index:
    # steps of a prime: a plain stride would fall in with the order of the menu
    some = np.arange(min(SAMPLE, axis.size)) * PRIME % axis.size
    sample = np.sort(axis[some])
    borders = sample[np.linspace(0, sample.size - 1, cells).astype(np.int64)]
    return np.searchsorted(np.unique(borders), axis, side="right")


def _dominated(cells: Cells, last: Whole) -> Mask:
    """Tell what something in lower cells surely dominates; the table holds the least last axis.

    Something in the same cell counts only where the cell holds a single value.
    """
    shape = [int(cell.max()) + 2 for cell, _ in cells]
    table = np.full(shape, NONE, dtype=np.int64)
    place = np.ravel_multi_index([cell + 1 for cell, _ in cells], shape)
    np.minimum.at(table.reshape(-1), place, last)
    for k in range(len(cells)):
        np.minimum.accumulate(table, axis=k, out=table)
    lower = [1 - exact for _, exact in cells]
    steps = [int(np.prod(shape[k + 1 :])) for k in range(len(shape))]
    least = table.reshape(-1)
    here = place - int(np.dot(lower, steps))
    if not all(exact for _, exact in cells):
        return np.asarray(least[here] <= last)
    found = least[here] < last
    for step in steps:
        found |= least[here - step] <= last
    return np.asarray(found)


def _beaten(axes: Whole, cells: Cells) -> Mask:
    """Compare, pair by pair, what shares a cell on an axis whose cells hold several values.

    Of two that are the same on every axis the later is beaten.
    """
    beaten = np.zeros(axes.shape[1], dtype=np.bool_)
    wide = [cell for cell, exact in cells if not exact]
    if not wide:
        place = np.lexsort((np.arange(axes.shape[1]), *axes))
        same = (axes[:, place[1:]] == axes[:, place[:-1]]).all(axis=0)
        beaten[place[1:]] = same
        return beaten
    for cell in wide:
        beaten |= _beaten_in(axes, cell)
    return beaten


def _beaten_in(axes: Whole, cell: Index) -> Mask:
    """Compare what shares a cell, large cells first, so that those still compared are a prefix."""
    size = np.bincount(cell)
    # within a cell, what beats another comes before it in this order
    order = np.lexsort((*axes[::-1], cell, -size[cell]))
    ordered, grouped = axes[1:, order], cell[order]
    room = -size[grouped]
    lost = np.zeros(order.size, dtype=np.bool_)
    for apart in range(1, int(size.max())):
        end = int(np.searchsorted(room, -apart))
        worse = grouped[apart:end] == grouped[: end - apart]
        for axis in ordered:
            worse &= axis[: end - apart] <= axis[apart:end]
        lost[apart:end] |= worse
    beaten = np.zeros(order.size, dtype=np.bool_)
    beaten[order] = lost
    return beaten
