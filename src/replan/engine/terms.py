"""Terms: what is owed and what is asked for, period by period, as columns with a row per plan.

Terms are a definition. `resolve` turns them into exact factors, `roll` into a schedule.
Row columns have shape (R,) or (1,) where all rows share a value; period columns (T, R) or (T, 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .dates import Days, Frequency, due_grid
from .money import Cents, RoundingMode

Component = Literal["principal", "interest", "penalty", "fees"]
COMPONENTS: tuple[Component, ...] = ("principal", "interest", "penalty", "fees")
CHARGES: tuple[Component, ...] = ("interest", "penalty", "fees")
Order = tuple[Component, ...]
DEFAULT_ORDER: Order = ("fees", "interest", "penalty", "principal")

ALWAYS = 0
"""The day before all days: a rate segment that starts here holds from the beginning."""
WEIGHT = 10**12
"""Weights of step-up and seasonal instalments are whole multiples of 1e-12."""
LONGEST = 1200
"""No plan has more periods than this."""


class Asks(IntEnum):
    """What a phase asks for in each of its periods; see docs/engine.md, section 4."""

    NOTHING = 0
    LEVEL = 1
    INTEREST = 2
    LINEAR = 3
    FIXED = 4
    MINIMUM = 5
    PRINCIPAL = 6
    MISSED = 7


SPREADING = (Asks.LEVEL, Asks.INTEREST, Asks.LINEAR, Asks.PRINCIPAL)
"""The phases whose periods carry a share of the stream."""
COLLECTING = (Asks.LEVEL, Asks.INTEREST, Asks.LINEAR)
"""Those of them that collect what a deferral left: principal alone goes on deferring interest."""
LEVELLED = (Asks.LEVEL, Asks.PRINCIPAL, Asks.MISSED)
"""The phases in which a level instalment is in force."""
UNTIL_CLEARED = (Asks.FIXED, Asks.MINIMUM)
"""The phases that may last until the debt is cleared."""


class Unpaid(IntEnum):
    """What becomes of the period's interest if it is not paid; see docs/engine.md, section 4.3."""

    HOLD = 0
    SPREAD = 1
    FIRST = 2
    END = 3
    CAPITALISE = 4
    WAIVE = 5


@dataclass(frozen=True, slots=True)
class Rounding:
    """How interest and instalments are rounded.

    `unit` is in minor units. `settle` and `basis` are those of docs/engine.md, section 4.2.
    """

    interest: RoundingMode = "half-up"
    instalment: RoundingMode = "half-up"
    unit: int = 1
    settle: Literal["last", "balanced"] = "last"
    basis: Literal["actual", "nominal"] = "actual"


@dataclass(frozen=True, slots=True)
class RateColumn:
    """A rate per row: num/den a year, or a day. 18.25 % a year is 1825/10000."""

    num: NDArray[np.int64]
    den: int
    daily: bool = False

    @staticmethod
    def of(rate: Fraction, *, daily: bool = False) -> RateColumn:
        """Make the column that holds one rate for all rows."""
        return RateColumn(np.array([rate.numerator], dtype=np.int64), rate.denominator, daily)

    def scaled(self, share: Fraction) -> RateColumn:
        """Multiply the rate by a share, exactly."""
        return replace(self, num=self.num * share.numerator, den=self.den * share.denominator)


ZERO_RATE = RateColumn.of(Fraction(0))


@dataclass(frozen=True, slots=True)
class Segment:
    """A rate from the start of a day on (an ordinal per row), until the next segment."""

    start: Days
    rate: RateColumn


Curve = tuple[Segment, ...]


def flat_curve(rate: RateColumn) -> Curve:
    """Hold one rate for ever."""
    return (Segment(np.array([ALWAYS]), rate),)


def curve_with(curve: Curve, change: RateColumn | Fraction, start: Days, end: Days | None) -> Curve:
    """Overlay a rate, or a share of the rate, on the days [start, end) of a curve."""
    new: list[Segment] = []
    for i, segment in enumerate(curve):
        stop = curve[i + 1].start if i + 1 < len(curve) else None
        new.append(segment)
        opens = np.maximum(segment.start, start)
        rate = segment.rate.scaled(change) if isinstance(change, Fraction) else change
        new.append(Segment(_before(opens, stop), rate))
        if end is not None:
            new.append(Segment(_before(np.maximum(segment.start, end), stop), segment.rate))
    return tuple(new)


