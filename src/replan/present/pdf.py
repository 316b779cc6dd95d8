"""Documents as PDF, set by Typst from data: no text is read as markup, nothing calls out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from replan.errors import UsageError
from replan.model.text import clean_text
from replan.present.blocks import (
    Block,
    Card,
    Cell,
    Chart,
    Heading,
    Lines,
    Preformatted,
    Table,
    Tone,
)
from replan.present.svg import sample
from replan.present.svg_file import to_svg
from replan.present.words import Words, read_data

LATIN = "Libertinus Serif"
"""Comes with the compiler, so a document in English looks alike everywhere."""
CHINESE = (
    *("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "Source Han Sans SC"),
    *("Songti SC", "PingFang SC", "SimSun", "Microsoft YaHei", "WenQuanYi Micro Hei"),
)
"""Fonts with simplified Chinese that systems have, in the order of preference."""
LETTER = frozenset({"USD", "CAD", "MXN", "PHP"})
"""Currencies of countries whose offices use Letter paper."""
_FLOWING = 40
"""A column with longer texts than this takes what room there is."""
_SIZE = 10
_KEPT = re.compile(r"(?<=\d) (?=%)|(?<=\b[A-Z]{3}) (?=\d)")
"""Blanks at which no line may break: 62.3 %, CNY 120.00."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper of a document: its size, what stands at the head of each page, a list of contents.

    *contents* is its title; then each heading of level 1 begins a page, and the list follows what
    stands before the second of them. Without it the first page has no *header*. What is to fit
    *one_page* is set a little smaller where it would not; it must have no page breaks.
    """

    paper: str = "a4"
    header: str = ""
    contents: str = ""
    one_page: bool = False


def paper_of(currency: str) -> str:
    """Name the paper that offices use where a currency is: Letter in North America, else A4.

    >>> paper_of("USD"), paper_of("GBP")
    ('us-letter', 'a4')
    """
    return "us-letter" if currency in LETTER else "a4"


def to_pdf(blocks: Sequence[Block], words: Words, *, sheet: Sheet = Sheet()) -> bytes:
    """Return *blocks* as a document with bookmarks and page numbers.

    Its properties hold the title alone: no author, no day, no user. The same blocks give the same
    bytes with the same fonts. Raises UsageError where the package or a Chinese font is missing.
    """
    title = next((block.text for block in blocks if isinstance(block, Heading)), "replan")
    said = [*(_block(block, [LATIN]) for block in blocks), sheet.header, sheet.contents]
    chinese = _has_chinese(json.dumps(said, ensure_ascii=False))
    fonts = choose_fonts(_at_hand().families(), needs_chinese=chinese)
    document = {
        "title": clean_text(title),
        "language": words.language,
        "fonts": fonts,
        "size": _SIZE,
        "paper": sheet.paper,
        "header": clean_text(sheet.header),
        "contents": clean_text(sheet.contents),
        "one_page": sheet.one_page,
        "blocks": [_block(block, fonts) for block in blocks],
    }
    source = read_data("typst/document.typ").encode()
    inputs = {"document": _KEPT.sub("\u00a0", json.dumps(document, ensure_ascii=False))}
    made = _typst().compile(source, sys_inputs=inputs, format="pdf", font_paths=_at_hand())
    assert isinstance(made, bytes)  # noqa: S101 - one document, no file named
    return made


def _typst() -> Any:
    try:
        import typst  # noqa: PLC0415 - an extra, and 80 MB
    except ImportError:
        raise UsageError(
            "PDF needs the package typst: pip install 'replan[pdf]'. Or ask"
            " for HTML pages and print those."
        ) from None
    return typst


def choose_fonts(installed: Iterable[str], *, needs_chinese: bool) -> list[str]:
    """Choose the fonts: a Chinese one only where there is Chinese, and then there must be one.

    >>> choose_fonts(["Arial"], needs_chinese=False)
    ['Libertinus Serif']
    """
    if not needs_chinese:
        return [LATIN]
    known = {family.lower() for family in installed}
    found = [name for name in CHINESE if name.lower() in known]
    if not found:
        raise UsageError(
            "PDF: this system has no font with Chinese characters. Install one: Debian and Ubuntu,"
            " apt install fonts-noto-cjk; others, Noto Serif CJK SC from"
            " https://github.com/notofonts/noto-cjk. Or ask for HTML."
        )
    return [LATIN, found[0]]


@cache
def _at_hand() -> Any:
    """Look for the system's fonts once: it takes ten times as long as a document."""
    return _typst().Fonts()


def _has_chinese(text: str) -> bool:
    return any("\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for char in text)


def _block(block: Block, fonts: Sequence[str]) -> dict[str, Any]:
    match block:
        case Heading(text, level, page):
            return {"kind": "heading", "text": clean_text(text), "level": level, "page": page}
        case Lines(texts, tone) if not block.prose:
            return _list(list(map(clean_text, texts)), tone)
        case Lines(texts) | Preformatted(texts):
            return {"kind": "prose", "texts": list(map(clean_text, texts)), "tone": "plain"}
        case Table():
            return _table(block)
        case Chart():
            return _chart(block, fonts)
        case Card():
            return _card(block)


def _chart(chart: Chart, fonts: Sequence[str]) -> dict[str, Any]:
    """Return a drawing as SVG; its figures in words are read out, and stand below it in small."""
    own = fonts[-1:]  # a drawing takes one font: that with Chinese, if there is one
    samples = [to_svg(sample(at), fonts=own) for at in range(len(chart.legend))]
    return {
        "kind": "chart",
        "title": clean_text(chart.title),
        "svg": to_svg(chart.drawing, fonts=own),
        "told": clean_text(chart.told),
        "legend": [
            {"name": clean_text(name), "svg": svg}
            for name, svg in zip(chart.legend, samples, strict=True)
        ],
        "note": clean_text(chart.note),
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "kind": "card",
        "title": clean_text(card.title),
        "said": list(map(clean_text, card.said)),
        "quiet": list(map(clean_text, card.quiet)),
        "verdict": card.kind,
    }


def _list(texts: list[str], tone: Tone) -> dict[str, Any]:
    if len(texts) == 1 and not texts[0].startswith(("☐", "☑")):
        return {"kind": "prose", "texts": texts, "tone": tone}
    bare = [text.removeprefix(f"{n}. ") for n, text in enumerate(texts, start=1)]
    if all(map(str.__ne__, texts, bare)):
        return {"kind": "numbers", "texts": bare, "tone": tone}
    ticked = all(text.startswith(("☐", "☑")) for text in texts)
    return {"kind": "boxes" if ticked else "list", "texts": texts, "tone": tone}


def _table(block: Table) -> dict[str, Any]:
    columns = range(len(block.heads))
    longest = [max(len(cell.text) for cell in _column(block, at)) for at in columns]
    return {
        "kind": "table",
        "heads": [_cell(cell) for cell in block.heads],
        "rows": [[_cell(cell) for cell in row] for row in block.rows],
        "numbers": [all(cell.number for cell in _column(block, at) if cell.text) for at in columns],
        "flow": [length > _FLOWING for length in longest],
    }


def _column(block: Table, at: int) -> Iterator[Cell]:
    yield block.heads[at]
    yield from (row[at] for row in block.rows)


def _cell(cell: Cell) -> dict[str, Any]:
    return {"text": clean_text(cell.text), "strong": cell.tone == "strong"}
