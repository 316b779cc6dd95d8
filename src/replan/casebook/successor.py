"""After a breach: a new case from what is really owed, ready to be compared with new plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from replan.decide.evaluate import PARTS, major
from replan.engine.curves import RateColumn
from replan.engine.terms import Terms

from .agreements import Agreement, Amounts, paid_until
from .balances import Balance, agreed_terms, balance_on, case_of
from .payments import Filled, Ledger, ledger_of

_OF_CONTRACT = (
    *("instalment", "instalments", "remaining_instalments", "next_due", "minimum_payment"),
    *("balloon", "last_accrual", "rate_changes", "accelerated", "estimated", "method"),
    *("instalment_fee", "recurring_fees", "arrears", "days_past_due"),
)
"""Keys of the old contract that the agreement has replaced."""


def new_case(agreement: Agreement, day: date, *, question: str) -> dict[str, Any]:
    """Return a case, as its file would have it, that starts from what is owed on a day.

    The instalments agreed and not yet due are its contract, what was missed its arrears. Amounts
    that a condition would still have waived are owed again. Other debts of the old case are left
    out, because nobody knows what they have come to: the case then says that it is incomplete.
    `question` is asked about the debt, in the reader's words.
    """
    agreement = paid_until(agreement, day)
    balance, case = balance_on(agreement, day), case_of(agreement)
    old = next(debt for debt in case["debts"] if debt["id"] == agreement.debt)
    debt = _debt(agreement, old, balance)
    kept = {k: v for k, v in case.items() if k not in ("debts", "questions", "incomplete")}
    asked = {"debt": agreement.debt, "text": question}
    missing = len(case["debts"]) > 1 or case.get("incomplete", False)
    return {
        **kept,
        "as_of": day.isoformat(),
        "debts": [debt],
        "questions": [asked],
        **({"incomplete": True} if missing else {}),
    }


def _debt(agreement: Agreement, old: Mapping[str, Any], balance: Balance) -> dict[str, Any]:
    ledger, e, day = ledger_of(agreement), agreement.exponent, balance.day
    late = [f for f in ledger.rows if f.missing and f.row.due < day]
    debt = {key: value for key, value in old.items() if key not in _OF_CONTRACT}
    debt |= {name: major(getattr(balance.parts, name), e) for name in PARTS}
    debt |= _rates(agreed_terms(agreement), day)
    debt["allocation"] = list(agreement.allocation)
    debt["payments"] = [*old.get("payments", ()), *_payments(agreement)]
    made = [one["date"] for one in debt["payments"]]
    debt |= {"last_payment": max(made)} if made else {}
    if late:
        arrears = asdict(_arrears(late, balance.parts))
        debt["arrears"] = {name: major(amount, e) for name, amount in arrears.items()}
        debt["days_past_due"] = (day - late[0].row.due).days
    return debt | _to_come(ledger, day, e)


def _payments(agreement: Agreement) -> list[dict[str, str]]:
    e = agreement.exponent
    return [
        {"date": p.paid_on.isoformat(), "amount": major(p.amount, e)} for p in agreement.payments
    ]


def _arrears(late: list[Filled], owed: Amounts) -> Amounts:
    """Add up what is missing of instalments due, within what is owed of each component.

    What payments have covered of a component ahead of the schedule is missing of another.
    """
    rest = sum(f.missing for f in late)
    parts = dict.fromkeys(PARTS, 0)
    for name in PARTS:
        missing = sum(getattr(f.row.parts, name) - getattr(f.parts, name) for f in late)
        parts[name] = min(missing, getattr(owed, name), rest)
        rest -= parts[name]
    for name in PARTS:
        more = min(getattr(owed, name) - parts[name], rest)
        parts[name] += more
        rest -= more
    return Amounts(**parts)


def _to_come(ledger: Ledger, day: date, exponent: int) -> dict[str, Any]:
    """Give the instalments agreed that are still to come."""
    rows = [f for f in ledger.rows if f.missing and f.row.due >= day]
    if not rows:
        return {}
    listed = [{"due": f.row.due.isoformat(), "amount": major(f.missing, exponent)} for f in rows]
    return {"instalments": listed, "method": "custom"}


def _rates(terms: Terms, day: date) -> dict[str, Any]:
    """Write the agreed rate of a day, and its later changes, as a debt has them."""
    today = day.toordinal()
    now, later = terms.curve[0], dict[int, RateColumn]()
    for segment in terms.curve[1:]:
        start = int(np.ravel(segment.start)[0])
        if start <= today:
            now = segment
        else:
            # of two segments that start on one day the second has no length before it
            later[start] = segment.rate
    # a segment starts at the end of a day, a change at the beginning of the next
    changes = [
        {"from": (date.fromordinal(start) + timedelta(days=1)).isoformat(), "rate": _rate(rate)}
        for start, rate in sorted(later.items())
    ]
    return {"rate": _rate(now.rate)} | ({"rate_changes": changes} if changes else {})


def _rate(rate: RateColumn) -> str:
    """Write a rate in percent; to 16 decimals, which is as far as a case can say."""
    exact = Fraction(int(np.ravel(rate.num)[0]), int(rate.den))
    scaled = round(exact * 10**18)
    digits = f"{scaled // 10**16}.{scaled % 10**16:016d}".rstrip("0").rstrip(".")
    return f"{digits}%/day" if rate.daily else f"{digits}%"