def _before(day: Days, stop: Days | None) -> Days:
    """Clip a segment's start to the start of the next one, where it is empty."""
    return day if stop is None else np.minimum(day, stop)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When interest starts to run and when each period ends.

    `moved` holds the numbers (from 1) of periods whose due date was moved; `earlier` says that
    periods up to a number followed another rhythm. `custom` dates follow none.
    """

    start: Days
    due: Days
    frequency: Frequency
    seed_day: Days
    moved: frozenset[int] = frozenset()
    earlier: tuple[int, Frequency] | None = None
    custom: bool = False

    @property
    def periods(self) -> int:
        """Count the due dates at hand."""
        return int(self.due.shape[0])

    def reaching(self, periods: int) -> Calendar:
        """Give at least so many due dates, continuing from the last in the same rhythm."""
        missing = periods - self.periods
        if missing <= 0:
            return self
        more = due_grid(self.due[-1], missing + 1, self.frequency, seed_day=self.seed_day)
        return replace(self, due=np.concatenate([self.due, more.T[1:]]))

    def begin(self, period: int) -> Days:
        """Give the day on which a period (from 1) begins."""
        return self.start if period == 1 else self.due[period - 2]


@dataclass(frozen=True, slots=True)
class Quote:
    """The calendar and rates on which a level instalment was agreed, if not the real ones."""

    calendar: Calendar
    curve: Curve


@dataclass(frozen=True, slots=True)
class Phase:
    """A run of periods that ask for the same thing.

    `count` may be 0. `amount`: the stated amount, or the level instalment where it is given.
    `anew`: compute the level instalment at the first period; else the one in force goes on.
    `leads`: an arrangement that precedes the repayment and stays when the repayment is recast.
    """

    asks: Asks
    count: NDArray[np.int64]
    amount: Cents = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    weight: int = WEIGHT
    unpaid: Unpaid = Unpaid.HOLD
    anew: bool = True
    leads: bool = False


def phase(asks: Asks, count: int | NDArray[np.int64], **options: object) -> Phase:
    """Make a phase from plain numbers."""
    if "amount" in options:
        options["amount"] = np.atleast_1d(np.asarray(options["amount"], dtype=np.int64))
    return Phase(asks, np.atleast_1d(np.asarray(count, dtype=np.int64)), **options)  # type: ignore[arg-type]


Phases = tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Minimum:
    """A minimum-payment rule: share of the balance or of principal, at least the floor.

    `plus_interest` adds the period's interest to the share.
    """

    share: Fraction
    of: Literal["balance", "principal"] = "balance"
    plus_interest: bool = False
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """An amount per component that is waived once a condition is kept.

    `after`: the number of asked payments after which it is waived; 0 = on completion.
    """

    amounts: Parts
    after: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """One amount per component and row."""

    principal: Cents
    interest: Cents
    penalty: Cents
    fees: Cents

    @staticmethod
    def zero(rows: int = 1) -> Parts:
        """Make a column of nothing."""
        return Parts(*(np.zeros(rows, dtype=np.int64) for _ in COMPONENTS))

    def __add__(self, other: Parts) -> Parts:
        """Add component by component."""
        return Parts(*(getattr(self, c) + getattr(other, c) for c in COMPONENTS))

    def __sub__(self, other: Parts) -> Parts:
        """Subtract component by component."""
        return Parts(*(getattr(self, c) - getattr(other, c) for c in COMPONENTS))

    @property
    def total(self) -> Cents:
        """Add up the components."""
        return self.principal + self.interest + self.penalty + self.fees


@dataclass(frozen=True, slots=True)
class Overdue:
    """What it costs to pay nothing: principal overdue and falling due, penalty rate, late fees."""

    principal: Cents
    falls_due: Cents
    missed: NDArray[np.bool_]
    curve: Curve
    compounds: bool = False
    late_fee: int = 0


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Arrears repaid in equal parts beside the instalments: principal overdue, in so many parts."""

    principal: Cents
    parts: int


