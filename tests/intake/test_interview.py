"""The interview: which question comes next, and what an answer may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import replan
from replan.decide.presets import CAUSES
from replan.intake import script
from replan.intake.finish import build_draft
from replan.intake.interview import Unanswered, back, pending, take
from replan.intake.script import Answers, Question
from replan.model.issues import Refused

HEAD = {"jurisdiction": "CN", "currency": "CNY", "as_of": "2026-11-22"}


def interview(answers: Answers) -> Iterator[Question]:
    """Return the questions of an interview on one day."""
    return script.interview(answers, today=date(2026, 11, 22), jurisdiction="CN")


def answer(*texts: str) -> dict[str, str]:
    """Answer the questions of an interview in their order."""
    answers: dict[str, str] = {}
    for text in texts:
        question = pending(answers, interview(answers))
        assert question is not None
        answers = take(answers, question, text)
    return answers


LOAN = ("", "", "", "Lender", "app-loan", "bank", "12345", "35", "-", "-", "-", "1100", "12", "-")


def test_defaults_are_taken_by_an_empty_answer() -> None:
    """Law, currency and day stand there already."""
    assert HEAD == answer("", "", "")


@pytest.mark.parametrize(
    ("expected", "creditor", "sort"),
    [
        ("consumer-finance", "招联消费金融", "app-loan"),
        ("bank", "工商银行", "other"),
        ("auto-finance", "River Cars", "car-loan"),
        ("private", "王银行", "private"),
        ("", "花呗", "app-loan"),
    ],
)
def test_the_kind_of_lender_is_read_from_a_name_that_must_say_it(
    expected: str, creditor: str, sort: str
) -> None:
    """As the default of the question: the person can say otherwise."""
    answers = answer("", "", "", creditor, sort)
    question = pending(answers, interview(answers))

    assert question is not None
    assert ("debts.0.lender", expected) == (question.key, question.default)


def test_names_of_country_and_currency_become_codes() -> None:
    """中国 has its currency as the default, and amounts in yuan are read in it."""
    expected = {**HEAD, "debts.0.creditor": "B", "debts.0.sort": "card", "debts.0.lender": "bank"}
    answers = answer("中国", "", "", "B", "card", "")

    assert HEAD == answer("China", "人民币", "")
    assert expected == answers
    assert (
        "41,352.18元"
        == answer("中国", "人民币", "", "B", "card", "", "41,352.18元")["debts.0.owed"]
    )


@pytest.mark.parametrize(
    ("expected", "texts"),
    [
        ("debts.0.minimum", ("", "", "", "Bank", "card", "", "900", "0", "-")),
        ("debts.0.instalment", ("", "", "", "Bank", "bank-loan", "", "900", "0", "-")),
        ("debts.0.rate", ("", "", "", "Home", "rent", "", "900", "0")),
        ("debts.0.arrears", ("", "", "", "Bank", "card", "", "900", "5")),
        ("debts.1.creditor", ("", "", "", "Home", "rent", "", "900", "0", "", "y")),
        ("surplus", ("", "", "", "Home", "rent", "", "900", "0", "", "n", "", "sum")),
        ("income.0", ("", "", "", "Home", "rent", "", "900", "0", "", "n", "", "2")),
    ],
)
def test_answers_decide_what_is_asked_next(expected: str, texts: tuple[str, ...]) -> None:
    """A card has a minimum payment, rent neither instalments nor interest."""
    answers = answer(*texts)
    question = pending(answers, interview(answers))

    assert question is not None
    assert expected == question.key


def test_unknown_rate_is_derived_and_becomes_a_question() -> None:
    """What the instalments imply is marked as estimated, with its range."""
    raw = build_draft(answer(*LOAN, "-")).raw
    debt = raw["debts"][0]

    assert "18.45%" == debt["rate"]
    assert {"field": "rate", "low": "18.45%", "high": "19.21%"} == debt["estimated"][0]
    assert {"debt": "loan-1", "about": "rate"} in raw["questions"]


def test_about_marks_a_guess() -> None:
    """`~18%` is 18 %, estimated, and to be asked."""
    raw = build_draft(answer(*LOAN, "约18%")).raw

    assert "18%" == raw["debts"][0]["rate"]
    assert "rate" in raw["debts"][0]["estimated"]
    assert {"debt": "loan-1", "about": "rate"} in raw["questions"]


def test_instalments_to_come_leave_out_the_missed_ones() -> None:
    """35 days overdue: two of the twelve have fallen due."""
    debt = build_draft(answer(*LOAN, "18%")).raw["debts"][0]

    assert (10, "2026-12-18") == (debt["remaining_instalments"], debt["next_due"])


@pytest.mark.parametrize(
    ("expected", "texts", "text"),
    [
        ("amount-unreadable", ("", "", "", "B", "card", ""), "12O0"),
        ("amount-currency", ("", "", "", "B", "card", ""), "$1200"),
        ("value-unknown", (), "花呗"),
        ("currency-unknown", ("",), "CNX"),
        ("date-ambiguous", ("", ""), "03/04/2026"),
        ("value-unknown", ("", "", "", "B"), "77"),
        ("amount-negative", ("", "", "", "B", "card", "", "900", "5", "-"), "901"),
        ("dates-out-of-order", (*LOAN[:-1],), "2026-11-01"),
        ("rate-suspicious", LOAN, "18"),
    ],
)
def test_answer_is_checked_as_a_file_is(expected: str, texts: tuple[str, ...], text: str) -> None:
    """One validator: the codes are those of a case file."""
    answers = answer(*texts)
    question = pending(answers, interview(answers))
    assert question is not None
    with pytest.raises(Refused) as refused:
        take(answers, question, text)

    assert expected in {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("expected", "texts", "text"),
    [
        ("needed", ("", "", "", "B", "card", ""), ""),
        ("cannot_skip", ("", "", "", "B", "card", ""), "不知道"),
        ("no_rate", ("", "", "", "B", "card", "", "900", "0", "-", "-", "-"), "-"),
        ("no_rate_above", (*LOAN[:6], "99999", *LOAN[7:]), "-"),
        ("no_rate_below", (*LOAN[:6], "2400", *LOAN[7:]), "-"),
        ("no_rate_all_overdue", (*LOAN[:12], "2", "-"), "-"),
    ],
)
def test_not_knowing_is_not_always_enough(expected: str, texts: tuple[str, ...], text: str) -> None:
    """An amount is needed, and a rate that nothing implies."""
    answers = answer(*texts)
    question = pending(answers, interview(answers))
    assert question is not None
    with pytest.raises(Unanswered) as unanswered:
        take(answers, question, text)

    assert expected == unanswered.value.reason


def test_back_takes_the_last_answer_away() -> None:
    """The question before is asked again."""
    assert answer("", "") == back(answer("", "", ""), interview(HEAD))


def test_what_a_bill_gave_is_not_asked_again_and_survives_going_back() -> None:
    """With a principal nobody asks what is owed in all."""
    given = {"debts.0.principal": "900", **answer("", "", "", "B", "bank-loan", "")}
    question = pending(given, interview(given))

    assert question is not None
    assert "debts.0.overdue" == question.key
    assert "debts.0.principal" in back(given, interview(given))
    assert "debts.0.lender" not in back(given, interview(given))


def test_causes_have_plans() -> None:
    """Each cause that can be answered has a menu, but for the last."""
    assert {"other"} == set(script.CAUSES) - set(CAUSES)


def test_what_an_authority_is_owed_comes_first() -> None:
    """Council tax, taxes and fines: liberty or home depend on them."""
    texts = ("GB", "", "", "City", "authority", "", "council-tax", "1450", "200", "1450", "0", "")
    [debt] = build_draft(answer(*texts)).raw["debts"]

    assert ("government", "council-tax", True) == tuple(
        debt[key] for key in ("lender_type", "product", "priority")
    )


@pytest.mark.parametrize("kind", ["benefit-overpayment", "student-loan"])
def test_not_all_that_an_authority_is_owed_comes_first(kind: str) -> None:
    """Neither home nor liberty depends on a benefit paid in error."""
    [debt] = build_draft(answer("GB", "", "", "DWP", "authority", "", kind, "300")).raw["debts"]

    assert (kind, False) == (debt["product"], debt["priority"])


def test_what_authorities_are_owed_differs_by_country() -> None:
    """China knows no council tax."""
    asked = pending(kept := answer("", "", "", "税务局", "authority", ""), interview(kept))

    assert asked is not None
    assert "social-insurance" in asked.choices
    assert "council-tax" not in asked.choices


def test_who_else_owes_a_debt_is_asked_once_for_all() -> None:
    """Letters are in all names, and the lender is asked whom a waiver releases."""
    texts = ("", "", "", "Home", "rent", "", "900", "0", "", "n")
    raw = build_draft(answer(*texts, "y", "Ana and Bo")).raw

    assert "Ana and Bo" == raw["debts"][0]["owed_by"]
    assert [{"debt": "rent-1", "about": "release"}] == raw["questions"]
    assert "way" == asked_after(*texts, "n")


def asked_after(*texts: str) -> str:
    """Name the question that follows."""
    answers = answer(*texts)
    question = pending(answers, interview(answers))
    return question.key if question else ""


PLAN = ("", "", "", "招行", "card-plan", "", "10507.50", "0", "0", "938.67", "12", "2026-12-10")


@pytest.mark.parametrize(
    ("fee", "texts"),
    [
        ("0.6%", ("手续费0.6%/期", "10507.50")),
        ("0.6%", ("flat 0.6%/month", "10507.50")),
        ("63.05", ("63.05 per instalment", "-")),
        ("0.6%", ("flat 7.2%", "-")),
    ],
)
def test_a_flat_price_is_answered_as_it_stands_on_paper(fee: str, texts: tuple[str, ...]) -> None:
    """12 期, 每期手续费 0.6%, 每期还款 938.67: what is not known follows from the instalment."""
    raw = build_draft(answer(*PLAN, *texts)).raw
    [debt] = replan.load_case(raw).debts

    assert debt.instalment_fee is not None
    assert fee in (f"{float(debt.instalment_fee.rate or 0):.1%}", str(debt.instalment_fee.amount))
    assert {"debt": "loan-1", "about": "payoff_fees"} in raw["questions"]


def test_all_instalments_together_are_not_what_is_owed() -> None:
    """An app's 待还 of 12 × 938.67 holds the fees to come: they are not owed yet."""
    plan = [text if text != "10507.50" else "11264.04" for text in PLAN]
    [debt] = build_draft(answer(*plan, "手续费63.05/期", "-")).raw["debts"]

    assert ("10507.44", ["principal"]) == (debt["principal"], debt["estimated"])


@pytest.mark.parametrize(
    ("least", "asked", "floor"),
    [({"share": "10%", "floor": "50.00"}, False, "50"), ("10%", True, "-")],
)
def test_a_share_has_a_least_amount_which_is_asked(least: Any, asked: bool, floor: str) -> None:
    """Without it a card is paid for years in amounts of 0.01."""
    texts = ("", "", "", "Bank", "card", "", "900", "0", "-", "10%", floor, "-", "18%")
    raw = build_draft(answer(*texts)).raw

    assert least == raw["debts"][0]["minimum_payment"]
    assert asked == ({"debt": "card-1", "about": "floor"} in raw["questions"])
