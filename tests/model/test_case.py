"""Cases and debts: keys, defaults, settings, schema."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from replan.model import case as models
from replan.model.case import Case, Debt, case_schema, settings_of


def debt(**keys: Any) -> Debt:
    """Return a debt of 100 principal, 30 interest, 20 penalty and 10 fees."""
    amounts = {"principal": "100", "interest": "30", "penalty": "20", "fees": "10"}
    return Debt.model_validate({"id": "a", "rate": "5%", **amounts, **keys})


def case(debt_keys: dict[str, Any], **keys: Any) -> Case:
    """Return a case of one debt."""
    one = {"id": "a", "principal": "100", "rate": "5%", **debt_keys}
    return Case.model_validate({"as_of": "2026-11-21", "currency": "CNY", "debts": [one], **keys})


def test_outstanding_is_the_sum_of_the_components() -> None:
    """100 + 30 + 20 + 10."""
    assert Decimal(160) == debt().outstanding


@pytest.mark.parametrize(
    ("arrears", "expected"),
    [
        ("25", {"fees": 10, "penalty": 15, "interest": 0, "principal": 0}),
        ("80", {"fees": 10, "penalty": 20, "interest": 30, "principal": 20}),
        (
            {"total": "80", "principal": "50"},
            {"fees": 10, "penalty": 20, "interest": 0, "principal": 50},
        ),
    ],
)
def test_a_total_past_due_goes_to_charges_first(arrears: Any, expected: dict[str, int]) -> None:
    """Fees, penalty and interest are overdue before principal is; parts given stand."""
    found = debt(arrears=arrears).arrears

    assert expected == {name: getattr(found, name) for name in expected}


def test_a_minimum_payment_is_an_amount_a_share_or_a_rule() -> None:
    """What stands alone is an amount, or with a percent sign a share of the balance."""
    assert Decimal(50) == getattr(debt(minimum_payment="50").minimum_payment, "amount", None)
    assert Decimal("0.02") == getattr(debt(minimum_payment="2%").minimum_payment, "share", None)
    rule = debt(minimum_payment={"share": "2%", "of": "principal", "floor": "25"}).minimum_payment
    assert ("principal", Decimal(25)) == (getattr(rule, "of", None), getattr(rule, "floor", None))


def test_an_instalment_fee_is_a_share_or_an_amount() -> None:
    """0.6 % of the original principal each month, or a plain amount."""
    assert Decimal("0.006") == getattr(debt(instalment_fee="0.6%").instalment_fee, "rate", None)
    assert Decimal(3) == getattr(debt(instalment_fee="3").instalment_fee, "amount", None)


@pytest.mark.parametrize("name", ["*", "a:b", "a;b", "a+b", "", "x" * 65, "-a", "../a", "a b"])
def test_ids_that_the_plan_notation_uses_are_refused(name: str) -> None:
    """Plans address debts by id, and files are named after them."""
    with pytest.raises(ValidationError):
        debt(id=name)


@pytest.mark.parametrize("name", ["card-a", "信用卡", "a_b.c", "7"])
def test_ids_are_letters_of_any_script_and_digits(name: str) -> None:
    """A Chinese user names debts in Chinese."""
    assert name == debt(id=name).id


def test_settings_of_a_debt_come_before_those_of_the_case() -> None:
    """What neither gives is the house default."""
    found = case({"frequency": "week"}, frequency="quarter", day_count="ACT/365")
    settings = settings_of(found, found.debts[0])

    assert ("week", "actual/365", "none") == (
        settings.frequency,
        settings.day_count,
        settings.business_day,
    )


def test_rounding_is_completed_key_by_key() -> None:
    """A debt that gives only the unit keeps the case's mode."""
    found = case({"rounding": {"unit": "1"}}, rounding={"interest": "down"})
    rounding = settings_of(found, found.debts[0]).rounding

    assert ("down", Decimal(1)) == (rounding.interest, rounding.unit)


def test_the_default_unit_is_the_minor_unit() -> None:
    """A fen for yuan."""
    found = case({})

    assert Decimal("0.01") == settings_of(found, found.debts[0]).rounding.unit


@pytest.mark.parametrize(
    "keys",
    [
        {"principal": "100.5"},
        {"payments": [{"date": "2026-01-01", "amount": "0.5"}]},
        {"minimum_payment": {"share": "2.5%", "floor": "0.5"}},
        {"rounding": {"unit": "0.01"}},
    ],
)
def test_amounts_made_in_python_are_checked_against_the_currency(keys: dict[str, Any]) -> None:
    """A yen has no decimals, whoever writes the case; a share may have some."""
    with pytest.raises(ValidationError, match="more decimals than JPY"):
        case(keys, currency="JPY")


def test_a_case_cannot_be_changed() -> None:
    """Plans are computed from what was loaded."""
    with pytest.raises(ValidationError):
        case({}).currency = "USD"  # type: ignore[misc]


def test_every_key_has_a_description() -> None:
    """The schema is the reference for people who write cases."""
    kinds = [v for v in vars(models).values() if isinstance(v, type) and issubclass(v, BaseModel)]
    silent = [
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name, field in kind.model_fields.items()
        if not field.description
    ]

    assert [] == silent


def test_the_schema_requires_only_what_a_case_needs() -> None:
    """as_of, currency and debts; of a debt id, principal and rate."""
    schema = case_schema()

    assert {"as_of", "currency", "debts"} == set(schema["required"])
    assert {"id", "principal", "rate"} == set(schema["$defs"]["Debt"]["required"])
    assert "from" in schema["$defs"]["BudgetLine"]["properties"]


def test_a_day_count_of_bonds_is_refused_at_once() -> None:
    """Its periods are those of coupons; a plan could not be computed with it."""
    with pytest.raises(ValidationError, match="coupon periods"):
        case({}, day_count="actual/365 Canadian")
