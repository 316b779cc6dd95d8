"""Joining terms of one debt: the rows of several definitions as one, where that loses nothing.

A column in which all rows share a value stays one value. Terms that differ in more than columns are
not joined; they are rolled apart.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields, replace
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .curves import Curve, RateColumn, Segment
from .phases import Phase, Phases
from .resolve import Rows
from .terms import COMPONENTS, Calendar, CatchUp, Parts, Promise, Quote, Terms

COLUMNS = ("capitalised", "down", "forborne", "balloon", "charged", "to_come")
PARTS = ("owed", "opening", "arrears", "waived", "demanded")
SHARED = (
    "as_of", "day_count", "rounding", "order", "fee", "fee_parts", "charges", "minimum", "prepay",
    "even_shares", "inside", "stated", "closes", "trims", "exponent",
)  # fmt: skip
SAME = ("base", "quote", "overdue", "catch_up")
"""What must be the very same object: it is compared by nothing else."""
INT64 = 2**62


def joinable(a: Terms, b: Terms, *, alike: bool) -> bool:
    """Tell whether two definitions can stand as rows of one.

    `alike`: only if their phases and dates are the same too, so that they differ in amounts and
    rates alone.
    """
    if alike and not _alike(a.phases, b.phases):  # what most often differs
        return False
    if any(getattr(a, name) is not getattr(b, name) for name in SAME):
        return False
    for name in SHARED:
        mine, theirs = getattr(a, name), getattr(b, name)
        if mine is not theirs and mine != theirs:
            return False
    if [p.after for p in a.promises] != [p.after for p in b.promises]:
        return False
    if not (_calendars(a.calendar, b.calendar) and _curves(a.curve, b.curve)):
        return False
    return alike or _aligned(a.phases, b.phases) is not None


def _calendars(a: Calendar, b: Calendar) -> bool:
    """Tell whether one calendar goes on where the other ends."""
    if a is b:
        return True
    facts = [(c.frequency, c.moved, c.earlier, c.custom) for c in (a, b)]
    common = min(a.periods, b.periods)
    columns = ((a.start, b.start), (a.seed_day, b.seed_day), (a.due[:common], b.due[:common]))
    return facts[0] == facts[1] and all(np.array_equal(x, y) for x, y in columns)


def _curves(a: Curve, b: Curve) -> bool:
    if a is b:
        return True
    return len(a) == len(b) and all(
        x.rate.daily == y.rate.daily and np.array_equal(x.start, y.start)
        for x, y in zip(a, b, strict=True)
    )


def _kind(p: Phase) -> tuple[Any, ...]:
    return p.asks, p.weight, p.unpaid, p.anew, p.leads


def _alike(a: Phases, b: Phases) -> bool:
    return len(a) == len(b) and all(
        _kind(p) == _kind(q) and np.array_equal(p.count, q.count) for p, q in zip(a, b, strict=True)
    )


def layout_of(phases: Phases) -> Hashable:
    """Give what phases share that differ in amounts alone."""
    return tuple((_kind(p), p.count.shape, p.count.tobytes()) for p in phases)


def _aligned(a: Phases, b: Phases) -> Phases | None:
    """Give the longer sequence of phases if the shorter is contained in it, in this order."""
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    return longer if _embedded(shorter, longer) is not None else None


def _embedded(phases: Phases, pattern: Phases) -> list[Phase] | None:
    """Lay phases out along a pattern, from its end; what they lack lasts no period."""
    left, found = list(phases), list[Phase]()
    for p in reversed(pattern):
        if left and _kind(left[-1]) == _kind(p):
            found.append(left.pop())
        else:
            none = np.zeros(1, dtype=np.int64)
            found.append(replace(p, count=none, amount=none))
    return None if left else found[::-1]


def join(terms: Sequence[Terms]) -> Terms:
    """Put the rows of joinable definitions under each other."""
    if len(terms) == 1:
        return terms[0]
    sizes = np.array([t.rows for t in terms])
    rows = int(sizes.sum())

    def stacked(of: Callable[[Terms], NDArray[np.int64]]) -> NDArray[np.int64]:
        return _stacked([of(t) for t in terms], sizes)

    def parts(of: Callable[[Terms], Parts]) -> Parts:
        return Parts(*(stacked(lambda t, c=c: getattr(of(t), c)) for c in COMPONENTS))  # type: ignore[misc]

    changes: dict[str, Any] = {name: stacked(lambda t, n=name: getattr(t, n)) for name in COLUMNS}  # type: ignore[misc]
    for name in PARTS:
        changes[name] = parts(lambda t, n=name: getattr(t, n))  # type: ignore[misc]
    opening = changes["opening"]
    changes["opening"] = replace(opening, principal=np.broadcast_to(opening.principal, (rows,)))
    changes["promises"] = tuple(
        Promise(parts(lambda t, i=i: t.promises[i].amounts), p.after)  # type: ignore[misc]
        for i, p in enumerate(terms[0].promises)
    )
    pattern = max((t.phases for t in terms), key=len)
    laid = [_embedded(t.phases, pattern) or [] for t in terms]
    changes["phases"] = tuple(
        replace(
            p,
            count=_stacked([phases[k].count for phases in laid], sizes),
            amount=_stacked([phases[k].amount for phases in laid], sizes),
        )
        for k, p in enumerate(pattern)
    )
    longest = max((t.calendar for t in terms), key=lambda c: c.periods)
    changes["calendar"] = _days_again(longest, len(terms))
    changes["curve"] = _rates([t.curve for t in terms], sizes)
    changes["quote"], changes["catch_up"] = _shared_again(terms[0], len(terms))
    return replace(terms[0], **changes)


def _shared_again(terms: Terms, times: int) -> tuple[Quote | None, CatchUp | None]:
    """Repeat what all definitions share, where it has an entry for each row of one of them."""
    quote, catch_up = terms.quote, terms.catch_up
    if quote is not None:
        curve = tuple(
            replace(s, start=_again(s.start, times), rate=_rate_again(s.rate, times))
            for s in quote.curve
        )
        quote = Quote(_days_again(quote.calendar, times), curve)
    if catch_up is not None:
        catch_up = replace(catch_up, principal=_again(catch_up.principal, times))
    return quote, catch_up


def _rate_again(rate: RateColumn, times: int) -> RateColumn:
    return replace(rate, num=_again(rate.num, times))


def _days_again(calendar: Calendar, times: int) -> Calendar:
    if calendar.due.shape[1] == 1:
        return calendar
    start, seed = (_again(days, times) for days in (calendar.start, calendar.seed_day))
    return replace(calendar, start=start, due=np.tile(calendar.due, (1, times)), seed_day=seed)


def _again(column: NDArray[np.int64], times: int) -> NDArray[np.int64]:
    return column if column.size == 1 else np.tile(column, times)


def _stacked(columns: list[NDArray[np.int64]], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Concatenate columns; one value that all share stays one."""
    first = columns[0]
    if all(c is first for c in columns):
        if first.size == 1:
            return first
        return np.tile(np.broadcast_to(first, (int(sizes[0]),)), len(columns))
    if all(c.size == 1 for c in columns):
        values = np.concatenate(columns)
        return values[:1] if (values == values[0]).all() else np.repeat(values, sizes)
    wide = [np.broadcast_to(c, (int(n),)) for c, n in zip(columns, sizes, strict=True)]
    return np.concatenate(wide)


