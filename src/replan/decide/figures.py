"""The figures of a plan, for one debt and for the household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from replan.engine.curves import Curve
from replan.engine.level import exact_annuity, span_of
from replan.engine.metrics import (
    APR_CONVENTIONS,
    Flows,
    first_payment,
    months_until,
    npv,
    plan_apr,
    typical_payment,
    years_until,
)
from replan.engine.money import round_fraction
from replan.engine.phases import WEIGHT, Asks, Phase, Unpaid
from replan.engine.rates import Convention
from replan.engine.resolve import resolve
from replan.engine.terms import COMPONENTS, Terms
from replan.model.budget import income_path, reasons_not_assessed, surplus_path
from replan.model.case import Case
from replan.model.jurisdictions import pack_name

from .evaluate import Evaluated

TIGHT = 0.9
"""Above this share of the surplus a plan is called tight: a design choice, not a rule of law."""
_CERTAIN, _WITH_EXPECTED = 0, 1
"""Where both surpluses stand in a month of the path."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One debt's figures; amounts in minor units. `npv` values the plan at the contract's rate."""

    first_payment: tuple[date, int] | None
    typical_payment: int
    peak_payment: int
    total_paid: int
    interest_paid: int
    waived: int
    waived_by: dict[str, int]
    forgone: int
    months: int
    rows: int
    final_due: date
    apr: float | None
    apr_convention: str
    npv: float
    npv_loss: float | None
    recovered: float | None
    residual: int
    extra_cost: int
    if_broken: tuple[int, float] | None
    npv_at: tuple[str, float, float | None] | None = None


def apr_convention(case: Case) -> Convention:
    """Choose how annual rates are stated: by jurisdiction, else as an effective rate."""
    return APR_CONVENTIONS.get(pack_name(case.jurisdiction) or "", "xirr")


def figures(
    case: Case, found: Evaluated, contract: Evaluated, *, at: tuple[str, Curve] | None = None
) -> Figures:
    """Measure one debt under a plan, against its contract; see docs/metrics.md."""
    rows = found.rows
    flows, outstanding = found.flows, rows[0].opening
    paid = sum(flows.payments)
    waiving = [r.waived for r in rows if r.waived]
    waived = {c: sum(int(parts.get(c, 0)) for parts in waiving) for c in COMPONENTS}
    value, base = found.value, contract.value
    last = max((r.due for r in rows if r.payment), default=rows[-1].due)
    convention = apr_convention(case)
    forgiven = sum(waived.values())
    return Figures(
        first_payment=first_payment(flows),
        typical_payment=typical_payment(flows.payments[1:]) or flows.payments[0],
        peak_payment=max(flows.payments),
        total_paid=paid,
        interest_paid=sum(r.interest for r in rows),
        waived=forgiven,
        waived_by={c: amount for c, amount in waived.items() if amount},
        forgone=int(found.schedule.totals.forgone[found.index]),
        months=months_until(case.as_of, last),
        rows=len(rows) - 1,
        final_due=last,
        apr=_apr(found, convention),
        apr_convention=convention,
        npv=value,
        npv_loss=1 - value / base if base > 0 else None,
        recovered=(outstanding - forgiven) / outstanding if outstanding else None,
        residual=rows[-1].balance,
        extra_cost=paid - sum(contract.flows.payments),
        if_broken=_if_broken(found, paid),
        npv_at=at and _npv_at(found, contract, at),
    )


def _apr(found: Evaluated, convention: Convention) -> float | None:
    """State a plan's annual rate on what was owed before waivers; None with a residual."""
    if found.rows[-1].balance:
        return None
    years = years_until(found.terms, len(found.rows) - 1)
    return plan_apr(found.rows[0].opening, found.flows, convention, years)


def value_of(found: Evaluated, curve: Curve | None = None) -> float:
    """Value a plan's payments at the contract's rate, or another, in minor units."""
    return npv(found.terms, curve or found.terms.base, found.flows)


def _npv_at(
    found: Evaluated, contract: Evaluated, at: tuple[str, Curve]
) -> tuple[str, float, float | None]:
    name, curve = at
    value, base = value_of(found, curve), value_of(contract, curve)
    return name, value, 1 - value / base if base > 0 else None


def _if_broken(found: Evaluated, paid: int) -> tuple[int, float] | None:
    """Give total and NPV if conditional waivers are revoked and fall due with the last payment."""
    revoked = sum(int(p.amounts.total[0]) for p in found.terms.promises)
    if not revoked:
        return None
    payments = list(found.flows.payments)
    payments[-1] += revoked
    flows = Flows(found.flows.dates, tuple(payments))
    return paid + revoked, npv(found.terms, found.terms.base, flows)


