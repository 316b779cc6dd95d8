"""What strategies share: finding a period, recasting the repayment, refusing what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

from replan.engine.curves import Curve, RateColumn, curve_with
from replan.engine.dates import Days
from replan.engine.money import EXACT_FLOAT, Cents, carry_as, round_fraction, round_ratio
from replan.engine.phases import UNTIL_CLEARED, WEIGHT, Asks, Phase, Phases, split_phases
from replan.engine.terms import COMPONENTS, LONGEST, Calendar, Parts, Quote, Terms
from replan.errors import ShapeError, UsageError

from .values import plain

REPAYING = (Asks.LEVEL, Asks.LINEAR, Asks.PRINCIPAL)
FIRST_SPLIT = "Write split N before it."


def period_of(terms: Terms, at: int | date) -> int:
    """Give the number (from 1) of a period: itself, or the one that a day belongs to."""
    last = int(terms.periods.max(initial=0))
    if isinstance(at, date):
        day_of(terms, at)
        period = 1 + int((terms.calendar.due[:last, 0] < at.toordinal()).sum())
        place = at.isoformat()
    else:
        period, place = at, f"period {at}"
    if period < 1:
        raise UsageError("Periods count from 1, the next one.")
    if period > max(last, 1):
        raise UsageError(f"{place} is after the end of the plan, which has {last} periods.")
    return period


def day_of(terms: Terms, day: date) -> Days:
    """Give when a day's interest begins, the night before; refuse a day that is charged already."""
    start = terms.calendar.start
    if (start > day.toordinal()).any():
        known = date.fromordinal(int(start.max()))
        raise UsageError(
            f"{day} is in the past: interest is charged to {known}. Write a later day."
        )
    night: Days = np.maximum(np.array([day.toordinal() - 1]), start)
    return night


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


def asking(terms: Terms, phases: Phases) -> Terms:
    """Replace the phases; refuse a plan that is too long, or ends after the last date there is."""
    endless = lasts_until_cleared(phases)
    fixed = phases[:-1] if endless else phases
    count = int(sum((p.count for p in fixed), start=np.zeros(1, dtype=np.int64)).max())
    if count + endless > LONGEST:
        raise UsageError(f"That makes {count} periods; a plan has at most {LONGEST}. Write fewer.")
    asked = terms.asking(phases)
    check_dates(asked.calendar)
    return asked


def check_dates(calendar: Calendar) -> None:
    """Refuse dates that no calendar has."""
    if int(calendar.due.max(initial=0)) > date.max.toordinal():
        raise UsageError("The plan would end after the year 9999. Write fewer or shorter periods.")


def lasts_until_cleared(phases: Phases) -> bool:
    """Tell whether what is paid last goes on until the debt is cleared, without a number."""
    return bool(phases) and phases[-1].asks in UNTIL_CLEARED and not is_custom(phases[-1])


def is_custom(p: Phase) -> bool:
    """Tell a dated instalment of the contract from a token and from payments until cleared."""
    return p.asks is Asks.FIXED and p.anew and not p.leads and int(p.count.max()) <= 1


def recast(phases: Phases) -> Phases:
    """Let the instalment be computed anew from the first repaying phase on.

    Dated instalments become one level one. What is paid until the debt is cleared stays as it is.
    """
    anew, found = True, list[Phase]()
    for p in phases:
        repays = p.asks in REPAYING or is_custom(p)
        found.append(_unfixed(p, anew=anew or (p.anew and not is_custom(p))) if repays else p)
        anew = anew and not (repays and p.count.any())
    return tuple(found)


def _unfixed(p: Phase, *, anew: bool) -> Phase:
    asks = Asks.LEVEL if is_custom(p) else p.asks
    return replace(p, asks=asks, amount=np.zeros(1, dtype=np.int64), anew=anew)


def recast_from(terms: Terms, period: int) -> Phases:
    """Let the instalment be computed anew from a period on."""
    head, tail = split_phases(terms.phases, period)
    return (*head, *recast(tail))


def relevelled(terms: Terms) -> Terms:
    """Let all instalments be computed anew, on the calendar and rates as they stand."""
    return replace(terms, phases=recast(terms.phases), quote=None)


