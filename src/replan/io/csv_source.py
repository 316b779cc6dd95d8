"""CSV text into rows of cells, with the line on which each row starts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

from .headers import read_header
from .rows import COLUMN_LIMIT, Row

CELL_LINES = 20
TITLE_LINES = 10
DELIMITERS = ",;\t|"
SEPARATOR = re.compile(r'"?sep=(.)"?[,;\t|]*\s*', re.IGNORECASE)
_PROTECTED = re.compile(r'="(.*)"', re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_rows(text: str) -> Iterator[Row]:
    """Yield every row that is not blank, the header first.

    The delimiter is what a first line `sep=;` says, else the one of comma, semicolon, tab and bar
    that makes the most known names of columns, else the one that the first line with any of them
    has most of. A quote that never closes spoils its own line only.
    """
    lines = StringIO(text, newline="").readlines()
    stated = SEPARATOR.fullmatch(lines[0]) if lines else None
    delimiter = stated[1] if stated else _delimiter(lines)
    start = 1 if stated else 0
    while start < len(lines):
        end = _end_of_row(lines, start)
        row = _split("".join(lines[start:end]), start + 1, delimiter)
        if row.fault or any(cell.strip() for cell in row.cells):
            yield row
        start = end


def _delimiter(lines: list[str]) -> str:
    leading = lines[:TITLE_LINES]
    header = next((line for line in lines if any(sign in line for sign in DELIMITERS)), "")

    def known_names(sign: str) -> int:
        return max((_known_names(line.split(sign, COLUMN_LIMIT)) for line in leading), default=0)

    return max(DELIMITERS, key=lambda sign: (known_names(sign), header.count(sign)))


def _known_names(cells: list[str]) -> int:
    if len(cells) < 2:
        return 0
    return sum(read_header(cell.strip(' "\r\n')) is not None for cell in cells)


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
    if found := _CONTROLS.search(text):
        code = ord(found[0])
        return Row(line, fault=f"The row holds a control character (code {code}): it is damaged.")
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return Row(line, fault=f"The row cannot be split into cells: {error}.")
    return Row(line, tuple(map(_unprotected, rows[0])) if rows else ())


def _unprotected(cell: str) -> str:
    """Read `="00123"`, which keeps a spreadsheet from taking a number for one, as 00123."""
    found = _PROTECTED.fullmatch(cell.strip()) if cell.lstrip().startswith("=") else None
    return found[1] if found else cell
