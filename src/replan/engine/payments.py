"""What a period asks for, how a payment is allocated, and what becomes of unpaid interest."""

from __future__ import annotations

import numpy as np

from .block import INTEREST, Block, Mask, Now, choose, keep_if, mask_of
from .money import Column, round_ratio
from .phases import COLLECTING, SPREADING, Asks, Unpaid
from .terms import CHARGES, Component

WAITING: tuple[tuple[str, Component], ...] = (
    ("held", "interest"),
    ("first", "interest"),
    ("first_fees", "fees"),
)
"""Buckets that an instalment empties, and the component each is part of."""
STATED = (Asks.FIXED, Asks.MINIMUM)
ON_TOP = {"first": COLLECTING, "first_fees": SPREADING}
"""What comes on top of an instalment, and of which kinds."""


def ask(block: Block, now: Now) -> Column:
    """Say what the rows that go on are asked to pay: never more than they owe."""
    level: Column = block.state.level[now.body]
    pay = level if block.kind is Asks.NOTHING else _ask_by_kind(block, now, level)
    if block.may_clear:
        pay = _limit(block, now, pay)
    now.steady = pay is level
    return pay


def _ask_by_kind(block: Block, now: Now, pay: Column) -> Column:
    """Replace the level instalment where another kind of payment is asked for."""
    rows, share = now.body, now.total_share()
    if block.live.beside and share is not None:
        pay = pay + share * block.state.beside[rows]
    if now.on_overdue is not None:
        pay = pay + keep_if(mask_of(block, rows, Asks.LEVEL, Asks.PRINCIPAL), now.on_overdue[rows])
    for kind, asked in BY_KIND.items():
        mask = mask_of(block, rows, kind)
        if mask is not False:
            pay = choose(mask, asked(block, now, pay), pay)
    if now.caught_up is not None:
        pay = pay + now.caught_up
    for name, kinds in ON_TOP.items():
        top = block.state.sum_of((name,), rows)
        if top is not None:
            pay = pay + keep_if(mask_of(block, rows, *kinds), top)
    return pay


def _ask_interest(block: Block, now: Now, pay: Column) -> Column:
    """Ask for the interest of the period, held interest and the share of the stream."""
    del pay
    due = now.interest
    for part in (now.total_share(), block.state.sum_of(("held",), now.body)):
        due = due if part is None else due + part
    return due


def _ask_linear(block: Block, now: Now, pay: Column) -> Column:
    equal = np.minimum(block.state.linear[now.body], _repayable(block, now))
    return np.asarray(_ask_interest(block, now, pay) + equal)


def _repayable(block: Block, now: Now) -> Column:
    """Give what principal may be asked for before the end: all but the balloon."""
    rows = now.body
    kept = block.r.balloon[rows]
    if block.r.catch_parts is not None:
        kept = kept + block.state.overdue[rows]
    return np.maximum(block.state.principal[rows] - kept, 0)


def _ask_principal(_: Block, now: Now, pay: Column) -> Column:
    """Ask for the level instalment less the period's interest, charged or not.

    At least for the share of the stream.
    """
    share = now.total_share()
    least = 0 * pay if share is None else share
    interest = now.interest if now.uncharged is None else now.interest + now.uncharged
    return np.asarray(np.maximum(pay - interest, least))


def _ask_fixed(block: Block, now: Now, pay: Column) -> Column:
    del pay
    return block.state.amount[now.body]


def _ask_minimum(block: Block, now: Now, pay: Column) -> Column:
    """Apply the minimum-payment rule to what is owed after the period's interest."""
    rule, state, rows = block.r.minimum, block.state, now.body
    if rule is None:
        return 0 * pay
    balance = state.owed(rows) + now.interest - state.forborne[rows]
    base = state.principal[rows] if rule.of == "principal" else balance
    num, den = np.array([rule.share.numerator]), np.array([rule.share.denominator])
    least = np.maximum(round_ratio(base, num, den, block.r.rounding.instalment), rule.floor)
    return least + (balance - state.principal[rows]) if rule.plus_interest else least


