"""Step-up: instalments that rise, or fall, by a percentage every so often."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import ClassVar

import numpy as np

from replan.engine.terms import WEIGHT, Asks, Phase, Phases, Terms
from replan.errors import UsageError

from .edits import recast
from .register import Ask, Params, strategy
from .values import Count, Rise


class StepUp(Params):
    """By how much instalments rise, and after how many of them."""

    positional: ClassVar = ("rise",)

    rise: Rise
    every: Count


def asks(p: StepUp) -> tuple[Ask, ...]:
    """Name what rising instalments presume."""
    percent = f"{(p.rise * 100).normalize():f} %"
    text = f"Instalments rise by {percent} every {p.every} instalments."
    return (Ask("step-up", text, {"share": percent, "n": p.every}),)


def weighted(p: Phase, weights: tuple[Decimal, ...], every: int) -> Phases:
    """Cut a level phase into runs of so many periods with the given weights."""
    runs: list[Phase] = []
    left = p.count
    for i, weight in enumerate(weights):
        count = np.clip(left, 0, every)
        left = left - count
        scaled = int((weight * WEIGHT).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
        runs.append(replace(p, count=count, weight=scaled, anew=i == 0, amount=0 * p.amount))
    return tuple(run for run in runs if run.count.any())


def reweigh(terms: Terms, weights_for: object, every: int, name: str) -> Phases:
    """Give the level phases of a plan their weights, counted from the first instalment on."""
    phases = recast(terms.phases)
    for i, p in enumerate(phases):
        if p.asks is Asks.LEVEL:
            longest = int(p.count.max())
            weights = weights_for(-(-longest // every))  # type: ignore[operator]
            return (*phases[:i], *weighted(p, weights, every), *phases[i + 1 :])
    raise UsageError(f"{name}: there are no level instalments. Write split N before it.")


@strategy(
    StepUp,
    name="step-up",
    notation="step-up P% every=N",
    forbearance="rescheduled payments",
    asks=asks,
)
def step_up(terms: Terms, p: StepUp) -> Terms:
    """Let instalments rise by P % every N instalments; a negative P lets them fall."""

    def weights(runs: int) -> tuple[Decimal, ...]:
        return tuple((1 + p.rise) ** i for i in range(runs))

    return replace(terms, phases=reweigh(terms, weights, p.every, "step-up"), quote=None)
