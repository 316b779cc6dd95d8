"""What a policy says about itself, and whether it is meant for a debt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.policy import Limit, Policy

from .grid import size_of
from .offers import menu_of


def policy_dict(policy: Policy) -> dict[str, Any]:
    """Give the JSON form of a policy's own facts."""
    return {
        "id": policy.id,
        "title": policy.title.model_dump(),
        "version": policy.version,
        "status": policy.status,
        "effective": {
            "from": policy.effective.since.isoformat(),
            "to": policy.effective.until.isoformat() if policy.effective.until else None,
        },
        "approved_by": policy.approved_by,
        "replaces": policy.replaces,
        "note": policy.note.model_dump(),
        "jurisdiction": policy.jurisdiction,
        "currency": policy.currency,
        "lender_types": list(policy.lender_types),
        "products": list(policy.products),
        "sources": [
            {"title": s.title, "zh": s.zh, "url": s.url, "checked_on": s.checked_on.isoformat()}
            for s in policy.sources
        ],
    }


def policy_in_full(policy: Policy) -> dict[str, Any]:
    """Give all that a policy says: its offers with their sizes, its limits, its conditions."""
    menu = menu_of(policy)
    return policy_dict(policy) | {
        "candidates": size_of(menu),
        "offers": [
            {
                "title": spec.title.model_dump(),
                "candidates": size_of([offer]),
                "steps": [
                    [None if step is None else str(step) for step in choice] for choice in offer
                ],
            }
            for spec, offer in zip(policy.offers, menu, strict=True)
        ],
        "limits": [
            row for name, limit in policy.limits.items() for row in _limit_rows(name, limit)
        ],
        "conditions": {
            "past_due_from": policy.conditions.past_due_from,
            "past_due_until": policy.conditions.past_due_until,
            "evidence": {c: list(docs) for c, docs in policy.conditions.evidence.items()},
        },
        "excludes": [list(names) for names in policy.excludes],
        "order": list(policy.order),
    }


def _limit_rows(name: str, limit: Limit) -> Iterator[dict[str, Any]]:
    for value in limit.values:
        kind = "min" if value.max is None else "max"
        yield {
            "limit": name,
            "unit": limit.unit,
            kind: float(getattr(value, kind)),
            "since": value.since.isoformat(),
            "source": value.reference or limit.reference,
        }


def policy_remarks(policy: Policy, case: Case, debt: Debt) -> Iterator[dict[str, Any]]:
    """Say what the policy asks for before it offers anything, as far as the case leaves it open."""
    if not policy.in_force(case.as_of):
        yield {"code": "not-in-force", "date": case.as_of.isoformat()}
    if not policy.covers(case.jurisdiction, case.currency, debt.lender_type, debt.product):
        yield {"code": "not-meant", "debt": debt.id}
    asked, late = policy.conditions, debt.days_past_due
    if late < asked.past_due_from:
        yield {"code": "past-due-from", "days": asked.past_due_from, "found": late}
    if asked.past_due_until is not None and late > asked.past_due_until:
        yield {"code": "past-due-until", "days": asked.past_due_until, "found": late}
    documents = asked.evidence.get(case.hardship.cause or "any", asked.evidence.get("any", ()))
    if documents:
        yield {"code": "evidence", "documents": list(documents)}
