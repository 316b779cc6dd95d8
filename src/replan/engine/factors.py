"""Period factors: every date and rate turned into the exact cost of a period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .accruals import accrual_ratio
from .curves import Curve, RateColumn, flat_curve
from .dates import Days, Frequency, due_grid
from .money import (
    EXACT_FLOAT,
    Cents,
    Column,
    Divisor,
    Rounder,
    RoundingMode,
    as_object,
    divisor,
    rounder,
)
from .terms import Calendar, Charge, Terms

INT64 = 2**62
LAST_DAY = date.max.toordinal() + 1


@dataclass(frozen=True, slots=True)
class Factors:
    """Interest per unit of balance, exactly: (num/den)·(time/span) for each period and row.

    `num` and `den` are (T or 1, R or 1): rates; `time` and `span` (T or 1, R or 1): year fractions.
    They are multiplied period by period, so that a million rows share a column of dates.
    """

    num: Column
    den: Column
    time: Column
    span: Column

    def at(self, period: int) -> tuple[Column, Column]:
        """Give numerator and denominator of a period (from 0) over the rows."""
        return (
            _at(self.num, period) * _at(self.time, period),
            _at(self.den, period) * _at(self.span, period),
        )

    @property
    def constant(self) -> bool:
        """Tell whether all periods of a row have one factor."""
        return all(x.shape[0] == 1 for x in (self.num, self.den, self.time, self.span))


def some_factors(factors: Factors, rows: slice | NDArray[np.int64]) -> Factors:
    """Select rows; columns that all rows share stay as they are."""
    columns = (factors.num, factors.den, factors.time, factors.span)
    return Factors(*(c if c.shape[1] == 1 else c[:, rows] for c in columns))


def same_factors(a: Factors, b: Factors) -> bool:
    """Tell whether factors stand in the same numbers."""
    return all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in fields(Factors))


def rounders_of(
    factors: Factors, mode: RoundingMode, *, top: float, wide: bool
) -> Callable[[int], Rounder]:
    """Prepare the rounding of each period's interest (from 0) on balances from 0 to *top*.

    What is the same in all periods is worked out once.
    """
    if factors.constant:
        always = rounder(*factors.at(0), mode, top=top, wide=wide)
        return lambda _: always
    columns = (factors.num, factors.den, factors.time, factors.span)
    most_num, most_den = (_top(x) * _top(y) for x, y in (columns[::2], columns[1::2]))
    product = 2.0 * top * most_num + 2.0 * most_den
    if wide or factors.num.shape[0] > 1 or not product < EXACT_FLOAT:
        return lambda period: rounder(*factors.at(period), mode, top=top, wide=wide)
    low, time = product < EXACT_FLOAT / 4, factors.time
    steady = factors.den.shape[0] == factors.span.shape[0] == 1

    def divisor_at(period: int) -> Divisor:
        den = _at(factors.den, period) * _at(factors.span, period)
        return divisor(_float(den), mode, low=low)

    first = divisor_at(0)
    num = factors.num[0].astype(np.float64) * first.factor

    def at(period: int) -> Rounder:
        by = first if steady else divisor_at(period)
        return by.rounder(_float(num * _at(time, period)))

    return at


def _float(column: Column) -> Any:
    return float(column[0]) if column.size == 1 else column.astype(np.float64, copy=False)


def _at(column: Column, period: int) -> Column:
    row: Column = column[period if column.shape[0] > 1 else 0]
    return row


ONE = np.ones((1, 1), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Factors on which level instalments are computed.

    `mixed` is what the period really costs; `flat[s]` what it would cost wholly at the rate of
    segment s; `last[t]` the segment in force at the end of period t. An instalment computed anew
    knows the rates up to the next computation and takes the one then in force to hold on.
    `differs`: these may not be the factors with which interest accrues.
    """

    mixed: Factors
    flat: tuple[Factors, ...]
    last: NDArray[np.int64]
    differs: bool

    @property
    def constant(self) -> bool:
        """Tell whether all periods of a row have one factor, whatever is known."""
        return self.mixed.constant and len(self.flat) == 1


def resolve_factors(calendar: Calendar, curve: Curve, day_count: str) -> Factors:
    """Turn a rate curve into one exact factor per period; see docs/engine.md, section 3."""
    starts = period_starts(calendar)
    if len(curve) == 1:
        return _whole(starts, calendar, curve[0].rate, day_count)
    num: Column = np.zeros((1, 1), dtype=np.int64)
    den: Column = np.ones((1, 1), dtype=np.int64)
    for i, segment in enumerate(curve):
        stop = curve[i + 1].start if i + 1 < len(curve) else calendar.due[-1:]
        opens = np.clip(np.maximum(starts, segment.start), None, calendar.due)
        closes = np.clip(np.minimum(calendar.due, stop), opens, None)
        if not segment.rate.num.any() or not (closes > opens).any():
            continue
        n, d = _part(starts, calendar, segment.rate, day_count, (opens, closes))
        num, den = _sum(_product(num, d), _product(n, den)), _product(den, d)
        num, den = _lowest(num, den)
    return _reduced(num, den)


