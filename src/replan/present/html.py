"""Results as HTML pages that need nothing else: no network, no script, one style sheet inside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element  # written, never parsed

from replan.present.blocks import Block, Card, Cell, Chart, Heading, Lines, Preformatted, Table
from replan.present.markup import Content, node, to_markup
from replan.present.svg import legend, patterns
from replan.present.words import Words, read_data

Record = Mapping[str, Any]
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_FIGURE = re.compile(r"\d{4}-\d\d(?:-\d\d)?|\d[\d,]*\.\d+(?:–\d[\d,]*\.\d+)?")
_FEW_ROWS = 20
"""A table of so few rows is printed on one page."""
_LANGUAGES = {"en": "en", "zh": "zh-CN"}


def to_html(data: Record, words: Words, *, kind: str, blocks: Sequence[Block]) -> str:
    """Return a page on *data*: the report of its kind, else its *blocks*."""
    from replan.present.report import report_of  # noqa: PLC0415 - few runs need one

    return page(report_of(data, words, kind=kind) or blocks, words)


def page(blocks: Sequence[Block], words: Words) -> str:
    """Return a whole document; its title is the first heading."""
    title = next((block.text for block in blocks if isinstance(block, Heading)), "replan")
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
    body = node("body", node("main", *_elements(blocks)), node("footer", words("report.made")))
    document = node("html", head, body, lang=_LANGUAGES[words.language])
    return "<!DOCTYPE html>\n" + to_markup(document) + "\n"


def _style() -> Element:
    element = node("style")
    # raw text in HTML: it keeps its line breaks
    element.text = read_data("html/report.css") + read_data("html/chart.css")
    return element


def _elements(blocks: Sequence[Block]) -> Iterator[Element]:
    """Yield the elements of a page; drawings share one hatching, cards stand in one list."""
    if any(isinstance(block, Chart) for block in blocks):
        yield patterns()
    title: str | None = None
    for is_cards, run in groupby(blocks, key=lambda block: isinstance(block, Card)):
        if is_cards:
            yield node("ul", *map(element_of, run), class_="plans")
            continue
        for block in run:
            title = block.text if isinstance(block, Heading) else title
            yield element_of(block, label=title)


def element_of(block: Block, *, label: str | None = None) -> Element:
    """Return a block as an element; *label*, the heading above, names a table."""
    match block:
        case Table():
            return table_element(block, label=label)
        case Chart():
            return _figure(block)
        case Card():
            return _card(block)
        case _:
            return _text(block)


def _text(block: Heading | Lines | Preformatted) -> Element:
    match block:
        case Heading(text, level, page):
            return node(f"h{level}", text, class_="page" if page else None)
        case Lines(texts, prose=True):
            return node("p", *_broken(texts))
        case Lines(texts, tone):
            return _sentences(texts, None if tone == "plain" else tone)
        case Preformatted(texts):
            element = node("pre")
            element.text = "\n".join(texts)
            return element


def _figure(chart: Chart) -> Element:
    """Return a drawing with its caption above, its legend and how to read it below."""
    note = node("p", chart.note, class_="quiet") if chart.note else None
    names = legend(chart.legend) if chart.legend else None
    return node("figure", node("figcaption", chart.title), chart.drawing, names, note)


def _card(card: Card) -> Element:
    first, *rest = card.said
    said = [node("p", *prose(first), class_="verdict"), *(node("p", *prose(one)) for one in rest)]
    quiet = (node("p", one, class_="quiet") for one in card.quiet)
    title = node("h3", card.title) if card.title else None
    return node("li", title, *said, *quiet, class_=card.kind)


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


def table_element(block: Table, *, label: str | None = None) -> Element:
    """Return a table in a box of its own that scrolls sideways where the page is narrow.

    The box can be reached and scrolled with the keyboard; *label*, the heading over it, names it.
    """
    heads = node("tr", *(_cell(head, "th", scope="col") for head in block.heads))
    rows = [
        node("tr", _cell(row[0], "th", scope="row"), *(_cell(cell, "td") for cell in row[1:]))
        for row in block.rows
    ]
    table = node("table", node("thead", heads), node("tbody", *rows))
    name = label or block.heads[0].text or None
    box = "scroll whole" if len(block.rows) <= _FEW_ROWS else "scroll"
    return node("div", table, class_=box, tabindex="0", role="region", aria_label=name)


def _cell(cell: Cell, tag: str, **attributes: str) -> Element:
    names: list[str] = [cell.tone] if cell.tone != "plain" else []
    names += ["number"] if cell.number else []
    names += ["keep"] if _FIGURE.fullmatch(cell.text) and not cell.number else []
    return node(tag, cell.text, class_=" ".join(names) or None, **attributes)
