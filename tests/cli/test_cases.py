"""Opening a case with changes."""

from __future__ import annotations

from typing import Any

import pytest

from cli.run import FAMILY
from replan.cli.cases import Reading, open_case, parse_mapping, set_values
from replan.errors import UsageError
from replan.present.words import Words

RAW: dict[str, Any] = {
    "budget": {"income": [{"label": "wage", "amount": "10"}, {"amount": "20"}]},
    "debts": [{"id": "card-a", "rate": "18%"}],
}


@pytest.mark.parametrize(
    ("expected", "change"),
    [
        ("12%", "debts.card-a.rate=12%"),
        ("12%", "debts.0.rate=12%"),
        ("a=b", "debts.card-a.rate=a=b"),
        (7, "debts.card-a.rate=7"),
        (True, "debts.card-a.rate=true"),
        ("NaN", "debts.card-a.rate=NaN"),
        ("", "debts.card-a.rate="),
    ],
)
def test_change_by_id_or_place(expected: object, change: str) -> None:
    """A value is JSON where it is JSON, else a text; NaN is a text and refused later."""
    assert expected == set_values(RAW, [change])["debts"][0]["rate"]
    assert "18%" == RAW["debts"][0]["rate"]


def test_changes_apply_in_order_and_make_new_keys() -> None:
    """A later change sees the earlier one."""
    changed = set_values(RAW, ["budget.income.wage.amount=1", "budget.buffer=5"])

    assert "1" == str(changed["budget"]["income"][0]["amount"])
    assert 5 == changed["budget"]["buffer"]


@pytest.mark.parametrize(
    "change", ["rate", "=5", "debts.none.rate=1", "debts.9.rate=1", "debts.card-a.rate.x=1"]
)
def test_unknown_place_is_wrong_use(change: str) -> None:
    """A path that leads nowhere is refused, never ignored."""
    with pytest.raises(UsageError, match="--set"):
        set_values(RAW, [change])


def test_mapping_is_pairs_or_a_file() -> None:
    """Pairs make a mapping, a single name is a file, both together are refused."""
    assert parse_mapping([]) is None
    assert {"Bal": "principal", "a=b": "rate"} == parse_mapping(["Bal=principal", "a=b=rate"])
    assert "map.toml" == parse_mapping(["map.toml"])
    with pytest.raises(UsageError):
        parse_mapping(["map.toml", "a=b"])


def test_changed_case_is_validated() -> None:
    """What was changed is read as if it had stood in the file."""
    case, faulty = open_case(FAMILY, Reading(), Words("en"), changes=["debts.card.rate=12%"])

    assert not faulty
    assert "12%" == str(case.debts[0].rate)
    assert 5 == len(case.debts)


def test_surplus_takes_the_budgets_place() -> None:
    """--set surplus=… does what --surplus does."""
    case, faulty = open_case(FAMILY, Reading(), Words("en"), changes=["surplus=2600"])

    assert not faulty
    assert case.budget is None
    assert ["2600.00"] == [str(entry.amount) for entry in case.surplus or ()]
