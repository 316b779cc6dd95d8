"""Re-ageing: what is owed starts anew over N dates, and the account counts as current."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from replan.engine.curves import ZERO_RATE, flat_curve
from replan.engine.dates import Parts as DateParts
from replan.engine.dates import due_grid
from replan.engine.phases import Asks, Phase
from replan.engine.terms import Calendar, Parts, Terms
from replan.errors import UsageError

from .edits import asking, check_plain, lead_periods, zero
from .register import Ask, Params, strategy
from .values import Count, Day, Every


class ReAge(Params):
    """Over how many new dates, from when, how often, and what becomes of interest."""

    positional: ClassVar = ("instalments",)

    instalments: Count = Field(description="How many new instalments there are.")
    from_: Day | None = Field(
        default=None,
        alias="from",
        description="When the first is due; the next due date by default.",
    )
    every: Every | None = Field(
        default=None, description="How often: month, 2-weeks, 15-days …; as agreed by default."
    )
    interest: Literal["spread", "first", "equal", "full"] = Field(
        default="spread",
        description="Whether interest owed is spread or paid first; whether interest goes on, "
        "stops, or is fixed in advance.",
    )


def asks(p: ReAge) -> tuple[Ask, ...]:
    """Name what re-ageing presumes."""
    text = f"What is owed is repaid in {p.instalments} new instalments; arrears end."
    found = [Ask("re-age", text, {"n": p.instalments})]
    if p.interest == "first":
        first = "Interest owed is paid out of the first new instalment, without interest on it."
        found.append(Ask("re-age-first", first))
    if p.interest in {"equal", "full"}:
        found.append(Ask("re-age-equal", "No further interest accrues on the new instalments."))
    return tuple(found)


@strategy(
    ReAge,
    name="re-age",
    notation="re-age N [from=DATE] [every=FREQUENCY] [interest=spread|first|equal|full]",
    forbearance="rescheduled payments",
    asks=asks,
)
def re_age(terms: Terms, p: ReAge) -> Terms:
    """Repay what is owed over N new dates, the first of them `from`.

    `interest=spread` levels principal with interest; what is owed besides is spread evenly.
    `first`: interest owed is taken out of the first instalment, chosen so that all are level.
    `equal`: principal and the interest owed so far in equal parts, nothing accrues any more.
    `full`: the same with the interest that the contract would still have charged.
    """
    check_plain(terms)
    if lead_periods(terms):
        raise UsageError(
            "It would undo the deferral before it. Leave that out and write from=DATE."
        )
    terms = replace(terms, calendar=_calendar(terms, p), quote=None, trims=False)
    terms = replace(terms, inside=p.interest == "first")
    terms = asking(terms, (Phase(Asks.LEVEL, np.array([p.instalments])),))
    if p.interest in {"spread", "first"}:
        return terms
    terms = replace(terms, curve=flat_curve(ZERO_RATE), even_shares=True)
    if p.interest == "full":
        charged = np.broadcast_to(terms.to_come, (terms.rows,))
        more = Parts(zero(terms.rows), charged, zero(terms.rows), zero(terms.rows))
        terms = replace(terms, owed=terms.owed + more, charged=terms.charged + charged)
    return terms


def _calendar(terms: Terms, p: ReAge) -> Calendar:
    old = terms.calendar
    frequency = p.every or old.frequency
    first = old.due[0] if p.from_ is None else np.array([p.from_.toordinal()])
    if (first < terms.as_of).any():
        raise UsageError("The first new due date is before the as-of date. Write a later one.")
    seed = old.seed_day if p.from_ is None else DateParts.of(first).day
    due = due_grid(first, p.instalments, frequency, seed_day=seed).T
    return Calendar(old.start, due, frequency, seed)
