"""What the oracle is given: a debt, what happens in row 0, the phases (docs/engine.md, 2 to 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from oracle_dates import Segment, nominal_factor, period_factor, rate_at
from oracle_money import ORDER


@dataclass(frozen=True, kw_only=True)
class Loan:
    """One debt at its as-of date, in minor units, with the due date of every period.

    `unit` and `every` say how the periods are counted; `moved` holds the numbers (from 1) of
    periods whose due date was moved. `fee` comes with each of the first `fee_parts` instalments,
    `charges` and `prepay` give amounts by the number of a period (from 1). `minimum` is a share and
    a least amount. `catch_up` repays `overdue` principal in so many parts beside the instalments.
    `quoted` is the debt with the calendar and rates on which an instalment was agreed; `usual` the
    rates without a concession.
    """

    as_of: date
    principal: int
    rates: Sequence[Segment]
    due: Sequence[date]
    interest: int = 0
    penalty: int = 0
    fees: int = 0
    forborne: int = 0
    last_accrual: date | None = None
    day_count: str = "30/360"
    unit: str = "months"
    every: int = 1
    moved: frozenset[int] = frozenset()
    interest_mode: str = "half-up"
    instalment_mode: str = "half-up"
    instalment_unit: int = 1
    settle: str = "last"
    basis: str = "actual"
    order: Sequence[str] = ORDER
    balloon: int = 0
    leaves_residual: bool = False
    fee: int = 0
    fee_parts: int = 10**6
    charges: Mapping[int, int] = field(default_factory=dict)
    prepay: Mapping[int, int] = field(default_factory=dict)
    minimum: tuple[Fraction, int] = (Fraction(0), 0)
    minimum_of: str = "balance"
    minimum_plus_interest: bool = False
    catch_up: int = 0
    inside: bool = False
    quoted: Loan | None = None
    usual: Sequence[Segment] | None = None
    overdue: int = 0
    penalty_rate: tuple[Fraction, str] | None = None
    penalty_compounds: bool = False
    late_fee: int = 0


@dataclass(frozen=True, kw_only=True)
class RowZero:
    """What happens at the as-of date, in this order: waived, capitalised, forborne, paid.

    `demanded` is paid by component, `paid` by the debt's order.
    """

    waived: Mapping[str, int] = field(default_factory=dict)
    capitalised: Mapping[str, int] = field(default_factory=dict)
    forborne: int = 0
    demanded: Mapping[str, int] = field(default_factory=dict)
    paid: int = 0


@dataclass(frozen=True, kw_only=True)
class Phase:
    """What is asked for in `count` periods; `unpaid` (section 4.3) marks a deferral.

    `amount` is the fixed payment, or a level instalment that is stated and not computed.
    `keep` goes on with the instalment computed before, if there is one.
    """

    asks: str
    count: int = 1
    amount: int | None = None
    weights: Sequence[Fraction | int] = ()
    unpaid: str | None = None
    keep: bool = False


# Section 3: the factors of the periods.


def factors_of(
    loan: Loan, rates: Sequence[Segment] | None = None, *, nominal: bool = False
) -> list[Fraction]:
    """Give the factor of every period of the debt, at its rates or at others."""
    rates = loan.rates if rates is None else rates
    starts = [loan.last_accrual or loan.as_of, *loan.due[:-1]]
    if nominal:
        return [nominal_factor(rate_at(rates, a), unit=loan.unit, every=loan.every) for a in starts]
    return [
        period_factor(
            rates, a, b, day_count=loan.day_count, unit=loan.unit, every=loan.every,
            first=t == 1, moved=t in loan.moved,
        )
        for t, (a, b) in enumerate(zip(starts, loan.due, strict=True), 1)
    ]  # fmt: skip