def total_interest(found: Evaluated) -> dict[str, int | None]:
    """State a plan's interest as lenders publish it, in minor units; see docs/metrics.md.

    `schedule` is the interest that is paid or becomes principal. Where the repayment is one level
    phase, the interest of its rows also is n instalments less the principal they repay:
    `instalment_times_number` with the rounded instalment, `unrounded` with the exact annuity,
    rounded half-up once. Else these two are None.
    """
    stated = sum(r.interest + r.capitalised for r in found.rows) - _other_capitalised(found.terms)
    level, annuity, begin = _level(found)
    if annuity is None:
        return {"schedule": stated, "instalment_times_number": None, "unrounded": None}
    rows = found.rows[begin + 1 :]
    principal, before = rows[0].bearing, stated - sum(row.accrued["interest"] for row in rows)
    return {
        "schedule": stated,
        "instalment_times_number": before + len(rows) * level - rows[0].opening,
        "unrounded": before + round_fraction(len(rows) * annuity, "half-up") - principal,
    }


def _level(found: Evaluated) -> tuple[int, Fraction | None, int]:
    """Give the level instalment, the exact annuity and the period (from 0) in which it begins.

    None where more than one level phase repays, or an instalment kept from other terms.
    """
    phases = _waiting_then_level(found)
    if not phases:
        return 0, None, 0
    begin, row = sum(int(p.count[0]) for p in phases[:-1]), slice(None)
    span = span_of(resolve(replace(found.terms, phases=phases)), begin, len(phases) - 1, row)
    annuity = exact_annuity(span, 0, found.rows[begin + 1].bearing, 0)
    kept = int(phases[-1].amount[0])
    if kept and abs(kept - annuity) > found.terms.rounding.unit:
        return 0, None, 0
    return kept or int(found.schedule.totals.level[found.index]), annuity, begin


def _other_capitalised(terms: Terms) -> int:
    """Add up the penalty and fees among what becomes principal at the as-of date."""
    if not terms.capitalised[0]:
        return 0
    gone = terms.opening - terms.owed - terms.waived
    for promise in terms.promises:
        gone = gone - promise.amounts
    return int(gone.penalty[0] + gone.fees[0])


def _waiting_then_level(found: Evaluated) -> tuple[Phase, ...]:
    """Give the phases if the last, a computed level instalment, alone repays all; else none."""
    terms = found.terms
    phases = tuple(p for p in terms.phases if p.count[0])
    if not phases or found.rows[-1].balance or _has_more(found):
        return ()
    *before, last = phases
    computed = not (last.amount.any() and terms.stated)
    level = last.asks is Asks.LEVEL and last.weight == WEIGHT and computed
    return phases if level and all(_only_waits(p) for p in before) else ()


def _only_waits(phase: Phase) -> bool:
    """Tell whether a phase repays nothing and leaves nothing due on top of an instalment."""
    settled = (Unpaid.SPREAD, Unpaid.CAPITALISE, Unpaid.WAIVE)
    waits = phase.asks in (Asks.NOTHING, Asks.FIXED) and phase.unpaid in settled
    return waits or phase.asks is Asks.INTEREST


def _has_more(found: Evaluated) -> bool:
    """Tell whether more is paid than the instalments, or they were computed on other terms."""
    terms, start = found.terms, found.rows[0]
    beside = (terms.catch_up, terms.prepay, terms.promises, terms.charges, terms.overdue)
    due = terms.inside and start.balance != start.bearing
    aside = terms.forborne.any() or terms.balloon.any()
    return any(beside) or bool(due or aside or terms.trims or terms.fee or terms.quote)


class Surplus:
    """The surplus path of a case in minor units, as far as it has been asked for."""

    def __init__(self, case: Case, exponent: int) -> None:
        self.case, self.scale = case, 10**exponent
        self.path: dict[tuple[int, int], tuple[int, int, int]] = {}
        self.months = 0

    def until(self, months: int) -> Mapping[tuple[int, int], tuple[int, int, int]]:
        """Give certain surplus, expected surplus and certain income of at least so many months."""
        if months > self.months:
            self.months = max(months, 60)
            income = dict(income_path(self.case, self.months))
            self.path = {
                (m.year, m.month): (
                    int(m.certain * self.scale),
                    int(m.expected * self.scale),
                    int(income.get((m.year, m.month), 0) * self.scale),
                )
                for m in surplus_path(self.case, self.months)
            }
        return self.path


