"""Rows of cells into cases: one debt a row, columns by their header, faults by line and column."""

from __future__ import annotations

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Any

from replan.errors import Issue, Severity
from replan.model.fields import ID_LIMIT
from replan.model.issues import Path, Problem, Refused, path_text
from replan.model.text import clean_text, is_clean, quote
from replan.model.values import normalise, parse_date

from .build import Place, build_case, place_issues
from .csv_source import Row
from .headers import Column, nearest_header, read_header, read_word
from .mapping import CASE_KEYS, ColumnMap, convert, target_keys

EMPTY = frozenset(
    {"", "-", "--", "—", "–", "/", "n/a", "na", "null", "none", "nan", "#n/a", "无", "暂无"}
)
TEXT_KEYS = frozenset({"creditor", "note", "borrower.name", "id"})
REQUIRED = ("principal", "rate")
NAMES_LIMIT = 12
TITLE_LIMIT = 10
WIDTH_LIMIT = 200
_TOTALS = frozenset({"合计", "总计", "小计", "total", "totals", "sum", "subtotal", "grand total"})
_DUE_DAY = re.compile(r"(?:每月)?(\d{1,2})[日号]?")
_OPTIONS = {"as_of": "--as-of 2026-11-21", "currency": "--currency CNY"}
_HEADS = {(key,) for key in _OPTIONS}


@dataclass(frozen=True, slots=True)
class Table:
    """A header understood: what each column means, and the issues found in it."""

    name: str
    line: int
    headers: tuple[str, ...]
    columns: dict[int, Column]
    mapping: ColumnMap
    issues: list[Issue] = field(default_factory=list)

    @property
    def has_lost_rows(self) -> bool:
        """Whether a row could not be read: it may be a debt of any case in the table."""
        return any(issue.severity == "error" for issue in self.issues)

    def shown(self, key: str) -> str:
        """Return the header under which *key* stands, or the key."""
        for index, column in self.columns.items():
            if column.key == key or (key == "next_due" and column.key == "due_day"):
                return clean_text(self.headers[index])
        return key


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as a debt: its line, the debt's keys and the case's keys."""

    line: int
    debt: dict[str, Any]
    case: dict[str, Any]


def find_header(rows: Iterable[Row], mapping: ColumnMap) -> tuple[Row | None, Iterator[Row]]:
    """Return the header and the rows after it; lines above it, such as a title, are left out.

    The header is the first of the leading rows with two columns that mean something, else the
    first row.
    """
    rest = iter(rows)
    leading = list(islice(rest, TITLE_LIMIT))
    for index, row in enumerate(leading):
        known = [cell for cell in row.cells[:WIDTH_LIMIT] if _meaning(cell.strip(), mapping)]
        if len(known) >= 2:
            return row, chain(leading[index + 1 :], rest)
    return (leading[0] if leading else None), chain(leading[1:], rest)


def read_header_row(row: Row, *, name: str, mapping: ColumnMap) -> Table:
    """Understand a header; what is unknown, double or missing in it becomes an issue."""
    headers = tuple(cell.strip() for cell in row.cells)
    columns = {i: c for i, h in enumerate(headers) if (c := _meaning(h, mapping)) and c.key}
    table = Table(name, row.line, headers, columns, mapping)
    where = f"{name}:{row.line}"
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


def build_cases(
    table: Table, entries: Sequence[Entry], overrides: Mapping[str, Any]
) -> Iterator[tuple[Any, list[Issue], list[str]]]:
    """Yield each case with its issues and the debts left out; a case per borrower's reference."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[str(entry.case.get("borrower.reference", ""))].append(entry)
    for members in groups.values():
        head, problems = _head(members, overrides)
        head |= {"incomplete": True} if table.has_lost_rows else {}
        debts = _named(_completed(members, head))
        built = build_case({**head, "debts": debts}, problems)
        found = [p for p in built.problems if not (p.code == "key-missing" and p.path in _HEADS)]
        yield built.case, place_issues(found, _place(table, members)), built.dropped


def _meaning(header: str, mapping: ColumnMap) -> Column | None:
    known = read_header(header)
    if header not in mapping.columns:
        return known or (Column(header.lower()) if header.lower() in target_keys() else None)
    key = mapping.columns[header]
    return known if known and known.key == key else Column(key)


def _unknown_columns(table: Table, where: str) -> Iterator[Issue]:
    if not table.mapping.reports_others:
        return
    used = table.mapping.columns.keys() | table.mapping.skip.keys()
    unread = [h for i, h in enumerate(table.headers) if i not in table.columns and h not in used]
    strange = []
    for header in filter(None, unread):
        if near := nearest_header(header):
            message = f"The column {quote(header)} was not recognised and not read."
            yield Issue("column-unknown", "warning", message, where, f"Did you mean {near}?")
        else:
            strange.append(header)
    if strange:
        names = ", ".join(quote(header) for header in strange[:NAMES_LIMIT])
        more = f" and {len(strange) - NAMES_LIMIT} more" if len(strange) > NAMES_LIMIT else ""
        message = f"Columns that were not recognised and not read: {names}{more}."
        yield Issue("column-unknown", "warning", message, where, "Map those that matter.")


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
    for key in REQUIRED:
        if key not in present:
            message = f"No column was recognised as {key}."
            hint = f"Name it: --map theirs={key}."
            yield Issue("column-missing", "error", message, where, hint)
    named = {header for header, key in table.mapping.columns.items() if key}
    for header in sorted(named - set(table.headers)):
        near = nearest_header(header)
        message = f"The mapping names the column {quote(header)}, which is not there."
        hint = f"Did you mean {near}?" if near else "Check its name."
        yield Issue("mapping-column", "error", message, where, hint)


