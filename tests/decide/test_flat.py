"""Flat instalments: a fee on the amount lent is about twice as dear as it says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import replan
from decide.samples import case, debt
from replan.decide.flat import flat_of, flats_of, percent
from replan.model.case import Case

CARD = {
    "principal": "12000",
    "original_principal": "12000",
    "rate": "0%",
    "instalment": None,
    "method": "equal-principal",
    "remaining_instalments": 12,
    "instalment_fee": "0.6%",
}


def card(**changes: Any) -> Case:
    """Lend 12,000 for twelve instalments, each with 0.6 % of it."""
    return case(debt(**{**CARD, **changes}), jurisdiction="CN")


@pytest.mark.parametrize(
    ("nominal", "effective", "fee", "count"),
    [
        # what Chinese banks' instalment plans cost by IRR: twelve times Excel's RATE(n, …)
        ("7.20%", "13.03%", "0.6%", 12),
        ("7.20%", "13.27%", "0.6%", 24),
        ("7.92%", "14.31%", "0.66%", 12),
        ("8.64%", "15.58%", "0.72%", 12),
        ("9.00%", "16.22%", "0.75%", 12),
    ],
)
def test_published_yields(nominal: str, effective: str, fee: str, count: int) -> None:
    """The rate a month that is quoted is on the amount lent, not on what is owed."""
    owed = card(instalment_fee=fee, remaining_instalments=count)
    flat = flat_of(owed, owed.debts[0])

    assert flat is not None
    assert (nominal, effective) == (percent(flat.nominal), percent(flat.effective))


def test_half_way_the_yield_is_that_of_the_whole_contract() -> None:
    """Six of twelve are paid: what was agreed has not become dearer."""
    owed = card(principal="6000", remaining_instalments=6)
    flat = flat_of(owed, owed.debts[0])

    assert flat is not None
    assert 12 == flat.count
    assert "13.03%" == percent(flat.effective)


def test_missed_instalments_do_not_change_it() -> None:
    """Two of the eight that are left to pay are overdue; six are to come."""
    late = {"days_past_due": 45, "arrears": {"principal": "2000"}}
    owed = card(principal="8000", remaining_instalments=6, **late)
    flat = flat_of(owed, owed.debts[0])

    assert flat is not None
    assert "13.03%" == percent(flat.effective)


def test_a_rate_or_no_fee_is_no_flat_contract() -> None:
    """Interest on what is owed is valued at its own rate."""
    for changes in ({"rate": "9%"}, {"instalment_fee": None}, {"remaining_instalments": None}):
        owed = card(**changes)
        assert flat_of(owed, owed.debts[0]) is None


def test_a_later_payment_costs_the_lender_something() -> None:
    """At a rate of nil nothing would be lost by waiting; at the yield 6 months of 12 are."""
    found = replan.show(card(), "defer 6").to_dict()["debts"][0]["metrics"]

    assert 0.0628 == round(found["npv_loss"], 4)
    assert "0.00" == found["forgone"]


def test_the_household_of_one_debt_has_its_rate() -> None:
    """Twelve times the monthly IRR, as for the debt."""
    (plan,) = replan.compare(card(), ["contract"]).to_dict()["plans"][:1]

    assert (
        0.1303 == round(plan["metrics"]["apr"], 4) == round(plan["debts"][0]["metrics"]["apr"], 4)
    )


def test_a_cap_on_yearly_rates_is_held_against_the_yield() -> None:
    """1.5 % a month of the amount lent is 18 % in the contract, and 31.72 % on what is owed."""
    owed = card(instalment_fee="1.5%", lender_type="small-loan", contract_date="2026-02-01")
    found = replan.findings(owed, replan.rules_for(owed))

    caps = [str(f["message"]) for f in found if "a year, above" in str(f["message"])]
    assert caps
    assert all("31.72" in text for text in caps)


def test_a_cap_on_card_interest_is_none_on_instalment_fees() -> None:
    """From 2017 to 2020 0.05 % a day was the most for what is overdrawn."""
    owed = card(
        instalment_fee="1.5%", product="credit-card", lender_type="bank", contract_date="2020-03-01"
    )

    found = replan.findings(owed, replan.rules_for(owed))
    assert "cn.cap.card-overdraft" not in {f["code"] for f in found}


def test_what_was_lent_must_be_known_for_a_claim() -> None:
    """Half way through, what is left would yield 24.28 %: no cap is held against that."""
    left = {"principal": "6000", "remaining_instalments": 6, "instalment_fee": "72"}
    owed = card(**left, original_principal=None, lender_type="small-loan")
    flat = flats_of(owed)["loan"]

    assert (None, "72.00", "432.00") == (flat["effective"], flat["fee"], flat["to_come"])
    assert [] == [f for f in replan.findings(owed, replan.rules_for(owed)) if f.get("exceeded")]


@pytest.mark.parametrize(
    ("total", "plan"),
    [
        ("12000.00", "rate 0% + split 24"),
        ("12432.00", "rate cut=50% + split 24"),
        ("12000.00", "freeze + split 24"),
        ("12000.00", "split 24 method=interest-free"),
        ("12864.00", "freeze 3 + split 24"),
        ("12864.00", "split 24"),
    ],
)
def test_what_cuts_the_rate_cuts_the_fee_that_is_the_price(total: str, plan: str) -> None:
    """Twelve fees of 72, none, or twelve of 36; a freeze for a time leaves them."""
    found = replan.show(card(), plan).to_dict()["debts"][0]["metrics"]

    assert total == found["total_paid"]


def test_a_rate_takes_the_place_of_the_fee() -> None:
    """As if the debt had been one at 6 % all along; a fee beside a rate stays."""
    level = case(debt(**{**CARD, "instalment_fee": None}), jurisdiction="CN")
    paid = [replan.show(c, "rate 6% + split 24").to_dict() for c in (card(), level)]
    beside = replan.show(card(rate="9%"), "rate 6% + split 24").to_dict()

    totals = [plan["debts"][0]["metrics"]["total_paid"] for plan in (*paid, beside)]
    assert totals[0] == totals[1]
    assert 864 == Decimal(totals[2]) - Decimal(totals[0])


def test_what_becomes_of_the_fee_is_asked_for() -> None:
    """A longer plan has no more fees than agreed; a lower one is named in money."""
    [shown] = replan.show(card(), PLAN).to_dict()["debts"]
    asked = " ".join(ask if isinstance(ask, str) else ask["text"] for ask in shown["asks"])

    assert "The instalment fee is 36.00 instead of 72.00." in asked
    assert "The instalment fee is charged 12 times, as agreed, and not with later ones." in asked


PLAN = "rate cut=50% + split 24"
