"""Flat instalments (等本等息): what a fee on the amount lent costs a year on what is still owed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.engine.curves import Curve, RateColumn, flat_curve
from replan.engine.dates import parse_frequency
from replan.engine.money import round_fraction
from replan.engine.terms import Parts, Terms
from replan.model.case import Case, settings_of
from replan.model.currency import minor_unit
from replan.model.debt import Debt

Floats = NDArray[np.float64]
_GRID = 10**10
"""Yields are kept to ten decimals, so that a rate is a fraction."""
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Flat:
    """A contract without interest whose price is a fee with each instalment, in major units.

    `lent` was repayable in `count` equal parts of principal, each with the fee `each` (before
    rounding); `left` instalments are to come, `a_year` of them fall due in a year. Where the amount
    lent is not `known`, what is left stands for it.
    """

    lent: Fraction
    count: Fraction
    each: Fraction
    left: int
    a_year: Fraction
    known: bool

    @property
    def nominal(self) -> Fraction:
        """Give the fees of a year as a share of the amount lent (名义利率)."""
        return self.each / self.lent * self.a_year

    @property
    def effective(self) -> Fraction:
        """Give the yearly rate on what is owed: the periods of a year times the IRR of one."""
        found = yields(*(np.array([float(n)]) for n in (self.lent, self.count, self.each)))
        return _fraction(float(found[0]) * float(self.a_year))


def flat_of(case: Case, debt: Debt) -> Flat | None:
    """Recognise a contract whose price is its instalment fee; None for any other.

    What is not overdue falls by an equal part with each instalment, so the number of all
    instalments follows from what was lent, what is left of it and the number left.
    """
    fee, left = debt.instalment_fee, debt.remaining_instalments
    owed = debt.principal - debt.arrears.principal
    if fee is None or not left or owed <= 0 or debt.rate.fraction or debt.rate_changes:
        return None
    lent = Fraction(max(debt.original_principal or owed, owed))
    each = Fraction(fee.amount or 0) if fee.rate is None else Fraction(fee.rate) * lent
    if not each:
        return None
    a_year = parse_frequency(settings_of(case, debt).frequency).periods_per_year
    known = debt.original_principal is not None
    return Flat(lent, left * lent / Fraction(owed), each, left, a_year, known)


def flats_of(case: Case) -> dict[str, dict[str, Any]]:
    """Give the JSON form of what flat instalments cost, by the id of the debt."""
    found = ((debt.id, flat_of(case, debt)) for debt in case.debts)
    return {name: _record(flat, minor_unit(case.currency)) for name, flat in found if flat}


def _record(flat: Flat, unit: Decimal) -> dict[str, Any]:
    """Say what is charged, and what that costs a year if the amount lent is known."""
    fee = round_fraction(flat.each / Fraction(unit), "half-up") * unit
    return {
        "fee": str(fee),
        "left": flat.left,
        "to_come": str(fee * flat.left),
        "nominal": percent(flat.nominal) if flat.known else None,
        "effective": percent(flat.effective) if flat.known else None,
    }


def worth_curve(case: Case, debt: Debt) -> Curve | None:
    """Give the rate at which a flat contract is valued: its yield, since it states none."""
    flat = flat_of(case, debt)
    return None if flat is None else flat_curve(RateColumn.of(flat.effective))


def worth_columns(terms: Terms, debt: Debt, owed: Parts, arrears: Parts, left: Any) -> Curve | None:
    """Give the same for many contracts that are like one debt; `terms` are the one's."""
    fee = debt.instalment_fee
    if terms.worth is None or fee is None:
        return None
    regular = (owed.principal - arrears.principal).astype(np.float64)
    stated = (debt.original_principal or Decimal(0)).scaleb(terms.exponent)
    lent = np.maximum(float(stated), regular)
    each = float(fee.rate) * lent if fee.rate is not None else np.full_like(lent, terms.fee)
    found = yields(lent, left * lent / np.maximum(regular, 1.0), each)
    a_year = float(terms.calendar.frequency.periods_per_year)
    return flat_curve(RateColumn(np.rint(found * a_year * _GRID).astype(np.int64), _GRID))


def yields(lent: Floats, count: Floats, each: Floats) -> Floats:
    """Solve lent = (lent / count + each) × (1 − (1 + r)^−count) / r for r, by halving.

    r is what a period costs; above 0, because the fee is. Exact to the last bits of a float.
    """
    payment = lent / count + each
    low, high = np.zeros_like(lent), payment / lent
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        worth = payment * -np.expm1(-count * np.log1p(middle)) / middle
        above = worth > lent
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return (low + high) / 2


_CENTS = 10_000


def percent(rate: Fraction) -> str:
    """Write a rate with two decimals: 13.03%."""
    return f"{Decimal(round_fraction(rate * _CENTS, 'half-up')) / 100:.2f}%"


def _fraction(rate: float) -> Fraction:
    return Fraction(round(rate * _GRID), _GRID)
