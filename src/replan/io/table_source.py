"""Rows of cells into debts: one a row, columns by their header, faults by line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from replan.errors import Issue, Severity
from replan.model.issues import Problem
from replan.model.text import clean_text, quote
from replan.model.values import is_unknown, normalise

from .headers import Column, nearest_header, read_header, read_mixed, read_word
from .mapping import CASE_KEYS, ColumnMap, convert, target_keys
from .rows import Locate, Row
from .sheet_xml import UNCALCULATED

EMPTY = frozenset({"", "-", "--", "—", "–", "/", "n/a", "na", "null", "none", "nan", "无", "暂无"})
TEXT_KEYS = frozenset({"creditor", "note", "borrower.name", "id"})
REQUIRED = ("principal", "rate")
NAMES_LIMIT = 12
TITLE_LIMIT = 10
WIDTH_LIMIT = 200
_TOTALS = frozenset(
    {
        "合计",
        "总计",
        "小计",
        "共计",
        "本页小计",
        "本页合计",
        "total",
        "totals",
        "sum",
        "subtotal",
        "grand total",
    }
)
_REMARK = re.compile(
    r"[*※].*|(?:printed|prepared|generated) (?:on|by|at) .*"
    r"|(?:注|备注|说明|制表|打印|数据来源|单位|notes?|source|remarks?)\w{0,3}\s*[:：].*",
    re.IGNORECASE | re.DOTALL,
)
_ERRORS = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FORMULA|ERROR|#{2,})"
)
_MASKED = re.compile(r"(?:(?:[*•·#.…]+|[xX]{2,})[\s-]*)+(\d{2,8})")
"""An account number of which only the end is shown: ****4417, XXXX-XXXX-1234, ...8890."""


def is_total(cell: str) -> bool:
    """Tell whether a first cell says that its row adds up the others."""
    return normalise(cell).rstrip(":").strip().casefold() in _TOTALS


@dataclass(frozen=True, slots=True)
class Table:
    """A header understood: what each column means, and the issues found in it."""

    line: int
    headers: tuple[str, ...]
    columns: dict[int, Column]
    mapping: ColumnMap
    locate: Locate
    issues: list[Issue] = field(default_factory=list)

    @property
    def has_lost_rows(self) -> bool:
        """Whether a row could not be read: it may be a debt of any case in the table."""
        return any(issue.severity == "error" for issue in self.issues)

    @property
    def is_readable(self) -> bool:
        """Whether the header tells of every column that a debt needs."""
        return not self.has_lost_rows

    @property
    def currency(self) -> str:
        """The currency that the headers state, if they agree on one."""
        stated = {column.currency for column in self.columns.values()} - {""}
        return stated.pop() if len(stated) == 1 else ""

    def place(self, line: int, key: str = "") -> str:
        """Write the place of *key* in a row: the cell and its header, or the row and the key."""
        for index, column in self.columns.items():
            if key and (column.key == key or (key == "next_due" and column.key == "due_day")):
                return f"{self.locate(line, index)}:{clean_text(self.headers[index])}"
        return f"{self.locate(line, None)}:{key}".rstrip(":")

    def has_column(self, key: str) -> bool:
        """Tell whether a column means *key*."""
        keys = {column.key for column in self.columns.values()}
        return key in keys or (key == "next_due" and "due_day" in keys)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as a debt: its line, the debt's keys, the case's keys, the problems of its cells."""

    line: int
    debt: dict[str, Any]
    case: dict[str, Any]
    problems: tuple[Problem, ...] = ()


def find_header(rows: Iterable[Row], mapping: ColumnMap) -> tuple[Row | None, Iterator[Row]]:
    """Return the header and the rows after it; lines above it, such as a title, are left out.

    The header is the first of the leading rows with two columns that mean something, else the
    first row.
    """
    rest = iter(rows)
    leading = list(islice(rest, TITLE_LIMIT))
    for index, row in enumerate(leading):
        known = [cell for cell in row.cells[:WIDTH_LIMIT] if column_meaning(cell.strip(), mapping)]
        if len(known) >= 2:
            return row, chain(leading[index + 1 :], rest)
    return (leading[0] if leading else None), chain(leading[1:], rest)


def read_header_row(row: Row, *, locate: Locate, mapping: ColumnMap) -> Table:
    """Understand a header; what is unknown, double or missing in it becomes an issue."""
    headers = tuple(cell.strip() for cell in row.cells)
    columns = {i: c for i, h in enumerate(headers) if (c := column_meaning(h, mapping)) and c.key}
    table = Table(row.line, headers, columns, mapping, locate)
    where = locate(row.line, None)
    if row.fault:
        table.issues.append(_row_fault(row, where))
        return table
    table.issues.extend(_unknown_columns(table, where))
    table.issues.extend(_double_columns(table, where))
    table.issues.extend(_missing_columns(table, where))
    return table


