"""Scenarios: changes that are kept under a name and seen again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.run import run
from replan.cli.scenarios import changes_of, check_name, save_scenario, scenario_file
from replan.errors import UsageError

CASE = """{"as_of": "2026-11-21",   "currency": "CNY",
 "budget": {"income": [{"label": "wage", "amount": 6000.50}],
            "expenses": [{"label": "rent", "amount": "1800"}]},
 "debts": [{"id": "card", "principal": "12000.00", "rate": "12%"}]}"""


@pytest.fixture
def case(tmp_path: Path) -> str:
    """Write a case file whose formatting and decimals are its owner's."""
    path = tmp_path / "case.json"
    path.write_text(CASE, encoding="utf-8")
    return str(path)


def test_scenario_is_saved_and_seen_again(case: str) -> None:
    """What --set showed, --scenario shows; the case file is not touched."""
    args = ("compare", case, "--plan", "split 3", "--format", "json")
    first = run(*args, "--set", "budget.wage=5000", "--save-as", "B")
    again = run(*args, "--scenario", "B")

    assert first.stdout == again.stdout
    assert "Saved as B" in first.stderr
    assert CASE == Path(case).read_text(encoding="utf-8")
    assert 0o600 == scenario_file(case).stat().st_mode & 0o777


def test_scenarios_stand_side_by_side(case: str) -> None:
    """With 6000.50 the plan fits, with 5000 it does not; one is enough for exit code 0."""
    save_scenario(case, "B", ["budget.wage=5000"])
    args = ("compare", case, "--plan", "split 3", "--scenario", "base", "--scenario", "B")
    done = run(*args, "--format", "json")

    found = {s["scenario"]: s for s in json.loads(done.stdout)["scenarios"]}
    assert ["tight", "short"] == [
        found[name]["plans"][2]["metrics"]["verdict"] for name in ("base", "B")
    ]
    assert ["budget.wage=5000"] == found["B"]["set"]
    assert 0 == done.returncode
    assert "B: budget.wage=5000" in run(*args).stdout


def test_a_scenario_can_be_built_on_another(case: str) -> None:
    """The changes of the first come before the new ones, and both are kept."""
    save_scenario(case, "B", ["budget.wage=5000"])
    run("show", case, "--plan", "split 3", *("--scenario", "B"), *("--set", "budget.buffer=9"))
    run(
        *("show", case, "--plan", "split 3", "--scenario", "B"),
        *("--set", "budget.buffer=9", "--save-as", "C"),
    )

    assert ["budget.wage=5000", "budget.buffer=9"] == changes_of(case, "C")
    assert ["budget.wage=5000"] == changes_of(case, "B")


@pytest.mark.parametrize("name", ["base", "a/b", "..", ""])
def test_name_is_checked(case: str, name: str) -> None:
    """A name is letters, digits, - _ and ., and not the word for the case itself."""
    with pytest.raises(UsageError, match="cannot name a scenario"):
        check_name(case, name, ["a=1"])


def test_a_saved_scenario_is_never_written_over(case: str) -> None:
    """The same name for other changes is refused and says what stands there."""
    save_scenario(case, "B", ["budget.wage=5000"])

    check_name(case, "B", ["budget.wage=5000"])
    with pytest.raises(UsageError, match=r"--set budget.wage=5000. Choose another name"):
        check_name(case, "B", ["budget.wage=4000"])


@pytest.mark.parametrize("text", ["{", "[]", '{"replan": 1, "scenarios": {"B": "x"}}', "{}"])
def test_damaged_file_is_not_touched(case: str, text: str) -> None:
    """A file that holds something else is refused, never replaced."""
    scenario_file(case).write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match=r"scenarios\.json"):
        save_scenario(case, "B", ["a=1"])
    assert text == scenario_file(case).read_text(encoding="utf-8")


def test_wrong_use_is_told(case: str) -> None:
    """No such scenario, nothing to save, stdin, several at once under one name."""
    plan = ("--plan", "split 3")
    many = ("--scenario", "base", "--scenario", "base")
    codes = [
        run("show", case, *plan, "--scenario", "B").returncode,
        run("show", case, *plan, "--save-as", "B").returncode,
        run("show", "-", *plan, *("--set", "surplus=5", "--save-as", "B"), stdin=CASE).returncode,
        run("compare", case, *plan, *many, "--save-as", "B").returncode,
    ]

    assert [2, 2, 2, 2] == codes
    assert not scenario_file(case).exists()
