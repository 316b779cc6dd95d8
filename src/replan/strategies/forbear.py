"""Principal forbearance: part of the principal bears no interest and is due at the end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from replan.engine.terms import Parts, Terms
from replan.errors import UsageError

from .edits import (
    FIRST_SPLIT,
    lasts_until_cleared,
    outstanding,
    percent,
    relevelled,
    share_of,
    without,
    zero,
)
from .register import Ask, Params, strategy
from .values import Share


class Forbear(Params):
    """Which share of the principal is set aside."""

    positional: ClassVar = ("share",)

    share: Share = Field(description="Share of the principal that is set aside.")


def asks(p: Forbear) -> tuple[Ask, ...]:
    """Name what forbearance presumes."""
    share = percent(p.share)
    text = f"{share} of the principal bears no interest and is due at the end."
    return (Ask("forbear", text, {"share": share}),)


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
    by_row=lambda _: True,
)
def forbear(terms: Terms, p: Forbear) -> Terms:
    """Set P % of the outstanding principal, after earlier steps, aside without interest."""
    if lasts_until_cleared(terms.phases):
        raise UsageError(f"This debt is paid until it is cleared, without an end. {FIRST_SPLIT}")
    aside = share_of(outstanding(terms).principal, p.share)
    none = zero(terms.rows)
    left = relevelled(without(terms, Parts(aside, none, none, none)))
    return replace(left, forborne=left.forborne + aside)
