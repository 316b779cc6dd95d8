"""The kernel's working state: the rows of a block, longest plan first, in exact carriers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from .factors import Factors, rounders_of
from .money import EXACT_FLOAT, Column, Rounder, carry_as
from .phases import SPREADING, WEIGHT, Asks, Unpaid
from .resolve import Resolved, Rows, is_nothing
from .schedule import Store, Totals
from .terms import CHARGES, Component

Mask = NDArray[np.bool_] | bool
"""Some rows of a column; True or False where it is all or none of them."""

INTEREST = ("held", "first", "interest", "late")
"""Where unpaid interest stands, in the order in which it is paid; the period's before late."""


@dataclass(slots=True)
class State:
    """What each row owes now, and what is asked of it. Every column is (R,).

    `principal` bears interest. `interest`, `penalty` and `fees` are the stream; `held` interest is
    due inside the next instalment, `first` (interest) and `first_fees` on top of it, `late`
    interest at the end. `overdue` is the part of principal that is past due, `resting` what a
    holiday's missed instalments keep from bearing interest. `full` names the
    buckets that may hold something; `tight` tells that rounding could clear a row before its end.
    `level` is asked for now, `kept` the instalment in force, `beside` tells that shares of the
    stream come on top of it. `twice`, `done`, `double` and `through` divide the stream (`spread`).
    """

    principal: Column
    interest: Column
    penalty: Column
    fees: Column
    forborne: Column
    held: Column
    first: Column
    first_fees: Column
    late: Column
    overdue: Column
    catch_up: Column
    resting: Column
    level: Column
    kept: Column
    linear: Column
    amount: Column
    twice: Column
    done: Column
    double: Column
    through: Column
    asks: NDArray[np.int8]
    unpaid: NDArray[np.int8]
    asked: NDArray[np.int64]
    agreed: NDArray[np.bool_]
    beside: NDArray[np.bool_]
    annuity: NDArray[np.object_]
    full: set[str]
    tight: bool = False

    def rows(self, index: Rows) -> State:
        """Copy some rows, without the annuity in force."""
        names = [f.name for f in fields(self) if f.name not in ("annuity", "full", "tight")]
        columns = {name: getattr(self, name)[index].copy() for name in names}
        return replace(self, **columns, annuity=self.annuity[:0], full=set(self.full))

    def owed(self, rows: slice) -> Column:
        """Add up all that is owed before the period's interest."""
        total: Column = self.principal[rows].copy()
        for name in self.full:
            total += getattr(self, name)[rows]
        return total

    def sum_of(self, names: tuple[str, ...], rows: slice) -> Column | None:
        """Add up some buckets; None if nothing is in them."""
        total: Column | None = None
        for name in names:
            if name in self.full:
                bucket = getattr(self, name)[rows]
                total = bucket if total is None else total + bucket
        return total

    def put(self, name: str, rows: slice, amount: Column) -> None:
        """Add an amount to a bucket."""
        if not getattr(self, name).flags.writeable:
            setattr(self, name, getattr(self, name).copy())
        bucket = getattr(self, name)[rows]
        np.add(bucket, amount, out=bucket)
        self.full.add(name)


LATER = ("held", "first", "first_fees", "late")
"""Buckets that are empty at first."""


def opening_state(r: Resolved, *, wide: bool) -> State:
    """Begin with what is owed after row 0."""
    rows, live = r.owed.principal.size, liveness(r)
    stream = live.spreads and (
        Unpaid.SPREAD in r.phases.unpaid or any(not is_nothing(getattr(r.owed, c)) for c in CHARGES)
    )
    none = np.broadcast_to(zeros(1, wide=wide), (rows,))

    def column(value: NDArray[np.int64] | None = None, *, used: bool = True) -> Column:
        """Carry a column; one that no row uses is a view of nothing that cannot be written to."""
        if value is not None and not is_nothing(value):
            return carry_as(value, wide=wide)
        return zeros(rows, wide=wide) if used else none

    state = State(
        principal=column(r.owed.principal),
        **{name: column(getattr(r.owed, name), used=False) for name in CHARGES},  # type: ignore[arg-type]
        forborne=column(r.forborne, used=False),
        **dict.fromkeys(LATER, none),  # type: ignore[arg-type]
        level=column(),
        kept=column(),
        linear=column(used=Asks.LINEAR in live.kinds),
        amount=column(used=bool(r.phases.amount.any())),
        overdue=column(r.overdue, used=live.overdue),
        catch_up=column(r.overdue, used=live.overdue),
        resting=column(used=live.rests),
        twice=column(used=stream),
        done=column(used=stream),
        through=column(used=stream),
        double=column(np.ones(rows, np.int64)) if stream else none,
        asks=np.zeros(rows, np.int8),
        unpaid=np.zeros(rows, np.int8),
        asked=np.zeros(rows, np.int64) if live.counts else np.broadcast_to(np.int64(0), (rows,)),
        agreed=np.zeros(rows, np.bool_),
        beside=np.zeros(rows, np.bool_),
        annuity=np.zeros(rows if set(r.phases.weight) != {WEIGHT} else 0, np.object_),
        full=set(),
    )
    if r.inside:
        state.held, state.interest = state.interest, state.held
    parts = {name: getattr(r.owed, name) for name in CHARGES} | {"forborne": r.forborne}
    state.full = {name for name, part in parts.items() if not is_nothing(part)}
    if r.inside and "interest" in state.full:
        state.full = state.full - {"interest"} | {"held"}
    return state


