"""Reconciling: the lender's figure is found by the conventions that made it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import replan
from decide.samples import debt


def found(figure: str, **changes: Any) -> dict[str, Any]:
    """Reconcile a card of 42,000 at 0.05 % a day, last paid 103 days ago, 92 days overdue."""
    card: dict[str, Any] = {
        "id": "card",
        "principal": "42000.00",
        "rate": "0.05%/day",
        "late_fee": "50.00",
    }
    card |= {"last_payment": "2026-08-10", "days_past_due": 92}
    card |= {"arrears": {"principal": "6300.00"}}
    facts = {"as_of": "2026-11-21", "currency": "CNY", "debts": [card | changes]}
    return replan.reconcile(replan.load_case(facts), Decimal(figure))


def first(figure: str, **changes: Any) -> dict[str, Any]:
    """Return the plainest explanation."""
    plainest: dict[str, Any] = found(figure, **changes)["agrees"][0]
    return plainest


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        # 42,000 × 0.0005 = 21.00 a day
        (42_000 + 103 * 21, {"since": "2026-08-10", "both_days": False, "compounding": "none"}),
        (42_000 + 104 * 21, {"since": "2026-08-10", "both_days": True}),
        (42_000 + 92 * 21, {"since": "2026-08-21", "reason": "missed"}),
        (42_000 + 103 * 21 + 4 * 50, {"since": "2026-08-10", "late_fees": 4}),
        # half as much again on the overdue 6,300 is 1.575 a day, 92 days
        ("44076.90", {"since": "2026-08-21", "penalty": "0.5", "penalty_on": "overdue"}),
    ],
)  # fmt: skip
def test_the_conventions_that_made_a_figure_are_found(
    figure: Any, expected: dict[str, Any]
) -> None:
    """Days, counting, late fees and penalty interest are told apart."""
    assert expected.items() <= first(str(figure)).items()


def test_what_is_on_file_is_the_plainest() -> None:
    """Nothing is assumed if the balances on file add up to the figure."""
    expected = {"since": None, "on_file": True, "difference": "0.00"}
    assert expected.items() <= first("45900.12", interest="3900.12").items()


def test_daily_compounding_is_found() -> None:
    """1,000 at 0.1 % a day over 10 days, each day's interest rounded and bearing interest."""
    balance = Decimal(1000)
    for _ in range(10):
        balance += (balance * Decimal("0.001")).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    card: dict[str, Any] = {"principal": "1000.00", "rate": "0.1%/day"}
    card |= {"last_accrual": "2026-11-11", "days_past_due": 0, "arrears": {}}
    assert "daily" == first(str(balance), **card)["compounding"]


def test_without_agreement_the_nearest_are_listed() -> None:
    """They come nearest first, each with a figure of its own, and none agrees."""
    near = found("60000.00")
    off = [abs(Decimal(r["difference"])) for r in near["nearest"]]
    assert [] == near["agrees"]
    assert sorted(off) == off
    assert len(off) == len(set(off)) == 5


def test_a_debt_must_be_named_among_several() -> None:
    """The message lists the debts."""
    debts = [debt(id="a"), debt(id="b")]
    case = replan.load_case({"as_of": "2026-11-21", "currency": "EUR", "debts": debts})
    with pytest.raises(replan.UsageError, match="a, b"):
        replan.reconcile(case, Decimal("1200.00"))


def test_a_figure_finer_than_the_currency_is_refused() -> None:
    """There is no half cent on a statement."""
    with pytest.raises(replan.UsageError, match="finer"):
        found("100.005")


def test_a_month_to_the_end_of_february_is_a_month() -> None:
    """1,200 at 12 % from 31 January to 28 February: 12.00 by months, 11.20 by 28 days of 30."""
    case = {"as_of": "2026-02-28", "currency": "GBP"}
    card = {"id": "a", "principal": "1200.00", "rate": "12%", "last_accrual": "2026-01-31"}
    loaded = replan.load_case(case | {"debts": [card]})
    by = {f: replan.reconcile(loaded, Decimal(f))["agrees"] for f in ("1212.00", "1211.20")}
    assert "30/360" in {way["day_count"] for way in by["1212.00"]}
    assert "30/360" not in {way["day_count"] for way in by["1211.20"]}
    assert "30/360 ISDA" in {way["day_count"] for way in by["1211.20"]}
