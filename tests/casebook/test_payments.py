"""Payments: recorded once, and set against instalments to the last minor unit."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.samples import NOW, book_with, paid
from replan.casebook.agreements import Agreement, Payment, read_agreement
from replan.casebook.payments import ledger_of, parts_of, pay, pay_lines, remove_payment
from replan.casebook.store import writing
from replan.errors import UsageError

DAY = date(2026, 12, 10)
MADE = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 700_000)), max_size=20)


@cache
def agreed(plan: str) -> Agreement:
    """Return an agreement without payments."""
    with tempfile.TemporaryDirectory() as folder, book_with(Path(folder), plan) as (_, [found]):
        return found


def with_payments(found: Agreement, made: list[tuple[int, int]]) -> Agreement:
    """Return an agreement with payments so many days after its date."""
    days = sorted(made)
    listed = [Payment(n, DAY + timedelta(days=d), a) for n, (d, a) in enumerate(days)]
    return replace(found, payments=tuple(listed))


@given(MADE, st.sampled_from(["split 12", "defer 3 + split 12", "down 1000 + split 6"]))
def test_what_is_set_and_what_is_beyond_add_up_to_what_was_paid(
    made: list[tuple[int, int]], plan: str
) -> None:
    """No minor unit is lost or made, in all and for each payment and instalment."""
    found = with_payments(agreed(plan), made)
    ledger = ledger_of(found)

    assert sum(p.amount for p in found.payments) == ledger.paid + ledger.beyond
    assert ledger.paid == sum(s.parts.total for s in ledger.sets)
    assert sum(r.payment for r in found.rows) == ledger.paid + ledger.remaining
    assert all(0 <= f.paid <= f.row.payment for f in ledger.rows)
    for payment in found.payments:
        assert parts_of(payment, ledger.sets).total <= payment.amount


@given(MADE)
def test_an_instalment_is_begun_once_those_before_it_are_paid(made: list[tuple[int, int]]) -> None:
    """The oldest comes first."""
    ledger = ledger_of(with_payments(agreed("split 12"), made))
    begun = [f.paid for f in ledger.rows if f.paid]

    assert [f.row.payment for f in ledger.rows[: len(begun)]][:-1] == begun[:-1]
    assert all(not f.paid for f in ledger.rows[len(begun) :])


def test_a_part_covers_the_components_in_the_debts_order(tmp_path: Path) -> None:
    """Of 450 in charges a twelfth is due, 37.50: the fees of 30 first, then interest."""
    with book_with(tmp_path, "split 12") as (book, [found]):
        due = found.rows[1].parts
        [covered] = ledger_of(paid(book, found, ("2026-12-10", 3000 + 100))).sets

    assert ("fees", "interest", "penalty", "principal") == found.allocation
    assert (3000, 0) == (due.fees, due.penalty)
    assert (3000, 100, 0, 0) == tuple(getattr(covered.parts, name) for name in found.allocation)


def test_the_same_payment_is_recorded_once(tmp_path: Path) -> None:
    """Unless it is said to be another; the bank's line adds its text to one made by hand."""
    with book_with(tmp_path, "split 12") as (book, [found]), writing(book):
        by_hand = pay(book, found.id, 5000, on=DAY, now=NOW)
        twice = pay(book, found.id, 5000, on=DAY, now=NOW)
        line = pay(book, found.id, 5000, on=DAY, reference="T1", now=NOW)
        again = pay(book, found.id, 5000, on=DAY, reference="T1", again=True, now=NOW)
        texts = [p.reference for p in read_agreement(book, found.id).payments]

    assert by_hand
    assert (None, None) == (twice, line)
    assert again
    assert ["T1", "T1"] == texts


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from("ab")), max_size=9))
def test_reading_a_statement_again_changes_nothing(lines: list[tuple[int, int, str]]) -> None:
    """Every line is a payment once, lines that stand twice are two."""
    with tempfile.TemporaryDirectory() as folder, book_with(Path(folder), "split 6") as opened:
        book, [found] = opened
        given_ = [(found.id, amount, DAY + timedelta(days=d), text) for d, amount, text in lines]
        with writing(book):
            first = pay_lines(book, given_, now=NOW)
            second = pay_lines(book, given_, now=NOW)
        kept = read_agreement(book, found.id).payments

    assert [True] * len(lines) == first
    assert [False] * len(lines) == second
    assert sorted((p.amount, p.reference) for p in kept) == sorted((a, t) for _, a, t in lines)


