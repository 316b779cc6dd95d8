"""Moved due date: one due date and all after it move; the payment holiday of core banking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar

import numpy as np
from pydantic import Field

from replan.engine.dates import Parts
from replan.engine.terms import Calendar, Terms
from replan.errors import UsageError

from .edits import check_dates, keep_quote
from .register import Ask, Params, strategy
from .values import Day


class Move(Params):
    """Which due date moves, and to which day."""

    positional: ClassVar = ("due",)

    due: Day = Field(description="The due date that moves.")
    to: Day = Field(description="The day to which it moves.")


def asks(p: Move) -> tuple[Ask, ...]:
    """Name what a moved date presumes."""
    text = f"The instalment due on {p.due} is due on {p.to}, and the later ones follow."
    return (Ask("move", text, {"from": p.due.isoformat(), "to": p.to.isoformat()}),)


@strategy(
    Move,
    name="move",
    notation="move DATE to=DATE",
    forbearance="grace period/payment moratorium",
    asks=asks,
    keeps=lambda _: True,
)
def move(terms: Terms, p: Move) -> Terms:
    """Move one due date; every later one follows in the same rhythm.

    The instalment stays, interest runs for the real length of the longer period, and the last
    instalment absorbs it.
    """
    calendar, last = terms.calendar, int(terms.periods.max(initial=0))
    dates = calendar.due[:last, 0]
    found = np.flatnonzero(dates == p.due.toordinal())
    if not found.size:
        near = _nearest(dates, p.due.toordinal())
        raise UsageError(f"Nothing is due on {p.due}.{near}")
    period = int(found[0]) + 1
    least = max(terms.as_of, int(calendar.begin(period)[0]))
    if p.to.toordinal() <= least:
        raise UsageError(
            f"It cannot be due before {date.fromordinal(least + 1)}. Write a later day."
        )
    moved = _moved(calendar, period, p)
    check_dates(moved)
    return replace(terms, quote=keep_quote(terms), calendar=moved)


def _moved(calendar: Calendar, period: int, p: Move) -> Calendar:
    day = np.array([p.to.toordinal()])
    due = np.concatenate(
        [calendar.due[: period - 1], np.broadcast_to(day, (1, calendar.due.shape[1]))]
    )
    moved = calendar.moved | {period}
    if calendar.custom:
        shift = p.to.toordinal() - p.due.toordinal()
        return replace(
            calendar, due=np.concatenate([due, calendar.due[period:] + shift]), moved=moved
        )
    seed = Parts.of(day).day
    return replace(calendar, due=due, seed_day=seed, moved=moved).reaching(calendar.periods)


def _nearest(dates: np.ndarray[tuple[int], np.dtype[np.int64]], day: int) -> str:
    if not dates.size:
        return " This debt has no instalments: write split N before it."
    near = date.fromordinal(int(dates[np.abs(dates - day).argmin()]))
    return f" The nearest due date is {near}."
