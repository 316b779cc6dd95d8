"""A counter-offer is judged against what is left after the other debts."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from decide.samples import case, debt
from replan.decide.counteroffer.counter import counter
from replan.errors import UsageError
from replan.io.policies import load_policy


def judged(offer: str, surplus: Any = "150.00", **options: Any) -> dict[str, Any]:
    """Judge an offer for a loan of 1,200 without interest."""
    found: dict[str, Any] = counter(case(surplus=surplus), "loan", offer, **options).to_dict()
    return found


@pytest.mark.parametrize(
    ("verdict", "code", "offer"),
    [
        ("fits", "accept", "split 12"),
        ("tight", "accept", "split 8"),
        ("short", "change", "split 6"),
        ("short", "change", "50% down, 12 instalments"),
    ],
)
def test_yes_or_no(verdict: str, code: str, offer: str) -> None:
    """150.00 a month: 100.00 fits, 150.00 is tight, 200.00 is short."""
    found = judged(offer)

    assert (verdict, code) == (found["verdict"], found["say"]["code"])
    assert (verdict != "short") == found["fits"]


def test_the_month_and_the_gap() -> None:
    """Six of 200.00: each month is 50.00 short, the first is named."""
    found = judged("split 6")

    expected = {"month": "2026-12", "paid": "200.00", "room": "150.00", "gap": "50.00"}
    assert expected == found["worst"] == found["short"][0]
    assert 6 == len(found["short"])


@pytest.mark.parametrize(
    ("code", "offer"),
    [
        ("accept", "split 12"),
        ("accept-first", "10% down, 11 instalments"),
        ("accept-once", "pay 120 in full settlement"),
        ("accept-nothing", "waive principal=100%"),
    ],
)
def test_what_is_agreed_to_is_repeated_back(code: str, offer: str) -> None:
    """A first payment of its own is named apart from the instalments."""
    assert code == judged(offer)["say"]["code"]


def test_the_sentence_asks_for_the_change_that_costs_least() -> None:
    """Eight instalments instead of six, not a waiver of principal."""
    say = judged("split 6")["say"]

    assert ("instalments", "6", "8") == (say["lever"], say["now"], say["needed"])


def test_where_no_change_is_enough_our_proposal_is_named() -> None:
    """Without a proposal that fits it stays an open question."""
    surplus = [{"from": "2027-06-01", "amount": "150.00"}]
    none = judged("settle 90%", surplus, ours="defer 8 + split 12")
    open_ = judged("settle 90%", surplus)

    assert ("ours", 12) == (none["say"]["code"], none["say"]["count"])
    assert "ask" == open_["say"]["code"]


def test_the_other_debts_come_first() -> None:
    """Another loan takes 100.00 of 150.00 by its contract, and 60.00 in a plan."""
    other = debt(id="other")
    both = case(debt(), other)

    assert "short" == counter(both, "loan", "split 12").verdict
    assert "fits" == counter(both, "loan", "split 20", others="other: split 20").verdict


def test_what_others_overdraw_is_said() -> None:
    """No offer can fit a month that is gone already."""
    found = counter(case(debt(), debt(id="other"), surplus="90.00"), "loan", "split 12").to_dict()

    note = next(n for n in found["notes"] if n["code"] == "overdrawn")
    assert "2026-12" == note["months"][0]


def test_the_difference_from_ours() -> None:
    """Six of 200.00 against twelve of 100.00."""
    found = judged("split 6", ours="split 12")["difference"]

    assert ("100.00", "0.00", -6) == (
        found["peak_payment"], found["total_paid"], found["months"],
    )  # fmt: skip


def test_a_waiver_after_a_first_payment_may_be_empty() -> None:
    """The first payment pays fees and penalty first: what is left of them is waived."""
    owed = debt(penalty="100.00", instalment=None)
    found = counter(case(owed), "loan", "50% down, penalty waived, 12 instalments").to_dict()

    note = next(n for n in found["notes"] if n["code"] == "waived-after-down")
    assert ("0.00", "100.00") == (note["now"], note["before"])
    assert "waive penalty=100% + down 50% + split 12" == note["plan"]


def test_a_budget_that_is_not_known_gives_no_answer() -> None:
    """Neither yes nor no, and no zone; the figures stay."""
    found = counter(case(surplus=None), "loan", "split 12").to_dict()

    assert ("not-assessed", False, "unassessed") == (
        found["verdict"], found["fits"], found["say"]["code"],
    )  # fmt: skip
    assert (None, []) == (found["zone"], found["levers"])
    assert "1200.00" == found["offer"]["metrics"]["total_paid"]


def test_findings_of_policy_and_law() -> None:
    """A policy is held against the offer; what is outside it is a finding."""
    found = judged("split 72", policy=load_policy("general"))

    assert "general" == found["policy"]["id"]
    assert any(f["code"].startswith("policy-") for f in found["findings"])


def test_the_contract_is_an_offer_too() -> None:
    """Where they insist on it, what would make it fit is still found."""
    found = judged("contract", "90.00")

    assert "short" == found["verdict"]
    assert "split 14" in [row["plan"] for row in found["levers"]]


def test_an_unknown_debt_is_wrong_use() -> None:
    """It is named with those there are."""
    with pytest.raises(UsageError, match="It has loan"):
        counter(case(), "x", "split 12")


def test_the_family_of_the_examples() -> None:
    """The rent comes first: the card fits while the others are in plans."""
    family = replan.load_case("examples/family.json")
    others = "car: contract; *: split 60"

    assert replan.counter(family, "card", "split 24", others=others).fits
    assert not replan.counter(family, "card", "split 24").fits
