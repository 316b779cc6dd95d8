"""The joint choice of a borrower: one plan per account, every month within one budget, proved.

The choice is that of `replan solve`; what it chooses from is made here, from columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.measure import Cents
from replan.decide.candidates.space import Space
from replan.decide.evaluate import Evaluated
from replan.decide.figures import TIGHT, Figures
from replan.decide.solver.choose import Limits
from replan.decide.solver.joint import CONTRACT, Joint, Menu, Objective, Side, pick, ranked_by

from .accounts import Accounts, Kind
from .alone import asked_by_month, bench_of, tell_alone
from .borrowers import Borrower
from .candidates import columns_of, contract_of, contract_space, owners, space_of_accounts
from .cells import Flags, Whole
from .choice import Choice, found_limits
from .result import Told, tell_offers
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
HELD = 32_000
"""Candidates whose payments are held at a time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One plan of an account: its place among the candidates, its rank, and for which objective."""

    owner: int
    index: int
    rank: int
    objective: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Block:
    """Accounts of one kind with their candidates, and their contracts apart, as candidates.

    `kept` are the candidates that clear the debt within the limits, account by account from
    `begins` on, and `paid` what they ask for by calendar month. `agreed` finds the contract of an
    account, and `asked` is what contracts ask for; a contract that never clears the debt stands in
    `endless`, evaluated by itself. `chosen` and `contracted` collect what was chosen.
    """

    kind: Kind
    rows: Whole
    space: Space
    kept: Whole
    begins: Whole
    paid: Cents
    contracts: Space
    agreed: Whole
    asked: Cents
    worth: Whole
    owed: Whole
    endless: dict[int, tuple[Evaluated, Figures]]
    chosen: list[Taken] = field(default_factory=list)
    contracted: list[Taken] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account stands: its block, and its number in it."""

    block: Block
    owner: int

    @property
    def kept(self) -> Whole:
        """List the candidates."""
        return self.block.kept[self._here]

    @property
    def paid(self) -> Cents:
        """Give what they ask for by calendar month."""
        return self.block.paid[self._here]

    @property
    def endless(self) -> tuple[Evaluated, Figures] | None:
        """Give the contract if it never clears the debt."""
        return self.block.endless.get(self.owner)

    @property
    def asked(self) -> Cents:
        """Give what the contract asks for by calendar month."""
        if self.endless is not None:
            return asked_by_month(self.endless[0])
        return np.asarray(self.block.asked[self.block.agreed[self.owner]])

    @property
    def _here(self) -> slice:
        return slice(int(self.block.begins[self.owner]), int(self.block.begins[self.owner + 1]))

    @property
    def width(self) -> int:
        """Count the calendar months in which something may be asked for."""
        return max(int(self.block.paid.shape[1]), self.asked.size)

    def take(self, place: int, rank: int, objective: int, verdict: str) -> None:
        """Choose a candidate, or what comes after the last of them: the contract."""
        if place < self.kept.size:
            index, to = int(self.kept[place]), self.block.chosen
        else:
            index, to = int(self.block.agreed[self.owner]), self.block.contracted
        to.append(Taken(self.owner, index, rank, objective, verdict))


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
    for some in _slices([b for b in known if len(b.rows) <= ACCOUNTS], job):
        rows = np.array(sorted(row for b in some for row in b.rows))
        blocks = _blocks(found, kinds, rows, kept, job)
        places = {int(row): Place(b, o) for b in blocks for o, row in enumerate(b.rows)}
        for borrower in some:
            if _settle(found, borrower, places, kept, job):
                settled[[*borrower.rows]] = True
        for block in blocks:
            _tell(block, kept & settled, job, told)
    found.shared[settled] = JOINT
    return settled & kept


def _slices(borrowers: Sequence[Borrower], job: Job) -> Iterator[list[Borrower]]:
    some: list[Borrower] = []
    count = 0
    for borrower in borrowers:
        some.append(borrower)
        count += len(borrower.rows) * job.candidates
        if count >= HELD:
            yield some
            some, count = [], 0
    if some:
        yield some


def _blocks(
    found: Accounts, kinds: Sequence[Kind], rows: Whole, kept: Flags, job: Job
) -> list[Block]:
    wanted = np.zeros(found.rows, dtype=np.bool_)
    wanted[rows] = True
    pairs = ((kind, kind.rows[wanted[kind.rows]]) for kind in kinds)
    return [_block(found, kind, mine, kept, job) for kind, mine in pairs if mine.size]


