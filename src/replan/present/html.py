"""Results as HTML pages that need nothing else: no network, no script, one style sheet inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element  # written, never parsed

from replan.present.blocks import Block, Cell, Heading, Lines, Preformatted, Table
from replan.present.markup import Content, node, to_markup
from replan.present.words import Words, read_data

Record = Mapping[str, Any]
Drawn = Block | Element
"""What a page is made of: blocks, and drawings between them."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_FIGURE = re.compile(r"\d{4}-\d\d(?:-\d\d)?|\d[\d,]*\.\d+(?:–\d[\d,]*\.\d+)?")
_FEW_ROWS = 20
"""A table of so few rows is printed on one page."""
_LANGUAGES = {"en": "en", "zh": "zh-CN"}


def to_html(data: Record, words: Words, *, kind: str, blocks: Sequence[Block]) -> str:
    """Return a page on *data*: the report of its kind, else its *blocks*."""
    from replan.present.report import report_of  # noqa: PLC0415 - it draws on this module

    drawn = report_of(data, words, kind=kind) or blocks
    return page(drawn, words)


def page(drawn: Sequence[Drawn], words: Words) -> str:
    """Return a whole document; its title is the first heading."""
    title = next((block.text for block in drawn if isinstance(block, Heading)), "replan")
    head = node(
        "head",
        node("meta", charset="utf-8"),
        node("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        node("meta", name="viewport", content="width=device-width, initial-scale=1"),
        node("meta", name="color-scheme", content="light dark"),
        node("meta", name="referrer", content="no-referrer"),
        node("title", title),
        _style(),
    )
    body = node("body", node("main", *_elements(drawn)), node("footer", words("report.made")))
    document = node("html", head, body, lang=_LANGUAGES[words.language])
    return "<!DOCTYPE html>\n" + to_markup(document) + "\n"


def _style() -> Element:
    element = node("style")
    element.text = read_data("html/report.css")  # raw text in HTML: it keeps its line breaks
    return element


def _elements(drawn: Sequence[Drawn]) -> Iterator[Element]:
    for one in drawn:
        yield one if isinstance(one, Element) else element_of(one)


def element_of(block: Block) -> Element:
    """Return a block as an element."""
    match block:
        case Heading(text, level):
            return node(f"h{level}", text)
        case Lines(texts, prose=True):
            return node("p", *_broken(texts))
        case Lines(texts, tone):
            return _sentences(texts, None if tone == "plain" else tone)
        case Preformatted(texts):
            element = node("pre")
            element.text = "\n".join(texts)
            return element
        case Table():
            return table_element(block)


def _sentences(texts: Sequence[str], tone: str | None) -> Element:
    """Return one sentence as a paragraph, several as a list, numbered ones as a numbered list."""
    if len(texts) == 1:
        return node("p", *prose(texts[0]), class_=tone)
    numbered = [text.removeprefix(f"{n}. ") for n, text in enumerate(texts, start=1)]
    if all(map(str.__ne__, texts, numbered)):
        return node("ol", *(node("li", *prose(text)) for text in numbered), class_=tone)
    return node("ul", *(node("li", *prose(text)) for text in texts), class_=tone)


def _broken(texts: Sequence[str]) -> Iterator[Content]:
    """Yield the lines of one paragraph with breaks between them."""
    for n, text in enumerate(texts):
        yield node("br") if n else None
        yield from prose(text)


def prose(text: str) -> Iterator[Content]:
    """Yield a text whose dates and amounts stay in one line; outer blanks of parts are kept."""
    end = 0
    for found in _FIGURE.finditer(text):
        yield text[end : found.start()]
        yield node("span", found[0], class_="keep")
        end = found.end()
    yield text[end:]


def table_element(block: Table, *, caption: str | None = None, label: str | None = None) -> Element:
    """Return a table in a box of its own that scrolls sideways where the page is narrow.

    The box can be reached and scrolled with the keyboard. A *label* names it where the heading
    over it says the same as a caption would.
    """
    heads = node("tr", *(_cell(head, "th", scope="col") for head in block.heads))
    rows = [
        node("tr", _cell(row[0], "th", scope="row"), *(_cell(cell, "td") for cell in row[1:]))
        for row in block.rows
    ]
    shown = node("caption", caption) if caption else None
    table = node("table", shown, node("thead", heads), node("tbody", *rows))
    name = caption or label or block.heads[0].text or None
    box = "scroll whole" if len(block.rows) <= _FEW_ROWS else "scroll"
    return node("div", table, class_=box, tabindex="0", role="region", aria_label=name)


def _cell(cell: Cell, tag: str, **attributes: str) -> Element:
    names: list[str] = [cell.tone] if cell.tone != "plain" else []
    names += ["number"] if cell.number else []
    names += ["keep"] if _FIGURE.fullmatch(cell.text) and not cell.number else []
    return node(tag, cell.text, class_=" ".join(names) or None, **attributes)


Report = Callable[[Record, Words], Sequence[Drawn]]
