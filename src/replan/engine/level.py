"""The level instalment: an annuity over the real period factors, rounded once and exactly.

A float proposes the annuity; where it lies so near a rounding boundary that the float could be
wrong, the row is computed again in Python integers. See docs/engine.md, section 4.2.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .factors import Quoted
from .money import EXACT_FLOAT, Column, as_carried, round_quotient, round_ratio
from .phases import LEVELLED, WEIGHT, Asks, Unpaid
from .resolve import Resolved, Rows, take
from .terms import Rounding

DOUBT = 1e-11
"""Relative distance to a rounding boundary below which the float is not believed.

The recursion over at most 1,200 periods errs by less than 4·1200·2⁻⁵³ ≈ 5.3e-13.
"""
WEIGHED = (Asks.LEVEL, Asks.LINEAR, Asks.PRINCIPAL)
FloatColumn = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Span:
    """The periods from one computation of an instalment to the end of the plan, for some rows.

    `begin` is the first period (from 0). The phases are those from the computation on, `count` is
    (K, rows). `known` is the period of the next computation, from which the rate then in force is
    held on.
    """

    begin: int
    asks: tuple[Asks, ...]
    unpaid: tuple[Unpaid, ...]
    weight: tuple[int, ...]
    count: NDArray[np.int64]
    known: NDArray[np.int64]
    quoted: Quoted

    @property
    def stop(self) -> NDArray[np.int64]:
        """Give the first period after the last."""
        return np.asarray(self.begin + self.count.sum(axis=0))

    def left(self, kinds: tuple[Asks, ...]) -> NDArray[np.int64]:
        """Count the periods that ask for one of the kinds."""
        counts = [n for asks, n in zip(self.asks, self.count, strict=True) if asks in kinds]
        return np.asarray(sum(counts[1:], start=counts[0])) if counts else 0 * self.count[0]

    def used(self) -> list[int]:
        """List the phases that any row has."""
        return [k for k, n in enumerate(self.count) if n.any()]

    @property
    def plain(self) -> bool:
        """Tell whether every period asks for the same instalment at the same rate."""
        return self.quoted.constant and self.even

    @property
    def even(self) -> bool:
        """Tell whether every period asks for the same instalment."""
        return all(self.asks[k] is Asks.LEVEL and self.weight[k] == WEIGHT for k in self.used())

    def row(self, row: int) -> Span:
        """Give the span of one row."""
        here = np.array([row])
        return Span(
            self.begin, self.asks, self.unpaid, self.weight,
            self.count[:, here], self.known[here], take(self.quoted, here),
        )  # fmt: skip


def span_of(r: Resolved, begin: int, phase: int, rows: Rows) -> Span:
    """Look ahead from the beginning of a phase."""
    p = r.phases
    count = p.count[phase:, rows]
    known = begin + count.sum(axis=0)
    if len(r.quoted.flat) > 1:
        begins = begin + count.cumsum(axis=0) - count
        for k in range(len(count) - 1, 0, -1):
            asks, amount = p.asks[phase + k], p.amount[phase + k]
            if asks in LEVELLED and p.anew[phase + k]:
                free = (amount if amount.size == 1 else amount[rows]) == 0
                known = np.where((count[k] > 0) & free, begins[k], known)
    return Span(
        begin, p.asks[phase:], p.unpaid[phase:], p.weight[phase:], count, known,
        take(r.quoted, rows),
    )  # fmt: skip


def quoted_factor(span: Span, period: int) -> tuple[Column, Column]:
    """Give the factor of a period on which the instalment is computed."""
    quoted = span.quoted
    num, den = quoted.mixed.at(period)
    if len(quoted.flat) == 1 or not (span.known <= period).any():
        return num, den
    at = np.maximum(span.known - 1, 0)
    last = quoted.last
    here = last[at, 0] if last.shape[1] == 1 else last[at, np.arange(at.size)]
    for s, flat in enumerate(quoted.flat):
        held = (span.known <= period) & (here == s)
        n, d = flat.at(period)
        num, den = np.where(held, n, num), np.where(held, d, den)
    return num, den


def weights_at(span: Span, period: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give each row's weight in a period, and whether the period's interest bears on the annuity.

    It does in periods that repay principal, or would have, and where it becomes principal;
    elsewhere it is paid as it accrues or waits without interest.
    """
    ends = span.begin + span.count.cumsum(axis=0)
    k = (ends <= period).sum(axis=0)
    repays = np.array([asks in (*WEIGHED, Asks.MISSED) for asks in span.asks] + [False])
    grows = np.array([unpaid is Unpaid.CAPITALISE for unpaid in span.unpaid] + [False])
    weight = np.array([*span.weight, 0])
    return np.where(repays[k], weight[k], 0), repays[k] | grows[k]


