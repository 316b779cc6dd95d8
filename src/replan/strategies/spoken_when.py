"""When something is said to be, seen from a day: 60 days, next month, January."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from replan.model.months import Month, month_after, month_of, span_of
from replan.model.text import quote

from .spoken_numbers import read_count

_NAMES = {name.lower(): at for at, name in enumerate(calendar.month_name) if name}
_SHORT = {name.lower(): at for at, name in enumerate(calendar.month_abbr) if name}
_ENGLISH = "|".join(_NAMES) + "|(?:" + "|".join([*_SHORT, "sept"]) + r")\b\.?"
MONTH = (
    rf"(?:the )?next month|(?:{_ENGLISH})(?:,? (?:next year|\d{{4}}))?"
    r"|下个?月|次月|(?:明年|今年|\d{4}年)?(?:\d{1,2}|十[一二]?|[一二三四五六七八九])月份?"
)
"""How a month is said; without a year it is the next one of its name."""
_NUMBER = re.compile(r"\d{1,2}(?=月)|[一二三四五六七八九十]+(?=月)")


def read_days(text: str) -> int:
    """Read 60 days, sixty-day, 60天."""
    return read_count(re.sub(r"[ -]?(?:days?|天|日)$", "", text))


def day_after(text: str, as_of: date | None) -> date:
    """Give the day so many days after the as-of date; ValueError without one, or out of range."""
    if as_of is None or not 0 < read_days(text) <= 3660:
        raise ValueError(f"{quote(text)} cannot be counted from a day")
    return as_of + timedelta(days=read_days(text))


def month_days(text: str, as_of: date | None) -> tuple[date, date]:
    """Give the first and the last day of a month as it is said; ValueError where none is meant.

    A month without a year is the next of its name after the as-of date's month.
    """
    if as_of is None:
        raise ValueError(f"{quote(text)} depends on the day")
    return span_of(_month(text, as_of))


def this_month(text: str, as_of: date | None) -> bool:
    """Tell whether a month without a year has the name of the month that is running."""
    if as_of is None or re.search(r"next|\d{4}|年|下|次", text):
        return False
    return _number(text) == as_of.month


def _month(text: str, as_of: date) -> Month:
    now = month_of(as_of)
    if re.fullmatch(r"(?:the )?next month|下个?月|次月", text):
        return month_after(now, 1)
    number = _number(text)
    if "next year" in text or "明年" in text:
        return now[0] + 1, number
    if "今年" in text:
        return now[0], number
    year = re.search(r"\d{4}", text)
    return (int(year[0]) if year else now[0] + (number <= now[1])), number


def _number(text: str) -> int:
    """Give the number of a month: January is 1."""
    if found := _NUMBER.search(text):
        number = read_count(found[0])
    else:
        name = re.match(r"[a-z]+", text)
        number = _NAMES.get(name[0]) or _SHORT.get(name[0][:3], 0) if name else 0
    if not 1 <= number <= 12:
        raise ValueError(f"{quote(text)} is not a month")
    return number
