"""Balloon: part of the principal stays to the end, with interest."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from replan.engine.terms import Terms

from .edits import recast, share_of
from .register import Ask, Params, strategy
from .values import Share


class Balloon(Params):
    """Which share of the principal is due at the end."""

    positional: ClassVar = ("share",)

    share: Share


def asks(p: Balloon) -> tuple[Ask, ...]:
    """Name what a balloon presumes."""
    percent = f"{(p.share * 100).normalize():f} %"
    text = f"{percent} of the principal is due with the last instalment."
    return (Ask("balloon", text, {"share": percent}),)


@strategy(
    Balloon,
    name="balloon",
    notation="balloon P%",
    forbearance="rescheduled payments",
    asks=asks,
)
def balloon(terms: Terms, p: Balloon) -> Terms:
    """Leave P % of the outstanding principal, after earlier steps, to the end, with interest."""
    residual = share_of(terms.owed.principal, p.share)
    return replace(terms, balloon=residual, phases=recast(terms.phases))
