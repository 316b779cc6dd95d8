"""Flat instalments as they stand on paper: in a file and in a table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import replan
from replan.model.debt import Debt

PAPER = {"id": "a", "principal": "6000", "remaining_instalments": 6, "next_due": "2026-12-21"}
HEAD = {"as_of": "2026-11-21", "currency": "CNY", "surplus": "900"}


def read(**facts: Any) -> tuple[Debt, list[str]]:
    """Read a debt, half of whose 12,000 is repaid, and what is said about it."""
    loaded = replan.load({**HEAD, "debts": [{**PAPER, **facts}]})
    return loaded.cases[0].debts[0], [issue.message for issue in loaded.issues]


@pytest.mark.parametrize(
    "facts",
    [
        {"method": "flat", "rate": "0.6%/month", "original_principal": "12000"},
        {"method": "等本等息", "rate": "7.2%", "original_principal": "12000"},
        {"method": "flat", "rate": "7.2%", "instalment": "1072"},
        {"method": "flat", "instalment": "1072.00"},
        {"method": "flat", "instalment_fee": "0.6%", "original_principal": "12000"},
        {"instalment_fee": "72"},
        {"method": "flat", "rate": "7.2%", "original_principal": "12000", "instalment": "1072"},
    ],
)
def test_a_fee_of_72_however_it_is_written(facts: dict[str, Any]) -> None:
    """A rate of the amount lent, a fee, or what the instalment holds beyond its principal."""
    debt, said = read(**facts)
    plan = replan.show(replan.load_case({**HEAD, "debts": [{**PAPER, **facts}]}), "contract")

    assert [] == said
    assert ("equal-principal", Decimal(0), None) == (debt.method, debt.rate.value, debt.instalment)
    assert "6432.00" == plan.to_dict()["debts"][0]["metrics"]["total_paid"]


def test_where_nothing_is_repaid_the_principal_was_lent() -> None:
    """The share of it is what the instalment holds beyond its part of the principal."""
    debt, _ = read(principal="10507.50", method="flat", instalment_fee="0.6%", instalment="1814.30")

    assert Decimal("10507.50") == debt.original_principal


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("is a share of the amount lent, which is not given", {"method": "flat", "rate": "7.2%"}),
        ("1100 is stated, but the principal and fee of an instalment are 1072.00",
         {"method": "flat", "instalment_fee": "72", "instalment": "1100"}),
        ("1072.00 is what 7.2% of the amount lent comes to, flat",
         {"rate": "7.2%", "instalment": "1072.00", "original_principal": "12000"}),
        ("1072.00 is a part of the principal with the fee, which comes on top",
         {"rate": "0%", "instalment": "1072.00", "instalment_fee": "72"}),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_said(message: str, facts: dict[str, Any]) -> None:
    """A warning: which of them is right only the paper knows."""
    (said,) = read(**facts)[1]

    assert message in said


def test_a_level_loan_is_no_flat_one() -> None:
    """516.40 a month repay 6,000 in twelve at 6 %: no doubt about it."""
    facts = {"rate": "6%", "instalment": "516.40", "remaining_instalments": 12}

    assert [] == read(**facts)[1]


def test_a_table_with_a_fee_needs_no_rate(tmp_path: Any) -> None:
    """In the words of an app's page."""
    table = tmp_path / "debts.csv"
    table.write_text(
        "债权人,剩余本金,借款金额,剩余期数,每期手续费\n招行,6000,12000,6,0.6%\n", "utf-8"
    )
    debt = replan.load_case(table, as_of="2026-11-21", currency="CNY").debts[0]

    assert debt.instalment_fee is not None
    assert ("equal-principal", Decimal("0.006")) == (debt.method, debt.instalment_fee.rate)


@pytest.mark.parametrize(
    "facts",
    [
        {"principal": None, "instalment": "5"},
        {"principal": [1], "instalment": "5", "rate": "7%"},
        {"remaining_instalments": 0, "instalment": "5"},
        {"instalment_fee": "NaN%", "instalment": "5", "original_principal": "9"},
        {"instalment_fee": {"rate": None}, "instalment": "5", "original_principal": "9"},
        {"rate": {"a": 1}, "frequency": "often"},
        {"arrears": {"principal": "x"}, "instalment": "5"},
    ],
)
def test_nonsense_is_a_problem_and_no_fault(facts: dict[str, Any]) -> None:
    """Each field is reported as it would be without the method."""
    issues = replan.load({**HEAD, "debts": [{**PAPER, "method": "flat", **facts}]}).issues

    assert any(issue.severity == "error" for issue in issues)


def test_what_cannot_be_read_is_reported_where_it_stands() -> None:
    """The method is understood; the rate is not."""
    loaded = replan.load({**HEAD, "debts": [{**PAPER, "method": "flat", "rate": "cheap"}]})

    assert ["rate-unreadable"] == [issue.code for issue in loaded.issues]
