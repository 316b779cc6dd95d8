"""Agreements: a plan that a creditor has accepted, kept with its case, its rows and conditions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal, cast

from replan.decide.asks import asks_of
from replan.decide.evaluate import PARTS, Evaluated, Row
from replan.decide.show import Shown
from replan.engine.terms import Order
from replan.errors import UsageError
from replan.model.case import Case
from replan.strategies.notation import Plan

from .entries import client_number, insert, new_uid, short
from .store import snapshot

Confirmed = Literal["letter", "recording", "app", "none"]


@dataclass(frozen=True, slots=True)
class Amounts:
    """One amount for each component, in minor units."""

    principal: int = 0
    interest: int = 0
    penalty: int = 0
    fees: int = 0

    @property
    def total(self) -> int:
        """Add them up."""
        return self.principal + self.interest + self.penalty + self.fees

    def __add__(self, other: Amounts) -> Amounts:
        """Add component by component."""
        return Amounts(*(getattr(self, c) + getattr(other, c) for c in PARTS))


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row as agreed, in minor units.

    `parts` make up the payment; `left` is owed after it, what a condition may still waive
    included. Interest has accrued `until` a day; `bearing` is the principal that bore it.
    """

    n: int
    due: date
    until: date
    parts: Amounts
    left: Amounts
    fees_accrued: int
    bearing: int

    @property
    def payment(self) -> int:
        """Give what is to be paid."""
        return self.parts.total


