"""Seasonal instalments: they follow the season of the income."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from replan.engine.terms import Terms

from .register import Ask, Params, strategy
from .step_up import reweigh
from .values import Weights, plain


class Seasonal(Params):
    """The weights of consecutive instalments, repeated."""

    positional: ClassVar = ("weights",)

    weights: Weights = Field(description="Relative sizes of consecutive instalments, repeated.")


def asks(p: Seasonal) -> tuple[Ask, ...]:
    """Name what seasonal instalments presume."""
    words = ", ".join(plain(w) for w in p.weights)
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
    phases = reweigh(terms, lambda run: p.weights[run % len(p.weights)], 1)
    return replace(terms, phases=phases, quote=None)
