"""Workbooks (.xlsx) into rows of cells, each as the text that the sheet shows, exactly.

The library that reads the cells gives error values as empty cells and no formats, and fills a
rectangle up to the last cell; `sheet_xml` tells what is an error, a percentage or too large.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from replan.errors import Issue, UsageError
from replan.model.text import clean_text

from .decode import SIZE_LIMIT as FILE_LIMIT
from .rows import Locate, Row, Sheet
from .sheet_xml import Marks, Unreadable, read_marks, read_parts

SIZE_LIMIT = 256 * 2**20
NAMES_LIMIT = 12
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = "Save it as an Excel workbook (.xlsx) or as CSV (UTF-8)."


def read_workbook(data: bytes, *, name: str) -> tuple[list[Sheet], list[Issue]]:
    """Return the sheets of a workbook that hold anything, or what is wrong with it.

    Raises UsageError if the library that reads workbooks is not installed.
    """
    if len(data) > FILE_LIMIT:
        message = f"The file is larger than {FILE_LIMIT // 2**20} MiB."
        hint = "Copy the table of debts into a workbook of its own, or use replan batch."
        return [], [Issue("file-too-large", "error", message, name, hint)]
    if fault := _unfit(data):
        return [], [Issue("workbook-unreadable", "error", fault[0], name, fault[1])]
    if find_spec("python_calamine") is None:
        raise UsageError(
            f"{name} is an Excel workbook, which needs an extra package. "
            'Install it with pip install "replan[xlsx]", or save the table as CSV (UTF-8).'
        )
    try:
        return _sheets(data, name), []
    except Unreadable as error:
        code = "file-too-large" if error.is_too_large else "workbook-unreadable"
        return [], [Issue(code, "error", str(error), name, error.hint or _SAVE)]


def _unfit(data: bytes) -> tuple[str, str] | None:
    """Say why bytes are no .xlsx workbook, and what to do."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            hint = "Remove the password in the spreadsheet program and save it again."
            return "The workbook is protected by a password.", hint
        return "The file is an Excel workbook of the old kind (.xls).", _SAVE
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "The workbook is damaged: it is not a whole archive.", "Export it again."
    for member, kind in _OTHERS.items():
        if member in names:
            return f"The file is {kind}, not an Excel workbook (.xlsx).", _SAVE
    if "xl/workbook.xml" not in names:
        return "The file is an archive, not an Excel workbook.", "Unpack it, or name a table."
    return None


_OTHERS = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "content.xml": "an OpenDocument file (.ods)",
    "word/document.xml": "a Word document",
    "Index/Document.iwa": "a Numbers document",
    "ppt/presentation.xml": "a presentation",
}


def _sheets(data: bytes, name: str) -> list[Sheet]:
    """Read every sheet from a copy that holds only the parts that have been looked at."""
    parts = read_parts(data, limit=SIZE_LIMIT)
    marks = read_marks(parts)
    sheets = []
    with _opened(_packed(parts)) as book:
        for index, meta in enumerate(book.sheets_metadata):
            found = marks.get(meta.name)
            if found is None or not found.cells:
                continue
            rows = list(_rows(book, index, found))
            hidden = str(meta.visible).rpartition(".")[2] != "Visible"
            label = clean_text(meta.name)
            sheet = Sheet(rows, _locator(name, label), label, hidden)
            sheet.issues.extend(_oddities(found, sheet))
            sheets.append(sheet)
    return sheets


def _packed(parts: dict[str, bytes]) -> BytesIO:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member, content in parts.items():
            archive.writestr(zipfile.ZipInfo(member), content)
    packed.seek(0)
    return packed


def _opened(packed: BytesIO) -> Any:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  # heavy, and an extra

    return _guarded(lambda: CalamineWorkbook.from_filelike(packed))


def _guarded(action: Any) -> Any:
    """Do *action*; whatever the library raises, a panic of its own included, is one message."""
    try:
        return action()
    except Exception as error:
        raise Unreadable("The workbook is damaged: its parts do not fit.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable("The workbook is damaged: its parts do not fit.") from error


def _rows(book: Any, index: int, marks: Marks) -> Iterator[Row]:
    """Yield the rows of a sheet that hold anything, with their own numbers and columns."""
    sheet = _guarded(lambda: book.get_sheet_by_index(index))
    first_row, first_column = sheet.start or (0, 0)
    values = _guarded(lambda: sheet.to_python(skip_empty_area=True))
    filled = {row for row, _ in marks.texts}
    height = max([first_row + len(values), *(row + 1 for row in filled)])
    for number in range(height):
        inside = 0 <= number - first_row < len(values)
        found = values[number - first_row] if inside else []
        cells = ["", *[""] * (first_column - 1)] if first_column else []
        cells += [
            _shown(value, is_percent=(number, first_column + place) in marks.percents)
            for place, value in enumerate(found)
        ]
        cells = _overlaid(cells, number, marks) if number in filled else cells
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            typed = (first_column + at for at, value in enumerate(found) if _is_number(value))
            yield Row(number + 1, tuple(cells), numbers=frozenset(typed))


def _overlaid(cells: list[str], number: int, marks: Marks) -> list[str]:
    """Put what the library leaves empty, errors and formulas never calculated, into its place."""
    found = {column: text for (row, column), text in marks.texts.items() if row == number}
    width = max(len(cells), *(column + 1 for column in found))
    whole = [*cells, *[""] * (width - len(cells))]
    return [found.get(column, cell) for column, cell in enumerate(whole)]


def _shown(value: Any, *, is_percent: bool) -> str:
    """Write a typed cell as text: 15 digits are what a spreadsheet keeps of a number.

    >>> _shown(0.1 + 0.2, is_percent=False), _shown(0.1825, is_percent=True)
    ('0.3', '18.25%')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if _is_number(value):
        number = Decimal(f"{value:.15g}")
        return f"{_plain(number * 100)}%" if is_percent else _plain(number)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, str | timedelta) else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _locator(name: str, label: str) -> Locate:
    def locate(line: int, column: int | None) -> str:
        cell = str(line) if column is None else f"{column_name(column)}{line}"
        return f"{name}:{label}!{cell}"

    return locate


def column_name(index: int) -> str:
    """Name a column from 0: A, B … Z, AA."""
    name = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        name, index = chr(65 + letter) + name, index - 1
    return name


def _oddities(marks: Marks, sheet: Sheet) -> Iterator[Issue]:
    """Point out what a reader of the sheet on screen would not see."""
    held = {row.line for row in sheet.rows}
    hidden = sorted(row + 1 for row in marks.hidden_rows if row + 1 in held)
    if hidden:
        numbers = ", ".join(str(row) for row in hidden[:NAMES_LIMIT])
        more = " …" if len(hidden) > NAMES_LIMIT else ""
        message = f"Rows that the sheet hides were read like the others: {numbers}{more}."
        hint = "Delete those that are no debts."
        yield Issue("sheet-hidden", "warning", message, sheet.locate(hidden[0], None), hint)
    for column in sorted(marks.hidden_columns):
        if any(len(row.cells) > column and row.cells[column].strip() for row in sheet.rows):
            message = f"The column {column_name(column)}, which the sheet hides, was read."
            where = sheet.locate(sheet.rows[0].line, column)
            yield Issue("sheet-hidden", "warning", message, where, "Delete it if it is old.")
