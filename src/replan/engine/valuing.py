"""Flows valued at a rate, with their mean duration: at even times, at times of few gaps, at any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GAPS = 8
"""So many lengths of a period are raised to a power once; months have four."""
EXACT_TIMES = 1e-12
"""How far gaps, added up, may be from the times they stand for."""


def even_step(later: Floats) -> float:
    """Give the distance between the flows after the first one if it is the same, else 0."""
    if len(later) < 2:
        return float(later[0])
    step = (later[-1] - later[0]) / (len(later) - 1)
    even = np.abs(np.diff(later) - step) <= 4 * np.finfo(np.float64).eps * later[-1]
    return float(step) if even.all() else 0.0


def horner(rest: Floats, spots: Floats, log_rate: Floats) -> tuple[Floats, Floats]:
    """Value flows at 1, 2 … (where they stand at `spots`) and give their mean duration."""
    factor = np.exp(-log_rate)
    value, slope = rest[-1].copy(), np.zeros_like(factor)
    for row in rest[-2::-1]:
        slope *= factor
        slope += value
        value *= factor
        value += row
    return value * factor, spots[0] + factor * slope / value


def by_gaps(later: Floats) -> Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]:
    """Choose how to value flows at uneven times: by their gaps, if these are of few lengths."""
    gaps = np.diff(later, prepend=0.0)
    _, first, kind = np.unique(np.round(gaps, 12), return_index=True, return_inverse=True)
    lengths = gaps[first]
    if len(lengths) > GAPS or np.abs(np.cumsum(lengths[kind]) - later).max() > EXACT_TIMES:
        return _powers

    def valued(rest: Floats, spots: Floats, log_rate: Floats) -> tuple[Floats, Floats]:
        del spots
        factors = np.exp(np.multiply.outer(-lengths, log_rate))
        value, moment = rest[-1].copy(), np.zeros_like(log_rate)
        for row, at in zip(rest[-2::-1], kind[:0:-1], strict=True):
            moment += lengths[at] * value
            moment *= factors[at]
            value *= factors[at]
            value += row
        return value * factors[kind[0]], lengths[kind[0]] + moment / value

    return valued


def _powers(rest: Floats, spots: Floats, log_rate: Floats) -> tuple[Floats, Floats]:
    """Value flows at any `spots` and give their mean duration."""
    weights = np.multiply.outer(-spots, log_rate)
    np.exp(weights, out=weights)
    weights *= rest
    value = weights.sum(axis=0)
    return value, (spots @ weights) / value
