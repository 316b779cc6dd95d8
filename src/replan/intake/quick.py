"""What a payoff amount implies: the rate, and the parts of what is owed.

Time is counted as 30/360 does, like the schedules that start from the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from replan.engine.day_counts import year_fraction
from replan.engine.intervals import add_months
from replan.engine.money import round_fraction
from replan.model.currency import minor_unit
from replan.model.rates import RATE_LIMIT

GRID = 10_000
"""Rates are searched in steps of 0.01 % a year."""
HIGHEST_PENALTY = Fraction(3, 2)
"""Penalty interest of Chinese banks is 1.3 to 1.5 times the contract rate (Yinfa 2003 no. 251)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a borrower knows of a loan in monthly instalments, in major units.

    `payoff` clears it on `as_of`; `left` counts the unpaid instalments, overdue ones included;
    `overdue` is days; `charges` are penalty interest and fees within the payoff amount.
    """

    as_of: date
    payoff: Decimal
    instalment: Decimal
    left: int
    overdue: int = 0
    charges: Decimal | None = None
    next_due: date | None = None

    @property
    def oldest(self) -> date:
        """Return the oldest missed due date as the days overdue tell it."""
        return self.as_of - timedelta(days=self.overdue)

    @property
    def missed(self) -> int:
        """Count the instalments that have fallen due unpaid.

        With a known next due date the one whose day is nearest to the oldest is the first.
        """
        if not self.overdue:
            return 0
        months = range(1, min(self.left, self.overdue // 28 + 2) + 1)
        if due := self.next_due:
            return min(months, key=lambda k: abs((add_months(due, -k) - self.oldest).days))
        return sum(add_months(self.oldest, k - 1) <= self.as_of for k in months)

    @property
    def next_date(self) -> date:
        """Return the next due date: as given, or by counting on from the oldest missed one."""
        if self.next_due:
            return self.next_due
        if not self.overdue:
            return add_months(self.as_of, 1)
        months = next(k for k in range(1, 2000) if add_months(self.oldest, k) > self.as_of)
        return add_months(self.oldest, months)

    @property
    def elapsed(self) -> Fraction:
        """Return the part of the running period that is over, 0 to 1."""
        rest = year_fraction(self.as_of, self.next_date) * 12
        return max(Fraction(0), 1 - rest)


@dataclass(frozen=True, slots=True)
class Implied:
    """The rates a year, as fractions, between which a payoff amount leaves the contract's."""

    rate: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class NoRate:
    """Why no rate fits: `reason`, and between which payoff amounts one would."""

    reason: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Parts:
    """What is owed, by component, and what of it is overdue; in major units."""

    principal: Decimal
    interest: Decimal
    overdue_principal: Decimal
    overdue_interest: Decimal


def implied_rate(known: Known, *, currency: str) -> Implied | NoRate:
    """Return the rate at which the unpaid instalments are worth the payoff amount today.

    Overdue instalments count at their face, those to come at their present value, and interest
    runs since the last due date: payoff − charges = m·A + A·a(n, i)·(1 + i·s), a(n, i) the value
    of n instalments of 1, i a month, s the part of the running month that is over. The right
    side falls as i rises, so there is at most one rate; it is found to 0.01 %, exactly.

    Where charges are not known, the upper end supposes penalty interest of one and a half times
    that rate on what is overdue; where the next due date is not known, that it is tomorrow.
    """
    unit = minor_unit(currency)
    top, bottom = _worth(known, Fraction(0)), _worth(known, Fraction(RATE_LIMIT))
    target = _target(known)
    if known.left == known.missed:
        return NoRate("all-overdue", _money(bottom, unit), _money(top, unit))
    if target > top:
        return NoRate("above", _money(bottom, unit), _money(top, unit))
    if target < bottom:
        return NoRate("below", _money(bottom, unit), _money(top, unit))
    base = _search(known, target)
    return Implied(_rate(base), _rate(base), _rate(_highest(known, base)))


def split_payoff(known: Known, rate: Fraction, *, currency: str) -> Parts:
    """Divide the payoff amount at a yearly *rate*: principal and interest, and what is overdue.

    What is owed adds up to the payoff amount less the charges, exactly; each part is rounded
    half-up.
    """
    unit, monthly = minor_unit(currency), rate / 12
    missed = known.missed * Fraction(known.instalment)
    coming = (_target(known) - missed) / (1 + monthly * known.elapsed)
    coming = max(coming, Fraction(0))
    repaid = Fraction(known.instalment) * (
        _annuity(known.left, monthly) - _annuity(known.left - known.missed, monthly)
    )
    overdue_principal = _money(repaid, unit)
    principal = min(_money(coming, unit) + overdue_principal, _money(_target(known), unit))
    interest = _money(_target(known), unit) - principal
    late = min(interest, max(_money(missed, unit) - overdue_principal, 0 * unit))
    return Parts(principal, interest, min(overdue_principal, principal), late)


def _target(known: Known) -> Fraction:
    return Fraction(known.payoff) - Fraction(known.charges or 0)


def _worth(known: Known, rate: Fraction, elapsed: Fraction | None = None) -> Fraction:
    """Return what the unpaid instalments are worth today at a yearly rate."""
    monthly, a = rate / 12, Fraction(known.instalment)
    over = known.elapsed if elapsed is None else elapsed
    coming = a * _annuity(known.left - known.missed, monthly) * (1 + monthly * over)
    return known.missed * a + coming


def _annuity(count: int, monthly: Fraction) -> Fraction:
    return (1 - (1 + monthly) ** -count) / monthly if monthly else Fraction(count)


def _search(known: Known, target: Fraction, elapsed: Fraction | None = None) -> int:
    """Return the step of the grid whose worth is nearest to *target*."""
    low, high = 0, RATE_LIMIT * GRID
    while high - low > 1:
        middle = (low + high) // 2
        if _worth(known, Fraction(middle, GRID), elapsed) >= target:
            low = middle
        else:
            high = middle
    return min((low, high), key=lambda s: abs(_worth(known, Fraction(s, GRID), elapsed) - target))


def _highest(known: Known, base: int) -> int:
    steps = [base]
    if known.overdue and known.charges is None:
        penalty = _penalty(known, Fraction(base, GRID))
        steps.append(_search(known, max(_target(known) - penalty, Fraction(0))))
    if known.next_due is None and not known.overdue:
        steps.append(_search(known, _target(known), Fraction(29, 30)))
    return max(steps)


def _penalty(known: Known, rate: Fraction) -> Fraction:
    """Return penalty interest at one and a half times *rate* on each missed instalment."""
    dates = (add_months(known.oldest, k) for k in range(known.missed))
    days = sum(max((known.as_of - day).days, 0) for day in dates)
    return Fraction(known.instalment) * rate * HIGHEST_PENALTY * days / 360


def _rate(step: int) -> Decimal:
    return Decimal(step) / GRID


def _money(value: Fraction, unit: Decimal) -> Decimal:
    """Round half-up to the minor unit."""
    return round_fraction(value / Fraction(unit), "half-up") * unit
