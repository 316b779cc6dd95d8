"""Why an account is offered this plan, or none: what ruled the others out, and the nearest miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from replan.decide.candidates.limits import Exceeded, found_limits
from replan.decide.candidates.parts import CHUNK, Cents
from replan.decide.candidates.space import Space
from replan.model.months import month_after, month_name, month_of

from .accounts import Accounts
from .candidates import space_of_accounts
from .cells import Flags, Whole
from .choice import ALONE
from .kinds import Kind
from .offers import Job
from .schema import SURPLUS
from .surplus import surplus_table

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Judged:
    """Every candidate of one account, against every limit and the surplus.

    `available` is what may be paid in each calendar month, None where nobody knows.
    """

    space: Space
    limits: tuple[Exceeded, ...]
    inside: Flags
    over: Flags
    available: Cents | None

    @property
    def fits(self) -> Flags:
        """Tell which candidates could be offered."""
        return self.inside & ~self.over


def judge(found: Accounts, kind: Kind, row: int, job: Job, room: Cents | None = None) -> Judged:
    """Evaluate every candidate of one account, as its offers were made.

    *room* is what a borrower's budget leaves besides what the other accounts are to pay, by
    calendar month; without it the account's own surplus counts.
    """
    rows = np.array([row])
    space = space_of_accounts(found, kind, rows, job)
    limited = not job.given_plan
    limits = found_limits(space, job.policy) if limited else ()
    inside = np.ones(len(space), dtype=np.bool_)
    for limit in limits:
        inside &= ~limit.outside
    if room is None and found.given[SURPLUS][row]:
        room = surplus_table(found, rows, space.horizon)[0]
    if room is None or not limited:
        return Judged(space, limits, inside, np.zeros(len(space), dtype=np.bool_), None)
    room = room[: space.horizon]
    return Judged(space, limits, inside, _over(space, room), np.maximum(room, 0))


def _over(space: Space, room: Cents) -> Flags:
    """Mark the candidates that ask for more than there is in some calendar month."""
    over = np.zeros(len(space), dtype=np.bool_)
    for at in range(0, len(space), CHUNK):
        some = np.arange(at, min(at + CHUNK, len(space)))
        paid = space.payments(some, months=room.size)
        over[some] = ((paid > 0) & (paid > room)).any(axis=1)
    return over


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer to be explained: what it was chosen for, its plan, and its total in minor units.

    `axes` are its highest payment, total with what is left over, months and loss in present value.
    """

    objective: str
    plan: str
    total: int
    axes: tuple[int, int, int, int] = (0, 0, 0, 0)


def reasons_of(judged: Judged, job: Job, offered: Offered | None) -> dict[str, Any]:
    """Say where the candidates of an account went, what decides, and which plan missed by least.

    What decides is what ruled out the plans that would have been better by the objective; the
    nearest of them fails in the fewest ways, then by the smallest part of what it may be. Without
    an offer the nearest is sought among all candidates.
    """
    space = judged.space
    index = None if offered is None else place_of(space, offered)
    objective = job.objectives[0] if offered is None else offered.objective
    pool = np.arange(len(space))
    if offered is not None:
        pool = _better(space, offered.axes, ALONE[objective])
    failing = pool[~judged.fits[pool]]
    return {
        "candidates": _spread(judged, job),
        "better": int(failing.size),
        "decides": _deciding(judged, failing),
        "nearest": _nearest(judged, failing, ALONE[objective]),
        "use": [] if index is None else _use(judged, index, job),
    }


def place_of(space: Space, offered: Offered) -> int | None:
    """Find an offer among the candidates of its account; None for one that is not of the menu."""
    alike = np.flatnonzero(space.total == offered.total)
    return next((int(at) for at in alike if space.notation(int(at)) == offered.plan), None)


def _axes(space: Space) -> list[Whole]:
    """Give the figures by which candidates are ordered, as a portfolio's choice has them."""
    return [space.peak, space.total + space.residual, space.months, space.npv_loss]


def _better(space: Space, than: Sequence[int], keys: Sequence[int]) -> Whole:
    """List the candidates that come before some figures by an objective; ties go to the first."""
    axes = _axes(space)
    before, same = np.zeros(len(space), np.bool_), np.ones(len(space), np.bool_)
    for key in keys:
        before |= same & (axes[key] < than[key])
        same &= axes[key] == than[key]
    return np.flatnonzero(before)


def _spread(judged: Judged, job: Job) -> dict[str, Any]:
    """Say where all candidates went; one may be outside several limits."""
    return {
        "menu": job.candidates,
        "refused": job.candidates - len(judged.space),
        "outside": [
            {**limit_told(limit), "count": int(limit.outside.sum())}
            for limit in judged.limits
            if limit.outside.any()
        ],
        "over_surplus": int((judged.inside & judged.over).sum()),
        "fitting": int(judged.fits.sum()),
    }


def limit_told(limit: Exceeded) -> dict[str, Any]:
    """Give the JSON form of a limit."""
    kind = "max" if limit.is_max else "min"
    return {
        "limit": limit.name,
        "unit": limit.unit,
        kind: float(limit.bound),
        "since": limit.since.isoformat(),
        "source": limit.reference,
    }


