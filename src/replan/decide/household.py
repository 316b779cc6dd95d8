"""Sharing one monthly amount over a household's debts, month by month, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from replan.engine.dates import Frequency, Parts
from replan.engine.money import round_fraction, split_by_weight
from replan.engine.phases import Asks, Phase
from replan.engine.pool import roll_together
from replan.engine.resolve import resolve
from replan.engine.terms import Calendar, Terms
from replan.errors import UsageError
from replan.model.budget import surplus_path
from replan.model.debt import Debt
from replan.strategies.household import Household
from replan.strategies.notation import Plan, Steps
from replan.strategies.scale import minor

from .evaluate import Evaluated, apply_steps
from .opening import plan_terms
from .waterfall import poured

if TYPE_CHECKING:
    from .plans import Bench

LONGEST = 600
"""After so many months what is left is reported instead of followed."""
MONTHLY = Frequency("month", 1)


@dataclass(frozen=True, slots=True)
class Share:
    """One debt that takes part: its terms, its least payment and its place in the order."""

    debt: Debt
    steps: Steps
    stages: tuple[Terms, ...]

    @property
    def terms(self) -> Terms:
        """Give the terms from which the shared payments start."""
        return self.stages[-1]

    @property
    def owed(self) -> int:
        """Give what is owed at the as-of date."""
        return int(self.terms.owed.total[0])


def share_out(bench: Bench, plan: Plan) -> list[Evaluated]:
    """Evaluate a plan that ends with a household step, for every debt of the case."""
    step = plan.household
    if step is None or not isinstance(step.params, Household):
        raise UsageError("The plan has no household step.")
    params = step.params
    taking, others = _who_shares(bench, plan, params)
    if not taking:
        raise UsageError(
            f'"{step}": no debt takes part, because all are secured or a priority. '
            "Name the debts, or use household(priority-first)."
        )
    shares = _monthly([_prepared(bench, plan, debt) for debt in taking])
    amounts = _amounts(bench, params, shares, others)
    rolled = roll_together([resolve(s.terms) for s in shares], _rule(params, shares, amounts))
    pairs = zip(shares, rolled, strict=True)
    found = {s.debt.id: Evaluated(s.debt, s.steps, s.stages, r) for s, r in pairs}
    return [found.get(debt.id) or bench.contracts[debt.id] for debt in bench.case.debts]


def _who_shares(bench: Bench, plan: Plan, p: Household) -> tuple[list[Debt], list[Debt]]:
    """Tell which debts share the amount, and which keep their contract."""
    taking: list[Debt] = []
    others: list[Debt] = []
    for debt in bench.case.debts:
        usual = p.method == "priority-first" or not debt.comes_first
        steps = plan.steps_for(debt.id, usual=usual)
        (others if steps is None else taking).append(debt)
    return taking, others


def _prepared(bench: Bench, plan: Plan, debt: Debt) -> Share:
    steps = plan.steps_for(debt.id, usual=True) or ()
    terms = plan_terms(debt, bench.base[debt.id])
    before = poured(bench.case, debt, terms, steps[:-1])
    return Share(debt, (*before, steps[-1]), apply_steps(terms, (*before, steps[-1])))


def _monthly(shares: Sequence[Share]) -> list[Share]:
    """Let all debts that share be paid on one day of the month: the earliest next due date."""
    first = min(int(s.terms.calendar.due[0, 0]) for s in shares)
    day = np.array([first])
    seed = Parts.of(day).day
    listed = []
    for s in shares:
        start = np.minimum(s.terms.calendar.start, first)
        calendar = Calendar(start, day[None, :], MONTHLY, seed)
        phase = Phase(Asks.FIXED, np.array([LONGEST]), np.ones(1, dtype=np.int64))
        terms = replace(s.terms, calendar=calendar, quote=None).asking((phase,))
        terms = replace(terms, closes=False, trims=True, inside=False, catch_up=None, prepay=())
        listed.append(replace(s, stages=(*s.stages[:-1], terms)))
    return listed


def _amounts(
    bench: Bench, p: Household, shares: Sequence[Share], others: Sequence[Debt]
) -> list[int]:
    """Give the amount of each month: stated, or the surplus less what the other debts take."""
    terms = shares[0].terms
    if p.of != "surplus":
        return [minor(terms, p.of)] * LONGEST
    path = surplus_path(bench.case, LONGEST + 2)
    if not path:
        raise UsageError("household: the case has no budget. Add one, or write of=AMOUNT.")
    taken: dict[tuple[int, int], int] = defaultdict(int)
    for debt in others:
        for row in bench.contracts[debt.id].rows:
            taken[row.due.year, row.due.month] += row.payment
    left = {
        (m.year, m.month): max(int(m.certain.scaleb(terms.exponent)) - taken[m.year, m.month], 0)
        for m in path
    }
    days = (date.fromordinal(int(d)) for d in terms.calendar.due[:LONGEST, 0])
    return [left.get((day.year, day.month), 0) for day in days]


Rule = Callable[[int, Sequence[int]], list[int]]
"""Period (from 0) and what each debt owes at its end ↦ what each is paid."""


def _rule(p: Household, shares: Sequence[Share], amounts: Sequence[int]) -> Rule:
    """Say how a month's amount is divided among what the debts owe."""
    weights = [1 if p.method == "token" else s.owed for s in shares]
    first = [i for i, s in enumerate(shares) if s.debt.priority]
    rest = [i for i in range(len(shares)) if i not in first]
    order = sorted(range(len(shares)), key=lambda i: _rank(p, shares[i], i))

    def divide(period: int, owed: Sequence[int]) -> list[int]:
        left, paid = amounts[period], [0] * len(shares)
        if p.method in ("avalanche", "snowball"):
            least = [min(_least(s, owed[i]), owed[i]) for i, s in enumerate(shares)]
            left = _pro_rata(min(left, sum(least)), least, least, range(len(shares)), paid) + (
                amounts[period] - min(left, sum(least))
            )
            for i in order:
                more = min(left, owed[i] - paid[i])
                paid[i], left = paid[i] + more, left - more
            return paid
        groups = [first, rest] if p.method == "priority-first" else [range(len(shares))]
        for group in groups:
            left = _pro_rata(left, weights, owed, group, paid)
        return paid

    return divide


