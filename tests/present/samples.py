"""Hand-written results in their JSON form, for the tests of what people see."""

from __future__ import annotations

from typing import Any


def metrics(**changes: Any) -> dict[str, Any]:
    """Return the figures of one plan, with *changes*."""
    return {
        "first_payment": {"date": "2026-12-10", "amount": "2100.00"},
        "typical_payment": "2100.00",
        "peak_payment": "12306.12",
        "total_paid": "56784.50",
        "interest_paid": "8574.17",
        "waived": "2310.21",
        "forgone": "0.00",
        "extra_cost": "-1234.50",
        "months": 27,
        "apr": 0.1825,
        "npv_loss": 0.0314,
        "months_short": 3,
        "headroom": -0.125,
        "verdict": "short",
    } | changes


def comparison(*names: str) -> dict[str, Any]:
    """Return a comparison of the two baselines and the plans *names*, the last one dominated."""
    plans = [
        {"plan": name, "metrics": metrics(verdict="fits"), "dominated": False, "debts": []}
        for name in names
    ]
    if plans:
        plans[-1] |= {"dominated": True, "dominated_by": names[0]}
    baselines = [
        {"plan": "contract", "metrics": metrics(), "dominated": False, "debts": []},
        {"plan": "unpaid", "metrics": metrics(apr=None), "dominated": False, "debts": []},
    ]
    return {"replan": 1, "currency": "CNY", "as_of": "2026-11-21", "plans": [*plans, *baselines]}


def row(n: int, due: str, **changes: Any) -> dict[str, Any]:
    """Return one row of a schedule, with *changes*."""
    return {
        "n": n,
        "due": due,
        "opening": "48210.33",
        "accrued": {"interest": "399.00"} if n else {},
        "capitalised": "0.00",
        "waived": {},
        "payment": "0.00",
        "principal": "0.00",
        "interest": "0.00",
        "penalty": "0.00",
        "fees": "0.00",
        "balance": "48609.33",
    } | changes


def shown(rows: int = 3) -> dict[str, Any]:
    """Return one plan in full, with a schedule of *rows* rows after row 0."""
    schedule = [row(0, "2026-11-21", balance="48210.33")]
    schedule += [
        row(n, f"20{26 + n // 12}-{1 + n % 12:02}-10", balance=f"{48000 - 1300 * n}.00")
        for n in range(1, rows + 1)
    ]
    debt = {
        "id": "card-a",
        "creditor": "Example Bank",
        "steps": [{"step": "defer 3", "effect": {"instalment": "12.00", "total_paid": "-3.00"}}],
        "asks": ["No instalment for three months.", "Arrears bear no interest."],
        "schedule": schedule,
        "metrics": metrics(),
        "findings": [],
        "why": ["interest of row 1 = 42,000.00 × 18.25 % × 19/365 = 399.00"],
    }
    household = {"metrics": metrics(verdict="tight")}
    return {
        "replan": 1,
        "plan": "defer 3 + split 24",
        "currency": "CNY",
        "debts": [debt],
        "household": household,
    }
