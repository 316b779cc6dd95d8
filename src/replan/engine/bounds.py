"""What level plans come to, between proven bounds, without rolling them period by period.

A plan asks for nothing in its first periods, whose interest joins the stream, then for one level
instalment. Its present value leaves only the roundings open, and their sum is bounded; DECISIONS.md
has the proof. Whatever the bounds do not cover is said to be unsure, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from .factors import Factors
from .level import FloatColumn, round_instalment
from .metrics import factor_ratios
from .money import Column, round_ratio
from .terms import Rounding

LEAST_VALUE = 1 / 64
"""Plans in which a unit due at the end is worth less than this are unsure."""
LONGEST_LEAD = 1e4
"""Bound of (lead + count)·(1 + 64·lead/count), which keeps the annuity's error below 1e-11."""
LARGEST = 2.0**46
"""Rows that owe more minor units than this are unsure."""
SLACK = 1e-10
"""What float64 adds to the error of a present value, relative to what is owed."""


@dataclass(frozen=True, slots=True)
class Discounts:
    """What a unit due at the end of each period is worth at the start, and the sums of that.

    Both are (periods + 1, rows); row 0 is the start, with a sum of nothing.
    """

    value: FloatColumn
    annuity: FloatColumn

    @staticmethod
    def of(factors: Factors, periods: int) -> Discounts:
        """Multiply up the factors of so many periods."""
        ratio = factor_ratios(factors, periods)
        value = np.ones((periods + 1, ratio.shape[1]))
        annuity = np.zeros_like(value)
        for period in range(periods):
            np.divide(value[period], 1.0 + ratio[period], out=value[period + 1])
            np.add(annuity[period], value[period + 1], out=annuity[period + 1])
        return Discounts(value, annuity)

    @staticmethod
    def known(discount: FloatColumn, annuity: FloatColumn) -> Discounts:
        """Put the start before what is known from the first period on."""
        return Discounts(np.concatenate([np.ones((1, discount.shape[1])), discount]), annuity)


