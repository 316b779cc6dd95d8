"""Tables into cases: one file of text, or the sheet of a workbook that holds the debts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from replan.errors import Issue, UsageError
from replan.model.text import quote
from replan.model.values import DateOrder

from .csv_source import read_rows
from .loaded import Loaded
from .mapping import ColumnMap
from .rows import Sheet, lines_of_file
from .sheet_xml import ROW_LIMIT
from .table_cases import build_cases
from .table_source import find_header, read_entries, read_header_row
from .workbook import read_workbook


@dataclass(frozen=True, slots=True)
class TableSettings:
    """What a table cannot say: its columns, the keys of the case, the order of its dates."""

    mapping: ColumnMap
    overrides: dict[str, Any]
    dates: DateOrder | None = None


def load_text(text: str, name: str, settings: TableSettings) -> Loaded:
    """Read the cases of a table in text."""
    rows = list(islice(read_rows(text), ROW_LIMIT + 2))
    return _load_sheet(Sheet(rows, lines_of_file(name)), name, settings)


def load_workbook(
    data: bytes, name: str, settings: TableSettings, *, sheet: str | None = None
) -> Loaded:
    """Read the cases of a workbook's sheet: the one named, or the only one that tells of debts."""
    sheets, issues = read_workbook(data, name=name)
    if issues:
        return Loaded(issues=issues)
    if not sheets:
        message, hint = "The workbook has no cells.", "Check the export."
        return Loaded(issues=[Issue("file-empty", "error", message, name, hint)])
    chosen, said = _choose(sheets, name, settings.mapping, sheet)
    if chosen is None:
        return Loaded(issues=said)
    loaded = _load_sheet(chosen, name, settings)
    loaded.issues[:0] = said
    return loaded


def _choose(
    sheets: Sequence[Sheet], name: str, mapping: ColumnMap, wanted: str | None
) -> tuple[Sheet | None, list[Issue]]:
    """Choose a sheet; what is left aside is said, and two that fit are never chosen between."""
    if wanted is not None:
        found = [sheet for sheet in sheets if sheet.label == wanted.strip()]
        if not found:
            known = ", ".join(quote(sheet.label) for sheet in sheets)
            raise UsageError(f"{name} has no sheet {quote(wanted)} with cells. It has {known}.")
        return found[0], []
    if len(sheets) == 1:
        return sheets[0], []
    fitting = [sheet for sheet in sheets if _tells_of_debts(sheet, mapping)]
    shown = [sheet for sheet in fitting if not sheet.is_hidden] or fitting
    if len(shown) == 1:
        return shown[0], [_chosen(shown[0], sheets, name)]
    names = ", ".join(quote(sheet.label) for sheet in shown or sheets)
    which = "Several sheets read as" if shown else "No sheet reads as"
    message = f"{which} a table of debts: {names}."
    hint = f'Name one: --sheet "{(shown or sheets)[0].label}".'
    return None, [Issue("sheet-unclear", "error", message, name, hint)]


def _chosen(chosen: Sheet, sheets: Sequence[Sheet], name: str) -> Issue:
    others = ", ".join(quote(sheet.label) for sheet in sheets if sheet is not chosen)
    hidden = ", which is hidden," if chosen.is_hidden else ""
    message = f"The sheet {quote(chosen.label)}{hidden} was read; others were not: {others}."
    severity: Any = "warning" if hidden else "note"
    return Issue("sheet-chosen", severity, message, name, "Name another with --sheet.")


def _tells_of_debts(sheet: Sheet, mapping: ColumnMap) -> bool:
    header, _ = find_header(sheet.rows, mapping)
    if header is None:
        return False
    return read_header_row(header, locate=sheet.locate, mapping=mapping).is_readable


def _load_sheet(sheet: Sheet, name: str, settings: TableSettings) -> Loaded:
    header, rest = find_header(sheet.rows, settings.mapping)
    if header is None:
        hint = "Check the export."
        return Loaded(issues=[Issue("file-empty", "error", "The table is empty.", name, hint)])
    table = read_header_row(header, locate=sheet.locate, mapping=settings.mapping)
    loaded = Loaded(issues=table.issues)
    if not table.is_readable:
        return loaded
    loaded.issues.extend(sheet.issues)
    entries = list(islice(read_entries(table, rest), ROW_LIMIT + 1))
    if len(entries) > ROW_LIMIT:
        message = f"The table has more than {ROW_LIMIT:,} rows."
        hint = "Split it, or use replan batch."
        return Loaded(issues=[Issue("file-too-large", "error", message, name, hint)])
    if not entries:
        issue = Issue("debts-missing", "error", "The table has no debts.", name, "Add a row.")
        loaded.issues.append(issue)
    cases = build_cases(table, entries, settings.overrides, dates=settings.dates)
    for case, issues, dropped in cases:
        loaded.cases.extend([case] if case else [])
        loaded.issues.extend(issues)
        loaded.dropped.extend(dropped)
    loaded.issues.sort(key=lambda issue: _line(issue, name))
    return loaded


def _line(issue: Issue, name: str) -> int:
    """Return the line in an issue's place, 0 for the file as a whole."""
    rest = issue.where.removeprefix(name)
    found = re.search(r"![A-Z]{0,3}(\d+)", rest) or re.match(r":(\d+)", rest)
    return int(found[1]) if found else 0
