"""Principal forbearance: part of the principal bears no interest and is due at the end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from replan.engine.terms import Parts, Terms

from .edits import recast, share_of, without, zero
from .register import Ask, Params, strategy
from .values import Share


class Forbear(Params):
    """Which share of the principal is set aside."""

    positional: ClassVar = ("share",)

    share: Share


def asks(p: Forbear) -> tuple[Ask, ...]:
    """Name what forbearance presumes."""
    percent = f"{(p.share * 100).normalize():f} %"
    text = f"{percent} of the principal bears no interest and is due at the end."
    return (Ask("forbear", text, {"share": percent}),)


def ladder(terms: Terms, p: Forbear) -> tuple[Forbear, ...]:
    """Set aside one percentage point at a time."""
    del terms
    points = range(1, int(p.share * 100))
    return (*(p.model_copy(update={"share": Decimal(n) / 100}) for n in points), p)


@strategy(
    Forbear,
    name="forbear",
    notation="forbear P%",
    forbearance="other",
    asks=asks,
    ladder=ladder,
)
def forbear(terms: Terms, p: Forbear) -> Terms:
    """Set P % of the outstanding principal, after earlier steps, aside without interest."""
    aside = share_of(terms.owed.principal, p.share)
    none = zero(terms.rows)
    left = without(terms, Parts(aside, none, none, none))
    return replace(left, forborne=left.forborne + aside, phases=recast(left.phases))
