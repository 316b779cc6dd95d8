"""Workbooks for tests, written as spreadsheet programs write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter  # type: ignore[import-untyped]  # it has none

Cells = Sequence[Sequence[object]]


def workbook(
    sheets: Mapping[str, Cells], *, hidden: Sequence[str] = (), hidden_row: int | None = None
) -> bytes:
    """Return a workbook of *sheets*; the row *hidden_row* (from 1) of each is hidden.

    A text that starts with = is a formula; a pair is a formula with its value; a date is shown as
    one; a number in a list of one, such as [0.18], as a percentage.
    """
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        percent = book.add_format({"num_format": "0.00%"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            else:
                sheet.activate()
            if hidden_row:
                sheet.set_row(hidden_row - 1, None, None, {"hidden": True})
            for row, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    _write(sheet, (row, column), value, day=day, percent=percent)
    return content.getvalue()


def _write(sheet: Any, at: tuple[int, int], value: object, *, day: Any, percent: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(*at, value, day)
    elif isinstance(value, list):
        sheet.write_number(*at, value[0], percent)
    elif isinstance(value, tuple):
        sheet.write_formula(*at, value[0], None, value[1])
    elif value is not None:
        sheet.write(*at, value)


def with_part(data: bytes, part: str, content: bytes, *, again: bytes | None = None) -> bytes:
    """Return a workbook with one of its parts replaced, and given *again* if that is said."""
    changed = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(changed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
        if again is not None:
            new.writestr(part, again)
    return changed.getvalue()


def part_of(data: bytes, part: str) -> bytes:
    """Return one part of a workbook."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(part)
