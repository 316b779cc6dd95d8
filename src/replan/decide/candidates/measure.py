"""What the candidates of one frame pay and when: figures as columns, from one exact roll.

Most candidates pay nothing, then level instalments, then a last one; what they pay follows from the
kernel's sums, and is checked against them. The rows of the others are rolled, a few at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.engine.curves import Curve
from replan.engine.dates import Parts as Days
from replan.engine.kernel import roll
from replan.engine.metrics import discount_columns, months_until, years_columns, years_until
from replan.engine.phases import WEIGHT, Asks
from replan.engine.resolve import Resolved, is_nothing, resolve, take
from replan.engine.schedule import Schedule
from replan.engine.stack import roll_columns
from replan.engine.terms import COMPONENTS, LONGEST, Terms
from replan.model.months import month_of, months_between

from .grid import Frame, Offer

Cents = NDArray[np.int64]
Index = NDArray[np.int64]
CHUNK = 20_000
"""Candidates whose rows are laid out together: a few dozen megabytes."""
FEW = 2_000
"""Frames of so many candidates are rolled together with others."""
KEPT = 2_000_000
"""So many payments of one frame are kept rather than rolled anew when they are asked for."""
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Dates:
    """The due dates that candidates share, by period (from 0).

    `paid` is the day on which money is due (an ordinal), `month` its calendar month counted from
    that of the as-of date, `elapsed` the months until it, rounded up, `discount` what a unit paid
    then is worth at the as-of date: (periods, debts), `annuity` the sums of that, from a row of
    nothing on. `years` from the as-of date by the debts' day count, that date's 0 first, are known
    where there are several. Debts with dates of their own have a column each of all of these.
    `chosen` discounts at another rate than the contract's, where one was chosen.
    """

    as_of: date
    paid: Index
    month: Index
    elapsed: Index
    discount: NDArray[np.float64]
    annuity: NDArray[np.float64]
    years: NDArray[np.float64] | None = None
    chosen: NDArray[np.float64] | None = None

    @property
    def periods(self) -> int:
        """Count the periods."""
        return int(self.paid.shape[0])

    def some(self, debts: slice) -> Dates:
        """Give the dates of some of the debts, which have a column each or share one."""
        if self.discount.shape[1] == 1:
            return self
        wide = {
            name: table[:, debts]
            for name in ("paid", "month", "elapsed", "discount", "annuity", "years")
            if (table := getattr(self, name)) is not None and table.ndim > 1 and table.shape[1] > 1
        }
        return replace(self, **wide)


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
        at_rate = replace(self.dates, discount=chosen, annuity=_annuity(chosen))
        other = replace(self, dates=at_rate)
        value, others = _level_value(other), np.flatnonzero(~self.level)
        for begin in range(0, others.size, self.chunk):
            here = others[begin : begin + self.chunk]
            value[here] = self.today[here] + _worth(other, here, self.rolled(here))
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


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a part, a column each; see `Space` for their meaning."""

    first_payment: Cents
    first_due: Index
    peak: Cents
    total: Cents
    residual: Cents
    months: Index
    waived: Cents
    waived_principal: Cents
    waived_interest: Cents
    waived_penalty: Cents
    waived_fees: Cents
    instalments: Index
    least: Cents
    rate: NDArray[np.float64]
    npv: NDArray[np.float64]


def payments_of(rolled: Schedule) -> Cents:
    """Give the payments of a rolled batch, (periods, rows)."""
    return _payments(rolled).astype(np.int64)


def _payments(rolled: Schedule) -> Cents:
    """Give the payments as narrow as the kernel keeps them."""
    matrices = rolled.matrices or {}
    none = np.zeros((int(rolled.periods.max(initial=0)), rolled.rows), dtype=np.int64)
    return matrices.get("payment", none)


@dataclass(frozen=True, slots=True)
class Rolled:
    """A frame as the kernel has rolled it, with its periods or without them."""

    frame: Frame
    resolved: Resolved
    schedule: Schedule


