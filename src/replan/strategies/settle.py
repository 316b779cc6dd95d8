"""Settlement: part of the outstanding is paid in full and final settlement."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import Field

from replan.engine.dates import Parts as DateParts
from replan.engine.terms import (
    ZERO_RATE,
    Asks,
    Calendar,
    Component,
    Parts,
    Phase,
    Promise,
    Terms,
    curve_with,
)
from replan.errors import UsageError

from .edits import share_of, without, zero
from .register import Ask, Params, strategy
from .values import Count, Day, Share

FORGIVEN: tuple[Component, ...] = ("penalty", "fees", "interest", "principal")
"""What a settlement forgives first."""


class Settle(Params):
    """Which share is paid, in how many payments, by when."""

    positional: ClassVar = ("share",)

    share: Share
    in_: Count | None = Field(default=None, alias="in")
    by: Day | None = None


def asks(p: Settle) -> tuple[Ask, ...]:
    """Name what a settlement presumes."""
    percent = f"{(p.share * 100).normalize():f} %"
    return (
        Ask("settle", f"{percent} of what is owed settles the debt in full.", {"share": percent}),
        Ask("freeze-meanwhile", "No interest is charged until the settlement is paid."),
    )


@strategy(
    Settle,
    name="settle",
    notation="settle P% [in=N] [by=DATE]",
    forbearance="debt forgiveness",
    asks=asks,
)
def settle(terms: Terms, p: Settle) -> Terms:
    """Pay P % of what is owed in full and final settlement, at once or in N payments.

    The rest is forgiven once the last payment is made: penalty first, then fees, interest and
    principal. No interest is charged meanwhile. A single payment falls due on `by`, or on the next
    due date; staged payments follow the debt's rhythm and end by `by`.
    """
    owed = terms.owed
    rest = owed.total - share_of(owed.total, p.share)
    parts: dict[Component, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    for name in FORGIVEN:
        parts[name] = np.minimum(rest, getattr(owed, name))
        rest = rest - parts[name]
    forgiven = Parts(**{name: parts.get(name, zero(terms.rows)) for name in parts})
    left = without(terms, forgiven)
    left = replace(
        left,
        calendar=_calendar(terms, p),
        curve=curve_with(terms.curve, ZERO_RATE, terms.calendar.start, None),
        promises=(*terms.promises, Promise(forgiven)),
        quote=None,
        trims=False,
    )
    return left.asking((Phase(Asks.LEVEL, np.array([p.in_ or 1])),))


def _calendar(terms: Terms, p: Settle) -> Calendar:
    count = p.in_ or 1
    calendar = terms.calendar.reaching(count)
    if p.by is None:
        return calendar
    day = p.by.toordinal()
    if day <= terms.as_of:
        raise UsageError(f"settle by={p.by}: that day is not after the as-of date.")
    if count == 1:
        due = np.array([[day]])
        return replace(calendar, due=due, seed_day=DateParts.of(due[0]).day, moved=frozenset())
    if (calendar.due[count - 1] > day).any():
        fit = int((calendar.due[:, 0] <= day).sum())
        raise UsageError(f"settle in={count} by={p.by}: only {fit} due dates come before that day.")
    return calendar
