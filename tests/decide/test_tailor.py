"""Suggested plans are fitted to the case."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from replan.decide.presets import suggestions_for
from replan.decide.tailor import season, tailor
from replan.model.case import Case

DEBT = {"id": "card", "principal": "900", "rate": "12%", "next_due": "2026-12-03"}


def case(**more: Any) -> Case:
    """Return a case with one debt."""
    raw = {"as_of": "2026-11-21", "currency": "GBP", "debts": [DEBT], **more}
    return replan.load(raw).cases[0]


@pytest.mark.parametrize(("expected", "currency"), [("1", "GBP"), ("50", "CNY"), ("5", "USD")])
def test_a_token_is_one_in_the_currency_of_the_case(expected: str, currency: str) -> None:
    """Fifty pounds a month for each debt would be an instalment."""
    *_, last = tailor(suggestions_for("job-loss"), case(currency=currency))

    assert f"freeze 6 + token {expected} for=6 + split 36" == last.plan


@pytest.mark.parametrize(("expected", "pay_day"), [("date 27", 25), ("date 15", None)])
def test_due_dates_move_behind_the_pay_day_that_is_known(
    expected: str, pay_day: int | None
) -> None:
    """Day 15 is no help to somebody who is paid on the 25th."""
    wage = {"amount": "900", "due_day": pay_day} if pay_day else {"amount": "900"}
    first, _ = tailor(suggestions_for("cash-timing"), case(budget={"income": [wage]}))

    assert expected == first.plan


def test_the_season_is_that_of_the_surplus() -> None:
    """From December on: six months of 120, then six of 400; after a pause it goes on from March."""
    surplus = [{"amount": "120"}, {"from": "2027-06-01", "amount": "400"}]
    one, two = tailor(suggestions_for("seasonal-income"), case(surplus=surplus))

    low, high = ["0.3"] * 6, ["1"] * 6
    assert f"split 24 + seasonal {','.join(low + high)}" == one.plan
    turned = [*low[3:], *high, *low[:3]]
    assert f"defer 3 + split 24 + seasonal {','.join(turned)}" == two.plan


def test_a_steady_surplus_has_no_season() -> None:
    """The menu's own pattern stays, as nothing better is known."""
    assert [] == season(case(surplus="300"))
    assert [] == season(case())


@pytest.mark.parametrize(
    ("expected", "where"),
    [
        ("article-70", {"jurisdiction": "CN", "currency": "CNY"}),
        ("article-70", {"currency": "CNY"}),
        ("long-term", {"jurisdiction": "GB", "currency": "GBP"}),
        ("long-term", {"currency": "EUR"}),
    ],
)
def test_chinese_law_is_a_reason_in_china_alone(expected: str, where: dict[str, str]) -> None:
    """Elsewhere the same plan has a reason of its own."""
    menu = tailor(suggestions_for("income-fall"), case(**where))

    assert expected == menu[1].why
