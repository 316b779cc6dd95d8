"""Phases: runs of periods that ask for the same thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .money import Cents

WEIGHT = 10**12
"""Weights of step-up and seasonal instalments are whole multiples of 1e-12."""


class Asks(IntEnum):
    """What a phase asks for in each of its periods; see docs/engine.md, section 4."""

    NOTHING = 0
    LEVEL = 1
    INTEREST = 2
    LINEAR = 3
    FIXED = 4
    MINIMUM = 5
    PRINCIPAL = 6
    MISSED = 7


SPREADING = (Asks.LEVEL, Asks.INTEREST, Asks.LINEAR, Asks.PRINCIPAL)
"""The phases whose periods carry a share of the stream."""


COLLECTING = (Asks.LEVEL, Asks.INTEREST, Asks.LINEAR)
"""Those of them that collect what a deferral left: principal alone goes on deferring interest."""


LEVELLED = (Asks.LEVEL, Asks.PRINCIPAL, Asks.MISSED)
"""The phases in which a level instalment is in force."""


UNTIL_CLEARED = (Asks.FIXED, Asks.MINIMUM)
"""The phases that may last until the debt is cleared."""


class Unpaid(IntEnum):
    """What becomes of the period's interest if it is not paid; see docs/engine.md, section 4.3."""

    HOLD = 0
    SPREAD = 1
    FIRST = 2
    END = 3
    CAPITALISE = 4
    WAIVE = 5


@dataclass(frozen=True, slots=True)
class Phase:
    """A run of periods that ask for the same thing.

    `count` may be 0. `amount`: the stated amount, or the level instalment where it is given.
    `anew`: compute the level instalment at the first period; else the one in force goes on.
    `leads`: an arrangement that precedes the repayment and stays when the repayment is recast.
    """

    asks: Asks
    count: NDArray[np.int64]
    amount: Cents = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    weight: int = WEIGHT
    unpaid: Unpaid = Unpaid.HOLD
    anew: bool = True
    leads: bool = False


def phase(asks: Asks, count: int | NDArray[np.int64], **options: object) -> Phase:
    """Make a phase from plain numbers."""
    if "amount" in options:
        options["amount"] = np.atleast_1d(np.asarray(options["amount"], dtype=np.int64))
    return Phase(asks, np.atleast_1d(np.asarray(count, dtype=np.int64)), **options)  # type: ignore[arg-type]


Phases = tuple[Phase, ...]


def merged(phases: Phases) -> Phases:
    """Drop phases that no row has."""
    return tuple(p for p in phases if p.count.any())


def split_phases(phases: Phases, at: int) -> tuple[Phases, Phases]:
    """Cut the phases before period *at* (from 1); the second part does not compute levels anew.

    A phase that is cut in some rows only goes on as two: one for those rows, one for the others,
    which compute theirs as before.
    """
    head: list[Phase] = []
    tail: list[Phase] = []
    left = np.array([at - 1])
    for p in phases:
        first = np.clip(left, 0, p.count)
        left = left - first
        head.append(replace(p, count=first))
        cut, rest = first > 0, p.count - first
        if p.anew and cut.any() and not cut.all():
            tail.append(replace(p, count=rest * cut, anew=False))
            tail.append(replace(p, count=rest * ~cut))
        else:
            tail.append(replace(p, count=rest, anew=p.anew and not bool(cut.any())))
    return merged(tuple(head)), merged(tuple(tail))


def map_first(
    phases: Phases, want: Callable[[Phase], bool], change: Callable[[Phase], Phase]
) -> Phases:
    """Change the first phase that is wanted."""
    for i, p in enumerate(phases):
        if want(p):
            return (*phases[:i], change(p), *phases[i + 1 :])
    return phases
