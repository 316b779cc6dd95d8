"""The contract as it stands: the first baseline of every comparison."""

from __future__ import annotations

from replan.engine.terms import Terms

from .register import Params, strategy


class Nothing(Params):
    """A baseline has no parameters."""


@strategy(Nothing, name="contract", notation="contract", forbearance="other")
def contract(terms: Terms, p: Nothing) -> Terms:
    """Keep the contract: arrears are due now, instalments as agreed."""
    del p
    return terms