def _product(x: Column, y: Column) -> Column:
    """Multiply whole numbers from 0, as Python integers where 64 bits could be too few."""
    if object not in (x.dtype, y.dtype) and _top(x) * _top(y) < INT64:
        return np.asarray(x * y)
    return np.asarray(as_object(x) * as_object(y))


def _sum(x: Column, y: Column) -> Column:
    """Add whole numbers in the same way."""
    if object not in (x.dtype, y.dtype) and _top(x) + _top(y) < INT64:
        return np.asarray(x + y)
    return np.asarray(as_object(x) + as_object(y))


def _whole(starts: Days, calendar: Calendar, rate: RateColumn, day_count: str) -> Factors:
    """Cost of whole periods at one rate."""
    common = int(np.gcd.reduce(rate.num, initial=rate.den))
    num, den = rate.num[None, :] // common, np.array([[rate.den // common]])
    if rate.daily:
        time, span = _smallest(calendar.due - starts, ONE)
    else:
        time, span = _times(starts, calendar, day_count)
    if _top(num) * _top(time) >= INT64 or _top(den) * _top(span) >= INT64:
        num, den, time, span = (as_object(x) for x in (num, den, time, span))
    return Factors(num, den, time, span)


def _times(starts: Days, calendar: Calendar, day_count: str) -> tuple[Column, Column]:
    """Give the years of each period in lowest terms; debts that share their dates share them."""
    if starts.shape[1] > 1 or calendar.due.shape[1] > 1 or calendar.seed_day.size > 1:
        return _times_apart(starts, calendar, day_count)
    dates = (starts, calendar.due, calendar.seed_day)
    rhythm = (calendar.frequency, calendar.moved, calendar.earlier)
    return _remembered(*(days.astype(np.int64).tobytes() for days in dates), *rhythm, day_count)


def _times_apart(starts: Days, calendar: Calendar, day_count: str) -> tuple[Column, Column]:
    """Give the same where debts have dates of their own: computed once for those that are alike."""
    if calendar.custom or calendar.moved:
        return _smallest(*_lowest(*_year_fraction(starts, calendar, day_count)))
    # from the first dates and the seed day the others follow, also after a change of the rhythm
    known = calendar.earlier[0] if calendar.earlier else 1
    first, which = _distinct([starts[0], *calendar.due[:known], calendar.seed_day], starts.shape[1])
    due = np.broadcast_to(calendar.due, starts.shape)[:, first]
    seed = np.broadcast_to(calendar.seed_day, starts.shape[1:])[first]
    alike = replace(calendar, start=starts[0, first], due=due, seed_day=seed)
    time, span = _smallest(*_lowest(*_year_fraction(starts[:, first], alike, day_count)))
    if (span == span[:1, :1]).all():
        return time[:, which], span[:1, :1]
    return time[:, which], span[:, which]