def annuity(
    span: Span, principal: Column, balloon: Column
) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    """Propose the annuity of weight 1 for each row, in float64 minor units.

    Also give what a unit too much in every instalment has grown to at the end, and what a unit too
    much in every period's interest has.
    """
    p, b = principal.astype(np.float64), balloon.astype(np.float64)
    if span.plain:
        rate = _ratio(*span.quoted.mixed.at(0))
        return _closed(p, b, rate, (span.stop - span.begin).astype(np.float64))
    if span.even:
        return _even(span, p, b)
    value, total, drift = np.ones(p.size), np.zeros(p.size), np.zeros(p.size)
    for period in range(span.begin, int(span.stop.max())):
        weight, bears = weights_at(span, period)
        value /= 1.0 + np.where(bears, _ratio(*quoted_factor(span, period)), 0.0)
        total += value * (weight / WEIGHT)
        drift += value * bears
    total = np.where(total > 0, total, 1.0)
    return (p - b * value) / total, total / value, drift / value


def _even(span: Span, p: Column, b: Column) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    """Add up the discount factors; they stay one number while they are the same for all rows."""
    value, total, stop = np.ones(1), np.zeros(1), span.stop
    shortest, longest = int(stop.min()), int(stop.max())
    for period in range(span.begin, longest):
        discount = 1.0 + _ratio(*quoted_factor(span, period))
        if period >= shortest:
            lives = stop > period
            value = np.where(lives, value / discount, value)
            total = total + value * lives
        else:
            value = value / discount
            total = total + value
    return (p - b * value) / total, total / value, total / value


def _ratio(num: Column, den: Column) -> FloatColumn:
    return np.asarray(num.astype(np.float64) / den.astype(np.float64))


def _closed(
    p: Column, b: Column, rate: FloatColumn, n: FloatColumn
) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    """P·r / (1 − (1+r)⁻ⁿ), less the balloon's part, and ((1+r)ⁿ − 1) / r; P/n and n if r = 0."""
    if not rate.all():
        rate = np.where(rate > 0, rate, 1e-200)
    with np.errstate(over="ignore"):
        grown = np.expm1(n * np.log1p(rate))
    level = (p + (p - b) / grown) * rate
    return level, grown / rate, grown / rate


Growth = tuple[int, int, int]
"""What a unit grows to over a span, as a fraction above/below, and the weighted sum of annuities.

Whole numbers: above and below are products over the periods, the sum stands over below.
"""
Grown = tuple[list[tuple[int, bool]], list[Growth]]
"""The weights of the periods so far, and the growth after none of them, after one, and so on."""


def exact_annuity(
    span: Span,
    row: int,
    principal: int | Fraction,
    balloon: int,
    *,
    known: dict[Hashable, Grown] | None = None,
) -> Fraction:
    """Compute one row's annuity of weight 1 in whole numbers.

    `known` remembers the growth of rows that have the same rates and weights: they differ in their
    principal, or one goes on where the other ends.
    """
    if span.plain:
        num, den = (int(x[row] if x.size > 1 else x[0]) for x in span.quoted.mixed.at(0))
        n = int(span.count[:, row].sum())
        below, above = den**n, (den + num) ** n
        if not num:
            return Fraction(principal - balloon, n)
        return Fraction((principal * above - balloon * below) * num, (above - below) * den)
    above, below, total = _growth(span.row(row), {} if known is None else known)
    return Fraction((principal * above - balloon * below) * WEIGHT, total) if total else Fraction(0)


