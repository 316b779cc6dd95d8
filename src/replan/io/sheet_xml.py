"""The parts of a workbook: their size, and the marks of cells that plain values do not carry."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from xml.parsers import expat  # a DOCTYPE, which alone is dangerous, is refused

ROW_LIMIT = 200_000
COLUMN_LIMIT = 1000
CELL_LIMIT = 3_000_000
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels"
    r"|xl/(workbook|styles|sharedStrings|worksheets/[^/]+|_rels/workbook)\.xml(\.rels)?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_BUILT_IN_PERCENT = {9, 10}


class Unreadable(Exception):  # noqa: N818  # it reads as what happened; it never leaves the package
    """A workbook that cannot be read; its text says why."""

    def __init__(self, message: str, hint: str = "", *, is_too_large: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.is_too_large = is_too_large


@dataclass(slots=True)
class Marks:
    """What a sheet holds: how many cells, and by row and column from 0 which are special.

    `texts` are errors such as #N/A, and formulas without a value.
    """

    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_parts(data: bytes, *, limit: int) -> dict[str, bytes]:
    """Unpack the parts that cells depend on; no more than *limit* bytes, whatever they claim."""
    parts: dict[str, bytes] = {}
    left = limit
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for info in archive.infolist():
                if not _NEEDED.fullmatch(info.filename) or info.filename in parts:
                    continue
                with archive.open(info) as member:
                    content = member.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise _too_large(f"unpacks to more than {limit // 2**20} MiB")
                parts[info.filename] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Unreadable("The workbook is damaged: it cannot be unpacked.") from error
    return parts


def read_marks(parts: dict[str, bytes]) -> dict[str, Marks]:
    """Return the marks of each sheet by its name."""
    percents = _percent_styles(parts.get("xl/styles.xml", b""))
    targets = _targets(parts.get("xl/_rels/workbook.xml.rels", b""))
    found = {}
    for name, relation in _sheet_names(parts["xl/workbook.xml"]):
        content = parts.get(targets.get(relation, ""))
        if content is not None:
            found[name] = _sheet_marks(content, percents)
    return found


def _sheet_names(content: bytes) -> list[tuple[str, str]]:
    names: list[tuple[str, str]] = []

    def start(tag: str, values: dict[str, str]) -> None:
        if tag == "sheet":
            relation = next((v for k, v in values.items() if k.rpartition(":")[2] == "id"), "")
            names.append((values.get("name", ""), relation))

    _parse(content, start)
    return names


def _targets(content: bytes) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(tag: str, values: dict[str, str]) -> None:
        if tag == "Relationship":
            target = values.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            targets[values.get("Id", "")] = path

    _parse(content, start)
    return targets


def _percent_styles(content: bytes) -> set[int]:
    """Return the numbers of the cell styles that show a percentage."""
    formats = dict.fromkeys(_BUILT_IN_PERCENT, "%")
    styles: list[int] = []
    inside: list[str] = []

    def start(tag: str, values: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt":
            formats[_number(values.get("numFmtId"))] = values.get("formatCode", "")
        if tag == "xf" and inside[-2:-1] == ["cellXfs"]:
            styles.append(_number(values.get("numFmtId")))

    _parse(content, start, end=lambda _tag: inside.pop())
    return {place for place, number in enumerate(styles) if _has_percent(formats.get(number, ""))}


def _has_percent(code: str) -> bool:
    """Tell whether a number format multiplies by 100: a percent sign that is not quoted text."""
    return "%" in re.sub(r'"[^"]*"|\\.|_.', "", code)


UNCALCULATED = "#FORMULA"
"""What stands for a formula whose value the program that wrote the file did not calculate."""


@dataclass(slots=True)
class _Cell:
    """The cell being read: its type, and whether a formula and a value stand in it."""

    row: int = -1
    column: int = -1
    kind: str = "n"
    has_formula: bool = False
    has_value: bool = False
    error: str = ""


def _sheet_marks(content: bytes, percents: set[int]) -> Marks:
    marks, cell = Marks(), _Cell()

    def start(tag: str, values: dict[str, str]) -> None:
        if tag == "c":
            row, column = _place(values.get("r", ""), cell)
            _open(cell, row, column, values.get("t", "n"))
            if _number(values.get("s")) in percents and cell.kind == "n":
                marks.percents.add((row, column))
        elif tag in {"f", "v", "is"}:
            cell.has_formula |= tag == "f"
            cell.has_value |= tag != "f"
            _count(marks, cell)
        elif tag == "row":
            cell.row = _number(values["r"]) - 1 if "r" in values else cell.row + 1
            cell.column = -1
        _note_hidden(tag, values, cell.row, marks)

    def text(characters: str) -> None:
        if cell.kind == "e" and cell.has_value and len(cell.error) < 20:
            cell.error += characters.strip()[:20]

    def end(tag: str) -> None:
        if tag == "c" and (shown := _instead(cell)):
            marks.texts[cell.row, cell.column] = shown

    _parse(content, start, end=end, text=text)
    return marks


def _instead(cell: _Cell) -> str:
    """Return what a cell shows in place of a value, if it has none."""
    if cell.kind == "e":
        return cell.error or "#ERROR"
    return UNCALCULATED if cell.has_formula and not cell.has_value else ""


def _open(cell: _Cell, row: int, column: int, kind: str) -> None:
    cell.row, cell.column, cell.kind, cell.error = row, column, kind, ""
    cell.has_formula = cell.has_value = False


def _note_hidden(tag: str, values: dict[str, str], row: int, marks: Marks) -> None:
    if values.get("hidden") not in {"1", "true"}:
        return
    if tag == "row":
        marks.hidden_rows.add(row)
    elif tag == "col":
        first, last = _number(values.get("min")), _number(values.get("max"))
        marks.hidden_columns.update(range(first - 1, min(last, COLUMN_LIMIT)))


def _place(reference: str, before: _Cell) -> tuple[int, int]:
    """Return row and column of `C5`; without a reference, the cell after the one before."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return max(before.row, 0), before.column + 1
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _count(marks: Marks, cell: _Cell) -> None:
    """Count a cell that holds something; the library will fill the whole rectangle up to it."""
    marks.cells += 1
    marks.last_row = max(marks.last_row, cell.row)
    marks.last_column = max(marks.last_column, cell.column)
    if marks.last_row >= ROW_LIMIT:
        raise _too_large(f"has cells below row {ROW_LIMIT:,}")
    if marks.last_column >= COLUMN_LIMIT:
        raise _too_large(f"has cells beyond column {COLUMN_LIMIT:,}")
    if max(marks.cells, (marks.last_row + 1) * (marks.last_column + 1)) > CELL_LIMIT:
        raise _too_large(f"has a sheet of more than {CELL_LIMIT:,} cells")


def _too_large(what: str) -> Unreadable:
    hint = "Copy the table of debts into a workbook of its own, or use replan batch."
    return Unreadable(f"The workbook {what}.", hint, is_too_large=True)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0


def _parse(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    *,
    end: Callable[[str], object] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call *start* and *end* for each element, by its local name, of a part without DOCTYPE."""
    if not content:
        return
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda tag, values: start(tag.rpartition(":")[2], values)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)  # noqa: FBT003  # the signature of expat
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable("The workbook is damaged: a part of it is not XML.") from error


def _refuse_doctype(*_declared: object) -> None:
    raise Unreadable("The workbook holds a DOCTYPE, which no spreadsheet program writes.")
