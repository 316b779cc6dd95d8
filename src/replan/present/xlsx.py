"""Workbooks as XLSX files: real dates and numbers, live formulas, no personal data about makers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from replan.errors import UsageError
from replan.model.text import clean_text
from replan.present.words import Words
from replan.present.workbook import Kind, Sheet, Value, Workbook

Record = Mapping[str, Any]
_WIDEST = 42
_LINE = 15
"""The height of a line in points."""
_NARROWEST = 8


def to_xlsx(
    data: Record, words: Words, *, kind: str, records: Sequence[Mapping[str, object]]
) -> bytes:
    """Return *data* as the bytes of a workbook; what has no sheets of its own as its *records*.

    The same data give the same bytes. Raises UsageError if the writer is not installed.
    """
    try:
        import xlsxwriter  # type: ignore[import-untyped] # noqa: F401, PLC0415 - an extra, heavy
    except ImportError as error:
        hint = "Install it: pip install 'replan[xlsx]'. Or write .csv or .html."
        raise UsageError(f"Writing .xlsx needs XlsxWriter. {hint}") from error
    from replan.present.sheets import workbook_of  # noqa: PLC0415 - with the writer

    return write_workbook(workbook_of(data, words, kind=kind, records=records))


def write_workbook(workbook: Workbook) -> bytes:
    """Write a workbook; texts are texts, whatever they look like."""
    from xlsxwriter import Workbook as File  # noqa: PLC0415 - an extra, and heavy

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with File(target, options) as file:
        made = datetime(workbook.made.year, workbook.made.month, workbook.made.day)  # noqa: DTZ001
        file.set_properties({"title": workbook.title, "author": "", "created": made})
        formats = _Formats(file, workbook.exponent)
        for sheet in workbook.sheets:
            _write_sheet(file.add_worksheet(sheet.name), sheet, formats)
    return target.getvalue()


class _Formats:
    """A file's cell formats, each made once."""

    def __init__(self, file: Any, exponent: int) -> None:
        self.file = file
        self.made: dict[tuple[Kind, bool], Any] = {}
        decimals = "." + "0" * exponent if exponent else ""
        self.patterns: dict[Kind, str] = {
            "text": "@",
            "amount": f"#,##0{decimals}",
            "share": "0.00%",
            "count": "#,##0",
            "date": "yyyy-mm-dd",
            "month": "yyyy-mm",
            "number": "General",
        }
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self.head = file.add_format(head)
        self.number_head = file.add_format({**head, "align": "right"})
        self.note = file.add_format({"italic": True})

    def of(self, kind: Kind, *, strong: bool) -> Any:
        """Return the format of a kind of value."""
        if (kind, strong) not in self.made:
            shape: dict[str, Any] = {"num_format": self.patterns[kind]}
            if kind == "text":
                shape |= {"text_wrap": True, "valign": "top"}
            if strong:
                shape |= {"bold": True, "top": 1}
            self.made[kind, strong] = self.file.add_format(shape)
        return self.made[kind, strong]


def _write_sheet(target: Any, sheet: Sheet, formats: _Formats) -> None:
    columns = [[row[at] for row in sheet.rows if at < len(row)] for at in range(len(sheet.heads))]
    widths = [_width(head, values) for head, values in zip(sheet.heads, columns, strict=True)]
    for column, head in enumerate(sheet.heads):
        left = all(value.kind == "text" for value in columns[column])
        shape = formats.head if left else formats.number_head
        target.write_string(0, column, clean_text(head), shape)
        target.set_column(column, column, widths[column])
    _set_height(target, 0, sheet.heads, widths)
    for at, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_value(target, (at, column), value, formats)
        texts = [value.value if isinstance(value.value, str) else "" for value in row]
        _set_height(target, at, texts, widths)
    for at, note in enumerate(sheet.notes, start=len(sheet.rows) + 2):
        target.write_string(at, 0, clean_text(note), formats.note)
    target.freeze_panes(1, sheet.keys)
    target.repeat_rows(0)
    target.set_landscape()
    target.set_paper(9)  # A4
    target.fit_to_pages(1, 0)


def _set_height(target: Any, at: int, texts: Sequence[str], widths: Sequence[int]) -> None:
    """Make a row as high as its longest text needs; not every program does it by itself."""
    lines = max(
        -(-_length(told) // (width - 1)) for told, width in zip(texts, widths, strict=False)
    )
    if lines > 1:
        target.set_row(at, _LINE * lines)


def _write_value(target: Any, place: tuple[int, int], value: Value, formats: _Formats) -> None:
    shape = formats.of(value.kind, strong=value.strong)
    match value.value:
        case None:
            target.write_blank(*place, None, shape)
        case str() as told:
            target.write_string(*place, clean_text(told), shape)
        case date() as day:
            target.write_datetime(*place, day, shape)
        case Decimal() | float() | int() as number if value.formula:
            target.write_formula(*place, f"={value.formula}", shape, float(number))
        case number:
            target.write_number(*place, float(number), shape)


def _width(head: str, values: Sequence[Value]) -> int:
    """Return a column's width in characters; a Chinese character counts as two."""
    lengths = [_length(word) for word in head.split()]
    lengths += [_length(_shown(value)) for value in values]
    return min(_WIDEST, max(_NARROWEST, *lengths) + 2)


def _shown(value: Value) -> str:
    if isinstance(value.value, Decimal):
        return f"{value.value:,f}"
    return f"{value.value:.2f}" if isinstance(value.value, float) else str(value.value or "")


def _length(shown: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in shown)
