"""From a debt to terms: the contract as it stands, what a plan starts from, and paying nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import cast

import numpy as np
from numpy.typing import NDArray

from replan.engine.curves import Curve, RateColumn, Segment, flat_curve
from replan.engine.dates import Days, Frequency, due_grid, parse_frequency
from replan.engine.dates import Parts as DateParts
from replan.engine.money import Cents
from replan.engine.phases import Asks, Phase, Phases
from replan.engine.resolve import resolve
from replan.engine.schedule import Schedule
from replan.engine.stack import roll_columns
from replan.engine.terms import (
    COMPONENTS,
    DEFAULT_ORDER,
    LONGEST,
    Calendar,
    Order,
    Overdue,
    Parts,
    Rounding,
    Terms,
)
from replan.model.case import Case, Settings, settings_of
from replan.model.currency import minor_unit
from replan.model.debt import Debt
from replan.model.rates import Rate
from replan.strategies.edits import recast

from .fees import charges_of, fee_of, minimum_of
from .flat import worth_columns, worth_curve

LATE_CARD: Order = ("principal", "fees", "interest", "penalty")
"""Cards in China from day 91: principal first, as issuers' agreements say (ICBC, art. 20)."""
LATE = 90
"""Days past due after which these agreements turn the order."""
UNPAID_PERIODS = 12
DUE_NOW: Phases = (Phase(Asks.NOTHING, np.zeros(1, dtype=np.int64), anew=False),)
"""The phases of a debt that has no instalments."""


def exponent_of(currency: str) -> int:
    """Count the currency's decimals (ISO 4217)."""
    exponent = minor_unit(currency).as_tuple().exponent
    return -int(cast("int", exponent))


def cents(amount: Decimal, exponent: int) -> Cents:
    """Give an amount in minor units, as a column of one row."""
    return np.array([int(amount.scaleb(exponent))], dtype=np.int64)


def contract_terms(debt: Debt, terms: Terms) -> Terms:
    """Give the contract as it stands: arrears now, then the instalments as agreed.

    `terms` are the debt's base terms. Without instalments the minimum payment until cleared; else
    all is due now. An accelerated debt is due now.
    """
    if debt.accelerated or not terms.periods.any():
        return replace(terms, phases=DUE_NOW, demanded=terms.owed)
    return replace(terms, demanded=_due_now(terms, debt), inside=True)


def _due_now(terms: Terms, debt: Debt) -> Parts:
    """Say what the contract asks for at the as-of date: the arrears."""
    if terms.arrears.total.any():
        charges = terms.owed if debt.days_past_due else terms.arrears
        return replace(
            terms.arrears,
            penalty=np.maximum(terms.arrears.penalty, charges.penalty),
            fees=np.maximum(terms.arrears.fees, charges.fees),
        )
    if not debt.days_past_due:
        return Parts.zero()
    return replace(terms.owed, principal=0 * terms.owed.principal)


def plan_terms(debt: Debt, terms: Terms) -> Terms:
    """Give what a plan starts from: the contract's instalments, with arrears not yet asked for.

    `terms` are the debt's base terms. Where principal is overdue the instalment is computed anew,
    because overdue principal is spread.
    """
    if debt.accelerated:
        terms = replace(terms, phases=DUE_NOW)
    if terms.arrears.principal.any():
        terms = replace(terms, phases=recast(terms.phases))
    return replace(terms, inside=False)


def base_terms(case: Case, debt: Debt) -> Terms:
    """Turn a debt into terms with the contract's calendar, rate and instalments."""
    return all_base_terms(case, [debt])[0]


def all_base_terms(case: Case, debts: Sequence[Debt]) -> list[Terms]:
    """Do the same for many debts, as one batch."""
    return _fixed([_stated(case, debt) for debt in debts])


def _stated(case: Case, debt: Debt) -> Terms:
    terms = _opened(case, debt)
    return terms.asking(_phases(debt, terms))


@dataclass(frozen=True, slots=True)
class Columns:
    """What may differ between debts of one kind: amounts in minor units, one entry per debt.

    `count` is the number of instalments left and `instalment` its amount, 0 where not given.
    `dates` are the ordinals of next due dates and last accruals, where these differ, too.
    """

    owed: Parts
    arrears: Parts
    balloon: Cents
    rate: RateColumn
    count: NDArray[np.int64]
    instalment: Cents
    dates: tuple[Days, Days] | None = None


def base_columns(case: Case, debt: Debt, columns: Columns) -> Terms:
    """Give the base terms of many debts that are like one debt in all but *columns*.

    They have the same method and conventions, and the same dates unless `dates` are given; what is
    nil in one is nil in all for the instalment, its number, the arrears, and principal in arrears.
    """
    return all_base_columns([(case, debt, columns)])[0]


def all_base_columns(kinds: Sequence[tuple[Case, Debt, Columns]]) -> list[Terms]:
    """Do the same for debts of several kinds, as one batch."""
    return _fixed([_stated_columns(*kind) for kind in kinds])


