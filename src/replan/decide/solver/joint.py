"""The joint choice of a household: the candidates of every debt, the room of every month, and aims.

Amounts are minor units of the currency throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import Offer
from replan.decide.candidates.limits import combined, dearer, limits_of
from replan.decide.candidates.space import Space, space_of
from replan.decide.evaluate import Evaluated
from replan.decide.figures import value_of
from replan.decide.plans import Bench
from replan.errors import UsageError
from replan.model.debt import Debt
from replan.model.months import month_of, months_between, months_from
from replan.model.policy import Policy

from .choose import Choice, Limits, choose, least_extra, least_given
from .choose import Space as Columns
from .highs import Floats

Objective = Literal["smallest-ask", "cheapest", "soonest", "fairest"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
PARTS = 10**9
"""Shares of a lender's loss are compared in billionths of what the contract is worth."""
CELLS = 400_000_000
"""More candidates times months than this would not fit in memory."""
_CHUNK = 4096
"""Candidates compared at once, for the same reason."""
CONTRACT = "contract"
Index = NDArray[np.int64]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Menu:
    """What one creditor may agree to: the offers, and the policy whose limits hold for them."""

    offers: Sequence[Offer]
    policy: Policy | None = None


@dataclass(frozen=True)
class Side:
    """One debt's candidates: those of its menu that clear it, and last its contract.

    Of each candidate: `payments` per calendar month, `loss` of present value to the creditor,
    `total` paid and `months` until the last payment. `worth` is the contract's present value,
    `owed` what is owed at the as-of date.
    """

    debt: Debt
    menu: Menu
    space: Space
    kept: Index
    payments: Floats
    loss: Index
    total: Index
    months: Index
    worth: int
    owed: int

    @property
    def size(self) -> int:
        """Count the candidates."""
        return len(self.loss)

    def notation(self, place: int) -> str:
        """Print a candidate."""
        return CONTRACT if place == len(self.kept) else self.space.notation(int(self.kept[place]))


@dataclass(frozen=True)
class Joint:
    """The sides of a household and the room that each calendar month has for them."""

    sides: Sequence[Side]
    room: Floats


def joint_of(bench: Bench, menus: Mapping[str, Menu]) -> Joint:
    """Evaluate every debt's candidates; debts without a menu keep their contract.

    The room of a month is its certain surplus, nothing if that is negative, less what the debts
    without a menu ask for; it is negative where they alone ask for too much.
    Raises UsageError if there are too many candidates.
    """
    debts = [debt for debt in bench.case.debts if debt.id in menus]
    spaces = [space_of(bench, debt, menus[debt.id].offers) for debt in debts]
    contracts = {name: _by_month(bench, found) for name, found in bench.contracts.items()}
    width = max([s.horizon for s in spaces] + [max(c, default=0) + 1 for c in contracts.values()])
    if sum(len(s) for s in spaces) * width > CELLS:
        raise UsageError("The policies have too many candidates together. Write coarser steps.")
    sides = [
        _side(bench, menus[debt.id], space, _row(contracts[debt.id], width))
        for debt, space in zip(debts, spaces, strict=True)
    ]
    fixed = sum(
        (_row(contracts[d.id], width) for d in bench.case.debts if d.id not in menus),
        start=np.zeros(width),
    )
    return Joint(sides, _surplus(bench, width) - fixed)


def _by_month(bench: Bench, found: Evaluated) -> dict[int, int]:
    """Add up a schedule's payments by calendar month, counted from that of the as-of date."""
    first, paid = month_of(bench.case.as_of), dict[int, int]()
    for row in found.rows:
        month = months_between(first, month_of(row.due))
        paid[month] = paid.get(month, 0) + row.payment
    return paid


def _row(paid: Mapping[int, int], width: int) -> Floats:
    row = np.zeros(width)
    for month, amount in paid.items():
        row[month] = amount
    return row


def _surplus(bench: Bench, width: int) -> Floats:
    path = bench.surplus.until(width)
    months = months_from(month_of(bench.case.as_of), width)
    return np.array([max(path.get(month, (0, 0, 0))[0], 0) for month in months], dtype=np.float64)


