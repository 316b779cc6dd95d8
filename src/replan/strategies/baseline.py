"""The two baselines: the contract as it stands, and paying nothing."""

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


@strategy(Nothing, name="unpaid", notation="unpaid", forbearance="other")
def unpaid(terms: Terms, p: Nothing) -> Terms:
    """Pay nothing: what the debt grows to, penalties and late fees included."""
    del p
    return terms
