"""The room that one debt has: what the surplus leaves each month after the other debts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.figures import TIGHT
from replan.decide.plans import Bench
from replan.model.budget import reasons_not_assessed
from replan.model.debt import Debt
from replan.model.months import Month, month_after, month_name, month_of, months_from
from replan.strategies.notation import Plan

from .parts import Cents, Index, Part
from .space import Space


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
    def near(self) -> NDArray[np.float64]:
        """Give what this debt may take before the household's payments are tight."""
        return TIGHT * np.maximum(self.surplus, 0) - self.others

    @property
    def overdrawn(self) -> NDArray[np.int64]:
        """List the months in which the other debts alone take more than the surplus."""
        over = (self.others > 0) & (self.others > np.maximum(self.surplus, 0))
        return np.flatnonzero(over)

    def name(self, month: int) -> str:
        """Name a month: 2027-02."""
        return month_name(month_after(self.first, int(month)))


def room_for(bench: Bench, debt: Debt, others: Plan, months: int) -> Room:
    """Give the room of a debt while the others follow a plan; the debt itself is left out."""
    case = bench.case
    outcome = bench.run(others).household
    paid: dict[Month, int] = defaultdict(int)
    for found, _ in outcome.debts:
        if found.debt.id != debt.id:
            for row in found.rows:
                paid[month_of(row.due)] += row.payment
    first = month_of(case.as_of)
    names = months_from(first, months)
    path = bench.surplus.until(months + 1)
    return Room(
        first,
        _column(names, {month: amounts[0] for month, amounts in path.items()}),
        _column(names, paid),
        tuple(reasons_not_assessed(case)),
    )


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
    judged = Judged(
        np.zeros(len(space), dtype=np.int64),
        np.zeros(len(space), dtype=np.int64),
        np.zeros(len(space), dtype=np.bool_),
    )
    for begin, part in zip(space.begins, space.parts, strict=True):
        month, level = part.dates.month, part.level
        # level payments are known without rows where no two of them fall into one month
        apart = bool((np.diff(month) > 0).all()) and (month.min(initial=1) > 0)
        if apart:
            rows = np.flatnonzero(level)
            _judge_levels(part, rows, room, judged, int(begin) + rows)
        others = np.flatnonzero(~level) if apart else np.arange(level.size)
        for at in range(0, others.size, part.chunk):
            _judge_rows(part, others[at : at + part.chunk], room, judged, int(begin))
    return judged


def _judge_rows(part: Part, rows: Index, room: Room, judged: Judged, begin: int) -> None:
    """Lay out what candidates pay, month by month down to their last, and compare."""
    here, last = rows + begin, int(part.end[rows].max(initial=0))
    months = int(part.dates.month[:last].max(initial=0)) + 1
    paid = part.by_month(rows, min(months, room.surplus.size))
    width = paid.shape[1]
    over = np.where(paid > 0, paid - room.left[:width], 0)
    judged.shortfall[here] = over.max(axis=1, initial=0)
    judged.months_short[here] = (over > 0).sum(axis=1)
    judged.tight[here] = ((paid > 0) & (paid > room.near[:width])).any(axis=1)


def _judge_levels(part: Part, rows: Index, room: Room, judged: Judged, here: Index) -> None:
    """Compare level payments: the first, the last, and those between with the least room then."""
    if not rows.size:
        return
    left, near = room.left[part.dates.month], room.near[part.dates.month]
    start, end, today = part.start[rows], part.end[rows], part.today[rows]
    first, between, last = part.first[rows], part.instalment[rows], part.last[rows]
    several, more = start < end, start + 1 < end
    least, least_near = _least(left), _least(near)
    single = (
        (today, room.left[0], room.near[0], today > 0),
        (first, left[start - 1], near[start - 1], several),
        (last, left[end - 1], near[end - 1], last > 0),
    )
    run = np.where(more, start, 0), np.where(more, end - 1, 1)
    over = np.where(more, between - least[run], 0)
    short = np.where(more, _below(left, between, *run), 0)
    tight = more & (between > least_near[run])
    for paid, has, close, pays in single:
        over = np.maximum(over, np.where(pays, paid - has, 0))
        short = short + (pays & (paid > has))
        tight = tight | (pays & (paid > close))
    judged.shortfall[here] = np.maximum(over, 0)
    judged.months_short[here] = short
    judged.tight[here] = tight


def _least(values: NDArray[Any]) -> NDArray[Any]:
    """Give the least value of every run of periods: [begin, end), end exclusive."""
    count = values.size
    table = np.zeros((count + 1, count + 1), dtype=values.dtype)
    for begin in range(count):
        table[begin, begin + 1 :] = np.minimum.accumulate(values[begin:])
    return table


def _below(left: Cents, paid: Cents, begin: Index, end: Index) -> Index:
    """Count the periods of each run [begin, end) in which less is left than is paid."""
    values = np.unique(left)
    under = left[:, None] <= values[None, :]
    counted = np.zeros((left.size + 1, values.size + 1), dtype=np.int64)
    counted[1:, 1:] = under.cumsum(axis=0)
    rank = np.searchsorted(values, paid)
    return counted[end, rank] - counted[begin, rank]
