"""Level plans whose first instalment may not cover its interest, between proven bounds.

What it does not cover waits without interest, so that the kernel looks for the smallest instalment
that leaves no larger last one. DECISIONS.md has the proof.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .bounds import LARGEST, SLACK, Groundwork, LevelBounds, tops
from .level import FloatColumn
from .money import Column

Places = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Plans and rows."""
Ends = tuple[FloatColumn, FloatColumn]
"""The lower and the upper bound."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What such plans come to; columns have an entry for each of them, `at` is plan and row.

    `level` bounds the instalment, `last` the last one. That is `around` + `slope` for each unit by
    which the instalment is smaller than `around`, less `lost` at most, and within `off`.
    """

    at: Places
    level: Ends
    last: Ends
    around: FloatColumn
    slope: FloatColumn
    lost: FloatColumn
    off: FloatColumn

    def worth(self, body: FloatColumn, end: FloatColumn) -> Ends:
        """Bound the value of plans.

        A unit in the last instalment is worth *end*, one in all others *body*. They move against
        each other, so that little of the value is open.
        """
        whole, turn = self.around * (body + end), body - self.slope * end
        ends = [(level - self.around) * turn for level in self.level]
        low = whole + np.minimum(*ends) - (self.lost + self.off) * end
        return low, whole + np.maximum(*ends) + self.off * end

    def some(self, kept: NDArray[np.bool_]) -> Waiting:
        """Select some of the plans."""
        plan, row = self.at
        names = ("around", "slope", "lost", "off")
        return replace(
            self,
            at=(plan[kept], row[kept]),
            level=(self.level[0][kept], self.level[1][kept]),
            last=(self.last[0][kept], self.last[1][kept]),
            **{name: getattr(self, name)[kept] for name in names},
        )


def waiting_bounds(ground: Groundwork, charges: Column, found: LevelBounds) -> Waiting | None:
    """Bound the plans of which `level_bounds` is unsure; None if nothing is sure of any.

    `charges` are the stream, as there. Beside those whose interest waits these are plans whose
    instalment is too near a boundary of rounding, and plans of a single payment.
    """
    plan, row = np.nonzero((ground.sure | ground.single) & ~found.sure)
    at = (plan, row)
    if not plan.size:
        return None

    def pick(column: FloatColumn) -> FloatColumn:
        return np.asarray(np.broadcast_to(column, found.sure.shape)[at])

    count, unit, owed = pick(ground.count), float(ground.rounding.unit), pick(ground.owed)
    stream, single = pick(ground.accrued + charges), pick(ground.count) == 1.0
    share, annuity, growth = stream / count, pick(ground.annuity), pick(ground.growth)
    around, off = pick(ground.level) + share, pick(ground.off) + SLACK * (stream + owed)
    first, last = _value(ground, at, np.ones_like(count)), 1.0 / growth
    covered = single | (around - unit >= share + pick(ground.least))

    # what waits after the first instalment, at most: that is smaller than `around` by what it saves
    open_ = np.maximum(owed * (1.0 / first - 1.0) + share - around, 0.0)
    waits = (open_ + unit + 2.0 + off / annuity) / np.where(covered, 1.0, 1.0 - first / annuity)
    waits = np.where(covered, 0.0, waits)
    least = around - (waits * first + off) / annuity - unit
    drains = least - share - owed * pick(tops(ground.plans, after=1)) - 2.0
    until = np.ceil(waits / np.maximum(drains, 1.0)) + 1.0
    over = _value(ground, at, np.minimum(until, count))
    # shares of the stream that were not paid stay to the end, where the kernel's search counts one
    unpaid = np.minimum(waits, until * (share + 1.0)) * (stream > 0)
    lost = waits * (first - over) + unpaid * (over - last)

    slope, ends = pick(ground.before) * growth, (lost * growth, off * growth)
    less = (lost + unpaid * last + off) / annuity + unit
    less, more = np.where(single, ends[1], less), np.where(single, ends[1], unit)
    # one unit less would have been too little, or everything is covered
    turn = slope * unit
    lowest = around - turn - 2.0 * ends[1] - np.minimum(ends[0], less + unit + unpaid)
    bounds = Waiting(
        at,
        (around - less, around + more),
        (lowest, around + slope * less + ends[1]),
        around,
        slope,
        *ends,
    )
    sure = (drains >= 1.0) & (until < count) & (lowest >= share + unpaid + 2.0)
    sure = single | (sure & ~covered) | (covered & (lowest >= share + 2.0))
    sure &= stream + owed < LARGEST
    return bounds.some(sure) if sure.any() else None


def _value(
    ground: Groundwork, at: tuple[NDArray[np.int64], ...], period: FloatColumn
) -> FloatColumn:
    """Give what a unit due at the end of a period after the silent ones is worth at their end."""
    (plan, row), table = at, ground.plans.discounts.value
    begin = ground.plans.lead[plan]
    column = row if table.shape[1] > 1 else 0
    found = table[begin + period.astype(np.int64), column] / table[begin, column]
    return np.asarray(found)