def zeros(rows: int, *, wide: bool) -> Column:
    """Make a column of nothing in the kernel's carrier."""
    return np.zeros(rows, dtype=object if wide else np.float64)


def amount_top(r: Resolved) -> float:
    """Bound what a row can come to owe or pay in all."""
    top = _owed_top(r)
    for extra in (r.charges, r.falls_due, r.prepay):
        top += 0.0 if extra is None else float(extra.sum(axis=0).max())
    longest = float(r.periods.max(initial=0)) + 1.0
    fees = float(r.fee.max(initial=0)) + float(r.late_fee.max(initial=0))
    return top + float(r.phases.amount.max(initial=0)) + fees * longest


def needs_wide(r: Resolved) -> bool:
    """Tell whether an amount could come near 2⁵³, so that float64 cannot carry it."""
    longest = float(r.periods.max(initial=0)) + 1.0
    stream = not all(is_nothing(getattr(r.owed, name)) for name in CHARGES)
    stream = stream or Unpaid.SPREAD in r.phases.unpaid
    return not amount_top(r) * max(16.0, 4.0 * longest if stream else 0.0) < EXACT_FLOAT


def _owed_top(r: Resolved) -> float:
    """Bound what a row can come to owe."""
    top = float(r.owed.total.max(initial=0)) + float(r.forborne.max(initial=0))
    others = (total_rate(r, f) for f in (r.penalty, r.base) if f is not None)
    rate = total_rate(r, r.factors) + sum(others)
    return top * (float(np.exp(min(rate, 600.0))) if _grows(r) else 1.0 + rate)


def _grows(r: Resolved) -> bool:
    return r.compounds or Unpaid.CAPITALISE in r.phases.unpaid


def total_rate(r: Resolved, factors: Factors) -> float:
    """Bound the sum of the factors of a row's periods."""
    if not r.owed.principal.size:
        return 0.0
    rate = float((factors.num.astype(np.float64) / factors.den.astype(np.float64)).max())
    time = factors.time.astype(np.float64) / factors.span.astype(np.float64)
    return rate * float(time.max()) * (float(r.periods.max()) + 1.0)


def principal_top(r: Resolved) -> float:
    """Bound the balances on which interest is computed, over all rows and periods."""
    return _owed_top(r) if _grows(r) else float(r.owed.principal.max(initial=0))


@dataclass(slots=True)
class Live:
    """Which features any row of the block uses; the others are never computed."""

    kinds: frozenset[Asks]
    spreads: bool
    only_interest: bool
    counts: bool
    fees: bool
    beside: bool
    overdue: bool
    rests: bool
    never_charged: bool
    may_clear: bool


def liveness(r: Resolved) -> Live:
    """Find out which features the rows use."""
    used = r.phases.used
    kinds = frozenset(r.phases.asks[k] for k in used)
    unpaid = {r.phases.unpaid[k] for k in used}
    given = bool(r.phases.amount.any())
    overdue = r.penalty is not None or r.catch_parts is not None
    agreed = all(r.phases.anew[k] for k in used if r.phases.asks[k] is Asks.LEVEL)
    asked = [r.phases.asks[k] for k in used]
    absorbs = asked == sorted(asked)  # no level phase ends before the plan does
    exact = len(r.quoted.flat) == 1 and not r.quoted.differs and agreed and absorbs
    return Live(
        kinds=kinds,
        spreads=bool(kinds & set(SPREADING)),
        only_interest=is_nothing(r.owed.penalty) and is_nothing(r.owed.fees),
        counts=not is_nothing(r.fee) or r.catch_parts is not None,
        fees=not is_nothing(r.fee) or r.charges is not None,
        beside=given or overdue or Asks.MISSED in kinds,
        overdue=overdue,
        rests=Asks.MISSED in kinds,
        never_charged=Unpaid.WAIVE in unpaid,
        may_clear=given
        or r.prepay is not None
        or r.even_shares
        or not (exact and r.closes)
        or set(r.phases.weight) != {WEIGHT}
        or not kinds <= {Asks.NOTHING, Asks.LEVEL},
    )