def _block(found: Accounts, kind: Kind, rows: Whole, kept: Flags, job: Job) -> Block:
    """Evaluate the candidates of accounts of one kind; those without a menu have none."""
    space = space_of_accounts(found, kind, rows, job.menu)
    contract = contract_of(kind, columns_of(found, rows))
    contracts, owner = contract_space(kind, contract), owners(space.parts)
    inside = (space.residual == 0) & kept[rows][owner]
    for limit in found_limits(space, job.policy):
        inside &= ~limit.outside
    index = np.flatnonzero(inside)
    index = index[np.argsort(owner[index], kind="stable")]
    agreed = np.full(rows.size, -1, dtype=np.int64)
    agreed[owners(contracts.parts)] = np.arange(len(contracts))
    endless = {int(o): _contract(found, int(rows[o])) for o in np.flatnonzero(agreed < 0)}
    return Block(
        kind, rows, space, index,
        begins=np.searchsorted(owner[index], np.arange(rows.size + 1)),
        paid=space.payments(index),
        contracts=contracts,
        agreed=agreed,
        asked=contracts.payments(),
        worth=np.rint(contract.npv).astype(np.int64),
        owed=contract.base.opening.total,
        endless=endless,
    )  # fmt: skip


def _settle(
    found: Accounts, borrower: Borrower, places: dict[int, Place], kept: Flags, job: Job
) -> bool:
    """Choose for one borrower by every objective; tell whether that was possible."""
    all_ = [places[row] for row in borrower.rows]
    mine = [places[row] for row in borrower.rows if kept[row]]
    width = max(place.width for place in all_)
    if sum(place.kept.size + 1 for place in mine) * width > CELLS:
        return False
    surplus = by_month(borrower.surplus or (), found.as_of, width)
    fixed = [places[row].asked for row in borrower.rows if not kept[row]]
    room = surplus - sum((_wide(asked, width) for asked in fixed), start=np.zeros(width, np.int64))
    joint = Joint([_side(place, width) for place in mine], room.astype(np.float64))
    picks = [pick(joint, cast("Objective", name), Limits(NODES)) for name in job.objectives]
    if not all(choice.proved for choice in picks):
        return False
    for at, choice in enumerate(picks):
        if len(choice.places) == len(mine) and not (room < 0).any():
            _take_all(joint, mine, choice.places, _Run(at, surplus, job))
    return True


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


def _contract(found: Accounts, row: int) -> tuple[Evaluated, Figures]:
    """Evaluate one contract by itself."""
    bench = bench_of(found, [row])
    (name,) = bench.contracts
    return bench.contracts[name], bench.contract_figures[name]


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


def _tell(block: Block, kept: Flags, job: Job, told: Told) -> None:
    """Tell what was chosen for the accounts of a block; whose month fits nothing has no offer."""
    settled = np.flatnonzero(kept[block.rows])
    offered = {t.owner for t in (*block.chosen, *block.contracted)}
    none = block.rows[[o for o in settled if o not in offered]]
    told.add(none.size, row=none, status="no-offer", reason="over-surplus")
    columns = [t for t in block.contracted if t.owner not in block.endless]
    for space, taken in ((block.space, block.chosen), (block.contracts, columns)):
        choice = _choice_of(taken, block.rows.size)
        tell_offers(
            told, block.kind.case, space, choice, block.rows,
            objectives=job.objectives, verdict=[t.verdict for t in taken],
            peak=space.peak[choice.index],
        )  # fmt: skip
    for t in (t for t in block.contracted if t.owner in block.endless):
        evaluated, figures = block.endless[t.owner]
        tell_alone(
            told, int(block.rows[t.owner]), evaluated, figures, worth=figures.npv, rank=t.rank,
            objective=job.objectives[t.objective], plan=CONTRACT, verdict=t.verdict,
        )  # fmt: skip


def _choice_of(taken: Sequence[Taken], accounts: int) -> Choice:
    """Lay out what was taken; why others have none is told apart."""
    columns = np.array([(t.owner, t.index, t.rank, t.objective) for t in taken], dtype=np.int64)
    owner, index, rank, objective = columns.reshape(-1, 4).T
    every = np.ones(accounts, dtype=np.bool_)
    return Choice(owner, index, rank, objective, [], every)
