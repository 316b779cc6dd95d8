"""The bytes of a table of texts, so that Arrow can split them: decoded, and no quote left open."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import RawIOBase, StringIO
from itertools import chain, islice
from typing import IO, Any

import numpy as np

from replan.errors import UsageError
from replan.io.csv_source import CELL_LINES, DELIMITERS, SEPARATOR
from replan.io.decode import codec_of, detect_encoding
from replan.model.text import quote

from .schema import FAULT

BLOCK = 1 << 20
"""Bytes that are looked at together."""
_LINE_END = re.compile(rb"\r\n|\r|\n")
LONGEST = 20_000
"""Characters of a row that cannot be split which are kept."""
DAMAGED = "\x01"
"""The first cell of a row that stands for a line that cannot be split."""
CONTROLS = bytes({*range(9), *range(14, 27), *range(28, 32)})
"""Control characters that no text has. A tab and line breaks are none of them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is written: encoding, what separates cells, columns, lines before the first row.

    A column without a name is called by its place.
    """

    file: str
    encoding: str
    delimiter: str
    names: tuple[str, ...]
    skipped: int

    def damaged(self, line: bytes) -> bytes:
        """Give a row with too many cells in place of a line that cannot be split."""
        text = line.rstrip(b"\r\n").replace(b'"', b'""')
        sign = self.delimiter.encode()
        return b'"%s"%s"%s"%s\n' % (DAMAGED.encode(), sign, text, sign * len(self.names))

    def cells_of(self, text: str) -> list[str | None]:
        """Take a row apart; one whose quotes do not serve, at every sign that separates cells."""
        with suppress(csv.Error):
            lines = StringIO(text, newline="")
            return [*next(csv.reader(lines, delimiter=self.delimiter, strict=True), ())]
        return [cell.strip().removeprefix('"') for cell in text.split(self.delimiter)]

    def damage_in(self, row: str) -> str | None:
        """Give the line that such a row stands for; None for any other row."""
        if not row.startswith(f'"{DAMAGED}"{self.delimiter}'):
            return None
        return next(csv.reader(StringIO(row, newline=""), delimiter=self.delimiter))[1]


def shape_of(first: bytes, file: str, *, encoding: str | None = None) -> Shape:
    """Find out how a table is written from its first bytes; raises UsageError without a header."""
    sample = first[: first.rfind(b"\n") + 1] or first
    codec = codec_of(encoding) if encoding else detect_encoding(sample)
    head = first.decode(codec, "replace").removeprefix("\ufeff")
    lines = StringIO(head, newline="").readlines()
    blank = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    stated = SEPARATOR.fullmatch(lines[blank]) if lines[blank:] else None
    above = blank + bool(stated)
    top = "".join(lines[above:])
    if not lines[blank:]:
        raise UsageError(f"{quote(file)} is empty. Check the export.")
    if not top.partition("\n")[0].strip():
        raise UsageError(
            f"{quote(file)} has no header in its first line. Remove what stands above it."
        )
    found = stated[1] if stated else _delimiter(top.partition("\n")[0])
    reader = csv.reader(StringIO(top, newline=""), delimiter=found)
    try:
        names = tuple(name or f"column {n}" for n, name in enumerate(next(reader), start=1))
    except csv.Error as error:
        raise UsageError(f"The header of {quote(file)} cannot be read: {error}.") from error
    twice = next((name for name, count in Counter(names).items() if count > 1), None)
    if twice is not None:
        raise UsageError(f"Two columns are called {quote(twice)}. Rename one.")
    return Shape(file, codec, found, names, reader.line_num + above)


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=lambda sign: (line.count(sign), sign == ","))


class Lines(RawIOBase):
    """The lines of a table below its header, as UTF-8."""

    def __init__(self, raw: IO[bytes] | RawIOBase, shape: Shape) -> None:
        super().__init__()
        below = _below(_decoded(raw, shape), shape.skipped)
        self._blocks = closed_lines(below, shape)
        self._left = memoryview(next(self._blocks, b""))
        self.is_empty = not self._left

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on."""
        if not self._left:
            self._left = memoryview(next(self._blocks, b""))
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _below(blocks: Iterator[bytes], lines: int) -> Iterator[bytes]:
    """Leave out the first lines; those of the header stand in the first block."""
    first = next(blocks, b"")
    ends = [end.end() for end in islice(_LINE_END.finditer(first), lines)]
    yield first[ends[-1] :] if len(ends) == lines else b""
    yield from blocks


def _decoded(raw: IO[bytes] | RawIOBase, shape: Shape) -> Iterator[bytes]:
    """Yield blocks as UTF-8; raises UsageError with the line where they are another encoding."""
    decoder, lines = codecs.getincrementaldecoder(shape.encoding)(), 1
    block = b"-"
    while block:
        block = raw.read(BLOCK) or b""
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            line = lines + error.object[: error.start].count(b"\n")
            raise UsageError(
                f"Line {line} of {quote(shape.file)} is not {shape.encoding} text. "
                "Save it as UTF-8, or name its encoding with --encoding."
            ) from error
        lines += text.count("\n")
        yield text.encode()


def closed_lines(blocks: Iterator[bytes], shape: Shape) -> Iterator[bytes]:
    """Yield blocks of whole lines in which every quote is closed.

    A line on which a quote is opened, and not closed as it should be within twenty lines, would
    take all lines after it for its cell; one with control characters is damaged. Each is replaced
    by a row that is refused for itself.
    """
    held = b""
    for block in chain(blocks, [None]):
        data, held = held + (block or b""), b""
        cut = len(data) if block is None else _end_of_lines(data)
        whole, rest = data[:cut], data[cut:]
        if b'"' in whole or _has_controls(whole):
            whole, held = _closed(whole, shape, last=block is None)
        held += rest
        if whole:
            yield whole