@dataclass(slots=True)
class Block:
    """A block of rows being rolled: what is read, what changes, what is kept.

    `kind` and `unpaid` are those of all rows still running, None where rows differ; `store` keeps
    periods, `left` is filled by a trial: what its last instalment comes to. `again` counts periods
    in which the same rows pay the same again; `covered` tells that instalments cover the interest
    and, as it only falls, will go on to.
    """

    r: Resolved
    state: State
    live: Live
    wide: bool
    top: float
    active: NDArray[np.int64]
    totals: Totals
    capitalised: Column
    store: Store | None = None
    kind: Asks | None = None
    unpaid: Unpaid | None = None
    fresh: bool = True
    again: int = 0
    again_rows: int = -1
    again_from: int = 0
    covered: bool = False
    last_repaying: NDArray[np.int64] | None = None
    left: Column | None = None
    rounders: dict[str, Callable[[int], Rounder]] = field(default_factory=dict)
    work: dict[str, Column] = field(default_factory=dict)

    def buffer(self, name: str, rows: int) -> Column:
        """Give a column to write into, kept from period to period."""
        if name not in self.work:
            self.work[name] = np.empty_like(self.state.principal)
        return self.work[name][:rows]

    def interest_on(self, name: str, factors: Factors, period: int, balance: Column) -> Column:
        """Round one period's interest on a balance, in one rounding."""
        out = self.buffer(name, balance.size)
        if name not in self.rounders:
            mode = self.r.rounding.interest
            self.rounders[name] = rounders_of(factors, mode, top=self.top, wide=self.wide)
        return self.rounders[name](period)(balance, out)

    @property
    def may_clear(self) -> bool:
        """Tell whether a row could be asked for more than it owes before its end."""
        return self.live.may_clear or self.state.tight

    def settle_kinds(self, rows: slice) -> None:
        """Find out whether all rows still running are asked for the same."""
        asks, unpaid = self.state.asks[rows], self.state.unpaid[rows]
        self.kind = Asks(int(asks[0])) if (asks == asks[0]).all() else None
        self.unpaid = Unpaid(int(unpaid[0])) if (unpaid == unpaid[0]).all() else None


@dataclass(slots=True)
class Now:
    """One period of a block and its columns.

    `rows` are still running; of these `body` goes on and `ended` pays all it owes in this period.
    `accrued` and `extra` are columns of `rows`, all others of `body`: `interest` is what accrued,
    `uncharged` what a waiver kept from accruing, `share` what is due of the stream, `pay` what is
    paid, `paid` what of it goes to charges and `accrued_paid` what of it to the period's interest.
    """

    period: int
    rows: slice
    body: slice
    ended: slice
    accrued: Column
    interest: Column
    accrued_paid: Column
    steady: bool = False
    whole_share: Column | None = None
    capitalised: Column | None = None
    share: dict[Component, Column] = field(default_factory=dict)
    caught_up: Column | None = None
    on_overdue: Column | None = None
    uncharged: Column | None = None
    pay: Column = field(default_factory=lambda: np.zeros(0))
    paid: dict[Component, Column] = field(default_factory=dict)
    extra: dict[str, Column] = field(default_factory=dict)

    def total_share(self) -> Column | None:
        """Add up the share of the stream."""
        parts = list(self.share.values())
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else np.asarray(sum(parts[1:], start=parts[0]))


def mask_of(block: Block, rows: slice, *kinds: Asks) -> Mask:
    """Tell which rows are asked for one of the kinds."""
    if block.kind is not None:
        return block.kind in kinds
    wanted = [kind for kind in kinds if kind in block.live.kinds]
    if len(wanted) == len(block.live.kinds):
        return True
    mask: Mask = False
    for kind in wanted:
        mask = mask | (block.state.asks[rows] == kind)
    return mask


def keep_if(mask: Mask, column: Column) -> Column:
    """Give a column where the mask holds, elsewhere zero."""
    return column if mask is True else column * mask


def choose(mask: Mask, yes: Column, no: Column) -> Column:
    """Give one column where the mask holds, the other elsewhere."""
    if isinstance(mask, bool):
        return yes if mask else no
    return np.where(mask, yes, no)
