"""Completion, asked for as the shells ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.run import FAMILY, run
from replan.cli.scenarios import save_scenario


def complete(*words: str) -> list[str]:
    """Return what bash would offer for the last of *words*."""
    line = "\n".join(["replan", *words])
    count = str(len(words))
    done = run(_REPLAN_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=count)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (["compare"], ["com"]),
        (["--surplus"], ["compare", FAMILY, "--su"]),
        (["full", "client"], ["show", FAMILY, "--view", ""]),
        (["kuaidai"], ["compare", FAMILY, "--debt", "k"]),
        (["job-loss"], ["compare", FAMILY, "--cause", "j"]),
        (["re-age", "reamortise"], ["strategies", "re"]),
        (["defer 3 + split"], ["compare", FAMILY, "--plan", '"defer 3 + sp']),
        (["split 9 method=level"], ["show", FAMILY, "--plan", '"split 9 method=le']),
        (["split 9 every="], ["show", FAMILY, "--plan", '"split 9 ev']),
        (["capitalise", "card: ", "car: "], ["show", FAMILY, "--plan", '"ca']),
        (["card: split 3; xinyi: "], ["show", FAMILY, "--plan", '"card: split 3; x']),
        (["budget.房租="], ["compare", FAMILY, "--set", "budget.房"]),
        (["debts.car.rate="], ["compare", FAMILY, "--set", "debts.car.ra"]),
        ([""], ["compare", "no-such-file.json", "--debt", ""]),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, list) else "",
)
def test_bash(expected: list[str], words: list[str]) -> None:
    """Commands, options, debts of the file, causes, strategies, plans and paths."""
    assert expected == complete(*words)


def test_scenarios_of_the_case_are_offered(tmp_path: Path) -> None:
    """The case itself, then what was saved beside it."""
    case = tmp_path / "case.json"
    case.write_text("{}", encoding="utf-8")
    save_scenario(str(case), "lean", ["surplus=5"])

    assert ["base", "lean"] == complete("compare", str(case), "--scenario", "")


def test_zsh_and_fish_show_what_a_value_means() -> None:
    """The creditor stands beside the id of the debt."""
    line = f"replan compare {FAMILY} --debt k"
    zsh = run(_REPLAN_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=line).stdout
    fish = run(
        _REPLAN_COMPLETE="complete_fish",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
        _TYPER_COMPLETE_ARGS=line,
    ).stdout

    assert '"kuaidai":"快达小额贷款有限公司"' in zsh
    assert "kuaidai\t快达小额贷款有限公司" in fish


def test_names_from_a_file_cannot_run(tmp_path: Path) -> None:
    """Zsh evaluates what it is offered, so a file cannot put commands into it."""
    case = tmp_path / "case.json"
    hostile = "\\\"; $(touch x) `id` ' | &"
    debts = [{"id": "a", "creditor": hostile}, {"id": 'b"; id'}, {"id": "$(id)"}]
    case.write_text(json.dumps({"debts": debts}), encoding="utf-8")
    line = f"replan compare {case} --debt "
    shown = run(_REPLAN_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=line).stdout

    assert '_arguments \'*: :(("a":"touch x id"))\'' == shown.strip()
    assert ["a"] == complete("compare", str(case), "--debt", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_for_each_shell(shell: str) -> None:
    """`--show-completion` prints what the shell is to load."""
    shown = run("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")

    assert "_REPLAN_COMPLETE=complete_" + shell in shown.stdout
    assert 0 == shown.returncode


def test_completion_can_be_installed(tmp_path: Path) -> None:
    """`--install-completion` writes into the home of the user, and nowhere else."""
    chosen = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = run("--install-completion", "bash", cwd=None, HOME=str(tmp_path), **chosen)

    assert 0 == done.returncode
    assert "complete_bash" in (tmp_path / ".bash_completions" / "replan.sh").read_text()
