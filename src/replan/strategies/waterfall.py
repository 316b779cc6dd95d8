"""Waterfall: steps in order, each up to its cap, until a target payment is met."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer

from replan.engine.terms import Terms
from replan.errors import UsageError

from .notation import parse_steps
from .register import Ask, Params, strategy
from .values import AmountOrShare, written


def _steps(value: Any) -> Any:
    if isinstance(value, str):
        try:
            steps = parse_steps(value.strip().removeprefix("[").removesuffix("]"), ">")
        except UsageError as error:  # pydantic knows only ValueError
            raise ValueError(str(error)) from None
    elif isinstance(value, tuple) and value:
        steps = value
    else:
        raise ValueError("write the steps in brackets, such as [rate 2% > extend 24]")
    for step in steps:
        name = step.strategy.name
        if name in ("contract", "unpaid", "waterfall") or step.strategy.household:
            raise ValueError(f"{name} cannot be a step of a waterfall")
    return steps


def _print_steps(steps: Any) -> str:
    return "[" + " > ".join(str(step) for step in steps) + "]"


Steps = Annotated[
    Any,
    BeforeValidator(_steps),
    PlainSerializer(_print_steps, return_type=str),
    written("steps", "[rate 2% > extend 24]"),
]


class Waterfall(Params):
    """The target payment, an amount or a share of monthly income, and the steps towards it."""

    positional: ClassVar = ("steps",)

    to: AmountOrShare = Field(
        description="The payment to come down to: an amount, or a share of monthly income."
    )
    steps: Steps = Field(description="The steps in brackets, joined by >, the first first.")


def asks(p: Waterfall) -> tuple[Ask, ...]:
    """Ask for nothing: the steps that were used say what they presume."""
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

    A step that has weaker forms (a rate cut, an extension, forbearance, a split) is
    used only as far as needed. The target is an amount, or a share of the household's monthly
    income. The steps used replace the waterfall in the plan, so that what it came to can be read.
    """
    del p
    return terms
