"""One candidate per debt so that every month fits: a joint choice, proved over all candidates.

The method is column generation with reduced-cost fixing. A relaxed programme over a few
candidates gives each month a price. All candidates are valued at those prices in whole numbers,
which gives a lower bound on any choice; what improves on it is added until nothing does. A
candidate whose value alone lifts the bound to the best choice known cannot be part of a better
one and is dropped; the rest is solved exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .few import choose_few
from .highs import Answer, Floats, Programme, relax, solve_whole

Indices = NDArray[np.int64]
ADDED = 8
"""So many new candidates per debt enter the relaxed programme at a time."""
FIRST, WIDER = 40, 4
"""The exact programme starts with so many candidates per debt and grows by this factor."""
EXACT = 2.0**52
"""Whole numbers in float64 below this are summed exactly in any order."""


@dataclass(frozen=True, slots=True)
class Space:
    """One debt's candidates: payments (N, M) per month, and cost (N,), in whole minor units."""

    payments: Floats
    cost: Floats

    @property
    def size(self) -> int:
        """Count the candidates."""
        return len(self.cost)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to search: a node limit repeats the same answer, a time limit does not.

    `left` gives the seconds that are left, by the caller's clock.
    """

    nodes: int = 200_000
    left: Callable[[], float] | None = None

    @property
    def seconds(self) -> float | None:
        """Give the seconds that are left, at least a moment; None without a limit."""
        return None if self.left is None else max(self.left(), 0.01)


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate per debt; `places` is empty if none was found.

    No choice costs less than `bound`. `proved`: none costs less than `cost`. `considered` of
    `total` candidates were in the last exact programme; the others were proved away.
    `slack` is the least missing amount that was asked for (see `least_extra`, `least_given`).
    """

    places: tuple[int, ...]
    cost: int
    bound: int
    proved: bool
    considered: int
    total: int
    slack: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Problem:
    """Spaces, the sets of months that bind them, and what may be missing.

    `limits` is (B, M): block b holds for the debts with `inside[d][b]`. `slack` is "one" for an
    amount that all months of the last block get, "each" for one a month.
    """

    spaces: Sequence[Space]
    limits: Floats
    inside: Sequence[tuple[bool, ...]]
    slack: Literal["none", "one", "each"] = "none"
    search: Limits = field(default_factory=Limits)

    @property
    def total(self) -> int:
        return sum(s.size for s in self.spaces)


def choose(spaces: Sequence[Space], capacity: Floats, *, limits: Limits | None = None) -> Choice:
    """Choose a candidate for every debt: the least sum of costs within every month's capacity.

    Empty places with `proved` mean that nothing fits.
    """
    search, total = limits or Limits(), sum(s.size for s in spaces)
    # payments are never negative, so that what does not fit by itself fits with nothing else
    alone = [np.flatnonzero((s.payments <= capacity).all(axis=1)) for s in spaces]
    if not all(a.size for a in alone):
        return Choice((), 0, 0, proved=True, considered=0, total=total)
    fitting = [Space(s.payments[a], s.cost[a]) for s, a in zip(spaces, alone, strict=True)]
    few = choose_few([s.payments for s in fitting], [s.cost for s in fitting], capacity)
    if few is not None:
        cost = int(sum(s.cost[j] for s, j in zip(fitting, few, strict=False)))
        best = tuple(int(a[j]) for a, j in zip(alone, few, strict=False))
        return Choice(best, cost, cost, proved=True, considered=len(best), total=total)
    start = least_extra(fitting, capacity, limits=search)
    if start.cost:
        return Choice((), 0, 0, start.proved, start.considered, total)
    problem = _Problem(fitting, capacity[None], [(True,)] * len(spaces), search=search)
    found = _settled(problem, start.places)
    places = tuple(int(a[p]) for a, p in zip(alone, found.places, strict=True))
    return replace(found, places=places, total=total)


