"""`replan check`."""

from __future__ import annotations

import json

from rich.cells import cell_len

from cli.run import FAMILY, run

CASE = {
    "as_of": "2026-11-21",
    "currency": "CNY",
    "surplus": "1000",
    "debts": [{"id": "a", "creditor": "Bank", "principal": "5000.5", "rate": "18%"}],
}


def test_sound_case() -> None:
    """Balances are shown, exit code 0."""
    done = run("check", "-", stdin=json.dumps(CASE))

    assert 0 == done.returncode
    assert "5,000.50" in done.stdout
    assert "No problems found." in done.stdout


def test_problems_are_data_and_exit_code_1() -> None:
    """Each problem stands on stdout with its place."""
    broken = json.dumps(CASE).replace("18%", "very much")

    done = run("check", "-", stdin=broken)

    assert 1 == done.returncode
    assert "error: stdin:1:debts[0].rate" in done.stdout


def test_json_form() -> None:
    """Issues and balances are there for a program."""
    data = json.loads(run("check", "-", "--format", "json", stdin=json.dumps(CASE)).stdout)

    assert [] == data["issues"]
    assert "5000.50" == data["cases"][0]["debts"][0]["outstanding"]


def test_hostile_names_are_harmless() -> None:
    """Neither an escape in a name nor markup does anything."""
    hostile = json.dumps(CASE).replace("Bank", "\\u001b[2J[red]x")

    done = run("check", "-", stdin=hostile)

    assert "\x1b" not in done.stdout + done.stderr
    assert "[red]x" in done.stdout


def test_every_debt_of_the_example_is_shown() -> None:
    """The shipped family owes five creditors."""
    data = json.loads(run("check", FAMILY, "--format", "json").stdout)

    assert 5 == len(data["cases"][0]["debts"])


def test_statement_path_and_pay_day_are_shown() -> None:
    """The family's budget by section, its surplus by month, and what is due before pay-day."""
    shown = run("check", FAMILY).stdout

    assert "  孩子学杂费" in shown
    assert "2027-04 to 2028-10  3,950.00" in shown
    assert "card is due on day 5" in shown
    assert "date 10" in shown


def test_no_line_is_wider_than_the_screen() -> None:
    """80 columns hold every line, Chinese characters counted twice."""
    lines = [line for lang in ("en", "zh") for line in _lines("check", FAMILY, lang)]

    assert [] == [line for line in lines if cell_len(line) > 80]


def _lines(command: str, case: str, lang: str) -> list[str]:
    return run(command, case, "--lang", lang).stdout.splitlines()
