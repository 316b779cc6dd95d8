"""Documents as PDF: what stands in them, and what is missing without fonts or the package."""

from __future__ import annotations

import io
from typing import Literal
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from replan.errors import UsageError
from replan.present import pdf
from replan.present.blocks import Block, Chart, Heading, Lines, number, table
from replan.present.drawings import draw_months, draw_sides
from replan.present.svg_file import to_svg
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


def chart(words: Words) -> Chart:
    """Draw three months, the second beyond what is left."""
    paid = (("2026-12", "900", "0"), ("2027-01", "1200", "200"), ("2027-02", "900", "0"))
    by_month = [{"month": m, "payment": p, "surplus": "1000", "short": s} for m, p, s in paid]
    return draw_months("A", by_month, key="months", unit="CNY", words=words)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_drawing_stands_with_its_figures_in_words(lang: Literal["en", "zh"]) -> None:
    """Title, unit, the missing sum: as text that can be searched and read out."""
    words = Words(lang)
    said = PdfReader(io.BytesIO(pdf.to_pdf([chart(words)], words))).pages[0].extract_text()

    assert words("report.unit", title="", unit=words.term("unit", "CNY")) in said
    assert words("report.missing", count=1, most="200").strip() in said
    assert "900–1,200" in said


def test_drawing_alone_is_whole() -> None:
    """A file of its own: well-formed, with rules, hatching and no name of a colour left open."""
    alone = to_svg(chart(Words("en")).drawing, fonts=["Libertinus Serif"])

    assert "{http://www.w3.org/2000/svg}svg" == ET.fromstring(alone).tag  # noqa: S314
    assert "var(" not in alone
    assert 'id="hatch"' in alone
    assert "Libertinus Serif" in alone


def test_contents_bookmarks_and_head_of_each_page() -> None:
    """Documents of one file begin on pages of their own, listed first."""
    parts: list[Block] = [Heading(name, level=1) for name in ("Cover", "Letter", "Offer")]
    sheet = pdf.Sheet(paper="us-letter", header="account ending in 2345", contents="Contents")
    read_back = PdfReader(io.BytesIO(pdf.to_pdf(parts, Words("en"), sheet=sheet)))
    pages = [page.extract_text() for page in read_back.pages]
    outline = [entry for entry in read_back.outline if isinstance(entry, dict)][:3]

    assert ["Cover", "Letter", "Offer"] == [str(entry["/Title"]) for entry in outline]
    assert all("account ending in 2345" in page for page in pages)
    assert 3 == len(pages)
    assert 1 == pages[0].count("Cover")  # the list on the cover begins with what follows it
    assert "3 / 3" in pages[2]
    assert (612, 792) == (read_back.pages[0].mediabox.width, read_back.pages[0].mediabox.height)


@pytest.mark.parametrize(("expected", "one_page"), [(2, False), (1, True)])
def test_what_must_fit_one_page_is_set_smaller(expected: int, one_page: bool) -> None:
    """Two lines too many make no second page; elsewhere the size stays."""
    blocks: list[Block] = [Heading("Letter", level=1)]
    blocks += [Lines(tuple(f"line {n}" for n in range(6)), prose=True) for _ in range(10)]
    made = pdf.to_pdf(blocks, Words("en"), sheet=pdf.Sheet(one_page=one_page))

    assert expected == len(PdfReader(io.BytesIO(made)).pages)


def test_missing_chinese_font_is_told_with_how_to_get_it() -> None:
    """A page of empty boxes would be worse than none; without Chinese no such font is needed."""
    with pytest.raises(UsageError, match="apt install fonts-noto-cjk"):
        pdf.choose_fonts(["Arial"], needs_chinese=True)
    assert [pdf.LATIN, "SimSun"] == pdf.choose_fonts(["arial", "simsun"], needs_chinese=True)


def test_both_sides_are_drawn_on_one_scale() -> None:
    """A loss of 7 beside payments of 1,000 is seven thousandths of the width, not all of it."""
    plans = [("contract", "1000", "900", 0.0), ("A", "1000", "893", 7 / 900)]
    named = [
        (name, {"plan": name, "metrics": {"total_paid": paid, "npv": npv, "npv_loss": loss}})
        for name, paid, npv, loss in plans
    ]
    paid, lost = draw_sides(named, unit="CNY", words=Words("en"))
    widths = [one.get("width") for one in lost.drawing.iter("rect") if one.get("class") == "paid"]

    assert "contract 1,000, A 1,000" == paid.told
    assert "contract 0 (0.00 %), A 7 (0.78 %)" == lost.told
    assert ["0.0", f"{398 * 7 / 1000:.1f}"] == widths
