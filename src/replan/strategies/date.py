"""Due day: the instalments move to another day of the month, such as the day after pay-day."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import Field

from replan.engine.dates import Parts, day_in_month
from replan.engine.terms import Terms
from replan.errors import UsageError

from .edits import check_dates, keep_quote
from .register import Ask, Params, strategy
from .values import DayOfMonth


class DueDay(Params):
    """The day of the month on which instalments are due."""

    positional: ClassVar = ("day",)

    day: DayOfMonth = Field(description="Day of the month; 31 is the last day.")


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
    """Move every due date to a day of the month; the first one never to an earlier date.

    Day 31 means the last day of shorter months. Interest runs for the real length of the first
    period; the instalment stays and the last one absorbs it.
    """
    calendar = terms.calendar
    if calendar.frequency.unit != "month":
        raise UsageError("Instalments that are not monthly have no day of the month. Leave it out.")
    months = Parts.of(calendar.due).months
    new = day_in_month(months, p.day)
    later = new[:1] < calendar.due[:1]
    new = np.where(later, day_in_month(months + 1, p.day), new)
    if (np.diff(new, axis=0) <= 0).any():
        raise UsageError(
            "Two instalments would be due on the same day. Move one: move DATE to=DATE"
        )
    seed = np.full(calendar.seed_day.shape, p.day, dtype=np.int64)
    moved = replace(calendar, due=new, seed_day=seed)
    check_dates(moved)
    return replace(terms, quote=keep_quote(terms), calendar=moved)
