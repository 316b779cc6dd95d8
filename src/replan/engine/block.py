"""The kernel's working state: the rows of a block, longest plan first, in exact carriers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from .factors import Factors
from .money import EXACT_FLOAT, Column, carry_as, rounder
from .resolve import Resolved
from .schedule import Totals
from .terms import CHARGES, LONGEST, SPREADING, Asks, Component, Unpaid

Rounder = Callable[[Column], Column]


@dataclass(slots=True)
class State:
    """What each row owes now, and what is asked of it. Every column is (R,).

    `principal` bears interest. `interest`, `penalty` and `fees` are the stream; `held` interest is
    due inside the next instalment, `first` (interest) and `first_fees` on top of it, `late` interest
    at the end. `overdue` is the part of principal that is past due.
    `share`, `odd`, `error`, `parts` and `left` divide the stream exactly (see `spread`).
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
    level: Column
    linear: Column
    share: Column
    odd: Column
    error: Column
    parts: Column
    left: Column
    catch_up: Column
    asks: NDArray[np.int8]
    unpaid: NDArray[np.int8]
    amount: Column
    beside: NDArray[np.bool_]
    asked: NDArray[np.int64]
    annuity: Column

    def rows(self, index: NDArray[np.int64]) -> State:
        """Copy some rows."""
        return replace(self, **{f.name: getattr(self, f.name)[index].copy() for f in fields(self)})

    def owed(self, rows: slice) -> Column:
        """Add up all that is owed, forborne principal included, before the period's interest."""
        total: Column = self.principal[rows] + self.interest[rows]
        for name in ("forborne", "penalty", "fees", "held", "first", "first_fees", "late"):
            total += getattr(self, name)[rows]
        return total

    @property
    def owed_interest(self) -> Column:
        """All interest owed, before the period's."""
        total: Column = self.interest + self.held + self.first + self.late
        return total


def opening_state(r: Resolved, *, wide: bool) -> State:
    """Begin with what is owed after row 0."""
    rows = r.owed.principal.size

    def zero() -> Column:
        return carry_as(np.zeros(rows, dtype=np.int64), wide=wide)

    parts = {name: carry_as(getattr(r.owed, name), wide=wide) for name in ("principal", *CHARGES)}
    return State(
        **parts,
        forborne=carry_as(r.forborne, wide=wide),
        overdue=carry_as(r.overdue, wide=wide),
        catch_up=carry_as(r.overdue, wide=wide),
        **{
            name: zero()
            for name in (
                "held first first_fees late level linear share odd error parts left amount"
            ).split()
        },
        asks=np.zeros(rows, dtype=np.int8),
        unpaid=np.zeros(rows, dtype=np.int8),
        beside=np.zeros(rows, dtype=np.bool_),
        asked=np.zeros(rows, dtype=np.int64),
        annuity=np.zeros(rows, dtype=object),
    )


def needs_wide(r: Resolved) -> bool:
    """Tell whether a balance could come near 2⁵³, so that float64 cannot carry it."""
    rate = _total_rate(r.factors) + (0.0 if r.penalty is None else _total_rate(r.penalty))
    grows = (r.phases.unpaid == Unpaid.CAPITALISE).any() or r.compounds
    top = float(r.owed.total.max()) + float(r.forborne.max())
    top *= float(np.exp(min(rate, 600.0))) if grows else 1.0 + rate
    for extra in (r.charges, r.falls_due, r.prepay):
        top += 0.0 if extra is None else float(extra.sum(axis=0).max())
    top += float(r.phases.amount.max()) + float(r.fee.max()) * 1200 + r.late_fee * 1200.0
    return not top * 16 < EXACT_FLOAT


def _total_rate(factors: Factors) -> float:
    rate = float((factors.num.astype(np.float64) / factors.den.astype(np.float64)).max())
    time = factors.time.astype(np.float64) / factors.span.astype(np.float64)
    periods = max(x.shape[0] for x in (factors.num, factors.time))
    return rate * float(time.max()) * (periods if periods > 1 else LONGEST)


def principal_top(r: Resolved) -> float:
    """Bound the interest-bearing principal of all rows and periods."""
    top = float(r.owed.principal.max())
    if (r.phases.unpaid == Unpaid.CAPITALISE).any():
        top = (top + float(r.owed.interest.max())) * float(np.exp(min(_total_rate(r.factors), 600)))
    if r.compounds and r.penalty is not None:
        growth = np.exp(min(_total_rate(r.factors) + _total_rate(r.penalty), 600))
        top = float(r.owed.total.max()) * float(growth)
    return top


