"""What is owed today after the payments that were really made, rolled by the kernel.

Up to the last instalment that was paid in time the agreed schedule holds. From there on each
payment goes to what is owed on its day, in the debt's order, and interest runs at the agreed rate.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from replan.decide.evaluate import PARTS, Evaluated
from replan.decide.show import show
from replan.engine.curves import ZERO_RATE, Curve, curve_with
from replan.engine.dates import Days
from replan.engine.kernel import roll
from replan.engine.money import Cents
from replan.engine.phases import Asks, Phase, Phases, Unpaid
from replan.engine.resolve import resolve
from replan.engine.schedule import Schedule
from replan.engine.terms import Calendar, Parts, Terms
from replan.errors import UsageError
from replan.io.load import load

from .agreements import Agreement, Amounts, Instalment, paid_until
from .payments import Ledger, ledger_of


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed on a day, and until which instalment (its number) all was paid in time.

    Amounts that a condition may still waive are part of it.
    """

    day: date
    parts: Amounts
    kept_to: int


def balance_on(agreement: Agreement, day: date) -> Balance:
    """Compute what is owed at the end of a day, exactly, from the payments made until then.

    Raises UsageError for a day before the agreement's as-of date.
    """
    if day < agreement.as_of:
        raise UsageError("The day lies before the agreement's own date. Name a later one.")
    agreement = paid_until(agreement, day)
    ledger = ledger_of(agreement)
    kept = _kept_to(agreement, ledger, day)
    start, parts = _start(agreement, kept)
    later = [row for row in agreement.rows if row.n > kept and row.due <= day]
    parts = parts + Amounts(fees=sum(row.fees_accrued for row in later))
    paid = _paid_after(agreement, kept, start)
    if not paid and start >= day:
        return Balance(day, parts, kept)
    return Balance(day, _rolled(agreement, kept, start, parts, _events(paid, day)), kept)


def _kept_to(agreement: Agreement, ledger: Ledger, day: date) -> int:
    """Give the number of the last row before which all was paid in full and in time; -1: none."""
    full = {f.row.n: (f.full_on, f.last_day) for f in ledger.rows}
    kept = -1
    for row in agreement.rows:
        on, last_day = full.get(row.n, (row.due, row.due))
        in_time = on is not None and on <= last_day
        if max(row.due, row.until) > day or not in_time:
            break
        kept = row.n
    return kept


def _start(agreement: Agreement, kept: int) -> tuple[date, Amounts]:
    if kept >= 0:
        return agreement.rows[kept].until, agreement.rows[kept].left
    first = agreement.rows[0]
    return first.until, first.left + first.parts


def _paid_after(agreement: Agreement, kept: int, start: date) -> dict[date, int]:
    """Add up by day what was paid beyond the rows that were kept."""
    used = sum(row.payment for row in agreement.rows if row.n <= kept)
    paid: dict[date, int] = {}
    for payment in agreement.payments:
        part = max(payment.amount - used, 0)
        used = max(used - payment.amount, 0)
        on = max(payment.paid_on, start)
        if part:
            paid[on] = paid.get(on, 0) + part
    return paid


def _events(paid: Mapping[date, int], day: date) -> list[tuple[date, int]]:
    return sorted((paid if day in paid else {**paid, day: 0}).items())


def _rolled(
    agreement: Agreement,
    kept: int,
    start: date,
    parts: Amounts,
    events: list[tuple[date, int]],
) -> Amounts:
    """Roll what is owed through the payments by the kernel."""
    terms = _actual_terms(agreement, kept, start, parts, events)
    schedule = roll(resolve(terms))
    paid = {name: _sum(schedule, name) for name in ("interest", "penalty", "fees")}
    repaid = _sum(schedule, "payment") - sum(paid.values())
    return Amounts(
        parts.principal - repaid,
        parts.interest + _sum(schedule, "accrued") - paid["interest"],
        parts.penalty - paid["penalty"],
        parts.fees - paid["fees"],
    )


def _sum(schedule: Schedule, name: str) -> int:
    return int(schedule.column(name, 0).sum())


