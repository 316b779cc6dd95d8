"""Step-up: instalments that rise, or fall, by a percentage every so often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import ClassVar

import numpy as np
from pydantic import Field

from replan.engine.phases import WEIGHT, Asks, Phase, Phases
from replan.engine.terms import Terms
from replan.errors import UsageError

from .edits import FIRST_SPLIT, percent, recast
from .register import Ask, Params, strategy
from .values import Count, Rise

HIGHEST = 1_000_000
"""No instalment is more than so many times another of its plan."""


class StepUp(Params):
    """By how much instalments rise, and after how many of them."""

    positional: ClassVar = ("rise",)

    rise: Rise = Field(description="By which share they rise each time; a negative one: fall.")
    every: Count = Field(description="After how many instalments they rise.")


def asks(p: StepUp) -> tuple[Ask, ...]:
    """Name what rising instalments presume."""
    share = percent(p.rise)
    text = f"Instalments rise by {share} every {p.every} instalments."
    return (Ask("step-up", text, {"share": share, "n": p.every}),)


Weigh = Callable[[int], Decimal]
"""Gives the weight of a run of instalments by its number, from 0."""


def weighted(p: Phase, weigh: Weigh, every: int, done: int) -> Phases:
    """Cut a level phase into runs of *every* periods; *done* periods were weighed before it.

    Runs of the same weight that follow each other are one.
    """
    runs, left, begin = list[Phase](), p.count, done
    while left.any():
        count = np.clip(left, 0, every - begin % every)
        weight = _whole(weigh(begin // every))
        if runs and runs[-1].weight == weight:
            runs[-1] = replace(runs[-1], count=runs[-1].count + count)
        else:
            runs.append(replace(p, count=count, weight=weight, anew=p.anew and not runs))
        left, begin = left - count, begin + every - begin % every
    return tuple(runs)


def _whole(weight: Decimal) -> int:
    if weight > HIGHEST:
        raise UsageError(f"Instalments would grow to over {HIGHEST} times the first. Write less.")
    return int((weight * WEIGHT).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def reweigh(terms: Terms, weigh: Weigh, every: int) -> Phases:
    """Give the level phases of a plan their weights, counted from the first instalment on."""
    done, phases = 0, list[Phase]()
    for p in recast(terms.phases):
        if p.weight != WEIGHT:
            raise UsageError("The instalments follow another pattern already. Leave one out.")
        if p.asks is Asks.LEVEL:
            phases += weighted(p, weigh, every, done)
            done += int(p.count.max())
        else:
            phases.append(p)
    if not done:
        raise UsageError(f"There are no level instalments. {FIRST_SPLIT}")
    return tuple(phases)


@strategy(
    StepUp,
    name="step-up",
    notation="step-up P% every=N",
    forbearance="rescheduled payments",
    asks=asks,
)
def step_up(terms: Terms, p: StepUp) -> Terms:
    """Let instalments rise by P % every N instalments; a negative P lets them fall."""
    phases = reweigh(terms, lambda run: (1 + p.rise) ** run, p.every)
    return replace(terms, phases=phases, quote=None)
