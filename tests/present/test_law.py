"""What the law says, as people read it: old debts first, questions for the call last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.run import run

OLD = {
    "id": "old",
    "creditor": "Collector",
    "lender_type": "collector",
    "product": "loan",
    "principal": "2000",
    "rate": "0%",
    "arrears": "2000",
    "days_past_due": 2300,
    "contract_date": "2017-01-01",
}


def written(folder: Path, jurisdiction: str = "GB-ENG", **debt: Any) -> str:
    """Write a case with one debt."""
    raw = {"as_of": "2026-11-21", "currency": "GBP", "jurisdiction": jurisdiction}
    path = folder / "case.json"
    path.write_text(json.dumps({**raw, "debts": [OLD | debt]}), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["compare"],
        ["show", "--plan", "split 12"],
        ["check", "--view", "client"],
        ["compare", "--view", "client"],
        ["show", "--plan", "split 12", "--view", "client"],
    ],
)
def test_an_old_debt_is_warned_of_before_anything_else(tmp_path: Path, command: list[str]) -> None:
    """The first line says it, in every command and for clients too."""
    name, *options = command
    first = run(name, written(tmp_path), *options).stdout.splitlines()[0]

    assert first.startswith("Before anything is sent or paid: old: Limitation in England")


def test_warning_is_in_chinese_too(tmp_path: Path) -> None:
    """A counsellor's client reads it."""
    first = run("check", written(tmp_path), "--lang", "zh").stdout.splitlines()[0]

    assert first.startswith("发送或支付任何内容之前：old：英格兰和威尔士时效")


def test_finding_says_what_was_found_and_where_it_stands(tmp_path: Path) -> None:
    """Title, value, limit, meaning, source, date, on one screen."""
    loan = {"lender_type": "private", "rate": "20%", "contract_date": "2024-03-01"}
    path = written(tmp_path, "CN", days_past_due=0, arrears="0", **loan)
    text = " ".join(run("check", path).stdout.split())

    assert "What the law says old: Private lending: four times the one-year LPR. 20 %" in text
    assert "above 13.8 %" in text
    assert "in force since 2023-08-21)" in text


def test_question_stands_apart_from_findings(tmp_path: Path) -> None:
    """What is not known is asked, under its own heading, in both languages."""
    loan = {"lender_type": "platform", "rate": "30%", "contract_date": "2026-03-01"}
    path = written(tmp_path, "CN", days_past_due=0, arrears="0", **loan)

    assert "To ask first\nold: Who is the funder" in run("check", path).stdout
    assert "先要问清\nold：资金方是谁" in run("check", path, "--lang", "zh").stdout


def test_json_of_a_finding(tmp_path: Path) -> None:
    """A program finds value, limit, source and the day since which it is in force."""
    done = run("check", written(tmp_path), "--format", "json")
    found = json.loads(done.stdout)["cases"][0]["findings"][0]

    assert ("uk.limitation.england-wales", 6, True) == (
        found["code"],
        found["limit"],
        found["exceeded"],
    )
    assert {"severity", "message", "value", "source", "since", "url", "debt"} <= set(found)


@pytest.mark.parametrize("command", [["check"], ["compare", "--plan", "split 12"]])
def test_silence_is_no_consent(tmp_path: Path, command: list[str]) -> None:
    """Where no pack is applied, that is said."""
    name, *options = command
    text = " ".join(run(name, written(tmp_path, "Narnia"), *options).stdout.split())

    assert "No rule of law was checked" in text
    assert "No rule of law was checked" not in run(name, written(tmp_path), *options).stdout
