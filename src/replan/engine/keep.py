"""What is remembered of each period: sums always, columns where they are wanted."""

from __future__ import annotations

import numpy as np

from .block import Block, Now
from .money import Column, carry_as
from .payments import pay_off
from .phases import Unpaid
from .resolve import is_nothing
from .schedule import Store
from .terms import Component


def keep_accrued(block: Block, now: Now) -> None:
    """Remember what accrues in the period."""
    totals, rows = block.totals, now.rows
    for name, total in (
        ("forgone", totals.forgone),
        ("penalty_accrued", totals.penalty),
        ("fees_accrued", totals.fees),
    ):
        if name in now.extra:
            total[rows] += now.extra[name]
    if block.store is not None:
        block.store.put("accrued", now.period, rows, now.accrued)
        for name, column in now.extra.items():
            block.store.put(name, now.period, rows, column)


def keep(block: Block, now: Now) -> None:
    """Remember what the rows that go on pay.

    Where the same rows pay the level instalment again, it is only counted, and summed up later.
    """
    totals, rows, pay = block.totals, now.body, now.pay
    again = now.steady and not block.fresh and now.capitalised is None
    if again and rows.stop == block.again_rows:
        block.again += 1
        if block.store is not None:
            _store(block.store, now, rows, now.paid, same=now.paid["interest"] is now.interest)
        return
    settle_again(block)
    block.again_rows = rows.stop if now.steady and block.r.closes else -1
    block.again_from = now.period + 1
    paid = totals.paid[rows]
    np.add(paid, pay, out=paid)
    if block.fresh or not now.steady:
        np.maximum(totals.peak[rows], pay, out=totals.peak[rows])
        _note_first(block, now.period, rows, pay)
        block.fresh = not now.steady
    if not block.r.closes:
        over = slice(int(block.active[now.period + 1]), rows.stop)
        totals.last[over] = pay[over]
    if block.store is not None:
        same = now.paid["interest"] is now.interest
        block.store.put("payment", now.period, rows, pay)
        _store(block.store, now, rows, now.paid, same=same)
    if now.capitalised is not None:
        block.capitalised[rows] += now.capitalised
        if block.store is not None:
            block.store.put("capitalised", now.period, rows, now.capitalised)


def settle_again(block: Block) -> None:
    """Sum up and store the periods in which the same rows paid the level instalment again."""
    if not block.again:
        return
    rows, begin = slice(0, block.again_rows), block.again_from
    level = block.state.level[rows]
    block.totals.paid[rows] += block.again * level
    if block.store is not None:
        block.store.repeat("payment", range(begin, begin + block.again), rows, level)
    block.again, block.again_from = 0, begin + block.again


def _store(
    store: Store, now: Now, rows: slice, columns: dict[Component, Column], *, same: bool
) -> None:
    for name, column in columns.items():
        if name == "interest":
            store.put_interest(now.period, rows, column, same=same)
        else:
            store.put(name, now.period, rows, column)


def keep_last(block: Block, now: Now) -> None:
    """Let the rows that end pay all they owe, and remember it."""
    totals, rows = block.totals, now.ended
    pay, paid = pay_off(block, now)
    totals.paid[rows] += pay
    totals.last[rows] = pay
    np.maximum(totals.peak[rows], pay, out=totals.peak[rows])
    _note_first(block, now.period, rows, pay)
    if block.store is not None:
        same = now.accrued.base is not None and paid["interest"].base is now.accrued.base
        block.store.put("payment", now.period, rows, pay)
        _store(block.store, now, rows, paid, same=same)


def _note_first(block: Block, period: int, rows: slice, pay: Column) -> None:
    totals = block.totals
    first = totals.first[rows]
    if first.all():
        return
    new = (first == 0) & (pay > 0)
    first[new] = period + 1
    totals.first_payment[rows][new] = pay[new]


def finish(block: Block) -> None:
    """Work out the sums that follow from the others: what was paid to what.

    Until here `penalty` and `fees` are sums of what accrued.
    """
    settle_again(block)
    totals, state, r = block.totals, block.state, block.r
    everything = slice(None)
    if not r.closes:
        totals.residual[:] = state.owed(everything)
    totals.level[:] = state.level
    repaid = carry_as(r.owed.principal, wide=block.wide)
    if not is_nothing(r.forborne):
        repaid += r.forborne
    if Unpaid.CAPITALISE in r.phases.unpaid:
        repaid += block.capitalised
    if not r.closes:
        repaid -= state.principal + state.forborne
    totals.interest[:] = totals.paid - repaid
    if r.penalty is not None or not is_nothing(r.owed.penalty):
        totals.penalty += r.owed.penalty - state.penalty
        totals.interest -= totals.penalty
    if block.live.fees or r.penalty is not None or not is_nothing(r.owed.fees):
        totals.fees += r.owed.fees - state.fees - state.first_fees
        totals.interest -= totals.fees
