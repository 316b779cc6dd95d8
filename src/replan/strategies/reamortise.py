"""Re-amortisation: what is owed is spread again over the remaining dates."""

from __future__ import annotations

from replan.engine.terms import Terms

from .edits import check_repays, relevelled
from .register import Ask, Params, strategy


class Reamortise(Params):
    """Re-amortisation has no parameters."""


def asks(p: Reamortise) -> tuple[Ask, ...]:
    """Name what re-amortisation presumes."""
    del p
    text = "Arrears are spread over the remaining instalments instead of being due at once."
    return (Ask("reamortise", text),)


@strategy(
    Reamortise,
    name="reamortise",
    notation="reamortise",
    forbearance="rescheduled payments",
    asks=asks,
)
def reamortise(terms: Terms, p: Reamortise) -> Terms:
    """Spread what is owed, arrears included, over the remaining due dates."""
    del p
    check_repays(terms)
    return relevelled(terms)
