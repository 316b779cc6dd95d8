"""Rate cut: a lower rate, for a time or to the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from replan.engine.dates import Days
from replan.engine.terms import RateColumn, Terms, curve_with, split_phases

from .edits import first_day, period_of, recast, recast_from
from .register import Ask, Params, strategy
from .values import At, Count, RateValue, Share, print_rate

STEP = Decimal("0.00125")
"""A waterfall lowers a rate in steps of an eighth of a percentage point (HAMP)."""


class Rate(Params):
    """The new rate or the cut, from when and for how long."""

    positional: ClassVar = ("rate",)

    rate: RateValue | None = None
    cut: Share | None = None
    for_: Count | None = Field(default=None, alias="for")
    from_: At | None = Field(default=None, alias="from")
    level: Literal["steps", "whole"] = "steps"

    @model_validator(mode="after")
    def _one_change(self) -> Rate:
        if (self.rate is None) == (self.cut is None):
            raise ValueError("write either a rate such as 5% or cut=P%")
        return self


def asks(p: Rate) -> tuple[Ask, ...]:
    """Name what a rate cut presumes."""
    until = f" for {p.for_} periods" if p.for_ else " to the end"
    values = {"n": p.for_ or 0}
    if p.cut is not None:
        percent = f"{(p.cut * 100).normalize():f} %"
        text = f"The rate is cut by {percent} of itself{until}."
        return (Ask("rate-cut", text, {"share": percent, **values}),)
    rate = print_rate(p.rate)
    return (Ask("rate", f"The rate is {rate}{until}.", {"rate": rate, **values}),)


def ladder(terms: Terms, p: Rate) -> tuple[Rate, ...]:
    """Lower the rate by an eighth of a point at a time, down to the one asked for."""
    now = terms.curve[0].rate
    if p.rate is None or p.rate.per == "day" or now.daily:
        return (p,)
    start = Decimal(int(now.num.max())) / Decimal(now.den)
    rungs, rate = [], (start // STEP) * STEP
    while rate > p.rate.value:
        if rate < start:
            rungs.append(p.model_copy(update={"rate": type(p.rate)(rate, "year")}))
        rate -= STEP
    return (*rungs, p)


@strategy(
    Rate,
    name="rate",
    notation="rate R%|cut=P% [for=N] [from=DATE|N] [level=steps|whole]",
    forbearance="interest rate reduction",
    asks=asks,
    ladder=ladder,
)
def rate(terms: Terms, p: Rate) -> Terms:
    """Charge a lower rate, for N periods or to the end.

    `cut` is relative: cut=50% halves the rate. The instalment is computed anew in the period in
    which the rate changes, and again when it ends; `level=whole` computes one instalment for the
    whole plan. Inside a period interest is split by days; a rate from a date holds for the interest
    of that day.
    """
    period = 1 if p.from_ is None else period_of(terms, p.from_)
    start = _start(terms, p.from_, period)
    after = None if p.for_ is None else period + p.for_
    last = int(terms.periods.max(initial=0))
    end = terms.calendar.due[after - 2] if after is not None and after - 1 <= last else None
    change = _change(p)
    curve = curve_with(terms.curve, change, start, end)
    quote = terms.quote and replace(
        terms.quote, curve=curve_with(terms.quote.curve, change, start, end)
    )
    phases = recast_from(terms, period)
    if after is not None and after <= last and p.level == "steps":
        head, tail = split_phases(phases, after)
        phases = (*head, *recast(tail))
    return replace(terms, curve=curve, quote=quote, phases=phases)


def _start(terms: Terms, given: int | date | None, period: int) -> Days:
    """Give the first day on which the rate holds; day D's interest is that of the night before."""
    if isinstance(given, date):
        return np.maximum(np.array([given.toordinal() - 1]), terms.calendar.start)
    return first_day(terms, period)


def _change(p: Rate) -> RateColumn | Fraction:
    if p.cut is not None:
        return 1 - Fraction(p.cut)
    return RateColumn.of(p.rate.fraction, daily=p.rate.per == "day")
