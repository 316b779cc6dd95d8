"""What a period asks for, how a payment is allocated, and what becomes of unpaid interest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .block import Block, Now
from .money import Column, round_ratio
from .terms import CHARGES, Asks, Component, Unpaid


def ask(block: Block, now: Now) -> Column:
    """Say what each row is asked to pay: never more than it owes, and all of it at the end."""
    state, live, rows = block.state, block.live, now.rows
    pay = _ask_by_kind(block, now) if live.parts else state.level[rows].copy()
    if block.r.prepay is not None:
        pay = pay + block.r.prepay[now.period, rows]
    if live.may_clear:
        pay = np.minimum(pay, state.owed(rows) + now.accrued)
    if block.r.closes and now.ended.stop > now.ended.start:
        pay[now.ended] = state.owed(now.ended) + now.accrued[now.ended]
    return pay


def _ask_by_kind(block: Block, now: Now) -> Column:
    state, live, rows = block.state, block.live, now.rows
    asks, level = state.asks[rows], state.level[rows]
    top = state.first[rows] + state.first_fees[rows]
    share = sum(now.share.values(), start=0 * level)
    pay: Column = level + top
    if live.beside:
        pay = pay + share * state.beside[rows]
    if now.on_overdue is not None:
        now.caught_up = _catch_up(block, now)
        pay = pay + now.caught_up + now.on_overdue
    due = now.accrued + state.held[rows] + share + top
    if Asks.INTEREST in live.kinds:
        pay = np.where(asks == Asks.INTEREST, due, pay)
    if Asks.LINEAR in live.kinds:
        linear = np.minimum(state.linear[rows], state.principal[rows])
        pay = np.where(asks == Asks.LINEAR, due + linear, pay)
    if Asks.PRINCIPAL in live.kinds:
        rest = np.maximum(level - now.accrued, share)
        pay = np.where(asks == Asks.PRINCIPAL, rest + top, pay)
    if Asks.FIXED in live.kinds:
        pay = np.where(asks == Asks.FIXED, state.amount[rows], pay)
    if Asks.MINIMUM in live.kinds:
        pay = np.where(asks == Asks.MINIMUM, _minimum(block, now), pay)
    return pay if now.asking is None else pay * now.asking


def _catch_up(block: Block, now: Now) -> Column:
    """Take the period's equal part of overdue principal."""
    state, rows, parts = block.state, now.rows, block.r.catch_parts
    if parts is None:
        return 0 * now.accrued
    done = np.minimum(state.asked[rows], parts[rows])
    through = np.minimum(done + 1, parts[rows])
    total = state.catch_up[rows]
    before = round_ratio(total, done, parts[rows], "half-up")
    return round_ratio(total, through, parts[rows], "half-up") - before


def _minimum(block: Block, now: Now) -> Column:
    """Apply the minimum-payment rule to what is owed after the period's interest."""
    rule, state, rows = block.r.minimum, block.state, now.rows
    if rule is None:
        return 0 * now.accrued
    balance = state.owed(rows) + now.accrued - state.forborne[rows]
    base = state.principal[rows] if rule.of == "principal" else balance
    num, den = np.array([rule.share.numerator]), np.array([rule.share.denominator])
    pay = round_ratio(base, num, den, block.r.rounding.instalment)
    pay = np.maximum(pay, 0 * pay + rule.floor)
    if rule.plus_interest:
        pay = pay + balance - state.principal[rows]
    return pay


def allocate(block: Block, now: Now) -> None:
    """Say which part of each payment goes to interest, penalty, fees; the rest is principal.

    A payment of what is due pays it; one of a stated amount, or a short one, goes by the debt's
    order. Rows that end pay all they owe.
    """
    state, rows = block.state, now.rows
    closing = _closing(block, now)
    due = _due(block, now)
    whole = due["interest"] + due["penalty"] + due["fees"]
    if block.live.stated or (now.pay < whole).any():
        now.paid = _by_order(block, now, due, whole)
        _draw(block, now)
    else:
        now.paid = due
        _draw_due(block, now)
    charges = now.paid["interest"] + now.paid["penalty"] + now.paid["fees"]
    state.principal[rows] -= now.pay - charges
    if now.caught_up is not None:
        state.overdue[rows] -= np.minimum(now.caught_up, state.overdue[rows])
    if closing is not None:
        _close(block, now, closing)


def _due(block: Block, now: Now) -> dict[Component, Column]:
    """What is due in the period besides principal."""
    state, rows = block.state, now.rows
    zero = 0 * now.accrued
    owing, fees = state.held[rows] + state.first[rows], state.first_fees[rows]
    if now.asking is not None:
        owing, fees = owing * now.asking, fees * now.asking
    now.accrued_paid = now.accrued
    if block.live.kinds & {Asks.NOTHING, Asks.PRINCIPAL}:
        waits = (state.asks[rows] == Asks.NOTHING) | (state.asks[rows] == Asks.PRINCIPAL)
        now.accrued_paid = now.accrued * ~waits
    return {
        "interest": now.accrued_paid + now.share.get("interest", zero) + owing,
        "penalty": now.share.get("penalty", zero),
        "fees": now.share.get("fees", zero) + fees,
    }


