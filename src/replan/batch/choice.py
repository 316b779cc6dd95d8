"""The best candidates of each account: inside the limits, inside the surplus, ranked exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.limits import Exceeded, found_limits
from replan.decide.candidates.parts import CHUNK, Cents, Part
from replan.decide.candidates.search import AXES, LABELS
from replan.decide.candidates.space import Space
from replan.decide.solver.joint import OBJECTIVES as JOINTLY
from replan.errors import UsageError
from replan.model.policy import Policy

from .cells import Flags, Whole

OBJECTIVES = {name: keys for name, keys in LABELS if name}
"""What may be best about an offer, with the axes that decide and break ties."""
ALONE = OBJECTIVES | {"fairest": OBJECTIVES["smallest-ask"]}
"""What stands for an objective of a household where an account is chosen by itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Chosen candidates of some accounts: owner, place in the space, rank, objective; and why not.

    `why` names, for accounts without an offer, what ruled the last candidates out.
    """

    owner: Whole
    index: Whole
    rank: Whole
    objective: Whole
    why: list[str]
    chosen: Flags


@dataclass(frozen=True, slots=True)
class Ruled:
    """What is known, account by account, of candidates that stand in no space.

    Whether there are `some`, whether any is `inside` all limits, and for each limit whether all
    are outside it.
    """

    some: Flags
    inside: Flags
    outside: Sequence[Flags]

    def put(self, accounts: Whole, other: Ruled) -> None:
        """Write what is known of some accounts over what was."""
        mine, theirs = ((known.some, known.inside, *known.outside) for known in (self, other))
        for column, known in zip(mine, theirs, strict=True):
            column[accounts] = known


def owners(parts: Sequence[Part]) -> Whole:
    """Give the owner of each candidate."""
    found = [p.owner for p in parts if p.owner is not None]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def together(known: Sequence[Ruled]) -> Ruled | None:
    """Put together what is known of the candidates of several offers."""
    if not known:
        return None
    some, inside = (
        np.logical_or.reduce([getattr(k, n) for k in known]) for n in ("some", "inside")
    )
    every = zip(*(k.outside for k in known), strict=True)
    return Ruled(some, inside, [np.logical_and.reduce(column) for column in every])


def side_by_side(known: Sequence[Ruled]) -> Ruled:
    """Put together what is known of the candidates of several groups of accounts."""
    some, inside = (np.concatenate([getattr(k, n) for k in known]) for n in ("some", "inside"))
    return Ruled(
        some, inside, [np.concatenate(c) for c in zip(*(k.outside for k in known), strict=True)]
    )


def check_objectives(names: Sequence[str], *, jointly: bool = False) -> tuple[str, ...]:
    """Refuse objectives that are not known; *jointly*: those of `replan solve` are."""
    known = JOINTLY if jointly else tuple(OBJECTIVES)
    for name in names:
        if name not in known:
            hint = " With --share pro-rata each account is chosen by itself." if jointly else ""
            text = f'"{name}" is not an objective. Use one of: {", ".join(known)}.{hint}'
            raise UsageError(text)
    return tuple(dict.fromkeys(names))


def peaks(space: Space) -> Cents:
    """Give the most that each candidate asks for in one calendar month."""
    found = space.peak.copy()
    for begin, part in zip(space.begins, space.parts, strict=True):
        here = slice(int(begin), int(begin) + part.code.size)
        month = part.dates.month
        if (np.diff(month, axis=0) > 0).all():
            if month.size and not month[0].all():
                now = month[0] == 0 if month.ndim == 1 else month[0, part.owner] == 0
                first = np.where((part.start == 1) & now, part.first, 0)
                found[here] = np.maximum(found[here], part.today + first)
            continue
        for at in range(0, part.code.size, CHUNK):
            some = np.arange(at, min(at + CHUNK, part.code.size))
            width = int(month.max(initial=0)) + 1
            found[int(begin) + some] = part.by_month(some, width).max(axis=1)
    return found


def choose(  # noqa: PLR0913  # what is offered, to whom, and how many
    space: Space,
    policy: Policy,
    surplus: tuple[Cents, Flags],
    *,
    objectives: Sequence[str],
    top: int,
    limited: bool = True,
    over: Flags | None = None,
    ruled: Ruled | None = None,
) -> Choice:
    """Choose the best *top* candidates of each account by each objective, without repeats.

    `surplus` is what each account may pay a month, and for which it is known. `limited`: what the
    policy's limits rule out is left out, and so is what is marked in *over*. `ruled` tells of
    candidates that stand in no space because they cannot be chosen.
    """
    amount, known = surplus
    owner, accounts = owners(space.parts), amount.size
    inside = np.ones(len(space), dtype=np.bool_)
    limits = found_limits(space, policy) if limited else ()
    for limit in limits:
        inside &= ~limit.outside
    fits = inside & (~known[owner] | (peaks(space) <= np.maximum(amount, 0)[owner]))
    if over is not None:
        fits &= ~over
    table = _Table(space, owner, fits, accounts)
    taken: list[tuple[Whole, Whole, int, int]] = []
    for at, name in enumerate(objectives):
        for rank in range(top):
            best = table.best(ALONE[name])
            some = np.flatnonzero(best >= 0)
            taken.append((some, best[some], rank + 1, at))
            table.drop(best[some])
        table.restore()
    chosen = np.zeros(accounts, dtype=np.bool_)
    if taken:
        chosen[taken[0][0]] = True
    why = _why((owner, inside), chosen, limits, ruled)
    return _ordered(taken, why, chosen)


class _Table:
    """The candidates that are left, account by account."""

    def __init__(self, space: Space, owner: Whole, fits: Flags, accounts: int) -> None:
        total = space.total + space.residual
        by_name = {"peak": space.peak, "total": total, "months": space.months}
        self.axes = [by_name.get(name, space.npv_loss) for name in AXES]
        rows = np.flatnonzero(fits)
        # stable: of candidates that are the same on every axis the first stands for all
        self.rows = rows[np.argsort(owner[rows], kind="stable")]
        self.owner = owner[self.rows]
        self.begins = np.searchsorted(self.owner, np.arange(accounts))
        self.counts = np.diff(np.append(self.begins, self.rows.size))
        self.open = np.ones(self.rows.size, dtype=np.bool_)

    def best(self, keys: Sequence[int]) -> Whole:
        """Give each account's best candidate that is left, -1 if there is none."""
        left = self.open.copy()
        has = np.flatnonzero(self.counts)
        found = np.full(self.counts.size, -1, dtype=np.int64)
        if not has.size:
            return found
        begins = self.begins[has]
        for key in keys:
            axis = np.where(left, self.axes[key][self.rows], _WORST)
            least = np.minimum.reduceat(axis, begins)
            left &= axis == np.repeat(least, self.counts[has])
        place = np.where(left, np.arange(left.size), left.size)
        first = np.minimum.reduceat(place, begins)
        fine = first < left.size
        found[has[fine]] = self.rows[first[fine]]
        self._last = first[fine]
        return found

    def drop(self, chosen: Whole) -> None:
        """Leave out what was chosen, and whatever is the same on every axis."""
        if not chosen.size:
            return
        mine = np.full(self.counts.size, -1, dtype=np.int64)
        mine[self.owner[self._last]] = chosen
        choice = mine[self.owner]
        same = choice >= 0
        for axis in self.axes:
            same &= axis[self.rows] == axis[choice]
        self.open &= ~same

    def restore(self) -> None:
        """Begin again with all candidates."""
        self.open[:] = True