def _side(bench: Bench, menu: Menu, space: Space, contract: Floats) -> Side:
    """Gather a debt's candidates within the limits that leave nothing owed, and its contract."""
    found = bench.contracts[space.debt.id]
    kept = np.flatnonzero((space.residual == 0) & _inside(bench, menu, space))
    worth = round(value_of(found))
    paid = space.payments(kept, months=len(contract)).astype(np.float64)
    plain = _plainest(space, kept, paid)
    kept, paid = kept[plain], paid[plain]
    return Side(
        debt=space.debt,
        menu=menu,
        space=space,
        kept=kept,
        payments=np.vstack([paid, contract]),
        loss=np.append(space.npv_loss[kept], 0),
        total=np.append(space.total[kept], int(contract.sum())),
        months=np.append(space.months[kept], bench.contract_figures[space.debt.id].months),
        worth=worth,
        owed=found.rows[0].opening,
    )


def _plainest(space: Space, kept: Places, paid: Floats) -> Places:
    """Of candidates that pay the same and cost the lender the same keep that of fewest steps.

    A waiver of what is not owed, or a rate that is charged already, is nothing to ask for.
    """
    steps = space.by_step(lambda _: 1.0)[kept]
    # equal rows have equal sums; rows with equal sums that differ are told apart below
    weighted = np.einsum("ij,j->i", paid, np.sqrt(np.arange(1.0, paid.shape[1] + 1)))
    loss = space.npv_loss[kept]
    order = np.lexsort((np.arange(kept.size), steps, loss, weighted))
    before, after = order[:-1], order[1:]
    same = (loss[before] == loss[after]) & (weighted[before] == weighted[after])
    at = np.flatnonzero(same)
    for begin in range(0, at.size, _CHUNK):
        part = at[begin : begin + _CHUNK]
        same[part] = (paid[before[part]] == paid[after[part]]).all(axis=1)
    return np.sort(order[np.append(True, ~same)]) if kept.size else kept


def _inside(bench: Bench, menu: Menu, space: Space) -> Mask:
    """Mark the candidates within every limit of the policy."""
    inside = np.ones(len(space), dtype=bool)
    if menu.policy is not None:
        for limit in (
            *combined(menu.policy, space),
            dearer(menu.policy, space),
            *limits_of(menu.policy, space, bench.case.as_of),
        ):
            inside &= ~limit.outside
    return inside


def pick(joint: Joint, objective: Objective, limits: Limits) -> Choice:
    """Choose one candidate per debt for an objective; no places if no month's room allows it.

    smallest-ask: the lenders' losses of present value add up to the least (one lender's gain makes
    up for no other's loss); then the borrower pays least while no lender loses more than that.
    cheapest: the borrower pays least; then the lenders lose least while no debt costs more. Of
    equals under these two the debts that come first are done soonest, then the others.
    soonest: the last debt is done in the fewest months, then cheapest. fairest: the largest loss,
    as a share of what the contract is worth, is the least; then the payments lie closest to each
    debt's share, by what is owed, of every month's room.
    """
    if not joint.sides:
        return Choice((), 0, 0, proved=True, considered=0, total=0)
    totals = [side.total for side in joint.sides]
    losses = [np.maximum(side.loss, 0) for side in joint.sides]
    if objective in {"smallest-ask", "cheapest"}:
        sums = [losses, totals] if objective == "smallest-ask" else [totals, losses]
        return _one_by_one(joint, [*sums, _months(joint, first=True), _months(joint)], limits)
    if objective == "soonest":
        return _lowest(joint, [side.months for side in joint.sides], totals, limits)
    return _lowest(joint, [_shares(s) for s in joint.sides], _distances(joint), limits)


def ranked_by(joint: Joint, objective: Objective) -> list[list[Index | Floats]]:
    """Give what ranks the candidates of each side by themselves: columns, the first decides."""
    sides = joint.sides
    totals, losses = [s.total for s in sides], [np.maximum(s.loss, 0) for s in sides]
    months, none = [s.months for s in sides], [np.zeros(s.size) for s in sides]
    columns: dict[Objective, Sequence[Sequence[Index | Floats]]] = {
        "smallest-ask": (losses, totals, months),
        "cheapest": (totals, losses, months),
        "soonest": (months, totals, none),
        "fairest": ([_shares(s) for s in sides], _distances(joint), none),
    }
    return [list(column) for column in zip(*columns[objective], strict=True)]


