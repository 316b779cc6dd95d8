"""Flat instalments (等本等息) as people hold them on paper, as the fields of a debt.

A contract that takes a share of the amount lent with each instalment bears no interest on what is
owed: its price is a fee.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from replan.engine.dates import parse_frequency
from replan.engine.money import round_fraction
from replan.errors import UsageError
from replan.model.fields import whole_number
from replan.model.issues import Problem, Refused
from replan.model.rates import parse_rate
from replan.model.values import normalise, parse_amount

NAMES = {"flat", "flat rate", "flat-rate", "等本等息"}
"""What the method is called."""
_DECIMALS = Decimal("1e-12")
_NEAR = Decimal("0.02")
"""How far amounts on paper may be from the formula: a minor unit for each rounding."""


def with_flat(raw: Any) -> tuple[Any, list[Problem]]:
    """Read the flat debts of a case: the method `flat`, or an instalment fee and no rate.

    The rate is of the amount lent (`original_principal`); without one, or without that amount, the
    fee is what an instalment holds beyond its part of the principal. Gives what is wrong beside.
    """
    if not isinstance(raw, Mapping) or not isinstance(raw.get("debts"), list | tuple):
        return raw, []
    problems: list[Problem] = []
    debts = []
    for index, debt in enumerate(raw["debts"]):
        if _is_flat(debt):
            debt, found = _resolved(debt, raw)  # noqa: PLW2901 - what it says, in other words
            problems += [Problem(p.code, p.message, p.hint, ("debts", index, *p.path), p.severity)
                         for p in found]  # fmt: skip
        debts.append(debt)
    return {**raw, "debts": debts}, problems


def _is_flat(debt: Any) -> bool:
    if not isinstance(debt, Mapping):
        return False
    method = debt.get("method")
    named = isinstance(method, str) and normalise(method).lower() in NAMES
    return named or (not method and "instalment_fee" in debt and debt.get("rate") in (None, ""))


def _resolved(
    debt: Mapping[str, Any], case: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    plain = {**debt, "method": "equal-principal"}
    try:
        fee, problems = _fee(debt, case)
    except (Refused, UsageError, ArithmeticError, LookupError, TypeError, ValueError):
        return plain, []  # what cannot be read is reported by its own field
    if fee is None:
        return plain, problems
    del plain["method"]
    kept = {key: value for key, value in plain.items() if key != "instalment"}
    if "rate" in fee and not problems and kept.get("original_principal") in (None, ""):
        kept["original_principal"] = str(_regular(debt, case))  # nothing is repaid yet
    return {**kept, "method": "equal-principal", "rate": "0%", "instalment_fee": fee}, problems


def _fee(debt: Mapping[str, Any], case: Mapping[str, Any]) -> tuple[Any, list[Problem]]:
    """Give the fee of an instalment: as it is stated, by the flat rate, or what is left of one."""
    stated, implied = _stated(debt, case), _implied(debt, case)
    lent = debt.get("original_principal") not in (None, "")
    if stated is None:
        return (None if implied is None else {"amount": str(implied)}), []
    if "rate" in stated and not lent:
        if implied is not None:
            fresh = abs(_share(stated) * _regular(debt, case) - implied) <= _NEAR
            return (stated if fresh else {"amount": str(implied)}), []
        message = "A flat rate is a share of the amount lent, which is not given."
        hint = "Give original_principal, or instalment and remaining_instalments."
        return stated, [Problem("flat-unclear", message, hint, ("original_principal",), "warning")]
    if implied is not None and abs(_amount_of(stated, debt, case) - implied) > _NEAR:
        return stated, [_differs(debt, case, _amount_of(stated, debt, case))]
    return stated, []


def _stated(debt: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any] | None:
    given = debt.get("instalment_fee")
    if isinstance(given, Mapping):
        return dict(given)
    if given not in (None, ""):
        text = normalise(str(given))
        return {"rate" if text.endswith("%") else "amount": text}
    if debt.get("rate") in (None, ""):
        return None
    rate = parse_rate(debt["rate"])
    yearly = rate.fraction * (365 if rate.per == "day" else 1)
    if not yearly:
        return None
    share = yearly / parse_frequency(_frequency(debt, case)).periods_per_year
    exact = Decimal(share.numerator) / share.denominator
    return {"rate": str(exact.quantize(_DECIMALS).normalize())}


def _frequency(debt: Mapping[str, Any], case: Mapping[str, Any]) -> str:
    return str(debt.get("frequency") or case.get("frequency") or "month")


def _implied(debt: Mapping[str, Any], case: Mapping[str, Any]) -> Decimal | None:
    """Give what an instalment holds beyond its part of the principal that is not overdue."""
    if any(debt.get(key) in (None, "") for key in ("instalment", "remaining_instalments")):
        return None
    left = whole_number(debt["remaining_instalments"])
    each = _money(debt["instalment"], case)
    fee = Fraction(each) - Fraction(_regular(debt, case)) / left
    found = Decimal(round_fraction(fee * 100, "half-up")) / 100
    return found if found > 0 else None


def _regular(debt: Mapping[str, Any], case: Mapping[str, Any]) -> Decimal:
    arrears = debt.get("arrears")
    late = arrears.get("principal", 0) if isinstance(arrears, Mapping) else 0
    return _money(debt["principal"], case) - _money(late, case)


def _amount_of(fee: Mapping[str, Any], debt: Mapping[str, Any], case: Mapping[str, Any]) -> Decimal:
    if "amount" in fee:
        return _money(fee["amount"], case)
    return round(_share(fee) * _money(debt["original_principal"], case), 2)


def _share(fee: Mapping[str, Any]) -> Decimal:
    text = str(fee["rate"])
    return Decimal(text.rstrip("% ")) / (100 if text.endswith("%") else 1)


def _differs(debt: Mapping[str, Any], case: Mapping[str, Any], fee: Decimal) -> Problem:
    left = whole_number(debt["remaining_instalments"])
    each = round(_regular(debt, case) / left + fee, 2)
    message = (
        f"{debt['instalment']} is stated, but the principal and fee of an instalment are {each}."
    )
    hint = "Check principal, fee and the number left: the instalment is not used."
    return Problem("flat-unclear", message, hint, ("instalment",), "warning")


def _money(value: Any, case: Mapping[str, Any]) -> Decimal:
    currency = case.get("currency")
    known = normalise(currency).upper() if isinstance(currency, str) else None
    return parse_amount(value, currency=None if known == "RMB" else known)
