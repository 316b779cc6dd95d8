"""Some accounts under every node of a template, and what bounds make of their candidates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.measure import least_rate
from replan.decide.candidates.parts import Dates
from replan.engine.bounds import (
    AtBest,
    Discounts,
    Groundwork,
    LevelPlans,
    at_best,
    groundwork,
    level_bounds,
)
from replan.engine.factors import Factors, resolve_factors, same_factors, some_factors
from replan.engine.terms import COMPONENTS, Parts, Rounding, Terms
from replan.engine.waits import Waiting, waiting_bounds

from .band import Band
from .cells import Flags, Whole
from .template import Template

if TYPE_CHECKING:
    from .contracts import Contract

Float = NDArray[np.float64]
SLACK = 1e-11
"""How far apart two orders of adding up a present value may be, relative to it."""


_Worth = tuple[Float, Float, Whole, Whole]
"""What units are worth: in all instalments but the last, in the last; payments in a month."""


@dataclass(frozen=True, slots=True)
class Node:
    """What accounts owe and bear under some steps, a column each; `given` is what they waive.

    `charges` are interest, penalty and fees; nodes with the same `ground` differ in these alone.
    """

    ground: int
    principal: Whole
    charges: Whole
    given: Parts
    rate: Float
    rounding: Rounding
    exponent: int

    def some(self, accounts: slice | Whole) -> Node:
        """Give some of the accounts."""
        return replace(
            self,
            principal=_some(self.principal, accounts),
            charges=_some(self.charges, accounts),
            given=Parts(*(_some(getattr(self.given, c), accounts) for c in COMPONENTS)),
            rate=_some(self.rate, accounts),
        )


@dataclass(frozen=True, slots=True)
class Tile:
    """Some accounts under every node of a template; what nodes share is worked out once.

    `factors` are those of each ground, `usual` the grounds that discount as the contract does;
    `rate` is the contract's, `valued` the least at which payments are valued, `owed_by` what is
    owed under the contract.
    """

    template: Template
    terms: Sequence[Terms]
    accounts: slice | Whole
    nodes: Sequence[Node]
    factors: Mapping[int, Factors]
    usual: frozenset[int]
    dates: Dates
    npv: Float
    typical: Whole
    rate: Float
    valued: Float
    owed_by: Mapping[str, Whole]
    months_per_period: float
    _same: dict[tuple[int, int], Flags] = field(default_factory=dict)
    _worth: dict[int, _Worth] = field(default_factory=dict)
    _grounds: dict[int, Groundwork] = field(default_factory=dict)

    def some(self, accounts: slice | Whole) -> Tile:
        """Give some of the accounts."""
        return Tile(
            template=self.template,
            terms=self.terms,
            accounts=accounts,
            nodes=[node.some(accounts) for node in self.nodes],
            factors={n: some_factors(f, accounts) for n, f in self.factors.items()},
            usual=self.usual,
            dates=self.dates.some(accounts),
            npv=self.npv[accounts],
            typical=self.typical[accounts],
            rate=_some(self.rate, accounts),
            valued=_some(self.valued, accounts),
            owed_by={c: _some(column, accounts) for c, column in self.owed_by.items()},
            months_per_period=self.months_per_period,
            _same=self._same,
        )

    def worth(self, number: int) -> _Worth:
        """Value units paid by the candidates of a node."""
        alike = self.template.alike[number]
        if alike not in self._worth:
            rows = self.template.places[number]
            lead, count = self.template.lead[rows], self.template.count[rows]
            self._worth[alike] = _values(self.dates, lead, count)
        return self._worth[alike]

    def ground(self, number: int) -> Groundwork:
        """Work out what depends on principal and rate alone, once for nodes that share them."""
        ground = self.nodes[number].ground
        if ground not in self._grounds:
            self._grounds[ground] = self._groundwork(number, self.template.places[number])
        return self._grounds[ground]

    def _groundwork(self, number: int, rows: Whole) -> Groundwork:
        node, template = self.nodes[number], self.template
        factors = self.factors[node.ground]
        if node.ground in self.usual:
            discounts = Discounts.known(self.dates.discount, self.dates.annuity)
        else:
            discounts = Discounts.of(factors, template.periods)
        lead, count = template.lead[rows], template.count[rows]
        plans = LevelPlans(node.principal, factors, discounts, lead, count, node.rounding)
        return groundwork(plans)

    def at_best(self, numbers: Sequence[int]) -> tuple[AtBest, Float]:
        """Bound the shortest and then the longest candidates, by silence, of nodes of one ground.

        Comes with what a unit more in every instalment is worth.
        """
        number, node = numbers[0], self.nodes[numbers[0]]
        corners = self.template.corners[number]
        body, end, *_ = self.worth(number)
        if node.ground in self._grounds:
            ground = self._grounds[node.ground].some(corners)
        else:
            ground = self._groundwork(number, self.template.places[number][corners])
        charges = [self.nodes[n].charges for n in numbers]
        between = np.minimum.reduce(charges), np.maximum.reduce(charges)
        value = body[corners], end[corners]
        return at_best(ground, between, value), (value[0] + value[1]) / ground.count

    def repeats(self, early: int, late: int) -> Flags:
        """Tell for which accounts the candidates of two nodes are the same plans."""
        if self.template.alike[early] != self.template.alike[late]:
            return np.zeros(1, dtype=np.bool_)
        if (early, late) not in self._same:  # found for all accounts, whichever ask first
            self._same[early, late] = _same_amounts(self.terms[early], self.terms[late])
        return _some(self._same[early, late], self.accounts)

    def bands(self, number: int) -> tuple[Band, Band, Flags]:
        """Give the figures of a node's candidates at both ends of their bounds; where they hold."""
        return _bands(self, number)


