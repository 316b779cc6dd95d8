"""A new case after a breach: what is owed, what is late, what was agreed and is to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import replan
from casebook.samples import book_with, case_of, paid
from replan.casebook.agreements import case_form
from replan.casebook.balances import balance_on
from replan.casebook.status import agreement_status
from replan.casebook.successor import new_case

DAY = date(2027, 2, 20)


@pytest.fixture(
    params=["split 6", "defer 1 + rate 5.5% for=3 + split 6", "rate 0.01%/day + split 6"]
)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[replan.Case, Any, Any]:
    """Make a case after one payment in time and one in part."""
    with book_with(tmp_path, request.param) as (book, [agreed]):
        first = next(row for row in agreed.rows if row.payment)
        found = paid(book, agreed, (str(first.due), first.payment), ("2027-02-15", 5000))
    loaded = replan.load(new_case(found, DAY, question="Why?"))
    assert [] == [issue for issue in loaded.issues if issue.severity == "error"]
    return loaded.cases[0], found, balance_on(found, DAY)


def test_it_starts_from_what_is_owed_to_the_last_unit(made: tuple[replan.Case, Any, Any]) -> None:
    """By component, on the day asked for."""
    case, _, balance = made
    [debt] = case.debts
    parts = (debt.principal, debt.interest, debt.penalty, debt.fees)

    assert case.as_of == DAY
    assert parts == tuple(
        Decimal(getattr(balance.parts, name)).scaleb(-2)
        for name in ("principal", "interest", "penalty", "fees")
    )
    assert debt.outstanding == Decimal(balance.parts.total).scaleb(-2)


def test_missed_instalments_are_arrears_and_the_others_its_contract(
    made: tuple[replan.Case, Any, Any],
) -> None:
    """Plans can be compared with it at once."""
    case, found, _ = made
    [debt] = case.debts
    plans = replan.compare(case, ["split 12"]).to_dict()["plans"]

    assert debt.days_past_due > 0
    assert [r.due for r in found.rows if r.due > DAY] == [i.due for i in debt.instalments]
    assert [("2027-02-15", Decimal("50.00"))] == [
        (str(p.date), p.amount) for p in debt.payments if str(p.date) > "2027-02-10"
    ]
    assert "split 12" in [plan["plan"] for plan in plans]
    assert ["Why?"] == [question.text for question in case.questions]


def test_rates_are_those_agreed(tmp_path: Path) -> None:
    """The rate in force, and the change still to come."""
    with book_with(tmp_path, "rate 5.5% for=3 + split 6") as (_, [found]):
        made = new_case(found, date(2027, 1, 20), question="?")
    debt = replan.load(made).cases[0].debts[0]

    assert Decimal("0.055") == debt.rate.value
    assert [(date(2027, 2, 11), Decimal("0.12"))] == [
        (change.start, change.rate.value) for change in debt.rate_changes
    ]


def test_other_debts_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    """Nobody knows what they have come to, so no verdict is given."""
    one = case_form(case_of())["debts"][0]
    case = replan.load(
        {**case_form(case_of()), "debts": [one, {**one, "id": "b", "secured": True}]}
    )
    with book_with(tmp_path, "split 6", case=case.cases[0]) as (_, [found]):
        made = new_case(found, DAY, question="?")

    assert [True, ["card"]] == [made["incomplete"], [d["id"] for d in made["debts"]]]


@pytest.mark.parametrize("day", [date(2027, 2, 10), date(2027, 2, 11), date(2027, 3, 12)])
def test_arrears_are_what_status_calls_overdue(day: date, tmp_path: Path) -> None:
    """Without interest, after a late payment; an instalment due on the day itself is to come.

    The late payment covered interest that was scheduled for later: the sum stays the same.
    """
    with book_with(tmp_path, "freeze + split 12") as (book, [agreed]):
        first = agreed.rows[1].payment
        found = paid(book, agreed, ("2026-12-10", first), ("2027-01-12", first))
    overdue = Decimal(agreement_status(found, day)["overdue"])
    [debt] = replan.load(new_case(found, day, question="Why?")).cases[0].debts
    late = debt.arrears

    assert overdue == late.principal + late.interest + late.penalty + late.fees
    assert [row.due for row in found.rows if row.due >= day] == [i.due for i in debt.instalments]
