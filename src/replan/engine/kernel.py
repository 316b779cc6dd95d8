"""The kernel: rolls balances period by period, over all rows at once. It knows no strategy.

The loop runs over periods, the arithmetic over rows. Rows are sorted by length, so that those still
running are a shrinking prefix; what no row of a block uses is never computed.
docs/engine.md defines every rule.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .block import (
    Block,
    Now,
    is_spreading,
    liveness,
    needs_wide,
    next_share,
    opening_state,
    principal_top,
)
from .instalments import Event, enter, events_of
from .money import Column, round_ratio
from .payments import allocate, ask, carry
from .resolve import Resolved, take
from .schedule import RowZero, Schedule, Totals
from .terms import CHARGES, Asks, Parts, Unpaid

BLOCK = 16_384
"""Rows rolled together: their columns fit into the second-level cache."""


def roll(r: Resolved, *, rows: bool = True) -> Schedule:
    """Roll every row to its end, exactly.

    With `rows` all periods are kept, otherwise only their sums. Row 0 comes first: what is demanded
    or paid at signing.
    """
    zero, r = row_zero(r)
    order = np.argsort(-r.periods, kind="stable")
    blocks = []
    for i in range(0, order.size, BLOCK):
        block = open_block(take(r, order[i : i + BLOCK]), rows=rows)
        run(block, 0, events_of(block.r))
        blocks.append(block)
    back = np.argsort(order, kind="stable")
    totals = _join_totals([b.totals for b in blocks], back)
    matrices = _join_matrices(blocks, back, int(r.periods.max(initial=0))) if rows else None
    return Schedule(r.periods, zero, totals, matrices)


def row_zero(r: Resolved) -> tuple[RowZero, Resolved]:
    """Settle the as-of date: interest accrued up to it if principal changes then, and payments."""
    owed = {name: getattr(r.owed, name) for name in ("principal", *CHARGES)}
    zero = np.zeros_like(r.owed.principal)
    accrued = zero
    if r.early is not None:
        num, den = r.early.at(0)
        before = r.before.astype(np.float64)
        accrued = round_ratio(before, num, den, r.rounding.interest).astype(np.int64)
        owed["interest"] = owed["interest"] + accrued
    paid = {name: np.minimum(getattr(r.demanded, name), owed[name]) for name in owed}
    rest = r.down
    for name in r.order:
        part = np.minimum(rest, owed[name] - paid[name])
        paid[name], rest = paid[name] + part, rest - part
    left = Parts(**{name: owed[name] - paid[name] for name in owed})
    total = sum(paid.values(), start=zero)
    return RowZero(accrued, total, *(paid[name] for name in CHARGES)), replace(r, owed=left)


def open_block(r: Resolved, *, rows: bool, wide: bool | None = None) -> Block:
    """Prepare sorted rows for rolling."""
    wide = needs_wide(r) if wide is None else wide
    state = opening_state(r, wide=wide)
    if r.inside:
        state.held, state.interest = state.interest, state.held
    steps = np.arange(int(r.periods.max(initial=0)) + 1)
    active = np.searchsorted(-r.periods, -steps, side="left")
    totals = Totals(*(np.zeros_like(state.principal) for _ in range(len(Totals.__slots__))))
    totals.first = np.zeros(r.periods.size, dtype=np.int64)
    matrices: dict[str, Column] | None = {} if rows else None
    return Block(r, state, liveness(r), wide, principal_top(r), active, totals, matrices)


def run(block: Block, begin: int, events: dict[int, list[Event]]) -> None:
    """Roll the periods of a block, from a period (from 0) to the end."""
    for period in range(begin, block.active.size - 1):
        for event in events.get(period, ()):
            enter(block.r, block.state, event, lambda e, level: last_gap(block, e, level))
        step(block, period)
    block.totals.residual[:] = block.state.owed(slice(None))
    block.totals.level[:] = block.state.level


def last_gap(block: Block, event: Event, level: Column) -> Column:
    """Roll some rows to the end with a level instalment; tell how far off the last one is."""
    r = take(block.r, event.rows)
    trial = open_block(r, rows=False, wide=block.wide)
    trial.state, trial.live = block.state.rows(event.rows), replace(block.live)
    trial.state.level = level.copy()
    later = {
        period: [e for e in events if not e.anew]
        for period, events in events_of(r).items()
        if period > event.period
    }
    run(trial, event.period, later)
    return np.asarray(trial.totals.last - level)


def step(block: Block, period: int) -> None:
    """Roll one period: accrue, ask, pay, carry what is unpaid, remember."""
    state, live = block.state, block.live
    now = accrue(block, period)
    if live.overdue:
        accrue_overdue(block, now)
    if live.stream:
        take_share(block, now)
    if live.fees:
        charge(block, now)
    now.pay = ask(block, now)
    live.parts = live.parts or bool((now.pay < now.accrued).any())
    if live.parts:
        allocate(block, now)
        carry(block, now)
        state.asked[now.rows] += 1 if now.asking is None else now.asking
    else:
        balance = state.principal[now.rows]
        np.add(balance, now.accrued, out=balance)
        np.subtract(balance, now.pay, out=balance)
    keep(block, now)


def accrue(block: Block, period: int) -> Now:
    """Accrue one period's interest on interest-bearing principal."""
    state, r, live = block.state, block.r, block.live
    rows = slice(0, int(block.active[period]))
    asking: NDArray[np.bool_] | None = None
    if not live.always_asks:
        asking = state.asks[rows] != Asks.NOTHING
        asking = None if asking.all() else asking
    balance = state.principal[rows]
    if live.overdue:
        balance = balance - state.overdue[rows]
    accrued = block.interest_on("rate", r.factors, period, balance)
    now = Now(period, rows, slice(int(block.active[period + 1]), rows.stop), asking, accrued)
    if live.never_charged:
        now.accrued = accrued * (state.unpaid[rows] != Unpaid.WAIVE)
    if r.base is not None:
        usual = block.interest_on("base", r.base, period, balance)
        now.extra["forgone"] = np.maximum(usual - now.accrued, 0 * usual)
    elif live.never_charged:
        now.extra["forgone"] = accrued - now.accrued
    return now


