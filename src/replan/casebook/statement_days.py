"""The dates of a bank statement: one form for the whole column, found or asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from replan.errors import UsageError
from replan.model.text import clean_text
from replan.model.values import DateOrder, normalise, parse_date

_FIGURES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})")
_NAMED = re.compile(r"(\d{1,2}[-/. ][A-Za-z]{3,9}\.?[-/., ]+)'?(\d{2})")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}\S*$")
_ORDERS: dict[str, tuple[int, int, int]] = {
    "day-first": (2, 1, 0),
    "month-first": (2, 0, 1),
    "year-first": (0, 1, 2),
}
"""Where year, month and day stand."""
_LONGEST = timedelta(days=5 * 366)
"""A statement spans no longer: dates of a wrong form lie decades apart."""
_OLDEST = timedelta(days=7 * 366)
_AHEAD = timedelta(days=7)
"""A day of value may lie so far ahead of the day on which a statement is read."""


def day_reader(
    cells: Sequence[str], *, order: DateOrder | None = None, until: date | None = None
) -> Callable[[str], date]:
    """Give what reads the dates of a column, all of which have one form.

    A form is possible if it makes every date one of the calendar, all of them within five years,
    and the newest neither more than a week after `until` nor seven years before it. Years of two
    digits are of this century. Raises UsageError where several forms are possible and no *order*
    says which.
    """
    figures = [found for cell in cells if (found := _FIGURES.fullmatch(_plain(cell)))]
    if not figures:
        return lambda cell: _named(cell, order)
    possible = [form for form in _forms(figures, order) if _is_possible(figures, form, until)]
    readings = {tuple(_day(found, form) for found in figures): form for form in possible}
    if len(readings) > 1:
        raise _which(figures, list(readings.values()))
    if not possible:  # each is read, or reported, by itself
        return lambda cell: _named(cell, order)
    (form,) = readings.values()

    def read(cell: str) -> date:
        found = _FIGURES.fullmatch(_plain(cell))
        return _named(cell, order) if found is None else _must(_day(found, form))

    return read


def _forms(figures: Sequence[re.Match[str]], order: DateOrder | None) -> list[str]:
    if order is not None:
        return [order]
    is_short = all(len(found[4]) == 2 for found in figures)
    return ["day-first", "month-first", *(["year-first"] if is_short else [])]


def _is_possible(figures: Sequence[re.Match[str]], form: str, until: date | None) -> bool:
    days = [_day(found, form) for found in figures]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return False
    newest = max(known)
    if until is not None and not until - _OLDEST <= newest <= until + _AHEAD:
        return False
    return newest - min(known) <= _LONGEST


def _day(found: re.Match[str], form: str) -> date | None:
    parts = [int(found[1]), int(found[3]), int(found[4])]
    year, month, day = (parts[place] for place in _ORDERS[form])
    try:
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None


def _must(day: date | None) -> date:
    if day is None:
        raise ValueError("the form was found possible for every date")
    return day


def _named(cell: str, order: DateOrder | None) -> date:
    """Read a date that names its month or begins with its year."""
    plain = _plain(cell)
    short = _NAMED.fullmatch(plain)
    return parse_date(f"{short[1]}20{short[2]}" if short else plain, order=order)


def _plain(cell: str) -> str:
    return _TIME.sub("", normalise(cell))


def _which(figures: Sequence[re.Match[str]], possible: Sequence[str]) -> UsageError:
    """Ask for the form, with the first date that differs in each."""
    example = next(f for f in figures if len({_day(f, form) for form in possible}) > 1)
    readings = ", ".join(f"{form} {_day(example, form)}" for form in possible)
    return UsageError(
        f"{clean_text(example[0])} in the statement may be {readings}. Say which: --dates "
        "day-first or --dates month-first; or export it with four digits for the year, year first."
    )