def _rates(curves: list[Curve], sizes: NDArray[np.int64]) -> Curve:
    """Bring rates to a common denominator, exactly."""
    found = []
    for s, segment in enumerate(curves[0]):
        rates = [curve[s].rate for curve in curves]
        den = lcm(*(rate.den for rate in rates))
        top = max(int(rate.num.max()) * (den // rate.den) for rate in rates)
        if max(den, top) >= INT64:
            raise OverflowError("the rates of these plans have no common denominator in 64 bits")
        if all(rate is rates[0] for rate in rates):
            nums, den = [rate.num for rate in rates], rates[0].den
        else:
            nums = [rate.num * (den // rate.den) for rate in rates]
        rate = RateColumn(_stacked(nums, sizes), den, rates[0].daily)
        found.append(Segment(_again(segment.start, len(curves)), rate))
    return tuple(found)


def take_rows(terms: Terms, index: Rows) -> Terms:
    """Select rows of terms; a value that all rows share stays one."""

    def some(column: NDArray[np.int64]) -> NDArray[np.int64]:
        return column if column.size == 1 else np.asarray(column[index])

    def parts(whole: Parts) -> Parts:
        return Parts(*(some(getattr(whole, f.name)) for f in fields(Parts)))

    opening = parts(terms.opening)
    rows = np.broadcast_to(terms.opening.principal, (terms.rows,))[index]
    changes: dict[str, Any] = {name: some(getattr(terms, name)) for name in COLUMNS}
    changes |= {name: parts(getattr(terms, name)) for name in PARTS}
    changes["opening"] = replace(opening, principal=rows)
    changes["promises"] = tuple(replace(p, amounts=parts(p.amounts)) for p in terms.promises)
    changes["phases"] = tuple(
        replace(p, count=some(p.count), amount=some(p.amount)) for p in terms.phases
    )
    changes["curve"] = take_curve(terms.curve, index)
    changes["calendar"] = take_days(terms.calendar, index)
    quote, catch_up = terms.quote, terms.catch_up
    if quote is not None and (quote.calendar.due.shape[1] > 1 or _is_wide(quote.curve)):
        changes["quote"] = Quote(take_days(quote.calendar, index), take_curve(quote.curve, index))
    if catch_up is not None and catch_up.principal.size > 1:
        changes["catch_up"] = replace(catch_up, principal=some(catch_up.principal))
    return replace(terms, **changes)


def _is_wide(curve: Curve) -> bool:
    return any(s.start.size > 1 or s.rate.num.size > 1 for s in curve)


def take_curve(curve: Curve, index: Rows) -> Curve:
    """Select the rates of some rows; a value that all rows share stays one."""

    def some(column: NDArray[np.int64]) -> NDArray[np.int64]:
        return column if column.size == 1 else np.asarray(column[index])

    return tuple(Segment(some(s.start), replace(s.rate, num=some(s.rate.num))) for s in curve)


def take_days(calendar: Calendar, index: Rows) -> Calendar:
    """Select the dates of some rows; one calendar that all rows share stays as it is."""
    if calendar.due.shape[1] == 1:
        return calendar

    def some(days: NDArray[np.int64]) -> NDArray[np.int64]:
        return days if days.size == 1 else np.asarray(days[index])

    due = np.ascontiguousarray(calendar.due[:, index])
    return replace(calendar, start=some(calendar.start), due=due, seed_day=some(calendar.seed_day))
