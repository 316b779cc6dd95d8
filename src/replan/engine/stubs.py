"""Schedules whose last date is given: regular periods and the stubs beside them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from replan.engine.dates import Frequency
from replan.engine.rolls import MONTH_END, Roll
from replan.errors import UsageError

STUBS = (
    "none",
    "short-initial",
    "long-initial",
    "smart-initial",
    "short-final",
    "long-final",
    "smart-final",
    "both",
)

# generation of dates from one end leaves a short period at the other
_GENERATION = {"backward": "shortinitial", "forward": "shortfinal"}
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """A schedule from start to end with its regular part inside, and what was asked for."""

    start: date
    first_regular: date
    last_regular: date
    end: date
    stub: str | None
    roll: Roll | None

    @property
    def has_initial(self) -> bool:
        """Whether a stub at the start is given by date."""
        return self.first_regular != self.start

    @property
    def has_final(self) -> bool:
        """Whether a stub at the end is given by date."""
        return self.last_regular != self.end


def parse_stub(text: str | None) -> str | None:
    """Read a stub convention; `front` and `back` are `initial` and `final`, None stays None.

    `backward` and `forward` say from which end dates are counted.
    """
    if text is None:
        return None
    key = re.sub(r"[^a-z]", "", text.casefold()).removeprefix("stub").removesuffix("stub")
    key = _GENERATION.get(key, key.replace("front", "initial").replace("back", "final"))
    for name in STUBS:
        if key == name.replace("-", ""):
            return name
    raise UsageError(f'"{text}" is no stub convention. Write one of: {", ".join(STUBS)}.')


def implied_roll(
    first: date, last: date, frequency: Frequency, roll: Roll | None, *, stub: str | None = None
) -> Roll:
    """Find where regular dates fall: as asked for, else as the date does that they count from.

    Month ends are advice rather than an order: they hold if the count begins at a month end.
    """
    if roll is not None and roll != MONTH_END and roll.kind != "none":
        return roll
    origin = last if stub is not None and stub.endswith("initial") else first
    if frequency.unit == "day":
        weekly = frequency.every % 7 == 0
        return Roll("weekday", origin.weekday()) if weekly else roll or Roll("none")
    if stub in {None, "none", "both"} and _is_month_end_pair(first, last):
        return roll if roll == MONTH_END else Roll("month-day", max(first.day, last.day))
    if roll == MONTH_END and _is_month_end(origin):
        return MONTH_END
    return Roll("month-day", origin.day)


def closed_schedule(span: Span, frequency: Frequency) -> list[date]:
    """List the dates from start to end, both included."""
    ordered = (span.start, span.first_regular, span.last_regular, span.end)
    for before, after in pairwise(ordered):
        if before > after:
            raise UsageError(f"{after} comes before {before}. Write the dates in their order.")
    if span.first_regular == span.end or span.last_regular == span.start:
        return list(dict.fromkeys((span.start, span.end)))
    stub = _remaining_stub(span)
    roll = implied_roll(span.first_regular, span.last_regular, frequency, span.roll, stub=span.stub)
    grow = _backwards if stub.endswith("initial") else _forwards
    return list(dict.fromkeys((span.start, *grow(span, frequency, roll, stub), span.end)))


def _is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _is_month_end_pair(first: date, last: date) -> bool:
    """Say whether two days of the month differ only because a month is short."""
    months_differ = (first.year, first.month) != (last.year, last.month)
    one_ends = _is_month_end(first) or _is_month_end(last)
    return first.day != last.day and months_differ and one_ends


def _remaining_stub(span: Span) -> str:
    """Say which stub may still arise between the stubs that are given by date."""
    if span.stub is None:
        return _stub_of_roll(span)
    if span.stub == "none" and (span.has_initial or span.has_final):
        raise UsageError("The stub is none, but a regular start or end inside is given.")
    if span.stub == "both" and not (span.has_initial and span.has_final):
        raise UsageError("For stubs at both ends give first_regular_start and last_regular_end.")
    if span.stub in {"none", "both"}:
        return "none"
    given, other = span.has_initial, span.has_final
    if span.stub.endswith("final"):
        given, other = other, given
    if other and not span.stub.startswith("smart"):
        raise UsageError(f"The stub is {span.stub}, but the dates given set one at the other end.")
    if given and other:
        return "short-final"
    return "none" if given else span.stub


def _stub_of_roll(span: Span) -> str:
    """Let a roll day that only one end is on put the stub at the other."""
    if span.roll is not None and not span.has_initial and not span.has_final:
        if span.roll.day == span.end.day:
            return "smart-initial"
        if span.roll.day == span.start.day:
            return "smart-final"
    return "none"


def _joins(stub: str, before: date, after: date) -> bool:
    """Say whether a stub between these dates becomes part of the period beside it."""
    return stub.startswith("long") or (stub.startswith("smart") and after - before < _WEEK)


def _on_roll(day: date, roll: Roll) -> date:
    if roll.on(day) != day:
        raise UsageError(
            f"{day} is no date of this roll convention, from which the periods are counted. "
            "Count from the other end by stub, or give first_regular_start or last_regular_end."
        )
    return day


def _backwards(span: Span, frequency: Frequency, roll: Roll, stub: str) -> list[date]:
    first, dates = span.first_regular, [_on_roll(span.last_regular, roll)]
    while (day := roll.step(dates[-1], frequency, -1)) > first:
        dates.append(day)
    if day != first and len(dates) + span.has_final > 1 and _joins(stub, first, dates[-1]):
        dates.pop()
    return dates[::-1]


def _forwards(span: Span, frequency: Frequency, roll: Roll, stub: str) -> list[date]:
    last, dates = span.last_regular, [_on_roll(span.first_regular, roll)]
    if dates[0] == last:
        return dates
    while (day := roll.step(dates[-1], frequency, 1)) < last:
        dates.append(day)
    if day != last and len(dates) + span.has_initial > 1:
        if stub == "none":
            stub = _allowed_stub(span, frequency, roll)
        if _joins(stub, dates[-1], last):
            dates.pop()
    return [*dates, last]


def _allowed_stub(span: Span, frequency: Frequency, roll: Roll) -> str:
    """Allow an end that keeps the day of a start which rolls at month ends; refuse others."""
    first, last = span.first_regular, span.last_regular
    keeps_day = first.day == last.day and _is_month_end(first)
    if roll == MONTH_END and frequency.unit == "month" and not span.has_final and keeps_day:
        return "smart-final"
    raise UsageError(
        f"{first} to {last} is no whole number of periods of one {frequency}. "
        "Say where the irregular period is, e.g. stub='short-final', or give until instead of end."
    )
