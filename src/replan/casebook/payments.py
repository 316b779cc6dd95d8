"""Payments: recorded once, and set against the instalments that were agreed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from replan.decide.evaluate import PARTS
from replan.engine.terms import Order
from replan.errors import UsageError

from .agreements import Agreement, Amounts, Instalment, Payment
from .entries import insert, new_uid, short

MOST = 10**15
"""Minor units of the largest payment; sums stay far within 64 bits."""


def pay(  # noqa: PLR0913 - what a payment is, by keyword
    book: sqlite3.Connection,
    agreement: int,
    amount: int,
    *,
    on: date,
    reference: str = "",
    again: bool = False,
    now: str,
) -> int | None:
    """Record a payment in minor units; give its number, or None if it is there already.

    The same day, amount and reference are the same payment unless `again`; so are one recorded by
    hand without a reference, or with one that stands in a statement's text, and that statement's.
    To be called while writing.
    Raises UsageError for an amount that is none.
    """
    if not 0 < amount <= MOST:
        raise UsageError("A payment is more than nothing. Correct the amount.")
    reference = short(reference)
    if not again and _is_known(book, agreement, amount, on, reference):
        return None
    values = {"uid": new_uid(), "agreement": agreement, "paid_on": on.isoformat()}
    values |= {"amount": amount, "reference": reference, "recorded": now}
    return insert(book, "payments", values)


def _is_known(
    book: sqlite3.Connection, agreement: int, amount: int, on: date, reference: str
) -> bool:
    """Tell whether a payment stands there; one without a reference takes that of the statement."""
    same = _recorded(book, agreement, amount, on)
    # by hand a part of what the statement says is enough as well
    for fits in (*_TWINS, _named_by):
        twin = next((n for n, known in same if fits(known, reference)), None)
        if twin is not None:
            _complete(book, twin, reference)
            return True
    return False


def _named_by(known: str, text: str) -> bool:
    return not text or _names(text, known)


def _names(known: str, text: str) -> bool:
    """Tell whether a text holds a reference that is known, as words of its own."""
    return re.search(rf"(?<!\w){re.escape(known)}(?!\w)", text) is not None


_TWINS: tuple[Callable[[str, str], bool], ...] = (
    lambda known, text: known == text,
    lambda known, _: not known,
    _names,
)
"""When a payment on record is that of a text, the surest first: the same, none, a part of it."""


def _recorded(
    book: sqlite3.Connection, agreement: int, amount: int, on: date
) -> list[tuple[int, str]]:
    """List the payments of a day and amount with their references."""
    rows = book.execute(
        "SELECT id, reference FROM payments WHERE agreement = ? AND amount = ? AND paid_on = ?"
        " ORDER BY id",
        (agreement, amount, on.isoformat()),
    )
    return [(row["id"], row["reference"]) for row in rows]


def _removed(
    book: sqlite3.Connection, agreement: int, amount: int, on: date
) -> list[tuple[int, str]]:
    """List those that were taken back, under numbers that no payment has."""
    rows = book.execute(
        "SELECT -id AS id, reference FROM removals"
        " WHERE agreement = ? AND amount = ? AND paid_on = ? ORDER BY id",
        (agreement, amount, on.isoformat()),
    )
    return [(row["id"], row["reference"]) for row in rows]


def _complete(book: sqlite3.Connection, payment: int, reference: str) -> None:
    """Give a payment without a reference that of the statement."""
    book.execute(
        "UPDATE payments SET reference = ? WHERE id = ? AND reference = ''", (reference, payment)
    )


def pay_lines(
    book: sqlite3.Connection, lines: Iterable[tuple[int, int, date, str]], *, now: str
) -> list[bool]:
    """Record the lines of a statement, each (agreement, amount, day, text); tell which are new.

    A line that stands twice in the statement is two payments, and reading the statement again, or
    one that overlaps with it, changes nothing: each payment on record answers to one line at most,
    and so does one that was taken back. To be called while writing.
    """
    listed = [(*line[:3], short(line[3])) for line in lines]
    answers: dict[int, int] = {}
    used: set[int] = set()
    for fits in _TWINS:
        for n, (agreement, amount, on, text) in enumerate(listed):
            if n in answers:
                continue
            what = (book, agreement, amount, on)
            known = [*_recorded(*what), *_removed(*what)]
            twin = next((p for p, said in known if p not in used and fits(said, text)), None)
            if twin is not None:
                answers[n] = twin
                used.add(twin)
                _complete(book, twin, text)
    for n, (agreement, amount, on, text) in enumerate(listed):
        if n not in answers:
            pay(book, agreement, amount, on=on, reference=text, again=True, now=now)
    return [n not in answers for n in range(len(listed))]


def remove_payment(book: sqlite3.Connection, agreement: int, payment: int, *, now: str) -> None:
    """Take back a payment that was recorded by mistake, or came back; UsageError if there is none.

    The line of a statement that it stands for is known from then on.
    """
    book.execute(
        "INSERT INTO removals (uid, agreement, paid_on, amount, reference, recorded)"
        " SELECT uid, agreement, paid_on, amount, reference, ? FROM payments"
        " WHERE id = ? AND agreement = ?",
        (now, payment, agreement),
    )
    done = book.execute("DELETE FROM payments WHERE id = ? AND agreement = ?", (payment, agreement))
    if not done.rowcount:
        raise UsageError(
            "The agreement has no payment of that number. replan track status lists them."
        )


@dataclass(frozen=True, slots=True)
class Set:
    """A part of a payment, set against one instalment and its components."""

    payment: Payment
    n: int
    parts: Amounts


@dataclass(slots=True)
class Filled:
    """An instalment, what has been paid of it, and the day on which it was paid in full.

    Until `last_day`, the due date or some days of grace after it, a payment is in time.
    """

    row: Instalment
    last_day: date
    parts: Amounts = field(default_factory=Amounts)
    full_on: date | None = None

    @property
    def paid(self) -> int:
        """Give what has been paid of it."""
        return self.parts.total

    @property
    def missing(self) -> int:
        """Give what has not."""
        return self.row.payment - self.paid


@dataclass(frozen=True, slots=True)
class Ledger:
    """Payments set against instalments: `beyond` is what exceeds all that was agreed."""

    rows: tuple[Filled, ...]
    sets: tuple[Set, ...]
    beyond: int

    @property
    def paid(self) -> int:
        """Add up what was set against instalments."""
        return sum(filled.paid for filled in self.rows)

    @property
    def remaining(self) -> int:
        """Add up what has still to be paid as agreed."""
        return sum(filled.missing for filled in self.rows)

    def overdue(self, today: date) -> list[Filled]:
        """List the instalments not paid in full whose last day in time lies before a day."""
        return [f for f in self.rows if f.missing and f.last_day < today]


def ledger_of(agreement: Agreement) -> Ledger:
    """Set payments against the instalments, the oldest first.

    Inside an instalment a payment covers the components in the debt's order. Paid ahead counts for
    the next instalments; what exceeds them all is kept apart.
    """
    grace = timedelta(days=agreement.grace)
    rows = tuple(Filled(row, row.due + grace) for row in agreement.rows if row.payment)
    sets: list[Set] = []
    rest = 0
    open_rows = list(rows)
    for payment in agreement.payments:
        rest = payment.amount + (0 if open_rows else rest)
        while rest and open_rows:
            filled = open_rows[0]
            part = _covered(filled, rest, agreement.allocation)
            rest -= part.total
            filled.parts = filled.parts + part
            sets.append(Set(payment, filled.row.n, part))
            if not filled.missing:
                filled.full_on = payment.paid_on
                open_rows.pop(0)
    return Ledger(rows, tuple(sets), rest)


def _covered(filled: Filled, amount: int, order: Order) -> Amounts:
    """Say which components of an instalment an amount covers, as far as it goes."""
    parts = dict.fromkeys(PARTS, 0)
    for name in order:
        owed = getattr(filled.row.parts, name) - getattr(filled.parts, name)
        parts[name] = min(owed, amount)
        amount -= parts[name]
    return Amounts(**parts)


def parts_of(payment: Payment, sets: Iterable[Set]) -> Amounts:
    """Add up what a payment covered of each component."""
    return sum((s.parts for s in sets if s.payment.id == payment.id), start=Amounts())


def rows_of(payment: Payment, sets: Sequence[Set]) -> list[int]:
    """List the instalments that a payment went to."""
    return [s.n for s in sets if s.payment.id == payment.id]