def least_extra(
    spaces: Sequence[Space], capacity: Floats, *, limits: Limits | None = None
) -> Choice:
    """Find the least amount that, added to every month, makes a choice fit: the cost."""
    free = [Space(s.payments, np.zeros(s.size)) for s in spaces]
    inside = [(True,)] * len(spaces)
    problem = _Problem(free, capacity[None], inside, "one", limits or Limits())
    return _settled(problem, _lightest(problem))


def least_given(
    spaces: Sequence[Space], capacity: Floats, who: int, *, limits: Limits | None = None
) -> Choice:
    """Find the least that one debt would have to give up or put off, in all, for a choice to fit.

    The others stay within their own candidates. `slack` says how much in each month. Empty places
    mean that this debt alone cannot make it fit.
    """
    if (capacity < 0).any():  # payments are never negative: what lacks already stays lacking
        return Choice((), 0, 0, proved=True, considered=0, total=sum(s.size for s in spaces))
    free = [Space(s.payments, np.zeros(s.size)) for s in spaces]
    search = limits or Limits()
    others = [s for d, s in enumerate(free) if d != who]
    start = least_extra(others, capacity, limits=search) if others else None
    if start is not None and (start.cost or not start.places):
        return Choice((), 0, 0, start.proved, start.considered, start.total)
    places = list(start.places) if start is not None else []
    places.insert(who, int(np.argmin(free[who].payments.sum(axis=1))))
    inside = [(d != who, True) for d in range(len(free))]
    problem = _Problem(free, np.stack([capacity, capacity]), inside, "each", search)
    return _settled(problem, tuple(places))


def _lightest(problem: _Problem) -> tuple[int, ...]:
    """Take every debt's candidate with the lowest peak, then the lowest total."""
    return tuple(int(np.lexsort((s.cost, *_weights(s)))[0]) for s in problem.spaces)


def _weights(space: Space) -> tuple[Floats, Floats]:
    """Give each candidate's total and peak."""
    return space.payments.sum(axis=1), space.payments.max(axis=1, initial=0)


