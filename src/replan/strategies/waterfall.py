"""Waterfall: steps in order, each up to its cap, until a target payment is met."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer

from replan.engine.terms import Terms

from .register import Ask, Params, strategy
from .values import AmountOrShare


def _steps(value: Any) -> Any:
    from .notation import parse_steps

    if isinstance(value, str):
        return parse_steps(value.strip().removeprefix("[").removesuffix("]"), ">")
    return tuple(value)


def _print_steps(steps: Any) -> str:
    return "[" + " > ".join(str(step) for step in steps) + "]"


Steps = Annotated[
    Any,
    BeforeValidator(_steps),
    PlainSerializer(_print_steps, return_type=str),
    Field(json_schema_extra={"type": "string"}),
]


class Waterfall(Params):
    """The target payment, an amount or a share of monthly income, and the steps towards it."""

    positional: ClassVar = ("steps",)

    to: AmountOrShare
    steps: Steps


def asks(p: Waterfall) -> tuple[Ask, ...]:
    """The steps that were used say what they presume."""
    del p
    return ()


@strategy(
    Waterfall,
    name="waterfall",
    notation="waterfall to=AMOUNT|P% [STEP > STEP > …]",
    forbearance="other",
    asks=asks,
)
def waterfall(terms: Terms, p: Waterfall) -> Terms:
    """Apply the bracketed steps in order, each up to its cap, until the payment is low enough.

    A step that has weaker forms (a rate cut, an extension, forbearance, a deferral, a split) is used
    only as far as needed. The target is an amount, or a share of the household's monthly income.
    The steps used replace the waterfall in the plan, so that what it came to can be read.
    """
    del p
    return terms