def _actual_terms(
    agreement: Agreement,
    kept: int,
    start: date,
    parts: Amounts,
    events: list[tuple[date, int]],
) -> Terms:
    """Give the terms under which what was really paid is all that is asked for."""
    agreed = agreed_terms(agreement)
    resting = _resting(agreement.rows, kept, parts)
    owed = Parts(**{c: _column(getattr(parts, c)) for c in PARTS})
    bearing = replace(owed, principal=owed.principal - resting)
    events = _with_change(agreed.calendar, start, events)
    return Terms(
        as_of=start.toordinal(),
        calendar=_dated(agreed.calendar, start, events),
        curve=_charged(agreed),
        base=agreed.base,
        day_count=agreed.day_count,
        owed=bearing,
        opening=owed,
        phases=tuple(_phases(events)),
        forborne=_column(resting),
        rounding=agreed.rounding,
        order=agreement.allocation,
        closes=False,
        exponent=agreed.exponent,
    )


def _changes_on(calendar: Calendar) -> int:
    """Give the ordinal of the day from which another rhythm was agreed; 0 if none was."""
    return int(calendar.due[calendar.earlier[0] - 1, 0]) if calendar.earlier else 0


def _with_change(
    calendar: Calendar, start: date, events: list[tuple[date, int]]
) -> list[tuple[date, int]]:
    """Cut the time between payments where the rhythm changes, by which days are counted."""
    change = _changes_on(calendar)
    if not start.toordinal() < change < events[-1][0].toordinal():
        return events
    return sorted({date.fromordinal(change): 0, **dict(events)}.items())


def _dated(calendar: Calendar, start: date, events: list[tuple[date, int]]) -> Calendar:
    """Give the days of the payments as due dates, each in the rhythm agreed for its time."""
    due: Days = np.array([[day.toordinal()] for day, _ in events])
    before = int((due <= _changes_on(calendar)).sum())
    earlier = (before, calendar.earlier[1]) if calendar.earlier and before else None
    first = np.array([start.toordinal()])
    return Calendar(first, due, calendar.frequency, calendar.seed_day, earlier=earlier, custom=True)


def _charged(terms: Terms) -> Curve:
    """Give the agreed rates, without interest in the periods in which none is to be charged."""
    curve, begun = terms.curve, 0
    for phase in terms.phases:
        count = int(phase.count[0])
        if count and phase.unpaid is Unpaid.WAIVE:
            start = terms.calendar.begin(begun + 1)
            end = terms.calendar.due[begun + count - 1, :1]
            curve = curve_with(curve, ZERO_RATE, np.ravel(start)[:1], end)
        begun += count
    return curve


def _resting(rows: tuple[Instalment, ...], kept: int, parts: Amounts) -> int:
    """Give the principal that bears no interest under the agreement: forborne, or set aside."""
    before = max(kept, 0)
    if before + 1 >= len(rows):
        return parts.principal
    return max(rows[before].left.principal - rows[before + 1].bearing, 0)


def _phases(events: list[tuple[date, int]]) -> Phases:
    one = np.ones(1, dtype=np.int64)
    return tuple(
        Phase(Asks.FIXED if amount else Asks.NOTHING, one, _column(amount)) for _, amount in events
    )


def _column(amount: int) -> Cents:
    return np.array([amount], dtype=np.int64)


def agreed_terms(agreement: Agreement) -> Terms:
    """Give the terms that were agreed, from the case and the plan as they were kept."""
    return _evaluated(agreement.case, agreement.plan, agreement.debt).terms


@lru_cache(maxsize=64)
def _evaluated(content: str, plan: str, debt: str) -> Evaluated:
    loaded = load(json.loads(content))
    if not loaded.cases:
        raise UsageError("The case that was kept with the agreement cannot be read any more.")
    return show(loaded.cases[0], plan, debt=debt).debts[0][0]


def case_of(agreement: Agreement) -> dict[str, Any]:
    """Give the case that was kept, as its file had it."""
    content: dict[str, Any] = json.loads(agreement.case)
    return content
