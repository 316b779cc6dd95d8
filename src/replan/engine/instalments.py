"""Entering a phase: the stream is divided anew and the instalment computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .block import State
from .boundary import modelled_smallest
from .level import WEIGHED, Burden, Span, exact_instalment, propose, round_weighed, span_of
from .money import Column, as_carried, as_object, round_fraction, round_ratio
from .phases import COLLECTING, LEVELLED, SPREADING, WEIGHT, Asks
from .resolve import Resolved, Rows
from .terms import Rounding

OTHER = (Asks.LINEAR, Asks.FIXED, Asks.MINIMUM, Asks.MISSED)
"""What repays principal beside or instead of a level instalment, or only would have."""

TRIED, MOST_TRIED = 4_096, 8
"""Instalments that are tried at once, and so many for one row: a roll of few costs as much."""
Left = Callable[["Event", Column], Column]
"""Rolls to the end with a level instalment; tells what the last instalment comes to."""


@dataclass(frozen=True, slots=True)
class Event:
    """Some rows enter a phase at a period (from 0)."""

    period: int
    phase: int
    rows: Rows
    anew: bool

    def of(self, some: NDArray[np.int64]) -> Event:
        """Give the event of some of its rows."""
        first = self.rows.start if isinstance(self.rows, slice) else None
        return replace(self, rows=some + first if first is not None else self.rows[some])  # type: ignore[index]


def events_of(r: Resolved) -> dict[int, list[Event]]:
    """List, for each period, the phases that begin in it and for which rows."""
    events: dict[int, list[Event]] = {}
    begin = np.zeros(r.phases.count.shape[1], dtype=np.int64)
    for k, count in enumerate(r.phases.count):
        rows = np.flatnonzero(count)
        here = begin[rows]
        if rows.size and (here == here[0]).all():
            groups = [(int(here[0]), rows)]
        else:
            by_period = np.argsort(here, kind="stable")
            starts, cuts = np.unique(here[by_period], return_index=True)
            parts = np.split(rows[by_period], cuts[1:])
            groups = [(int(p), part) for p, part in zip(starts, parts, strict=False)]
        for period, part in groups:
            event = Event(period, k, _run(part), r.phases.anew[k])
            events.setdefault(period, []).append(event)
        begin = begin + count
    return events


def _run(rows: NDArray[np.int64]) -> Rows:
    """Give consecutive rows as a slice."""
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first + 1 == rows.size else rows


def enter(r: Resolved, state: State, event: Event, left: Left) -> None:
    """Begin a phase: set what is asked, divide the stream, compute the instalment."""
    rows, k = event.rows, event.phase
    asks = r.phases.asks[k]
    if Asks.MISSED in r.phases.asks and asks is not Asks.MISSED:
        state.resting[rows] = 0
    if asks in SPREADING and state.full & {"interest", "penalty", "fees"}:
        again = _renewing(r, state, event)
        if again is not None:
            _spread(r, state, again)
    state.asks[rows] = asks
    state.unpaid[rows] = r.phases.unpaid[k]
    if r.phases.amount.any():
        state.amount[rows] = _amount(r, event)
    state.level[rows] = 0
    if asks in LEVELLED:
        _enter_level(r, state, event, left)
    if asks in (Asks.LEVEL, Asks.PRINCIPAL):
        state.level[rows] = state.kept[rows]
    if asks is Asks.LINEAR and (event.anew or not state.linear[rows].all()):
        _enter_linear(r, state, event)


def _amount(r: Resolved, event: Event) -> Column:
    amount: Column = r.phases.amount[event.phase]
    return amount if amount.size == 1 else amount[event.rows]


def _renewing(r: Resolved, state: State, event: Event) -> Event | None:
    """Give the rows whose stream is divided anew.

    Where they carried no share before or interest may have joined it, and where the instalment is
    computed.
    """
    if event.anew or not event.period:
        return event
    again = ~np.isin(state.asks[event.rows], COLLECTING)
    if r.phases.asks[event.phase] in (Asks.LEVEL, Asks.PRINCIPAL):
        again |= ~state.agreed[event.rows] & (_amount(r, event) == 0)
    return event.of(np.flatnonzero(again)) if again.any() else None


def _spread(r: Resolved, state: State, event: Event) -> None:
    """Divide the stream into even parts.

    The k-th part is half-up(S·k/N) − half-up(S·(k−1)/N); `done` is 2·S·k + N, `double` 2·N.
    Even shares are half-up(S/N) each until the stream is used up.
    """
    rows = event.rows
    parts = span_of(r, event.period, event.phase, rows).left(SPREADING)
    if r.catch_parts is not None:
        parts = np.minimum(parts, np.maximum(r.catch_parts[rows] - state.asked[rows], 1))
    parts = parts.astype(state.principal.dtype)
    stream = _stream(state, rows)
    if r.even_shares:
        one = np.array([1])
        stream = parts * round_ratio(stream, one, parts, "half-up")
    state.twice[rows] = 2 * stream
    state.done[rows] = parts
    state.double[rows] = 2 * parts
    state.through[rows] = 0


def _stream(state: State, rows: Rows) -> Column:
    """Add up what bears no interest and is spread."""
    total: Column = state.interest[rows] + state.penalty[rows] + state.fees[rows]
    return total


def _enter_linear(r: Resolved, state: State, event: Event) -> None:
    """Divide principal into equal parts, so that something is left for the last one."""
    rows = event.rows
    parts = span_of(r, event.period, event.phase, rows).left(WEIGHED)
    beside = r.balloon[rows] if r.catch_parts is None else r.balloon[rows] + state.overdue[rows]
    amount = np.maximum(state.principal[rows] - beside, 0)
    linear = np.empty_like(amount)
    for row, (whole, n) in enumerate(zip(as_object(amount), parts, strict=True)):
        linear[row] = equal_part(int(whole), int(n), r)
    state.linear[rows] = linear


def equal_part(whole: int, parts: int, r: Resolved) -> int:
    """Round one equal part; the unit gives way to the minor unit, and that to rounding down."""
    exact, mode = Fraction(whole, parts), r.rounding.instalment
    for unit in (r.rounding.unit, 1):
        part = round_fraction(exact / unit, mode) * unit
        if 0 < part * (parts - 1) < whole or parts == 1:
            return part
    return whole // parts


def _enter_level(r: Resolved, state: State, event: Event, left: Left) -> None:
    """Put the instalment in force: stated, computed, or the one agreed before."""
    rows, amount = event.rows, _amount(r, event)
    given = amount > 0
    if given.any():
        stated = event if given.all() else event.of(np.flatnonzero(given))
        state.kept[stated.rows] = amount if given.all() else amount[given]
        state.agreed[stated.rows] = True
        state.beside[stated.rows] = True
        if given.all():
            return
        event = event.of(np.flatnonzero(~given))
    if not event.anew:
        known = state.agreed[event.rows]
        if known.any() and state.annuity.size:
            _weigh(r, state, event.of(np.flatnonzero(known)))
        if known.all():
            return
        event = event.of(np.flatnonzero(~known)) if known.any() else event
    del rows
    _compute_level(r, state, event, left)


def _compute_level(r: Resolved, state: State, event: Event, left: Left) -> None:
    rows = event.rows
    span = span_of(r, event.period, event.phase, rows)
    burden = _burden(r, state, event, span)
    found = propose(r, span, burden)
    state.agreed[rows] = True
    missed = r.phases.asks[event.phase] is Asks.MISSED
    state.beside[rows] = missed or r.catch_parts is not None
    level, whole, steady = found.level, replace(event, anew=True), _steady(r, event, span)
    state.tight |= bool(found.clear.size)
    used = [r.rounding] * level.size if found.exact else []
    for sure in (True, False):
        doubt = found.clear[steady[found.clear] == sure]
        if doubt.size:
            burdened = _Doubt(span, burden, doubt, used)
            _leave_something(r, whole, level, burdened, left if sure else None)
    rounded = level.copy() if found.exact else level
    short = _uncovered(r, state, event, burden, level) & steady
    if short.any():
        state.tight = True
        few = np.flatnonzero(short)
        level[few] = _smallest(r, state, whole.of(few), level[few], left)
    if r.rounding.settle == "balanced" and (steady & ~short).any():
        even = np.flatnonzero(steady & ~short)
        level[even] = _balance(r, whole.of(even), level[even], span.left(WEIGHED)[even], left)
    state.kept[rows] = level
    if found.exact:
        moved = level != rounded  # found by trial: it goes on as it is, its weights being 1
        exact = [
            (Fraction(int(level[i])), Fraction(0)) if moved[i] else found.exact[i]
            for i in range(level.size)
        ]
        state.annuity[rows] = _as_column(exact, used)


def _uncovered(
    r: Resolved, state: State, event: Event, burden: Burden, level: Column
) -> NDArray[np.bool_]:
    """Tell which instalments do not cover the interest of their first period and their share."""
    rows, none = event.rows, np.zeros(level.size, dtype=np.bool_)
    if r.catch_parts is not None or r.quoted.differs:
        return none
    num, den = (_part(x, rows) for x in r.factors.at(event.period))
    top = burden.principal.astype(np.float64) * num.astype(np.float64) / den.astype(np.float64)
    held = state.held[rows] if "held" in state.full else 0 * level
    due = held if burden.stream is None else held + burden.stream / burden.parts
    if not (top + due.astype(np.float64) + 2 > level).any():
        return none
    due = round_ratio(burden.principal, num, den, r.rounding.interest) + held
    if burden.stream is not None:
        one = np.array([1])
        due = due + round_ratio(burden.stream, one, burden.parts, "half-up")
    return np.asarray(due > level)


def _part(column: Column, rows: Rows) -> Column:
    return column[rows] if column.size > 1 else column


def _smallest(r: Resolved, state: State, event: Event, level: Column, left: Left) -> Column:
    """Find the smallest instalments that leave no larger last one, from those proposed down.

    Interest that an instalment does not cover waits without interest, so that the annuity, which
    compounds it, asks too much. A larger instalment leaves no larger balance at any date, and so
    no larger last one: there is one boundary, wherever it is looked for. A float model says where;
    around it several instalments are tried at once, then in steps that double until one fits and
    one does not, then between these. Where nothing smaller will do, what was proposed stays.
    """
    unit, high, low, step = r.rounding.unit, level.copy(), 0 * level, r.rounding.unit
    guess = modelled_smallest(r, state, event.period, event.rows, level)
    near: Column | None = as_carried(guess, level)
    while True:
        top = -(-high // unit) * unit - unit  # the largest of the unit below
        todo = np.flatnonzero(top > low)
        if not todo.size:
            return high
        # a block of one row has one value in each column: it cannot be repeated
        count = min(max(TRIED // todo.size, 1), MOST_TRIED) if r.periods.size > 1 else 1
        if near is not None:
            some = near[todo] + _whole([unit * (k - count // 2) for k in range(count)], level)
        else:
            steps = _whole([step << k for k in range(count)], level)
            some = _next_tried(low[todo], high[todo], level[todo], steps)
            step <<= count
        near, some = None, -(-some // unit) * unit
        some = np.minimum(np.maximum(some, low[todo] + unit), top[todo])
        ends = left(event.of(np.repeat(todo, count)), some.T.reshape(-1))
        fits = some >= ends.reshape(todo.size, count).T
        high[todo] = np.where(fits, some, high[todo]).min(axis=0)
        low[todo] = np.where(fits, low[todo], some).max(axis=0)


def _next_tried(low: Column, high: Column, level: Column, steps: Column) -> Column:
    """Choose between what is too little and what fits; where one is not known, farther away."""
    share = np.arange(1, steps.size + 1)[:, None]
    between = low + (high - low) * share // (steps.size + 1)
    beyond = np.where(low > 0, low + steps, high - steps)
    return np.where((low > 0) & (high < level), between, beyond)


def _whole(numbers: list[int], like: Column) -> Column:
    return np.array(numbers, dtype=like.dtype)[:, None]


def _steady(r: Resolved, event: Event, span: Span) -> NDArray[np.bool_]:
    """Tell in which rows this very instalment repays principal, and nothing else does."""
    steady = np.ones(span.count.shape[1], dtype=np.bool_)
    for k in span.used():
        if span.asks[k] in OTHER or span.weight[k] != WEIGHT:
            steady &= span.count[k] == 0
        elif span.asks[k] in WEIGHED and r.phases.amount[event.phase + k].any():
            stated = _amount(r, replace(event, phase=event.phase + k)) > 0
            steady &= ~(stated & (span.count[k] > 0))
    return steady


def _as_column(exact: list[tuple[Fraction, Fraction]], used: list[Rounding]) -> NDArray[np.object_]:
    column = np.empty(len(exact), dtype=np.object_)
    for row, (value, rounding) in enumerate(zip(exact, used, strict=True)):
        column[row] = (*value, rounding)
    return column


def _burden(r: Resolved, state: State, event: Event, span: Span) -> Burden:
    rows = event.rows
    principal = state.principal[rows]
    if r.catch_parts is not None:
        principal = principal - state.overdue[rows]
    charges = [name for name in ("interest", "penalty", "fees") if name in state.full]
    stream = None
    if charges and r.catch_parts is None and span.asks[0] is not Asks.MISSED:
        stream = state.twice[rows] / 2 if principal.dtype == np.float64 else state.twice[rows] // 2
        if r.even_shares:
            stream = _stream(state, rows)
    balloon = np.minimum(r.balloon[rows].astype(principal.dtype), principal)
    missed = span.asks[0] is Asks.MISSED
    held = None if missed or "held" not in state.full else state.held[rows]
    return Burden(principal, balloon, held, stream, np.maximum(span.left(SPREADING), 1))


def _weigh(r: Resolved, state: State, event: Event) -> None:
    """Go on with the annuity in force, at this phase's weight."""
    weight = r.phases.weight[event.phase]
    for row in np.arange(state.level.size)[event.rows]:
        if isinstance(state.annuity[row], tuple):
            a, s, rounding = state.annuity[row]
            state.kept[row] = round_weighed(a, s, weight, rounding)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Rows whose instalments may leave nothing for the last; `used` notes how they are rounded."""

    span: Span
    burden: Burden
    rows: NDArray[np.int64]
    used: list[Rounding]


def _leave_something(
    r: Resolved, event: Event, level: Column, doubt: _Doubt, left: Left | None
) -> None:
    """Let the unit give way where it leaves nothing for the last instalment.

    To the minor unit, and that to rounding down.
    """
    weight, todo = doubt.span.weight[0], doubt.rows
    finer = replace(r.rounding, unit=1)
    for rounding in (finer, replace(finer, instalment="down")):
        ends = left(event.of(todo), level[todo]) if left else level[todo]
        todo = todo[(ends <= 0) | (level[todo] <= 0)]
        for row in todo:
            exact = exact_instalment(doubt.span, doubt.burden, int(row))
            level[row] = round_weighed(*exact, weight, rounding)
            if doubt.used:
                doubt.used[row] = rounding
        if not todo.size:
            return


def _balance(
    r: Resolved, event: Event, level: Column, parts: NDArray[np.int64], left: Left
) -> Column:
    """Move the instalment until the last one differs by half a unit per instalment at most.

    At most three times, while the gap shrinks: the habit of core banking (Apache Fineract).
    """
    unit = r.rounding.unit
    off = left(event, level) - level
    for _ in range(3):
        wanted = np.flatnonzero(np.abs(off) > parts // 2)
        moves = np.zeros(level.size, dtype=np.int64)
        for row in wanted:
            move = round(Fraction(int(off[row]), int(parts[row]) * unit)) * unit
            moves[row] = move if level[row] + move > 0 else 0
        if not moves.any():
            break
        tried = level + moves
        new = left(event, tried) - tried
        better = (np.abs(new) < np.abs(off)) & (new + tried > 0)
        if not better.any():
            break
        level, off = np.where(better, tried, level), np.where(better, new, off)
    return level
