"""A price that is charged on the amount lent, as it is answered: 手续费0.6%/期, flat 7.2%."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from replan.model.rates import parse_rate
from replan.model.values import normalise, parse_amount

_FLAT = re.compile(
    r"flat(?:[ -]rate)?|add[ -]on|等本等息|(?:每期)?(?:分期)?(?:手续|服务)?费率?"
    r"|(?:instalment )?fee(?: of)?"
)
_EACH = re.compile(
    r"(?:/|每|per |an |each |a )\s*(?:期|instal?lment|payment)|每期|(?:手续|服务)费|fee"
)
_YEARLY = re.compile(r"年|year|annum|p\.?a|月|month|flat|add[ -]on|等本等息")
_WORDS = re.compile(
    r"(?:/|每|per |an |each |a )\s*(?:期|instal?lment|payment)|每期|为|是|of|at|[:,]|的"
)


def is_flat(text: str) -> bool:
    """Tell whether an answer names a price on the amount lent, not on what is owed."""
    plain = normalise(text).lower()
    return bool(_FLAT.search(plain) or _EACH.search(plain))


def flat_answer(text: str) -> dict[str, Any] | None:
    """Read a flat price as fields of a debt; None for a rate on what is owed.

    A fee is one of each instalment unless it names the month or year; a flat rate is a rate a year
    unless it says otherwise. Raises Refused where the number cannot be read.

    >>> flat_answer("手续费0.6%/期")
    {'method': 'flat', 'instalment_fee': '0.6%'}
    """
    plain = normalise(text).lower()
    if not is_flat(text):
        return None
    bare = _WORDS.sub(" ", _FLAT.sub(" ", plain)).strip()
    if _EACH.search(plain) and not _YEARLY.search(plain):
        fee = bare if bare.endswith("%") else str(parse_amount(bare))
        if fee.endswith("%"):
            parse_rate(fee)
        return {"method": "flat", "instalment_fee": fee}
    return {"method": "flat", "rate": str(parse_rate(bare))}


def fee_of(flat: dict[str, Any], lent: Decimal | None) -> Decimal | None:
    """Give the fee of an instalment as an amount, where it follows from what was answered."""
    fee = flat.get("instalment_fee")
    if fee is None:
        if lent is None:
            return None
        rate = parse_rate(flat["rate"])
        yearly = rate.fraction * (365 if rate.per == "day" else 1)
        return Decimal(round(yearly / 12 * int(lent * 100))) / 100
    if not str(fee).endswith("%"):
        return Decimal(fee)
    return None if lent is None else round(Decimal(str(fee).rstrip("% ")) / 100 * lent, 2)
