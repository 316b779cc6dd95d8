"""The kernel: rolls balances period by period, over all rows at once. It knows no strategy.

The loop runs over periods, the arithmetic over rows. Rows of one layout stand together, the longest
first, so that those still running are a shrinking prefix; what no row uses is never computed.
docs/engine.md defines every rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .accrue import accrue, accrue_overdue, charge, take_share
from .block import (
    Block,
    Now,
    amount_top,
    liveness,
    needs_wide,
    opening_state,
    principal_top,
    zeros,
)
from .instalments import Event, enter, events_of
from .keep import finish, keep, keep_accrued, keep_last, settle_again
from .level import WEIGHED
from .money import EXACT_FLOAT, Column, carry_as, round_ratio
from .payments import allocate, ask, asking_mask, carry, catch_up, leave_resting
from .resolve import Resolved, Rows, is_nothing, take
from .schedule import RowZero, Schedule, Store, Totals, with_interest
from .terms import CHARGES, Parts

BLOCK = 22_000
"""Rows rolled together: few enough for their columns to stay in the second-level cache."""


def roll(r: Resolved, *, rows: bool = True) -> Schedule:
    """Roll every row to its end, exactly.

    With `rows` all periods are kept, otherwise only their sums. Row 0 comes first: what is demanded
    or paid at signing.
    """
    zero, r = row_zero(r)
    periods = r.periods
    wide, matrices = needs_wide(r), dict[str, Column]()
    shape, kind = (int(periods.max(initial=0)), periods.size), kept_as(r, wide=wide)
    whole = Totals(*(np.zeros(periods.size, object if wide else np.int64) for _ in TOTALS))
    for place in places(r):
        block = open_block(take(r, place), wide=wide)
        block.store = Store(matrices, shape, kind, place) if rows else None
        run(block, 0, events_of(block.r))
        finish(block)
        for name in TOTALS:
            column = getattr(block.totals, name)
            if name not in RARE or column.any():
                getattr(whole, name)[place] = column
    return Schedule(periods, zero, whole, with_interest(matrices) if rows else None)


def kept_as(r: Resolved, *, wide: bool) -> np.dtype[Any]:
    """Choose the width in which periods are kept."""
    if wide:
        return np.dtype(object)
    return np.dtype(np.int32 if amount_top(r) * 4 < 2**31 else np.int64)


TOTALS = Totals.__slots__
RARE = ("penalty", "fees", "forgone", "residual")
"""Sums that are zero for most plans."""


def places(r: Resolved) -> Iterator[Rows]:
    """Cut the batch into blocks: rows of one layout together, the longest first within a block."""
    periods = r.periods
    order, cuts = _by_layout(r)
    begin = 0
    while begin < periods.size:
        end = min(begin + BLOCK, periods.size)
        cut = int(np.searchsorted(cuts, end, side="right")) - 1
        if cut >= 0 and cuts[cut] - begin > BLOCK // 4:
            end = int(cuts[cut])
        rows = slice(begin, end)
        yield _longest_first(periods, rows if order is None else order[rows])
        begin = end


def _longest_first(periods: NDArray[np.int64], rows: Rows) -> Rows:
    length = periods[rows]
    if (length[1:] <= length[:-1]).all():
        return rows
    longest = np.argsort(-length, kind="stable")
    return longest + rows.start if isinstance(rows, slice) else rows[longest]


def _by_layout(r: Resolved) -> tuple[NDArray[np.int64] | None, NDArray[np.int64]]:
    """Sort rows by the beginnings of their phases, then by length; tell where the layout changes.

    No order is given where they stand so already.
    """
    count, order = r.phases.count, None
    keys = [n for n in count[:-1] if n.size and (n != n[0]).any()]
    if len(keys) > 1 or (keys and (keys[0][1:] < keys[0][:-1]).any()):
        order = np.arange(count.shape[1])
        for key in [-r.periods, *reversed(keys)]:
            order = order[np.argsort(key[order].astype(np.int16), kind="stable")]
    changed = np.zeros(max(count.shape[1] - 1, 0), dtype=np.bool_)
    for key in keys:
        ordered = key if order is None else key[order]
        changed |= ordered[1:] != ordered[:-1]
    return order, np.flatnonzero(changed) + 1


def row_zero(r: Resolved) -> tuple[RowZero, Resolved]:
    """Settle the as-of date: interest accrued up to it if principal changes then, and payments."""
    owed = {name: getattr(r.owed, name) for name in ("principal", *CHARGES)}
    zero = np.zeros(r.owed.principal.shape, dtype=np.int64)
    accrued = zero
    demanded = [getattr(r.demanded, name) for name in owed]
    if r.early is None and is_nothing(r.down) and all(is_nothing(x) for x in demanded):
        return RowZero(zero, zero, zero, zero, zero), r
    if r.early is not None:
        before = carry_as(r.before, wide=bool(r.before.max(initial=0) >= EXACT_FLOAT))
        accrued = round_ratio(before, *r.early.at(0), r.rounding.interest).astype(np.int64)
        owed["interest"] = owed["interest"] + accrued
    paid = {name: np.minimum(getattr(r.demanded, name), owed[name]) for name in owed}
    rest = r.down
    for name in r.order:
        part = np.minimum(rest, owed[name] - paid[name])
        paid[name], rest = paid[name] + part, rest - part
    left = Parts(**{name: owed[name] - paid[name] for name in owed})
    total = sum(paid.values(), start=zero)
    return RowZero(accrued, total, *(paid[name] for name in CHARGES)), replace(r, owed=left)


def open_block(r: Resolved, *, wide: bool) -> Block:
    """Prepare sorted rows for rolling."""
    state = opening_state(r, wide=wide)
    steps = np.arange(int(r.periods.max(initial=0)) + 1)
    active = np.searchsorted(-r.periods, -steps, side="left")
    totals = Totals(*(zeros(r.periods.size, wide=wide) for _ in TOTALS))
    totals.first = np.zeros(r.periods.size, dtype=np.int64)
    return Block(
        r,
        state,
        liveness(r),
        wide,
        principal_top(r),
        active,
        totals,
        zeros(r.periods.size, wide=wide),
    )


def run(block: Block, begin: int, events: dict[int, list[Event]]) -> None:
    """Roll the periods of a block, from a period (from 0) to the end."""

    def left(event: Event, level: Column) -> Column:
        return last_instalment(block, event, level)

    for period in range(begin, block.active.size - 1):
        if period in events:
            settle_again(block)
        for event in events.get(period, ()):
            enter(block.r, block.state, event, left)
        if period == begin or period in events:
            block.settle_kinds(slice(0, int(block.active[period])))
            block.fresh, block.covered = True, False
        step(block, period)
        if block.live.may_clear and is_cleared(block, period):
            break


def is_cleared(block: Block, period: int) -> bool:
    """Tell, every eight periods, whether nothing is owed any more in any row."""
    if period % 8 != 7:
        return False
    return not block.state.owed(slice(0, int(block.active[period + 1]))).any()


def last_instalment(block: Block, event: Event, level: Column) -> Column:
    """Roll some rows on with a level instalment; tell what the last one comes to."""
    r = replace(take(block.r, event.rows), prepay=None)
    trial = open_block(r, wide=block.wide)
    trial.top = block.top
    trial.state, trial.live = block.state.rows(event.rows), replace(block.live, may_clear=True)
    trial.state.level[:] = trial.state.kept[:] = level
    repays = np.isin(r.phases.asks, WEIGHED)[:, None] & (r.phases.count > 0)
    trial.last_repaying = np.where(repays, r.phases.count.cumsum(axis=0) - 1, -1).max(axis=0)
    trial.left = np.zeros_like(trial.state.principal)
    later = {
        period: [replace(e, anew=False) for e in events]
        for period, events in events_of(r).items()
        if period > event.period
    }
    run(trial, event.period, later)
    return trial.left


def step(block: Block, period: int) -> None:
    """Roll one period: accrue, ask, pay, carry what is unpaid, remember."""
    now = accrue(block, period)
    if block.live.overdue:
        accrue_overdue(block, now)
        now.caught_up = catch_up(block, now)
    if block.live.spreads and block.state.full & set(CHARGES):
        take_share(block, now)
    if block.left is not None:
        note_left(block, now)
    if block.live.fees:
        charge(block, now)
    keep_accrued(block, now)
    if now.body.stop:
        now.pay = ask(block, now)
        allocate(block, now)
        carry(block, now)
        if block.live.rests:
            leave_resting(block, now)
        if block.live.counts:
            block.state.asked[now.body] += asking_mask(block, now)
        keep(block, now)
    if now.ended.stop > now.ended.start:
        keep_last(block, now)


def note_left(block: Block, now: Now) -> None:
    """Note what the last instalment comes to, in rows that repay for the last time in a trial.

    Principal less balloon, interest of the period and held, and the share of the stream.
    """
    state, r, rows = block.state, block.r, now.rows
    balloon = np.minimum(r.balloon[rows].astype(state.principal.dtype), state.principal[rows])
    left = state.principal[rows] - balloon + now.accrued + state.held[rows]
    if r.catch_parts is not None and now.on_overdue is not None:
        left = left - state.overdue[rows] - now.on_overdue
    elif now.whole_share is not None:
        stream = state.interest[rows] + state.penalty[rows] + state.fees[rows]
        left = left + np.minimum(now.whole_share, stream)
    if block.left is not None and block.last_repaying is not None:
        here = block.last_repaying[rows] == now.period
        block.left[rows] = np.where(here, left, block.left[rows])
