"""Accounts of some borrowers laid out by kind: candidates, contracts, and what is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from replan.decide.candidates.limits import found_limits
from replan.decide.candidates.parts import Cents
from replan.decide.candidates.space import Space
from replan.decide.evaluate import Evaluated
from replan.decide.figures import Figures
from replan.decide.solver.joint import CONTRACT

from .accounts import Accounts
from .alone import asked_by_month, bench_of, tell_alone
from .borrowers import Borrower
from .candidates import contract_space, space_of_accounts
from .cells import Flags, Whole
from .choice import Choice, owners
from .contracts import contract_of
from .kinds import Kind
from .result import Told, tell_offers

if TYPE_CHECKING:
    from .offers import Job

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


def slices_of(borrowers: Sequence[Borrower], job: Job) -> Iterator[list[Borrower]]:
    """Part borrowers so that the candidates of some of them can be held together."""
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


def places_of(blocks: Sequence[Block]) -> dict[int, Place]:
    """Find the place of each row."""
    return {int(row): Place(b, o) for b in blocks for o, row in enumerate(b.rows)}


def blocks_of(
    found: Accounts, kinds: Sequence[Kind], rows: Whole, kept: Flags, job: Job
) -> list[Block]:
    """Lay the accounts of some rows out by their kinds."""
    wanted = np.zeros(found.rows, dtype=np.bool_)
    wanted[rows] = True
    return [
        _block(found, kind, mine, kept, job)
        for kind in kinds
        if (mine := kind.rows[wanted[kind.rows]]).size
    ]


def _block(found: Accounts, kind: Kind, rows: Whole, kept: Flags, job: Job) -> Block:
    """Evaluate the candidates of accounts of one kind; those without a menu have none."""
    space = space_of_accounts(found, kind, rows, job)
    contract = contract_of(found, kind, rows)
    contracts, owner = contract_space(kind, contract), owners(space.parts)
    inside = kept[rows][owner]
    if not job.given_plan:
        inside &= space.residual == 0
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


def _contract(found: Accounts, row: int) -> tuple[Evaluated, Figures]:
    """Evaluate one contract by itself."""
    bench = bench_of(found, [row])
    (name,) = bench.contracts
    return bench.contracts[name], bench.contract_figures[name]


def tell_block(block: Block, kept: Flags, job: Job, told: Told) -> None:
    """Tell what was chosen for the accounts of a block; without a choice there is no offer.

    Then nothing fits the budget, or a plan given for all does not apply to the account.
    """
    settled = np.flatnonzero(kept[block.rows])
    offered = {t.owner for t in (*block.chosen, *block.contracted)}
    none = block.rows[[o for o in settled if o not in offered]]
    reason = "refused" if job.given_plan else "over-surplus"
    told.add(none.size, row=none, status="no-offer", reason=reason)
    for chosen, contracted in _in_order(block):
        _tell_taken(block, (chosen, contracted), job, told)


def _in_order(block: Block) -> Iterator[tuple[list[Taken], list[Taken]]]:
    """Yield what is told one after the other, so that each account's plans come by their rank."""
    if not block.contracted:
        yield block.chosen, []
        return
    places = sorted({(t.objective, t.rank) for t in (*block.chosen, *block.contracted)})
    for place in places:
        chosen, contracted = (
            [t for t in some if (t.objective, t.rank) == place]
            for some in (block.chosen, block.contracted)
        )
        yield chosen, contracted


def _tell_taken(block: Block, taken: tuple[list[Taken], list[Taken]], job: Job, told: Told) -> None:
    """Tell plans of the menu, contracts, and contracts that have no end."""
    chosen, contracted = taken
    columns = [t for t in contracted if t.owner not in block.endless]
    for space, some in ((block.space, chosen), (block.contracts, columns)):
        choice = _choice_of(some, block.rows.size)
        tell_offers(
            told, block.kind.case, space, choice, block.rows,
            objectives=job.objectives, verdict=[t.verdict for t in some],
            peak=space.peak[choice.index],
            findings=found_limits(space, job.policy) if job.given_plan else (),
        )  # fmt: skip
    for t in (t for t in contracted if t.owner in block.endless):
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