def accrue_overdue(block: Block, now: Now) -> None:
    """Charge overdue principal: the rate while caught up, the penalty rate if nothing is paid."""
    state, r, rows = block.state, block.r, now.rows
    if r.penalty is None:
        now.on_overdue = block.interest_on("late", r.factors, now.period, state.overdue[rows])
        now.accrued = now.accrued + now.on_overdue
        return
    base = state.overdue[rows]
    if r.compounds:
        base = base + state.interest[rows] + state.held[rows]
    penalty = block.interest_on("penalty", r.penalty, now.period, base)
    state.penalty[rows] += penalty
    now.extra["penalty_accrued"] = penalty
    if r.falls_due is not None and r.missed is not None:
        due = r.falls_due[now.period, rows]
        late = (r.missed[now.period, rows] * r.late_fee).astype(state.fees.dtype)
        state.fees[rows] += late
        now.extra["fees_accrued"] = late
        state.overdue[rows] = np.minimum(state.overdue[rows] + due, state.principal[rows])


def take_share(block: Block, now: Now) -> None:
    """Take the period's share of the stream, component by component in the debt's order."""
    state, live = block.state, block.live
    asking = now.asking if live.all_spread else is_spreading(state.asks[now.rows])
    rest = next_share(state, now.rows, asking)
    if live.only_interest:
        now.share["interest"] = rest
        return
    for name in block.r.order:
        if name != "principal":
            now.share[name] = np.minimum(rest, getattr(state, name)[now.rows])
            rest = rest - now.share[name]


def charge(block: Block, now: Now) -> None:
    """Charge the fees of the period; those of a period that asks nothing wait for the next."""
    state, r, rows = block.state, block.r, now.rows
    instalment = np.where(state.asked[rows] < r.fee_parts[rows], r.fee[rows], 0)
    fee = instalment.astype(state.fees.dtype)
    if now.asking is not None:
        fee = fee * now.asking
    if r.charges is not None:
        charges = r.charges[now.period if r.charges.shape[0] > 1 else 0]
        fee = fee + (charges[rows] if charges.size > 1 else charges)
    state.first_fees[rows] += fee
    now.extra["fees_accrued"] = now.extra.get("fees_accrued", 0 * fee) + fee


def keep(block: Block, now: Now) -> None:
    """Remember the period: add to the sums, and store its columns where rows are wanted."""
    totals, rows = block.totals, now.rows
    totals.paid[rows] += now.pay
    np.maximum(totals.peak[rows], now.pay, out=totals.peak[rows])
    totals.last[now.ended] = now.pay[now.ended]
    paid = now.paid or {"interest": now.accrued}
    if not block.live.parts:
        totals.interest[rows] += now.accrued
    for name, part in now.paid.items():
        if name != "principal":
            getattr(totals, name)[rows] += part
    if "forgone" in now.extra:
        totals.forgone[rows] += now.extra["forgone"]
    if not totals.first[rows].all():
        new = (totals.first[rows] == 0) & (now.pay > 0)
        totals.first[rows][new] = now.period + 1
        totals.first_payment[rows][new] = now.pay[new]
    if block.matrices is not None:
        _store(block, now, {"accrued": now.accrued, "payment": now.pay, **paid, **now.extra})


def _store(block: Block, now: Now, columns: dict[str, Column]) -> None:
    matrices, shape = block.matrices, (block.active.size - 1, block.r.periods.size)
    if matrices is None:
        return
    for name, column in columns.items():
        if name == "principal":
            continue
        if name not in matrices:
            matrices[name] = np.zeros(shape, dtype=object if block.wide else np.int64)
        matrices[name][now.period, now.rows] = column


def _join_totals(parts: list[Totals], back: NDArray[np.int64]) -> Totals:
    joined = []
    for name in Totals.__slots__:
        column = np.concatenate([getattr(p, name) for p in parts])[back]
        joined.append(column if column.dtype == object else column.astype(np.int64))
    return Totals(*joined)


def _join_matrices(blocks: list[Block], back: NDArray[np.int64], height: int) -> dict[str, Column]:
    kept = [b.matrices or {} for b in blocks]
    if len(kept) == 1 and (back[1:] > back[:-1]).all():
        return kept[0]
    wide = any(b.wide for b in blocks)
    joined: dict[str, Column] = {}
    for name in sorted({name for matrices in kept for name in matrices}):
        whole = np.zeros((height, back.size), dtype=object if wide else np.int64)
        at = 0
        for block, matrices in zip(blocks, kept, strict=True):
            size = block.r.periods.size
            if name in matrices:
                whole[: matrices[name].shape[0], at : at + size] = matrices[name]
            at += size
        joined[name] = whole[:, back]
    return joined