def read_entries(table: Table, rows: Iterable[Row]) -> Iterator[Entry]:
    """Yield the debts of a table's rows; report on the table what is no debt."""
    for row in rows:
        fault = _fault(table, row)
        if fault:
            table.issues.append(fault)
        elif not _is_skipped(table, row):
            yield _entry(table, row)


def column_meaning(header: str, mapping: ColumnMap) -> Column | None:
    """Say what a header means, by the mapping first; None if it is not known."""
    known = read_header(header)
    if header not in mapping.columns:
        return known or (Column(header.lower()) if header.lower() in target_keys() else None)
    key = mapping.columns[header]
    return known if known and known.key == key else Column(key)


def _unknown_columns(table: Table, where: str) -> Iterator[Issue]:
    if not table.mapping.reports_others:
        return
    strange = []
    for index, header in _unread(table):
        shown = clean_text(header)
        if mixed := read_mixed(header):
            message = f"The column {quote(header)} was not read. {mixed[1]}"
            hint = f'If you know better, say so: --map "{shown}={mixed[0]}".'
        elif near := nearest_header(header):
            message = f"The column {quote(header)} was not recognised and not read."
            key = (read_header(near) or Column("")).key
            hint = f'Did you mean {near}? Then use --map "{shown}={key}".'
        else:
            strange.append(header)
            continue
        yield Issue("column-unknown", "warning", message, table.locate(table.line, index), hint)
    if strange:
        names = ", ".join(quote(header) for header in strange[:NAMES_LIMIT])
        more = f" and {len(strange) - NAMES_LIMIT} more" if len(strange) > NAMES_LIMIT else ""
        message = f"Columns that were not recognised and not read: {names}{more}."
        yield Issue("column-unknown", "warning", message, where, "Map those that matter.")


def _unread(table: Table) -> list[tuple[int, str]]:
    used = table.mapping.columns.keys() | table.mapping.skip.keys()
    return [
        (index, header)
        for index, header in enumerate(table.headers)
        if header and index not in table.columns and header not in used
    ]


def _double_columns(table: Table, where: str) -> Iterator[Issue]:
    first: dict[str, int] = {}
    for index, column in list(table.columns.items()):
        if column.key in first:
            one, two = table.headers[first[column.key]], table.headers[index]
            message = f"The columns {quote(one)} and {quote(two)} both mean {column.key}."
            hint = f'Leave one out: --map "{clean_text(two)}=".'
            severity: Severity = "warning" if column.key == "note" else "error"
            yield Issue("column-twice", severity, message, where, hint)
            del table.columns[index]
        first.setdefault(column.key, index)


def _missing_columns(table: Table, where: str) -> Iterator[Issue]:
    present = {column.key for column in table.columns.values()} | table.mapping.constants.keys()
    # what flat instalments cost is their fee
    priced = {"rate"} if "instalment_fee" in present else set()
    for key in REQUIRED:
        if key not in present | priced:
            message = f"No column was recognised as {key}."
            hint = f'Name it: --map "{_likely(table, key) or "theirs"}={key}".'
            yield Issue("column-missing", "error", message, where, hint)
    named = {header for header, key in table.mapping.columns.items() if key}
    for header in sorted(named - set(table.headers)):
        near = nearest_header(header)
        message = f"The mapping names the column {quote(header)}, which is not there."
        hint = f"Did you mean {near}?" if near else "Check its name."
        yield Issue("mapping-column", "error", message, where, hint)


def _likely(table: Table, key: str) -> str:
    """Return the unread header that most looks like *key*, if one does."""
    for _, header in _unread(table):
        near = nearest_header(header)
        meant = read_mixed(header) or (near and (read_header(near) or Column("")).key,)
        if meant[0] == key:
            return clean_text(header)
    return ""


def _fault(table: Table, row: Row) -> Issue | None:
    where = table.locate(row.line, None)
    if row.fault:
        return _row_fault(row, where)
    first = next((cell for cell in row.cells if cell.strip()), "")
    if is_total(first):
        message = f"The row {quote(first)} was taken for a total and not read."
        return Issue("row-total", "warning", message, where, "Rename it if it is a debt.")
    if _is_unnamed_total(table, row):
        message = "The row has amounts, but no name and no rate: it was taken for a total."
        hint = "Complete it if it is a debt."
        return Issue("row-total", "warning", message, where, hint)
    if _is_remark(row):
        message = f"The row {quote(first)} was taken for a remark and not read."
        return Issue("row-remark", "warning", message, where, "Complete it if it is a debt.")
    # even empty ones: an amount with an unquoted comma moves every cell after it
    if len(row.cells) > len(table.headers):
        message = f"The row has {len(row.cells)} cells, the header {len(table.headers)}."
        hint = "Put amounts with commas in quotation marks."
        return Issue("cell-too-many", "error", message, where, hint)
    return None


