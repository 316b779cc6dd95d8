"""Figures as people read them: thousands separators, percent signs, a dash where there is none."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

NONE = "–"


def amount(value: object) -> str:
    """Print an amount, given as text in major units, with thousands separators.

    >>> amount("-1234567.50")
    '-1,234,567.50'
    """
    if value is None or value == "":
        return NONE
    try:
        return f"{Decimal(str(value)):,f}"
    except InvalidOperation:
        return str(value)


def percent(value: object, *, decimals: int = 1) -> str:
    """Print a share, given as a fraction, in percent; half a unit rounds away from zero.

    >>> percent(0.1825, decimals=2)
    '18.25 %'
    """
    if value is None or value == "":
        return NONE
    shown = f"{round_half_up(Decimal(str(value)) * 100, decimals):,f}"
    return f"{shown} %"


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round to *decimals*, ties away from zero, and never to a negative zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_HALF_UP") + 0


def whole(value: object) -> str:
    """Print a count; a dash where there is none.

    >>> whole(27)
    '27'
    """
    return NONE if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def is_zero(value: object) -> bool:
    """Tell whether a figure is missing or nothing."""
    try:
        return value is None or Decimal(str(value)) == 0
    except InvalidOperation:
        return False
