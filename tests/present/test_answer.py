"""Answers for a chat window."""

from __future__ import annotations

from present.samples import comparison, metrics, shown
from replan.present.answer import to_answer
from replan.present.blocks import Block, Heading, Lines, Preformatted, table
from replan.present.words import Words

EN, ZH = Words("en"), Words("zh")
MONTHS = [{"month": "2026-12", "payment": "2100.00", "surplus": None, "short": None}]


def test_plans_that_can_be_kept_come_first() -> None:
    """Then those that cannot, and the contract in one line."""
    data = comparison("split 24", "split 12")
    data["plans"][0]["metrics"] = metrics(largest_shortfall="90.00")
    data["plans"][1] |= {"by_month": MONTHS}

    lines = to_answer(data, EN, kind="compare").splitlines()

    assert "B: split 12 – Can be kept. Paid: 2026-12 2,100.00. In all 56,784.50." == lines[1]
    assert "A: split 24 – Cannot be kept: too much in 3 of the months, by up to 90.00." in lines[2]
    assert lines[3].startswith("contract: ")


def test_one_plan_says_what_is_paid_and_asked_for() -> None:
    """Each debt, what is asked of its creditor, then all debts."""
    lines = to_answer(shown(), ZH, kind="show").splitlines()

    assert "还款方案（截至 ，单位 CNY）：defer 3 + split 24" == lines[0]
    assert lines[1].startswith("card-a（Example Bank）：")
    assert lines[2].startswith("请求：(1) No instalment")
    assert "全部债务：偏紧：" in lines[3]


def test_file_in_a_few_lines() -> None:
    """What is owed, what of it is past due, and the errors."""
    debt = {"id": "a", "creditor": "\x1b[1mX", "outstanding": "9.00", "arrears": "1.00"}
    case = {"as_of": "2026-11-21", "currency": "EUR", "outstanding": "9.00"}
    cases = [case | {"debts": [debt | {"days_past_due": 3}]}]

    expected = (
        "As of 2026-11-21: 9.00 EUR on 1 debts, 1.00 of it past due.\n"
        "a (X): 9.00, 1.00 of it past due for 3 days.\nNo problems found.\n"
    )
    assert expected == to_answer({"cases": cases, "issues": []}, EN, kind="check")


def test_other_results_are_told_by_their_blocks() -> None:
    """Headings and sentences as they are, rows joined; a chart has no place in a chat."""
    blocks: list[Block] = [
        Heading("T"),
        Lines(("one",)),
        Preformatted(("▏",)),
        table(["a"], [["x"]], keys=1),
    ]

    assert "T\none\nx\n" == to_answer({}, EN, kind="", blocks=blocks)


def test_what_would_hold_if_the_income_came_is_said() -> None:
    """A chat window holds a verdict alone; without this it would end the talk."""
    data = comparison("split 24")
    data["plans"][0]["metrics"] = metrics(largest_shortfall="90.00", verdict_hoped="fits")

    text = to_answer(data, EN, kind="compare")

    assert "by up to 90.00. It could be if the expected income comes." in text
