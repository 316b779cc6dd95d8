"""Paying nothing: the second baseline of every comparison."""

from __future__ import annotations

from replan.engine.terms import Terms

from .contract import Nothing
from .register import strategy


@strategy(Nothing, name="unpaid", notation="unpaid", forbearance="other")
def unpaid(terms: Terms, p: Nothing) -> Terms:
    """Pay nothing: what the debt grows to, penalties and late fees included."""
    del p
    return terms
