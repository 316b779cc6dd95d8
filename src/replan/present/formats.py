"""Blocks as Markdown and records as CSV, with nothing in them that a reader would run."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.model.text import clean_text
from replan.present.blocks import Block, Card, Cell, Chart, Heading, Lines, Preformatted, Table

# a spreadsheet takes a cell that starts so for a formula (OWASP, "CSV Injection")
_FORMULA = "=+-@＝＋－＠"
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
_MARKS = re.compile(r"([\\`*_\[\]|~#])")


def to_json(data: Mapping[str, Any]) -> str:
    """Print *data* as JSON that people can read."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def to_csv(records: Sequence[Mapping[str, object]]) -> str:
    """Print flat *records* as CSV under the keys of the first; formulas in texts are disarmed."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    heads = list(records[0]) if records else []
    writer.writerow(heads)
    writer.writerows([disarm(record.get(head)) for head in heads] for record in records)
    return target.getvalue()


def disarm(value: object) -> str:
    """Return *value* as one CSV cell; a text that a spreadsheet would compute gets an apostrophe.

    >>> disarm("=1+1"), disarm("-12.50")
    ("'=1+1", '-12.50')
    """
    if value is None:
        return ""
    text = str(value)
    if _NUMBER.fullmatch(text):
        return text
    risky = text[:1] in "\t\r\n" or text.lstrip()[:1] in tuple(_FORMULA)
    return ("'" if text and risky else "") + clean_text(text)


def to_markdown(blocks: Sequence[Block]) -> str:
    """Print *blocks* as Markdown; text from outside can be neither markup nor HTML."""
    return "\n\n".join("\n".join(_markdown(block)) for block in blocks) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"{'#' * level} {escape(text)}"
        case Lines(texts, prose=True):
            yield "  \n".join(map(escape, texts))  # two blanks break a line
        case Lines(texts):
            mark = "" if _are_numbered(texts) else "- "
            yield from (f"{mark}{escape(text)}" for text in texts)
        case Preformatted(texts):
            yield from ("```", *texts, "```")
        case Table(heads, rows):
            yield _markdown_row(heads)
            yield f"|{'|'.join('---:' if cell.number else '---' for cell in heads)}|"
            yield from map(_markdown_row, rows)
        case Chart(title, told=told):
            yield f"**{escape(title)}**  "
            yield escape(told)
        case Card(title, said, quiet=quiet):
            yield f"### {escape(title)}"
            yield from ("", *(f"- {escape(text)}" for text in (*said, *quiet)))


def _are_numbered(texts: Sequence[str]) -> bool:
    """Tell whether texts are a numbered list by themselves: 1. …, 2. …, at least two."""
    return len(texts) > 1 and all(text.startswith(f"{n}. ") for n, text in enumerate(texts, 1))


def _markdown_row(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(escape(cell.text) for cell in cells)} |"


def escape(text: str) -> str:
    """Return *text* as Markdown that shows it and does nothing else."""
    return html.escape(_MARKS.sub(r"\\\1", clean_text(text)), quote=False)
