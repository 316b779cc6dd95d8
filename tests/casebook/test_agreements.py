"""Agreements: what was accepted is kept exactly, for whatever plan."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

import replan
from casebook.samples import AGREED, NOW, add, book_with, case_of, paid
from replan.casebook.agreements import (
    Consent,
    agree,
    agreed_rows,
    case_form,
    read_agreement,
    read_agreements,
    replace_agreement,
    standing_beside,
)
from replan.casebook.entries import client_number, has_client
from replan.casebook.payments import remove_payment
from replan.casebook.store import forget_client, open_book, writing
from replan.errors import UsageError
from strategies import samples
from strategies.plans import CHAINS


@given(CHAINS)
@settings(max_examples=60)
def test_components_add_up_to_the_balance_of_each_row(plan: str) -> None:
    """What is left of principal, interest, penalty and fees is what the schedule says is owed."""
    owed = {"interest": "30.00", "penalty": "17.77", "fees": "5.00"}
    try:
        found = samples.evaluated(plan, samples.case(**owed))
    except UsageError:
        assume(False)  # noqa: FBT003 - the plan does not read or does not apply
    kept = list(agreed_rows(found))

    assert [row.balance for row in found.rows] == [row.left.total for row in kept]
    assert [row.payment for row in found.rows] == [row.payment for row in kept]


def test_what_was_agreed_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Plan, dates, conditions, who agreed, and the case to its last digit."""
    case = case_of()
    with book_with(tmp_path, "waive penalty=100% when=on-time:3 + split 4", case=case) as opened:
        [found] = opened[1]

    assert case_form(case) == json.loads(found.case)
    assert ("card", "River Bank", "6222-0471") == (found.debt, found.creditor, found.account)
    assert ("Ms Liu", "letter", AGREED) == (found.agreed_with, found.confirmed, found.agreed_on)
    assert [(3, 12000)] == [(c.payments, c.amounts.total) for c in found.conditions]
    assert [date(2026, 12, 10), date(2027, 3, 10)] == [found.rows[n].due for n in (1, 4)]


def test_each_debt_that_a_plan_changes_is_an_agreement(tmp_path: Path) -> None:
    """A debt that keeps its contract is none; one that is named is the only one."""
    one = case_form(case_of())["debts"][0]
    debts = [one, {**one, "id": "b", "account": ""}, {**one, "id": "home", "secured": True}]
    case = replan.load({**case_form(case_of()), "debts": debts}).cases[0]
    consent = Consent(on=AGREED)
    with open_book(tmp_path / "book") as book, writing(book):
        both = agree(book, replan.show(case, "split 6"), client="A", consent=consent, now=NOW)
        shown = replan.show(case, "split 6", debt="b")
        single = agree(book, shown, client="A", consent=consent, now=NOW)
        names = [found.debt for found in read_agreements(book, "A")]

    assert (2, 1) == (len(both), len(single))
    assert ["card", "b", "b"] == names


@pytest.mark.parametrize(
    ("plan", "client", "message"),
    [("unpaid", "A", "no payment"), ("split 3", "", "Whose"), ("split 3", "\x1b[1m ", "Whose")],
)
def test_what_cannot_be_followed_is_refused(
    plan: str, client: str, message: str, tmp_path: Path
) -> None:
    """A plan without payments, and an agreement of nobody."""
    shown = replan.show(case_of(), plan)
    with open_book(tmp_path / "book") as book, pytest.raises(UsageError, match=message):
        agree(book, shown, client=client, consent=Consent(on=AGREED), now=NOW)


def test_an_older_agreement_on_the_same_debt_is_pointed_out(tmp_path: Path) -> None:
    """Unless the new one has taken its place, or it is another client's."""
    with book_with(tmp_path, "split 6", "split 4") as (book, [one, two]):
        before = standing_beside(book, [one, two])
        replace_agreement(book, one, two, AGREED)

        assert {two.id: [one.id]} == before
        assert {} == standing_beside(book, [one, two])
    with book_with(tmp_path, "split 6", client="B") as (book, found):
        assert {} == standing_beside(book, found)


def test_an_agreement_takes_the_place_of_none_of_another_client(tmp_path: Path) -> None:
    """A mistyped number is refused."""
    with book_with(tmp_path, "split 6") as (_, [one]):
        pass
    with book_with(tmp_path, "split 6", client="B") as (book, [two]):
        for old in (one, two):
            with pytest.raises(UsageError, match="another client, or is the new one"):
                replace_agreement(book, old, two, AGREED)

        assert [None, None] == [found.ended_on for found in read_agreements(book)]


def test_numbers_are_never_given_twice(tmp_path: Path) -> None:
    """Not after a client was forgotten, nor after a payment was taken back."""
    with book_with(tmp_path, "split 6") as (book, [one]):
        first = paid(book, one, ("2026-12-10", 5)).payments[0].id
        remove_payment(book, one.id, first, now=NOW)
        second = paid(book, one, ("2026-12-10", 5)).payments[0].id
        forget_client(book, client_number(book, "A"))
        two = add(book, "split 6", client="B")

    assert (first, one.id) < (second, two.id)
    assert (2, 2) == (second, two.id)


def test_of_a_plan_for_several_debts_each_agreement_keeps_its_own_part(tmp_path: Path) -> None:
    """The creditor agreed to no more; where the debts share an amount it is one plan."""
    card = case_of().debts[0]
    case = case_of().model_copy(update={"debts": (card, card.model_copy(update={"id": "loan"}))})
    found = []
    for plan in ("card: split 6; *: defer 1 + split 4", "split 3", "household(pro-rata of=900)"):
        with open_book(tmp_path / "book") as book, writing(book):
            shown = replan.show(case, plan)
            made = agree(book, shown, client="A", consent=Consent(on=AGREED), now=NOW)
            found.append([read_agreement(book, number).plan for number in made])

    assert ["card: split 6", "loan: defer 1 + split 4"] == found[0]
    assert [["split 3"] * 2, ["household(pro-rata of=900)"] * 2] == found[1:]


def test_there_may_be_five_hundred_clients() -> None:
    """Each is found by the name."""
    with tempfile.TemporaryDirectory() as folder, open_book(Path(folder) / "book") as book:
        shown = replan.show(case_of(), "split 2")
        with writing(book):
            for n in range(500):
                agree(book, shown, client=f"C{n}", consent=Consent(on=AGREED), now=NOW)

        assert 500 == len(read_agreements(book))
        assert ["C7"] == [found.client for found in read_agreements(book, "C7")]


@pytest.mark.parametrize("name", ["Jos\u00e9", "Jose\u0301", " jos\u00c9 ", "\uff2aos\u00e9"])
def test_a_client_is_found_however_the_name_is_typed(name: str, tmp_path: Path) -> None:
    """Accents of either encoding, capitals, full width: it is one file."""
    with book_with(tmp_path, "split 6", client="Jos\u00e9") as (book, _), writing(book):
        assert client_number(book, name, made=True) == client_number(book, "Jos\u00e9")
        assert has_client(book, name)


def test_where_two_are_alike_the_exact_name_counts(tmp_path: Path) -> None:
    """Nobody's entry goes to somebody else."""
    with open_book(tmp_path / "book") as book, writing(book):
        for uid, name in enumerate(["ana", "Ana"]):
            book.execute("INSERT INTO clients (uid, name) VALUES (?, ?)", (str(uid), name))

        assert client_number(book, "ana") < client_number(book, "Ana")
        with pytest.raises(UsageError, match="no client"):
            client_number(book, "ANA")