def _settled(problem: _Problem, start: tuple[int, ...]) -> Choice:
    """Find the best choice, from one that is known, and prove it."""
    best, cost = start, _cost(problem, start)
    if problem.slack != "none" and not cost:
        return _choice(problem, best, cost, considered=len(best))
    lower, spare = _generate(problem, _seeds(problem, start))
    least, spares = -(-lower.amount // lower.scale), np.concatenate(spare)
    order, proved, useful = np.argsort(spares, kind="stable"), True, np.zeros(0, dtype=np.int64)
    for width in _widths(problem):
        close = order[:width]
        useful = close[spares[close] <= (cost - 1) * lower.scale - lower.amount]
        answer = _exact(problem, _kept(problem, useful, best), cost)
        proved = answer.proved
        if answer.values.size:
            best, cost = _better(problem, _kept(problem, useful, best), answer, (best, cost))
        if not proved or len(useful) < width:
            break
    return _choice(problem, best, cost, considered=len(useful), least=None if proved else least)


def _choice(
    problem: _Problem,
    places: tuple[int, ...],
    cost: int,
    *,
    considered: int,
    least: int | None = None,
) -> Choice:
    """Report a choice; `least` bounds the cost of one that is not proved."""
    bound = cost if least is None else min(least, cost)
    slack = tuple(int(m) for m in _missing(problem, places))
    considered = max(considered, len(places))
    return Choice(places, cost, bound, bound == cost, considered, problem.total, slack)


def _widths(problem: _Problem) -> Iterator[int]:
    """Give growing numbers of candidates, up to all."""
    width = FIRST * len(problem.spaces)
    while width < problem.total:
        yield width
        width *= WIDER
    yield problem.total + 1


def _kept(problem: _Problem, useful: Indices, best: Sequence[int]) -> list[Indices]:
    """Sort places counted over all debts by debt, with the best choice among them."""
    ends = np.cumsum([s.size for s in problem.spaces])
    owner = np.searchsorted(ends, useful, side="right")
    starts = ends - [s.size for s in problem.spaces]
    pairs = enumerate(best)
    return [np.union1d(useful[owner == d] - starts[d], [place]) for d, place in pairs]


def _better(
    problem: _Problem, kept: Sequence[Indices], answer: Answer, known: tuple[tuple[int, ...], int]
) -> tuple[tuple[int, ...], int]:
    """Read the solver's choice, recompute it in whole numbers, and keep the better one."""
    ends = np.cumsum([len(k) for k in kept])
    parts = np.split(answer.values[: ends[-1]], ends[:-1])
    found = tuple(int(k[np.argmax(x)]) for k, x in zip(kept, parts, strict=True))
    cost = _cost(problem, found)
    return (found, cost) if cost < known[1] else known


_TOO_MUCH = 2**62
"""The cost of a choice that does not fit and may not."""


def _cost(problem: _Problem, places: Sequence[int]) -> int:
    """Add up a choice in whole numbers, with what is missing."""
    own = sum(int(s.cost[j]) for s, j in zip(problem.spaces, places, strict=True))
    missing = _missing(problem, places)
    fits = all((_excess(problem, places, b) <= 0).all() for b in range(len(problem.limits) - 1))
    if not fits or (problem.slack == "none" and missing.any()):
        return _TOO_MUCH
    return own + int(missing.sum())


def _missing(problem: _Problem, places: Sequence[int]) -> Floats:
    """Say what a choice lacks in the last block: one amount, or one per month."""
    excess: Floats = np.maximum(_excess(problem, places, len(problem.limits) - 1), 0)
    return excess if problem.slack != "one" else np.array([float(excess.max(initial=0))])


def _excess(problem: _Problem, places: Sequence[int], block: int) -> Floats:
    chosen = zip(problem.spaces, places, problem.inside, strict=True)
    paid: Floats = sum(
        (s.payments[j] for s, j, inside in chosen if inside[block]),
        start=np.zeros(problem.limits.shape[1]),
    )
    excess: Floats = paid - problem.limits[block]
    return excess


def _seeds(problem: _Problem, start: Sequence[int]) -> list[Indices]:
    """Start with the known choice, the cheapest, the lightest, and some spread over the peaks."""
    pools = []
    for space, place in zip(problem.spaces, start, strict=True):
        total, peak = _weights(space)
        by_peak = np.lexsort((space.cost, total, peak))
        spread = by_peak[np.linspace(0, space.size - 1, min(space.size, ADDED)).astype(np.int64)]
        cheapest = np.lexsort((peak, space.cost))[:1]
        pools.append(np.unique(np.concatenate([spread, cheapest, [place]])))
    return pools


@dataclass(frozen=True, slots=True)
class _Bound:
    """A lower bound on every choice: amount / scale, both whole."""

    amount: int
    scale: int


def _generate(problem: _Problem, pools: list[Indices]) -> tuple[_Bound, list[Floats]]:
    """Add candidates until none improves the relaxed programme.

    Gives the best bound and, for each candidate, by how much it alone lifts that bound, in units
    of 1 / scale.
    """
    best: tuple[_Bound, list[Floats]] | None = None
    while True:
        answer = relax(_programme(problem, pools))
        prices, scale = _whole_prices(problem, answer.prices[len(pools) :])
        bound, spare = _valued(problem, prices, scale)
        if best is None or bound.amount * best[0].scale > best[0].amount * bound.scale:
            best = bound, spare
        worth = zip(spare, pools, problem.spaces, strict=True)
        new = [_improving(s, p, _weights(space)[0].max()) for s, p, space in worth]
        floor = -(-bound.amount // bound.scale)
        if floor >= answer.cost - FRACTION or not any(n.size for n in new):
            return best
        pools = [np.union1d(p, n) for p, n in zip(pools, new, strict=True)]


FRACTION = 1e-6
"""A bound this close to the relaxed programme's cost cannot be improved by more candidates."""


def _improving(spare: Floats, pool: Indices, noise: float) -> Indices:
    """Take the candidates worth most at the current prices that are not in the pool yet.

    `noise` is what rounding the prices can change in a value: no more than the payments' sum.
    """
    count = min(ADDED + len(pool), len(spare))
    close = np.argpartition(spare, count - 1)[:count]
    close = close[np.lexsort((close, spare[close]))]
    fresh = (spare[close] < spare[pool].min() - noise) & ~np.isin(close, pool)
    new: Indices = close[fresh][:ADDED]
    return new


def _whole_prices(problem: _Problem, duals: Floats) -> tuple[Floats, int]:
    """Round the months' prices down to whole multiples of 1 / scale; (B, M) and the scale.

    Any prices that are not negative give a valid bound; with something missing they may not add up
    to more than it costs, which rounding down keeps.
    """
    prices = np.zeros(problem.limits.shape)
    prices[_binding(problem)] = np.maximum(-duals, 0)
    if problem.slack == "one":
        prices[-1] /= max(prices[-1].sum(), 1.0)
    if problem.slack == "each":
        prices[-1] = np.minimum(prices[-1], 1.0)
    largest = max(
        float(np.abs(s.cost).max() + s.payments.max(initial=0) * prices.sum())
        for s in problem.spaces
    )
    bits = min(int(np.log2(EXACT / (largest + 1))), 40)
    if bits < 0:
        raise OverflowError("the amounts are too large for an exact bound")
    return np.floor(prices * 2.0**bits), 2**bits


def _valued(problem: _Problem, prices: Floats, scale: int) -> tuple[_Bound, list[Floats]]:
    """Value every candidate at the prices: the bound, and how far each is above the least."""
    amount = -sum(
        int(p) * int(c) for p, c in zip(prices.ravel(), problem.limits.ravel(), strict=True)
    )
    spare = []
    for space, inside in zip(problem.spaces, problem.inside, strict=True):
        value = space.cost * scale + space.payments @ prices[np.array(inside)].sum(axis=0)
        least = value.min()
        amount += int(least)
        spare.append(value - least)
    return _Bound(amount, scale), spare


def _binding(problem: _Problem) -> NDArray[np.bool_]:
    """Mark the months (B, M) in which some choice would not fit."""
    most = np.array([s.payments.max(axis=0) for s in problem.spaces])
    inside = np.array(problem.inside, dtype=float)
    found: NDArray[np.bool_] = inside.T @ most > problem.limits
    return found


def _programme(problem: _Problem, pools: Sequence[Indices]) -> Programme:
    """Write the programme over some candidates: one per debt, binding months within limits."""
    binding = _binding(problem)
    block, month = np.nonzero(binding)
    columns, owner = [], np.repeat(np.arange(len(pools)), [len(p) for p in pools])
    for space, pool, inside in zip(problem.spaces, pools, problem.inside, strict=True):
        columns.append(space.payments[pool][:, month].T * np.array(inside)[block][:, None])
    one = (owner == np.arange(len(pools))[:, None]).astype(float)
    extra = _slack_columns(problem, block)
    matrix = np.block([[one, np.zeros((len(pools), extra.shape[1]))], [np.hstack(columns), -extra]])
    cost = np.concatenate([*(s.cost[p] for s, p in zip(problem.spaces, pools, strict=True))])
    return Programme(
        cost=np.concatenate([cost, np.ones(extra.shape[1])]),
        matrix=matrix,
        lower=np.concatenate([np.ones(len(pools)), np.full(len(month), -np.inf)]),
        upper=np.concatenate([np.ones(len(pools)), problem.limits[binding]]),
        bound=np.concatenate([np.ones(len(cost)), np.full(extra.shape[1], np.inf)]),
        whole=len(cost),
    )


def _slack_columns(problem: _Problem, block: Indices) -> Floats:
    """Give what may be missing: one column for all months of the last block, or one for each."""
    last = block == len(problem.limits) - 1
    if problem.slack == "none":
        return np.zeros((len(block), 0))
    each: Floats = np.eye(len(block), dtype=np.float64)[:, last]
    return each if problem.slack == "each" else each.sum(axis=1, keepdims=True)


def _exact(problem: _Problem, kept: Sequence[Indices], cost: int) -> Answer:
    """Solve some candidates in whole numbers for less than a cost."""
    programme = _programme(problem, kept)
    search = problem.search
    return solve_whole(programme, below=cost, nodes=search.nodes, seconds=search.seconds)