@pytest.mark.parametrize(
    ("by_hand", "lines", "new"),
    [
        (["", ""], ["DD RIVER", "DD RIVER"], [False, False]),
        (["BACS9"], ["RIVER BANK BACS9 10DEC"], [False]),
        (["R1"], ["RIVER R12"], [True]),
        (["", "BACS9"], ["RIVER", "RIVER BACS9", "RIVER"], [False, False, True]),
    ],
)
def test_each_payment_by_hand_answers_to_one_line(
    by_hand: list[str], lines: list[str], new: list[bool], tmp_path: Path
) -> None:
    """A line whose text holds the reference is that payment; none is counted twice."""
    with book_with(tmp_path, "split 12") as (book, [found]), writing(book):
        for reference in by_hand:
            pay(book, found.id, 5000, on=DAY, reference=reference, again=True, now=NOW)
        first = pay_lines(book, [(found.id, 5000, DAY, text) for text in lines], now=NOW)
        again = pay_lines(book, [(found.id, 5000, DAY, text) for text in lines], now=NOW)

    assert (new, [False] * len(lines)) == (first, again)


@pytest.mark.parametrize(("expected", "reference"), [(True, ""), (True, "BACS9"), (False, "R1")])
def test_a_payment_of_a_statement_is_known_by_hand(
    expected: object, reference: str, tmp_path: Path
) -> None:
    """Without a reference, or with one that stands in the statement's text."""
    with book_with(tmp_path, "split 12") as (book, [found]), writing(book):
        pay_lines(book, [(found.id, 5000, DAY, "RIVER BACS9")], now=NOW)
        number = pay(book, found.id, 5000, on=DAY, reference=reference, now=NOW)

    assert expected == (number is None)


def test_a_payment_recorded_by_mistake_is_taken_back(tmp_path: Path) -> None:
    """Only by the agreement it belongs to."""
    with book_with(tmp_path, "split 12", "split 6") as (book, [one, two]), writing(book):
        number = pay(book, one.id, 5000, on=DAY, now=NOW) or 0
        with pytest.raises(UsageError, match="no payment of that number"):
            remove_payment(book, two.id, number, now=NOW)
        remove_payment(book, one.id, number, now=NOW)

        assert () == read_agreement(book, one.id).payments


def test_a_payment_that_was_taken_back_stays_away(tmp_path: Path) -> None:
    """It came back to the account; the next statement still has the line. By hand it is new."""
    with book_with(tmp_path, "split 12") as (book, [found]), writing(book):
        lines = [(found.id, 5000, DAY, "RIVER DD")] * 2
        pay_lines(book, lines, now=NOW)
        first = read_agreement(book, found.id).payments[0].id
        remove_payment(book, found.id, first, now=NOW)
        again = pay_lines(book, lines, now=NOW)
        left = len(read_agreement(book, found.id).payments)

        assert ([False, False], 1) == (again, left)
        assert pay(book, found.id, 5000, on=DAY, reference="by hand", now=NOW)


@pytest.mark.parametrize("amount", [0, -1, 10**18])
def test_an_amount_that_is_none_is_refused(amount: int, tmp_path: Path) -> None:
    """Nothing is no payment, and neither is more than there is."""
    with book_with(tmp_path, "split 12") as (book, [found]), pytest.raises(UsageError):
        pay(book, found.id, amount, on=DAY, now=NOW)
