"""A workbook before it is a file: sheets of typed cells, some of them live formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "amount", "share", "count", "date", "month", "number"]
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Value:
    """One cell: a value, and the formula by which a spreadsheet finds the same value."""

    value: str | Decimal | float | date | None
    kind: Kind = "text"
    formula: str = ""
    strong: bool = False


Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under heads; the head row and the first *keys* columns stay in sight."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    keys: int = 1
    notes: tuple[str, ...] = ()
    """Sentences below the rows."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets, the decimals of their amounts, and the day that stands for the day of making."""

    sheets: tuple[Sheet, ...]
    exponent: int
    made: date
    title: str


def text(value: object, *, strong: bool = False) -> Value:
    """Return a cell of text."""
    return Value("" if value is None else str(value), strong=strong)


def amount(value: object, formula: str = "", *, strong: bool = False) -> Value:
    """Return an amount in major units; an empty cell where there is none.

    A formula that computes is rounded, so that binary fractions leave no dust.
    """
    found = None if value is None or value == "" else Decimal(str(value))
    computes = any(sign in formula for sign in "+-(")
    return Value(found, "amount", f"ROUND({formula},4)" if computes else formula, strong)


def guess(value: object) -> Value:
    """Return a value of a flat record as what it looks like: a number, a date or a text.

    >>> guess("12.50").kind, guess("2026-11-21").kind, guess("007").kind
    ('number', 'date', 'text')
    """
    shown = "" if value is None else str(value)
    if _NUMBER.fullmatch(shown):
        return Value(Decimal(shown), "number")
    return figure(shown, "date") if _DATE.fullmatch(shown) else text(shown)


def figure(value: object, kind: Kind, formula: str = "") -> Value:
    """Return a figure of the JSON form as a cell of its kind."""
    if value is None or value == "":
        return Value(None, kind)
    if kind == "amount":
        return amount(value, formula)
    if kind in {"date", "month"}:
        day = str(value) if kind == "date" else f"{value}-01"
        return Value(date.fromisoformat(day), kind, formula)
    return Value(float(str(value)), kind, formula) if kind != "text" else text(value)


def cell(row: int, column: int, *, sheet: str = "") -> str:
    """Return the address of a cell, counted from 0: `B3`, or `'1 card'!B3`.

    >>> cell(2, 1), cell(0, 27, sheet="a'b")
    ('B3', "'a''b'!AB1")
    """
    letters = ""
    rest = column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{letters}{row + 1}" if sheet else f"{letters}{row + 1}"


def cells(first: int, last: int, column: int, *, sheet: str = "") -> str:
    """Return the addresses of a column's cells from row *first* to *last*, both inclusive."""
    return f"{cell(first, column, sheet=sheet)}:{cell(last, column)}"


def sheet_name(number: int, name: str) -> str:
    """Return a name for a debt's sheet: numbered, so unique, and no longer than 31 characters."""
    return f"{number} {name}"[:31]


def totals(heads: Sequence[str], rows: Sequence[Row], label: str, *, last: int) -> Row:
    """Return a row of live sums of the amounts; the columns up to *last* hold no amounts."""
    sums = [text(label, strong=True)]
    for column in range(1, len(heads)):
        values = [row[column] for row in rows]
        if column <= last or any(value.kind != "amount" for value in values) or not values:
            sums.append(text(""))
            continue
        total = sum((v.value for v in values if isinstance(v.value, Decimal)), Decimal(0))
        sums.append(amount(total, f"SUM({cells(1, len(rows), column)})", strong=True))
    return tuple(sums)
