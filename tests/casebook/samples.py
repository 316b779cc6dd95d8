"""A casebook in a folder of the test, and agreements to put into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import replan
from replan.casebook.agreements import Agreement, Consent, agree, read_agreement
from replan.casebook.payments import pay
from replan.casebook.store import open_book, writing

NOW = "2026-11-21T08:00:00+00:00"
AGREED = date(2026, 11, 22)


def case_of(**debt: Any) -> replan.Case:
    """Return a case of one card: 10,000 at 12 % with charges, unless *debt* says otherwise."""
    card = {"id": "card", "creditor": "River Bank", "account": "6222-0471", "rate": "12%"}
    card |= {"principal": "10000.00", "interest": "300.00", "penalty": "120.00", "fees": "30.00"}
    raw = {"as_of": "2026-11-21", "currency": "CNY", "jurisdiction": "CN"}
    loaded = replan.load({**raw, "debts": [{**card, "next_due": "2026-12-10", **debt}]})
    return loaded.cases[0]


@contextmanager
def book_with(
    folder: Path, *plans: str, client: str = "A", case: replan.Case | None = None
) -> Iterator[tuple[sqlite3.Connection, list[Agreement]]]:
    """Open a book that holds an agreement for each plan."""
    with open_book(folder / "book.sqlite3") as book:
        found = [add(book, plan, client=client, case=case) for plan in plans]
        yield book, found


def add(
    book: sqlite3.Connection, plan: str, *, client: str = "A", case: replan.Case | None = None
) -> Agreement:
    """Record a plan on the only debt of a case."""
    shown = replan.show(case or case_of(), plan)
    with writing(book):
        consent = Consent(on=AGREED, by="Ms Liu", confirmed="letter")
        [number] = agree(book, shown, client=client, consent=consent, now=NOW)
    return read_agreement(book, number)


def paid(book: sqlite3.Connection, agreement: Agreement, *made: tuple[str, int]) -> Agreement:
    """Record payments, each a day and minor units, and return the agreement with them."""
    with writing(book):
        for day, amount in made:
            pay(book, agreement.id, amount, on=date.fromisoformat(day), again=True, now=NOW)
    return read_agreement(book, agreement.id)
