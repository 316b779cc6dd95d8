"""What a client sees of a result, in its JSON form: no lender's figures, no other creditors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.asks import asks_told
from replan.present.figures import round_half_up
from replan.present.law import urgent
from replan.present.words import Words

Record = Mapping[str, Any]
_HEAD = ("replan", "currency", "as_of", "debt", "scenario", "set")


def client_comparison(data: Record, words: Words) -> dict[str, Any]:
    """Reduce a comparison to what the borrower pays; paying nothing is left out."""
    plans = [plan for plan in data["plans"] if plan["plan"] != "unpaid"]
    plans.sort(key=lambda plan: plan["plan"] != "contract")
    if data.get("debt"):
        plans = [{**plan, "plan": str(plan["debts"][0]["plan"])} for plan in plans]
    return {
        **_head(data),
        "urgent": urgent(data.get("findings", ())),
        "routes": data.get("routes"),
        "plans": [_plan(plan, words) for plan in plans],
    }


def client_plan(data: Record, words: Words) -> dict[str, Any]:
    """Reduce one plan to its summary, what is asked for and the dates of payment."""
    debts = data["debts"]
    asks = [{**ask, "debts": [d["id"]]} for d in debts for ask in d.get("asks_detail", ())]
    owed = [{"id": d["id"], "creditor": d["creditor"], "plan": _own_plan(d)} for d in debts]
    one = debts[0] if data.get("debt") and debts else None
    metrics = {**data["household"]["metrics"], **(one["metrics"] if one else {})}
    months = one["by_month"] if one else data["household"].get("by_month", ())
    name = _own_plan(one) if one else data["plan"]
    whole = {"plan": name, "metrics": metrics, "by_month": months, "asks": asks, "debts": owed}
    found = [finding for debt in debts for finding in debt.get("findings", ())]
    return {
        **_head(data),
        "urgent": urgent(found),
        **_plan(whole, words),
        "payments": _payments(debts),
    }


def client_check(data: Record) -> dict[str, Any]:
    """Reduce a check to what is owed to whom, what is left each month, and what is wrong."""
    return {
        "replan": data["replan"],
        "view": "client",
        "problems": sum(issue["severity"] == "error" for issue in data["issues"]),
        "urgent": urgent(found for case in data["cases"] for found in case.get("findings", ())),
        "cases": [_case(case) for case in data["cases"]],
    }


def _own_plan(debt: Record) -> str:
    """Write the plan of one debt: that of the household may name others."""
    return " + ".join(str(step["step"]) for step in debt["steps"]) or "contract"


def _head(data: Record) -> dict[str, Any]:
    head = {key: data[key] for key in _HEAD if key in data}
    if data.get("debt") and data.get("set"):
        own = f"debts.{data['debt']}."
        head["set"] = [c for c in data["set"] if c.startswith(own) or not c.startswith("debts.")]
    return {**head, "view": "client", "estimated": bool(data.get("estimated"))}


def _plan(plan: Record, words: Words) -> dict[str, Any]:
    metrics = plan["metrics"]
    first = metrics.get("first_payment") or {}
    cleared = Decimal(metrics.get("residual") or 0) == 0
    return {
        "plan": plan["plan"],
        "asks": asks_told(plan, words),
        "average": _average(metrics["total_paid"], plan.get("by_month") or ()),
        "dearest_month": metrics["peak_payment"],
        "from": first.get("date"),
        "months": metrics["months"] if cleared else None,
        "in_all": metrics["total_paid"],
        "left": _left(plan.get("by_month") or ()),
        "fits": metrics.get("verdict") or "not-assessed",
        "fits_hoped": metrics.get("verdict_hoped"),
        "by_month": [
            {"month": month["month"], "payment": month["payment"]}
            for month in plan.get("by_month") or ()
        ],
    }


def _average(total: str, months: Sequence[Record]) -> str | None:
    """Return what is paid in a month on average, from the first payment to the last.

    The middle one of the payments would mislead where a few months ask for most of it.
    """
    paying = [n for n, month in enumerate(months) if Decimal(month["payment"])]
    if not paying:
        return None
    decimals = -int(Decimal(total).as_tuple().exponent)
    return str(round_half_up(Decimal(total) / (paying[-1] - paying[0] + 1), decimals))


def _left(months: Sequence[Record]) -> str | None:
    """Return what is left in the tightest month with a payment; None where nobody knows."""
    left = [
        Decimal(month["surplus"]) - Decimal(month["payment"])
        for month in months
        if month.get("surplus") is not None and Decimal(month["payment"])
    ]
    return str(min(left)) if left else None


def _payments(debts: Iterable[Record]) -> list[dict[str, Any]]:
    """List the dates on which something is paid, in order of time."""
    found = [
        {
            "date": row["due"],
            "to": debt.get("creditor") or debt["id"],
            "amount": row["payment"],
            "still_owed": row["balance"],
        }
        for debt in debts
        for row in debt["schedule"]
        if Decimal(row["payment"])
    ]
    return sorted(found, key=lambda payment: str(payment["date"]))


def _case(case: Record) -> dict[str, Any]:
    budget = case.get("budget") or {}
    path = case.get("surplus") or [{}]
    return {
        "as_of": case["as_of"],
        "currency": case["currency"],
        "debts": [
            {
                "to": debt["creditor"] or debt["id"],
                "owed": debt["outstanding"],
                "overdue": debt["arrears"],
                "next_due": debt["next_due"],
                "instalment": debt["instalment"],
            }
            for debt in case["debts"]
        ],
        "owed": case["outstanding"],
        "income": budget.get("certain_income"),
        "costs": budget.get("costs"),
        "savings": budget.get("savings"),
        "buffer": budget.get("buffer"),
        "left": path[0].get("certain"),
        "estimated": bool(case.get("estimated")),
        "before_pay_day": [_clash(clash, case["debts"]) for clash in case["before_pay_day"]],
    }


def _clash(clash: Record, debts: Iterable[Record]) -> dict[str, Any]:
    """Name the creditor, and the new day without notation."""
    names = {debt["id"]: debt["creditor"] or debt["id"] for debt in debts}
    keys = ("due_day", "income", "pay_day", "new_day")
    return {"to": names[clash["debt"]], **{key: clash[key] for key in keys}}
