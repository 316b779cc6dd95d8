"""Household strategies: one monthly amount is shared over the debts, exactly."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from replan.engine.terms import Terms

from .register import Ask, Params, strategy
from .values import Amount


class Household(Params):
    """How the amount is shared, and what it is: the surplus unless an amount is given."""

    positional: ClassVar = ("method",)

    method: Literal["pro-rata", "avalanche", "snowball", "priority-first", "token"] = Field(
        description="Who is paid how much, and who first."
    )
    of: Literal["surplus"] | Amount = Field(
        default="surplus", description="What is shared each month: the surplus or an amount."
    )


def asks(p: Household) -> tuple[Ask, ...]:
    """Name what sharing one amount presumes."""
    text = {
        "pro-rata": "Every creditor accepts a share in proportion to what is owed.",
        "avalanche": "What is left after the least payments goes to the highest rate first.",
        "snowball": "What is left after the least payments goes to the smallest debt first.",
        "priority-first": "Priority debts are paid first; the others share the rest pro rata.",
        "token": "Every creditor accepts the same small amount for the time being.",
    }[p.method]
    return (Ask(f"household-{p.method}", text),)


@strategy(
    Household,
    name="household",
    notation="household(pro-rata|avalanche|snowball|priority-first|token [of=surplus|AMOUNT])",
    forbearance="rescheduled payments",
    asks=asks,
    household=True,
)
def household(terms: Terms, p: Household) -> Terms:
    """Share one monthly amount over all the debts, split exactly to the minor unit.

    `pro-rata` splits by what is owed at the as-of date (largest remainder). `avalanche` pays every
    debt its instalment or minimum payment and the rest to the highest rate, `snowball` to the
    smallest balance. `priority-first` pays priority debts before the others, which share pro rata.
    `token` gives every debt the same, for households with next to nothing left. What a cleared
    debt no longer needs goes to the others. Interest goes on; after 600 months what is left is
    reported.
    """
    del p
    return terms