@dataclass(frozen=True)
class Household:
    """All debts under one plan, against the surplus path."""

    case: Case
    debts: Sequence[tuple[Evaluated, Figures]]
    contract: Sequence[Figures]
    surplus: Surplus

    @cached_property
    def by_month(self) -> dict[tuple[int, int], int]:
        """Add up the payments of each calendar month."""
        months: dict[tuple[int, int], int] = defaultdict(int)
        for found, _ in self.debts:
            for row in found.rows:
                if row.payment:
                    months[row.due.year, row.due.month] += row.payment
        return dict(sorted(months.items()))

    @cached_property
    def months(self) -> int:
        """Count the months until the last debt is done."""
        return max((f.months for _, f in self.debts), default=0)

    @cached_property
    def path(self) -> Mapping[tuple[int, int], tuple[int, int, int]]:
        """Give certain surplus, expected surplus and certain income of each month."""
        return self.surplus.until(self.months + 2)

    @cached_property
    def shortfalls(self) -> dict[tuple[int, int], int]:
        """Give, for each month that the certain surplus does not carry, what is missing."""
        return self._shortfalls(_CERTAIN)

    def _shortfalls(self, status: int) -> dict[tuple[int, int], int]:
        short = {}
        for month, paid in self.by_month.items():
            surplus = self.path.get(month, (0, 0, 0))[status]
            if paid > max(surplus, 0):
                short[month] = paid - max(surplus, 0)
        return short if self.path else {}

    @property
    def headroom(self) -> float | None:
        """Say by what share certain income may fall before a month falls short.

        None if a month without any certain income is short: no rise of it would carry that month.
        """
        if any(self.path.get(month, (0, 0, 0))[2] <= 0 for month in self.shortfalls):
            return None
        shares = [
            (surplus - paid) / income
            for month, paid in self.by_month.items()
            for surplus, _, income in [self.path.get(month, (0, 0, 0))]
            if income > 0
        ]
        return min(shares) if shares and self.path else None

    @property
    def share_of_surplus(self) -> float | None:
        """Give the largest share of a month's certain surplus that payments take."""
        return self._share_of_surplus(_CERTAIN)

    def _share_of_surplus(self, status: int) -> float | None:
        shares = [
            paid / self.path[month][status]
            for month, paid in self.by_month.items()
            if month in self.path and self.path[month][status] > 0
        ]
        return max(shares) if shares else None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say why no verdict is given, if none is."""
        found = reasons_not_assessed(self.case)
        return found if any(f.total_paid for _, f in self.debts) else (*found, "nothing-paid")

    @property
    def verdict(self) -> str:
        """Judge the plan against certain income: fits, tight, short, not-assessed."""
        return "not-assessed" if self.reasons else self._verdict(_CERTAIN)

    @property
    def verdict_hoped(self) -> str | None:
        """Judge the plan as if expected income came as hoped; None if none is expected."""
        budget = self.case.budget
        hoped = any(line.status == "expected" for line in budget.income) if budget else False
        if self.reasons or self.case.surplus is not None or not hoped:
            return None
        return self._verdict(_WITH_EXPECTED)

    def _verdict(self, status: int) -> str:
        if self._shortfalls(status):
            return "short"
        share = self._share_of_surplus(status)
        return "tight" if share is not None and share > TIGHT else "fits"

    @property
    def first(self) -> tuple[date, int] | None:
        """Give the first day on which something is paid, and how much on it."""
        days: dict[date, int] = defaultdict(int)
        for found, _ in self.debts:
            for row in found.rows:
                if row.payment:
                    days[row.due] += row.payment
        return min(days.items()) if days else None

    @property
    def apr(self) -> float | None:
        """Give the annual rate of all debts together, stated as for one debt."""
        if any(f.residual for _, f in self.debts) or not self.debts:
            return None
        if len(self.debts) == 1:
            return self.debts[0][1].apr
        days: dict[date, int] = defaultdict(int)
        for found, _ in self.debts:
            for row in found.rows[1:]:
                days[row.due] += row.payment
        today = sum(found.rows[0].payment for found, _ in self.debts)
        outlay = sum(found.rows[0].opening for found, _ in self.debts)
        flows = Flows((self.case.as_of, *sorted(days)), (today, *(days[d] for d in sorted(days))))
        return plan_apr(outlay, flows, apr_convention(self.case))

    @property
    def npv_loss(self) -> float | None:
        """Give what the lenders lose together, as a share of the contracts' value."""
        base = sum(f.npv for f in self.contract)
        return 1 - sum(f.npv for _, f in self.debts) / base if base > 0 else None