@dataclass(frozen=True, slots=True)
class Charge:
    """A recurring fee: so much on each of its dates, while the debt lives."""

    amount: int
    frequency: Frequency


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is owed and asked for. See docs/engine.md for the meaning of each column.

    `owed` is what remains after the steps so far; `opening` what the debt brought.
    `waived`, `capitalised`, `charged` (interest), `demanded` and `down` are row 0.
    `promises` are amounts set aside until a condition is kept.
    `forborne` principal bears no interest, a `balloon` does; both fall due at the end.
    `prepay` holds (period, amount) on top of what is asked.
    `to_come` is the interest that the contract would still charge.
    `even_shares`: shares of the stream are one rounded figure until it is used up.
    `inside`: interest owed is due inside the next instalment.
    `stated`: the contract states its instalment.
    `closes`: the last period asks for all that is left.
    `trims`: periods after the debt is cleared are not part of the plan.
    `exponent`: how many decimals the currency has.
    """

    as_of: int
    calendar: Calendar
    curve: Curve
    base: Curve
    day_count: str
    owed: Parts
    opening: Parts
    phases: Phases
    arrears: Parts = field(default_factory=Parts.zero)
    waived: Parts = field(default_factory=Parts.zero)
    capitalised: Cents = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    demanded: Parts = field(default_factory=Parts.zero)
    down: Cents = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    forborne: Cents = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    balloon: Cents = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    quote: Quote | None = None
    rounding: Rounding = Rounding()
    order: Order = DEFAULT_ORDER
    fee: int = 0
    fee_parts: int = 0
    charges: tuple[Charge, ...] = ()
    minimum: Minimum | None = None
    promises: tuple[Promise, ...] = ()
    overdue: Overdue | None = None
    catch_up: CatchUp | None = None
    prepay: tuple[tuple[int, int], ...] = ()
    charged: Cents = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    to_come: Cents = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    even_shares: bool = False
    inside: bool = False
    stated: bool = False
    closes: bool = True
    trims: bool = False
    exponent: int = 2

    @property
    def rows(self) -> int:
        """Count the rows."""
        return int(self.opening.principal.shape[0])

    @property
    def periods(self) -> NDArray[np.int64]:
        """Count the periods of each row."""
        zero = np.zeros(self.rows, dtype=np.int64)
        return sum((p.count for p in self.phases), start=zero)

    def asking(self, phases: Phases, calendar: Calendar | None = None) -> Terms:
        """Replace the phases, with as many due dates as they need.

        A last phase that only lasts until the debt is cleared gives way to the longest plan.
        """
        over = sum(int(p.count.max()) for p in phases) - LONGEST
        if over > 0 and phases[-1].asks in UNTIL_CLEARED:
            last = phases[-1]
            phases = (*phases[:-1], replace(last, count=np.maximum(last.count - over, 0)))
        need = sum(int(p.count.max()) for p in phases)
        new = (calendar or self.calendar).reaching(need)
        quote = self.quote
        if quote is not None:
            quote = replace(quote, calendar=quote.calendar.reaching(need))
        return replace(self, phases=phases, calendar=new, quote=quote)

    def quoted(self) -> Quote:
        """Give the calendar and rates on which level instalments are computed."""
        return self.quote or Quote(self.calendar, self.curve)


def merged(phases: Phases) -> Phases:
    """Drop phases that no row has."""
    return tuple(p for p in phases if p.count.any())


def split_phases(phases: Phases, at: int) -> tuple[Phases, Phases]:
    """Cut the phases before period *at* (from 1); the second part does not compute levels anew.

    A phase that is cut in some rows only goes on as two: one for those rows, one for the others,
    which compute theirs as before.
    """
    head: list[Phase] = []
    tail: list[Phase] = []
    left = np.array([at - 1])
    for p in phases:
        first = np.clip(left, 0, p.count)
        left = left - first
        head.append(replace(p, count=first))
        cut, rest = first > 0, p.count - first
        if p.anew and cut.any() and not cut.all():
            tail.append(replace(p, count=rest * cut, anew=False))
            tail.append(replace(p, count=rest * ~cut))
        else:
            tail.append(replace(p, count=rest, anew=p.anew and not bool(cut.any())))
    return merged(tuple(head)), merged(tuple(tail))


def map_first(
    phases: Phases, want: Callable[[Phase], bool], change: Callable[[Phase], Phase]
) -> Phases:
    """Change the first phase that is wanted."""
    for i, p in enumerate(phases):
        if want(p):
            return (*phases[:i], change(p), *phases[i + 1 :])
    return phases
