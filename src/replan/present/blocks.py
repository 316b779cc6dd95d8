"""What is shown, before it has a form: headings, lines and tables of cells with a tone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # drawn, never parsed

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
    """A title; level 1 opens a document, level 2 a part of it; *page* begins a page on paper."""

    text: str
    level: int = 2
    page: bool = False


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


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing under its title, with its figures in words for whoever cannot see it.

    Text shows the words alone. *legend* names its lines, *note* says how it is to be read.
    """

    title: str
    drawing: Element
    told: str
    legend: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What is said of one plan: under its name the verdict, sentences, and quiet remarks.

    *kind* is the verdict's code: fits, tight, short or not-assessed.
    """

    title: str
    said: tuple[str, ...]
    kind: str = "not-assessed"
    quiet: tuple[str, ...] = ()


Block = Heading | Lines | Preformatted | Table | Chart | Card


def number(text: str, tone: Tone = "plain") -> Cell:
    """Return a cell that stands to the right."""
    return Cell(text, tone, number=True)


def table(heads: Sequence[Cell | str], rows: Sequence[Sequence[Cell | str]], *, keys: int) -> Table:
    """Build a table, with plain text for cells where nothing else is said."""
    return Table(tuple(map(_cell, heads)), tuple(tuple(map(_cell, row)) for row in rows), keys=keys)


def _cell(content: Cell | str) -> Cell:
    return content if isinstance(content, Cell) else Cell(content)
