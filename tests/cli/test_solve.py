"""`replan solve` as a user runs it, and what show and compare make of its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.run import FAMILY, run

pytest.importorskip("highspy", reason="the solver is an extra: pip install 'replan[solve]'")


def test_the_family_gets_a_plan_that_fits(tmp_path: Path) -> None:
    """Each month is within what is left, and the file is shown and compared as any plan."""
    file = tmp_path / "plan.json"
    done = run("solve", FAMILY, "-o", str(file))
    data = json.loads(file.read_text(encoding="utf-8"))

    assert (0, "") == (done.returncode, done.stderr)
    assert all(float(m["payment"]) <= float(m["surplus"]) for m in data["by_month"])
    for command in ("show", "compare"):
        again = run(command, FAMILY, "--solution", str(file), "--format", "json")
        assert data["plan"] in json.dumps(json.loads(again.stdout), ensure_ascii=False)


@pytest.mark.parametrize("form", ["table", "csv", "md", "json"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_form_is_printed(form: str, lang: str) -> None:
    """The plan of every debt is there."""
    done = run("solve", FAMILY, "--objective", "cheapest", "--format", form, "--lang", lang)
    assert (0, "") == (done.returncode, done.stderr)
    assert "split" in done.stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_that_fits_ends_with_what_is_missing(lang: str) -> None:
    """Exit 1, and the least extra surplus."""
    done = run("solve", FAMILY, "--surplus", "3300", "--lang", lang)
    data = json.loads(run("solve", FAMILY, "--surplus", "3300", "--format", "json").stdout)

    assert (1, None) == (done.returncode, data["plan"])
    assert f"{float(data['missing']['extra_surplus']):,.2f}" in done.stdout


def test_a_solution_without_a_plan_is_refused(tmp_path: Path) -> None:
    """There is nothing to show."""
    file = tmp_path / "plan.json"
    run("solve", FAMILY, "--surplus", "100", "-o", str(file))
    done = run("show", FAMILY, "--solution", str(file))
    assert (2, "") == (done.returncode, done.stdout)
    assert "nothing fitted" in done.stderr


@pytest.mark.parametrize("content", ["", "[]", "{", '{"plan": "split 3"}', "\udcff"])
def test_another_file_is_no_solution(tmp_path: Path, content: str) -> None:
    """The message says how to write one."""
    file = tmp_path / "other.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    done = run("show", FAMILY, "--solution", str(file))
    assert 2 == done.returncode
    assert "replan solve CASE -o" in done.stderr


def test_a_policy_may_be_named_for_a_debt() -> None:
    """The strict company's policy for the card leaves it three instalments at most."""
    args = ("--policy", "card=cn-small-loan-strict", "--format", "json")
    data = json.loads(run("solve", FAMILY, *args).stdout)
    assert "cn-small-loan-strict" == data["menus"][0]["policy"]["id"]


def test_a_policy_used_for_debts_it_is_not_meant_for_is_pointed_out() -> None:
    """A small-loan company's policy says nothing of what a bank's card may get."""
    args = ("solve", FAMILY, "--policy", "card=cn-small-loan-strict")
    data = json.loads(run(*args, "--format", "json").stdout)
    told = " ".join(run(*args).stdout.split())

    assert [["not-meant"], []] == [[r["code"] for r in m["remarks"]] for m in data["menus"][:2]]
    assert "The policy cn-small-loan-strict is not meant for debts like card" in told


def test_an_unknown_objective_is_wrong_use() -> None:
    """The message lists what there is."""
    done = run("solve", FAMILY, "--objective", "best")
    assert 2 == done.returncode
    assert "smallest-ask" in done.stderr


@pytest.mark.parametrize("others", [(), ("--policy", "b=general")])
def test_debts_that_keep_too_much_are_named(others: tuple[str, ...]) -> None:
    """Rent due at once is more than is left: the debt is named, and how it is planned too."""
    debts = [
        {"id": name, "principal": "600", "rate": "0%", "arrears": {"principal": "600"},
         "priority": True} for name in ("a", "b")
    ]  # fmt: skip
    case = {"as_of": "2026-11-22", "currency": "GBP", "surplus": "150", "debts": debts}

    done = run("solve", "-", *others, stdin=json.dumps(case))
    assert 1 == done.returncode
    assert "--policy a=general" in " ".join(done.stdout.split())
