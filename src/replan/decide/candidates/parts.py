"""What candidates that share their due dates pay, and when: laid out only as far as asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.engine.curves import flat_curve
from replan.engine.dates import Parts as Days
from replan.engine.kernel import roll
from replan.engine.metrics import discount_columns, months_until, years_columns
from replan.engine.resolve import Resolved, take
from replan.engine.schedule import Schedule
from replan.engine.terms import Terms
from replan.model.months import month_of, months_between

from .grid import Offer

Cents = NDArray[np.int64]


Index = NDArray[np.int64]


CHUNK = 20_000
"""Candidates whose rows are laid out together: a few dozen megabytes."""


FEW = 2_000
"""Frames of so many candidates are rolled together with others."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The due dates that candidates share, by period (from 0).

    `paid` is the day on which money is due (an ordinal), `month` its calendar month counted from
    that of the as-of date, `elapsed` the months until it, rounded up, `discount` what a unit paid
    then is worth at the as-of date: (periods, debts), `annuity` the sums of that, from a row of
    nothing on. `years` from the as-of date by the debts' day count, that date's 0 first, are known
    where there are several. Debts with dates of their own have a column each of all of these.
    `column` says which column of `discount` and `annuity` each debt has, where debts of one rate
    share one. `chosen` discounts at another rate than the contract's, where one was chosen.
    """

    as_of: date
    paid: Index
    month: Index
    elapsed: Index
    discount: NDArray[np.float64]
    annuity: NDArray[np.float64]
    years: NDArray[np.float64] | None = None
    chosen: NDArray[np.float64] | None = None
    column: Index | None = None

    @property
    def periods(self) -> int:
        """Count the periods."""
        return int(self.paid.shape[0])

    def some(self, debts: slice | Index) -> Dates:
        """Give the dates of some of the debts, which have a column each or share one."""
        if self.discount.shape[1] == 1:
            return self
        if self.column is not None:
            columns = self.column[debts]
            # unlike an index between brackets this keeps what is due in a period together
            discount, annuity = (np.take(t, columns, axis=1) for t in (self.discount, self.annuity))
            return replace(self, discount=discount, annuity=annuity, column=None)
        wide = {
            name: table[:, debts]
            for name in ("paid", "month", "elapsed", "discount", "annuity", "years")
            if (table := getattr(self, name)) is not None and table.ndim > 1 and table.shape[1] > 1
        }
        return replace(self, **wide)

    def column_of(self, owner: Index | None) -> Index | int:
        """Give the columns of candidates in `discount` and `annuity`."""
        if owner is None or self.discount.shape[1] == 1:
            return 0
        return owner if self.column is None else self.column[owner]


@dataclass(frozen=True, slots=True)
class Part:
    """Candidates of one offer that share their due dates; columns have an entry per candidate.

    `code` finds each one's steps. `today` is paid at signing. `level` marks those that then pay
    nothing before period `start` (from 1), `first` in it, `instalment` after it and `last` in
    period `end`; of the others `start`, `first`, `last` and `end` hold, too. `least` is the
    smallest payment but for the last. `owner` is each one's debt, if there are several. `paid` is
    what each pays in each period, (periods, rows), where that has been laid out already.
    """

    offer: Offer
    code: Index
    resolved: Resolved
    dates: Dates
    today: Cents
    level: NDArray[np.bool_]
    start: Index
    end: Index
    first: Cents
    instalment: Cents
    last: Cents
    least: Cents
    owner: Index | None = None
    paid: Cents | None = None

    @property
    def worth(self) -> NDArray[np.float64] | None:
        """Value what candidates pay at the rate that was chosen; None if none was."""
        if self.dates.chosen is None:
            return None
        chosen = self.dates.chosen
        at_rate = replace(self.dates, discount=chosen, annuity=annuity_of(chosen))
        other = replace(self, dates=at_rate)
        value, others = level_value(other), np.flatnonzero(~self.level)
        for begin in range(0, others.size, self.chunk):
            here = others[begin : begin + self.chunk]
            value[here] = self.today[here] + worth_of(other, here, self.rolled(here))
        return value

    @property
    def chunk(self) -> int:
        """Say how many candidates are best laid out at once: few where nothing is rolled anew."""
        return FEW if self.paid is not None or self.level.all() else CHUNK

    def by_period(self, index: Index) -> Cents:
        """Give what candidates pay in each period, down to their last: (periods, len(index))."""
        height = int(self.end[index].max(initial=0))
        found = np.zeros((height, index.size), dtype=np.int64)
        plain = np.flatnonzero(self.level[index])
        if plain.size:
            found[:, plain] = self._level_payments(index[plain], height)
        others = np.flatnonzero(~self.level[index])
        if others.size:
            rolled = self.rolled(index[others])
            found[: rolled.shape[0], others] = rolled[:height]  # nothing is paid below
        return found

    def rolled(self, index: Index) -> Cents:
        """Give what candidates pay in each period as the kernel has it, down to their longest."""
        if self.paid is None:
            return payments_of(roll(take(self.resolved, index)))
        height = int(self.resolved.periods[index].max(initial=0))
        return self.paid[:height, index].astype(np.int64)

    def _level_payments(self, index: Index, height: int) -> Cents:
        period = np.arange(1, height + 1)[:, None]
        start, end = self.start[index], self.end[index]
        inside = (period > start) & (period < end)
        found = np.where(inside, self.instalment[index], 0)
        every = np.arange(index.size)
        found[start - 1, every] = self.first[index]
        found[end - 1, every] = self.last[index]
        return found

    def by_month(self, index: Index, width: int) -> Cents:
        """Give what candidates pay in each calendar month: (len(index), width)."""
        found = np.zeros((width, index.size), dtype=np.int64)
        found[0] = self.today[index]
        paid = self.by_period(index)
        month = self.dates.month[: paid.shape[0]]
        if month.ndim > 1 and self.owner is not None:
            owner, every = self.owner[index], np.arange(index.size)
            for at, amounts in enumerate(paid):
                here = month[at, owner]
                found[np.minimum(here, width - 1), every] += np.where(here < width, amounts, 0)
            return found.T
        inside = month < width
        if (np.diff(month) > 0).all():
            found[month[inside]] += paid[inside]
            return found.T
        for period in np.flatnonzero(inside):
            found[month[period]] += paid[period]
        return found.T


def payments_of(rolled: Schedule) -> Cents:
    """Give the payments of a rolled batch, (periods, rows)."""
    return narrow_payments(rolled).astype(np.int64)


def narrow_payments(rolled: Schedule) -> Cents:
    """Give the payments as narrow as the kernel keeps them."""
    matrices = rolled.matrices or {}
    none = np.zeros((int(rolled.periods.max(initial=0)), rolled.rows), dtype=np.int64)
    return matrices.get("payment", none)


def dates_of(terms: Terms, periods: int, paid_on: Callable[[date], date]) -> Dates:
    """Lay out the days on which money is due."""
    as_of = date.fromordinal(terms.as_of)
    days = [paid_on(date.fromordinal(int(day))) for day in terms.calendar.due[:periods, 0]]
    months = [months_between(month_of(as_of), month_of(day)) for day in days]
    terms, column = _by_rate(terms)
    discount = discount_columns(terms, terms.base, periods)
    return Dates(
        as_of,
        np.array([day.toordinal() for day in days], dtype=np.int64),
        np.array(months, dtype=np.int64),
        np.array([months_until(as_of, day) for day in days], dtype=np.int64),
        discount,
        annuity_of(discount),
        column=column,
    )


def _by_rate(terms: Terms) -> tuple[Terms, Index | None]:
    """Give each rate once where many debts have few, and which of them each debt has."""
    rate = terms.base[0].rate
    once, column = np.unique(rate.num, return_inverse=True)
    if len(terms.base) > 1 or terms.worth is not None or 2 * once.size > rate.num.size:
        return terms, None
    return replace(terms, base=flat_curve(replace(rate, num=once))), column


def dates_apart(terms: Terms, periods: int) -> Dates:
    """Lay out the days of debts that have dates of their own, where none moves on a holiday."""
    as_of = Days.of(np.array([terms.as_of]))
    due = Days.of(terms.calendar.due[:periods])
    month = due.months - as_of.months
    discount = discount_columns(terms, terms.base, periods)
    return Dates(
        date.fromordinal(terms.as_of),
        due.days,
        month,
        np.maximum(month + (due.day > as_of.day), 0),
        discount,
        annuity_of(discount),
        years_columns(terms, periods),
    )


def annuity_of(discount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up what a unit in each period is worth, from a row of nothing on."""
    found = np.zeros((discount.shape[0] + 1, discount.shape[1]))
    for period, worth in enumerate(discount):
        np.add(found[period], worth, out=found[period + 1])
    return found


