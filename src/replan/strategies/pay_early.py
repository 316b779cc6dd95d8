"""Early repayment: a sum on top of an instalment; the term shortens or the instalment falls."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from replan.engine.terms import Terms

from .edits import period_of, recast_from
from .register import Ask, Params, strategy
from .scale import minor
from .values import Amount, At


class PayEarly(Params):
    """How much, when, and what it changes."""

    positional: ClassVar = ("amount", "effect")

    amount: Amount
    effect: Literal["shorten", "lower"] = "shorten"
    at: At | None = None


def asks(p: PayEarly) -> tuple[Ask, ...]:
    """Name what early repayment presumes."""
    effect = "the term shortens" if p.effect == "shorten" else "the instalment falls"
    text = f"{p.amount} is repaid early without charge, and {effect}."
    return (Ask(f"pay-early-{p.effect}", text, {"amount": str(p.amount)}),)


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
    period = 1 if p.at is None else period_of(terms, p.at)
    extra = (period, minor(terms, p.amount))
    paid = replace(terms, prepay=(*terms.prepay, extra))
    if p.effect == "shorten":
        return replace(paid, trims=True)
    if period >= int(terms.periods.max()):
        return paid
    return replace(paid, phases=recast_from(paid, period + 1))
