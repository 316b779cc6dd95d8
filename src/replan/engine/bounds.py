"""What level plans come to, between proven bounds, without rolling them period by period.

A plan asks for nothing in its first periods, whose interest joins the stream, then for one level
instalment. Its present value leaves only the roundings open, and their sum is bounded; DECISIONS.md
has the proof. Whatever the bounds do not cover is said to be unsure, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class LevelPlans:
    """Plans of one kind on the same rows: the K-th has `lead[K]` silent periods, then `count[K]`.

    `principal` bears interest, `charges` (interest, penalty, fees) are the stream; minor units.
    """

    principal: Column
    charges: Column
    factors: Factors
    discounts: Discounts
    lead: NDArray[np.int64]
    count: NDArray[np.int64]
    rounding: Rounding


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


def level_bounds(plans: LevelPlans) -> LevelBounds:
    """Bound the last instalment of level plans; see DECISIONS.md for the proof.

    At the rate of the plan, the last instalment is worth P + Σ sₖ·vᵏ − L·a(n−1) + Σ εₖ·vᵏ, where
    the shares sₖ of the stream S are within ½ of S·k/n in sum and εₖ are the roundings of interest.
    """
    lead, count = plans.lead[:, None], plans.count[:, None]
    table, end = plans.discounts, plans.lead + plans.count
    owed = plans.principal.astype(np.float64)
    stream = _streams(plans)
    begin = table.value[plans.lead]
    last = table.value[end] / begin
    annuity = (table.annuity[end] - table.annuity[plans.lead]) / begin
    share = stream / count
    level, doubt = round_instalment(owed / annuity + share, plans.rounding)
    worth = owed + share * annuity - level * (annuity - last)
    most_off = 0.5 if plans.rounding.interest in ("half-up", "half-even") else 1.0
    off = most_off * annuity + (0.5 + SLACK * (owed + stream))
    least, most = (worth - off) / last, (worth + off) / last
    # the first instalment covers what is due, so that all do; the last but one leaves principal
    sure = (level >= owed * _top(plans.factors) + share + 2.0) & (least >= share + 2.0) & ~doubt
    sure &= (count > 1) & ((lead + count) * (1.0 + lead / count / LEAST_VALUE) < LONGEST_LEAD)
    sure &= (table.value[end.max()] >= LEAST_VALUE) & (stream + owed < LARGEST)
    return LevelBounds(level, least, most, sure)


def _streams(plans: LevelPlans) -> FloatColumn:
    """Add to the stream what accrues in the silent periods, exactly: (plans, rows)."""
    principal, total = plans.principal.astype(np.float64), plans.charges.astype(np.float64)
    found = np.empty((plans.lead.size, total.size))
    for period in range(int(plans.lead.max()) + 1):
        found[plans.lead == period] = total
        if period < plans.lead.max():
            num, den = plans.factors.at(period)
            total = total + round_ratio(principal, num, den, plans.rounding.interest)
    return found


def _top(factors: Factors) -> FloatColumn:
    """Give the largest factor of a period, for each row."""
    years = (factors.time / factors.span).max(axis=0)
    return np.asarray((factors.num / factors.den).max(axis=0) * years)