def roll_frames(frames: Sequence[Frame]) -> list[Rolled]:
    """Roll frames, those of few candidates together.

    Periods are kept where the sums cannot tell what is paid in each, and memory allows.
    """
    # what a cheaper rate forgoes is not asked for, and would cost as much as the roll itself
    ready = [resolve(replace(f.terms, base=f.terms.curve)) for f in frames]
    shown = [not _is_level(r, np.asarray(r.periods, dtype=np.int64)).all() for r in ready]
    found: dict[int, Schedule] = {}
    for rows in (True, False):
        few = [i for i, r in enumerate(ready) if r.periods.size <= FEW and shown[i] is rows]
        found |= zip(few, roll_columns([ready[i] for i in few], rows=rows), strict=True)
    return [
        Rolled(frame, r, found[i] if i in found else roll(r, rows=shown[i] and _is_small(r)))
        for i, (frame, r) in enumerate(zip(frames, ready, strict=True))
    ]


def _is_small(r: Resolved) -> bool:
    return r.periods.size * int(r.periods.max(initial=0)) <= KEPT


def measure(
    offer: Offer,
    frame: Frame,
    paid_on: Callable[[date], date],
    *,
    several: bool = False,
    dates: Dates | None = None,
) -> tuple[Part, Figures, Index]:
    """Roll a frame and measure its candidates; give apart the codes of those that never clear.

    These are no candidates: they stand in no column. `several`: they are of several debts. `dates`
    are the due dates of the longest of them or more, where they are laid out already.
    """
    known = roll_frames([frame])[0]
    return measure_rolled(offer, known, paid_on, several=several, dates=dates)


def measure_rolled(  # noqa: PLR0913  # a frame, and what is known of it
    offer: Offer,
    known: Rolled,
    paid_on: Callable[[date], date],
    *,
    several: bool = False,
    chosen: Curve | None = None,
    dates: Dates | None = None,
) -> tuple[Part, Figures, Index]:
    """Measure the candidates of a frame that has been rolled, like `measure`.

    `chosen`: a rate besides the contract's at which payments can be valued.
    """
    frame, resolved, rolled = known.frame, known.resolved, known.schedule
    terms = frame.terms
    dates = dates or dates_of(terms, int(resolved.periods.max(initial=0)), paid_on)
    if chosen is not None:
        dates = replace(dates, chosen=discount_columns(terms, chosen, dates.periods))
    part = _part(offer, frame, resolved, rolled, dates)
    if several:
        if dates.years is None:
            years = np.array(years_until(terms, dates.periods))
            part = replace(part, dates=replace(dates, years=years))
        part = replace(part, owner=part.code // prod(len(choice) for choice in offer))
    value = _level_value(part)
    clears = np.ones(part.code.size, dtype=np.bool_)
    others = np.flatnonzero(~part.level)
    for begin in range(0, others.size, part.chunk):
        here = others[begin : begin + part.chunk]
        clears[here] = _measure_rows(part, here, value, endless=terms.trims and terms.closes)
    never = part.code[~clears]
    if never.size:
        part, value = _kept(part, np.flatnonzero(clears)), value[clears]
    return part, _figures(terms, part, rolled, clears, value), never


def dates_of(terms: Terms, periods: int, paid_on: Callable[[date], date]) -> Dates:
    """Lay out the days on which money is due."""
    as_of = date.fromordinal(terms.as_of)
    days = [paid_on(date.fromordinal(int(day))) for day in terms.calendar.due[:periods, 0]]
    months = [months_between(month_of(as_of), month_of(day)) for day in days]
    discount = discount_columns(terms, terms.base, periods)
    return Dates(
        as_of,
        np.array([day.toordinal() for day in days], dtype=np.int64),
        np.array(months, dtype=np.int64),
        np.array([months_until(as_of, day) for day in days], dtype=np.int64),
        discount,
        _annuity(discount),
    )


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
        _annuity(discount),
        years_columns(terms, periods),
    )


