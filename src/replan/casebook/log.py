"""The log: contacts from creditors, rounds of a negotiation, and all of a client in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from replan.decide.evaluate import major

from .agreements import Agreement, read_agreements
from .conduct import Contact, conduct_of
from .entries import client_number, insert, new_uid, short
from .payments import ledger_of, parts_of, rows_of
from .status import amounts
from .store import snapshot

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One round of a negotiation: whose offer, its plan or words, and what was answered."""

    made_on: date
    side: Literal["ours", "theirs"]
    terms: str
    answer: str = ""
    debt: str = ""


def record_contact(
    book: sqlite3.Connection, client: str, contact: Contact, *, zone: str, now: str
) -> int:
    """Keep a contact; `zone` is the zone as it was named. To be called while writing."""
    values = {
        "uid": new_uid(),
        "client": client_number(book, client, made=True),
        "at": contact.at.isoformat(timespec="minutes"),
        "zone": short(zone),
        "channel": contact.channel,
        "outcome": contact.outcome,
        "caller": short(contact.caller),
        "role": contact.role,
        "number": short(contact.number),
        "recipient": contact.recipient,
        "debt": short(contact.debt),
        "jurisdiction": short(contact.jurisdiction),
        "said": short(contact.said),
        "recorded": now,
    }
    return insert(book, "contacts", values)


def read_contacts(book: sqlite3.Connection, client: str) -> list[Contact]:
    """Return a client's contacts in the order of their times."""
    rows = book.execute(
        "SELECT * FROM contacts WHERE client = ? ORDER BY at, id", (client_number(book, client),)
    )
    names = ("channel", "outcome", "role", "caller", "number", "recipient", "debt", "said", "id")
    return [
        Contact(
            at=datetime.fromisoformat(row["at"]),
            jurisdiction=row["jurisdiction"],
            **{name: row[name] for name in names},
        )
        for row in rows
    ]


def record_offer(book: sqlite3.Connection, client: str, offer: Offer, *, now: str) -> int:
    """Keep a round of a negotiation. To be called while writing."""
    values = {
        "uid": new_uid(),
        "client": client_number(book, client, made=True),
        "made_on": offer.made_on.isoformat(),
        "side": offer.side,
        "debt": short(offer.debt),
        "terms": short(offer.terms),
        "answer": short(offer.answer),
        "recorded": now,
    }
    return insert(book, "offers", values)


def contact_entry(contact: Contact, others: Iterable[Contact]) -> Entry:
    """Give a contact's JSON form with what the rules on conduct say of it."""
    return {
        "kind": "contact",
        "date": contact.at.date().isoformat(),
        "at": contact.at.isoformat(timespec="minutes"),
        "id": contact.id,
        "channel": contact.channel,
        "outcome": contact.outcome,
        "caller": contact.caller,
        "role": contact.role,
        "number": contact.number,
        "recipient": contact.recipient,
        "debt": contact.debt,
        "said": contact.said,
        "conduct": conduct_of(contact, others),
    }


def history_of(book: sqlite3.Connection, client: str) -> Entry:
    """Return the JSON form of everything that a client's file holds, in the order of the days."""
    with snapshot(book):
        number = client_number(book, client)
        name = book.execute("SELECT name FROM clients WHERE id = ?", (number,)).fetchone()["name"]
        entries = [
            *_contacts(read_contacts(book, client)),
            *_offers(book, number),
            *(entry for one in read_agreements(book, client) for entry in _agreed(one)),
        ]
    entries.sort(key=lambda entry: (entry["date"], entry["kind"] != "contact"))
    return {"replan": 1, "client": name, "entries": entries}


def _contacts(contacts: list[Contact]) -> Iterator[Entry]:
    for contact in contacts:
        yield contact_entry(contact, contacts)


def _offers(book: sqlite3.Connection, client: int) -> Iterator[Entry]:
    rows = book.execute("SELECT * FROM offers WHERE client = ? ORDER BY made_on, id", (client,))
    for row in rows:
        names = ("id", "side", "debt", "terms", "answer")
        yield {"kind": "offer", "date": row["made_on"]} | {name: row[name] for name in names}


def _agreed(agreement: Agreement) -> Iterator[Entry]:
    """Yield an agreement, its payments, and its end if another plan took its place."""
    number, e = {"agreement": agreement.id, "debt": agreement.debt}, agreement.exponent
    yield {
        "kind": "agreement",
        "date": agreement.agreed_on.isoformat(),
        **number,
        "creditor": agreement.creditor,
        "plan": agreement.plan,
        "confirmed": agreement.confirmed,
        "agreed_with": agreement.agreed_with,
        "document": agreement.document,
        "sha256": agreement.digest,
    }
    sets = ledger_of(agreement).sets
    for payment in agreement.payments:
        yield {
            "kind": "payment",
            "date": payment.paid_on.isoformat(),
            **number,
            "id": payment.id,
            "amount": major(payment.amount, e),
            "currency": agreement.currency,
            "reference": payment.reference,
            "instalments": rows_of(payment, sets),
            "parts": amounts(parts_of(payment, sets), e),
        }
    if agreement.ended_on is not None:
        yield {"kind": "replaced", "date": agreement.ended_on.isoformat(), **number}
