"""What the candidates of one frame pay and when: figures as columns, from one exact roll.

Most candidates pay nothing, then level instalments, then a last one; what they pay follows from the
kernel's sums, and is checked against them. The rows of the others are rolled, a few at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod

import numpy as np
from numpy.typing import NDArray

from replan.engine.curves import Curve
from replan.engine.kernel import roll
from replan.engine.metrics import discount_columns, years_until
from replan.engine.phases import WEIGHT, Asks
from replan.engine.resolve import Resolved, is_nothing, resolve
from replan.engine.schedule import Schedule
from replan.engine.stack import roll_columns
from replan.engine.terms import COMPONENTS, LONGEST, Terms

from .grid import Frame, Offer
from .parts import (
    FEW,
    Cents,
    Dates,
    Index,
    Part,
    at_period,
    dates_of,
    level_value,
    narrow_payments,
    some_of,
    worth_of,
)

KEPT = 2_000_000
"""So many payments of one frame are kept rather than rolled anew when they are asked for."""
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a part, a column each; see `Space` for their meaning."""

    first_payment: Cents
    first_due: Index
    peak: Cents
    total: Cents
    residual: Cents
    months: Index
    waived: Cents
    waived_principal: Cents
    waived_interest: Cents
    waived_penalty: Cents
    waived_fees: Cents
    instalments: Index
    least: Cents
    rate: NDArray[np.float64]
    npv: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rolled:
    """A frame as the kernel has rolled it, with its periods or without them."""

    frame: Frame
    resolved: Resolved
    schedule: Schedule


def roll_frames(frames: Sequence[Frame]) -> list[Rolled]:
    """Roll frames, those of few candidates together.

    Periods are kept where the sums cannot tell what is paid in each, and memory allows.
    """
    # what a cheaper rate forgoes is not asked for, and would cost as much as the roll itself
    ready = [resolve(replace(f.terms, base=f.terms.curve)) for f in frames]
    shown = [not _is_level(r, np.asarray(r.periods, dtype=np.int64)).all() for r in ready]
    found: dict[int, Schedule] = {}
    for rows in (True, False):
        few = [i for i, r in enumerate(ready) if r.periods.size <= FEW and shown[i] is rows]
        found |= zip(few, roll_columns([ready[i] for i in few], rows=rows), strict=True)
    return [
        Rolled(frame, r, found[i] if i in found else roll(r, rows=shown[i] and _is_small(r)))
        for i, (frame, r) in enumerate(zip(frames, ready, strict=True))
    ]


def _is_small(r: Resolved) -> bool:
    return r.periods.size * int(r.periods.max(initial=0)) <= KEPT


def measure(
    offer: Offer,
    frame: Frame,
    paid_on: Callable[[date], date],
    *,
    several: bool = False,
    dates: Dates | None = None,
) -> tuple[Part, Figures, Index]:
    """Roll a frame and measure its candidates; give apart the codes of those that never clear.

    These are no candidates: they stand in no column. `several`: they are of several debts. `dates`
    are the due dates of the longest of them or more, where they are laid out already.
    """
    known = roll_frames([frame])[0]
    return measure_rolled(offer, known, paid_on, several=several, dates=dates)


