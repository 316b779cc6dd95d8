"""Due day: the instalments move to another day of the month, such as the day after pay-day."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from replan.engine.dates import Parts, day_in_month
from replan.engine.terms import Terms
from replan.errors import UsageError

from .edits import keep_quote
from .register import Ask, Params, strategy
from .values import DayOfMonth


class DueDay(Params):
    """The day of the month on which instalments are due."""

    positional: ClassVar = ("day",)

    day: DayOfMonth


def asks(p: DueDay) -> tuple[Ask, ...]:
    """Name what another due day presumes."""
    return (Ask("date", f"Instalments are due on day {p.day} of the month.", {"day": p.day}),)


@strategy(
    DueDay,
    name="date",
    notation="date DAY",
    forbearance="rescheduled payments",
    asks=asks,
    keeps=lambda _: True,
)
def due_day(terms: Terms, p: DueDay) -> Terms:
    """Move every due date to a day of the month, never to an earlier date than agreed.

    Day 31 means the last day of shorter months. Interest runs for the real length of the first
    period; the instalment stays and the last one absorbs it.
    """
    calendar = terms.calendar
    if calendar.frequency.unit != "month":
        raise UsageError("date: instalments that are not monthly have no day of the month.")
    first = calendar.due[:1]
    months = Parts.of(first).months
    same = day_in_month(months, p.day)
    new = np.where(same >= first, same, day_in_month(months + 1, p.day))
    seed = np.full(calendar.seed_day.shape, p.day, dtype=np.int64)
    moved = replace(calendar, due=new, seed_day=seed, moved=frozenset())
    return replace(terms, quote=keep_quote(terms), calendar=moved.reaching(calendar.periods))
