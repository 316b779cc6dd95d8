"""A float model of level instalments that do not cover their interest: where to look for them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .block import State
from .money import Column
from .resolve import Resolved, Rows

FloatColumn = NDArray[np.float64]
TURNS, NEAR = 24, 0.01
"""How often a guess is bettered at most, and when it is good enough, in minor units."""


def modelled_smallest(
    r: Resolved, state: State, period: int, rows: Rows, level: Column
) -> FloatColumn:
    """Guess, in minor units, the level instalment whose last one is no larger than it, per row.

    Without rounding, and with nothing but level instalments from a period (from 0) on: whatever is
    wrong with it costs trials, never exactness. The larger instalment `level` is where it begins.
    """
    over = _model(r, state, period, rows)
    a, b = level.astype(np.float64), level.astype(np.float64) * 0.99
    over_a, over_b = over(a), over(b)
    for _ in range(TURNS):
        if (np.abs(b - a) < NEAR).all():
            break
        slope = (over_b - over_a) / np.where(a == b, 1.0, b - a)
        step = np.where(slope < 0, over_b / np.where(slope < 0, slope, 1.0), 0.0)
        a, over_a, b = b, over_b, np.clip(b - step, 0.0, level)
        over_b = over(b)
    return np.ceil(b - 1e-6)


def _model(
    r: Resolved, state: State, period: int, rows: Rows
) -> Callable[[FloatColumn], FloatColumn]:
    """Give what the last instalment exceeds the others by, as a function of these."""
    stop = r.phases.count.sum(axis=0)[rows]
    stream = (state.interest[rows] + state.penalty[rows] + state.fees[rows]).astype(np.float64)
    share = stream / np.maximum(stop - period, 1)
    factors = [_ratio(r, t, rows) for t in range(period, int(stop.max(initial=0)))]
    principal, held = (x[rows].astype(np.float64) for x in (state.principal, state.held))
    beyond = r.balloon[rows].astype(np.float64)

    def over(level: FloatColumn) -> FloatColumn:
        left, waits, found = principal, held, np.zeros(level.size)
        for t, factor in enumerate(factors, start=period):
            accrued = left * factor
            owed = left - beyond + accrued + waits + share
            found = np.where(stop == t + 1, owed - level, found)
            # what waits comes before the share of the stream, and that before the period's interest
            rest = level - waits
            more = rest - np.clip(rest, 0.0, share) - accrued
            left, waits = left - np.maximum(more, 0.0), np.maximum(-more, 0.0)
        return found

    return over


def _ratio(r: Resolved, period: int, rows: Rows) -> FloatColumn:
    num, den = r.factors.at(period)
    ratio = num.astype(np.float64) / den.astype(np.float64)
    return ratio if ratio.size == 1 else ratio[rows]
