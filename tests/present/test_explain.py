"""Explanations of terms."""

from __future__ import annotations

import pytest

from present.samples import comparison, shown
from replan.present.blocks import Block, Heading, Lines, number, table
from replan.present.compare import compare_blocks
from replan.present.explain import with_explanations
from replan.present.show import show_blocks
from replan.present.terminal import to_text
from replan.present.words import Words

EN = Words("en")


def test_term_is_explained_below_the_part_in_which_it_first_appears() -> None:
    """A second table with the same head needs no second explanation."""
    block = table(["Date", number("Balance")], [["2026-12-10", number("5.00")]], keys=1)
    blocks: list[Block] = [Heading("Schedule"), block, block]

    found = list(with_explanations(blocks, EN))
    assert [Heading("Schedule"), block, block] == [b for b in found if not isinstance(b, Lines)]
    assert [2] == [n for n, b in enumerate(found) if isinstance(b, Lines)]
    assert "Balance: all that is still owed after the payment." in to_text(found, width=80)


def test_a_name_from_a_file_is_no_term() -> None:
    """Only what stands word for word is a term."""
    block = table(["Debt"], [["APR bank"]], keys=1)

    assert [block] == list(with_explanations([block], EN))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_of_a_comparison_is_explained(language: str) -> None:
    """A counsellor can hand the page over; the date of the first payment explains itself."""
    words = Words("zh" if language == "zh" else "en")
    blocks = compare_blocks(comparison("split 12"), words, 80)
    labels = [key for key in words.keys("figure.") if key != "figure.first_date"]
    text = "".join(
        "".join(block.texts)
        for block in with_explanations(blocks, words)
        if block not in blocks and isinstance(block, Lines)
    )

    assert [] == [key for key in labels if words.find(f"explain.{key}") is None]
    assert words("explain.figure.apr") in text


def test_show_explains_the_columns_of_the_schedule() -> None:
    """Accrued and balance stand above each schedule and are explained once."""
    text = to_text(list(with_explanations(show_blocks(shown(), EN), EN)), width=200)

    assert 1 == text.count("Accrued: ")
    assert 1 == text.count("Typical payment: ")