def tile_of(template: Template, terms: Sequence[Terms], contract: Contract, dates: Dates) -> Tile:
    """Lay out all accounts under every node."""
    grounds = [_ground_of(template, terms, number) for number in range(len(terms))]
    calendar, opening = template.terms.calendar, contract.base.opening
    factors = {n: resolve_factors(calendar, terms[n].curve, terms[n].day_count) for n in {*grounds}}
    today = replace(calendar, start=np.array([terms[0].as_of]))
    valued = terms[0].worth or terms[0].base
    discounting = resolve_factors(today, valued, terms[0].day_count)
    return Tile(
        template=template,
        terms=terms,
        accounts=slice(None),
        nodes=[_node(t, ground) for t, ground in zip(terms, grounds, strict=True)],
        factors=factors,
        usual=frozenset(n for n, found in factors.items() if same_factors(found, discounting)),
        dates=dates,
        npv=contract.npv,
        typical=contract.typical,
        rate=least_rate(contract.terms),
        valued=least_rate(replace(terms[0], curve=valued)),
        owed_by={c: getattr(opening, c) for c in COMPONENTS},
        months_per_period=float(12 / terms[0].calendar.frequency.periods_per_year),
    )


def _node(terms: Terms, ground: int) -> Node:
    owed = terms.owed
    return Node(
        ground=ground,
        principal=owed.principal,
        charges=owed.interest + owed.penalty + owed.fees,
        given=sum((promise.amounts for promise in terms.promises), start=terms.waived),
        rate=least_rate(terms),
        rounding=terms.rounding,
        exponent=terms.exponent,
    )


def _ground_of(template: Template, terms: Sequence[Terms], number: int) -> int:
    """Find the first node from which one differs in charges at most."""
    alike = template.alike
    return next(
        n
        for n in range(number + 1)
        if alike[n] == alike[number] and _same_ground(terms[n], terms[number])
    )


def _some(column: NDArray[Any], accounts: slice | Whole) -> NDArray[Any]:
    """Select accounts; what all of them share stays as it is."""
    return column if column.size == 1 else column[accounts]


def _same_ground(a: Terms, b: Terms) -> bool:
    x, y = a.curve[0].rate, b.curve[0].rate
    return (
        x.daily == y.daily
        and x.den == y.den
        and np.array_equal(x.num, y.num)
        and np.array_equal(a.owed.principal, b.owed.principal)
    )


def _bands(tile: Tile, number: int) -> tuple[Band, Band, Flags]:
    template, node, dates = tile.template, tile.nodes[number], tile.dates
    rows = template.places[number]
    body, end, usual, beside = tile.worth(number)
    lead, count = template.lead[rows], template.count[rows]
    found = level_bounds(tile.ground(number), node.charges)
    waits = waiting_bounds(tile.ground(number), node.charges, found)
    due, elapsed = _by_account(dates.paid[lead]), _by_account(dates.elapsed[lead + count - 1])
    between = found.level * body
    taken = tuple(template.steps[row] for row in rows)

    def band(last: Float, sign: float) -> Band:
        npv, level = last * end, found.level
        npv += between
        if waits is not None:
            level, last, npv = _with_waiting(waits, sign > 0, (level, last, npv), (body, end))
        npv *= 1.0 + sign * SLACK
        npv += sign * 1e-6
        return Band(
            as_of=dates.as_of,
            exponent=node.exponent,
            months_per_period=tile.months_per_period,
            contract_npv=tile.npv,
            contract_payment=tile.typical,
            contract_rate=tile.rate,
            owed_by=tile.owed_by,
            taken=taken,
            first_payment=level,
            first_due=due,
            last=last,
            usual=usual,
            beside=beside,
            residual=0,
            months=elapsed,
            waived=node.given.total,
            **{f"waived_{c}": getattr(node.given, c) for c in COMPONENTS},
            instalments=count[:, None],
            least=level,
            rate=node.rate,
            npv=npv,
        )

    low, high = band(found.least, -1.0), band(found.most, 1.0)
    if waits is not None:
        found.sure[waits.at] = True
    return low, high, found.sure


def _with_waiting(
    waits: Waiting,
    upper: bool,
    known: tuple[Float, ...],
    value: tuple[Float, Float],
) -> tuple[Float, ...]:
    """Put the bounds of plans whose interest may wait in their places: level, last, and value."""
    body, end = (np.broadcast_to(of, known[1].shape)[waits.at] for of in value)
    made = tuple(column.copy() for column in known)
    found = (waits.level, waits.last, waits.worth(body, end))
    for column, ends in zip(made, found, strict=True):
        column[waits.at] = ends[upper]
    return made


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
