"""Where a plan departs from a lender's policy: limits, steps that are not offered, conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from replan.decide.evaluate import Evaluated, major
from replan.decide.plans import Bench
from replan.model.policy import Policy
from replan.strategies.notation import Step

from .grid import Offer
from .limits import Exceeded, combined, limits_of
from .policies import policy_remarks
from .space import Space, space_of

Finding = dict[str, Any]
BARE = ("contract", "unpaid")
CONDITIONS = ("not-in-force", "not-meant", "past-due-from", "past-due-until")


def departures(bench: Bench, found: Evaluated, policy: Policy) -> list[Finding]:
    """Name each way in which one debt's plan is outside a policy, with its source and date.

    A plan without steps asks nothing of the lender. A plan that shares one amount over a household
    is no offer of one lender: that it was not judged is said, too.
    """
    names = [step.strategy.name for step in found.steps]
    if not names or names[0] in BARE:
        return []
    if any(step.strategy.household for step in found.steps):
        return [_finding(found, policy, "not-judged", "note", plan=" + ".join(names))]
    case, debt = bench.case, found.debt
    conditions = [
        _finding(found, policy, remark.pop("code"), "note", **remark)
        for remark in policy_remarks(policy, case, debt)
        if remark["code"] in CONDITIONS
    ]
    return [*_limits(bench, found, policy), *_steps(found, policy), *conditions]


def _limits(bench: Bench, found: Evaluated, policy: Policy) -> Iterator[Finding]:
    """Compare the plan, as a space of one candidate, with the limits in force."""
    offer: Offer = tuple((step,) for step in found.steps)
    space = space_of(bench, found.debt, [offer])
    if not len(space):
        return
    for limit in (*combined(policy, space), *limits_of(policy, space, bench.case.as_of)):
        if limit.outside[0]:
            shown = {
                "value": _shown(float(limit.values[0]), limit, space),
                "max" if limit.is_max else "min": float(limit.bound),
                "unit": limit.unit,
                "limit": limit.name,
                "source": limit.reference,
                "since": limit.since.isoformat(),
            }
            yield _finding(found, policy, limit.name, "warning", **shown)


def _shown(value: float, limit: Exceeded, space: Space) -> Any:
    if limit.unit == "amount":
        return major(round(value * 10**space.exponent), space.exponent)
    if limit.unit in ("share", "rate"):
        return round(value, 9)
    return int(value) if value.is_integer() else f"{value:g}"


def _steps(found: Evaluated, policy: Policy) -> Iterator[Finding]:
    """Name steps that no offer has, and steps out of the policy's order."""
    offered = {spec.strategy for offer in policy.offers for spec in offer.steps}
    inside = "waterfall" in offered
    names = [step.strategy.name for step in found.steps]
    for name in dict.fromkeys(names):
        if name not in offered and not inside:
            yield _finding(found, policy, "not-offered", "warning", step=name)
    ranks = [policy.order.index(name) for name in names if name in policy.order]
    if ranks != sorted(ranks):
        order = " + ".join(policy.order)
        yield _finding(found, policy, "order", "warning", plan=_text(found.steps), order=order)


def _text(steps: tuple[Step, ...]) -> str:
    return " + ".join(str(step) for step in steps)


def _finding(
    found: Evaluated, policy: Policy, what: str, severity: str, /, **values: Any
) -> Finding:
    since = values.pop("since", policy.effective.since.isoformat())
    source = values.pop("source", f"{policy.id} {policy.version}")
    return {
        "code": f"policy-{what}",
        "severity": severity,
        "debt": found.debt.id,
        "policy": policy.id,
        "message": f"Outside the policy {policy.id}: {what.replace('_', ' ').replace('-', ' ')}.",
        "departure": what,
        "exceeded": True,
        "source": source,
        "since": since,
        **values,
    }
