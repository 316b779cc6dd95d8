"""Policies by name or file, and which of those that ship is meant for a debt."""

from __future__ import annotations

import os

from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.policy import Policy

from .packs import check_pack, load_pack, shipped, shipped_raw

GENERAL = "general"
"""The policy for debts for which no other is meant."""


def load_policy(name: str | os.PathLike[str]) -> Policy:
    """Read a policy by its shipped name or from a TOML file; PackError if it cannot be followed.

    Policies that ship are validated as well: it is their validation that reads bounds exactly.
    """
    known = os.fspath(name)
    if known in shipped(Policy.folder):
        return check_pack(Policy, shipped_raw(Policy.folder, known), f"{known}.toml")
    return load_pack(Policy, name)


def policies() -> tuple[Policy, ...]:
    """Read every policy that ships with the package, sorted by name."""
    return tuple(load_policy(name) for name in shipped(Policy.folder))


def policy_for(case: Case, debt: Debt) -> Policy:
    """Choose a shipped policy by jurisdiction, currency, kind of lender and product.

    Of several the one that is in force and says most about whom it is meant for, else `general`.
    """
    meant = [
        policy
        for policy in policies()
        if policy.in_force(case.as_of)
        and policy.covers(case.jurisdiction, case.currency, debt.lender_type, debt.product)
    ]
    return max(meant, key=_narrowness)


def policies_for(case: Case) -> dict[str, Policy]:
    """Choose a shipped policy for every debt that plans touch without naming it."""
    return {debt.id: policy_for(case, debt) for debt in case.debts if not debt.comes_first}


def _narrowness(policy: Policy) -> tuple[int, str]:
    named = (policy.products, policy.lender_types, policy.jurisdiction, policy.currency)
    return sum(bool(part) for part in named), policy.id
