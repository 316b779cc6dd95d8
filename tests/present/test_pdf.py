"""Documents as PDF: what stands in them, and what is missing without fonts or the package."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from replan.errors import UsageError
from replan.present import pdf
from replan.present.blocks import Block, Heading, Lines, number, table
from replan.present.words import Words

pytest.importorskip("typst", reason="typst is not installed")
BLOCKS: list[Block] = [
    Heading("Offer", level=1),
    Lines(('#panic("x") *b* $1$ @a <b> \\ ', "two"), prose=True),
    Lines(("1. one", "2. two")),
    Lines(("☐ open", "☑ done")),
    table(["Item", number("Sum")], [["#a", number("1,020.00")]], keys=1),
]


def read(*, lang: str = "en") -> PdfReader:
    """Set the blocks and read them back."""
    return PdfReader(io.BytesIO(pdf.to_pdf(BLOCKS, Words("zh" if lang == "zh" else "en"))))


def test_text_is_never_read_as_markup() -> None:
    """Signs that mean something to the compiler are shown as they are written."""
    said = read().pages[0].extract_text()

    assert '#panic("x") *b* $1$ @a <b> \\' in said
    assert "1,020.00" in said
    assert "#a" in said


def test_properties_hold_the_title_alone() -> None:
    """No author, no day of making, no name of a user."""
    assert {"/Title": "Offer"} == {
        key: value for key, value in (read().metadata or {}).items() if key != "/Creator"
    }


def test_missing_chinese_font_is_told_with_how_to_get_it() -> None:
    """A page of empty boxes would be worse than none; without Chinese no such font is needed."""
    with pytest.raises(UsageError, match="apt install fonts-noto-cjk"):
        pdf.choose_fonts(["Arial"], needs_chinese=True)
    assert [pdf.LATIN, "SimSun"] == pdf.choose_fonts(["arial", "simsun"], needs_chinese=True)
