"""`--redact`: no name, account or free text in any output of any command."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.run import run
from replan.cli import app

NAMED: dict[str, Any] = {
    "as_of": "2026-11-21",
    "currency": "CNY",
    "borrower": {"name": "Zhangsan", "reference": "REF-Zhangsan", "note": "Zhangsan"},
    "hardship": {"cause": "job-loss", "evidence": ["Zhangsan"], "note": "Zhangsan"},
    "budget": {
        "income": [{"label": "Zhangsan", "amount": "3000", "payer": "Zhangsan"}],
        "expenses": [{"label": "Zhangsan", "amount": "100", "category": "Zhangsan"}],
    },
    "questions": ["Zhangsan?", {"debt": "Zhangsan-card", "about": "rate", "text": "Zhangsan"}],
    "debts": [
        {
            "id": "Zhangsan-card",
            "creditor": "Zhangsan Bank",
            "product": "Zhangsan",
            "lender_type": "Zhangsan",
            "parties": {"platform": "Zhangsan", "owner": "Zhangsan"},
            "account": "Zhangsan",
            "note": "Zhangsan",
            "principal": "1200",
            "rate": "12%",
            "remaining_instalments": 12,
            "recurring_fees": [{"label": "Zhangsan", "amount": "1"}],
            "estimated": ["rate"],
        },
        {
            "id": "loan",
            "creditor": "Zhangsan",
            "Zhangsan": 1,
            "principal": "Zhangsan",
            "rate": "5%",
        },
    ],
}
COMMANDS = [
    ["check", "--debt", "Zhangsan-card"],
    ["check", "--view", "client"],
    ["compare", "--plan", "Zhangsan-card: split 12", "--why"],
    ["compare", "--view", "client"],
    ["stress", "--plan", "Zhangsan-card: split 12"],
    ["search", "--debt", "Zhangsan-card", "--others", "Zhangsan-card: contract"],
    ["show", "--plan", "Zhangsan-card: defer 3", "--debt", "Zhangsan-card", "--why"],
    ["compare", "--plan", "Zhangsan-card: splt 12"],
    ["compare", "--set", "budget.income.9.amount=1"],
    ["show", "--plan", "split 12", "--debt", "nobody"],
]
OWN_ANSWERS = {"new"}
"""Commands that write a case: what they print is what was just typed."""


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case file that holds a name wherever a text may stand, and in its own name."""
    path = tmp_path_factory.mktemp("redact") / "Zhangsan.json"
    path.write_text(json.dumps(NAMED), encoding="utf-8")
    return path


def call(path: Path, args: list[str], *more: str) -> str:
    """Run a command, redacted, in this process; return all that it prints, faults included."""
    command, *rest = args
    runner = CliRunner()
    done = runner.invoke(app.app, [command, str(path), *rest, "--redact", *more])
    return f"{done.output}{done.stderr}{done.exception or ''}"


@pytest.mark.parametrize(
    ("args", "form"),
    [
        *((args, form) for args in COMMANDS for form in ("table", "json")),
        *((args, form) for args in COMMANDS[:7] for form in ("csv", "md", "text", "html")),
    ],
)
def test_no_name_in_any_output(named: Path, args: list[str], form: str) -> None:
    """Neither on stdout nor on stderr."""
    printed = call(named, args, "--format", form)

    assert "zhangsan" not in printed.lower()
    assert printed.strip()


@pytest.mark.parametrize("args", COMMANDS[:7], ids=" ".join)
def test_no_name_in_any_part_of_a_workbook(named: Path, args: list[str]) -> None:
    """Neither in cells nor in the names of sheets nor in the properties of the document."""
    pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed")
    target = named.with_name("out.xlsx")

    assert "zhangsan" not in call(named, args, "-o", str(target)).lower()
    with zipfile.ZipFile(target) as book:
        parts = [book.read(name) + name.encode() for name in book.namelist()]
    assert not any(b"zhangsan" in part.lower() for part in parts)


def test_amounts_and_dates_stay(named: Path) -> None:
    """The figures are those of the case."""
    plain, masked = (
        json.loads(run("compare", str(named), "--format", "json", *more).stdout)["plans"]
        for more in ([], ["--redact"])
    )

    assert [plan["metrics"] for plan in plain] == [plan["metrics"] for plan in masked]


def test_every_command_that_reads_a_case_can_redact() -> None:
    """A new command has the option from its first day."""
    options = {
        name: {param.name for param in app.load_command(name).params}
        for name in app.COMMANDS
        if name not in OWN_ANSWERS
    }

    assert [] == [name for name, known in options.items() if {"case", "redact"} & known == {"case"}]


def test_names_shown_may_be_used_again(named: Path) -> None:
    """What a redacted output calls a debt, the next command understands."""
    done = run("show", str(named), "--plan", "debt-1: split 6", "--debt", "debt-1", "--redact")

    assert "Debt debt-1 · Creditor A" in done.stdout
    assert "debt-1: split 6" in done.stdout