def _deciding(judged: Judged, failing: Whole) -> list[dict[str, Any]]:
    """Count what ruled out candidates, most of them first."""
    counts = [("surplus", int(judged.over[failing].sum()))]
    counts += [(limit.name, int(limit.outside[failing].sum())) for limit in judged.limits]
    ordered = sorted((pair for pair in counts if pair[1]), key=lambda pair: -pair[1])
    return [{"what": name, "count": count} for name, count in ordered]


def _nearest(judged: Judged, failing: Whole, keys: Sequence[int]) -> dict[str, Any] | None:
    """Give the candidate that fails in the fewest ways and then by least, with what it fails."""
    if not failing.size:
        return None
    ways = judged.over[failing].astype(np.int64)
    miss = np.where(judged.over[failing], _excess(judged, failing), 0.0)
    for limit in judged.limits:
        ways += limit.outside[failing]
        miss = np.maximum(miss, np.where(limit.outside[failing], _miss(limit, failing), 0.0))
    ordered = [_axes(judged.space)[key][failing] for key in reversed(keys)]
    at = int(failing[np.lexsort([*ordered, miss, ways])[0]])
    return {**_plan(judged.space, at), "fails": _fails(judged, at)}


def _miss(limit: Exceeded, some: Whole) -> Floats:
    bound = abs(float(limit.bound))
    return np.abs(limit.values[some] - float(limit.bound)) / (bound or 1.0)


def _excess(judged: Judged, some: Whole) -> Floats:
    """Give by what part of the surplus candidates exceed it in their worst month."""
    found = np.zeros(some.size)
    for at in range(0, some.size, CHUNK):
        gap, room = _gaps(judged, some[at : at + CHUNK])
        found[at : at + CHUNK] = (gap / np.maximum(room, 1)).max(axis=1, initial=0.0)
    return found


def _gaps(judged: Judged, some: Whole) -> tuple[Cents, Cents]:
    """Give by how much candidates exceed each month, and what each month has."""
    paid = judged.space.payments(some, months=judged.space.horizon)
    room = np.zeros(paid.shape[1], np.int64) if judged.available is None else judged.available
    return np.maximum(paid - room, 0) * (paid > 0), room


def _plan(space: Space, at: int) -> dict[str, Any]:
    amounts = {"peak_payment": space.peak, "total_paid": space.total, "waived": space.waived,
               "npv_loss": space.npv_loss}  # fmt: skip
    told = {name: _amount(space, int(column[at])) for name, column in amounts.items()}
    return {"plan": space.notation(at), "months": int(space.months[at]), **told}


def _amount(space: Space, minor: int) -> str:
    return str(Decimal(minor).scaleb(-space.exponent))


def _fails(judged: Judged, at: int) -> list[dict[str, Any]]:
    """Say in which ways a candidate fails, with what it has and what it may have."""
    found = [
        {**limit_told(limit), "value": float(limit.values[at])}
        for limit in judged.limits
        if limit.outside[at]
    ]
    if judged.over[at]:
        found.append(_shortage(judged, at))
    return found


def _shortage(judged: Judged, at: int) -> dict[str, Any]:
    """Name the month in which a candidate exceeds the surplus most, the first of those alike.

    The last instalment is often a few cents more than the others, so months within a hundredth of
    the largest gap count as alike. `needed` is what would be enough in every month.
    """
    space = judged.space
    gap, room = _gaps(judged, np.array([at]))
    most, first = int(gap[0].max()), month_of(space.as_of)
    worst = int(np.argmax(gap[0] * 100 >= most * 99))
    return {
        "limit": "surplus",
        "month": month_name(month_after(first, worst)),
        "asked": _amount(space, int(gap[0, worst] + room[worst])),
        "available": _amount(space, int(room[worst])),
        "short": _amount(space, int(gap[0, worst])),
        "months": int((gap[0] > 0).sum()),
        "needed": _amount(space, most),
    }


def _use(judged: Judged, index: int, job: Job) -> list[dict[str, Any]]:
    """Say how much of each limit, and of the surplus in its tightest month, an offer takes."""
    space = judged.space
    found: list[dict[str, Any]] = [
        {**limit_told(limit), "value": float(limit.values[index])}
        for limit in judged.limits
        if limit.name in job.policy.limits
    ]
    if judged.available is None:
        return found
    paid = space.payments(np.array([index]), months=space.horizon)[0]
    asked = np.flatnonzero(paid)
    share = paid[asked] / np.maximum(judged.available[asked], 1)
    # the first of the months alike: see _shortage
    worst = int(asked[np.argmax(share >= 0.99 * share.max())]) if asked.size else 0
    surplus = {
        "limit": "surplus",
        "month": month_name(month_after(month_of(space.as_of), worst)),
        "asked": _amount(space, int(paid[worst])),
        "available": _amount(space, int(judged.available[worst])),
    }
    return [surplus, *found]