BY_KIND = {
    Asks.INTEREST: _ask_interest,
    Asks.LINEAR: _ask_linear,
    Asks.PRINCIPAL: _ask_principal,
    Asks.FIXED: _ask_fixed,
    Asks.MINIMUM: _ask_minimum,
}


def _limit(block: Block, now: Now, pay: Column) -> Column:
    """Limit payments to what is owed before the end; add early repayments."""
    state, r, rows = block.state, block.r, now.body
    owed = state.owed(rows) + now.interest - state.forborne[rows]
    kept = np.minimum(r.balloon[rows].astype(owed.dtype), state.principal[rows])
    pay = np.minimum(pay, owed - keep_if(mask_of(block, rows, *SPREADING), kept))
    if r.prepay is not None:
        pay = np.minimum(pay + r.prepay[now.period, rows], owed)
    return pay


def catch_up(block: Block, now: Now) -> Column | None:
    """Take the period's equal part of overdue principal."""
    state, rows, parts = block.state, now.body, block.r.catch_parts
    if parts is None:
        return None
    number = parts[rows].astype(np.int64)
    done = np.minimum(state.asked[rows], number)
    total = state.catch_up[rows]
    before = round_ratio(total, done, number, "half-up")
    part = round_ratio(total, np.minimum(done + 1, number), number, "half-up") - before
    return keep_if(asking_mask(block, now), np.minimum(part, state.overdue[rows]))


def asking_mask(block: Block, now: Now) -> Mask:
    """Tell which of the rows that go on are asked for something."""
    silent = (Asks.NOTHING, Asks.MISSED)
    return mask_of(block, now.body, *(kind for kind in Asks if kind not in silent))


def allocate(block: Block, now: Now) -> None:
    """Say which part of each payment goes to interest, penalty, fees; the rest is principal.

    A payment of what is due pays it; one of a stated amount, or a short one, goes by the debt's
    order. What is left once principal is repaid goes to charges that would be due later.
    """
    due = _due(block, now)
    whole = due["interest"]
    for name in ("penalty", "fees"):
        whole = whole + due[name] if name in due else whole
    stated = mask_of(block, now.body, *STATED)
    covered = block.covered and now.steady and whole is now.interest
    if not covered and (stated is not False or (now.pay < whole).any()):
        now.paid = _by_order(block, now, due, whole)
        _draw(block, now, stated)
    else:
        now.paid = due
        _draw_due(block, now)
        block.covered = now.steady and whole is now.interest and block.r.factors.constant
    repaid, work = now.pay, block.buffer("repaid", now.body.stop)
    for part in now.paid.values():
        repaid = np.subtract(repaid, part, out=work)
    principal = block.state.principal[now.body]
    if block.may_clear:
        limit = _repayable_now(block, now)
        if (repaid > limit).any():
            repaid = _pay_ahead(block, now, repaid, limit)
    np.subtract(principal, repaid, out=principal)
    if now.caught_up is not None:
        overdue = block.state.overdue[now.body]
        np.copyto(overdue, np.minimum(overdue - np.minimum(now.caught_up, repaid), principal))


def _due(block: Block, now: Now) -> dict[Component, Column]:
    """Add up what is due in the period besides principal."""
    state, rows = block.state, now.body
    waits = mask_of(block, rows, Asks.NOTHING, Asks.MISSED, Asks.PRINCIPAL)
    now.accrued_paid = now.interest if waits is False else choose(waits, 0 * now.pay, now.interest)
    due: dict[Component, Column] = {"interest": now.accrued_paid}
    asking = mask_of(block, rows, *SPREADING)
    if asking is False:
        return due
    for bucket, name in WAITING:
        extra = state.sum_of((bucket,), rows)
        if extra is not None:
            extra = keep_if(mask_of(block, rows, *ON_TOP.get(bucket, SPREADING)), extra)
            due[name] = due[name] + extra if name in due else extra.copy()
    for name in CHARGES:
        if name in now.share:
            due[name] = due[name] + now.share[name] if name in due else now.share[name]
    return due