def _stated_columns(case: Case, debt: Debt, columns: Columns) -> Terms:
    terms = _opened(case, debt)
    if columns.dates is not None:
        rhythm = terms.calendar.frequency
        terms = replace(terms, calendar=regular_calendar(terms.as_of, *columns.dates, rhythm))
    phases = _phases(debt, terms)
    curve = terms.curve if len(terms.curve) > 1 else flat_curve(columns.rate)
    if len(phases) == 1 and phases[0].asks is not Asks.MINIMUM:
        (only,) = phases
        count = columns.count if debt.remaining_instalments else only.count
        stated = only.asks in (Asks.LEVEL, Asks.FIXED)
        amount = columns.instalment if stated else only.amount
        phases = (replace(only, count=count, amount=amount),)
    terms = replace(
        terms,
        owed=columns.owed,
        opening=columns.owed,
        arrears=columns.arrears,
        balloon=columns.balloon,
        curve=curve,
        base=curve,
        worth=worth_columns(terms, debt, columns.owed, columns.arrears, columns.count),
    )
    return terms.asking(phases)


def _opened(case: Case, debt: Debt) -> Terms:
    """Give what is owed, the dates, rates and conventions; the instalments are still missing."""
    settings, exponent = settings_of(case, debt), exponent_of(case.currency)
    owed = Parts(**{c: cents(getattr(debt, c), exponent) for c in COMPONENTS})
    calendar = _calendar(case, debt, settings)
    curve = _curve(debt)
    return Terms(
        as_of=case.as_of.toordinal(),
        calendar=calendar,
        curve=curve,
        base=curve,
        day_count=settings.day_count,
        owed=owed,
        opening=owed,
        phases=DUE_NOW,
        arrears=Parts(**{c: cents(getattr(debt.arrears, c), exponent) for c in COMPONENTS}),
        balloon=cents(debt.balloon, exponent),
        rounding=_rounding(settings, exponent),
        order=_order(case, debt, settings),
        fee=fee_of(debt, exponent),
        fee_parts=debt.remaining_instalments or 0,
        charges=charges_of(debt, exponent),
        minimum=minimum_of(debt, exponent),
        inside=True,
        stated=debt.instalment is not None,
        worth=worth_curve(case, debt),
        exponent=exponent,
    )


def _calendar(case: Case, debt: Debt, settings: Settings) -> Calendar:
    frequency = parse_frequency(settings.frequency)
    if debt.instalments:
        start = np.array([(debt.last_accrual or case.as_of).toordinal()])
        due = np.array([[i.due.toordinal()] for i in debt.instalments])
        return Calendar(start, due, frequency, DateParts.of(due[-1]).day, custom=True)
    next_due, last_accrual = (
        np.array([day.toordinal() if day else 0]) for day in (debt.next_due, debt.last_accrual)
    )
    return regular_calendar(case.as_of.toordinal(), next_due, last_accrual, frequency)


def regular_calendar(
    as_of: int, next_due: Days, last_accrual: Days, frequency: Frequency
) -> Calendar:
    """Lay out the dates of debts, a column each; a day that is not given is 0.

    The first due date is by default one period after the as-of date. A month's last day stands for
    a later one where the period before it says so: 31 January, then 29 February, then 31 March.
    """
    today = np.array([as_of])
    start = np.where(last_accrual > 0, last_accrual, today)
    first = np.where(next_due > 0, next_due, due_grid(today, 2, frequency)[:, 1])
    goes_on = due_grid(start, 2, frequency)[:, 1] == first
    seed = np.where(goes_on, DateParts.of(start).day, DateParts.of(first).day)
    return Calendar(start, first[None, :], frequency, seed)


def _curve(debt: Debt) -> Curve:
    """Lay the rates out; a change to the rate already in force is none."""
    curve, rate = flat_curve(_rate_column(debt.rate)), debt.rate
    for change in sorted(debt.rate_changes, key=lambda change: change.start):
        if change.rate != rate:
            start = np.array([change.start.toordinal() - 1])
            curve, rate = (*curve, Segment(start, _rate_column(change.rate))), change.rate
    return curve


def _rate_column(rate: Rate) -> RateColumn:
    return RateColumn.of(rate.fraction, daily=rate.per == "day")


def _rounding(settings: Settings, exponent: int) -> Rounding:
    given = settings.rounding
    unit = int((given.unit or Decimal(1)).scaleb(exponent))
    return Rounding(given.interest, given.instalment, max(unit, 1), given.settle, given.basis)


def _order(case: Case, debt: Debt, settings: Settings) -> Order:
    """Choose the allocation order: the debt's own, else by jurisdiction, product and lateness."""
    if settings.allocation:
        return cast("Order", tuple(settings.allocation))
    late = debt.days_past_due > LATE
    if case.jurisdiction == "CN" and is_card(debt.product) and late:
        return LATE_CARD
    return DEFAULT_ORDER


def is_card(product: str) -> bool:
    """Tell whether a product is a credit card."""
    return "card" in product or "信用卡" in product


