"""Business days: which days a calendar works, and where a due date goes when it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from replan.engine.dates import DateLike, as_date
from replan.errors import UsageError

BusinessCalendar = str | Callable[[date], bool] | None

RULES = ("none", "following", "modified-following", "preceding", "modified-preceding")

# other names, in letters alone: market abbreviations
_ABBREVIATIONS = {
    "f": "following",
    "next": "following",
    "p": "preceding",
    "previous": "preceding",
    "mf": "modified-following",
    "modf": "modified-following",
    "modfollowing": "modified-following",
    "modified": "modified-following",
    "mp": "modified-preceding",
    "modp": "modified-preceding",
    "modpreceding": "modified-preceding",
    "modifiedprevious": "modified-preceding",
    "unadjusted": "none",
    "noadjust": "none",
    "noadjustment": "none",
}
_DAY = timedelta(days=1)
# no calendar known to `holidays` rests for longer than this
_LONGEST_REST = 60


def rule_name(text: str | None) -> str:
    """Give the name of a rule in `RULES`, however joined, cased or abbreviated; None is `none`."""
    key = _letters("none" if text is None else text)
    for name in RULES:
        if key == _letters(name) or _ABBREVIATIONS.get(key) == name:
            return name
    raise UsageError(f'"{text}" is no business-day rule. Write one of: {", ".join(RULES)}.')


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalpha())


def adjust(
    day: DateLike, rule: str | None = "modified-following", calendar: BusinessCalendar = None
) -> date:
    """Move a date that is no business day to one that is.

    `following` takes the next business day, `preceding` the one before; the `modified-` forms turn
    round rather than leave the calendar month; `none` leaves the date alone.

    `calendar` is None or `weekends` (Monday to Friday work), a country code of the `holidays`
    package with or without a subdivision (`CN`, `US-NY`: install `replan[calendar]`), or a
    function that says whether a date is worked.  Country calendars know working weekends such as
    China's make-up Saturdays.  Unknown rules and calendars raise `UsageError`.
    """
    wanted, name, works = as_date(day), rule_name(rule), works_on(calendar)
    if name == "none" or works(wanted):
        return wanted
    step = _DAY if name.endswith("following") else -_DAY
    found = _nearest(wanted, step, works)
    if name.startswith("modified") and found.month != wanted.month:
        return _nearest(wanted, -step, works)
    return found


def works_on(calendar: BusinessCalendar) -> Callable[[date], bool]:
    """Give the function that says whether a date is worked in this calendar."""
    if callable(calendar):
        return calendar
    if calendar is None or _letters(calendar) in {"weekends", "satsun"}:
        return _is_weekday
    return _country(calendar)


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5


def _nearest(day: date, step: timedelta, works: Callable[[date], bool]) -> date:
    for _ in range(_LONGEST_REST):
        day += step
        if works(day):
            return day
    raise UsageError(f"The calendar has no business day within {_LONGEST_REST} days of {day}.")


@cache
def _country(code: str) -> Callable[[date], bool]:
    try:
        import holidays  # noqa: PLC0415 - an extra that only country calendars need
    except ImportError:
        raise UsageError(
            f"The calendar {code} needs the holidays package. Install replan[calendar]."
        ) from None
    country, _, subdivision = code.upper().partition("-")
    try:
        known = holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        raise UsageError(
            f'"{code}" is no calendar. Write weekends or a country code such as CN or US-NY.'
        ) from None
    return known.is_working_day