def _draw_due(block: Block, now: Now) -> None:
    """Take what is due in full out of its buckets."""
    state, rows = block.state, now.rows
    for name, share in now.share.items():
        getattr(state, name)[rows] -= share
    for bucket in (state.held, state.first, state.first_fees):
        if now.asking is None:
            bucket[rows] = 0
        else:
            bucket[rows] *= ~now.asking


def _by_order(
    block: Block, now: Now, due: dict[Component, Column], whole: Column
) -> dict[Component, Column]:
    """Allocate payments in the debt's order, up to what is due, or owed if the amount is stated."""
    state, rows = block.state, now.rows
    stated = np.isin(state.asks[rows], (Asks.FIXED, Asks.MINIMUM))
    interest = state.interest[rows] + state.held[rows] + state.first[rows] + state.late[rows]
    caps: dict[Component, Column] = {
        "principal": np.where(
            stated, state.principal[rows], np.maximum(now.pay - whole, 0 * whole)
        ),
        "interest": np.where(stated, interest + now.accrued, due["interest"]),
        "penalty": np.where(stated, state.penalty[rows], due["penalty"]),
        "fees": np.where(stated, state.fees[rows] + state.first_fees[rows], due["fees"]),
    }
    rest, paid = now.pay, dict[Component, Column]()
    for name in block.r.order:
        paid[name] = np.minimum(rest, caps[name])
        rest = rest - paid[name]
    return paid


def _draw(block: Block, now: Now) -> None:
    """Take interest and fees paid out of their buckets: what is oldest first."""
    state, rows = block.state, now.rows
    state.penalty[rows] -= now.paid["penalty"]
    rest = _from(state.first_fees, rows, now.paid["fees"])
    state.fees[rows] -= rest
    rest = now.paid["interest"]
    if "interest" in now.share:
        part = np.minimum(rest, now.share["interest"])
        state.interest[rows] -= part
        rest = rest - part
    for bucket in (state.held, state.first):
        rest = _from(bucket, rows, rest)
    stated = np.isin(state.asks[rows], (Asks.FIXED, Asks.MINIMUM))
    old = np.where(stated, np.minimum(rest, state.interest[rows]), 0 * rest)
    state.interest[rows] -= old
    now.accrued_paid = np.minimum(rest - old, now.accrued)
    _from(state.late, rows, rest - old - now.accrued_paid)


def _from(bucket: Column, rows: slice, amount: Column) -> Column:
    """Take an amount out of a bucket as far as it goes; give the rest."""
    part = np.minimum(amount, bucket[rows])
    bucket[rows] -= part
    return np.asarray(amount - part)


def _closing(block: Block, now: Now) -> dict[Component, Column] | None:
    """What the rows that end pay of each component besides principal: all they owe."""
    if not block.r.closes or now.ended.start == now.ended.stop:
        return None
    state, rows = block.state, now.ended
    interest = state.interest[rows] + state.held[rows] + state.first[rows] + state.late[rows]
    return {
        "interest": interest + now.accrued[rows],
        "penalty": state.penalty[rows].copy(),
        "fees": state.fees[rows] + state.first_fees[rows],
    }


def _close(block: Block, now: Now, closing: dict[Component, Column]) -> None:
    state, rows = block.state, now.ended
    for name in CHARGES:
        if now.paid[name].base is not None or name == "interest":
            now.paid[name] = now.paid[name].copy()
        now.paid[name][rows] = closing[name]
        getattr(state, name)[rows] = 0
    for bucket in ("principal", "forborne", "held", "first", "first_fees", "late", "overdue"):
        getattr(state, bucket)[rows] = 0
    if now.accrued_paid is not None:
        now.accrued_paid = now.accrued_paid.copy()
        now.accrued_paid[rows] = now.accrued[rows]


def carry(block: Block, now: Now) -> None:
    """Put the period's unpaid interest where the phase says; see docs/engine.md, section 4.3."""
    if now.accrued_paid is None or now.accrued_paid is now.accrued:
        return
    unpaid = now.accrued - now.accrued_paid
    if not unpaid.any():
        return
    state, rows = block.state, now.rows
    codes = state.unpaid[rows]
    buckets = {
        Unpaid.HOLD: state.held,
        Unpaid.SPREAD: state.interest,
        Unpaid.FIRST: state.first,
        Unpaid.END: state.late,
        Unpaid.CAPITALISE: state.principal,
    }
    for code, bucket in buckets.items():
        here: NDArray[np.bool_] = codes == code
        if here.any():
            bucket[rows] += unpaid * here
            if code is Unpaid.CAPITALISE:
                now.extra["capitalised"] = unpaid * here