def _rank(p: Household, share: Share, i: int) -> tuple[Fraction | int, ...]:
    """Order debts: the highest rate first (avalanche), or the smallest balance (snowball)."""
    if p.method == "snowball":
        return (not share.debt.priority, share.owed, i)
    rate = share.terms.curve[0].rate
    yearly = Fraction(int(rate.num[0]), rate.den) * (365 if rate.daily else 1)
    return (not share.debt.priority, -yearly, i)


def _least(share: Share, owed: int) -> int:
    """Give a debt's least payment: its instalment, or by its minimum-payment rule."""
    rule, e = share.terms.minimum, share.terms.exponent
    if share.debt.instalment is not None:
        return int(share.debt.instalment.scaleb(e))
    if rule is None:
        return 0
    return max(rule.floor, round_fraction(rule.share * owed, share.terms.rounding.instalment))


def _pro_rata(
    amount: int,
    weights: Sequence[int],
    caps: Sequence[int],
    group: Sequence[int],
    paid: list[int],
) -> int:
    """Divide an amount by weight up to each cap; what one does not need goes to the others."""
    open_ones = [i for i in group if caps[i] > paid[i]]
    while amount and open_ones:
        shares = split_by_weight(amount, [weights[i] for i in open_ones])
        for i, share in zip(open_ones, shares, strict=True):
            part = min(share, caps[i] - paid[i])
            paid[i] += part
            amount -= part
        open_ones = [i for i in open_ones if caps[i] > paid[i]]
    return amount
