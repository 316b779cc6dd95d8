"""Changes written as PATH=VALUE."""

from __future__ import annotations

from typing import Any

import pytest

from cli.run import FAMILY, run
from replan.cli.changes import set_values
from replan.errors import UsageError

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


BUDGET: dict[str, Any] = {
    "budget": {
        "income": [{"label": "wage", "amount": "10", "every": "week"}, {"label": "help"}],
        "expenses": [{"label": "help", "amount": "3"}, {"label": "No. 5", "amount": "4"}],
        "buffer": "1",
    },
}


@pytest.mark.parametrize("path", ["budget.wage", "budget.income.wage", "budget.wage.amount"])
def test_a_line_is_found_by_its_label(path: str) -> None:
    """A line alone means its amount; the rest of it stays."""
    line = set_values(BUDGET, [f"{path}=5000"])["budget"]["income"][0]

    assert {"label": "wage", "amount": 5000, "every": "week"} == line


def test_a_label_may_hold_dots_and_blanks() -> None:
    """The longest name that fits is meant."""
    changed = set_values(BUDGET, ["budget.No. 5.category=rent", "budget.No. 5=6"])

    expected = {"label": "No. 5", "amount": 6, "category": "rent"}
    assert expected == changed["budget"]["expenses"][1]


def test_keys_of_the_budget_go_before_labels() -> None:
    """The buffer is the buffer, whatever a line is called."""
    assert 7 == set_values(BUDGET, ["budget.buffer=7"])["budget"]["buffer"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("budget.wgae", "Did you mean wage"),
        ("budget.rent", "There is: wage, help, No. 5"),
        ("budget.help", "stands 2 times"),
        ("debts.card", "Did you mean card-a"),
        ("debts.card-a", "Name one of its keys: id, rate"),
        ("budget.wage.amount.x", "nothing below"),
    ],
)
def test_message_lists_what_there_is(path: str, says: str) -> None:
    """Whoever mistypes a name learns the names."""
    with pytest.raises(UsageError, match=says):
        set_values({**RAW, **BUDGET}, [f"{path}=5"])


@pytest.mark.parametrize(
    "command", [("search", "--debt", "card"), ("solve",), ("stress", "--plan", "contract")]
)
def test_every_result_says_what_was_changed(command: tuple[str, ...]) -> None:
    """A page on the table must not look like the case as it is; a redacted one names nothing."""
    name, *rest = command
    plain, hidden = (
        run(name, FAMILY, *rest, "--set", "budget.伙食=1950", *more).stdout
        for more in ((), ("--redact",))
    )

    assert "Changed: budget.伙食=1950." in plain
    assert "伙食" not in hidden
