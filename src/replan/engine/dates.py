"""Dates in columns and how often payments fall due: frequencies, months and grids of due dates.

A column of dates holds proleptic ordinals (`datetime.date.toordinal()`) as int64.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replan.errors import UsageError

Days = NDArray[np.int64]
DateLike = date | str | np.datetime64

EPOCH = date(1970, 1, 1).toordinal()

_NAMES: dict[tuple[str, int], str] = {
    ("day", 1): "day",
    ("day", 7): "week",
    ("day", 14): "fortnight",
    ("day", 28): "4-weeks",
    ("month", 1): "month",
    ("month", 3): "quarter",
    ("month", 6): "half-year",
    ("month", 12): "year",
}
_SPELLINGS: dict[str, tuple[Literal["day", "month"], int]] = {
    "day": ("day", 1),
    "daily": ("day", 1),
    "d": ("day", 1),
    "week": ("day", 7),
    "weekly": ("day", 7),
    "w": ("day", 7),
    "fortnight": ("day", 14),
    "fortnightly": ("day", 14),
    "month": ("month", 1),
    "monthly": ("month", 1),
    "m": ("month", 1),
    "quarter": ("month", 3),
    "quarterly": ("month", 3),
    "half-year": ("month", 6),
    "half-yearly": ("month", 6),
    "year": ("month", 12),
    "yearly": ("month", 12),
    "annual": ("month", 12),
    "annually": ("month", 12),
    "y": ("month", 12),
    "a": ("month", 12),
    "biweekly": ("day", 14),
    "bi-weekly": ("day", 14),
    "four-weekly": ("day", 28),
    "lunar-month": ("day", 28),
    "q": ("month", 3),
    "halfyearly": ("month", 6),
    "semiannual": ("month", 6),
    "semi-annual": ("month", 6),
    "semiannually": ("month", 6),
    "semi-annually": ("month", 6),
    "s": ("month", 6),
}
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_LONGEST = {"day": 36_600, "month": 1_200}
_ACCEPTED = (
    "Write day, week, fortnight, 4-weeks, month, quarter, half-year or year, "
    "or a number of them such as 15-days, 2-weeks or 6-months (at most 100 years)."
)


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often something falls due: every so many days, or every so many calendar months."""

    unit: Literal["day", "month"]
    every: int

    def __post_init__(self) -> None:
        if not 1 <= self.every <= _LONGEST.get(self.unit, 0):
            raise UsageError(f"every {self.every} {self.unit}s is no frequency. {_ACCEPTED}")

    def __str__(self) -> str:
        """Print the name that `parse_frequency` reads back."""
        name = _NAMES.get((self.unit, self.every))
        if name is None and self.unit == "day" and self.every % 7 == 0:
            return f"{self.every // 7}-weeks"
        return name or f"{self.every}-{self.unit}s"

    @property
    def periods_per_year(self) -> Fraction:
        """Divide a nominal yearly rate by this: 12 for month, 52 for week, 365/N for N days.

        A year has 12 months, 52 weeks (so 26 fortnights and 13 times 4 weeks) or 365 days.
        """
        if self.unit == "month":
            return Fraction(12, self.every)
        if self.every % 7 == 0:
            return Fraction(52, self.every // 7)
        return Fraction(365, self.every)


def parse_frequency(text: str | Frequency) -> Frequency:
    """Read a frequency: a name (`month`, `fortnight`), a multiple (`15-days`) or ISO 8601 (`P3M`).

    Case, plural, a leading "every" and the sign between number and unit do not matter.  A frequency
    is returned as it is.  Anything else raises `UsageError` with what is accepted.

    >>> str(parse_frequency("2 weeks")), str(parse_frequency("P3M"))
    ('fortnight', 'quarter')
    """
    if isinstance(text, Frequency):
        return text
    written = str(text).strip().casefold()
    if mixed := re.fullmatch(r"p?(\d{1,3})y(\d{1,4})m", written):
        return Frequency("month", 12 * int(mixed[1]) + int(mixed[2]))
    words = re.fullmatch(r"(?:p|every[\s_-]+)?\s*(\d{1,5})?[\s_-]*([a-z][a-z_ -]*)", written)
    if words is None:
        raise UsageError(f'"{text}" is no frequency. {_ACCEPTED}')
    unit = re.sub(r"[\s_]+", "-", words[2].strip())
    found = _SPELLINGS.get(unit) or _SPELLINGS.get(unit.removesuffix("s"))
    if found is None:
        raise UsageError(f'"{text}" is no frequency. {_ACCEPTED}')
    return Frequency(found[0], found[1] * int(words[1] or 1))


def as_date(value: DateLike) -> date:
    """Read a date or ISO 8601 text (`2026-11-21`); anything else raises `UsageError`.

    The time of a datetime, as an object, of numpy or as text, is left out.  With the year first,
    2026-1-9, 2026/01/09 and 2026.1.9 are one day.
    """
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        written = (str(value) if isinstance(value, np.datetime64) else value).strip()
        if parts := _YEAR_FIRST.fullmatch(written):
            return date(int(parts[1]), int(parts[3]), int(parts[4]))
        return datetime.fromisoformat(written).date()
    except (AttributeError, ValueError):
        raise UsageError(f'"{value}" is not a date. Write it as 2026-11-21.') from None


def as_days(value: ArrayLike) -> Days:
    """Make a column of ordinals of what numpy takes as an array of integers."""
    return np.asarray(value, dtype=np.int64)


@dataclass(frozen=True)
class Parts:
    """A column of dates taken apart once: months since January 1970 and day of the month."""

    days: Days
    months: Days
    day: Days

    @classmethod
    def of(cls, days: ArrayLike) -> Self:
        """Take ordinals apart."""
        column = as_days(days)
        months = as_days((column - EPOCH).astype("M8[D]").astype("M8[M]"))
        return cls(column, months, as_days(column - month_start(months) + 1))

    @cached_property
    def year(self) -> Days:
        """The calendar year."""
        return as_days(self.months // 12 + 1970)

    @cached_property
    def month(self) -> Days:
        """The month of the year, 1 to 12."""
        return as_days(self.months % 12 + 1)

    @cached_property
    def length(self) -> Days:
        """How many days the month has."""
        return month_length(self.months)

    @cached_property
    def is_month_end(self) -> NDArray[np.bool_]:
        """Whether the date is the last day of its month."""
        return np.asarray(self.day == self.length)

    @cached_property
    def is_february_end(self) -> NDArray[np.bool_]:
        """Whether the date is the last day of a February."""
        return np.asarray(self.is_month_end & (self.month == 2))


def month_start(months: ArrayLike) -> Days:
    """Give the first day of each month; months are counted from January 1970 = 0."""
    firsts = as_days(months).astype("M8[M]").astype("M8[D]")
    return as_days(firsts.astype(np.int64) + EPOCH)


def month_length(months: ArrayLike) -> Days:
    """Give the number of days of each month; months are counted from January 1970 = 0."""
    column = as_days(months)
    return as_days(month_start(column + 1) - month_start(column))


def day_in_month(months: ArrayLike, day: ArrayLike) -> Days:
    """Give the date of that day in each month, or the month's last day where it is shorter."""
    first, after = month_start(months), month_start(as_days(months) + 1)
    return as_days(np.minimum(first + as_days(day), after) - 1)


def add_months(days: ArrayLike, months: ArrayLike, *, seed_day: ArrayLike | None = None) -> Days:
    """Move each date by whole calendar months, negative ones backwards.

    The day is `seed_day`, by default the date's own day, or the month's last day where the month
    is shorter: 31 January plus 1 month is 28 or 29 February, plus 2 months 31 March.
    """
    parts = Parts.of(days)
    day = parts.day if seed_day is None else as_days(seed_day)
    return day_in_month(parts.months + as_days(months), day)


def due_grid(
    first: ArrayLike, count: int, frequency: Frequency, *, seed_day: ArrayLike | None = None
) -> Days:
    """Give `count` due dates for each row, the first of them included: shape (rows, count).

    Column 0 is `first` itself.  By months, later dates keep the seed day (by default the day of
    `first`) and fall on the month's last day where the month is shorter: 31 January,
    28 February, 31 March.  By days, they follow at equal distance.
    """
    start = np.atleast_1d(as_days(first))
    steps = np.arange(count, dtype=np.int64) * frequency.every
    if frequency.unit == "day":
        return as_days(start[:, None] + steps)
    parts = Parts.of(start)
    seed = parts.day if seed_day is None else np.broadcast_to(as_days(seed_day), start.shape)
    grid = day_in_month(parts.months[:, None] + steps, seed[:, None])
    if count:
        grid[:, 0] = start
    return grid
