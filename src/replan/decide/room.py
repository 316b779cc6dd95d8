"""The room that one debt has: what the surplus leaves each month after the other debts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replan.model.budget import reasons_not_assessed
from replan.model.debt import Debt
from replan.strategies.notation import Plan

from .figures import TIGHT
from .measure import CHUNK, Cents
from .plans import Bench
from .space import Space

Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Room:
    """Month by month from that of the as-of date: certain surplus, what others take, what is left.

    `left` is never below zero: where the others alone take more than there is, this debt has
    nothing. `reasons` says why payments cannot be judged, if they cannot.
    """

    first: Month
    surplus: Cents
    others: Cents
    reasons: tuple[str, ...]

    @property
    def left(self) -> Cents:
        """Give what remains for this debt."""
        return np.maximum(np.maximum(self.surplus, 0) - self.others, 0)

    @property
    def overdrawn(self) -> NDArray[np.int64]:
        """List the months in which the other debts alone take more than the surplus."""
        over = (self.others > 0) & (self.others > np.maximum(self.surplus, 0))
        return np.flatnonzero(over)

    def name(self, month: int) -> str:
        """Name a month: 2027-02."""
        years, at = divmod(self.first[1] - 1 + int(month), 12)
        return f"{self.first[0] + years}-{at + 1:02}"


def room_for(bench: Bench, debt: Debt, others: Plan, months: int) -> Room:
    """Give the room of a debt while the others follow a plan; the debt itself is left out."""
    case = bench.case
    outcome = bench.run(others).household
    paid: dict[Month, int] = defaultdict(int)
    for found, _ in outcome.debts:
        if found.debt.id != debt.id:
            for row in found.rows:
                paid[row.due.year, row.due.month] += row.payment
    first = (case.as_of.year, case.as_of.month)
    names = [_month(first, m) for m in range(months)]
    path = bench.surplus.until(months + 1)
    return Room(
        first,
        _column(names, {month: amounts[0] for month, amounts in path.items()}),
        _column(names, paid),
        tuple(reasons_not_assessed(case)),
    )


def _month(first: Month, after: int) -> Month:
    years, at = divmod(first[1] - 1 + after, 12)
    return first[0] + years, at + 1


def _column(names: list[Month], amounts: Mapping[Month, int]) -> Cents:
    return np.array([amounts.get(name, 0) for name in names], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Judged:
    """For each candidate the largest shortfall, in how many months it falls short, the verdict."""

    shortfall: Cents
    months_short: NDArray[np.int64]
    tight: NDArray[np.bool_]

    def verdict(self, index: int) -> str:
        """Give a candidate's verdict: fits, tight or short."""
        if self.shortfall[index]:
            return "short"
        return "tight" if self.tight[index] else "fits"


def judge(space: Space, room: Room) -> Judged:
    """Compare what each candidate pays in every month with the room it has then."""
    count, months = len(space), room.surplus.size
    shortfall, short = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    tight = np.zeros(count, dtype=np.bool_)
    left = room.left
    near = TIGHT * np.maximum(room.surplus, 0) - room.others
    for begin in range(0, count, CHUNK):
        here = np.arange(begin, min(begin + CHUNK, count))
        paid = space.payments(here, months=months)
        over = np.where(paid > 0, paid - left, 0)
        shortfall[here] = over.max(axis=1, initial=0)
        short[here] = (over > 0).sum(axis=1)
        tight[here] = ((paid > 0) & (paid > near)).any(axis=1)
    return Judged(shortfall, short, tight)