def spread(state: State, index: NDArray[np.int64], parts: Column) -> None:
    """Divide the stream of some rows into so many parts that differ by one unit at most.

    The k-th part is half-up(S·k/N) − half-up(S·(k−1)/N), found step by step: `error` is
    (2·S·k + N) modulo 2·N.
    """
    total = state.interest[index] + state.penalty[index] + state.fees[index]
    share = total // parts
    state.share[index] = share
    state.odd[index] = 2 * (total - share * parts)
    state.error[index] = parts
    state.parts[index] = 2 * parts
    state.left[index] = parts


def next_share(state: State, rows: slice, asking: NDArray[np.bool_] | None) -> Column:
    """Take the next part of each asking row's stream."""
    error, whole = state.error[rows], state.parts[rows]
    live = state.left[rows] > 0
    if asking is not None:
        live &= asking
    np.add(error, state.odd[rows], out=error, where=live)
    over = (error >= whole) & live
    np.subtract(error, whole, out=error, where=over)
    share: Column = np.where(live, state.share[rows] + over, 0 * error)
    state.left[rows] = state.left[rows] - live
    return share


def is_spreading(asks: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Tell which phases carry shares of the stream."""
    return np.isin(asks, SPREADING)


@dataclass(slots=True)
class Live:
    """Which features any row of the block uses; the others are never computed."""

    kinds: frozenset[Asks]
    always_asks: bool
    all_spread: bool
    stream: bool
    only_interest: bool
    beside: bool
    fees: bool
    overdue: bool
    never_charged: bool
    stated: bool
    may_clear: bool
    parts: bool


def liveness(r: Resolved) -> Live:
    """Find out which features the rows use."""
    used = r.phases.count > 0
    kinds = frozenset(Asks(int(k)) for k in np.unique(r.phases.asks[used]))
    unpaid = {Unpaid(int(u)) for u in np.unique(r.phases.unpaid[used])}
    given = bool((r.phases.amount[used] > 0).any())
    charged = any(bool(getattr(r.owed, name).any()) for name in CHARGES)
    stream = charged or Unpaid.SPREAD in unpaid
    fees = bool(r.fee.any()) or r.charges is not None
    overdue = r.penalty is not None or r.catch_parts is not None
    plain = kinds <= {Asks.LEVEL}
    keeps = not r.phases.anew[used].all() or r.rounding.unit > 1
    return Live(
        kinds=kinds,
        always_asks=Asks.NOTHING not in kinds,
        all_spread=kinds <= {Asks.NOTHING, *SPREADING},
        stream=stream,
        only_interest=not (r.owed.penalty.any() or r.owed.fees.any()),
        beside=given or overdue,
        fees=fees,
        overdue=overdue,
        never_charged=Unpaid.WAIVE in unpaid,
        stated=bool(kinds & {Asks.FIXED, Asks.MINIMUM}),
        may_clear=given or keeps or r.prepay is not None or not kinds <= {Asks.NOTHING, Asks.LEVEL},
        parts=not plain or stream or fees or overdue or given or bool(r.forborne.any()),
    )


@dataclass(slots=True)
class Block:
    """A block of rows being rolled: what is read, what changes, what is kept."""

    r: Resolved
    state: State
    live: Live
    wide: bool
    top: float
    active: NDArray[np.int64]
    totals: Totals
    matrices: dict[str, Column] | None
    rounders: dict[str, Rounder] = field(default_factory=dict)

    def interest_on(self, name: str, factors: Factors, period: int, balance: Column) -> Column:
        """Round one period's interest on a balance, in one rounding."""
        key = f"{name}{balance.size}" if factors.constant else ""
        if key and key in self.rounders:
            return self.rounders[key](balance)
        num, den = factors.at(period)
        rows, mode = balance.size, self.r.rounding.interest
        prepared = rounder(
            num[:rows] if num.size > 1 else num,
            den[:rows] if den.size > 1 else den,
            mode,
            top=self.top,
            wide=self.wide,
        )
        if key:
            self.rounders[key] = prepared
        return prepared(balance)


@dataclass(slots=True)
class Now:
    """One period of a block: the rows still running, those that end, and the period's columns.

    `asking` marks rows that are asked for something; None: all are. `paid` and `extra` are what is
    remembered of the period beside `accrued` and `pay`.
    """

    period: int
    rows: slice
    ended: slice
    asking: NDArray[np.bool_] | None
    accrued: Column
    share: dict[Component, Column] = field(default_factory=dict)
    caught_up: Column | None = None
    on_overdue: Column | None = None
    pay: Column = field(default_factory=lambda: np.zeros(0))
    paid: dict[Component, Column] = field(default_factory=dict)
    accrued_paid: Column | None = None
    extra: dict[str, Column] = field(default_factory=dict)
