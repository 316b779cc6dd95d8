"""The level instalment: an annuity over the real period factors, rounded once and exactly.

A float proposes the annuity; where it lies so near a rounding boundary that the float could be
wrong, the row is computed again in Python integers. See docs/engine.md, section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .factors import Factors
from .money import Column, round_fraction
from .resolve import Resolved
from .terms import SPREADING, WEIGHT, Asks, Rounding, Unpaid

DOUBT = 1e-11
"""Relative distance to a rounding boundary below which the float is not believed.

The recursion over at most 1,200 periods errs by less than 4·1200·2⁻⁵³ ≈ 5.3e-13.
"""
WEIGHED = (Asks.LEVEL, Asks.LINEAR, Asks.PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Span:
    """The periods from one computation of a level instalment to the end of the plan.

    `begin` is the first period (from 0) and `stop` the first after the last, for each of `rows`;
    `known` is the period of the next computation, from which the rate then in force is held on.
    """

    rows: NDArray[np.int64]
    begin: int
    stop: NDArray[np.int64]
    known: NDArray[np.int64]


def quoted_factor(r: Resolved, span: Span, period: int) -> tuple[Column, Column]:
    """Give the factor of a period on which the instalment is computed, over the span's rows."""
    num, den = _pick(r.quoted.mixed, period, span.rows)
    if len(r.quoted.flat) == 1 or not (span.known <= period).any():
        return num, den
    num, den = num.copy(), den.copy()
    last = _rows(r.quoted.last[np.maximum(span.known - 1, 0), :], span.rows, diagonal=True)
    for s, flat in enumerate(r.quoted.flat):
        here = (span.known <= period) & (last == s)
        n, d = _pick(flat, period, span.rows)
        num, den = np.where(here, n, num), np.where(here, d, den)
    return num, den


def _pick(factors: Factors, period: int, rows: NDArray[np.int64]) -> tuple[Column, Column]:
    num, den = factors.at(period)
    shape = np.broadcast_shapes(rows.shape)
    return (
        num[rows] if num.size > 1 else np.broadcast_to(num, shape),
        den[rows] if den.size > 1 else np.broadcast_to(den, shape),
    )


def _rows(matrix: Column, rows: NDArray[np.int64], *, diagonal: bool) -> Column:
    """Read one period per row from a (rows, R or 1) selection."""
    if matrix.shape[1] == 1 or not diagonal:
        return matrix[:, 0]
    return matrix[np.arange(rows.size), rows]


