"""Which candidates of many accounts must be rolled: those that bounds cannot rule out.

A candidate that is surely outside a limit, surely above the surplus or surely worse than enough
others is never rolled; all that may be chosen, or may decide why nothing is, are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.limits import found_limits
from replan.decide.candidates.parts import Dates
from replan.engine.terms import Terms
from replan.model.policy import Policy

from .band import Band, by_loss, key_of
from .cells import Flags, Whole
from .choice import Ruled, side_by_side
from .screened import Screened, nodes_of
from .template import Template
from .tile import Tile, tile_of

if TYPE_CHECKING:
    from replan.decide.candidates.space import Space

    from .contracts import Contract

Float = NDArray[np.float64]
TILE = 1_024
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

    def some(self, accounts: slice | Whole) -> Wanted:
        """Give what is looked for for some accounts."""
        return replace(self, most=self.most[accounts], path=self.path[accounts])


def screen(
    template: Template, start: Terms, contract: Contract, dates: Dates, wanted: Wanted
) -> Screened | None:
    """Find out which candidates must be rolled; None if an account has no plain shape.

    `start` are the terms of the accounts before any step. Accounts for which the candidates of the
    first node settle everything are not asked about the others.
    """
    nodes = nodes_of(template, start)
    if nodes is None:
        return None
    accounts = np.arange(contract.npv.size)
    rolled = np.zeros((template.code.size, accounts.size), dtype=np.bool_)
    whole = tile_of(template, nodes, contract, dates)
    ruled, left = list[Ruled](), list[Whole]()
    with np.errstate(all="ignore"):  # what is worth nothing at the end is unsure
        for begin in range(0, accounts.size, TILE):
            here = slice(begin, min(begin + TILE, accounts.size))
            first, known, unsettled = _screen_first(whole.some(here), wanted.some(here))
            rolled[template.places[0], here] = first
            ruled.append(known)
            left.append(accounts[here][unsettled])
        found, others = side_by_side(ruled), np.concatenate(left)
        for begin in range(0, others.size, TILE):
            some = others[begin : begin + TILE]
            rolled[:, some], known = _screen_all(whole.some(some), wanted.some(some))
            found.put(some, known)
    return Screened(template, nodes, dates, rolled, found)


def _screen_all(tile: Tile, wanted: Wanted) -> tuple[Flags, Ruled]:
    """Screen all candidates of a few accounts; they stand node by node meanwhile."""
    places = tile.template.places
    known = _Known(wanted, (tile.template.code.size, tile.npv.size))
    begin = 0
    for number, rows in enumerate(places):
        known.weigh(slice(begin, begin + rows.size), *tile.bands(number))
        begin += rows.size
    kept, order = known.rolled(), np.argsort(np.concatenate(places))
    rolled, sure = kept[order], known.sure[order]
    _drop_repeated(tile, rolled, sure)
    return rolled, known.ruled(kept)


def _screen_first(tile: Tile, wanted: Wanted) -> tuple[Flags, Ruled, Flags]:
    """Screen the candidates of the first node; tell which accounts need a look at the others.

    That is where one of these may be chosen, or may decide why nothing is.
    """
    known = _Known(wanted, (tile.template.places[0].size, tile.npv.size))
    bands = tile.bands(0)
    known.weigh(slice(None), *bands)
    kept = known.rolled()
    unsettled = np.zeros(tile.npv.size, dtype=np.bool_)
    open_why, settled = ~known.inside.any(axis=0), known.sure.all(axis=0)
    grounds, bars = [node.ground for node in tile.nodes], known.bars()
    for ground in dict.fromkeys(grounds):
        numbers = [n for n, other in enumerate(grounds) if other == ground and n]
        if ground:
            possible = _possible(tile, numbers, wanted, bars)
        else:
            possible = _possible_beside(tile, numbers, known, (bands[0].first_payment, bars))
        for number, may_be in zip(numbers, possible, strict=True):
            unsettled |= (open_why | may_be) & ~(settled & tile.repeats(0, number))
    return kept, known.ruled(kept), unsettled


def _possible_beside(
    tile: Tile, numbers: Sequence[int], known: _Known, of: tuple[Float, Mapping[str, Float]]
) -> Iterator[Flags]:
    """Tell for nodes that differ from the first in charges alone whether any candidate may win.

    By how much an instalment is less than with the charges of the first, and what that is worth, is
    known but for roundings. *of* are the first node's instalments and the bars.
    """
    if not numbers:
        return
    level, bars = of
    best, _ = tile.at_best([0, *numbers])
    body, end, usual, _ = tile.worth(0)
    count = tile.template.count[tile.template.places[0]][:, None]
    more = [tile.nodes[0].charges - tile.nodes[n].charges for n in numbers]
    least = level - np.maximum.reduce(more) / count - (tile.nodes[0].rounding.unit + 1.0)
    fits = least * usual <= known.wanted.most
    unsure, some = ~(best.sure & known.sure.all(axis=0)), fits.any(axis=0)
    for waived in more:
        wins = np.zeros_like(some)
        for name, bar in bars.items():
            if by_loss(name):
                loss = known.low[name] + (body + end) * (waived / count)
                wins |= np.where(fits, loss, np.inf).min(axis=0) - 2.0 * (best.off + 1.0) <= bar
            else:
                wins |= True
        yield unsure | (waived < 0) | (some & wins)


def _possible(
    tile: Tile, numbers: Sequence[int], wanted: Wanted, bars: Mapping[str, Float]
) -> Iterator[Flags]:
    """Tell for nodes that differ in charges alone whether any candidate may win.

    Of plans that are as long silent the longest has the least instalment, and the shortest gives up
    least, unless it charges more than that at which payments are valued.
    """
    best, each = tile.at_best(numbers)
    shortest = len(best.level) // 2
    fits = best.level[shortest:] * tile.worth(numbers[0])[2].min(axis=0) <= wanted.most
    worth, each = best.worth[:shortest].max(axis=0) + best.off, each[:shortest].min(axis=0)
    charges = [tile.nodes[n].charges for n in numbers]
    some, most = fits.any(axis=0), np.maximum.reduce(charges)
    unsure = ~best.sure | (tile.nodes[numbers[0]].rate > tile.valued)
    for charge in charges:
        loss = tile.npv - (worth - each * (most - charge)) - 2.0
        wins = np.zeros_like(some)
        for name, bar in bars.items():
            wins |= (loss <= bar) if by_loss(name) else True
        yield unsure | (some & wins)


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

    def bars(self) -> dict[str, Float]:
        """Give what no candidate above it is chosen by, for each objective; infinite in doubt."""
        found = dict[str, Float]()
        for name in self.wanted.objectives:
            high = np.where(self.certain, self.high[name], np.inf)
            found[name] = _bar(self.low[name], high, self.wanted.top)
        return found

    def rolled(self) -> Flags:
        """Tell which candidates may be among the best, or may decide why there is none."""
        found = np.zeros_like(self.sure)
        for name, bar in self.bars().items():
            found |= self.low[name] <= bar
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


def _bar(low: Float, high: Float, top: int) -> Float:
    """Give what so many different candidates of an account surely do not exceed."""
    bar = np.full(low.shape[1], -np.inf)
    for _ in range(top):
        # above the bar: surely another plan than those counted so far
        bar = np.where(low > bar, high, np.inf).min(axis=0)
    return bar


def _drop_repeated(tile: Tile, rolled: Flags, sure: Flags) -> None:
    """Roll only the first of candidates that are the same plan for an account, say of no penalty.

    The first stands for all, because they are the same on every axis.
    """
    places = tile.template.places
    for late, mine in enumerate(places):
        for early, theirs in enumerate(places):
            if tile.template.alike[early] != tile.template.alike[late] or not (theirs < mine).all():
                continue
            same = tile.repeats(early, late)
            if same.any():
                rolled[mine] &= ~(same & rolled[theirs] & sure[theirs])
