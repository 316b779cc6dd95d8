"""Balloon: part of the principal stays to the end, with interest."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from replan.engine.phases import Asks
from replan.engine.terms import Terms
from replan.errors import UsageError

from .edits import FIRST_SPLIT, check_repays, outstanding, percent, relevelled, share_of
from .register import Ask, Params, strategy
from .values import Share


class Balloon(Params):
    """Which share of the principal is due at the end."""

    positional: ClassVar = ("share",)

    share: Share = Field(description="Share of the principal that is due at the end.")


def asks(p: Balloon) -> tuple[Ask, ...]:
    """Name what a balloon presumes."""
    share = percent(p.share)
    text = f"{share} of the principal is due with the last instalment."
    return (Ask("balloon", text, {"share": share}),)


@strategy(
    Balloon,
    name="balloon",
    notation="balloon P%",
    forbearance="rescheduled payments",
    asks=asks,
)
def balloon(terms: Terms, p: Balloon) -> Terms:
    """Leave P % of the outstanding principal, after earlier steps, to the end, with interest.

    It takes the place of a residual that the contract leaves. A split after it keeps it.
    """
    check_repays(terms)
    if all(p.asks is Asks.INTEREST for p in terms.phases if p.count.any()):
        raise UsageError(f"All of the principal is due at the end already. {FIRST_SPLIT}")
    residual = share_of(outstanding(terms).principal, p.share)
    return replace(relevelled(terms), balloon=residual)
