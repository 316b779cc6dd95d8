"""Lists of due dates, by number, up to a day or to the end of a schedule, on business days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile

from replan.engine.business_days import BusinessCalendar, adjust, rule_name
from replan.engine.dates import DateLike, Frequency, as_date, parse_frequency
from replan.engine.rolls import MONTH_END, Roll, parse_roll
from replan.engine.stubs import Span, closed_schedule, implied_roll, parse_stub
from replan.errors import UsageError


@dataclass(frozen=True, slots=True)
class _Moves:
    """How dates move to business days."""

    start: str
    rule: str
    calendar: BusinessCalendar

    def apply(self, dates: list[date], start: date) -> list[date]:
        """Move every date of a schedule; the start as given by its own rule."""
        if not dates:
            return dates
        rest = [adjust(day, self.rule, self.calendar) for day in dates[1:]]
        return [adjust(start, self.start, self.calendar), *rest]

    def undo(self, day: DateLike, roll: Roll | None) -> date:
        """Give the roll date that moves to `day`, or `day` where there is none."""
        wanted = as_date(day)
        if roll is None or self.rule == "none":
            return wanted
        rolled = roll.on(wanted)
        return rolled if adjust(rolled, self.rule, self.calendar) == wanted else wanted


def due_dates(  # noqa: PLR0913 - what a schedule is made of, each with a default
    start: DateLike,
    end: DateLike | int | None = None,
    every: str | Frequency = "month",
    *,
    count: int | None = None,
    until: DateLike | None = None,
    include_start: bool = True,
    stub: str | None = None,
    roll: str | int | None = None,
    first_regular_start: DateLike | None = None,
    last_regular_end: DateLike | None = None,
    business_day: str | None = None,
    calendar: BusinessCalendar = None,
    start_adjustment: str | None = None,
    adjusted: bool = True,
) -> list[date]:
    """List the due dates from `start`, which is the first of them unless `include_start=False`.

    Give one of three: `count`, the number of dates in the list; `until`, after which there is
    none; or `end`, the last date, which closes the last period whether that is regular or not (a
    number in its place is a count).  Dates may be ISO text; `every` is a frequency such as `month`,
    `2 weeks` or `P3M`, or `term` for one period from start to end.

    Month ends keep the day of `start`: 31 January, 28 February, 31 March.  `roll` sets another day
    (17 or `day-17`, `eom`, `imm`, a weekday); `eom` applies where the schedule begins at a month
    end.  With `end`, `stub` says where the irregular period is, if there is one: `short-`,
    `long-` or `smart-` (long if the short one had less than 7 days) `initial` or `final`; initial
    ones count back from the end.  `none`, and no stub at all, refuse an irregular period among
    several.  `first_regular_start` and `last_regular_end` set the stubs by date (`both`).

    With a `business_day` rule (see `adjust`), each date moves to a business day of `calendar`;
    two may then coincide.  `start_adjustment` is the start's own rule; `none` there means that it
    has been moved already.  `adjusted=False` lists the dates unmoved.

    What cannot be met raises `UsageError`.  The terms are those of OpenGamma Strata and FpML.

    >>> [str(day) for day in due_dates("2026-01-31", count=3)]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    """
    if isinstance(end, int):
        if count is not None:
            raise UsageError(f"{end} and {count} are two counts. Give one.")
        end, count = None, end
    if sum(given is not None for given in (end, until, count)) != 1:
        raise UsageError("Give one of count, until and end: each says where the due dates stop.")
    if end is None and (stub is not None or last_regular_end is not None):
        raise UsageError("stub and last_regular_end count from the last date: give end.")
    rolls, own = parse_roll(roll), start_adjustment or business_day
    moves = _Moves(rule_name(own), rule_name(business_day), calendar)
    is_moved = rolls == MONTH_END or (start_adjustment is not None and moves.start == "none")
    begin = moves.undo(start, rolls) if is_moved else as_date(start)
    regular = begin if first_regular_start is None else moves.undo(first_regular_start, rolls)
    if end is None:
        series = _open_schedule(begin, regular, parse_frequency(every), rolls)
        listed = _cut(series, count, until, skipped=not include_start)
    else:
        final = moves.undo(end, rolls)
        last = final if last_regular_end is None else moves.undo(last_regular_end, rolls)
        listed = _between(Span(begin, regular, last, final, parse_stub(stub), rolls), every)
    moved = moves.apply(listed, as_date(start)) if adjusted else listed
    return moved if include_start else moved[1:]


def _between(span: Span, every: str | Frequency) -> list[date]:
    if isinstance(every, Frequency) or every.casefold() not in {"term", "once"}:
        return closed_schedule(span, parse_frequency(every))
    if span.has_initial or span.has_final:
        raise UsageError("One period for the whole term leaves no room for stubs.")
    return [span.start, span.end]


def _cut(
    series: Iterator[date], count: int | None, until: DateLike | None, *, skipped: bool
) -> list[date]:
    if count is not None and count < 0:
        raise UsageError(f"{count} due dates cannot be listed. Write a count of 0 or more.")
    if until is None:
        return list(islice(series, None if count is None else count + skipped))
    last = as_date(until)
    return list(takewhile(lambda day: day <= last, series))


def _open_schedule(
    start: date, regular: date, frequency: Frequency, roll: Roll | None
) -> Iterator[date]:
    """Give dates without end: the start, then roll dates from the first regular one on."""
    if regular < start:
        raise UsageError(f"{regular} comes before {start}. Write the dates in their order.")
    rolls = implied_roll(regular, regular, frequency, roll)
    yield start
    if regular == start and rolls.on(start) > start:
        # the start is no roll date: a stub leads to the first one
        regular = rolls.on(start)
    if regular != start:
        yield regular
    while True:
        regular = rolls.step(regular, frequency, 1)
        yield regular
