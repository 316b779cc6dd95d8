"""CSV text into rows of cells, with the line on which each row starts."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

COLUMN_LIMIT = 1000
CELL_LINES = 20
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row; `fault` says why there are none."""

    line: int
    cells: tuple[str, ...] = ()
    fault: str = ""


def read_rows(text: str) -> Iterator[Row]:
    """Yield every row that is not blank, the header first.

    The delimiter is the one of comma, semicolon, tab and bar that the first line with any of
    them has most of. A quote
    that never closes spoils its own line only.
    """
    lines = StringIO(text, newline="").readlines()
    delimiter = _delimiter(lines)
    start = 0
    while start < len(lines):
        end = _end_of_row(lines, start)
        row = _split("".join(lines[start:end]), start + 1, delimiter)
        if row.fault or any(cell.strip() for cell in row.cells):
            yield row
        start = end


def _delimiter(lines: list[str]) -> str:
    header = next((line for line in lines if any(sign in line for sign in DELIMITERS)), "")
    return max(DELIMITERS, key=header.count)


def _end_of_row(lines: list[str], start: int) -> int:
    """Find the line after the row: quotes must be even in number, within a few lines."""
    quotes = 0
    for end in range(start, min(start + CELL_LINES, len(lines))):
        quotes += lines[end].count('"')
        if quotes % 2 == 0:
            return end + 1
    return start + 1


def _split(text: str, line: int, delimiter: str) -> Row:
    if text.count(delimiter) >= COLUMN_LIMIT:
        return Row(line, fault=f"The row has more than {COLUMN_LIMIT:,} cells.")
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return Row(line, fault=f"The row cannot be split into cells: {error}.")
    return Row(line, tuple(rows[0]) if rows else ())
