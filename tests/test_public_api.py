"""The public face: exactly these names, each documented, at no cost until used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import replan

PUBLIC = [
    "Case",
    "Comparison",
    "Counter",
    "DataError",
    "Issue",
    "Loaded",
    "PackError",
    "Policy",
    "Proposal",
    "ReplanError",
    "Searched",
    "Shown",
    "Solution",
    "UsageError",
    "apr",
    "case_schema",
    "compare",
    "counter",
    "due_dates",
    "findings",
    "irr",
    "load",
    "load_case",
    "load_policy",
    "load_rules",
    "npv",
    "offers",
    "plan_schema",
    "policies",
    "policies_for",
    "policy_for",
    "policy_schema",
    "propose",
    "redact",
    "rule_packs",
    "rules_for",
    "reconcile",
    "schedule",
    "schedules",
    "search",
    "show",
    "solve",
    "stress",
    "year_fraction",
]


def test_all_is_exactly_the_public_names() -> None:
    """A name joins or leaves the public interface here, never by accident."""
    assert sorted(PUBLIC) == sorted(replan.__all__)


@pytest.mark.parametrize("name", replan.__all__)
def test_public_name_exists_and_is_documented(name: str) -> None:
    """Every public name can be imported and says what it is."""
    assert getattr(replan, name).__doc__


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that does not exist fails as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        replan.nothing  # noqa: B018


def test_import_is_cheap() -> None:
    """`import replan` loads neither numpy nor pydantic nor a stage of the engine."""
    code = "import sys, replan; print([m for m in sys.modules if m.split('.')[0] in {heavy}])"
    heavy = {"numpy", "pydantic", "typer", "rich", "dateutil"}
    command = [sys.executable, "-c", code.replace("{heavy}", repr(heavy))]

    assert "[]\n" == subprocess.run(command, capture_output=True, check=True, text=True).stdout  # noqa: S603


def test_dir_lists_the_public_names() -> None:
    """Completion in an interpreter finds them."""
    assert set(replan.__all__) <= set(dir(replan))