def keep_quote(terms: Terms) -> Quote | None:
    """Remember the calendar and rates on which instalments still to be computed were agreed."""
    computed = any(p.asks in REPAYING and not p.amount.any() for p in terms.phases)
    return terms.quoted() if computed else terms.quote


def check_repays(terms: Terms) -> None:
    """Refuse a debt without a number of instalments."""
    kinds = {p.asks for p in terms.phases if p.count.any() and not p.leads}
    if not kinds:
        raise ShapeError(f"This debt has no instalments. {FIRST_SPLIT}")
    if lasts_until_cleared(terms.phases):
        raise ShapeError(
            f"This debt is paid until it is cleared, not in a number of instalments. {FIRST_SPLIT}"
        )


def check_plain(terms: Terms) -> None:
    """Refuse a new repayment after steps that it would silently undo."""
    phases = [p for p in terms.phases[lead_of(terms.phases) :] if p.count.any()]
    mixed = len({p.asks for p in phases}) > 1 or any(p.weight != WEIGHT for p in phases)
    if mixed or terms.prepay or terms.catch_up:
        raise UsageError(
            "It would undo an earlier step of this plan (a later deferral, a pattern, an early "
            "repayment or a split of arrears). Write it before that step."
        )


def cut_price(terms: Terms, share: Fraction) -> Terms:
    """Cut the fee of a contract whose price is its instalment fee (等本等息); others keep theirs.

    `share` is how much of it falls away; half-up to the minor unit.
    """
    if terms.worth is None or not terms.fee:
        return terms
    return replace(terms, fee=round_fraction(terms.fee * (1 - share), "half-up"))


def overlay(
    curve: Curve, change: Callable[[RateColumn], RateColumn], start: Days, end: Days | None
) -> Curve:
    """Change the rates of the days [start, end) of a curve, each by itself."""
    found = curve
    for i, segment in enumerate(curve):
        opens = np.maximum(segment.start, start)
        stops = [] if end is None else [end]
        stops += [curve[i + 1].start] if i + 1 < len(curve) else []
        closes = np.minimum.reduce(np.broadcast_arrays(*stops)) if stops else None
        if closes is None or (opens < closes).any():
            closes = None if closes is None else np.maximum(opens, closes)
            found = _compact(curve_with(found, change(segment.rate), opens, closes))
    return found


def _compact(curve: Curve) -> Curve:
    """Drop segments that last no day in any row."""
    pairs = pairwise(curve)
    return (*(s for s, after in pairs if (s.start != after.start).any()), curve[-1])


def outstanding(terms: Terms) -> Parts:
    """Give what is owed once an agreed first payment is made, which goes by the debt's order."""
    rest, left = terms.down, {}
    for name in terms.order:
        paid = np.minimum(rest, getattr(terms.owed, name))
        left[name] = getattr(terms.owed, name) - paid
        rest = rest - paid
    return Parts(**left)


def share_of(amount: Cents, share: Decimal) -> Cents:
    """Round a share of each amount half-up to whole minor units."""
    part, whole = Fraction(share), np.atleast_1d(amount)
    if not part:
        return np.zeros(whole.shape, dtype=np.int64)
    wide = int(whole.max(initial=0)) >= EXACT_FLOAT
    num, den = np.array([part.numerator]), np.array([part.denominator])
    return round_ratio(carry_as(whole, wide=wide), num, den, "half-up").astype(np.int64)


def without(terms: Terms, parts: Parts) -> Terms:
    """Take parts off what is owed; arrears never exceed it."""
    owed = terms.owed - parts
    arrears = Parts(*(np.minimum(getattr(terms.arrears, c), getattr(owed, c)) for c in COMPONENTS))
    return within_principal(replace(terms, owed=owed, arrears=arrears))


def within_principal(terms: Terms) -> Terms:
    """Let overdue principal that is repaid in parts be no more than the principal there is."""
    if terms.catch_up is None:
        return terms
    overdue = np.minimum(terms.catch_up.principal, outstanding(terms).principal)
    return replace(terms, catch_up=replace(terms.catch_up, principal=overdue))


def zero(rows: int) -> Cents:
    """Make a column of nothing."""
    return np.zeros(rows, dtype=np.int64)


def percent(share: Decimal) -> str:
    """Print a share for people: 12.5 %."""
    return f"{plain(share * 100)} %"