def _by_order(
    block: Block, now: Now, due: dict[Component, Column], whole: Column
) -> dict[Component, Column]:
    """Allocate payments in the debt's order, up to what is due, or owed if the amount is stated."""
    state, rows = block.state, now.body
    stated, zero = mask_of(block, rows, *STATED), 0 * now.pay
    interest = state.sum_of(INTEREST, rows)
    owed_interest = now.interest if interest is None else now.interest + interest
    fees = state.sum_of(("fees", "first_fees"), rows)
    caps: dict[Component, Column] = {
        "principal": choose(stated, state.principal[rows], np.maximum(now.pay - whole, zero)),
        "interest": choose(stated, owed_interest, due["interest"]),
        "penalty": choose(stated, state.penalty[rows], due.get("penalty", zero)),
        "fees": choose(stated, zero if fees is None else fees, due.get("fees", zero)),
    }
    rest, paid = now.pay, dict[Component, Column]()
    for name in block.r.order:
        part = np.minimum(rest, caps[name])
        rest = rest - part
        if name != "principal":
            paid[name] = part
    return paid


def _draw_due(block: Block, now: Now) -> None:
    """Take what is due, in full, out of its buckets."""
    state, rows = block.state, now.body
    for name, share in now.share.items():
        if name in state.full:
            _taken(block, name, rows, share)
    for due in state.full & {"held", "first", "first_fees"}:
        asking = mask_of(block, rows, *ON_TOP.get(due, SPREADING))
        if asking is False:
            continue
        bucket = getattr(state, due)[rows]
        np.copyto(bucket, 0, where=asking)
        if asking is True and rows.stop == now.rows.stop:
            state.full.discard(due)


def _draw(block: Block, now: Now, stated: Mask) -> None:
    """Take interest and charges paid out of their buckets, interest from where it is oldest."""
    state, rows = block.state, now.body
    if "penalty" in now.paid:
        _take(block, "penalty", rows, now.paid["penalty"])
    if "fees" in now.paid:
        rest = _take(block, "first_fees", rows, now.paid["fees"])
        _take(block, "fees", rows, rest)
    rest = _take(block, "held", rows, now.paid["interest"])
    if "first" in state.full:
        limit = choose(mask_of(block, rows, Asks.PRINCIPAL), 0 * rest, state.first[rows])
        rest = rest - _taken(block, "first", rows, np.minimum(rest, limit))
    if "interest" in state.full:
        share = now.share.get("interest")
        limit = 0 * rest if share is None else share
        part = np.minimum(rest, choose(stated, state.interest[rows], limit))
        rest = rest - _taken(block, "interest", rows, part)
    now.accrued_paid = np.minimum(rest, now.interest)
    if stated is not False:
        _take(block, "late", rows, rest - now.accrued_paid)


def _take(block: Block, name: str, rows: slice, amount: Column) -> Column:
    """Take an amount out of a bucket as far as it goes; give the rest."""
    if name not in block.state.full:
        return amount
    return amount - _taken(block, name, rows, np.minimum(amount, getattr(block.state, name)[rows]))


def _taken(block: Block, name: str, rows: slice, part: Column) -> Column:
    bucket = getattr(block.state, name)[rows]
    np.subtract(bucket, part, out=bucket)
    return part


def _repayable_now(block: Block, now: Now) -> Column:
    """Give the principal that a payment may repay: an instalment leaves the balloon alone."""
    r, rows = block.r, now.body
    principal = block.state.principal[rows].copy()
    kept = keep_if(mask_of(block, rows, *SPREADING), r.balloon[rows].astype(principal.dtype))
    if r.prepay is not None:
        kept = np.maximum(kept - r.prepay[now.period, rows], 0)
    return principal - np.minimum(kept, principal)


