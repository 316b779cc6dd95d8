"""Which candidates of many accounts must be rolled: those that bounds cannot rule out.

A candidate that is surely outside a limit, surely above the surplus or surely worse than enough
others is never rolled; all that may be chosen, or may decide why nothing is, are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.limits import found_limits
from replan.decide.candidates.measure import least_rate
from replan.decide.candidates.parts import Dates
from replan.engine.bounds import Discounts, Groundwork, LevelPlans, groundwork, level_bounds
from replan.engine.factors import resolve_factors
from replan.engine.join import take_days, take_rows
from replan.engine.terms import COMPONENTS, Parts, Terms
from replan.model.policy import Policy

from .band import Band, key_of
from .cells import Flags, Whole
from .choice import Ruled, side_by_side
from .screened import Screened, nodes_of
from .template import Template

if TYPE_CHECKING:
    from replan.decide.candidates.space import Space

    from .candidates import Contract

Float = NDArray[np.float64]
SLACK = 1e-11
"""How far apart two orders of adding up a present value may be, relative to it."""
TILE = 2_048
"""Accounts that are screened together: few enough for their columns to stay in the cache."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the policy, the best by which objectives, what each account can pay.

    `most` is what an account may pay a month, infinite where it is not known; where it is a `path`
    over the months, the most of any.
    """

    policy: Policy
    objectives: Sequence[str]
    top: int
    most: Float
    path: Flags

    def some(self, accounts: slice) -> Wanted:
        """Give what is looked for for some accounts."""
        return replace(self, most=self.most[accounts], path=self.path[accounts])


def screen(
    template: Template, start: Terms, contract: Contract, dates: Dates, wanted: Wanted
) -> Screened | None:
    """Find out which candidates must be rolled; None if an account has no plain shape.

    `start` are the terms of the accounts before any step.
    """
    nodes = nodes_of(template, start)
    if nodes is None:
        return None
    accounts = contract.npv.size
    rolled = np.zeros((template.code.size, accounts), dtype=np.bool_)
    ruled = list[Ruled]()
    for begin in range(0, accounts, TILE):
        here = slice(begin, min(begin + TILE, accounts))
        some = tuple(take_rows(node, here) for node in nodes)
        facts = (contract.some(here), dates.some(here))
        dated = replace(template.terms, calendar=take_days(template.terms.calendar, here))
        tile = replace(template, terms=dated)
        with np.errstate(all="ignore"):  # what is worth nothing at the end is unsure
            rolled[:, here], known = _screen_tile(tile, some, facts, wanted.some(here))
        ruled.append(known)
    return Screened(template, nodes, dates, rolled, side_by_side(ruled))


def _screen_tile(
    template: Template,
    nodes: Sequence[Terms],
    facts: tuple[Contract, Dates],
    wanted: Wanted,
) -> tuple[Flags, Ruled]:
    """Screen a few accounts; candidates stand node by node meanwhile."""
    contract, dates = facts
    known = _Known(wanted, (template.code.size, contract.npv.size))
    grounds = list[tuple[int, Terms, Groundwork]]()
    worth = dict[int, _Worth]()
    begin = 0
    for number, node in enumerate(nodes):
        rows, alike = template.places[number], template.alike[number]
        if alike not in worth:
            worth[alike] = _values(dates, template.lead[rows], template.count[rows])
        ground = _ground(template, number, node, grounds)
        bands = _bands(template, rows, node, ground, (contract, dates, worth[alike]))
        known.weigh(slice(begin, begin + rows.size), *bands)
        begin += rows.size
    kept, order = known.rolled(), np.argsort(np.concatenate(template.places))
    rolled, sure = kept[order], known.sure[order]
    _drop_repeated(template, nodes, rolled, sure)
    return rolled, known.ruled(kept)


def _ground(
    template: Template, number: int, node: Terms, known: list[tuple[int, Terms, Groundwork]]
) -> Groundwork:
    """Work out what depends on principal and rate alone, once for nodes that share them."""
    for other, theirs, ground in known:
        if template.alike[other] == template.alike[number] and _same_ground(theirs, node):
            return ground
    rows = template.places[number]
    factors = resolve_factors(template.terms.calendar, node.curve, node.day_count)
    made = groundwork(
        LevelPlans(
            node.owed.principal,
            factors,
            Discounts.of(factors, template.periods),
            template.lead[rows],
            template.count[rows],
            node.rounding,
        )
    )
    known.append((number, node, made))
    return made


def _same_ground(a: Terms, b: Terms) -> bool:
    x, y = a.curve[0].rate, b.curve[0].rate
    return (
        x.daily == y.daily
        and x.den == y.den
        and np.array_equal(x.num, y.num)
        and np.array_equal(a.owed.principal, b.owed.principal)
    )


def _bands(
    template: Template,
    rows: Whole,
    node: Terms,
    ground: Groundwork,
    known: tuple[Contract, Dates, _Worth],
) -> tuple[Band, Band, Flags]:
    """Give the figures of a node's candidates at both ends of their bounds, and where they hold."""
    contract, dates, (body, end, usual, beside) = known
    lead, count = template.lead[rows], template.count[rows]
    found = level_bounds(ground, node.owed.interest + node.owed.penalty + node.owed.fees)
    given = sum((promise.amounts for promise in node.promises), start=node.waived)
    due, elapsed = _by_account(dates.paid[lead]), _by_account(dates.elapsed[lead + count - 1])
    between = found.level * body
    taken = tuple(template.steps[row] for row in rows)
    owed: dict[str, Whole] = {c: getattr(contract.base.opening, c) for c in COMPONENTS}
    rates = least_rate(contract.terms), least_rate(node)

    def band(last: Float, sign: float) -> Band:
        npv = last * end
        npv += between
        npv *= 1.0 + sign * SLACK
        npv += sign * 1e-6
        return Band(
            as_of=dates.as_of,
            exponent=node.exponent,
            months_per_period=float(12 / node.calendar.frequency.periods_per_year),
            contract_npv=contract.npv,
            contract_payment=contract.typical,
            contract_rate=rates[0],
            owed_by=owed,
            taken=taken,
            first_payment=found.level,
            first_due=due,
            last=last,
            usual=usual,
            beside=beside,
            residual=0,
            months=elapsed,
            waived=given.total,
            **{f"waived_{c}": getattr(given, c) for c in COMPONENTS},
            instalments=count[:, None],
            least=found.level,
            rate=rates[1],
            npv=npv,
        )

    return band(found.least, -1.0), band(found.most, 1.0), found.sure


