"""Entering a phase: the stream is divided anew and the instalment computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .block import State, spread
from .level import Ask, Span, level_instalment, spreading_left, weighed_left
from .money import Column, round_fraction, round_ratio
from .resolve import Resolved
from .terms import SPREADING, WEIGHT, Asks

Gap = Callable[["Event", Column], Column]
"""Rolls to the end with a level instalment; tells by how much the last one differs from it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Some rows enter a phase at a period (from 0)."""

    period: int
    phase: int
    rows: NDArray[np.int64]
    anew: bool


def events_of(r: Resolved) -> dict[int, list[Event]]:
    """List, for each period, the phases that begin in it and for which rows."""
    events: dict[int, list[Event]] = {}
    begins = r.phases.count.cumsum(axis=0) - r.phases.count
    for k, (begin, count) in enumerate(zip(begins, r.phases.count, strict=True)):
        for period in np.unique(begin[count > 0]):
            for anew in (True, False):
                here = (begin == period) & (count > 0) & (r.phases.anew[k] == anew)
                rows = np.flatnonzero(here)
                if rows.size:
                    events.setdefault(int(period), []).append(Event(int(period), k, rows, anew))
    return events


def enter(r: Resolved, state: State, event: Event, gap: Gap) -> None:
    """Begin a phase: set what is asked, divide the stream, compute the instalment."""
    rows, k = event.rows, event.phase
    before = state.asks[rows].copy() if event.period else np.full(rows.size, -1, dtype=np.int8)
    state.asks[rows] = r.phases.asks[k, rows]
    state.unpaid[rows] = r.phases.unpaid[k, rows]
    state.amount[rows] = r.phases.amount[k, rows]
    asks = state.asks[rows]
    renews = np.isin(asks, SPREADING) & (event.anew | ~np.isin(before, SPREADING))
    if renews.any():
        _spread(r, state, event, rows[renews])
    state.level[rows[~np.isin(asks, (Asks.LEVEL, Asks.PRINCIPAL))]] = 0
    level = rows[np.isin(asks, (Asks.LEVEL, Asks.PRINCIPAL))]
    if level.size:
        _enter_level(r, state, Event(event.period, k, level, event.anew), gap)
    linear = rows[asks == Asks.LINEAR]
    if linear.size and event.anew:
        _enter_linear(r, state, _span(r, event, linear))


def _span(r: Resolved, event: Event, rows: NDArray[np.int64]) -> Span:
    """Look ahead from an event: where the plan ends, and where instalments are next computed."""
    count = r.phases.count[:, rows]
    begin = count.cumsum(axis=0) - count
    stop = count.sum(axis=0)
    later = (begin > event.period) & (count > 0) & r.phases.anew[:, rows]
    later &= np.isin(r.phases.asks[:, rows], (Asks.LEVEL, Asks.PRINCIPAL))
    known = np.where(later, begin, stop).min(axis=0)
    return Span(rows, event.period, stop, known)


def _spread(r: Resolved, state: State, event: Event, rows: NDArray[np.int64]) -> None:
    parts = spreading_left(r, _span(r, event, rows))
    if r.catch_parts is not None:
        parts = np.minimum(parts, r.catch_parts[rows])
    spread(state, rows, parts.astype(state.principal.dtype))


def _enter_linear(r: Resolved, state: State, span: Span) -> None:
    principal = state.principal[span.rows] - r.balloon[span.rows]
    parts = weighed_left(r, span) * r.rounding.unit
    one = np.array([1])
    share = round_ratio(principal, one, parts, r.rounding.instalment) * r.rounding.unit
    state.linear[span.rows] = share


def _enter_level(r: Resolved, state: State, event: Event, gap: Gap) -> None:
    rows, k = event.rows, event.phase
    given = state.amount[rows] > 0
    state.beside[rows] = given | (r.catch_parts is not None)
    state.level[rows[given]] = state.amount[rows[given]]
    rest = rows[~given]
    if not rest.size:
        return
    if not event.anew:
        _weigh(r, state, rest, k)
        return
    span = _span(r, event, rest)
    level, annuities = level_instalment(r, span, _to_carry(r, state, span, k))
    if annuities is not None:
        state.annuity[rest] = annuities
    state.level[rest] = level
    if r.rounding.settle == "balanced":
        whole = Event(event.period, k, rest, anew=True)
        state.level[rest] = _balance(r, whole, level, weighed_left(r, span), gap)


def _to_carry(r: Resolved, state: State, span: Span, k: int) -> Ask:
    rows = span.rows
    principal, stream = state.principal[rows], state.interest[rows] + state.penalty[rows]
    stream = stream + state.fees[rows]
    if r.catch_parts is not None:
        principal, stream = principal - state.overdue[rows], 0 * stream
    parts = np.maximum(spreading_left(r, span), 1)
    balloon = np.minimum(r.balloon[rows].astype(principal.dtype), principal)
    return Ask(principal, balloon, stream, parts, r.phases.weight[k, rows])


def _weigh(r: Resolved, state: State, rows: NDArray[np.int64], k: int) -> None:
    """Go on with the annuity in force, at this phase's weight."""
    for row in rows:
        if isinstance(state.annuity[row], Fraction):
            x = state.annuity[row] * Fraction(int(r.phases.weight[k, row]), WEIGHT)
            unit = r.rounding.unit
            state.level[row] = round_fraction(x / unit, r.rounding.instalment) * unit


def _balance(
    r: Resolved, event: Event, level: Column, parts: NDArray[np.int64], gap: Gap
) -> Column:
    """Move the instalment until the last one differs by half a unit per instalment at most.

    At most three times, while the gap shrinks: the habit of core banking (Apache Fineract).
    """
    unit = r.rounding.unit
    off = gap(event, level)
    for _ in range(3):
        wanted = np.flatnonzero(np.abs(off) > parts // 2)
        moves = np.zeros(level.size, dtype=np.int64)
        for row in wanted:
            moves[row] = round(Fraction(int(off[row]), int(parts[row]) * unit)) * unit
        if not moves.any():
            break
        tried = level + moves
        new = gap(event, tried)
        better = np.abs(new) < np.abs(off)
        if not better.any():
            break
        level, off = np.where(better, tried, level), np.where(better, new, off)
    return level
