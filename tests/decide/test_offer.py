"""An offer for a debt: what was said is completed by what is owed, or contradicted by it."""

from __future__ import annotations

from typing import Any

import pytest

from decide.samples import case, debt
from replan.decide.counteroffer.offer import Understood, evaluate_offer, understand
from replan.decide.plans import Bench
from replan.errors import UsageError
from replan.strategies.notation import parse_plan


def understood(offer: Any, **changes: Any) -> Understood:
    """Read an offer for a loan of 1,200 without interest."""
    bench = Bench(case(debt(**changes)))
    return understand(bench, bench.case.debts[0], offer)


@pytest.mark.parametrize(
    ("plan", "offer"),
    [
        ("split 24", "split 24"),
        ("split 24", "loan: split 24"),
        ("split 24", "24 instalments"),
        ("split 24", parse_plan("split 24")),
        ("split 24", parse_plan("split 24").to_dict()),
        ("split 24", "over 24 months"),
        ("contract", "contract"),
        ("settle 50%", "pay 600 in full settlement"),
        ("down 200 + settle 60% in=6", "200 now and 6 instalments of 100, the rest is forgiven"),
        ("split to=100", "12 instalments of 100"),
    ],
)
def test_an_offer_in_every_form(plan: str, offer: Any) -> None:
    """Notation, a plan, its JSON form, or what was said."""
    assert plan == understood(offer).notation


def test_a_settlement_is_paid_to_the_cent() -> None:
    """A third of 1,000.01 has no end as a percentage; what is paid is the amount said."""
    bench = Bench(case(debt(principal="1000.01", remaining_instalments=10)))
    owed = bench.case.debts[0]
    steps = understand(bench, owed, "pay 333.34 in full settlement").steps

    paid = [row.payment for row in evaluate_offer(bench, owed, steps).rows]
    assert 33334 == sum(paid)


@pytest.mark.parametrize(
    ("reason", "offer"),
    [
        ("it takes 12, the last 100.00", "10 instalments of 100"),
        ("it takes 15, the last 80.00", "12 instalments of 80"),
        ("settles nothing, 1200.00 is owed", "pay 1,300 in full settlement"),
        ("say what is paid before the rest", "the rest is forgiven"),
        ('for one debt, here "loan"', "other: split 24"),
        ("for one debt", "household(pro-rata)"),
        ("says nothing about", "unpaid"),
        ("not a parameter", "split 24 foo=1"),
        ('"pay soon" could not be read', "pay soon"),
    ],
)
def test_what_the_debt_contradicts_is_refused(reason: str, offer: str) -> None:
    """With what is true instead."""
    with pytest.raises(UsageError, match=reason):
        understood(offer)


def test_months_are_no_instalments_of_a_weekly_debt() -> None:
    """Nothing is counted over from one to the other; instalments are taken as they are."""
    weekly = {"frequency": "week", "next_due": "2026-11-28"}

    assert "split 12 every=month" == understood("over 12 months", **weekly).notation
    assert (
        "defer 3 + split 12" == understood("defer 3 instalments, 12 instalments", **weekly).notation
    )
    with pytest.raises(UsageError, match="paid every week"):
        understood("defer 3 months, 12 instalments", **weekly)


@pytest.mark.parametrize(
    ("plan", "offer"),
    [
        ("defer 2 + split 12", "first payment in 3 months, 12 instalments"),
        ("defer 3 + split 12", "12期，首期为2027年3月1日"),
        ("defer 5 + split 12", "半年后开始还，12期"),
        (
            "date 5 + defer 2 + split 12",
            "payments starting in 3 months, due on the 5th, 12 instalments",
        ),
        ("split 12", "first payment on 2026-12-20, 12 instalments"),
        ("split 12 + balloon 25%", "12 instalments with a balloon of 300"),
        ("split 12 + balloon 25%", "分12期，尾款300"),
        ("settle 80%", "本金八折结清"),
        ("settle 50% in=2", "一次性还本金的50%结清，分2期"),
        ("token 50 for=11 + split 1", "12 months of 50 and the rest at the end"),
        ("defer 1 + split 12", "12 instalments from January"),
        ("split 12", "分12期，下个月开始还"),
        ("split 1 + move 2026-12-21 to=2027-01-20", "pay in full within 60 days"),
        ("split 1", "in full by 2026-12-21"),
        ("split 12", "12 instalments, at most 100 a month"),
        ("split to=100", "每月还100，最多分24期"),
        ("token 50 for=6 + split to=100", "50 a month for 6 months, then 100 a month"),
    ],
)
def test_what_the_debt_completes(plan: str, offer: str) -> None:
    """Due on the 21st from December on; 1,200 of principal and nothing else."""
    assert plan == understood(offer).notation


@pytest.mark.parametrize(
    ("reason", "offer"),
    [
        ("cannot begin", "12 instalments, starting 2020-01-01"),
        ("cannot be left for the end", "12 instalments with a balloon of 1,300"),
        (
            "9 instalments of 100.00 do not repay loan: it takes 11",
            "50 a month for 2 months, then 100 for 9 months",
        ),
        (
            "12 instalments of 100.00, more than the limit of 99",
            "12 instalments, at most 99 a month",
        ),
        ("12 instalments of 100.00, less than the least of 200", "分12期，每月至少还200"),
        ("24 instalments of 50.00, more than the limit of 12", "50 a month, up to 12 instalments"),
    ],
)
def test_what_the_debt_does_not_allow(reason: str, offer: str) -> None:
    """Named with the figure that is wrong."""
    with pytest.raises(UsageError, match=reason):
        understood(offer)


def test_what_changes_nothing_is_echoed_without_a_step() -> None:
    """A plan charges no late fees anyway."""
    phrases = understood("12 instalments, no more late fees").phrases

    assert [("12 instalments", "split 12"), ("no more late fees", "")] == [
        (p.said, p.step) for p in phrases
    ]


@pytest.mark.parametrize(
    ("plan", "offer"),
    [
        ("rate 0% + split 24", "手续费全免，分24期"),
        ("rate cut=50% + split 24", "fees halved, 24 instalments"),
        ("waive penalty=100% + rate 0% + split 24", "罚息手续费全免，分24期"),
        ("rate 0% + split 24", "免息分24期"),
    ],
)
def test_the_fee_of_flat_instalments_is_what_is_waived(plan: str, offer: str) -> None:
    """None is owed yet: the clerk speaks of those to come."""
    flat = {"method": "equal-principal", "instalment_fee": "1%", "instalment": None}

    assert plan == understood(offer, **flat).notation


def test_fees_owed_are_what_is_waived_elsewhere() -> None:
    """A loan with a rate, or charges that are owed already."""
    assert "waive fees=100% + split 24" == understood("手续费全免，分24期").notation
