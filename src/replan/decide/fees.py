"""What a contract charges beside interest, and the least that it asks for, in minor units."""

from __future__ import annotations

from fractions import Fraction

from replan.engine.dates import parse_frequency
from replan.engine.money import round_fraction
from replan.engine.terms import Charge
from replan.engine.terms import Minimum as MinimumRule
from replan.model.debt import Debt


def fee_of(debt: Debt, exponent: int) -> int:
    """Give the fee of an instalment in minor units: an amount, or a share of what was lent."""
    fee = debt.instalment_fee
    if fee is None:
        return 0
    if fee.amount is not None:
        return int(fee.amount.scaleb(exponent))
    whole = Fraction((debt.original_principal or debt.principal).scaleb(exponent))
    return round_fraction(whole * Fraction(fee.rate or 0), "half-up")


def charges_of(debt: Debt, exponent: int) -> tuple[Charge, ...]:
    """Give the charges that recur beside the instalments."""
    return tuple(
        Charge(int(fee.amount.scaleb(exponent)), parse_frequency(fee.every))
        for fee in debt.recurring_fees
        if fee.every != "once"
    )


def minimum_of(debt: Debt, exponent: int) -> MinimumRule | None:
    """Give the rule for the least payment, which is never nil while something is owed."""
    rule = debt.minimum_payment
    if rule is None:
        return None
    floor = int((rule.amount if rule.amount is not None else rule.floor).scaleb(exponent))
    return MinimumRule(Fraction(rule.share or 0), rule.of, rule.plus_interest, max(floor, 1))