def level_value(part: Part) -> NDArray[np.float64]:
    """Value level payments at the as-of date; zero for the others."""
    found = np.zeros(part.code.size)
    if not part.level.any():
        return found
    annuity, start, end = part.dates.annuity, part.start, part.end
    column = part.dates.column_of(part.owner)

    def worth(period: Index) -> NDArray[np.float64]:
        here = part.dates.discount[np.maximum(period - 1, 0), column]
        return np.asarray(np.where(period > 0, here, 0.0))

    more = start < end
    grown = annuity[np.maximum(end - 1, start), column] - annuity[start, column]
    value = np.where(more, part.first * worth(start) + part.instalment * grown, 0.0)
    value += part.last * worth(end)
    return np.where(part.level, value + part.today, 0.0)


def at_period(table: NDArray[Any], period: Index, owner: Index | None) -> NDArray[Any]:
    """Look up each candidate's period in a table of (periods, debts), or of periods."""
    if table.ndim == 1:
        return np.asarray(table[period])
    shared = owner is None or table.shape[1] == 1
    return np.asarray(table[period, 0] if shared else table[period, owner])


def worth_of(part: Part, rows: Index, paid: Cents) -> NDArray[np.float64]:
    """Value payments by period, in the order of the periods whatever stands beside them."""
    discount, found = part.dates.discount, np.zeros(rows.size)
    column = part.dates.column_of(None if part.owner is None else part.owner[rows])
    for period, amounts in enumerate(paid):
        found += amounts * discount[period, column]
    return found


def some_of(part: Part, rows: Index) -> Part:
    """Select some candidates of a part."""
    names = ("code", "today", "level", "start", "end", "first", "instalment", "last", "least")
    some = {name: getattr(part, name)[rows] for name in names}
    owner = None if part.owner is None else part.owner[rows]
    paid = None if part.paid is None else part.paid[:, rows]
    return replace(part, resolved=take(part.resolved, rows), owner=owner, paid=paid, **some)