@dataclass(frozen=True, slots=True)
class Condition:
    """What is waived after so many payments on time; 0 payments: on completion."""

    payments: int
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that was made, in minor units."""

    id: int
    paid_on: date
    amount: int
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An accepted plan for one debt of one client, with what has been paid on it.

    Payments stand in the order of their dates, then of their recording. `grace` is the number of
    days after a due date on which a payment is still in time. `ended_on` is the day on which a new
    plan took its place.
    """

    id: int
    uid: str
    client: str
    case: str
    debt: str
    creditor: str
    account: str
    plan: str
    currency: str
    exponent: int
    as_of: date
    allocation: Order
    asks: tuple[Mapping[str, Any], ...]
    agreed_on: date
    agreed_with: str
    confirmed: Confirmed
    document: str
    digest: str
    grace: int
    ended_on: date | None
    recorded: str
    rows: tuple[Instalment, ...]
    conditions: tuple[Condition, ...]
    payments: tuple[Payment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Who agreed and when, and how it was confirmed: by which document, its name and SHA-256.

    `grace`: how many days after a due date a payment is still in time.
    """

    on: date
    by: str = ""
    confirmed: Confirmed = "none"
    document: str = ""
    digest: str = ""
    grace: int = 0


def agree(
    book: sqlite3.Connection, shown: Shown, *, client: str, consent: Consent, now: str
) -> list[int]:
    """Keep a plan that was accepted: an agreement for the debt shown, or for each it changes.

    Gives the agreements' numbers. `now` is the time of recording (ISO 8601). To be called while
    writing. Raises UsageError if the plan changes no debt or asks for no payment.
    """
    agreed = [found for found, _ in shown.debts if shown.debt or found.steps]
    if not agreed and len(shown.debts) == 1:
        agreed = [shown.debts[0][0]]
    if not agreed:
        raise UsageError("The plan changes no debt. Name the debt that was agreed on: --debt ID")
    if not all(any(row.payment for row in found.rows) for found in agreed):
        raise UsageError("The plan asks for no payment: there is nothing to follow.")
    owner = client_number(book, client, made=True)
    content = json.dumps(case_form(shown.case), ensure_ascii=False, sort_keys=True)
    source = book.execute(
        "INSERT INTO cases (uid, client, content) VALUES (?, ?, ?)", (new_uid(), owner, content)
    ).lastrowid
    head = {"client": owner, "source": source, "currency": shown.case.currency}
    head |= {"as_of": shown.case.as_of.isoformat(), "recorded": now}
    head |= _consent(consent)
    return [_insert(book, found, head | {"plan": _own(shown.plan, found)}) for found in agreed]


def _own(plan: Plan, found: Evaluated) -> str:
    """Give what a plan says of one debt; all of it where the debts share an amount."""
    steps = plan.steps_for(found.debt.id, usual=True)
    if plan.household or not plan.ids or steps is None:
        return str(plan)
    return str(Plan((((found.debt.id,), steps),)))


def case_form(case: Case) -> dict[str, Any]:
    """Give a case as its file would have it: amounts as texts, exact."""
    return case.model_dump(mode="json", by_alias=True, exclude_none=True)


def _consent(consent: Consent) -> dict[str, str | int]:
    return {
        "agreed_on": consent.on.isoformat(),
        "agreed_with": short(consent.by),
        "confirmed": consent.confirmed,
        "document": short(consent.document),
        "digest": consent.digest,
        "grace": consent.grace,
    }


def _insert(book: sqlite3.Connection, found: Evaluated, head: Mapping[str, Any]) -> int:
    asks = [
        {"code": ask.code, "text": ask.text, "values": dict(ask.values)}
        for _, ask in asks_of(found, str(head["currency"]))
    ]
    values = {
        **head,
        "uid": new_uid(),
        "debt": found.debt.id,
        "creditor": short(found.debt.creditor),
        "account": short(found.debt.account or ""),
        "exponent": found.terms.exponent,
        "allocation": json.dumps(list(found.terms.order)),
        "asks": json.dumps(asks, ensure_ascii=False, default=str),
    }
    number = insert(book, "agreements", values)
    for row in agreed_rows(found):
        insert(book, "instalments", {"agreement": number, **row_columns(row)})
    for n, condition in enumerate(_conditions(found)):
        amounts = asdict(condition.amounts)
        kept = {"agreement": number, "n": n, "payments": condition.payments, **amounts}
        insert(book, "conditions", kept)
    return number


def agreed_rows(found: Evaluated) -> Iterator[Instalment]:
    """Give the rows of a plan with what is left of each component after each."""
    terms = found.terms
    held = [promise.amounts for promise in terms.promises]
    left = {c: int(getattr(terms.owed, c)[0]) for c in PARTS}
    left = {c: left[c] + sum(int(getattr(p, c)[0]) for p in held) for c in PARTS}
    left["principal"] += int(terms.forborne[0])
    left["interest"] += int(found.schedule.zero.accrued[found.index])
    for row in found.rows:
        if row.n:
            left = {c: left[c] + row.accrued.get(c, 0) - row.waived.get(c, 0) for c in PARTS}
            left["principal"] += row.capitalised
            left["interest"] -= row.capitalised
        left = {c: left[c] - getattr(row, c) for c in PARTS}
        yield _instalment(row, found, Amounts(**left))


def _instalment(row: Row, found: Evaluated, left: Amounts) -> Instalment:
    until = found.terms.as_of if not row.n else int(found.terms.calendar.due[row.n - 1, 0])
    return Instalment(
        row.n,
        row.due,
        date.fromordinal(until),
        Amounts(row.principal, row.interest, row.penalty, row.fees),
        left,
        row.accrued.get("fees", 0) if row.n else 0,
        row.bearing,
    )


def row_columns(row: Instalment) -> dict[str, Any]:
    """Give a row as the table has it."""
    return {
        "n": row.n,
        "due": row.due.isoformat(),
        "until": row.until.isoformat(),
        "payment": row.payment,
        **asdict(row.parts),
        **{f"{name}_left": amount for name, amount in asdict(row.left).items()},
        "fees_accrued": row.fees_accrued,
        "bearing": row.bearing,
    }


def _conditions(found: Evaluated) -> Iterator[Condition]:
    for promise in found.terms.promises:
        amounts = Amounts(*(int(getattr(promise.amounts, c)[0]) for c in PARTS))
        if amounts.total:
            yield Condition(promise.after, amounts)


def paid_until(agreement: Agreement, day: date) -> Agreement:
    """Give an agreement as it stood at the end of a day: without later payments."""
    made = tuple(payment for payment in agreement.payments if payment.paid_on <= day)
    return replace(agreement, payments=made)


_READ = """
SELECT a.*, c.name AS name, s.content AS content FROM agreements a
JOIN clients c ON c.id = a.client JOIN cases s ON s.id = a.source
"""


def read_agreement(book: sqlite3.Connection, number: int) -> Agreement:
    """Return one agreement; UsageError if there is none of that number."""
    with snapshot(book):
        found = book.execute(f"{_READ} WHERE a.id = ?", (number,)).fetchone()
        if found:
            return _agreement(book, found)
    raise UsageError(
        "There is no agreement of that number. replan track status lists their numbers."
    )


def read_agreements(book: sqlite3.Connection, client: str | None = None) -> list[Agreement]:
    """Return the agreements of a client, or of all, by name and number."""
    with snapshot(book):
        number = None if client is None else client_number(book, client)
        chosen = book.execute(
            f"{_READ} WHERE ?1 IS NULL OR a.client = ?1 ORDER BY c.name, a.id", (number,)
        ).fetchall()
        return [_agreement(book, one) for one in chosen]


def _agreement(book: sqlite3.Connection, found: sqlite3.Row) -> Agreement:
    number = (found["id"],)
    rows = book.execute("SELECT * FROM instalments WHERE agreement = ? ORDER BY n", number)
    conditions = book.execute("SELECT * FROM conditions WHERE agreement = ? ORDER BY n", number)
    payments = book.execute(
        "SELECT * FROM payments WHERE agreement = ? ORDER BY paid_on, id", number
    )
    texts = ("uid", "debt", "creditor", "account", "plan", "currency", "agreed_with")
    ended = found["ended_on"]
    return Agreement(
        **{name: found[name] for name in (*texts, "document", "digest", "recorded", "id")},
        client=found["name"],
        case=found["content"],
        exponent=found["exponent"],
        grace=found["grace"],
        as_of=date.fromisoformat(found["as_of"]),
        allocation=cast("Order", tuple(json.loads(found["allocation"]))),
        asks=tuple(json.loads(found["asks"])),
        agreed_on=date.fromisoformat(found["agreed_on"]),
        confirmed=found["confirmed"],
        ended_on=None if ended is None else date.fromisoformat(ended),
        rows=tuple(map(_row, rows)),
        conditions=tuple(Condition(c["payments"], _amounts(c)) for c in conditions),
        payments=tuple(_payments(payments)),
    )


def _row(row: sqlite3.Row) -> Instalment:
    left = Amounts(*(row[f"{name}_left"] for name in PARTS))
    due, until = (date.fromisoformat(row[name]) for name in ("due", "until"))
    return Instalment(
        row["n"], due, until, _amounts(row), left, row["fees_accrued"], row["bearing"]
    )


def _amounts(row: sqlite3.Row) -> Amounts:
    return Amounts(*(row[name] for name in PARTS))


def _payments(rows: Iterable[sqlite3.Row]) -> Iterator[Payment]:
    for row in rows:
        yield Payment(
            row["id"], date.fromisoformat(row["paid_on"]), row["amount"], row["reference"]
        )


def standing_beside(
    book: sqlite3.Connection, agreements: Iterable[Agreement]
) -> dict[int, list[int]]:
    """Tell which older agreements on the same debt of the same client have not been replaced."""
    found = {}
    for one in agreements:
        older = book.execute(
            "SELECT a.id FROM agreements a JOIN clients c ON c.id = a.client WHERE a.debt = ?"
            " AND c.name = ? AND a.id < ? AND a.ended_on IS NULL ORDER BY a.id",
            (one.debt, one.client, one.id),
        )
        found[one.id] = [int(row["id"]) for row in older]
    return {new: old for new, old in found.items() if old}


def replace_agreement(book: sqlite3.Connection, old: Agreement, new: Agreement, day: date) -> None:
    """Note that a new plan has taken an agreement's place from a day on.

    Raises UsageError if they are not of one client: a mistyped number must not end another's.
    """
    if old.client != new.client or old.id == new.id:
        raise UsageError(
            "The agreement to be replaced is of another client, or is the new one."
            " Correct --replaces; nothing was recorded."
        )
    book.execute("UPDATE agreements SET ended_on = ? WHERE id = ?", (day.isoformat(), old.id))
