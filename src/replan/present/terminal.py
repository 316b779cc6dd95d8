"""Blocks as text for a terminal: columns by display width, tables cut where the screen ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size

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

GAP = 2
_FLOWING = 24
"""A column of texts may be narrowed to so many columns; its texts then take more lines."""
_SGR: dict[Tone, str] = {"plain": "", "strong": "1", "quiet": "2", "good": "32", "bad": "31"}
# no line may start with these in Chinese typesetting
_CLOSING = "，。；：、！？）》」』”’%"
_OPENING = "（《「『“‘"


def to_text(blocks: Sequence[Block], *, width: int, colour: bool = False) -> str:
    """Lay *blocks* out in *width* columns; *colour* adds bold, dim, green and red only."""
    text = ""
    for block, after in zip_longest(blocks, blocks[1:]):
        part = "\n".join(_lines(block, width, colour=colour))
        # a heading stands close to what it heads, unless that is another heading
        close = isinstance(block, Heading) and not isinstance(after, Heading) and block.level > 1
        text += part + ("\n" if close else "\n\n") if part else ""
    return text.rstrip("\n") + "\n"


def _lines(block: Block, width: int, *, colour: bool) -> Iterator[str]:
    match block:
        case Heading(text, level):
            title = "\n".join(wrap(clean_text(text), width))
            yield paint(title, "strong", colour=colour)
            if level == 1:
                yield paint("=" * min(width, cell_len(title)), "quiet", colour=colour)
        case Lines(texts, tone, indent):
            for text in texts:
                for line in wrap(clean_text(text), width, indent=indent):
                    yield paint(line, tone, colour=colour)
        case Preformatted(texts):
            yield from texts
        case Table():
            yield from _table_lines(block, width, colour=colour)
        case Chart(title, told=told):
            yield from _lines(Lines((title, told)), width, colour=colour)
        case Card(title, said, quiet=quiet):
            yield from _lines(Heading(title), width, colour=colour)
            yield from _lines(Lines((*said, *quiet), indent=2), width, colour=colour)


def paint(text: str, tone: Tone, *, colour: bool) -> str:
    """Give *text* its tone, where colours are wanted."""
    return f"\x1b[{_SGR[tone]}m{text}\x1b[0m" if colour and _SGR[tone] and text else text


def _table_lines(table: Table, width: int, *, colour: bool) -> Iterator[str]:
    widths = [
        max(cell_len(_content(row[column])) for row in (table.heads, *table.rows))
        for column in range(len(table.heads))
    ]
    _let_flow(table, widths, width)
    for count, columns in enumerate(_cut(widths, table.keys, width)):
        if count:
            yield ""
        yield from _row(table.heads, columns, widths, colour=colour, tone="strong")
        rule = sum(widths[column] + GAP for column in columns) - GAP
        yield paint("-" * rule, "quiet", colour=colour)
        for row in table.rows:
            yield from _row(row, columns, widths, colour=colour)


def _let_flow(table: Table, widths: list[int], width: int) -> None:
    """Narrow columns of texts, the widest first and keys last, if all columns then fit *width*."""
    rows = (table.heads, *table.rows)
    texts = [c for c in range(len(widths)) if not any(row[c].number for row in rows)]
    texts.sort(key=lambda column: (column < table.keys, -widths[column]))
    spare = {column: max(widths[column] - _FLOWING, 0) for column in texts}
    excess = sum(w + GAP for w in widths) - GAP - width
    if excess <= sum(spare.values()):
        for column in texts:
            taken = min(max(excess, 0), spare[column])
            widths[column] -= taken
            excess -= taken


def _cut(widths: Sequence[int], keys: int, width: int) -> list[list[int]]:
    """Return the columns of each part of a table: the key columns and as many more as fit.

    Parts are evened out, so that no part holds one lonely column where it need not.
    """
    parts = _fill(widths, keys, width, most=len(widths))
    even = -(-(len(widths) - keys) // max(1, len(parts)))
    evened = _fill(widths, keys, width, most=even)
    return evened if len(evened) == len(parts) else parts


def _fill(widths: Sequence[int], keys: int, width: int, *, most: int) -> list[list[int]]:
    """Fill parts from the left, each with up to *most* columns beside the key columns."""
    head = list(range(keys))
    parts = [list(head)]
    for column in range(keys, len(widths)):
        used = sum(widths[c] + GAP for c in parts[-1]) + widths[column]
        full = used > width or len(parts[-1]) - keys >= most
        if full and len(parts[-1]) > keys:
            parts.append(list(head))
        parts[-1].append(column)
    return parts


def _row(
    cells: Sequence[Cell],
    columns: Sequence[int],
    widths: Sequence[int],
    *,
    colour: bool,
    tone: Tone | None = None,
) -> Iterator[str]:
    """Yield a row: one line, or as many as its longest text takes."""
    flowing = [_flow(cells[column], widths[column]) for column in columns]
    for line in zip_longest(*flowing, fillvalue=""):
        placed = [
            paint(
                _place(cells[column], text, widths[column]),
                tone or cells[column].tone,
                colour=colour,
            )
            for column, text in zip(columns, line, strict=True)
        ]
        yield (" " * GAP).join(placed).rstrip()


def _flow(cell: Cell, width: int) -> list[str]:
    """Break a cell into lines of *width* columns; a word that is wider is broken too, never cut."""
    lines = wrap(_content(cell), width, indent=cell.indent)
    return [part for line in lines for part in _broken(line, width)]


def _broken(line: str, width: int) -> Iterator[str]:
    """Break a line without a space to break at: after a comma, else anywhere."""
    while cell_len(line) > width:
        head = set_cell_size(line, width).rstrip()
        comma = head.rfind(",") + 1
        cut = comma or len(head) or 1
        yield line[:cut]
        line = line[cut:]
    yield line


def _content(cell: Cell) -> str:
    return " " * cell.indent + clean_text(cell.text)


def _place(cell: Cell, text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text if cell.number else set_cell_size(text, width)


def wrap(text: str, width: int, *, indent: int = 0) -> list[str]:
    """Break *text* at spaces, or between Chinese characters, into lines of *width* columns.

    Lines after the first are indented by *indent*.
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line.strip() and cell_len((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = " " * indent + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """Yield the parts between which a line may break."""
    piece = ""
    for char in text:
        wide = cell_len(char) > 1
        breaks = wide or piece[-1:] == " " or cell_len(piece[-1:]) > 1
        if piece and breaks and char not in f"{_CLOSING} " and piece[-1] not in _OPENING:
            yield piece
            piece = ""
        piece += char
    yield piece
