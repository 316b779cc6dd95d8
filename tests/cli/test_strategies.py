"""`replan strategies`."""

from __future__ import annotations

import json

import pytest

from cli.run import run
from replan.present.words import load_catalogue
from replan.strategies import strategies


def test_list_names_every_strategy() -> None:
    """A line for each, by name."""
    done = run("strategies")

    assert 0 == done.returncode
    assert [] == [name for name in strategies() if f"\n{name}: " not in done.stdout]


def test_one_in_full() -> None:
    """Notation, category, description and parameters."""
    text = run("strategies", "defer").stdout

    assert "defer N [at=N|DATE]" in text
    assert "grace period" in text
    assert "spread | first | end | capitalise | scheduled | waive" in text


def test_unknown_strategy_is_wrong_use() -> None:
    """The nearest name is suggested."""
    done = run("strategies", "defre")

    assert 2 == done.returncode
    assert "Did you mean defer?" in done.stderr


def test_json_lists_parameters() -> None:
    """A program finds names, values and defaults."""
    data = json.loads(run("strategies", "defer", "--format", "json").stdout)

    parameters = {one["name"]: one for one in data["strategies"][0]["parameters"]}
    assert "N" == parameters["instalments"]["values"]
    assert "spread" == parameters["interest"]["default"]


@pytest.mark.parametrize("name", strategies())
def test_strategy_and_its_category_have_chinese_words(name: str) -> None:
    """Chinese readers get a Chinese line for each strategy that ships."""
    words = load_catalogue("zh")

    assert f"strategy.{name}" in words
    assert f"forbearance.{strategies()[name].forbearance}" in words
