"""Skipped month: no instalment in a given month of the year, as agreed with many a lender."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar

import numpy as np
from pydantic import Field

from replan.engine.terms import Asks, Phase, Terms, Unpaid, split_phases
from replan.strategies.edits import asking, check_repays, recast
from replan.strategies.register import Ask, Params, strategy


class SkipMonth(Params):
    """Which month is skipped."""

    positional: ClassVar = ("month",)

    month: int = Field(ge=1, le=12, description="Month without an instalment: 12 is December.")


def asks(p: SkipMonth) -> tuple[Ask, ...]:
    """Name what a skipped month presumes."""
    text = f"No instalment is asked for in month {p.month} of each year; later ones move."
    return (Ask("skip-month", text, {"month": p.month}),)


@strategy(
    SkipMonth,
    name="skip-month",
    notation="skip-month MONTH",
    forbearance="grace period/payment moratorium",
    asks=asks,
)
def skip_month(terms: Terms, p: SkipMonth) -> Terms:
    """Ask for no instalment in a month of the year; the number of instalments stays.

    Interest of a skipped month is spread over the instalments after it and bears no interest.
    """
    check_repays(terms)
    period = 1
    while period <= int(terms.periods.max()):
        if date.fromordinal(int(terms.calendar.due[period - 1, 0])).month == p.month:
            terms = skip(terms, period)
        period += 1
    return replace(terms, phases=recast(terms.phases), quote=None)


def skip(terms: Terms, period: int) -> Terms:
    """Put a period without an instalment before a period, whose dates move on."""
    head, tail = split_phases(terms.phases, period)
    none = Phase(Asks.NOTHING, np.ones(1, dtype=np.int64), unpaid=Unpaid.SPREAD, anew=False)
    return asking(terms, (*head, none, *tail))
