"""Instalment split: what is owed, or only the arrears, in so many instalments."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from pydantic import model_validator

from replan.engine.dates import Frequency
from replan.engine.terms import (
    LONGEST,
    ZERO_RATE,
    Asks,
    Calendar,
    CatchUp,
    Phase,
    Terms,
    curve_with,
)
from replan.errors import UsageError

from .edits import first_day, lead_of, lead_periods
from .register import Ask, Params, strategy
from .scale import minor
from .values import Amount, Count, Every

METHODS = {
    "level": Asks.LEVEL,
    "equal-principal": Asks.LINEAR,
    "interest-only": Asks.INTEREST,
    "interest-free": Asks.LEVEL,
}


class Split(Params):
    """Into how many instalments, how often, of what."""

    positional: ClassVar = ("instalments",)

    instalments: Count | None = None
    to: Amount | None = None
    every: Every | None = None
    of: Literal["all", "arrears"] = "all"
    method: Literal["level", "equal-principal", "interest-only", "interest-free"] = "level"

    @model_validator(mode="after")
    def _one_size(self) -> Split:
        if (self.instalments is None) == (self.to is None):
            raise ValueError("write either a number of instalments or to=AMOUNT")
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
    what = (
        Ask(
            "split", f"What is owed is repaid in {p.instalments} instalments.", {"n": p.instalments}
        )
        if p.to is None
        else Ask("split-to", f"What is owed is repaid at {p.to} per instalment.", {"amount": p.to})
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
)
def split(terms: Terms, p: Split) -> Terms:
    """Repay what is owed in N instalments, or in as many as a payment needs.

    Overdue interest, penalty and fees are spread evenly over the instalments and bear no interest.
    `of=arrears` repays only the arrears in N parts, beside the contract's instalments; overdue
    principal goes on bearing interest. `method=interest-free` charges no interest any more.
    """
    if p.of == "arrears":
        return _catch_up(terms, p)
    if p.every is not None:
        terms = replace(terms, calendar=_rhythm(terms, p.every), quote=None)
    if p.method == "interest-free":
        start = first_day(terms, 1 + lead_periods(terms))
        terms = replace(terms, curve=curve_with(terms.curve, ZERO_RATE, start, None))
    lead = terms.phases[: lead_of(terms.phases)]
    if p.to is not None:
        amount = np.array([minor(terms, p.to)])
        if not amount.any():
            raise UsageError("split to=0: write an amount above zero.")
        rest = Phase(Asks.FIXED, np.array([LONGEST - lead_periods(terms)]), amount)
        return replace(terms.asking((*lead, rest)), trims=True, inside=False)
    repaid = Phase(METHODS[p.method], np.array([p.instalments]))
    return replace(terms.asking((*lead, repaid)), trims=False, catch_up=None, prepay=())


def _catch_up(terms: Terms, p: Split) -> Terms:
    if not terms.arrears.total.any():
        raise UsageError("split of=arrears: this debt has no arrears. Write split N instead.")
    parts = int(p.instalments or 1)
    return replace(terms, catch_up=CatchUp(terms.arrears.principal, parts))


def _rhythm(terms: Terms, every: Frequency) -> Calendar:
    """Go on in another rhythm from the first due date of the repayment."""
    calendar = terms.calendar
    kept = max(lead_periods(terms), 1)
    due = calendar.reaching(kept).due[:kept]
    seed = due[-1]
    from replan.engine.dates import Parts

    return replace(
        calendar,
        due=due,
        frequency=every,
        seed_day=Parts.of(seed).day,
        earlier=(kept, calendar.frequency),
    )