def _phases(debt: Debt, terms: Terms) -> Phases:
    """Say what the contract asks for; payments without a number last until all is cleared."""
    count = np.array([debt.remaining_instalments or 0])
    amount = cents(debt.instalment or Decimal(0), terms.exponent)
    endless = np.array([LONGEST])
    if debt.instalments:
        return tuple(
            Phase(Asks.FIXED, np.array([1]), cents(i.amount, terms.exponent))
            for i in debt.instalments
        )
    if debt.minimum_payment is not None and (debt.method == "revolving" or not count.any()):
        return (Phase(Asks.MINIMUM, endless),)
    if not count.any():
        return (Phase(Asks.FIXED, endless, amount),) if amount.any() else DUE_NOW
    asks = {"interest-only": Asks.INTEREST, "equal-principal": Asks.LINEAR}.get(debt.method or "")
    if asks is not None:
        return (Phase(asks, count),)
    return _relevelled(Phase(Asks.LEVEL, count, amount), terms)


def _relevelled(level: Phase, terms: Terms) -> Phases:
    """Compute the instalment anew in each period in which the rate changes, unless it is given."""
    if len(terms.curve) == 1 or level.amount.any():
        return (level,)
    last = int(level.count[0])
    due = terms.calendar.reaching(last).due[:last, 0]
    starts = {int((due <= int(s.start[0])).sum()) for s in terms.curve[1:]}
    cuts = [0, *sorted(cut for cut in starts if 0 < cut < last), last]
    return tuple(replace(level, count=np.array([b - a])) for a, b in pairwise(cuts))


def _fixed(stated: Sequence[Terms]) -> list[Terms]:
    """Fix the contracts' level instalments, up to their first new rates, as amounts.

    Also note the interest to come.
    """
    terms = [_trimmed(t) for t in stated]
    open_ones = [i for i, t in enumerate(terms) if _has_an_end(t)]
    rows = any(len(terms[i].phases) > 1 for i in open_ones)
    rolled = roll_columns([resolve(_agreed(terms[i])) for i in open_ones], rows=rows)
    for i, schedule in zip(open_ones, rolled, strict=True):
        terms[i] = _with_instalment(terms[i], schedule)
    return [replace(t, trims=t.trims or t.stated) for t in terms]


def _trimmed(terms: Terms) -> Terms:
    trims = any(p.asks in (Asks.FIXED, Asks.MINIMUM) for p in terms.phases)
    return replace(terms, trims=trims and not terms.calendar.custom)


def _has_an_end(terms: Terms) -> bool:
    return bool(terms.periods.any()) and not terms.trims


def _agreed(terms: Terms) -> Terms:
    """Give what the instalments pay: charges owed are asked for beside them, arrears before."""
    none = np.zeros(1, dtype=np.int64)
    return replace(terms, owed=replace(terms.owed - terms.arrears, penalty=none, fees=none))


def _with_instalment(terms: Terms, rolled: Schedule) -> Terms:
    begun = terms.owed.interest - terms.arrears.interest
    to_come = rolled.totals.interest - begun
    phases = terms.phases
    if phases[0].asks is Asks.LEVEL and not phases[0].amount.any():
        level = rolled.totals.level if len(phases) == 1 else _first_instalments(rolled)
        phases = (replace(phases[0], amount=level.astype(np.int64)), *phases[1:])
    return replace(terms, phases=phases, to_come=np.maximum(to_come, 0).astype(np.int64))


def _first_instalments(rolled: Schedule) -> Cents:
    rows = range(rolled.rows)
    paid = ((rolled.column("payment", i), rolled.column("fees", i)) for i in rows)
    return np.array([int(payment[0] - fees[0]) for payment, fees in paid], dtype=np.int64)


def unpaid_terms(debt: Debt, contract: Terms, rolled: Schedule, row: int) -> Terms:
    """Give the debt if nothing is paid: principal falls overdue as instalments fall due.

    `rolled` is the schedule of the contract, `row` the debt's place in it.
    """
    asked = rolled if contract.periods.any() else None
    count = UNPAID_PERIODS if asked is None else _horizon(asked, row)
    falls_due = np.zeros((count, 1), dtype=np.int64)
    missed = np.zeros((count, 1), dtype=np.bool_)
    overdue = contract.owed.principal if asked is None else contract.arrears.principal
    if asked is not None:
        length = min(count, int(asked.periods[row]))
        falls_due[:length, 0] = np.maximum(asked.principal_paid(row)[:length], 0)
        missed[:length, 0] = asked.column("payment", row)[:length] > 0
    penalty = flat_curve(_rate_column(debt.penalty_rate)) if debt.penalty_rate else contract.curve
    unpaid = Overdue(
        overdue,
        falls_due,
        missed,
        penalty,
        compounds=debt.penalty_compounds,
        late_fee=int(debt.late_fee.scaleb(contract.exponent)),
    )
    nothing = Phase(Asks.NOTHING, np.array([count]), anew=False)
    terms = replace(
        contract, demanded=Parts.zero(), overdue=unpaid, closes=False, trims=False, inside=True
    )
    return terms.asking((nothing,))


def _horizon(asked: Schedule, row: int) -> int:
    """Count the contract's periods; a debt without an end is followed for twelve."""
    periods = int(asked.periods[row])
    return UNPAID_PERIODS if periods >= LONGEST else periods
