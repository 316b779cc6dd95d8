"""Estimates and questions in what people see."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from replan.present.check import check_blocks, check_data
from replan.present.compare import compare_blocks
from replan.present.show import show_blocks
from replan.present.terminal import to_text
from replan.present.words import Language, Words

RAW: dict[str, Any] = {
    "as_of": "2026-11-22",
    "currency": "CNY",
    "questions": [{"debt": "a", "about": "rate"}, "Who?"],
    "debts": [
        {
            "id": "a",
            "principal": "1234.5",
            "rate": "18%",
            "estimated": ["principal", {"field": "rate", "low": "17%", "high": "19%"}],
        }
    ],
}


def pages(language: Language) -> list[str]:
    """Return check, compare and show of the case as people read them."""
    words, case = Words(language), replan.load_case(RAW)
    blocks = [
        check_blocks(check_data(replan.load(RAW)), words),
        compare_blocks(replan.compare(case, ["split 2"]).to_dict(), words),
        show_blocks(replan.show(case, "split 2").to_dict(), words),
    ]
    return [to_text(found, width=80) for found in blocks]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("read every one of them", "principal about 1,234.50", "between 17% and 19%")),
        ("zh", ("并非准确值", "本金约 1,234.50", "利率约 18%，在 17% 至 19% 之间")),
    ],
)
def test_every_page_says_that_it_rests_on_estimates(
    language: Language, expected: tuple[str, ...]
) -> None:
    """No page shows an estimate as if it were exact."""
    for page in pages(language):
        assert [] == [text for text in expected if text not in page]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ("a: What rate a year", "Who?")), ("zh", ("a：合同约定的年利率", "Who?"))],
)
def test_every_page_lists_the_questions(language: Language, expected: tuple[str, ...]) -> None:
    """A question of one's own stands as it was written."""
    for page in pages(language):
        assert [] == [text for text in expected if text not in page]


def test_cells_of_check_mark_what_is_estimated() -> None:
    """The rate carries a sign, the outstanding, whose field is none of the estimates, does not."""
    row = next(line for line in pages("en")[0].splitlines() if line.startswith("a "))

    assert ["a", "1,234.50", "0.00", "≈", "18%", "0"] == row.split()
