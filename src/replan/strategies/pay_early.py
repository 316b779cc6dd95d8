"""Early repayment: a sum on top of an instalment; the term shortens or the instalment falls."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from replan.engine.terms import Terms
from replan.errors import UsageError

from .edits import period_of, recast_from
from .register import Ask, Params, strategy
from .scale import minor
from .values import Amount, At, plain


class PayEarly(Params):
    """How much, when, and what it changes."""

    positional: ClassVar = ("amount", "effect")

    amount: Amount = Field(description="What is paid on top of the instalment.")
    effect: Literal["shorten", "lower"] = Field(
        default="shorten", description="Whether the plan ends earlier or the instalment falls."
    )
    at: At | None = Field(
        default=None,
        description="With which instalment: its number or a date; the next by default.",
    )


def asks(p: PayEarly) -> tuple[Ask, ...]:
    """Name what early repayment presumes."""
    effect = "the term shortens" if p.effect == "shorten" else "the instalment falls"
    text = f"{plain(p.amount)} is repaid early without charge, and {effect}."
    return (Ask(f"pay-early-{p.effect}", text, {"amount": plain(p.amount)}),)


@strategy(
    PayEarly,
    name="pay-early",
    notation="pay-early AMOUNT [at=N|DATE] [shorten|lower]",
    forbearance="other",
    asks=asks,
    keeps=lambda p: p.effect == "shorten",
)
def pay_early(terms: Terms, p: PayEarly) -> Terms:
    """Repay a sum together with an instalment (the next, or `at`).

    `shorten` (default) keeps the instalment and ends earlier; `lower` keeps the term and levels the
    instalments that remain.
    """
    if not terms.periods.any():
        raise UsageError("This debt has no instalments. Write down AMOUNT instead.")
    period = 1 if p.at is None else period_of(terms, p.at)
    extra = (period, minor(terms, p.amount))
    paid = replace(terms, prepay=(*terms.prepay, extra))
    if p.effect == "shorten":
        return replace(paid, trims=True)
    if period >= int(terms.periods.max()):
        return paid
    return replace(paid, phases=recast_from(paid, period + 1))
