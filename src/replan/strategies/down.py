"""Down payment: a first payment at signing."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import Field

from replan.engine.terms import Terms

from .edits import outstanding, relevelled, within_principal
from .register import Ask, Params, strategy
from .scale import amount_of
from .values import AmountOrShare


class Down(Params):
    """The amount, or a percentage of the outstanding."""

    positional: ClassVar = ("amount",)

    amount: AmountOrShare = Field(
        description="An amount, or a percentage of what is owed after earlier steps."
    )


def asks(p: Down) -> tuple[Ask, ...]:
    """Ask the creditor for nothing."""
    del p
    return ()


@strategy(
    Down,
    name="down",
    notation="down AMOUNT|P%",
    forbearance="other",
    asks=asks,
    by_row=lambda _: True,
)
def down(terms: Terms, p: Down) -> Terms:
    """Pay an amount, or a percentage of what is owed after earlier steps, at signing.

    It is allocated by the debt's order; never more than is owed. An instalment that the contract
    states stays as it is; a computed one is computed on what remains.
    """
    owed = outstanding(terms).total
    paid = np.minimum(amount_of(terms, p.amount, owed), owed)
    left = terms if terms.stated else relevelled(terms)
    return within_principal(replace(left, down=terms.down + paid))