_WORST = np.iinfo(np.int64).max


def _ordered(taken: list[tuple[Whole, Whole, int, int]], why: list[str], chosen: Flags) -> Choice:
    """List the choice by account, then objective and rank; a plan counts once."""
    none = np.zeros(0, dtype=np.int64)
    owner = np.concatenate([t[0] for t in taken] or [none])
    index = np.concatenate([t[1] for t in taken] or [none])
    rank = np.concatenate([np.full(t[0].size, t[2]) for t in taken] or [none])
    objective = np.concatenate([np.full(t[0].size, t[3]) for t in taken] or [none])
    order = np.lexsort([rank, objective, owner])
    kept = _first_of_each(owner[order], index[order])
    order = order[kept]
    return Choice(owner[order], index[order], rank[order], objective[order], why, chosen)


def _first_of_each(owner: Whole, index: Whole) -> NDArray[np.int64]:
    pair = np.lexsort([np.arange(owner.size), index, owner])
    o, i = owner[pair], index[pair]
    again = np.zeros(pair.size, dtype=np.bool_)
    again[1:] = (o[1:] == o[:-1]) & (i[1:] == i[:-1])
    return np.sort(pair[~again])


def _why(
    judged: tuple[Whole, Flags], chosen: Flags, limits: Sequence[Exceeded], ruled: Ruled | None
) -> list[str]:
    """Say for each account without an offer what ruled out its last candidates."""
    owner, inside = judged
    accounts, none = chosen.size, np.zeros(chosen.size, dtype=np.bool_)
    others = ruled or Ruled(none, none, [~none for _ in limits])
    total = np.bincount(owner, minlength=accounts)
    within = (np.bincount(owner[inside], minlength=accounts) > 0) | others.inside
    some = (total > 0) | others.some
    named = np.where(some, "outside-policy", "refused").astype(object)
    for limit, known in reversed(list(zip(limits, others.outside, strict=False))):
        outside = np.bincount(owner[limit.outside], minlength=accounts)
        named[(outside == total) & known & some] = f"limit-{limit.name}"
    named[within] = "over-surplus"
    named[chosen] = ""
    return [str(name) for name in named]
