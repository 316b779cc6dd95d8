"""Rates over time: a rate per row, and from which day each holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .dates import Days

ALWAYS = 0
"""The day before all days: a rate segment that starts here holds from the beginning."""


@dataclass(frozen=True, slots=True)
class RateColumn:
    """A rate per row: num/den a year, or a day. 18.25 % a year is 1825/10000."""

    num: NDArray[np.int64]
    den: int
    daily: bool = False

    @staticmethod
    def of(rate: Fraction, *, daily: bool = False) -> RateColumn:
        """Make the column that holds one rate for all rows."""
        return RateColumn(np.array([rate.numerator], dtype=np.int64), rate.denominator, daily)

    def scaled(self, share: Fraction) -> RateColumn:
        """Multiply the rate by a share, exactly."""
        return replace(self, num=self.num * share.numerator, den=self.den * share.denominator)


ZERO_RATE = RateColumn.of(Fraction(0))


@dataclass(frozen=True, slots=True)
class Segment:
    """A rate from the start of a day on (an ordinal per row), until the next segment."""

    start: Days
    rate: RateColumn


Curve = tuple[Segment, ...]


def flat_curve(rate: RateColumn) -> Curve:
    """Hold one rate for ever."""
    return (Segment(np.array([ALWAYS]), rate),)


def curve_with(curve: Curve, change: RateColumn | Fraction, start: Days, end: Days | None) -> Curve:
    """Overlay a rate, or a share of the rate, on the days [start, end) of a curve."""
    new: list[Segment] = []
    for i, segment in enumerate(curve):
        stop = curve[i + 1].start if i + 1 < len(curve) else None
        new.append(segment)
        opens = np.maximum(segment.start, start)
        rate = segment.rate.scaled(change) if isinstance(change, Fraction) else change
        new.append(Segment(_before(opens, stop), rate))
        if end is not None:
            new.append(Segment(_before(np.maximum(segment.start, end), stop), segment.rate))
    return tuple(new)


def _before(day: Days, stop: Days | None) -> Days:
    """Clip a segment's start to the start of the next one, where it is empty."""
    return day if stop is None else np.minimum(day, stop)