def _growth(span: Span, known: dict[Hashable, Grown]) -> Growth:
    """Multiply up the periods of one row, going on from what is known of the first of them."""
    weights = _weights(span)
    seen, grown = known.setdefault(_rates_of(span, weights), ([], [(1, 1, 0)]))
    shared = min(len(seen), len(weights))
    if seen[:shared] != weights[:shared]:
        seen, grown = [], [(1, 1, 0)]
    for weight, bears in weights[len(seen) :]:
        above, below, total = grown[-1]
        num, den = (int(x[0]) for x in quoted_factor(span, span.begin + len(seen)))
        factor, below = den + (num if bears else 0), below * den
        grown.append((above * factor, below, total * factor + weight * below))
        seen.append((weight, bears))
    return grown[len(weights)]


def _weights(span: Span) -> list[tuple[int, bool]]:
    """Give weight and bearing of each period of one row, as `weights_at` does."""
    found: list[tuple[int, bool]] = []
    for k, asks in enumerate(span.asks):
        repays = asks in (*WEIGHED, Asks.MISSED)
        weight, grows = span.weight[k] if repays else 0, span.unpaid[k] is Unpaid.CAPITALISE
        found += [(weight, repays or grows)] * int(span.count[k, 0])
    return found


def _rates_of(span: Span, weights: Sequence[tuple[int, bool]]) -> Hashable:
    """Give what rows share of which one may go on where the other ends: rates, and when it begins.

    Where an instalment knows the rates up to its end alone, they must end together, too.
    """
    factors = (span.quoted.mixed, *span.quoted.flat)
    columns = [x for f in factors for x in (f.num, f.den, f.time, f.span)]
    if len(span.quoted.flat) > 1:
        columns += [span.count, span.known, span.quoted.last]
    first = next((n for n, (weight, _) in enumerate(weights) if weight), -1)
    rates = (tuple(c.ravel().tolist()) if c.dtype == object else c.tobytes() for c in columns)
    return (first, *rates)


def round_instalment(x: FloatColumn, rounding: Rounding) -> tuple[Column, NDArray[np.bool_]]:
    """Round proposed instalments to the unit; tell which are too near a boundary to be believed."""
    scaled = x / rounding.unit if rounding.unit > 1 else x
    whole = np.floor(scaled)
    rest = scaled - whole
    doubt = DOUBT * scaled + 1e-9
    if rounding.instalment in ("half-up", "half-even"):
        return (whole + (rest > 0.5)) * rounding.unit, np.abs(rest - 0.5) <= doubt
    near = (rest <= doubt) | (rest >= 1.0 - doubt)
    return (whole + (rounding.instalment == "up")) * rounding.unit, near


