"""Re-amortisation: what is owed is spread again over the remaining dates."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field

from replan.engine.terms import Terms

from .edits import check_repays, relevelled
from .register import Ask, Params, strategy


class Reamortise(Params):
    """What becomes of the interest owed."""

    interest: Literal["spread", "first"] = Field(
        default="spread",
        description="Whether interest owed is spread, or paid by the first new instalment.",
    )


def asks(p: Reamortise) -> tuple[Ask, ...]:
    """Name what re-amortisation presumes."""
    text = "Arrears are spread over the remaining instalments instead of being due at once."
    found = [Ask("reamortise", text)]
    if p.interest == "first":
        first = "Interest owed is paid out of the first new instalment, without interest on it."
        found.append(Ask("reamortise-first", first))
    return tuple(found)


@strategy(
    Reamortise,
    name="reamortise",
    notation="reamortise [interest=spread|first]",
    forbearance="rescheduled payments",
    asks=asks,
)
def reamortise(terms: Terms, p: Reamortise) -> Terms:
    """Spread what is owed, arrears included, over the remaining due dates.

    Interest owed is spread evenly beside principal (default), or with `interest=first` taken out of
    the first new instalment, which is chosen so that all are level.
    """
    check_repays(terms)
    return replace(relevelled(terms), inside=p.interest == "first")