def _pay_ahead(block: Block, now: Now, repaid: Column, limit: Column) -> Column:
    """Let what is left over repayable principal pay charges ahead of time, in the debt's order."""
    rest = np.maximum(repaid - limit, 0)
    for name in block.r.order:
        if name == "principal":
            continue
        after = _interest_ahead(block, now, rest) if name == "interest" else rest
        for bucket in AHEAD[name]:
            after = _take(block, bucket, now.body, after)
        now.paid[name] = now.paid.get(name, 0 * rest) + (rest - after)
        rest = after
    # an early repayment may exceed all that is owed besides the balloon: the rest repays that
    return np.asarray(np.minimum(repaid, limit) + rest)


AHEAD: dict[Component, tuple[str, ...]] = {
    "interest": ("late",),
    "penalty": ("penalty",),
    "fees": ("first_fees", "fees"),
}


def _interest_ahead(block: Block, now: Now, rest: Column) -> Column:
    """Pay interest that waits, and the period's; give the rest."""
    for bucket in ("held", "first", "interest"):
        rest = _take(block, bucket, now.body, rest)
    part = np.minimum(rest, now.interest - now.accrued_paid)
    now.accrued_paid = now.accrued_paid + part
    return np.asarray(rest - part)


def leave_resting(block: Block, now: Now) -> None:
    """Let the instalment that a holiday missed bear no interest until it is over."""
    state, rows = block.state, now.body
    missed = keep_if(mask_of(block, rows, Asks.MISSED), state.kept[rows])
    most = state.principal[rows] - state.overdue[rows]
    np.minimum(state.resting[rows] + missed, most, out=state.resting[rows])


def carry(block: Block, now: Now) -> None:
    """Put the period's unpaid interest where the phase says; see docs/engine.md, section 4.3."""
    if now.accrued_paid is now.interest:
        return
    unpaid = now.interest - now.accrued_paid
    if not unpaid.any():
        return
    buckets = {
        Unpaid.HOLD: "held",
        Unpaid.SPREAD: "interest",
        Unpaid.FIRST: "first",
        Unpaid.END: "late",
        Unpaid.CAPITALISE: "principal",
    }
    for code, name in buckets.items():
        here = _unpaid_mask(block, now, code)
        if here is not False:
            part = keep_if(here, unpaid)
            if here is True or part.any():
                _put(block, now, name, part)


def _unpaid_mask(block: Block, now: Now, code: Unpaid) -> Mask:
    if block.unpaid is not None:
        return block.unpaid is code
    return np.asarray(block.state.unpaid[now.body] == code)


def _put(block: Block, now: Now, name: str, part: Column) -> None:
    if name == "principal":
        principal = block.state.principal[now.body]
        np.add(principal, part, out=principal)
        now.capitalised = part
    else:
        block.state.put(name, now.body, part)


def pay_off(block: Block, now: Now) -> tuple[Column, dict[Component, Column]]:
    """Let the rows that end pay all they owe; give the payment and its parts besides principal."""
    state, rows = block.state, now.ended
    accrued = now.accrued[rows]
    pay = state.owed(rows) + accrued
    interest = state.sum_of(INTEREST, rows)
    paid: dict[Component, Column] = {
        "interest": accrued if interest is None else interest + accrued,
    }
    penalty, fees = state.sum_of(("penalty",), rows), state.sum_of(("fees", "first_fees"), rows)
    if penalty is not None:
        paid["penalty"] = penalty.copy()
    if fees is not None:
        paid["fees"] = fees.copy()
    overdue = ("overdue",) if block.live.overdue else ()
    for name in ("principal", *overdue, *state.full):
        getattr(state, name)[rows] = 0
    return pay, paid