@dataclass(frozen=True, slots=True)
class Burden:
    """What the instalment must carry: principal, balloon, and the stream with its parts.

    `held` interest is due inside the first instalment, so that it counts with its value before it.
    """

    principal: Column
    balloon: Column
    held: Column | None
    stream: Column | None
    parts: NDArray[np.int64]

    def share(self, row: int) -> Fraction:
        """Give one row's even share of the stream."""
        if self.stream is None:
            return Fraction(0)
        return Fraction(int(self.stream[row]), int(self.parts[row]))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Rounded instalments, and how surely something is left for the last one.

    `clear` lists rows where rounding may leave no principal for it; `exact` gives the annuity and
    the share of the stream per row where weights differ: later instalments are rounded from them.
    """

    level: Column
    clear: NDArray[np.int64]
    exact: list[tuple[Fraction, Fraction]]


def _settle_free(
    r: Resolved, span: Span, burden: Burden, level: Column, doubtful: NDArray[np.bool_]
) -> None:
    """Round what bears no interest in whole columns, where (P − B)/n + S/N is near a boundary."""
    if not doubtful.any() or burden.held is not None or r.rounding.unit != 1 or not span.plain:
        return
    rows = np.flatnonzero(doubtful & (span.quoted.mixed.at(0)[0] == 0))
    n = span.count[:, rows].sum(axis=0)
    whole, parts = (burden.principal - burden.balloon)[rows], n
    if burden.stream is not None:
        shares = burden.parts[rows]
        whole, parts = whole * shares + burden.stream[rows] * n, n * shares
    if whole.dtype == object or (whole.size and whole.max() >= EXACT_FLOAT / 4):
        return
    one = np.ones(1, dtype=np.int64)
    level[rows] = round_ratio(whole, one, parts, r.rounding.instalment)
    doubtful[rows] = False


def propose(r: Resolved, span: Span, burden: Burden) -> Proposal:
    """Compute the instalment of each row: round(w·A + S/N), rounded once."""
    value = burden.principal
    if burden.held is not None:
        value = value.astype(np.float64) + burden.held.astype(np.float64) / (1.0 + _first(span))
    proposed, grown, drift = annuity(span, value, burden.balloon)
    weight = span.weight[0]
    x = principal = proposed if weight == WEIGHT else proposed * (weight / WEIGHT)
    if burden.stream is not None:
        x = x + burden.stream.astype(np.float64) / burden.parts
    level, doubtful = round_instalment(x, r.rounding)
    level = as_carried(level, burden.principal)
    exact: list[tuple[Fraction, Fraction]] = []
    weighted = set(r.phases.weight) != {WEIGHT}
    if not weighted:
        _settle_free(r, span, burden, level, doubtful)
    known: dict[Hashable, Grown] = {}
    for row in range(x.size) if weighted else np.flatnonzero(doubtful):
        a, s = exact_instalment(span, burden, int(row), known=known)
        level[row] = round_weighed(a, s, weight, r.rounding)
        exact.append((a, s))
    left = principal + (level - x) * (1.0 - grown)
    sure = (left > drift + 2.0) & (level > 0)
    if r.quoted.differs:
        sure[:] = False  # what really accrues is not what the annuity presumes
    if burden.held is not None:
        # held interest that the first instalment leaves open goes on without interest
        due = burden.held + burden.principal.astype(np.float64) * _first(span) + 2.0
        sure &= (level >= due) | (burden.held == 0)
    for k in span.used():
        if span.asks[k] in WEIGHED and span.unpaid[k] is Unpaid.WAIVE:
            sure &= span.count[k] == 0  # the annuity counts interest that is not charged
    sure |= x == 0
    clear = np.flatnonzero(~sure) if not sure.all() else np.zeros(0, np.int64)
    return Proposal(level, clear, exact if weighted else [])


def _first(span: Span) -> FloatColumn:
    return _ratio(*quoted_factor(span, span.begin))


def exact_instalment(
    span: Span, burden: Burden, row: int, *, known: dict[Hashable, Grown] | None = None
) -> tuple[Fraction, Fraction]:
    """Give one row's annuity of weight 1 and its even share of the stream."""
    value, balloon = Fraction(int(burden.principal[row])), int(burden.balloon[row])
    if burden.held is not None:
        num, den = (int(x[row] if x.size > 1 else x[0]) for x in quoted_factor(span, span.begin))
        value += Fraction(int(burden.held[row]) * den, den + num)
    return exact_annuity(span, row, value, balloon, known=known), burden.share(row)


def round_weighed(a: Fraction, s: Fraction, weight: int, rounding: Rounding) -> int:
    """Round w·A + S/N once, to the unit."""
    # one fraction over a common denominator, not reduced: reducing costs more than all the rest
    num = a.numerator * weight * s.denominator + s.numerator * a.denominator * WEIGHT
    den = a.denominator * s.denominator * WEIGHT * rounding.unit
    return round_quotient(num, den, rounding.instalment) * rounding.unit
