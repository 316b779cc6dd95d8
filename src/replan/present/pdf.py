"""Documents as PDF, set by Typst from data: no text is read as markup, nothing calls out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from replan.errors import UsageError
from replan.model.text import clean_text
from replan.present.blocks import Block, Cell, Heading, Lines, Preformatted, Table
from replan.present.words import Words, read_data

LATIN = "Libertinus Serif"
"""Comes with the compiler, so a document in English looks alike everywhere."""
CHINESE = (
    *("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "Source Han Sans SC"),
    *("Songti SC", "PingFang SC", "SimSun", "Microsoft YaHei", "WenQuanYi Micro Hei"),
)
"""Fonts with simplified Chinese that systems have, in the order of preference."""
_FLOWING = 24
"""A column with longer texts than this takes what room there is."""
_SIZE = 10
_KEPT = re.compile(r"(?<=\d) (?=%)|(?<=\b[A-Z]{3}) (?=\d)")
"""Blanks at which no line may break: 62.3 %, CNY 120.00."""


def to_pdf(blocks: Sequence[Block], words: Words) -> bytes:
    """Return *blocks* as an A4 document.

    Its properties hold the title alone: no author, no day, no user. The same blocks give the same
    bytes with the same fonts. Raises UsageError where the package or a Chinese font is missing.
    """
    title = next((block.text for block in blocks if isinstance(block, Heading)), "replan")
    told = list(map(_block, blocks))
    chinese = _has_chinese(json.dumps(told, ensure_ascii=False))
    document = {
        "title": clean_text(title),
        "language": words.language,
        "fonts": choose_fonts(_at_hand().families(), needs_chinese=chinese),
        "size": _SIZE,
        "blocks": told,
    }
    source = read_data("typst/document.typ").encode()
    inputs = {"document": json.dumps(document, ensure_ascii=False)}
    inputs["document"] = _KEPT.sub("\u00a0", inputs["document"])
    made = _typst().compile(source, sys_inputs=inputs, format="pdf", font_paths=_at_hand())
    assert isinstance(made, bytes)  # noqa: S101 - one document, no file named
    return made


def _typst() -> Any:
    try:
        import typst  # noqa: PLC0415 - an extra, and 80 MB
    except ImportError:
        raise UsageError(
            "PDF needs the package typst: pip install 'replan[pdf]'. Or leave pdf out of --formats"
            " and print the HTML pages."
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
            " https://github.com/notofonts/noto-cjk. Or leave pdf out of --formats."
        )
    return [LATIN, found[0]]


@cache
def _at_hand() -> Any:
    """Look for the system's fonts once: it takes ten times as long as a document."""
    return _typst().Fonts()


def _has_chinese(text: str) -> bool:
    return any("\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for char in text)


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": clean_text(text), "level": level}
        case Lines(texts, prose=True):
            return {"kind": "prose", "texts": list(map(clean_text, texts))}
        case Lines(texts):
            return _list(list(map(clean_text, texts)))
        case Preformatted(texts):
            return {"kind": "prose", "texts": list(map(clean_text, texts))}
        case Table():
            return _table(block)


def _list(texts: list[str]) -> dict[str, Any]:
    bare = [text.removeprefix(f"{n}. ") for n, text in enumerate(texts, start=1)]
    if all(map(str.__ne__, texts, bare)):
        return {"kind": "numbers", "texts": bare}
    ticked = all(text.startswith(("☐", "☑")) for text in texts)
    return {"kind": "boxes" if ticked else "list", "texts": texts}


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