def _end_of_lines(data: bytes) -> int:
    """Give where the last whole line ends; a line may end with a carriage return alone."""
    return data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1


def _closed(data: bytes, shape: Shape, *, last: bool) -> tuple[bytes, bytes]:
    """Replace the lines that leave a quote open; give what more lines are needed for, too."""
    lines, found, at = data.splitlines(keepends=True), list[bytes](), 0
    while at < len(lines):
        if not _is_odd(lines[at]):
            found.append(shape.damaged(lines[at]) if _has_controls(lines[at]) else lines[at])
            at += 1
            continue
        end = _end_of_row(lines, at)
        if end is None and not last and at + CELL_LINES > len(lines):
            return b"".join(found), b"".join(lines[at:])
        end = end if end and _splits(lines[at:end], shape) else at + 1
        whole = end > at + 1 or _splits(lines[at:end], shape)
        found += lines[at:end] if whole else [shape.damaged(lines[at])]
        at = end
    return b"".join(found), b""


def _is_odd(line: bytes) -> bool:
    return line.count(b'"') % 2 == 1


def _has_controls(data: bytes) -> bool:
    return len(data.translate(None, CONTROLS)) < len(data)


def _end_of_row(lines: list[bytes], at: int) -> int | None:
    """Find the line after a row that begins with an odd number of quotes: the next such line."""
    later = range(at + 1, min(at + CELL_LINES, len(lines)))
    return next((end + 1 for end in later if _is_odd(lines[end])), None)


def _splits(lines: list[bytes], shape: Shape) -> bool:
    """Tell whether some lines are one row."""
    data = b"".join(lines)
    if _has_controls(data):
        return False
    try:
        text = StringIO(data.decode(), newline="")
        rows = list(csv.reader(text, delimiter=shape.delimiter, strict=True))
    except csv.Error:
        return False
    return len(rows) == 1


_HINTS = {
    "cell-too-many": "Put amounts with commas in quotation marks.",
    "row-unreadable": "Check quotes and separators.",
}
Apart = tuple[int, list[str | None], str]
"""A row that cannot be split: its number from 1, its cells, its fault."""


@dataclass(slots=True)
class SplitRows:
    """Rows as Arrow splits them, and in their places those that it cannot split.

    Such a row has the cells that there are, and in one more column its fault: see `fault_of`.
    """

    shape: Shape
    apart: list[Apart] = field(default_factory=list)

    def note(self, row: Any) -> str:
        """Take a row that Arrow cannot split; leave it out there."""
        line, names = self.shape.damage_in(row.text), self.shape.names
        text = row.text if line is None else line
        cells = self.shape.cells_of(text)
        fault = unlike_header(row.actual_columns, len(names), text)
        if line is not None:
            code = "row-unreadable"
            said = f"A quotation mark is not closed, or the row is damaged. {_HINTS[code]}"
            fault = json.dumps([code, said, text[:LONGEST]])
        padded = [*cells[: len(names)], *[None] * (len(names) - len(cells))]
        self.apart.append((row.number, padded, fault))
        return "skip"

    def whole(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield record batches with all rows, in their order."""
        begin = 1
        for batch in batches:
            end = begin + batch.num_rows
            taken = 0
            while taken < len(self.apart) and self.apart[taken][0] < end + taken:
                taken += 1
            some, self.apart = self.apart[:taken], self.apart[taken:]
            yield _woven(batch, self._laid_out(some), [row[0] - begin for row in some])
            begin = end + taken
        if self.apart:  # their numbers come after those of all others
            yield self._laid_out(self.apart)

    def _laid_out(self, rows: Sequence[Apart]) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - an extra

        cells = [[row[1][at] for row in rows] for at in range(len(self.shape.names))]
        columns = [pa.array(column, pa.string()) for column in (*cells, [row[2] for row in rows])]
        return pa.record_batch(columns, names=[*self.shape.names, FAULT])


def _woven(batch: Any, apart: Any, places: Sequence[int]) -> Any:
    """Put rows into a batch, each at its place; the column `FAULT` says which they are."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    rows = batch.append_column(FAULT, pa.nulls(batch.num_rows, pa.string()))
    if not places:
        return rows
    order = np.full(batch.num_rows + len(places), -1)
    order[[*places]] = np.arange(len(places)) + batch.num_rows
    order[order < 0] = np.arange(batch.num_rows)
    whole = pa.Table.from_batches([rows, apart]).take(pa.array(order))
    return whole.combine_chunks().to_batches()[0]


def unlike_header(cells: int, columns: int, line: str) -> str:
    """Write as a fault that a row has more cells than the header, or fewer."""
    code = "row-unreadable" if cells < columns else "cell-too-many"
    said = f"The row has {cells} cells, the header {columns}. {_HINTS[code]}"
    return json.dumps([code, said, line[:LONGEST]])


PROTECTED = '^="(.*)"$'
"""How a spreadsheet keeps digits from being taken for a number."""


def unprotected(cells: Any) -> Any:
    """Read `="00123"` as 00123, as a single case's table is read."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    if not pc.any(pc.starts_with(cells, '="')).as_py():
        return cells
    return pc.replace_substring_regex(cells, PROTECTED, r"\1")


def fault_of(cell: str | None) -> tuple[str, str, str] | None:
    """Read what is wrong with a row that cannot be split: the code, what it is, and the line."""
    if cell is None:
        return None
    code, said, line = json.loads(cell)
    return code, said, line
