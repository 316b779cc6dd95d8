"""replan: exact, explained repayment plans for people in financial hardship.

A name is imported when it is first used, so that `import replan` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from replan.batch.offers import offers as offers
    from replan.batch.schedules import schedules as schedules
    from replan.decide.candidates.search import Searched as Searched
    from replan.decide.candidates.search import search as search
    from replan.decide.compare import Comparison as Comparison
    from replan.decide.compare import compare as compare
    from replan.decide.counteroffer.counter import Counter as Counter
    from replan.decide.counteroffer.counter import counter as counter
    from replan.decide.law.rules import findings as findings
    from replan.decide.proposal.propose import Proposal as Proposal
    from replan.decide.proposal.propose import propose as propose
    from replan.decide.reconcile import reconcile as reconcile
    from replan.decide.redact import redact as redact
    from replan.decide.show import Shown as Shown
    from replan.decide.show import schedule as schedule
    from replan.decide.show import show as show
    from replan.decide.solver.solve import Solution as Solution
    from replan.decide.solver.solve import solve as solve
    from replan.decide.stress import stress as stress
    from replan.engine.day_counts import year_fraction as year_fraction
    from replan.engine.due_dates import due_dates as due_dates
    from replan.engine.rates import apr as apr
    from replan.engine.rates import irr as irr
    from replan.engine.rates import npv as npv
    from replan.errors import DataError as DataError
    from replan.errors import Issue as Issue
    from replan.errors import PackError as PackError
    from replan.errors import ReplanError as ReplanError
    from replan.errors import UsageError as UsageError
    from replan.io.load import Loaded as Loaded
    from replan.io.load import load as load
    from replan.io.load import load_case as load_case
    from replan.io.policies import load_policy as load_policy
    from replan.io.policies import policies as policies
    from replan.io.policies import policies_for as policies_for
    from replan.io.policies import policy_for as policy_for
    from replan.io.rules import load_rules as load_rules
    from replan.io.rules import rule_packs as rule_packs
    from replan.io.rules import rules_for as rules_for
    from replan.model.case import Case as Case
    from replan.model.case import case_schema as case_schema
    from replan.model.policy import Policy as Policy
    from replan.model.policy import policy_schema as policy_schema
    from replan.strategies.notation import plan_schema as plan_schema

    __version__: str

_HOMES = {
    "Case": "replan.model.case",
    "Comparison": "replan.decide.compare",
    "Counter": "replan.decide.counteroffer.counter",
    "DataError": "replan.errors",
    "Issue": "replan.errors",
    "Loaded": "replan.io.load",
    "PackError": "replan.errors",
    "Policy": "replan.model.policy",
    "Proposal": "replan.decide.proposal.propose",
    "ReplanError": "replan.errors",
    "Searched": "replan.decide.candidates.search",
    "Shown": "replan.decide.show",
    "Solution": "replan.decide.solver.solve",
    "UsageError": "replan.errors",
    "apr": "replan.engine.rates",
    "case_schema": "replan.model.case",
    "compare": "replan.decide.compare",
    "counter": "replan.decide.counteroffer.counter",
    "due_dates": "replan.engine.due_dates",
    "findings": "replan.decide.law.rules",
    "irr": "replan.engine.rates",
    "load": "replan.io.load",
    "load_case": "replan.io.load",
    "load_rules": "replan.io.rules",
    "load_policy": "replan.io.policies",
    "npv": "replan.engine.rates",
    "offers": "replan.batch.offers",
    "plan_schema": "replan.strategies.notation",
    "policies": "replan.io.policies",
    "policies_for": "replan.io.policies",
    "policy_for": "replan.io.policies",
    "policy_schema": "replan.model.policy",
    "propose": "replan.decide.proposal.propose",
    "redact": "replan.decide.redact",
    "rule_packs": "replan.io.rules",
    "rules_for": "replan.io.rules",
    "reconcile": "replan.decide.reconcile",
    "schedule": "replan.decide.show",
    "schedules": "replan.batch.schedules",
    "search": "replan.decide.candidates.search",
    "show": "replan.decide.show",
    "solve": "replan.decide.solver.solve",
    "stress": "replan.decide.stress",
    "year_fraction": "replan.engine.day_counts",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605  # one list of names, with the homes


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first used (PEP 562)."""
    if name == "__version__":
        return import_module("importlib.metadata").version("replan")
    if name not in _HOMES:
        raise AttributeError(f"module 'replan' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
