"""Asks in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import replan
from replan.present.asks import ask_line, asks_told, reason_line
from replan.present.words import Words, load_catalogue

STRATEGIES = (Path(replan.__file__).parent / "strategies").glob("*.py")
CODES = sorted(
    code
    for path in STRATEGIES
    for code in re.findall(r'Ask\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("code", CODES)
def test_every_ask_has_chinese_words(code: str) -> None:
    """Letters in Chinese need each ask in Chinese."""
    assert f"ask.{code}" in load_catalogue("zh")


@pytest.mark.parametrize(
    ("expected", "code", "values"),
    [
        ("欠款分 24 期偿还。", "split", {"n": 24}),
        (
            "减免罚息的 50 %（按时还款 6 期后）。",
            "waive-penalty",
            {"share": "50 %", "when": "on-time:6"},
        ),
        ("每位债权人接受按欠款比例分配。", "household-pro-rata", {}),
        ("减免费用的 100 %（立即）。", "waive-fees", {"share": "100 %", "when": "now"}),
        ("利率调整为 6 %（直到结清）。", "rate", {"rate": "6%", "n": 0}),
        ("利率调整为 6 %（12 期内）。", "rate", {"rate": "6%", "n": 12}),
        ("自即日至2027-01-31不计利息。", "freeze-between", {"from": "", "to": "2027-01-31"}),
        (
            "逾期的利息、罚息计入本金并开始计息，不再视为逾期。",
            "capitalise",
            {"components": ["interest", "penalty"]},
        ),
    ],
)
def test_ask_in_chinese(expected: str, code: str, values: dict[str, Any]) -> None:
    """The values of an ask fill the sentence of its code."""
    assert expected == ask_line({"code": code, "text": "…", "values": values}, Words("zh"))


def test_ask_in_english_speaks_for_itself() -> None:
    """The strategy's own sentence is shown; so is a bare text and an unknown code."""
    ask = {
        "code": "split",
        "text": "What is owed is repaid in 24 instalments.",
        "values": {"n": 24},
    }

    assert ask["text"] == ask_line(ask, Words("en"))
    assert "Be kind." == ask_line("Be kind.", Words("zh"))
    assert "Be kind." == ask_line({"code": "kind", "text": "Be kind."}, Words("zh"))


def test_reason_in_chinese_names_components_and_conventions() -> None:
    """What English leaves as a word of the file is a word of the reader in Chinese."""
    parts = {"sum": "interest 5.00 + penalty 1.00", "result": "6.00"}
    apr = {"convention": "nominal", "outlay": "9.00", "result": "1.00 %"}

    assert "减免 = 利息 5.00 + 罚息 1.00 = 6.00" == reason_line(
        {"code": "why-waived", "text": "…", "values": parts}, Words("zh")
    )
    assert "名义年利率" in reason_line({"code": "why-apr", "text": "…", "values": apr}, Words("zh"))


def split(n: int, *debts: str) -> dict[str, Any]:
    """Return a request for instalments, for some debts."""
    return {"code": "split", "text": f"split {n}", "values": {"n": n}, "debts": list(debts)}


def test_requests_name_the_creditors_where_plans_differ() -> None:
    """Two sentences on instalments, of which nobody could tell whose they are."""
    rent = {"id": "rent", "creditor": "王先生", "plan": "split 4"}
    card = {"id": "card", "creditor": "", "plan": "split 12"}
    plan = {"debts": [rent, card], "asks": [split(4, "rent"), split(12, "card")]}

    assert ["王先生：欠款分 4 期偿还。", "card：欠款分 12 期偿还。"] == asks_told(plan, Words("zh"))


def test_requests_of_one_plan_for_all_stand_once() -> None:
    """The debts that keep their contract do not count as another plan."""
    debts = [
        {"id": i, "plan": p} for i, p in (("a", "split 4"), ("b", "split 4"), ("c", "contract"))
    ]

    assert ["欠款分 4 期偿还。"] == asks_told(
        {"debts": debts, "asks": [split(4, "a", "b")]}, Words("zh")
    )
