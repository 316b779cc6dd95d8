"""The best of few combinations, exactly and without a solver: candidates that no other betters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
DEBTS, CELLS, PAIRS = 6, 500_000, 1_000_000
"""More debts, combinations times months, or pairs of candidates times months are left to others."""


def choose_few(
    payments: Sequence[Floats], costs: Sequence[Floats], capacity: Floats
) -> tuple[int, ...] | None:
    """Choose a candidate per debt: the least sum of costs within every month's capacity.

    Empty if nothing fits, None if there are too many combinations. Of equals the first debt's first
    candidate is taken, then the second debt's. All numbers are whole.
    """
    if len(payments) > DEBTS or any(len(p) ** 2 * capacity.size > PAIRS for p in payments):
        return None
    pools = [_unbettered(paid, cost) for paid, cost in zip(payments, costs, strict=True)]
    least = [pool[np.argmin(cost[pool])] for pool, cost in zip(pools, costs, strict=True)]
    if (sum(p[at] for p, at in zip(payments, least, strict=True)) <= capacity).all():
        return tuple(int(at) for at in least)
    binding = sum(p.max(axis=0) for p in payments) > capacity
    payments, capacity = [p[:, binding] for p in payments], capacity[binding]
    chosen, left = np.zeros((1, 0), dtype=np.int64), capacity[None]
    spent = np.zeros(1)
    for pool, paid, cost in zip(pools, payments, costs, strict=True):
        if len(left) * pool.size * capacity.size > CELLS:
            return None
        rest = left[:, None] - paid[pool][None]
        row, column = np.nonzero((rest >= 0).all(axis=2))
        left, spent = rest[row, column], spent[row] + cost[pool[column]]
        chosen = np.column_stack([chosen[row], pool[column]])
    if not spent.size:
        return ()
    return tuple(int(place) for place in chosen[np.argmin(spent)])


def _unbettered(paid: Floats, cost: Floats) -> Index:
    """List the candidates for which no other costs no more and asks for no more in any month.

    Of candidates that are the same in all this the first stays.
    """
    order = np.lexsort([np.arange(cost.size), paid.sum(axis=1), cost])
    p, c = paid[order], cost[order]
    no_more = (p[:, None] <= p[None]).all(axis=2) & (c[:, None] <= c[None])
    # whoever betters another comes before it in this order, or is the same and was first
    bettered = np.triu(no_more, 1).any(axis=0)
    return np.sort(order[~bettered])