@dataclass(frozen=True, slots=True)
class LevelPlans:
    """Plans of one kind on the same rows: the K-th has `lead[K]` silent periods, then `count[K]`.

    `principal` bears interest, in minor units.
    """

    principal: Column
    factors: Factors
    discounts: Discounts
    lead: NDArray[np.int64]
    count: NDArray[np.int64]
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What bounds of level plans need whatever the charges are; columns are (plans, rows).

    `annuity` is what a unit in every instalment is worth when the silent periods end, `before` that
    of all but the last, `growth` what a unit is worth at the last. `accrued` is the interest of the
    silent periods, exactly; `level` the annuity of the principal, `least` the least instalment that
    covers what it must besides a share of the stream, `off` what the roundings come to. Plans that
    are `sure` have several instalments, those that are `single` have one.
    """

    plans: LevelPlans
    owed: FloatColumn
    count: FloatColumn
    rounding: Rounding
    annuity: FloatColumn
    before: FloatColumn
    growth: FloatColumn
    accrued: FloatColumn
    level: FloatColumn
    least: FloatColumn
    off: FloatColumn
    sure: NDArray[np.bool_]
    single: NDArray[np.bool_]

    def some(self, plans: NDArray[np.int64]) -> Groundwork:
        """Give some of the plans."""
        columns = {
            f.name: column[plans]
            for f in fields(self)
            if np.ndim(column := getattr(self, f.name)) > 1
        }
        lead, count = self.plans.lead[plans], self.plans.count[plans]
        return replace(self, plans=replace(self.plans, lead=lead, count=count), **columns)


@dataclass(frozen=True, slots=True)
class LevelBounds:
    """The exact level instalment and the bounds of the last one, each (plans, rows).

    All is unsure where `sure` is False. Where it is True every instalment but the last is `level`,
    and the last is from `least` to `most`.
    """

    level: FloatColumn
    least: FloatColumn
    most: FloatColumn
    sure: NDArray[np.bool_]


def groundwork(plans: LevelPlans) -> Groundwork:
    """Work out what bounds of level plans need whatever the charges are."""
    lead, count = plans.lead[:, None], plans.count[:, None].astype(np.float64)
    table, end = plans.discounts, plans.lead + plans.count
    owed = plans.principal.astype(np.float64)
    begin = table.value[plans.lead]
    last = table.value[end] / begin
    annuity = (table.annuity[end] - table.annuity[plans.lead]) / begin
    most_off = 0.5 if plans.rounding.interest in ("half-up", "half-even") else 1.0
    exact = (lead + count) * (1.0 + lead / count / LEAST_VALUE) < LONGEST_LEAD
    exact = exact & (table.value[end.max()] >= LEAST_VALUE) & (owed < LARGEST)
    return Groundwork(
        plans=plans,
        owed=owed,
        count=count,
        rounding=plans.rounding,
        annuity=annuity,
        before=annuity - last,
        growth=1.0 / last,
        accrued=_accrued(plans, owed),
        level=owed / annuity,
        least=owed * tops(plans) + 2.0,
        off=most_off * annuity + 0.5,
        sure=exact & (count > 1),
        single=exact & (count == 1),
    )


def level_bounds(ground: Groundwork, charges: Column) -> LevelBounds:
    """Bound the last instalment of level plans; see DECISIONS.md for the proof.

    `charges` are the stream: interest, penalty and fees owed, a row's each. At the rate of the plan
    the last instalment is worth P + Σ sₖ·vᵏ − L·a(n−1) + Σ εₖ·vᵏ, where the shares sₖ of the stream
    S are within ½ of S·k/n in sum and εₖ are the roundings of interest.
    """
    stream = ground.accrued + charges.astype(np.float64)
    share = stream / ground.count
    level, doubt = round_instalment(ground.level + share, ground.rounding)
    worth = share * ground.annuity
    worth += ground.owed
    worth -= level * ground.before
    stream += ground.owed
    off = np.multiply(stream, SLACK)
    off += ground.off
    least, most = (worth - off) * ground.growth, (worth + off) * ground.growth
    # the first instalment covers what is due, so that all do; the last but one leaves principal
    sure = (level >= share + ground.least) & (least >= share + 2.0) & ground.sure & ~doubt
    return LevelBounds(level, least, most, sure & (stream < LARGEST))


@dataclass(frozen=True, slots=True)
class AtBest:
    """What plans of one groundwork come to at best, whatever of their charges is left.

    With the least charges an instalment is at least `level`. With the most a plan is worth `worth`
    but for roundings, and less by what a unit more in every instalment is worth for each unit of
    charges over their number. Both are (plans, rows). Roundings come to at most `off` in these and
    all plans between them in length that are as long silent; `sure` tells for which rows all of it
    holds.
    """

    level: FloatColumn
    worth: FloatColumn
    off: FloatColumn
    sure: NDArray[np.bool_]


def at_best(
    ground: Groundwork, charges: tuple[Column, Column], value: tuple[FloatColumn, FloatColumn]
) -> AtBest:
    """Bound level plans that differ in charges alone, from the least to the most of them.

    *value* is what a unit in every instalment but the last, and one in the last, is worth to whom
    the plans are valued for. The last instalment is that of `level_bounds`, linear in the level and
    in the charges; the level is its annuity within a unit of rounding.
    """
    least, most = (column.astype(np.float64) for column in charges)
    body, end = value
    step, last = ground.rounding.unit + 1.0, ground.growth * end
    stream = ground.accrued + most
    total = stream + ground.owed
    off = total * SLACK + ground.off
    beside = body - ground.before * last
    worth = ground.level * beside + ground.owed * last + (body + end) * (stream / ground.count)
    level = ground.level + (ground.accrued + least) / ground.count - step
    left = ground.level - (step * ground.before + off) * ground.growth
    sure = ground.sure & (ground.level - step >= ground.least) & (left >= 2.0) & (total < LARGEST)
    beyond = step * abs(beside) + SLACK * abs(worth)
    most_off = beyond.max(axis=0) + off.max(axis=0) * last.max(axis=0)
    return AtBest(level, worth, most_off, np.asarray(sure.all(axis=0)))


def _accrued(plans: LevelPlans, owed: FloatColumn) -> FloatColumn:
    """Add up what accrues in the silent periods, exactly: (plans, rows)."""
    found, total = np.empty((plans.lead.size, owed.size)), np.zeros(owed.size)
    for period in range(int(plans.lead.max()) + 1):
        found[plans.lead == period] = total
        if period < plans.lead.max():
            num, den = plans.factors.at(period)
            total = total + round_ratio(owed, num, den, plans.rounding.interest)
    return found


def tops(plans: LevelPlans, *, after: int = 0) -> FloatColumn:
    """Give the largest factor of a period *after* so many instalments: (plans, rows) or (rows,)."""
    factors = plans.factors
    rate, years = (factors.num / factors.den).max(axis=0), factors.time / factors.span
    if years.shape[0] == 1:
        return np.asarray(rate * years[0])
    longest = int((plans.lead + plans.count).max())  # beyond it nothing is looked at
    largest = np.maximum.accumulate(years[longest - 1 :: -1])[::-1]
    return np.asarray(rate * largest[np.minimum(plans.lead + after, longest - 1)])
