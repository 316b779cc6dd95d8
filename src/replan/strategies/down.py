"""Down payment: a first payment at signing."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from replan.engine.terms import Terms

from .edits import recast
from .register import Ask, Params, strategy
from .scale import amount_of
from .values import AmountOrShare


class Down(Params):
    """The amount, or a percentage of the outstanding."""

    positional: ClassVar = ("amount",)

    amount: AmountOrShare


def asks(p: Down) -> tuple[Ask, ...]:
    """A down payment asks for nothing."""
    del p
    return ()


@strategy(
    Down,
    name="down",
    notation="down AMOUNT|P%",
    forbearance="other",
    asks=asks,
)
def down(terms: Terms, p: Down) -> Terms:
    """Pay an amount, or a percentage of what is owed, at signing.

    It is allocated by the debt's order; never more than is owed. An instalment that the contract
    states stays as it is; a computed one is computed on what remains.
    """
    owed = terms.owed.total
    paid = np.minimum(terms.down + amount_of(terms, p.amount, owed), owed)
    phases = terms.phases if terms.stated else recast(terms.phases)
    return replace(terms, down=paid, phases=phases)