def _distinct(days: Sequence[Days], rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the first row of each combination of days, and which combination each row has."""
    which = np.zeros(rows, dtype=np.int64)
    for column in days:
        key = which * LAST_DAY + column  # both are small enough: rows times days
        _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return first, which


@lru_cache(maxsize=1024)
def _remembered(  # noqa: PLR0913, PLR0917 - all that the years of periods depend on
    starts: bytes,
    due: bytes,
    seed_day: bytes,
    frequency: Frequency,
    moved: frozenset[int],
    earlier: tuple[int, Frequency] | None,
    day_count: str,
) -> tuple[Column, Column]:
    begins, ends = (np.frombuffer(days, dtype=np.int64)[:, None] for days in (starts, due))
    seed = np.frombuffer(seed_day, dtype=np.int64)
    calendar = Calendar(begins[0], ends, frequency, seed, moved, earlier)
    time, span = _smallest(*_lowest(*_year_fraction(begins, calendar, day_count)))
    for column in (time, span):
        column.setflags(write=False)
    return time, span


def period_starts(calendar: Calendar) -> Days:
    """Give the day on which each period begins: (T, R or 1)."""
    rows = max(calendar.start.size, calendar.due.shape[1])
    starts = np.empty((calendar.periods, rows), dtype=np.int64)
    starts[0], starts[1:] = calendar.start, calendar.due[:-1]
    return starts


def _smallest(x: Column, y: Column) -> tuple[Column, Column]:
    """Keep one period where all are the same."""
    x, y = np.broadcast_arrays(x, y)
    if x.shape[0] > 1 and (x == x[:1]).all() and (y == y[:1]).all():
        return x[:1], y[:1]
    return x, y


def _year_fraction(starts: Days, calendar: Calendar, day_count: str) -> tuple[Column, Column]:
    # dates on both sides of a move have no common seed day
    seed = None if calendar.moved or calendar.earlier else calendar.seed_day
    n, d = accrual_ratio(starts, calendar.due, day_count, calendar.frequency, seed_day=seed)
    if calendar.earlier is not None:
        until, rhythm = calendar.earlier
        head = accrual_ratio(starts[:until], calendar.due[:until], day_count, rhythm)
        n, d = (np.concatenate([a, b[until:]]) for a, b in zip(head, (n, d), strict=True))
    if calendar.moved:
        rows = np.array(sorted(calendar.moved)) - 1
        n, d = np.broadcast_arrays(n, d)
        n, d = n.copy(), d.copy()
        n[rows], d[rows] = accrual_ratio(
            starts[rows],
            calendar.due[rows],
            day_count,
            calendar.frequency,
            seed_day=seed,
            moved=True,
        )
    return n, d


def _part(
    starts: Days, calendar: Calendar, rate: RateColumn, day_count: str, part: tuple[Days, Days]
) -> tuple[Column, Column]:
    """Cost of the part of each period in which a rate holds."""
    (opens, closes), num = part, rate.num
    den = np.full((1, 1), rate.den, dtype=np.int64 if rate.den < INT64 else object)
    if rate.daily:
        return _product(closes - opens, num), den
    if day_count == "30/360":
        n, d = _year_fraction(starts, calendar, day_count)
        length = np.maximum(calendar.due - starts, 1)
        return _product(_product(n, closes - opens), num), _product(_product(d, length), den)
    n, d = accrual_ratio(opens, closes, day_count, calendar.frequency, seed_day=calendar.seed_day)
    return _product(n, num), _product(d, den)


def _lowest(num: Column, den: Column) -> tuple[Column, Column]:
    if object in (num.dtype, den.dtype):
        num, den = as_object(num), as_object(den)
    num, den = np.broadcast_arrays(num, den)
    divisor = np.gcd(num, den)
    return num // divisor, den // divisor


def _reduced(num: Column, den: Column) -> Factors:
    """Reduce to lowest terms, to the smallest shape and to int64 where it fits."""
    num, den = _smallest(*_lowest(num, den))
    if num.dtype == object and max(_top(num), _top(den)) < INT64:
        num, den = num.astype(np.int64), den.astype(np.int64)
    return Factors(num, den, ONE, ONE)


def _top(x: Any) -> float:
    return float(np.max(x))


def nominal_factors(calendar: Calendar, curve: Curve) -> Factors:
    """Rate / periods per year for each period, at the rate in force when the period begins."""
    per_year = calendar.frequency.periods_per_year
    starts = period_starts(calendar)
    num: Column = np.zeros(starts.shape, dtype=object)
    den: Column = np.ones(starts.shape, dtype=object)
    for segment in curve:
        days = 365 if segment.rate.daily else 1
        here = np.broadcast_to(
            starts >= segment.start, np.broadcast_shapes(starts.shape, (1, segment.rate.num.size))
        )
        n = as_object(segment.rate.num) * days * per_year.denominator
        num = np.where(here, n, num)
        den = np.where(here, segment.rate.den * per_year.numerator, den)
    return _reduced(num, den)


def resolve_quote(terms: Terms, real: Factors) -> Quoted:
    """Resolve what level instalments are computed on; `real` is what the periods cost."""
    quote = terms.quoted()
    calendar, nominal = quote.calendar, terms.rounding.basis == "nominal"
    differs = nominal or terms.quote is not None

    def factors(curve: Curve) -> Factors:
        if nominal:
            return nominal_factors(calendar, curve)
        return resolve_factors(calendar, curve, terms.day_count)

    mixed = factors(quote.curve) if differs else real
    if len(quote.curve) == 1:
        return Quoted(mixed, (mixed,), np.zeros((calendar.periods, 1), dtype=np.int64), differs)
    flat = tuple(factors(flat_curve(segment.rate)) for segment in quote.curve)
    starts = [segment.start for segment in quote.curve]
    last = sum((calendar.due > start for start in starts), start=np.array(-1))
    return Quoted(mixed, flat, np.asarray(last), differs)


def charges_due(calendar: Calendar, charges: tuple[Charge, ...], first: Days) -> Cents:
    """Add up the recurring fees whose dates fall into each period: (T, R or 1)."""
    total = np.zeros(calendar.due.shape, dtype=np.int64)
    starts = period_starts(calendar)
    for charge in charges:
        if charge.frequency == calendar.frequency:
            total += charge.amount
            continue
        span = int((calendar.due[-1] - calendar.start).max())
        count = 2 + span // (
            charge.frequency.every * (28 if charge.frequency.unit == "month" else 1)
        )
        dates = due_grid(first, count, charge.frequency)
        inside = (dates[:, :, None] > starts.T[:, None, :]) & (
            dates[:, :, None] <= calendar.due.T[:, None, :]
        )
        total += charge.amount * inside.sum(axis=1).T
    return total
