"""Files into cases."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from replan.errors import DataError, UsageError
from replan.io.load import load, load_case

EXAMPLES = Path(__file__).parents[2] / "examples"


def case(**keys: Any) -> dict[str, Any]:
    """Return the smallest case, with *keys* set on its debt."""
    debt = {"id": "a", "principal": "100.00", "rate": "5%", **keys}
    return {"as_of": "2026-11-21", "currency": "CNY", "debts": [debt]}


@pytest.mark.parametrize("name", ["card-92-days.json", "family.json"])
def test_the_shipped_cases_load_without_an_issue(name: str) -> None:
    """An example that warns would teach people to ignore warnings."""
    loaded = load(EXAMPLES / name)

    assert ([], 1) == (loaded.issues, len(loaded.cases))


def test_the_smallest_case_is_enough() -> None:
    """Only as_of, currency and each debt's id, principal and rate are required."""
    debt = load_case(case()).debts[0]

    assert ("a", Decimal("100.00"), "5%") == (debt.id, debt.principal, str(debt.rate))


def test_one_bad_debt_does_not_lose_the_good_ones() -> None:
    """The case loads without it and is marked incomplete."""
    raw = case()
    raw["debts"].append({"id": "b", "principal": "1OO", "rate": "5%"})
    loaded = load(json.dumps(raw, indent=1).encode())

    assert ["a"] == [debt.id for debt in loaded.cases[0].debts]
    assert (["b"], True) == (loaded.dropped, loaded.cases[0].incomplete)
    assert ['input:12:debts[1].principal: "1OO" is not an amount in CNY. Write 100.00.'] == [
        str(issue) for issue in loaded.issues
    ]


def test_load_case_raises_with_every_issue() -> None:
    """The strict form takes no half case."""
    with pytest.raises(DataError) as caught:
        load_case(case(principal="x", rate="y"))

    assert ["amount-unreadable", "rate-unreadable"] == [i.code for i in caught.value.issues]


@pytest.mark.parametrize("name", ["nowhere.json", ".", "a\0b"])
def test_a_file_that_cannot_be_opened_is_wrong_use(name: str) -> None:
    """A missing file is the caller's mistake, said plainly."""
    with pytest.raises(UsageError):
        load(name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-le"])
def test_usual_encodings_are_recognised(encoding: str) -> None:
    """Exports from Chinese software are GB18030 as often as UTF-8."""
    raw = json.dumps(case(creditor="海川银行"), ensure_ascii=False)

    assert "海川银行" == load_case(raw.encode(encoding)).debts[0].creditor


def test_options_take_the_place_of_the_file() -> None:
    """A surplus given on the command line replaces the budget."""
    raw = {**case(), "budget": {"income": []}}
    loaded = load_case(raw, surplus="500", as_of="2026-12-01")

    assert (None, "2026-12-01") == (loaded.budget, loaded.as_of.isoformat())


def test_a_case_prints_back_to_itself() -> None:
    """The JSON form of a case is a case file."""
    first = load_case(EXAMPLES / "family.json")

    assert first == load_case(first.model_dump_json().encode())


def test_an_order_of_dates_holds_for_a_case_file_too() -> None:
    """One parser reads the dates of every kind of file."""
    raw = json.dumps(case(next_due="10/12/2026")).encode()

    assert ["date-ambiguous"] == [issue.code for issue in load(raw).issues]
    assert "2026-12-10" == str(load_case(raw, dates="day-first").debts[0].next_due)
