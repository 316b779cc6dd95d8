"""Term extension: more instalments, each smaller."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import Field

from replan.engine.phases import WEIGHT
from replan.engine.terms import Terms
from replan.errors import UsageError

from .edits import asking, check_repays, period_of, recast_from
from .register import Ask, Params, strategy
from .values import At, Count


class Extend(Params):
    """By how many instalments, counted from which on."""

    positional: ClassVar = ("instalments",)

    instalments: Count = Field(description="How many instalments are added.")
    at: At | None = Field(
        default=None, description="The first instalment that falls: its number or a date."
    )


def asks(p: Extend) -> tuple[Ask, ...]:
    """Name what an extension presumes."""
    text = f"The term is extended by {p.instalments} instalments."
    return (Ask("extend", text, {"n": p.instalments}),)


def ladder(terms: Terms, p: Extend) -> tuple[Extend, ...]:
    """Extend by one instalment at a time."""
    del terms
    return tuple(p.model_copy(update={"instalments": n}) for n in range(1, p.instalments + 1))


@strategy(
    Extend,
    name="extend",
    notation="extend N [at=N|DATE]",
    forbearance="extension of maturity/term",
    asks=asks,
    ladder=ladder,
)
def extend(terms: Terms, p: Extend) -> Terms:
    """Add N instalments at the end; what is owed is levelled over all that remain.

    With `at`, instalments before that period stay as they are.
    """
    check_repays(terms)
    if any(q.weight != WEIGHT for q in terms.phases):
        raise UsageError("Instalments that rise or follow a season: extend them before that step.")
    period = 1 if p.at is None else period_of(terms, p.at)
    phases = recast_from(terms, period)
    last = phases[-1]
    longer = replace(
        last, count=np.where(terms.periods > 0, last.count + p.instalments, last.count)
    )
    return replace(asking(terms, (*phases[:-1], longer)), quote=None)
