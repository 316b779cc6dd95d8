"""Debts that look like flat instalments (等本等息) and are entered as if interest fell."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from replan.engine.dates import parse_frequency

from .issues import Problem

if TYPE_CHECKING:
    from .debt import Debt

_NEAR = Fraction(2, 100)
"""How far an instalment on paper may be from the formula: a minor unit for each rounding."""


def flat_doubts(debt: Debt, frequency: str) -> Iterator[Problem]:
    """Warn of a flat rate taken as a rate on what is owed, and of a fee counted twice."""
    if debt.instalment is None or not debt.remaining_instalments or debt.balloon:
        return
    if debt.method not in (None, "level") or debt.rate.per == "day" or debt.rate_changes:
        return
    per = Fraction(debt.rate.fraction) / parse_frequency(frequency).periods_per_year
    owed, left = debt.principal - debt.arrears.principal, debt.remaining_instalments
    lent = Fraction(max(debt.original_principal or owed, owed))
    each, part = Fraction(debt.instalment), Fraction(owed) / left
    if debt.instalment_fee is None and per and abs(part + lent * per - each) <= _NEAR:
        if abs(_level(Fraction(owed), per, left) - each) > 2 * _NEAR:
            message = f"{debt.instalment} is what {debt.rate} of the amount lent comes to, flat."
            hint = 'On what is owed it is about twice as much: write "method": "flat".'
            yield Problem("flat-unclear", message, hint, ("rate",), "warning")
    elif debt.instalment_fee is not None and abs(part + _fee(debt, lent) - each) <= _NEAR:
        message = f"{debt.instalment} is a part of the principal with the fee, which comes on top."
        hint = 'Write "method": "flat", or the instalment without its fee.'
        yield Problem("flat-unclear", message, hint, ("instalment",), "warning")


def _level(owed: Fraction, per: Fraction, left: int) -> Fraction:
    growth = Fraction(float(1 + per) ** left)
    return owed * per * growth / (growth - 1)


def _fee(debt: Debt, lent: Fraction) -> Fraction:
    fee = debt.instalment_fee
    if fee is None:
        return Fraction(0)
    return Fraction(fee.amount or 0) if fee.rate is None else Fraction(fee.rate) * lent