def _annuity(discount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up what a unit in each period is worth, from a row of nothing on."""
    found = np.zeros((discount.shape[0] + 1, discount.shape[1]))
    for period, worth in enumerate(discount):
        np.add(found[period], worth, out=found[period + 1])
    return found


def _part(offer: Offer, frame: Frame, r: Resolved, rolled: Schedule, dates: Dates) -> Part:
    """Read from the sums what candidates pay, where that is level instalments and a last one.

    No payment between the first and the last exceeds the instalment, so that their sum tells
    whether each of them is the instalment.
    """
    totals, periods = rolled.totals, np.asarray(rolled.periods, dtype=np.int64)
    sums = {
        name: np.asarray(getattr(totals, name)).astype(np.int64, copy=False)
        for name in ("paid", "first_payment", "level", "last")
    }
    start, first, last = totals.first.astype(np.int64), sums["first_payment"], sums["last"]
    between = np.maximum(periods - 1 - start, 0) * sums["level"]
    expected = np.where(start < periods, first + between, 0) + last
    level = _is_level(r, periods) & (start > 0) & (last > 0) & (sums["paid"] == expected)
    least = np.where(start + 1 < periods, np.minimum(first, sums["level"]), first)
    paid = None if rolled.matrices is None or level.all() else _payments(rolled)
    return Part(
        offer, frame.code, r, dates, rolled.zero.payment, level,
        start, periods.copy(), first.copy(), sums["level"], last.copy(), least, paid=paid,
    )  # fmt: skip


def _is_level(r: Resolved, periods: Index) -> NDArray[np.bool_]:
    """Tell which rows ask for nothing, then for one level instalment, and for nothing besides."""
    none = np.zeros(periods.size, dtype=np.bool_)
    extras = (r.charges, r.prepay, r.catch_parts, r.penalty)
    if any(extra is not None for extra in extras) or not is_nothing(r.fee) or not r.closes:
        return none
    if r.phases.amount.any() or any(r.phases.weight[k] != WEIGHT for k in r.phases.used):
        return none
    seen, fine = none, ~none
    for k in r.phases.used:
        here = r.phases.count[k] > 0
        if r.phases.asks[k] is Asks.LEVEL:
            fine, seen = fine & ~(here & seen), seen | here
        elif r.phases.asks[k] is Asks.NOTHING:
            fine = fine & ~(here & seen)
        else:
            fine = fine & ~here
    return fine & seen


def _level_value(part: Part) -> NDArray[np.float64]:
    """Value level payments at the as-of date; zero for the others."""
    found = np.zeros(part.code.size)
    if not part.level.any():
        return found
    annuity, start, end = part.dates.annuity, part.start, part.end
    discount = np.concatenate([np.zeros((1, annuity.shape[1])), part.dates.discount])
    more = start < end
    grown = _at(annuity, np.maximum(end - 1, start), part.owner) - _at(annuity, start, part.owner)
    body, opens = part.instalment * grown, part.first * _at(discount, start, part.owner)
    value = np.where(more, opens + body, 0.0) + part.last * _at(discount, end, part.owner)
    return np.where(part.level, value + part.today, 0.0)


def _at(table: NDArray[Any], period: Index, owner: Index | None) -> NDArray[Any]:
    """Look up each candidate's period in a table of (periods, debts), or of periods."""
    if table.ndim == 1:
        return np.asarray(table[period])
    shared = owner is None or table.shape[1] == 1
    return np.asarray(table[period, 0] if shared else table[period, owner])


def _measure_rows(
    part: Part, rows: Index, value: NDArray[np.float64], *, endless: bool
) -> NDArray[np.bool_]:
    """Roll candidates row by row; note when they pay and what that is worth.

    Tell which of them clear the debt, if they last as long as it takes.
    """
    paid = part.rolled(rows)
    height, every = paid.shape[0], np.arange(rows.size)
    value[rows] = part.today[rows] + _worth(part, rows, paid)
    if not height:
        return np.ones(rows.size, dtype=np.bool_)
    pays = paid > 0
    some = pays.any(axis=0)
    part.start[rows] = np.where(some, pays.argmax(axis=0) + 1, 0)
    part.end[rows] = end = np.where(some, height - pays[::-1].argmax(axis=0), 0)
    part.first[rows] = np.where(some, paid[np.maximum(part.start[rows] - 1, 0), every], 0)
    part.last[rows] = np.where(some, paid[np.maximum(end - 1, 0), every], 0)
    before = np.where(pays & (np.arange(height)[:, None] < end - 1), paid, NEVER).min(axis=0)
    part.least[rows] = np.where(before < NEVER, before, part.last[rows])
    if not endless or height < LONGEST:
        return np.ones(rows.size, dtype=np.bool_)
    return np.asarray((end < LONGEST) | (paid[-1] <= paid[-2]))


def _worth(part: Part, rows: Index, paid: Cents) -> NDArray[np.float64]:
    """Value payments by period, in the order of the periods whatever stands beside them."""
    discount, found = part.dates.discount, np.zeros(rows.size)
    shared = part.owner is None or discount.shape[1] == 1
    for period, amounts in enumerate(paid):
        here = discount[period]
        found += amounts * (here[0] if shared else here[part.owner[rows]])  # type: ignore[index]
    return found


def _kept(part: Part, rows: Index) -> Part:
    """Select some candidates of a part."""
    names = ("code", "today", "level", "start", "end", "first", "instalment", "last", "least")
    some = {name: getattr(part, name)[rows] for name in names}
    owner = None if part.owner is None else part.owner[rows]
    paid = None if part.paid is None else part.paid[:, rows]
    return replace(part, resolved=take(part.resolved, rows), owner=owner, paid=paid, **some)


def _figures(
    terms: Terms,
    part: Part,
    rolled: Schedule,
    clears: NDArray[np.bool_],
    value: NDArray[np.float64],
) -> Figures:
    rows, today, dates = clears.size, part.today, part.dates
    # nearly always all of them clear: then nothing is copied
    kept: NDArray[np.bool_] | slice = slice(None) if clears.all() else clears
    given = sum((promise.amounts for promise in terms.promises), start=terms.waived)
    totals = {
        name: np.asarray(getattr(rolled.totals, name)).astype(np.int64, copy=False)[kept]
        for name in ("paid", "peak", "residual")
    }
    residual, none = totals["residual"], (rolled.periods == 0)[kept]
    if none.any():
        owed = terms.opening.total + terms.charged + rolled.zero.accrued - terms.waived.total
        residual = np.where(none, owed[kept] - today, residual)
    at_once = today > 0
    nothing = np.zeros((1, *dates.paid.shape[1:]), dtype=np.int64)
    due, elapsed = (np.concatenate([nothing, c]) for c in (dates.paid, dates.elapsed))
    return Figures(
        first_payment=np.where(at_once, today, part.first),
        first_due=np.where(at_once, dates.as_of.toordinal(), _at(due, part.start, part.owner)),
        peak=np.maximum(totals["peak"], today),
        total=totals["paid"] + today,
        residual=residual,
        # what never pays lasts as long as the plan
        months=_at(elapsed, np.where((part.end > 0) | at_once, part.end, -1), part.owner),
        waived=np.broadcast_to(given.total, (rows,))[kept],
        **{f"waived_{c}": np.broadcast_to(getattr(given, c), (rows,))[kept] for c in COMPONENTS},
        instalments=np.where(part.start > 0, part.end - part.start + 1, 0) + at_once,
        least=np.where(part.start > 0, part.least, today),
        rate=np.broadcast_to(least_rate(terms), (rows,))[kept],
        npv=value,
    )


def least_rate(terms: Terms) -> NDArray[np.float64]:
    """Give the lowest annual rate that each row is charged."""
    rates = [s.rate.num / s.rate.den * (365 if s.rate.daily else 1) for s in terms.curve]
    return np.asarray(np.minimum.reduce(np.broadcast_arrays(*rates)))
