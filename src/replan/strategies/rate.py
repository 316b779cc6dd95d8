"""Rate cut: a lower rate, for a time or to the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from replan.engine.curves import RateColumn
from replan.engine.phases import split_phases
from replan.engine.terms import Terms
from replan.errors import UsageError
from replan.model.rates import Rate as Yearly

from .edits import cut_price, day_of, overlay, percent, period_of, recast, recast_from
from .register import Ask, Params, strategy
from .values import At, Count, RateValue, Share, print_rate

INT64 = 2**62
"""Larger numbers are not multiplied in columns."""
STEP = Fraction(125, 100_000)
"""A waterfall lowers a rate in steps of an eighth of a percentage point (HAMP)."""


class Rate(Params):
    """The new rate or the cut, from when and for how long."""

    positional: ClassVar = ("rate",)

    rate: RateValue | None = Field(default=None, description="The new rate: 5% or 0.01%/day.")
    cut: Share | None = Field(default=None, description="Instead: the share that is cut off.")
    for_: Count | None = Field(
        default=None, alias="for", description="For how many periods; to the end by default."
    )
    from_: At | None = Field(
        default=None, alias="from", description="From which period or day on; now by default."
    )
    level: Literal["steps", "whole"] = Field(
        default="steps", description="An instalment for each rate, or one for the whole plan."
    )

    @model_validator(mode="after")
    def _one_change(self) -> Rate:
        if (self.rate is None) == (self.cut is None):
            raise ValueError("write either a rate such as 5% or cut=P%")
        return self


def asks(p: Rate) -> tuple[Ask, ...]:
    """Name what a rate cut presumes."""
    until = f" for {p.for_} periods" if p.for_ else " to the end"
    values = {"n": p.for_ or 0}
    if p.rate is None:
        share = percent(p.cut or Decimal(0))
        text = f"The rate is cut by {share} of itself{until}."
        return (Ask("rate-cut", text, {"share": share, **values}),)
    rate = print_rate(p.rate)
    return (Ask("rate", f"The rate is {rate}{until}.", {"rate": rate, **values}),)


def ladder(terms: Terms, p: Rate) -> tuple[Rate, ...]:
    """Lower the rate by an eighth of a point, or the share of a cut, one step at a time.

    A rate that is lower already stays.
    """
    if p.rate is None:
        points = range(1, int((p.cut or 0) * 100))
        return (*(p.model_copy(update={"cut": Decimal(n) / 100}) for n in points), p)
    now, new = _in_force(terms), p.rate.fraction * (365 if p.rate.per == "day" else 1)
    if new >= now:
        return (p.model_copy(update={"rate": None, "cut": Decimal(0)}),)
    if p.rate.per == "day":
        return (p,)
    rungs, rate = [], -(-now // STEP) * STEP - STEP
    while rate > new:
        lower = Decimal(rate.numerator) / rate.denominator
        rungs.append(p.model_copy(update={"rate": Yearly(lower, "year")}))
        rate -= STEP
    return (*rungs, p)


def _in_force(terms: Terms) -> Fraction:
    """Give the highest rate a year that is charged when the plan begins."""
    started = [s.rate for s in terms.curve if (s.start <= terms.calendar.start).all()]
    rate = started[-1]
    return Fraction(int(rate.num.max()), rate.den) * (365 if rate.daily else 1)


@strategy(
    Rate,
    name="rate",
    notation="rate R%|cut=P% [for=N] [from=DATE|N] [level=steps|whole]",
    forbearance="interest rate reduction",
    asks=asks,
    ladder=ladder,
    by_row=lambda p: p.from_ is None and p.for_ is None,
)
def rate(terms: Terms, p: Rate) -> Terms:
    """Charge another rate, as a rule a lower one, for N periods or to the end.

    `cut` is relative: cut=50% halves the rate. A rate takes the place of what was charged in those
    periods, a freeze before it included. The instalment is computed anew in the period in which the
    rate changes, and again when it ends; `level=whole` computes one instalment for the whole plan.
    Inside a period interest is split by days; a rate from a date holds for that day's interest.
    Where the price of the contract is its instalment fee (等本等息), a rate to the end takes the
    place of the fee, and a cut cuts it.
    """
    period = 1 if p.from_ is None else period_of(terms, p.from_)
    start = day_of(terms, p.from_) if isinstance(p.from_, date) else terms.calendar.begin(period)
    after = None if p.for_ is None else period + p.for_
    end = None if after is None else terms.calendar.reaching(after - 1).due[after - 2]
    curve = overlay(terms.curve, lambda rate: _changed(rate, p), start, end)
    quote = None
    if terms.quote and period > 1:
        agreed = overlay(terms.quote.curve, lambda rate: _changed(rate, p), start, end)
        quote = replace(terms.quote, curve=agreed)
    phases = recast_from(terms, period)
    last = int(terms.periods.max(initial=0))
    if after is not None and after <= last and p.level == "steps":
        head, tail = split_phases(phases, after)
        phases = (*head, *recast(tail))
    found = replace(terms, curve=curve, quote=quote, phases=phases)
    if p.from_ is not None or p.for_ is not None:
        return found
    return cut_price(found, Fraction(1) if p.rate is not None else Fraction(p.cut or 0))


def _changed(now: RateColumn, p: Rate) -> RateColumn:
    """Give the new rate; a cut is a share of the rate in force."""
    if p.rate is None:
        return _cut(now, 1 - Fraction(p.cut or 0))
    return RateColumn.of(p.rate.fraction, daily=p.rate.per == "day")


def _cut(now: RateColumn, share: Fraction) -> RateColumn:
    """Multiply a rate by a share, exactly, in lowest terms."""
    den = now.den * share.denominator
    if max(int(now.num.max()) * share.numerator, den) < INT64:
        whole = now.num * share.numerator
        divisor = int(np.gcd.reduce(whole, initial=den))
        return RateColumn(whole // divisor, den // divisor, now.daily)
    num = [int(n) * share.numerator for n in now.num]
    common = gcd(den, *num)
    if max(*num, den) // common >= INT64:
        raise UsageError("The cut has too many decimals for this rate. Write fewer.")
    found = np.array([n // common for n in num], dtype=np.int64)
    return RateColumn(found, den // common, now.daily)