def _is_unnamed_total(table: Table, row: Row) -> bool:
    """Tell a row of sums, such as ,,3929.00,, below a table, from a debt: no words and no rate."""
    filled = {index for index, cell in enumerate(row.cells) if cell.strip()}
    keys = {index: column.key for index, column in table.columns.items()}
    named = {"id", "creditor", "product", "rate"}
    if not filled or not named & set(keys.values()) or named & {keys.get(i) for i in filled}:
        return False
    return "rate" in keys.values() and not any(c.isalpha() for i in filled for c in row.cells[i])


def _is_remark(row: Row) -> bool:
    """Tell a line of text below a table, such as 注：以上金额含利息, from a debt."""
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return len(filled) == 1 and _REMARK.fullmatch(filled[0]) is not None


def _row_fault(row: Row, where: str) -> Issue:
    code = "table-too-wide" if "more than" in row.fault else "row-unreadable"
    return Issue(code, "error", row.fault, where, "Check quotes and separators.")


def _is_skipped(table: Table, row: Row) -> bool:
    return any(
        header in table.mapping.skip and cell.strip() in table.mapping.skip[header]
        for header, cell in zip(table.headers, row.cells, strict=False)
    )


def _entry(table: Table, row: Row) -> Entry:
    values: dict[str, Any] = dict(table.mapping.constants)
    problems = []
    for index, column in table.columns.items():
        cell = row.cells[index].strip() if index < len(row.cells) else ""
        if problem := _cell_problem(cell, column.key):
            problems.append(problem)
        elif not is_no_value(cell, column.key, table.mapping):
            is_number = index in row.numbers
            values[column.key] = cell_value(cell, column, table.mapping, is_number=is_number)
    case = {key: values.pop(key) for key in CASE_KEYS if key in values}
    return Entry(row.line, _nested(values), case, tuple(problems))


def _cell_problem(cell: str, key: str) -> Problem | None:
    """Say why a cell gives no value, if it should give one."""
    if cell.startswith("#") and _ERRORS.fullmatch(cell):
        path = tuple(key.split("."))
        if cell == UNCALCULATED:
            message = "The formula was never calculated."
            hint = "Open the file in the spreadsheet program, save it and try again."
            return Problem("cell-error", message, hint, path)
        message = f"The cell holds the error {quote(cell)} instead of a value."
        return Problem("cell-error", message, "Correct the formula, or write the value.", path)
    if key not in TEXT_KEYS and is_unknown(cell):
        message = f"{quote(cell)} was read as not given."
        hint = "Ask the creditor: a part that is not given counts as nothing."
        return Problem("cell-unknown", message, hint, tuple(key.split(".")), "warning")
    return None


def is_no_value(cell: str, key: str, mapping: ColumnMap) -> bool:
    """Tell whether a cell means that nothing is given."""
    if cell in mapping.empty or not cell:
        return True
    return key not in TEXT_KEYS and normalise(cell).casefold() in EMPTY


def cell_value(cell: str, column: Column, mapping: ColumnMap, *, is_number: bool) -> str:
    """Write a cell in full: its word translated, its unit completed."""
    if column.key == "id" and (masked := _MASKED.fullmatch(cell)):
        return masked[1]
    word = mapping.values.get(column.key, {}).get(cell) or read_word(column.key, cell)
    conversion = mapping.conversions.get(column.key)
    if conversion and not (is_number and conversion == "decimal-comma"):
        return convert(word, conversion)
    if re.fullmatch(r"[\d.,'\s]+", normalise(word)):
        return f"{word}{column.suffix}{column.currency}"
    period = column.suffix[column.suffix.find("/") :] if "/" in column.suffix else ""
    return word if re.search(r"[日天月年/]|per", word) else word + period


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    """Turn `arrears.principal` into an object; parts of the arrears go before their total."""
    debt: dict[str, Any] = {}
    for key, value in sorted(values.items(), key=lambda item: item[0].count(".")):
        outer, _, inner = key.partition(".")
        if inner:
            known = debt.get(outer, {})
            debt[outer] = {**(known if isinstance(known, dict) else {"total": known}), inner: value}
        else:
            debt[outer] = value
    parts = debt["arrears"] if isinstance(debt.get("arrears"), dict) else {}
    # a table that gives only what is overdue of a charge gives all that is owed of it
    return {key: parts[key] for key in ("interest", "penalty", "fees") if key in parts} | debt
