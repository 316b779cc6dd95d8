"""Token payments: a small sum for a time, to keep in touch."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from replan.engine.phases import Asks, Phase, Unpaid
from replan.engine.terms import Terms

from .edits import asking, relevelled
from .register import Ask, Params, strategy
from .scale import minor
from .values import Amount, Count, plain


class Token(Params):
    """How much, for how many periods."""

    positional: ClassVar = ("amount",)

    amount: Amount = Field(description="What is paid in each of the periods.")
    for_: Count = Field(alias="for", description="For how many periods.")


def asks(p: Token) -> tuple[Ask, ...]:
    """Name what token payments presume."""
    text = f"Only {plain(p.amount)} is asked for in each of {p.for_} periods."
    return (
        Ask("token", text, {"amount": plain(p.amount), "n": p.for_}),
        Ask("defer-interest-spread", "Unpaid interest of these periods bears no interest."),
    )


@strategy(
    Token,
    name="token",
    notation="token AMOUNT for=N",
    forbearance="grace period/payment moratorium",
    asks=asks,
)
def token(terms: Terms, p: Token) -> Terms:
    """Pay only a token sum during the next N periods; the repayment follows.

    It is allocated by the debt's order; interest that it does not cover is spread over the
    instalments after, without interest on it.
    """
    amount, count = np.array([minor(terms, p.amount)]), np.array([p.for_])
    first = Phase(Asks.FIXED, count, amount, unpaid=Unpaid.SPREAD, anew=False, leads=True)
    after = relevelled(terms)
    if not terms.periods.any():
        return asking(after, (first, Phase(Asks.LEVEL, np.ones(1, dtype=np.int64))))
    return asking(after, (first, *after.phases))
