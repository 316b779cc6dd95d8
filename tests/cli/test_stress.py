"""`replan stress` as a user runs it."""

from __future__ import annotations

import json

import pytest

from cli.run import FAMILY, run


def test_the_plans_for_the_cause_are_tested() -> None:
    """The family's plans stand beside the contract, and one of them survives no test: exit 1."""
    done = run("stress", FAMILY)
    assert (1, "") == (done.returncode, done.stderr)
    assert "Return 3 months later" in done.stdout


def test_a_plan_that_survives_ends_well() -> None:
    """A long plan at a lower payment survives a small fall in income."""
    sizes = ("--income-fall", "1%", "--later", "0")
    done = run("stress", FAMILY, "--plan", "freeze 6 + split 48", *sizes, "--format", "json")
    tests = json.loads(done.stdout)["plans"][1]["tests"]
    assert all(test["survives"] for test in tests) == (done.returncode == 0)


@pytest.mark.parametrize("form", ["csv", "md", "table"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_form_is_printed(form: str, lang: str) -> None:
    """No form is empty and no line of the table is wider than a terminal."""
    done = run("stress", FAMILY, "--format", form, "--lang", lang, COLUMNS="80")
    assert "" == done.stderr
    assert "split 12" in done.stdout