def _fault(table: Table, row: Row) -> Issue | None:
    where = f"{table.name}:{row.line}"
    if row.fault:
        return _row_fault(row, where)
    first = next((cell for cell in row.cells if cell.strip()), "")
    if normalise(first).rstrip(":").strip().casefold() in _TOTALS:
        message = f"The row {quote(first)} was taken for a total and not read."
        return Issue("row-total", "warning", message, where, "Rename it if it is a debt.")
    # even empty ones: an amount with an unquoted comma moves every cell after it
    if len(row.cells) > len(table.headers):
        message = f"The row has {len(row.cells)} cells, the header {len(table.headers)}."
        hint = "Put amounts with commas in quotation marks."
        return Issue("cell-too-many", "error", message, where, hint)
    return None


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
    for index, column in table.columns.items():
        cell = row.cells[index].strip() if index < len(row.cells) else ""
        if not _is_empty(cell, column.key, table.mapping):
            values[column.key] = _value(cell, column, table.mapping)
    case = {key: values.pop(key) for key in CASE_KEYS if key in values}
    return Entry(row.line, _nested(values), case)


def _is_empty(cell: str, key: str, mapping: ColumnMap) -> bool:
    if cell in mapping.empty or not cell:
        return True
    return key not in TEXT_KEYS and normalise(cell).casefold() in EMPTY


def _value(cell: str, column: Column, mapping: ColumnMap) -> str:
    """Write a cell in full: its word translated, its unit completed."""
    word = mapping.values.get(column.key, {}).get(cell) or read_word(column.key, cell)
    if column.key in mapping.conversions:
        return convert(word, mapping.conversions[column.key])
    if column.suffix and re.fullmatch(r"[\d.,\s]+", normalise(word)):
        return word + column.suffix
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


def _head(
    members: Sequence[Entry], overrides: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """Collect the keys of the case; rows of one case must agree on them."""
    flat: dict[str, Any] = {}
    problems = []
    for index, entry in enumerate(members):
        for key, value in entry.case.items():
            if flat.setdefault(key, value) != value and key not in overrides:
                message = f"{quote(value)} differs from {quote(flat[key])} above."
                hint = "Rows of one case share it; give each case its own reference column."
                problems.append(Problem("case-value-differs", message, hint, ("debts", index, key)))
    flat |= overrides
    problems += [_option_missing(key) for key in _OPTIONS if key not in flat]
    borrower = {
        k: flat.pop(f"borrower.{k}") for k in ("name", "reference") if f"borrower.{k}" in flat
    }
    return flat | ({"borrower": borrower} if borrower else {}), problems


def _option_missing(key: str) -> Problem:
    message = f"The table does not say {key}."
    return Problem("option-missing", message, f"Give it: {_OPTIONS[key]}.", (key,))


def _completed(members: Sequence[Entry], head: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn a due day of the month into the next due date."""
    debts = []
    for entry in members:
        debt = {key: value for key, value in entry.debt.items() if key != "due_day"}
        if "due_day" in entry.debt and "next_due" not in debt:
            debt["next_due"] = _next_due(entry.debt["due_day"], head.get("as_of"))
        debts.append(debt)
    return debts


def _next_due(cell: str, as_of: Any) -> str:
    found = _DUE_DAY.fullmatch(normalise(cell))
    with suppress(Refused):
        if found and 1 <= int(found[1]) <= 31:
            return _day_after(parse_date(as_of), int(found[1])).isoformat()
    return cell


def _day_after(as_of: date, day: int) -> date:
    """Return the first day of a month *day* after *as_of*; the last day of shorter months."""
    year, month = as_of.year, as_of.month
    due = date(year, month, min(day, calendar.monthrange(year, month)[1]))
    if due > as_of:
        return due
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _named(debts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give debts without an id one: the creditor's name if it can be one, else a number."""
    names = Counter(str(debt.get("creditor", "")) for debt in debts)
    taken = {debt["id"] for debt in debts if "id" in debt}
    named = []
    for number, debt in enumerate(debts, start=1):
        name = str(debt.get("creditor", ""))
        fits = re.fullmatch(r"\w[\w.-]*", name) and len(name) <= ID_LIMIT and names[name] == 1
        unique = name if fits and is_clean(name) and name not in taken else f"debt-{number}"
        named.append({"id": unique, **debt})
    return named


def _place(table: Table, members: Sequence[Entry]) -> Place:
    def place(path: Path) -> str:
        if path[:1] != ("debts",) or len(path) < 2:
            return f"{table.name}:{table.line}:{table.shown(path_text(path))}".rstrip(":")
        line = members[int(path[1])].line
        keys = [path_text(path[2:end]) for end in range(len(path), 2, -1)]
        shown = next((s for key in keys if (s := table.shown(key)) != key), keys[0] if keys else "")
        return f"{table.name}:{line}:{shown}".rstrip(":")

    return place
