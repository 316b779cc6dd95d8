"""Seasonal instalments: they follow the season of the income."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from replan.engine.terms import Terms

from .register import Ask, Params, strategy
from .step_up import reweigh
from .values import Weights


class Seasonal(Params):
    """The weights of consecutive instalments, repeated."""

    positional: ClassVar = ("weights",)

    weights: Weights


def asks(p: Seasonal) -> tuple[Ask, ...]:
    """Name what seasonal instalments presume."""
    words = ", ".join(f"{w:f}" for w in p.weights)
    return (Ask("seasonal", f"Instalments follow the pattern {words}.", {"weights": words}),)


@strategy(
    Seasonal,
    name="seasonal",
    notation="seasonal W,W,…",
    forbearance="rescheduled payments",
    asks=asks,
)
def seasonal(terms: Terms, p: Seasonal) -> Terms:
    """Weigh the instalments in a repeating pattern, such as 1,1,0.5,0: the first is the next."""

    def weights(runs: int) -> tuple[Decimal, ...]:
        return tuple(p.weights[i % len(p.weights)] for i in range(runs))

    return replace(terms, phases=reweigh(terms, weights, 1, "seasonal"), quote=None)
