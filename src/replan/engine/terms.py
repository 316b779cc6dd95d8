"""Terms: what is owed and what is asked for, period by period, as columns with a row per plan.

Terms are a definition. `resolve` turns them into exact factors, `roll` into a schedule.
Row columns have shape (R,) or (1,) where all rows share a value; period columns (T, R) or (T, 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .curves import Curve, RateColumn, Segment, flat_curve
from .dates import Days, Frequency, due_grid
from .money import Cents, RoundingMode
from .phases import (
    UNTIL_CLEARED,
    Asks,
    Phase,
    Phases,
    Unpaid,
    map_first,
    merged,
    phase,
    split_phases,
)

# strategies of other packages find all that terms are made of in one place
__all__ = [
    "Asks", "Calendar", "CatchUp", "Charge", "Component", "Curve", "Minimum", "Order", "Overdue",
    "Parts", "Phase", "Phases", "Promise", "Quote", "RateColumn", "Rounding", "Segment", "Terms",
    "Unpaid", "flat_curve", "map_first", "merged", "phase", "split_phases",
]  # fmt: skip

Component = Literal["principal", "interest", "penalty", "fees"]
COMPONENTS: tuple[Component, ...] = ("principal", "interest", "penalty", "fees")
CHARGES: tuple[Component, ...] = ("interest", "penalty", "fees")
Order = tuple[Component, ...]
DEFAULT_ORDER: Order = ("fees", "interest", "penalty", "principal")

LONGEST = 1200
"""No plan has more periods than this."""


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
    `worth`: the rate at which payments are valued, where it is not what the contract charges.
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
    worth: Curve | None = None
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
