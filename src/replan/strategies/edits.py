"""What strategies share: finding a period, and recasting the repayment that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from replan.engine.dates import Days
from replan.engine.money import Cents, round_fraction
from replan.engine.terms import (
    COMPONENTS,
    Asks,
    Parts,
    Phase,
    Phases,
    Quote,
    Terms,
    merged,
    split_phases,
)
from replan.errors import UsageError

REPAYING = (Asks.LEVEL, Asks.LINEAR, Asks.PRINCIPAL)


def period_of(terms: Terms, at: int | date) -> int:
    """Give the number (from 1) of a period: itself, or the one that a day belongs to."""
    last = int(terms.periods.max(initial=0))
    if isinstance(at, date):
        due = terms.calendar.due
        period = 1 + int((due[:last, 0] < at.toordinal()).sum())
        place = at.isoformat()
    else:
        period, place = at, f"period {at}"
    if not 1 <= period <= max(last, 1):
        raise UsageError(f"{place} is after the end of the plan, which has {last} periods.")
    return period


def lead_of(phases: Phases) -> int:
    """Count the leading phases that are arrangements before the repayment."""
    count = 0
    while count < len(phases) and phases[count].leads:
        count += 1
    return count


def lead_periods(terms: Terms) -> int:
    """Count the periods of the leading arrangements, for the longest row."""
    lead = terms.phases[: lead_of(terms.phases)]
    return int(sum((p.count for p in lead), start=np.zeros(1, dtype=np.int64)).max())


def recast(phases: Phases) -> Phases:
    """Let the instalment be computed anew from the first repaying phase on."""
    for i, p in enumerate(phases):
        if p.asks in REPAYING:
            amount = np.zeros(1, dtype=np.int64)
            rest = tuple(_unfixed(q) for q in phases[i + 1 :])
            return (*phases[:i], replace(p, amount=amount, anew=True), *rest)
        if p.asks is Asks.FIXED and not p.leads:
            return (*phases[:i], *_level_instead(phases[i:]))
    return phases


def _unfixed(p: Phase) -> Phase:
    return replace(p, amount=np.zeros(1, dtype=np.int64)) if p.asks in REPAYING else p


def _level_instead(phases: Phases) -> Phases:
    """Turn custom instalments into one level one over as many periods."""
    count = sum((p.count for p in phases), start=np.zeros(1, dtype=np.int64))
    return (Phase(Asks.LEVEL, count),)


def recast_from(terms: Terms, period: int) -> Phases:
    """Let the instalment be computed anew from a period on."""
    head, tail = split_phases(terms.phases, period)
    return (*head, *recast(tail))


def keep_quote(terms: Terms) -> Quote | None:
    """Remember the calendar and rates on which instalments still to be computed were agreed."""
    computed = any(p.asks in REPAYING and not p.amount.any() for p in terms.phases)
    return terms.quoted() if computed else terms.quote


def insert(terms: Terms, at: int, new: Phases) -> Phases:
    """Insert phases before a period; later ones move on."""
    head, tail = split_phases(terms.phases, at)
    return merged((*head, *new, *tail))


def share_of(amount: Cents, share: Decimal) -> Cents:
    """Round a share of each amount half-up to whole minor units."""
    part = Fraction(share)
    cents = [round_fraction(int(x) * part, "half-up") for x in np.atleast_1d(amount)]
    return np.array(cents, dtype=np.int64)


def without(terms: Terms, parts: Parts) -> Terms:
    """Take parts off what is owed; arrears never exceed it."""
    owed = terms.owed - parts
    arrears = Parts(*(np.minimum(getattr(terms.arrears, c), getattr(owed, c)) for c in COMPONENTS))
    return replace(terms, owed=owed, arrears=arrears)


def zero(rows: int) -> Cents:
    """Make a column of nothing."""
    return np.zeros(rows, dtype=np.int64)


def first_day(terms: Terms, period: int) -> Days:
    """Give the day on which a period begins."""
    return terms.calendar.begin(period)
