"""Opening a case with changes."""

from __future__ import annotations

import pytest

from cli.run import FAMILY
from replan.cli.cases import Reading, open_case, parse_mapping
from replan.errors import UsageError
from replan.present.words import Words


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