def _months(joint: Joint, *, first: bool = False) -> list[Index]:
    """Give each candidate's months; of the debts that come first alone, if that is wanted."""
    return [side.months * (side.debt.comes_first or not first) for side in joint.sides]


def _one_by_one(joint: Joint, sums: Sequence[Sequence[Index]], limits: Limits) -> Choice:
    """Make one sum least after the other, with no debt's part in an earlier one any larger."""
    among = [np.ones(side.size, dtype=bool) for side in joint.sides]
    first = found = _cheapest(joint, among, sums[0], limits)
    considered, proved = found.considered, found.proved
    for at, costs in enumerate(sums):
        if at:
            found = _cheapest(joint, among, costs, limits)
        if not found.places:
            break
        first = replace(first, places=found.places)
        considered, proved = max(considered, found.considered), proved and found.proved
        pairs = zip(among, costs, found.places, strict=True)
        among = [mask & (cost <= cost[place]) for mask, cost, place in pairs]
    return replace(first, considered=considered, proved=proved)


def _cheapest(
    joint: Joint, allowed: Sequence[Mask], costs: Sequence[Index | Floats], limits: Limits
) -> Choice:
    """Choose among the allowed candidates; places count all of them."""
    maps = [np.flatnonzero(mask) for mask in allowed]
    total = sum(side.size for side in joint.sides)
    if not all(m.size for m in maps):
        return Choice((), 0, 0, proved=True, considered=0, total=total)
    columns = [
        Columns(side.payments[m], cost[m].astype(np.float64))
        for side, m, cost in zip(joint.sides, maps, costs, strict=True)
    ]
    found = choose(columns, joint.room, limits=limits)
    places = tuple(int(m[p]) for m, p in zip(maps, found.places, strict=False))
    return replace(found, places=places, total=total)


def _lowest(
    joint: Joint, values: Sequence[Index], costs: Sequence[Index | Floats], limits: Limits
) -> Choice:
    """Choose so that the largest value of any debt is the least; then by cost."""
    levels = np.unique(np.concatenate(values))
    proved, low, high = True, 0, len(levels) - 1
    nothing = [np.zeros(side.size) for side in joint.sides]
    if not _cheapest(joint, _up_to(values, levels[high]), nothing, limits).places:
        return _cheapest(joint, _up_to(values, levels[high]), costs, limits)
    while low < high:
        middle = (low + high) // 2
        found = _cheapest(joint, _up_to(values, levels[middle]), nothing, limits)
        proved = proved and found.proved
        low, high = (low, middle) if found.places else (middle + 1, high)
    best = _cheapest(joint, _up_to(values, levels[high]), costs, limits)
    return replace(best, proved=best.proved and proved)


def _up_to(values: Sequence[Index], level: int) -> list[Mask]:
    return [value <= level for value in values]


def _shares(side: Side) -> Index:
    """Give each candidate's loss in billionths of what the contract is worth, rounded up."""
    loss = np.maximum(side.loss, 0).astype(object)
    return np.array([-(-x * PARTS // max(side.worth, 1)) for x in loss], dtype=np.int64)


def _distances(joint: Joint) -> list[Floats]:
    """Add up, month by month, how far payments are from the debt's share of the room."""
    owed = [side.owed for side in joint.sides]
    room = np.maximum(joint.room, 0)
    return [
        np.abs(side.payments - np.floor(room * mine / max(sum(owed), 1))).sum(axis=1)
        for side, mine in zip(joint.sides, owed, strict=True)
    ]


def missing(joint: Joint, limits: Limits) -> Choice:
    """Find the least amount that every month lacks for some choice to fit: the cost."""
    if not joint.sides:
        lacks = int(-joint.room.min(initial=0))
        return Choice((), lacks, lacks, proved=True, considered=0, total=0)
    return least_extra([_free(side) for side in joint.sides], joint.room, limits=limits)


def given_up(joint: Joint, who: int, limits: Limits) -> Choice:
    """Find the least that one creditor would have to give up or put off for a choice to fit."""
    return least_given([_free(side) for side in joint.sides], joint.room, who, limits=limits)


def _free(side: Side) -> Columns:
    return Columns(side.payments, np.zeros(side.size))
