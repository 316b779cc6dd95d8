"""The joint choice of a borrower: one plan per account, every month within one budget, proved.

The choice is that of `replan solve`; what it chooses from is made here, from columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.parts import Cents
from replan.decide.figures import TIGHT
from replan.decide.solver.choose import Limits
from replan.decide.solver.joint import Joint, Menu, Objective, Side, pick, ranked_by

from .accounts import Accounts
from .blocks import Place, blocks_of, places_of, slices_of, tell_block
from .borrowers import Borrower
from .cells import Flags
from .kinds import Kind
from .result import Told
from .share import JOINT
from .surplus import by_month

if TYPE_CHECKING:
    from .offers import Job

Index = NDArray[np.int64]
Floats = NDArray[np.float64]
NODES = 500
"""Nodes of a solver's tree looked at for one choice: a count, so that no machine's speed shows."""
ACCOUNTS, CELLS = 24, 2_000_000
"""A borrower with more accounts, or more candidates times months, is not solved jointly."""


def settle_jointly(  # noqa: PLR0913, PLR0917  # accounts, whose they are, and what is told
    found: Accounts,
    kinds: Sequence[Kind],
    kept: Flags,
    borrowers: Sequence[Borrower],
    job: Job,
    told: Told,
) -> Flags:
    """Choose for all accounts of each borrower together; tell it, and mark what is settled.

    Not settled are borrowers whose surplus nobody knows, and those beyond the bounds on the work.
    """
    settled = np.zeros(found.rows, dtype=np.bool_)
    known = [b for b in borrowers if b.surplus is not None and kept[[*b.rows]].any()]
    for some in slices_of([b for b in known if len(b.rows) <= ACCOUNTS], job):
        rows = np.array(sorted(row for b in some for row in b.rows))
        blocks = blocks_of(found, kinds, rows, kept, job)
        places = places_of(blocks)
        for borrower in some:
            if _settle(found, borrower, places, kept, job):
                settled[[*borrower.rows]] = True
        for block in blocks:
            tell_block(block, kept & settled, job, told)
    found.shared[settled & kept] = JOINT
    return settled & kept


def _settle(
    found: Accounts, borrower: Borrower, places: dict[int, Place], kept: Flags, job: Job
) -> bool:
    """Choose for one borrower by every objective; tell whether that was possible."""
    mine = [places[row] for row in borrower.rows if kept[row]]
    width = max(places[row].width for row in borrower.rows)
    if sum(place.kept.size + 1 for place in mine) * width > CELLS:
        return False
    shared = shared_of(found, borrower, places, kept)
    joint = shared.joint
    picks = [pick(joint, cast("Objective", name), Limits(NODES)) for name in job.objectives]
    if not all(choice.proved for choice in picks):
        return False
    for at, choice in enumerate(picks):
        if len(choice.places) == len(mine) and not (joint.room < 0).any():
            _take_all(joint, mine, choice.places, _Run(at, shared.surplus, job))
    return True


@dataclass(frozen=True, slots=True)
class Shared:
    """A borrower's sides and their room; the surplus and what contracts that stay ask for, apart.

    All by calendar month from that of the as-of date on.
    """

    joint: Joint
    surplus: Cents
    fixed: Cents


def shared_of(found: Accounts, borrower: Borrower, places: dict[int, Place], kept: Flags) -> Shared:
    """Lay out what a borrower's accounts are chosen from, and what the budget leaves for it."""
    width = max(places[row].width for row in borrower.rows)
    surplus = by_month(borrower.surplus or (), found.as_of, width)
    asked = (places[row].asked for row in borrower.rows if not kept[row])
    fixed = sum((_wide(one, width) for one in asked), start=np.zeros(width, np.int64))
    sides = [_side(places[row], width) for row in borrower.rows if kept[row]]
    return Shared(Joint(sides, (surplus - fixed).astype(np.float64)), surplus, fixed)


@dataclass(frozen=True, slots=True)
class _Run:
    """The objective by its number, what may be paid by month, and the job."""

    objective: int
    surplus: Cents
    job: Job

    def verdict(self, left: Floats) -> str:
        """Judge by what is left of each month."""
        paid = self.surplus - left
        return "tight" if (paid > TIGHT * self.surplus).any() else "fits"


def _take_all(joint: Joint, mine: Sequence[Place], best: Sequence[int], run: _Run) -> None:
    """Take the joint choice as first plans, and rank for each account what else would fit.

    That is what fits while the borrower's other accounts keep their first plans.
    """
    chosen = [side.payments[at] for side, at in zip(joint.sides, best, strict=True)]
    left = joint.room - np.sum(chosen, axis=0)
    ranks = ranked_by(joint, cast("Objective", run.job.objectives[run.objective]))
    for side, place, at, paid, columns in zip(joint.sides, mine, best, chosen, ranks, strict=True):
        place.take(at, 1, run.objective, run.verdict(left))
        for rank, other in enumerate(_others(side, at, left + paid, columns, run.job.top), 2):
            verdict = run.verdict(left + paid - side.payments[other])
            place.take(other, rank, run.objective, verdict)


def _others(
    side: Side, first: int, room: Floats, columns: Sequence[Index | Floats], top: int
) -> list[int]:
    """List the best candidates but the first that fit a room and differ in some figure."""
    if top < 2:
        return []
    fits = np.atleast_1d((side.payments <= room).all(axis=1))
    peak = side.payments.max(axis=1)
    seen = {_axes(side, peak, first)}
    found: list[int] = []
    for at in np.lexsort([np.arange(side.size), *columns[::-1]]).tolist():
        if fits[at] and len(found) < top - 1 and (axes := _axes(side, peak, at)) not in seen:
            seen.add(axes)
            found.append(at)
    return found


def _axes(side: Side, peak: Floats, at: int) -> tuple[int, ...]:
    return int(peak[at]), int(side.total[at]), int(side.months[at]), int(side.loss[at])


def _wide(months: Cents, width: int) -> Cents:
    return np.pad(months, (0, width - months.size))


def _side(place: Place, width: int) -> Side:
    """Give an account's candidates, the contract last, as `replan solve` does."""
    block, kept, asked = place.block, place.kept, place.asked
    payments = np.zeros((kept.size + 1, width))
    payments[:-1, : place.paid.shape[1]] = place.paid
    payments[-1, : asked.size] = asked
    ends = place.endless
    at = int(block.agreed[place.owner])
    months = ends[1].months if ends else block.contracts.months[at]
    return Side(
        debt=block.kind.debt,
        menu=Menu(()),
        space=block.space,
        kept=kept,
        payments=payments,
        loss=np.append(block.space.npv_loss[kept], 0),
        total=np.append(block.space.total[kept], asked.sum()),
        months=np.append(block.space.months[kept], months),
        worth=int(block.worth[place.owner]),
        owed=int(block.owed[place.owner]),
    )
