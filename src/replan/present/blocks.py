"""What is shown, before it has a form: headings, lines and tables of cells with a tone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "strong", "quiet", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; *number* cells stand to the right and are never neutralised in exports.

    *indent* sets a text below the one that it belongs to, where the form has columns.
    """

    text: str
    tone: Tone = "plain"
    number: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 opens a page, level 2 a part of it."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences, each wrapped on its own.

    *prose* makes them the lines of one paragraph, where the form would else show a list.
    """

    texts: tuple[str, ...]
    tone: Tone = "plain"
    indent: int = 0
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Lines whose spacing matters, such as a chart."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first *keys* columns are repeated where a table must be cut."""

    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: int = 1


Block = Heading | Lines | Preformatted | Table


def number(text: str, tone: Tone = "plain") -> Cell:
    """Return a cell that stands to the right."""
    return Cell(text, tone, number=True)


def table(heads: Sequence[Cell | str], rows: Sequence[Sequence[Cell | str]], *, keys: int) -> Table:
    """Build a table, with plain text for cells where nothing else is said."""
    return Table(tuple(map(_cell, heads)), tuple(tuple(map(_cell, row)) for row in rows), keys=keys)


def _cell(content: Cell | str) -> Cell:
    return content if isinstance(content, Cell) else Cell(content)
