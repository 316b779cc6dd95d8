"""The arithmetic of each day-count convention, over columns; `day_counts` names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replan.engine.dates import (
    Days,
    Frequency,
    Parts,
    add_months,
    as_days,
    day_in_month,
)
from replan.errors import UsageError

Ratio = tuple[Days, Days]


@dataclass(frozen=True, slots=True)
class Period:
    """Two columns of dates, the first not after the second, and what some conventions ask besides.

    `maturity` is the day on which the contract ends; `reference` the regular period to which the
    dates belong; `month_end` whether the schedule sticks to month ends (None: as the convention);
    `works` says which days are business days.
    """

    start: Parts
    end: Parts
    maturity: Days | None = None
    frequency: Frequency | None = None
    reference: tuple[Days, Days] | None = None
    month_end: bool | None = None
    works: Callable[[date], bool] | None = None

    @property
    def days(self) -> Days:
        """The actual number of days."""
        return as_days(self.end.days - self.start.days)


Convention = Callable[[Period], Ratio]

# days by which business days may have lengthened or shortened a regular period
_MOVED_AT_MOST = 10


def over(numerator: Days, denominator: int) -> Ratio:
    """Give the numerator with a denominator that is the same for all rows."""
    return numerator, np.broadcast_to(np.int64(denominator), numerator.shape)


def actual_over(denominator: int, *, factor: int = 1, extra: int = 0) -> Convention:
    """Make the convention of actual days over a fixed number; `factor` scales both sides."""

    def ratio(period: Period) -> Ratio:
        return over(as_days((period.days + extra) * factor), denominator)

    return ratio


def _thirty(period: Period, first: ArrayLike, last: ArrayLike) -> Days:
    """Count days in months of 30, the days of the month having been adjusted."""
    months = period.end.months - period.start.months
    return as_days(30 * months + as_days(last) - as_days(first))


def _bond_basis_days(period: Period) -> Days:
    first = np.minimum(period.start.day, 30)
    last = np.where(first == 30, np.minimum(period.end.day, 30), period.end.day)
    return _thirty(period, first, last)


def bond_basis(period: Period) -> Ratio:
    """Count 30-day months; day 31 is day 30, at the end only if the start is on day 30 or 31."""
    return over(_bond_basis_days(period), 360)


def us(period: Period) -> Ratio:
    """Count 30-day months; a start on the last of February is day 30, and so is an end then."""
    if period.month_end is False:
        return bond_basis(period)
    start, end = period.start, period.end
    first = np.where(start.is_february_end, 30, np.minimum(start.day, 30))
    both = start.is_february_end & end.is_february_end
    last = np.where((first == 30) & (end.day == 31) | both, 30, end.day)
    return over(_thirty(period, first, last), 360)


def thirty_365(period: Period) -> Ratio:
    """Count days as the bond basis does, over 365."""
    return over(_bond_basis_days(period), 365)


def psa(period: Period) -> Ratio:
    """Count 30-day months; a start on the last day of its month is day 30."""
    first = np.where(period.start.is_month_end, 30, np.minimum(period.start.day, 30))
    last = np.where(first == 30, np.minimum(period.end.day, 30), period.end.day)
    return over(_thirty(period, first, last), 360)


def european(period: Period) -> Ratio:
    """Count 30-day months; day 31 is day 30 on both sides."""
    days = _thirty(period, np.minimum(period.start.day, 30), np.minimum(period.end.day, 30))
    return over(days, 360)


def european_plus(period: Period) -> Ratio:
    """Count 30-day months; an end on day 31 is the first of the next month."""
    # the 31st becomes the 1st of the next month: 30 days more, 30 days less
    return over(_thirty(period, np.minimum(period.start.day, 30), period.end.day), 360)


def german(period: Period) -> Ratio:
    """Count 30-day months; month ends are day 30, save for a maturity at the end of February."""
    start, end = period.start, period.end
    first = np.where(start.is_february_end, 30, np.minimum(start.day, 30))
    rolls = end.is_february_end
    if period.maturity is not None:
        rolls = rolls & (end.days != period.maturity)
    return over(_thirty(period, first, np.where(rolls, 30, np.minimum(end.day, 30))), 360)


def italian(period: Period) -> Ratio:
    """Count 30-day months; from 28 February on, and on day 31, it is day 30."""
    first, last = (
        np.where((parts.month == 2) & (parts.day > 27), 30, np.minimum(parts.day, 30))
        for parts in (period.start, period.end)
    )
    return over(_thirty(period, first, last), 360)


def european_365(period: Period) -> Ratio:
    """Count 30-day months with every month end as day 30, over 365."""
    first, last = (
        np.where(parts.is_month_end, 30, parts.day) for parts in (period.start, period.end)
    )
    return over(_thirty(period, first, last), 365)


def spreadsheet_thirty(period: Period) -> Ratio:
    """Count 30-day months as spreadsheets do with basis 0."""
    start, end = period.start, period.end
    both = start.is_february_end & end.is_february_end
    first = np.where(start.is_february_end, 30, np.minimum(start.day, 30))
    # a start on the last of February does not shorten an end on the 31st
    last = np.where((start.day >= 30) & (end.day == 31) | both, 30, end.day)
    return over(_thirty(period, first, last), 360)


def _is_leap(year: Days) -> NDArray[np.bool_]:
    return np.asarray((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))


def _leap_years_before(year: Days) -> Days:
    past = year - 1
    return as_days(past // 4 - past // 100 + past // 400)


def _new_year(year: Days) -> Days:
    return as_days((year - 1) * 365 + _leap_years_before(year) + 1)


def _leap_days_until(parts: Parts) -> Days:
    """Count every 29 February up to and including the date."""
    march = _new_year(parts.year) + 59
    return as_days(_leap_years_before(parts.year) + (_is_leap(parts.year) & (parts.days >= march)))


def _leap_days_after(period: Period) -> Days:
    """Count every 29 February after the start, the end included."""
    return as_days(_leap_days_until(period.end) - _leap_days_until(period.start))


def _leap_days_from(start: ArrayLike, end: ArrayLike) -> Days:
    """Count every 29 February from the start on, the end excluded."""
    first, last = (Parts.of(as_days(day) - 1) for day in (start, end))
    return as_days(_leap_days_until(last) - _leap_days_until(first))


def _days_in_leap_years(parts: Parts) -> Days:
    """Count the days before the date that lie in leap years."""
    elapsed = np.where(_is_leap(parts.year), parts.days - _new_year(parts.year), 0)
    return as_days(366 * _leap_years_before(parts.year) + elapsed)


def actual_isda(period: Period) -> Ratio:
    """Count days in leap years over 366 and the others over 365; the start counts, not the end."""
    leap = _days_in_leap_years(period.end) - _days_in_leap_years(period.start)
    common = period.days - leap
    # one kind of year needs no common denominator, which keeps products small
    denominator = np.where(leap == 0, 365, np.where(common == 0, 366, 365 * 366))
    numerator = common * (denominator // 365) + leap * (denominator // 366)
    only_leap = (common == 0) & (leap != 0)
    return as_days(np.where(only_leap, leap, numerator)), as_days(denominator)


def actual_isda_last_day(period: Period) -> Ratio:
    """Count as `actual_isda`, but the end counts and not the start: from the 31st, all of it."""
    start, end = (Parts.of(parts.days + 1) for parts in (period.start, period.end))
    return actual_isda(replace(period, start=start, end=end))


def _afb(period: Period, *, february: bool) -> Ratio:
    start, end = period.start, period.end

    def back(years: Days) -> Days:
        on_february_end = february & (end.month == 2) & (end.day >= 28) & (years > 0)
        return day_in_month(end.months - 12 * years, np.where(on_february_end, 31, end.day))

    years = as_days(end.year - start.year)
    years = as_days(years - (back(years) < start.days))
    anchor = back(years)
    length = as_days(365 + (_leap_days_from(start.days, anchor) > 0))
    return as_days(years * length + anchor - start.days), length


def actual_afb(period: Period) -> Ratio:
    """Count whole years back from the end, then days over 366 if they hold a 29 February."""
    return _afb(period, february=False)


def actual_afb_isda(period: Period) -> Ratio:
    """Do as `actual_afb`, but whole years before 28 February end on the last of February."""
    return _afb(period, february=True)


def actual_year(period: Period) -> Ratio:
    """Count whole years from the start, then days over the length of the year that follows."""
    start, end = period.start, period.end
    years = as_days(end.year - start.year)
    years = as_days(years - (add_months(start.days, 12 * years) > end.days))
    anchor = add_months(start.days, 12 * years)
    length = as_days(add_months(anchor, 12) - anchor)
    return as_days(years * length + end.days - anchor), length


def actual_365_actual(period: Period) -> Ratio:
    """Count days over 366 if a 29 February comes after the start, up to the end."""
    return period.days, as_days(365 + (_leap_days_after(period) > 0))


def actual_365_leap(period: Period) -> Ratio:
    """Count days over 366 if the due date is in a leap year; yearly as `actual_365_actual`."""
    due = period.end if period.reference is None else Parts.of(period.reference[1])
    if period.frequency is not None and period.frequency == Frequency("month", 12):
        leap = _leap_days_until(due) > _leap_days_until(period.start)
    else:
        leap = _is_leap(due.year)
    return period.days, as_days(np.broadcast_to(365 + leap, period.days.shape))


def no_leap_over(denominator: int) -> Convention:
    """Make the convention of actual days without 29 February over a fixed number."""

    def ratio(period: Period) -> Ratio:
        return over(as_days(period.days - _leap_days_after(period)), denominator)

    return ratio


def spreadsheet_actual(period: Period) -> Ratio:
    """Count days over a year length as spreadsheets do with basis 1."""
    start, end = period.start, period.end
    same_year = start.year == end.year
    anniversary = (start.month > end.month) | ((start.month == end.month) & (start.day >= end.day))
    within = same_year | ((start.year + 1 == end.year) & anniversary)
    leap = np.where(same_year, _is_leap(start.year), _leap_days_from(start.days, end.days + 1) > 0)
    years = as_days(end.year - start.year + 1)
    span = as_days(_new_year(as_days(end.year + 1)) - _new_year(start.year))
    numerator = np.where(within, period.days, period.days * years)
    return as_days(numerator), as_days(np.where(within, 365 + leap, span))


def canadian(period: Period) -> Ratio:
    """Count days over 365, or a regular period less the missing days over 365."""
    if period.reference is None:
        raise UsageError("actual/365 Canadian needs the regular period: give reference=(from, to).")
    regular = as_days(period.reference[1] - period.reference[0])
    months = (24 * regular + 365) // 730
    if np.any((months < 1) | (months > 12)):
        raise UsageError("actual/365 Canadian needs a regular period of one month to one year.")
    per_year = 12 // months
    short = period.days < 365 // per_year
    rest = 365 - per_year * (regular - period.days)
    numerator = np.where(short, period.days * per_year, rest)
    return as_days(numerator), as_days(np.broadcast_to(365 * per_year, numerator.shape))


def _quasi_position(dates: Parts, anchor: Days, every: int, seed: Days) -> Ratio:
    """Say how many regular periods after the anchor each date lies, as numerator and length."""
    first = Parts.of(anchor).months
    number = (dates.months - first) // every
    number = number - (day_in_month(first + number * every, seed) > dates.days)
    begin = day_in_month(first + number * every, seed)
    length = day_in_month(first + (number + 1) * every, seed) - begin
    return as_days(number * length + dates.days - begin), as_days(length)


def _reference_months(reference: tuple[Days, Days]) -> int:
    months = np.unique((24 * (reference[1] - reference[0]) + 365) // 730)
    if len(months) != 1 or months[0] < 1:
        raise UsageError("The regular period is no whole month or differs by row: give frequency=.")
    return int(months[0])


def _regular_frequency(period: Period) -> Frequency:
    if period.frequency is not None:
        return period.frequency
    if period.reference is not None:
        return Frequency("month", _reference_months(period.reference))
    raise UsageError(
        "actual/actual ICMA needs the regular period: give frequency= or reference=(from, to)."
    )


def _position_from_start(period: Period, dates: Parts, every: int) -> Ratio:
    start = period.start
    seed = np.where(start.is_month_end & bool(period.month_end), 31, start.day)
    return _quasi_position(dates, start.days, every, as_days(seed))


def _position_from_reference(
    period: Period, dates: Parts, every: int, reference: tuple[Days, Days]
) -> Ratio:
    """Count regular periods back from the reference's start and on from its end."""
    first, last = map(Parts.of, reference)
    regular = add_months(first.days, every) - first.days
    if np.any(np.abs(last.days - first.days - regular) > _MOVED_AT_MOST):
        raise UsageError(f"The reference is not one regular period of {every} months.")
    sticks = first.is_month_end & last.is_month_end & (period.month_end is not False)
    seed = np.where(sticks, 31, np.maximum(first.day, last.day))
    before, before_length, after, after_length = (
        column
        for end in (first, last)
        for column in _quasi_position(dates, end.days, every, _own_seed(end, seed))
    )
    length = last.days - first.days
    sides = [dates.days < first.days, dates.days > last.days]
    position = np.select(sides, [before, after + after_length], dates.days - first.days)
    return as_days(position), as_days(np.select(sides, [before_length, after_length], length))


