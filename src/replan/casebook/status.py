"""Agreed against actual: what was paid, what is missing, what comes next, which conditions hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from replan.decide.evaluate import major
from replan.errors import ReplanError

from .agreements import Agreement, Amounts, Condition, paid_until
from .balances import Balance, balance_on
from .payments import Filled, Ledger, ledger_of, parts_of, rows_of

Entry = dict[str, Any]


def status_of(agreements: Iterable[Agreement], today: date, *, full: bool = False) -> Entry:
    """Return the JSON form of where agreements stand on a day.

    `full` adds each agreement's rows, payments, conditions and what paying it off would save.
    """
    return {
        "replan": 1,
        "as_of": today.isoformat(),
        "agreements": [agreement_status(one, today, full=full) for one in agreements],
    }


def agreement_status(agreement: Agreement, today: date, *, full: bool = False) -> Entry:
    """Return where one agreement stands on a day; amounts in major units."""
    agreement = paid_until(agreement, today)
    ledger, e = ledger_of(agreement), agreement.exponent
    state = state_of(agreement, ledger, today)
    overdue = [] if state == "replaced" else ledger.overdue(today)
    coming = None if state == "replaced" else _coming_row(ledger, today)
    shown: Entry = {
        "id": agreement.id,
        "client": agreement.client,
        "debt": agreement.debt,
        "creditor": agreement.creditor,
        "plan": agreement.plan,
        "currency": agreement.currency,
        "agreed_on": agreement.agreed_on.isoformat(),
        "confirmed": agreement.confirmed,
        "state": state,
        "ended_on": agreement.ended_on and agreement.ended_on.isoformat(),
        "total": major(sum(f.row.payment for f in ledger.rows), e),
        "paid": major(ledger.paid, e),
        "remaining": major(ledger.remaining, e),
        "overdue": major(sum(f.missing for f in overdue), e),
        "overdue_since": overdue[0].row.due.isoformat() if overdue else None,
        "beyond": major(ledger.beyond, e),
        "next_due": coming and _due(coming, e),
    }
    return shown | _details(agreement, ledger, today) if full else shown


def _coming_row(ledger: Ledger, today: date) -> Filled | None:
    return next((f for f in ledger.rows if f.missing and f.last_day >= today), None)


def state_of(agreement: Agreement, ledger: Ledger, today: date) -> str:
    """Say in one word where an agreement stands: completed, replaced, behind or on-track."""
    if not ledger.remaining:
        return "completed"
    if agreement.ended_on is not None and agreement.ended_on <= today:
        return "replaced"
    return "behind" if ledger.overdue(today) else "on-track"


def _due(filled: Filled, exponent: int) -> Entry:
    return {
        "date": filled.row.due.isoformat(),
        "amount": major(filled.missing, exponent),
        "n": filled.row.n,
    }


def _details(agreement: Agreement, ledger: Ledger, today: date) -> Entry:
    e = agreement.exponent
    return {
        "agreed_with": agreement.agreed_with,
        "grace_days": agreement.grace,
        "document": agreement.document,
        "sha256": agreement.digest,
        "allocation": list(agreement.allocation),
        "asks": list(agreement.asks),
        "rows": [_row(filled, today, e) for filled in ledger.rows],
        "payments": [
            {
                "id": payment.id,
                "date": payment.paid_on.isoformat(),
                "amount": major(payment.amount, e),
                "reference": payment.reference,
                "instalments": rows_of(payment, ledger.sets),
                "parts": amounts(parts_of(payment, ledger.sets), e),
            }
            for payment in agreement.payments
        ],
        "conditions": [
            {
                "after": condition.payments,
                "amount": major(condition.amounts.total, e),
                "parts": amounts(condition.amounts, e),
                **condition_state(condition, ledger, today),
            }
            for condition in agreement.conditions
        ],
        "revived": major(_revived(agreement, ledger, today), e),
        "payoff": _payoff(agreement, ledger, today),
    }


def _revived(agreement: Agreement, ledger: Ledger, today: date) -> int:
    """Add up the waivers whose conditions are broken: the creditor may ask for these again."""
    return sum(
        condition.amounts.total
        for condition in agreement.conditions
        if condition_state(condition, ledger, today)["state"] == "broken"
    )


def amounts(parts: Amounts, exponent: int) -> dict[str, str]:
    """Give amounts by component in major units."""
    return {name: major(value, exponent) for name, value in asdict(parts).items()}


def _row(filled: Filled, today: date, exponent: int) -> Entry:
    return {
        "n": filled.row.n,
        "due": filled.row.due.isoformat(),
        "payment": major(filled.row.payment, exponent),
        "paid": major(filled.paid, exponent),
        "missing": major(filled.missing, exponent),
        "paid_on": filled.full_on and filled.full_on.isoformat(),
        "state": row_state(filled, today),
    }


def row_state(filled: Filled, today: date) -> str:
    """Say in one word what became of an instalment; on its last day in time it is not yet late."""
    on = filled.full_on
    if on is not None:
        return "early" if on < filled.row.due else "late" if on > filled.last_day else "paid"
    if filled.last_day < today:
        return "part" if filled.paid else "missed"
    if filled.row.due < today:
        return "grace"
    return "begun" if filled.paid else "open"


def condition_state(condition: Condition, ledger: Ledger, today: date) -> Entry:
    """Say whether a condition is kept, still open or broken, and since when.

    After K payments on time: broken by the first of them that was or is late, or by what is paid at
    signing, which is none of the K. On completion: broken while an instalment is overdue, and open
    again once it is made up for.
    """
    if condition.payments:
        last = _earned_by(condition, ledger)
        rows = [f for f in ledger.rows if f.row.n <= last]
        late = [f.row.due for f in rows if (f.full_on or today) > f.last_day]
        kept = not late and all(f.full_on for f in rows)
    else:
        late = [f.row.due for f in ledger.overdue(today)]
        kept = not ledger.remaining
    state = "kept" if kept else "broken" if late else "open"
    return {"state": state, "since": late[0].isoformat() if late else None}


def _earned_by(condition: Condition, ledger: Ledger) -> int:
    """Give the number of the instalment whose payment earns what a condition waives."""
    numbers = [f.row.n for f in ledger.rows if f.row.n][: condition.payments]
    return numbers[-1] if numbers else 0


def _payoff(agreement: Agreement, ledger: Ledger, today: date) -> Entry | None:
    """Say what paying everything off on a day would take and save, by the kernel's balance.

    Conditional waivers count while their condition is not broken, which the creditor must agree to;
    broken ones are owed in both sums.
    """
    if not ledger.remaining or today < agreement.as_of:
        return None
    try:
        balance = balance_on(agreement, today)
    except ReplanError:  # the plan came from a strategy that is not installed any more
        return None
    waived = sum(
        condition.amounts.total
        for condition in agreement.conditions
        if _is_to_come(condition, ledger, today, balance)
    )
    sum_now, e = balance.parts.total - waived, agreement.exponent
    to_pay = ledger.remaining + _revived(agreement, ledger, today)
    return {
        "date": today.isoformat(),
        "amount": major(sum_now, e),
        "remaining": major(ledger.remaining, e),
        "saves": major(max(to_pay - sum_now, 0), e),
        "waived": major(waived, e),
    }


def _is_to_come(condition: Condition, ledger: Ledger, today: date, balance: Balance) -> bool:
    """Tell whether a balance still holds what a condition waives: open, or earned ahead of time."""
    state = condition_state(condition, ledger, today)["state"]
    ahead = state == "kept" and _earned_by(condition, ledger) > balance.kept_to
    return state == "open" or (ahead and condition.payments > 0)


def due_within(agreements: Iterable[Agreement], today: date, days: int) -> Entry:
    """Return the JSON form of what is overdue and what falls due until so many days from today.

    Both ends are included. What is overdue of an agreement is one entry. Agreements that are
    completed or replaced ask for nothing.
    """
    last = today + timedelta(days=days)
    found = [entry for one in agreements for entry in _coming(one, today, last)]
    found.sort(key=lambda entry: (entry["due"], entry["client"], entry["id"]))
    return {"replan": 1, "as_of": today.isoformat(), "until": last.isoformat(), "due": found}


def _coming(agreement: Agreement, today: date, last: date) -> Iterator[Entry]:
    ledger = ledger_of(paid_until(agreement, today))
    if state_of(agreement, ledger, today) in ("completed", "replaced"):
        return
    late = ledger.overdue(today)
    coming = [f for f in ledger.rows if f.missing and today <= f.last_day and f.row.due <= last]
    for together in ([late] if late else []) + [[filled] for filled in coming]:
        first = together[0]
        yield {
            "id": agreement.id,
            "client": agreement.client,
            "creditor": agreement.creditor,
            "debt": agreement.debt,
            "currency": agreement.currency,
            "n": first.row.n,
            "count": len(together),
            "confirmed": agreement.confirmed,
            "due": first.row.due.isoformat(),
            "amount": major(sum(f.missing for f in together), agreement.exponent),
            "state": row_state(first, today),
        }


def calendar_events(agreements: Iterable[Agreement], today: date) -> list[Entry]:
    """List the instalments still to be paid from a day on, with uids that stay the same."""
    return [
        {
            "uid": f"{agreement.uid}-{filled.row.n}@replan.invalid",
            "client": agreement.client,
            "due": filled.row.due.isoformat(),
            "amount": major(filled.missing, agreement.exponent),
            "currency": agreement.currency,
            "creditor": agreement.creditor,
            "debt": agreement.debt,
            "confirmed": agreement.confirmed,
        }
        for agreement in agreements
        if agreement.ended_on is None or agreement.ended_on > today
        for filled in ledger_of(agreement).rows
        if filled.missing and filled.row.due >= today
    ]