def measure_rolled(  # noqa: PLR0913  # a frame, and what is known of it
    offer: Offer,
    known: Rolled,
    paid_on: Callable[[date], date],
    *,
    several: bool = False,
    chosen: Curve | None = None,
    dates: Dates | None = None,
) -> tuple[Part, Figures, Index]:
    """Measure the candidates of a frame that has been rolled, like `measure`.

    `chosen`: a rate besides the contract's at which payments can be valued.
    """
    frame, resolved, rolled = known.frame, known.resolved, known.schedule
    terms = frame.terms
    dates = dates or dates_of(terms, int(resolved.periods.max(initial=0)), paid_on)
    if chosen is not None:
        dates = replace(dates, chosen=discount_columns(terms, chosen, dates.periods))
    part = _part(offer, frame, resolved, rolled, dates)
    if several:
        if dates.years is None:
            years = np.array(years_until(terms, dates.periods))
            part = replace(part, dates=replace(dates, years=years))
        part = replace(part, owner=part.code // prod(len(choice) for choice in offer))
    value = level_value(part)
    clears = np.ones(part.code.size, dtype=np.bool_)
    others = np.flatnonzero(~part.level)
    for begin in range(0, others.size, part.chunk):
        here = others[begin : begin + part.chunk]
        clears[here] = _measure_rows(part, here, value, endless=terms.trims and terms.closes)
    never = part.code[~clears]
    if never.size:
        part, value = some_of(part, np.flatnonzero(clears)), value[clears]
    return part, _figures(terms, part, rolled, clears, value), never


def _part(offer: Offer, frame: Frame, r: Resolved, rolled: Schedule, dates: Dates) -> Part:
    """Read from the sums what candidates pay, where that is level instalments and a last one.

    No payment between the first and the last exceeds the instalment, so that their sum tells
    whether each of them is the instalment.
    """
    totals, periods = rolled.totals, np.asarray(rolled.periods, dtype=np.int64)
    sums = {
        name: np.asarray(getattr(totals, name)).astype(np.int64, copy=False)
        for name in ("paid", "first_payment", "level", "last")
    }
    start, first, last = totals.first.astype(np.int64), sums["first_payment"], sums["last"]
    between = np.maximum(periods - 1 - start, 0) * sums["level"]
    expected = np.where(start < periods, first + between, 0) + last
    level = _is_level(r, periods) & (start > 0) & (last > 0) & (sums["paid"] == expected)
    least = np.where(start + 1 < periods, np.minimum(first, sums["level"]), first)
    paid = None if rolled.matrices is None or level.all() else narrow_payments(rolled)
    return Part(
        offer, frame.code, r, dates, rolled.zero.payment, level,
        start, periods.copy(), first.copy(), sums["level"], last.copy(), least, paid=paid,
    )  # fmt: skip


def _is_level(r: Resolved, periods: Index) -> NDArray[np.bool_]:
    """Tell which rows ask for nothing, then for one level instalment, and for nothing besides."""
    none = np.zeros(periods.size, dtype=np.bool_)
    extras = (r.charges, r.prepay, r.catch_parts, r.penalty)
    if any(extra is not None for extra in extras) or not is_nothing(r.fee) or not r.closes:
        return none
    if r.phases.amount.any() or any(r.phases.weight[k] != WEIGHT for k in r.phases.used):
        return none
    seen, fine = none, ~none
    for k in r.phases.used:
        here = r.phases.count[k] > 0
        if r.phases.asks[k] is Asks.LEVEL:
            fine, seen = fine & ~(here & seen), seen | here
        elif r.phases.asks[k] is Asks.NOTHING:
            fine = fine & ~(here & seen)
        else:
            fine = fine & ~here
    return fine & seen


def _measure_rows(
    part: Part, rows: Index, value: NDArray[np.float64], *, endless: bool
) -> NDArray[np.bool_]:
    """Roll candidates row by row; note when they pay and what that is worth.

    Tell which of them clear the debt, if they last as long as it takes.
    """
    paid = part.rolled(rows)
    height, every = paid.shape[0], np.arange(rows.size)
    value[rows] = part.today[rows] + worth_of(part, rows, paid)
    if not height:
        return np.ones(rows.size, dtype=np.bool_)
    pays = paid > 0
    some = pays.any(axis=0)
    part.start[rows] = np.where(some, pays.argmax(axis=0) + 1, 0)
    part.end[rows] = end = np.where(some, height - pays[::-1].argmax(axis=0), 0)
    part.first[rows] = np.where(some, paid[np.maximum(part.start[rows] - 1, 0), every], 0)
    part.last[rows] = np.where(some, paid[np.maximum(end - 1, 0), every], 0)
    before = np.where(pays & (np.arange(height)[:, None] < end - 1), paid, NEVER).min(axis=0)
    part.least[rows] = np.where(before < NEVER, before, part.last[rows])
    if not endless or height < LONGEST:
        return np.ones(rows.size, dtype=np.bool_)
    return np.asarray((end < LONGEST) | (paid[-1] <= paid[-2]))


def _figures(
    terms: Terms,
    part: Part,
    rolled: Schedule,
    clears: NDArray[np.bool_],
    value: NDArray[np.float64],
) -> Figures:
    rows, today, dates = clears.size, part.today, part.dates
    # nearly always all of them clear: then nothing is copied
    kept: NDArray[np.bool_] | slice = slice(None) if clears.all() else clears
    given = sum((promise.amounts for promise in terms.promises), start=terms.waived)
    totals = {
        name: np.asarray(getattr(rolled.totals, name)).astype(np.int64, copy=False)[kept]
        for name in ("paid", "peak", "residual")
    }
    residual, none = totals["residual"], (rolled.periods == 0)[kept]
    if none.any():
        owed = terms.opening.total + terms.charged + rolled.zero.accrued - terms.waived.total
        residual = np.where(none, owed[kept] - today, residual)
    at_once = today > 0
    nothing = np.zeros((1, *dates.paid.shape[1:]), dtype=np.int64)
    due, elapsed = (np.concatenate([nothing, c]) for c in (dates.paid, dates.elapsed))
    return Figures(
        first_payment=np.where(at_once, today, part.first),
        first_due=np.where(
            at_once, dates.as_of.toordinal(), at_period(due, part.start, part.owner)
        ),
        peak=np.maximum(totals["peak"], today),
        total=totals["paid"] + today,
        residual=residual,
        # what never pays lasts as long as the plan
        months=at_period(elapsed, np.where((part.end > 0) | at_once, part.end, -1), part.owner),
        waived=np.broadcast_to(given.total, (rows,))[kept],
        **{f"waived_{c}": np.broadcast_to(getattr(given, c), (rows,))[kept] for c in COMPONENTS},
        instalments=np.where(part.start > 0, part.end - part.start + 1, 0) + at_once,
        least=np.where(part.start > 0, part.least, today),
        rate=np.broadcast_to(least_rate(terms), (rows,))[kept],
        npv=value,
    )


def least_rate(terms: Terms) -> NDArray[np.float64]:
    """Give the lowest annual rate that each row is charged."""
    rates = [s.rate.num / s.rate.den * (365 if s.rate.daily else 1) for s in terms.curve]
    return np.asarray(np.minimum.reduce(np.broadcast_arrays(*rates)))
