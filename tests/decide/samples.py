"""Small cases whose figures can be checked by hand."""

from __future__ import annotations

from typing import Any

import replan
from replan.model.case import Case


def debt(**changes: Any) -> dict[str, Any]:
    """Return a loan of 1,200 without interest, twelve instalments left, with *changes*."""
    return {
        "id": "loan",
        "principal": "1200.00",
        "rate": "0%",
        "method": "level",
        "instalment": "100.00",
        "remaining_instalments": 12,
        "next_due": "2026-12-21",
    } | changes


def case(*debts: dict[str, Any], **changes: Any) -> Case:
    """Return a case with *debts* (by default one loan) and 150 left for them a month."""
    facts = {"as_of": "2026-11-21", "currency": "EUR", "surplus": "150.00"} | changes
    return replan.load_case(facts | {"debts": list(debts) or [debt()]})
