"""Options in groups: what users see, and what a command gets."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.run import FAMILY, run
from replan.cli.app import COMMANDS, load_command
from replan.cli.groups import spread_options

JSON = ("--format", "json")
WORKS_ON_ONE_CASE = ("compare", "show", "search", "solve", "stress")


@dataclass(frozen=True)
class Place:
    """Where."""

    street: str = "Long Lane"
    number: int = 1


def test_each_option_of_a_group_stands_in_the_signature() -> None:
    """Typer sees plain options with their types and defaults."""

    @spread_options
    def visit(name: str, *, place: Place) -> None:
        raise AssertionError(name, place)

    shown = inspect.signature(visit).parameters.values()
    assert ["name", "street", "number"] == [param.name for param in shown]
    assert ["Long Lane", 1] == [param.default for param in shown][1:]
    assert [str, str, int] == [param.annotation for param in shown]


def test_the_command_gets_its_groups() -> None:
    """What is given for the options arrives as one value."""
    seen: list[object] = []

    @spread_options
    def visit(name: str, *, place: Place) -> None:
        seen.extend([name, place])

    visit(name="Ann", street="Short Lane", number=7)
    assert ["Ann", Place("Short Lane", 7)] == seen


def test_two_options_of_one_name_are_refused() -> None:
    """A group cannot take an option's place unseen."""

    def visit(*, number: int = 2, place: Place) -> None:
        raise AssertionError(number, place)

    with pytest.raises(ValueError, match="duplicate parameter name"):
        spread_options(visit)


@pytest.mark.parametrize("name", WORKS_ON_ONE_CASE)
def test_commands_on_a_case_take_the_same_options(name: str) -> None:
    """What one command can be told about its case and its output, the others can."""
    flags = {flag for param in load_command(name).params for flag in param.opts}
    expected = {"--set", "--scenario", "--save-as", "--surplus", "--as-of", "--sheet", "--dates"}
    expected |= {"--map", "--encoding", "--redact", "--explain", "--format", "--output", "--lang"}

    assert set() == expected - flags


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_each_option_once(name: str) -> None:
    """No two parameters answer to one flag."""
    flags = [flag for param in load_command(name).params for flag in param.opts]

    assert sorted(set(flags)) == sorted(flags)


def test_a_change_is_told_by_every_command(tmp_path: Path) -> None:
    """The result says what was changed in the case, also where plans are only tested."""
    solution = tmp_path / "plan.json"
    solution.write_text('{"objective": "cheapest", "plan": "split 36"}', encoding="utf-8")
    done = run("stress", FAMILY, "--set", "surplus=9000", "--solution", str(solution), *JSON)
    found = json.loads(done.stdout)

    assert ["surplus=9000"] == found["set"]
    assert "split 36" in [plan["plan"] for plan in found["plans"]]
