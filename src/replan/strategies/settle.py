"""Settlement: part of the outstanding is paid in full and final settlement."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

import numpy as np
from pydantic import Field, field_validator

from replan.engine.curves import ZERO_RATE
from replan.engine.dates import Parts as DateParts
from replan.engine.phases import Asks, Phase
from replan.engine.terms import Calendar, Component, Parts, Promise, Terms
from replan.errors import UsageError

from .edits import (
    asking,
    check_dates,
    check_plain,
    lead_periods,
    outstanding,
    overlay,
    percent,
    share_of,
    without,
    zero,
)
from .register import Ask, Params, strategy
from .values import Count, Day, Share

FORGIVEN: tuple[Component, ...] = ("penalty", "fees", "interest", "principal")
"""What a settlement forgives first."""


class Settle(Params):
    """Which share is paid, in how many payments, by when."""

    positional: ClassVar = ("share",)

    share: Share = Field(description="Which share of what is owed is paid, above 0 %.")
    in_: Count | None = Field(
        default=None, alias="in", description="In how many payments; one by default."
    )
    by: Day | None = Field(default=None, description="The last day of payment.")

    @field_validator("share")
    @classmethod
    def _something(cls, share: Decimal) -> Decimal:
        if not share:
            raise ValueError("a settlement pays something; to forgive all of it write waive")
        return share


def asks(p: Settle) -> tuple[Ask, ...]:
    """Name what a settlement presumes."""
    share = percent(p.share)
    return (
        Ask("settle", f"{share} of what is owed settles the debt in full.", {"share": share}),
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
    principal. No interest or fee is charged meanwhile; principal set aside before counts as owed. A
    single payment falls due on `by`, or on the next due date; staged payments follow the debt's
    rhythm and end by `by`.
    """
    check_plain(terms)
    if lead_periods(terms):
        raise UsageError("It would undo the deferral before it. Leave that out and write by=DATE.")
    terms = _whole(terms)
    owed = outstanding(terms)
    rest = owed.total - share_of(owed.total, p.share)
    parts: dict[Component, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    for name in FORGIVEN:
        parts[name] = np.minimum(rest, getattr(owed, name))
        rest = rest - parts[name]
    forgiven = Parts(**{name: parts.get(name, zero(terms.rows)) for name in parts})
    left = replace(
        without(terms, forgiven),
        calendar=_calendar(terms, p),
        curve=overlay(terms.curve, lambda _: ZERO_RATE, terms.calendar.start, None),
        promises=(*terms.promises, Promise(forgiven)),
    )
    return asking(left, (Phase(Asks.LEVEL, np.array([p.in_ or 1])),))


def _whole(terms: Terms) -> Terms:
    """Let principal set aside be owed again, and nothing stay to the end or come on top."""
    none = zero(terms.rows)
    owed = terms.owed + Parts(terms.forborne + none, none, none, none)
    return replace(
        terms,
        owed=owed,
        forborne=none,
        balloon=none,
        fee=0,
        charges=(),
        quote=None,
        inside=False,
        trims=False,
    )


def _calendar(terms: Terms, p: Settle) -> Calendar:
    count = p.in_ or 1
    calendar = terms.calendar.reaching(count)
    check_dates(calendar)
    if p.by is None:
        return calendar
    day = p.by.toordinal()
    if day <= terms.as_of:
        raise UsageError(f"{p.by} is not after the as-of date. Write a later day.")
    if count == 1:
        due = np.array([[day]])
        return replace(calendar, due=due, seed_day=DateParts.of(due[0]).day, moved=frozenset())
    if (calendar.due[count - 1] > day).any():
        fit = int((calendar.due[:, 0] <= day).sum())
        raise UsageError(
            f"Only {fit} due dates come by {p.by}. Write a smaller in= or a later by=."
        )
    return calendar
