"""From amounts in plan notation to whole minor units of the terms' currency."""

from __future__ import annotations

from decimal import Decimal

from replan.engine.money import Cents
from replan.engine.terms import Terms
from replan.errors import UsageError

from .edits import share_of
from .values import Percent, plain


def minor(terms: Terms, amount: Decimal) -> int:
    """Give an amount in minor units; refuse decimals that the currency does not have."""
    scaled = amount.scaleb(terms.exponent)
    if scaled != scaled.to_integral_value():
        raise UsageError(
            f"{plain(amount)} has more decimals than the currency. Write {terms.exponent} at most."
        )
    if scaled >= 10**15:
        raise UsageError(f"{plain(amount)} is too large for a household's debt. Write less.")
    return int(scaled)


def amount_of(terms: Terms, value: Decimal | Percent, whole: Cents) -> Cents:
    """Give an amount, or a share of a whole, per row."""
    if isinstance(value, Percent):
        return share_of(whole, value.share)
    return 0 * whole + minor(terms, value)
