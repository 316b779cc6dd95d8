"""What accrues and falls due in a period, before anything is paid."""

from __future__ import annotations

import numpy as np

from .block import Block, Now, keep_if, mask_of
from .money import Column
from .phases import SPREADING, Asks, Unpaid


def accrue(block: Block, period: int) -> Now:
    """Accrue one period's interest on interest-bearing principal."""
    state, r = block.state, block.r
    stop, following = int(block.active[period]), int(block.active[period + 1])
    rows, body = slice(0, stop), slice(0, following if r.closes else stop)
    balance = state.principal[rows]
    if block.live.overdue:
        balance = balance - state.overdue[rows]
    if block.live.rests:
        balance = balance - state.resting[rows]
    accrued = block.interest_on("rate", r.factors, period, balance)
    charged = accrued
    if block.live.never_charged:
        charged = accrued * (state.unpaid[rows] != Unpaid.WAIVE)
    interest = charged[body]
    now = Now(period, rows, body, slice(body.stop, stop), charged, interest, interest)
    if r.base is not None:
        usual = block.interest_on("base", r.base, period, balance)
        now.extra["forgone"] = np.maximum(usual - charged, 0)
    elif block.live.never_charged:
        now.extra["forgone"] = accrued - charged
    if block.live.rests:
        now.extra["resting"] = state.resting[rows].copy()
    if block.live.never_charged:
        now.uncharged = (accrued - charged)[body]
    return now


def accrue_overdue(block: Block, now: Now) -> None:
    """Charge overdue principal: the rate while caught up, the penalty rate if nothing is paid."""
    state, r, rows = block.state, block.r, now.rows
    if r.penalty is None:
        late = block.interest_on("late", r.factors, now.period, state.overdue[rows])
        now.on_overdue = late
        if block.live.never_charged:
            now.on_overdue = late * (state.unpaid[rows] != Unpaid.WAIVE)
            now.extra["forgone"] = now.extra["forgone"] + (late - now.on_overdue)
        now.accrued = now.accrued + now.on_overdue
        now.interest = now.accrued_paid = now.accrued[now.body]
        return
    base = state.overdue[rows]
    if r.compounds:
        unpaid = state.sum_of(("interest", "held", "first", "late"), rows)
        base = base if unpaid is None else base + unpaid
    penalty = block.interest_on("penalty", r.penalty, now.period, base)
    state.put("penalty", rows, penalty)
    now.extra["penalty_accrued"] = penalty
    if r.falls_due is not None and r.missed is not None:
        late = (r.missed[now.period, rows] * r.late_fee[rows]).astype(state.fees.dtype)
        state.put("fees", rows, late)
        now.extra["fees_accrued"] = late
        due = state.overdue[rows] + r.falls_due[now.period, rows]
        state.overdue[rows] = np.minimum(due, state.principal[rows])


def take_share(block: Block, now: Now) -> None:
    """Take the period's share of the stream, component by component in the debt's order."""
    state, rows, body = block.state, now.rows, now.body
    mask = mask_of(block, rows, *SPREADING)
    if mask is False:
        return
    done, work = state.done[rows], block.buffer("through", rows.stop)
    np.add(done, keep_if(mask, state.twice[rows]), out=done)
    if block.wide:
        work[:] = done // state.double[rows]
    else:
        np.floor(np.divide(done, state.double[rows], out=work), out=work)
    if block.r.catch_parts is not None:
        np.minimum(work, state.twice[rows] // 2, out=work)
    share = np.subtract(work, state.through[rows], out=block.buffer("share", rows.stop))
    np.copyto(state.through[rows], work)
    now.whole_share = share
    rest = share[body]
    if block.live.only_interest:
        limit = block.may_clear
        now.share["interest"] = np.minimum(rest, state.interest[body]) if limit else rest
        return
    for name in block.r.order:
        if name != "principal":
            now.share[name] = np.minimum(rest, getattr(state, name)[body])
            rest = rest - now.share[name]


def charge(block: Block, now: Now) -> None:
    """Charge the fees of the period; those of a period that asks nothing wait for the next."""
    state, r, rows = block.state, block.r, now.rows
    fee: Column = np.where(state.asked[rows] < r.fee_parts[rows], r.fee[rows], 0)
    fee = fee.astype(state.fees.dtype)
    nothing = mask_of(block, rows, Asks.NOTHING, Asks.MISSED)
    if nothing is not False:
        fee = fee * (0 if nothing is True else ~nothing)
    if r.charges is not None:
        charges = r.charges[now.period if r.charges.shape[0] > 1 else 0]
        fee = fee + (charges[rows] if charges.size > 1 else charges)
    fee = fee * (state.owed(rows) + now.accrued > 0)
    state.put("first_fees", rows, fee)
    before = now.extra.get("fees_accrued")
    now.extra["fees_accrued"] = fee if before is None else before + fee