def weights_at(r: Resolved, span: Span, period: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give each row's weight in a period, and whether the period's interest bears on the annuity.

    It does in periods that repay principal and where it becomes principal; elsewhere it is paid as
    it accrues or waits without interest.
    """
    ends = r.phases.count[:, span.rows].cumsum(axis=0)
    k = np.minimum((ends <= period).sum(axis=0), len(ends) - 1)
    asks, unpaid = r.phases.asks[k, span.rows], r.phases.unpaid[k, span.rows]
    repays = np.isin(asks, WEIGHED)
    weight = np.where(repays & (period < span.stop), r.phases.weight[k, span.rows], 0)
    return weight, (repays | (unpaid == Unpaid.CAPITALISE)) & (period < span.stop)


def annuity(
    r: Resolved, span: Span, principal: Column, balloon: Column
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Propose the annuity of weight 1 for each row, in float64 minor units.

    Also give what a unit too much in every instalment has grown to at the end.
    """
    p, b = principal.astype(np.float64), balloon.astype(np.float64)
    plain = _plain(r, span)
    if plain is not None:
        return _closed(p, b, plain, (span.stop - span.begin).astype(np.float64))
    value = np.ones(span.rows.size)
    total = np.zeros(span.rows.size)
    for period in range(span.begin, int(span.stop.max())):
        num, den = quoted_factor(r, span, period)
        weight, bears = weights_at(r, span, period)
        growth = num.astype(np.float64) / den.astype(np.float64)
        value /= 1.0 + np.where(bears, growth, 0.0)
        total += value * (weight / WEIGHT)
    total = np.where(total > 0, total, 1.0)
    return (p - b * value) / total, total / value


def _plain(r: Resolved, span: Span) -> NDArray[np.float64] | None:
    """Give the rows' one rate, if it is constant and every period to the end is level."""
    if not r.quoted.mixed.constant or len(r.quoted.flat) > 1:
        return None
    ends = r.phases.count[:, span.rows].cumsum(axis=0)
    later = (ends > span.begin) & (r.phases.count[:, span.rows] > 0)
    level = (r.phases.asks[:, span.rows] == Asks.LEVEL) & (r.phases.weight[:, span.rows] == WEIGHT)
    if (later & ~level).any():
        return None
    num, den = _pick(r.quoted.mixed, 0, span.rows)
    return np.asarray(num.astype(np.float64) / den.astype(np.float64))


def _closed(
    p: Column, b: Column, rate: NDArray[np.float64], n: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """P·r / (1 − (1+r)⁻ⁿ), less the balloon's part, and ((1+r)ⁿ − 1) / r; P/n and n if r = 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        shrink = -np.expm1(-n * np.log1p(rate))
        level = (p - b * (1.0 - shrink)) * rate / shrink
        grown = np.expm1(n * np.log1p(rate)) / rate
    return np.where(rate > 0, level, (p - b) / n), np.where(rate > 0, grown, n)


def exact_annuity(r: Resolved, span: Span, row: int, principal: int, balloon: int) -> Fraction:
    """Compute one row's annuity of weight 1 in whole numbers."""
    one = Span(span.rows[[row]], span.begin, span.stop[[row]], span.known[[row]])
    below, above, total = 1, 1, 0
    for period in range(span.begin, int(span.stop[row])):
        num, den = (int(x[0]) for x in quoted_factor(r, one, period))
        weight, bears = (x[0] for x in weights_at(r, one, period))
        below *= den
        grown = den + (num if bears else 0)
        above *= grown
        total = total * grown + int(weight) * below
    return Fraction((principal * above - balloon * below) * WEIGHT, total) if total else Fraction(0)


def round_instalment(
    x: NDArray[np.float64], rounding: Rounding, unit: int
) -> tuple[Column, NDArray[np.bool_]]:
    """Round proposed instalments to the unit; tell which are too near a boundary to be believed."""
    scaled = x / unit
    whole = np.floor(scaled)
    rest = scaled - whole
    doubt = DOUBT * scaled + 1e-9
    if rounding.instalment in ("half-up", "half-even"):
        return (whole + (rest > 0.5)) * unit, np.abs(rest - 0.5) <= doubt
    near = (rest <= doubt) | (rest >= 1.0 - doubt)
    return (whole + (rounding.instalment == "up")) * unit, near


def spreading_left(r: Resolved, span: Span) -> NDArray[np.int64]:
    """Count the periods that still carry a share of the stream."""
    return _count(r, span, SPREADING)


def weighed_left(r: Resolved, span: Span) -> NDArray[np.int64]:
    """Count the periods that still repay principal."""
    return _count(r, span, WEIGHED)


def _count(r: Resolved, span: Span, kinds: tuple[Asks, ...]) -> NDArray[np.int64]:
    ends = r.phases.count[:, span.rows].cumsum(axis=0)
    left = np.clip(ends - span.begin, 0, r.phases.count[:, span.rows])
    counted: NDArray[np.int64] = (left * np.isin(r.phases.asks[:, span.rows], kinds)).sum(axis=0)
    return counted


@dataclass(frozen=True, slots=True)
class Ask:
    """What the instalment must carry: principal, balloon, and the stream with its parts."""

    principal: Column
    balloon: Column
    stream: Column
    parts: NDArray[np.int64]
    weight: NDArray[np.int64]


def level_instalment(r: Resolved, span: Span, ask: Ask) -> tuple[Column, list[Fraction] | None]:
    """Compute the rounded level instalment of each row: round(w·A + S/N).

    Where weights differ between periods the exact annuities are returned too, so that later
    instalments are rounded from the same one.
    """
    weighted = bool((r.phases.weight != WEIGHT).any())
    proposed, grown = annuity(r, span, ask.principal, ask.balloon)
    parts = ask.parts.astype(np.float64)
    x = proposed * (ask.weight / WEIGHT) + ask.stream.astype(np.float64) / parts
    level, doubtful = round_instalment(x, r.rounding, r.rounding.unit)
    level = level.astype(ask.principal.dtype)
    over = (level.astype(np.float64) - x) * grown
    doubtful |= (x > 0) & ((over >= 0.99 * x) | (level == 0))
    exact: list[Fraction] | None = [] if weighted else None
    for row in range(span.rows.size) if weighted else np.flatnonzero(doubtful):
        a = exact_annuity(r, span, row, int(ask.principal[row]), int(ask.balloon[row]))
        carried = a * Fraction(int(ask.weight[row]), WEIGHT)
        carried += Fraction(int(ask.stream[row]), int(ask.parts[row]))
        level[row] = settle_on(carried, r.rounding, float(grown[row]))
        if exact is not None:
            exact.append(a)
    return level, exact


def settle_on(x: Fraction, rounding: Rounding, grown: float) -> int:
    """Round one exact instalment so that something is left for the last one.

    `grown`: what a unit too much in every instalment comes to at the end.
    The unit gives way to the minor unit, and that to rounding down.
    """
    for unit in (rounding.unit, 1):
        level = round_fraction(x / unit, rounding.instalment) * unit
        if level > 0 and float(level - x) * grown < float(x):
            return level
    return round_fraction(x, "down")