_Worth = tuple[Float, Float, Whole, Whole]


def _values(dates: Dates, lead: Whole, count: Whole) -> _Worth:
    """Value a unit in every instalment but the last, and one in the last: (candidates, debts).

    Then come the payments that fall into one month.
    """
    annuity = dates.annuity
    end = lead + count
    months = _in_a_month(_by_account(dates.month[: end.max(initial=0)]), lead, count)
    return annuity[end - 1] - annuity[lead], dates.discount[end - 1], *months


def _in_a_month(month: Whole, lead: Whole, count: Whole) -> tuple[Whole, Whole]:
    """Count payments that fall into one month, (candidates, accounts or 1).

    First the most of those but the last, then those beside the last one. `month` is (periods,
    accounts or 1).
    """
    shape = (lead.size, month.shape[1])
    if (np.diff(month, axis=0) > 0).all():
        return np.ones(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    run = np.ones_like(month)
    for period in range(1, len(month)):
        run[period] += run[period - 1] * (month[period] == month[period - 1])
    usual, beside = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    for k, (begin, periods) in enumerate(zip(lead.tolist(), count.tolist(), strict=True)):
        window = np.minimum(run[begin : begin + periods], np.arange(1, periods + 1)[:, None])
        usual[k], beside[k] = window[:-1].max(axis=0, initial=0), window[-1] - 1
    return usual, beside


def _by_account(looked_up: Whole) -> Whole:
    """Give a column for all accounts where they share their dates."""
    return looked_up[:, None] if looked_up.ndim == 1 else looked_up


class _Known:
    """What bounds say of every candidate of every account: (candidates, accounts)."""

    def __init__(self, wanted: Wanted, shape: tuple[int, int]) -> None:
        self.wanted = wanted
        self.sure = np.zeros(shape, dtype=np.bool_)
        self.inside = np.zeros(shape, dtype=np.bool_)
        self.certain = np.zeros(shape, dtype=np.bool_)
        self.maybe = np.zeros(shape, dtype=np.bool_)
        self.undecided = np.zeros(shape, dtype=np.bool_)
        self.outside: list[Flags] = []
        self.low = {name: np.empty(shape) for name in wanted.objectives}
        self.high = {name: np.empty(shape) for name in wanted.objectives}

    def weigh(self, rows: slice, low: Band, high: Band, sure: Flags) -> None:
        """Note what the bounds of some candidates say of limits, surplus and objectives."""
        self.sure[rows] = sure
        within, possible, undecided = sure.copy(), np.ones_like(sure), ~sure
        for at, (a, b) in enumerate(self._limits(low, high)):
            out = a & b & sure
            if at == len(self.outside):
                self.outside.append(np.zeros_like(self.sure))
            self.outside[at][rows] = out
            within &= ~(a | b)
            possible &= ~out
            undecided |= a ^ b
        most = self.wanted.most
        self.inside[rows], self.undecided[rows] = within, undecided
        self.certain[rows] = within & (high.monthly <= most) & ~self.wanted.path
        self.maybe[rows] = possible & ((low.monthly <= most) | ~sure)
        for name in self.wanted.objectives:
            least, most = key_of(low, high, name)
            self.low[name][rows] = np.where(sure, least, -np.inf)
            self.high[name][rows] = np.where(sure, most, np.inf)

    def _limits(self, low: Band, high: Band) -> Iterator[tuple[Flags, Flags]]:
        """Compare both ends with every limit: what lies between them is between the answers."""
        policy = self.wanted.policy
        pairs = zip(
            found_limits(cast("Space", low), policy),
            found_limits(cast("Space", high), policy),
            strict=True,
        )
        return ((a.outside, b.outside) for a, b in pairs)

    def rolled(self) -> Flags:
        """Tell which candidates may be among the best, or may decide why there is none."""
        found = np.zeros_like(self.sure)
        for name in self.wanted.objectives:
            high = np.where(self.certain, self.high[name], np.inf)
            found |= _best(self.low[name], high, self.wanted.top)
        found &= self.maybe
        lost = ~self.inside.any(axis=0)
        return np.asarray(found | (self.undecided & lost))

    def ruled(self, rolled: Flags) -> Ruled:
        """Say what is known of the candidates that are not rolled, nor the same as one that is."""
        others = ~rolled
        return Ruled(
            np.any(others, axis=0),
            np.any(others & self.inside, axis=0),
            [np.all(outside | rolled, axis=0) for outside in self.outside],
        )


def _best(low: Float, high: Float, top: int) -> Flags:
    """Tell which candidates may be among the best of their account; *high* is infinite in doubt."""
    bar = np.full(low.shape[1], -np.inf)
    for _ in range(top):
        # above the bar: surely another plan than those counted so far
        bar = np.where(low > bar, high, np.inf).min(axis=0)
    return np.asarray(low <= bar)


def _drop_repeated(template: Template, nodes: Sequence[Terms], rolled: Flags, sure: Flags) -> None:
    """Roll only the first of candidates that are the same plan for an account, say of no penalty.

    The first stands for all, because they are the same on every axis.
    """
    for late, mine in enumerate(template.places):
        for early, theirs in enumerate(template.places):
            if template.alike[early] != template.alike[late] or not (theirs < mine).all():
                continue
            same = _same_amounts(nodes[early], nodes[late])
            if same.any():
                rolled[mine] &= ~(same & rolled[theirs] & sure[theirs])


def _same_amounts(a: Terms, b: Terms) -> Flags:
    x, y = a.curve[0].rate, b.curve[0].rate
    same = np.asarray(x.num * y.den == y.num * x.den) & (x.daily == y.daily)
    for p, q in ((a.owed, b.owed), (a.waived, b.waived), *_promises(a, b)):
        for c in COMPONENTS:
            same = same & (getattr(p, c) == getattr(q, c))
    return same


def _promises(a: Terms, b: Terms) -> Iterator[tuple[Parts, Parts]]:
    none = Parts.zero()
    for at in range(max(len(a.promises), len(b.promises))):
        yield tuple(t.promises[at].amounts if at < len(t.promises) else none for t in (a, b))  # type: ignore[misc]
