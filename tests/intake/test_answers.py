"""What a typed answer means."""

from __future__ import annotations

from typing import Any

import pytest

from replan.intake.answers import Answer, command_in, is_yes, read_answer, read_choice, read_line
from replan.model.issues import Refused


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (Answer("12,345"), " 12,345 "),
        (Answer("12345"), "１２３４５"),
        (Answer("18%", about=True), "~18%"),
        (Answer("18%", about=True), "约 18%"),
        (Answer("1200", about=True), "about 1200"),
        (Answer("-"), "不知道"),
        (Answer("-"), "Don't know"),
        (Answer(""), "  "),
    ],
)
def test_answer(expected: Answer, text: str) -> None:
    """Full width is folded; about and not knowing are told from values."""
    assert expected == read_answer(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [("help", "？"), ("back", "b"), ("back", "返回"), ("quit", "Q\n"), ("", "bank"), ("", "-")],
)
def test_command(expected: str, text: str) -> None:
    """A command is the whole answer."""
    assert expected == command_in(text)


@pytest.mark.parametrize("text", ["2", "loan", "贷款"])
def test_choice_by_number_code_or_name(text: str) -> None:
    """All three mean the same."""
    assert "loan" == read_choice(text, ("card", "loan"), {"loan": "贷款"})


def test_choice_of_yes_and_no_takes_words() -> None:
    """Both languages say yes."""
    assert ["yes", "no"] == [read_choice(text, ("yes", "no"), {}) for text in ("是", "n")]
    assert is_yes("y")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ({"label": "rent", "amount": "1,800"}, "rent 1,800"),
        ({"label": "房租", "amount": "¥1800"}, "房租¥1800"),
        ({"label": "工资", "amount": "1.2万"}, "工资：1.2万"),
        ({"label": "child benefit", "amount": "120", "every": "week"}, "child benefit 120/week"),
        ({"label": "补贴", "amount": "500", "every": "quarter"}, "补贴 500 每季"),
        (
            {"label": "wage", "amount": "7800", "from": "2027-03-01", "status": "expected"},
            "wage 7800 per month from 2027-03-01 expected",
        ),
        ({"label": "失业金", "amount": "2175", "until": "2027-02-28"}, "失业金 2175 到2027年2月"),
        ({"label": "补贴", "amount": "50", "until": "2027年5月3日"}, "补贴 50 至 2027年5月3日止"),
        ({"label": "工资", "amount": "9000", "from": "2027-03-01"}, "工资 9000 2027年3月起"),
        ({"label": "工资", "amount": "9000", "from": "2027-03-15"}, "工资 9000 从2027-03-15开始"),
    ],
)
def test_budget_line(expected: dict[str, Any], text: str) -> None:
    """What it is comes first, then the amount, then how often and until when."""
    assert {"every": "month", **expected} == {"every": "month", **read_line(text)}


@pytest.mark.parametrize(
    "text", ["rent", "rent 1800 sometimes", "rent 18oo", "rent 1800 2027-03-01"]
)
def test_budget_line_that_cannot_be_read(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Refused):
        read_line(text)