def _own_seed(dates: Parts, seed: Days) -> Days:
    """Give the seed day if the dates are on it, else their own day."""
    return as_days(np.where(day_in_month(dates.months, seed) == dates.days, seed, dates.day))


def actual_icma(period: Period) -> Ratio:
    """Divide by the regular period's own length times the periods in a year, period by period."""
    frequency, reference = _regular_frequency(period), period.reference
    if frequency.unit == "day":
        per_year = frequency.periods_per_year
        days = as_days(period.days * per_year.denominator)
        return over(days, frequency.every * per_year.numerator)
    (start, start_length), (end, end_length) = (
        _position_from_start(period, dates, frequency.every)
        if reference is None
        else _position_from_reference(period, dates, frequency.every, reference)
        for dates in (period.start, period.end)
    )
    numerator = end * start_length - start * end_length
    return as_days(numerator * frequency.every), as_days(12 * start_length * end_length)


def business_252(period: Period) -> Ratio:
    """Count business days, the first day and not the last, over 252."""
    works = period.works or (lambda day: day.weekday() < 5)
    spans = zip(period.start.days.flat, period.end.days.flat, strict=True)
    counts = [
        sum(works(date.fromordinal(day)) for day in range(int(first), int(last)))
        for first, last in spans
    ]
    return over(as_days(np.reshape(counts, period.days.shape)), 252)


def one(period: Period) -> Ratio:
    """Take every period for one year."""
    return over(np.ones_like(period.days), 1)
