"""Instalment split: what is owed, or only the arrears, in so many instalments."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from replan.engine.curves import ZERO_RATE
from replan.engine.dates import Frequency
from replan.engine.dates import Parts as DateParts
from replan.engine.phases import Asks, Phase
from replan.engine.terms import LONGEST, Calendar, CatchUp, Parts, Terms
from replan.errors import UsageError

from .edits import asking, check_plain, cut_price, lead_of, lead_periods, overlay, within_principal
from .register import Ask, Params, strategy
from .scale import minor
from .values import Amount, Count, Every, plain

METHODS = {
    "level": Asks.LEVEL,
    "equal-principal": Asks.LINEAR,
    "interest-only": Asks.INTEREST,
    "interest-free": Asks.LEVEL,
}


class Split(Params):
    """Into how many instalments, how often, of what."""

    positional: ClassVar = ("instalments",)

    instalments: Count | None = Field(default=None, description="In how many instalments.")
    to: Amount | None = Field(
        default=None, description="Instead: what each instalment is; as many as that needs."
    )
    every: Every | None = Field(
        default=None, description="How often: month, 2-weeks, 15-days …; as agreed by default."
    )
    of: Literal["all", "arrears"] = Field(
        default="all", description="Whether all that is owed is repaid so, or only the arrears."
    )
    method: Literal["level", "equal-principal", "interest-only", "interest-free"] = Field(
        default="level", description="What an instalment consists of."
    )

    @model_validator(mode="after")
    def _one_size(self) -> Split:
        if (self.instalments is None) == (self.to is None):
            raise ValueError("write either a number of instalments or to=AMOUNT")
        if self.to is not None and not self.to:
            raise ValueError("to=0 never repays anything; write an amount above zero")
        if self.of == "arrears" and (self.to is not None or self.every or self.method != "level"):
            raise ValueError("of=arrears takes a number of instalments and nothing else")
        if self.to is not None and self.method not in ("level", "interest-free"):
            raise ValueError("to=AMOUNT goes with method=level or interest-free")
        return self


def asks(p: Split) -> tuple[Ask, ...]:
    """Name what a split presumes."""
    if p.of == "arrears":
        text = f"The arrears are repaid in {p.instalments} equal parts beside the instalments."
        return (
            Ask("split-arrears", text, {"n": p.instalments}),
            Ask("stream", "Overdue interest, penalty and fees bear no further interest."),
        )
    paid = plain(p.to or Decimal(0))
    what = (
        Ask(
            "split", f"What is owed is repaid in {p.instalments} instalments.", {"n": p.instalments}
        )
        if p.to is None
        else Ask("split-to", f"What is owed is repaid at {paid} per instalment.", {"amount": paid})
    )
    free = Ask("interest-free", "The instalments bear no interest.")
    stream = Ask("stream", "Overdue interest, penalty and fees bear no further interest.")
    return (what, free, stream) if p.method == "interest-free" else (what, stream)


def ladder(terms: Terms, p: Split) -> tuple[Split, ...]:
    """Split into fewer instalments first, from what the contract has."""
    if p.instalments is None:
        return (p,)
    start = min(int(terms.periods.max(initial=1)), p.instalments)
    counts = range(max(start, 1), p.instalments + 1)
    return tuple(p.model_copy(update={"instalments": n}) for n in counts)


@strategy(
    Split,
    name="split",
    notation="split N|to=AMOUNT [every=FREQUENCY] [of=all|arrears] "
    "[method=level|equal-principal|interest-only|interest-free]",
    forbearance="rescheduled payments",
    asks=asks,
    ladder=ladder,
    keeps=lambda p: p.of == "arrears",
    by_row=lambda p: p.of == "all" and p.every is None and p.method != "interest-free",
)
def split(terms: Terms, p: Split) -> Terms:
    """Repay what is owed in N instalments, or in as many as a payment needs.

    Overdue interest, penalty and fees are spread evenly over the instalments and bear no interest.
    A deferral before it comes first; a residual due at the end stays so. `of=arrears` repays only
    the arrears in N parts, beside the contract's instalments; overdue principal goes on bearing
    interest. `method=interest-free` charges no interest any more.
    """
    if p.of == "arrears":
        return _catch_up(terms, p)
    check_plain(terms)
    terms = replace(terms, quote=None, inside=False, trims=p.to is not None)
    if p.every is not None:
        terms = replace(terms, calendar=_rhythm(terms, p.every))
    if p.method == "interest-free":
        first = 1 + lead_periods(terms)
        start = terms.calendar.reaching(first).begin(first)
        curve = overlay(terms.curve, lambda _: ZERO_RATE, start, None)
        terms = cut_price(replace(terms, curve=curve), Fraction(1))
    return asking(terms, (*terms.phases[: lead_of(terms.phases)], _repaid(terms, p)))


def _repaid(terms: Terms, p: Split) -> Phase:
    if p.to is None:
        return Phase(METHODS[p.method], np.array([p.instalments]))
    if terms.forborne.any() or terms.balloon.any():
        raise UsageError(
            "Part of the principal is due at the end, which to=AMOUNT leaves open. Write split N."
        )
    count = max(LONGEST - lead_periods(terms), 0)
    return Phase(Asks.FIXED, np.array([count]), np.array([minor(terms, p.to)]))


def _catch_up(terms: Terms, p: Split) -> Terms:
    if not terms.arrears.total.any():
        raise UsageError("This debt has no arrears. Write split N for all that is owed.")
    if not terms.periods.any():
        raise UsageError("This debt has no instalments to go on with. Write split N instead.")
    parts = int(p.instalments or 1)
    catch_up = CatchUp(terms.arrears.principal, parts)
    left = replace(terms, catch_up=catch_up, demanded=Parts.zero(terms.rows), inside=False)
    return within_principal(left)


def _rhythm(terms: Terms, every: Frequency) -> Calendar:
    """Go on in another rhythm from the first due date of the repayment."""
    calendar = terms.calendar
    kept = max(lead_periods(terms), 1)
    due = calendar.reaching(kept).due[:kept]
    seed = due[-1]
    return replace(
        calendar,
        due=due,
        frequency=every,
        seed_day=DateParts.of(seed).day,
        earlier=(kept, calendar.frequency),
    )
