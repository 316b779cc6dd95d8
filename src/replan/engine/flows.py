"""What people write for a plan's flows: amounts, days, pairs of both, and numbers as text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from replan.engine.dates import as_date
from replan.errors import UsageError

Number = int | float | str | Decimal | Fraction
Day = date | str
_DAY_TEXT = re.compile(r"\s*\d{4}([-/.])\d{1,2}\1\d{1,2}")
Flows = Sequence[Number | tuple[Day, Number]] | Mapping[Day, Number]


def read_flows(
    flows: Flows | Sequence[Day], dates: Sequence[Day] | Sequence[Number] | None = None
) -> tuple[list[float], list[date] | None]:
    """Give amounts and days from two lists in either order, from pairs, or from a mapping.

    In a pair, too, either may come first: what is a date, or text such as 2026-11-21, is the day.
    """
    amounts, days = _parted(flows, dates)
    numbers = [read_number(amount) for amount in amounts] or [0.0]
    if days is None:
        return numbers, None
    check_length("dates", len(days), len(numbers))
    return numbers, [as_date(day) for day in days]


def read_number(value: Any) -> float:
    """Read a number exactly; a text may be a decimal, a fraction such as 19/30, or a percentage."""
    try:
        number = float(_exact(value)) if isinstance(value, str) else float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError) as fault:
        raise UsageError(f'"{value}" is not a number. Write 1234.56 or 19/30.') from fault
    if not math.isfinite(number):
        raise UsageError(f'"{value}" is not a finite number.')
    return number


def check_length(name: str, found: int, wanted: int) -> None:
    """Refuse a list that does not have one entry for each flow."""
    if found != wanted:
        raise UsageError(f"{found} {name} for {wanted} flows. Give one for each flow.")


def _exact(text: str) -> Fraction:
    bare = text.strip()
    return Fraction(bare[:-1]) / 100 if bare.endswith("%") else Fraction(bare)


def _parted(flows: Any, dates: Any) -> tuple[list[Any], list[Any] | None]:
    if dates is not None:
        first, second = list(flows), list(dates)
        turned = _are_days(first) and not _are_days(second)
        return (second, first) if turned else (first, second)
    items = list(flows.items() if isinstance(flows, Mapping) else flows)
    if not items or not all(isinstance(item, tuple | list) and len(item) == 2 for item in items):
        return items, None
    first, second = (list(column) for column in zip(*items, strict=True))
    return (second, first) if _are_days(first) else (first, second)


def _are_days(values: Iterable[Any]) -> bool:
    """Say whether all are days; a number written as text is none."""
    return all(
        isinstance(value, date | np.datetime64)
        or (
            isinstance(value, str)
            and re.match(r"\s*\d{4}([-/.])\d{1,2}\1\d{1,2}", value) is not None
        )
        for value in values
    )
