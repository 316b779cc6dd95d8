"""Interest freeze: no interest is charged meanwhile."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from replan.engine.curves import ZERO_RATE
from replan.engine.terms import Terms

from .edits import cut_price, day_of, keep_quote, overlay, period_of, recast_from
from .register import Ask, Params, strategy
from .values import Count, Day


class Freeze(Params):
    """For how many periods, or between which days, both inclusive."""

    positional: ClassVar = ("periods",)

    periods: Count | None = Field(default=None, description="For how many periods.")
    from_: Day | None = Field(
        default=None, alias="from", description="First day without interest; now by default."
    )
    to: Day | None = Field(
        default=None, description="Last day without interest; the end by default."
    )
    instalment: Literal["keep", "recompute"] = Field(
        default="keep", description="Whether the instalment is computed anew."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Freeze:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError("to is before from")
        if self.periods is not None and self.to is not None:
            raise ValueError("write a number of periods or to=DATE, not both")
        return self


def asks(p: Freeze) -> tuple[Ask, ...]:
    """Name what a freeze presumes."""
    if p.periods is not None:
        text = f"No interest is charged for {p.periods} periods."
        return (Ask("freeze", text, {"n": p.periods}),)
    start, end = p.from_ or "now", p.to or "the end"
    values = {"from": str(p.from_ or ""), "to": str(p.to or "")}
    return (Ask("freeze-between", f"No interest is charged from {start} to {end}.", values),)


@strategy(
    Freeze,
    name="freeze",
    notation="freeze [N] [from=DATE] [to=DATE] [instalment=keep|recompute]",
    forbearance="interest rate reduction",
    asks=asks,
    keeps=lambda p: p.instalment == "keep",
)
def freeze(terms: Terms, p: Freeze) -> Terms:
    """Charge no interest for N periods, between two days (both inclusive), or to the end.

    The instalment stays and the last one shrinks; `instalment=recompute` levels what remains.
    An instalment fee that is the contract's price (等本等息) ends only with a freeze to the end.
    """
    period = 1 if p.from_ is None else period_of(terms, p.from_)
    start = terms.calendar.begin(period) if p.from_ is None else day_of(terms, p.from_)
    end = None
    if p.to is not None:
        day_of(terms, p.to)
        end = np.array([p.to.toordinal()])
    elif p.periods is not None:
        through = period + p.periods - 1
        end = terms.calendar.reaching(through).due[through - 1]
    curve = overlay(terms.curve, lambda _: ZERO_RATE, start, end)
    if end is None and p.from_ is None:
        terms = cut_price(terms, Fraction(1))
    if p.instalment == "recompute":
        return replace(terms, curve=curve, quote=None, phases=recast_from(terms, period))
    return replace(terms, curve=curve, quote=keep_quote(terms))
