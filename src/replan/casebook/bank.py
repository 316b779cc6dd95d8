"""Bank statements: what left an account, and to which agreement each payment belongs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from replan.errors import Issue, UsageError
from replan.io.csv_source import read_rows
from replan.io.decode import decode_text
from replan.io.headers import fold
from replan.io.packs import parse_pack
from replan.io.rows import Row
from replan.model.issues import Refused
from replan.model.text import clean_text
from replan.model.values import DateOrder, parse_amount, parse_date

from .agreements import Agreement

LARGEST = 16 * 2**20
_HEADER_WITHIN = 30
_OUT = frozenset({"支出", "支", "借", "out", "debit", "dr", "d"})
_LEAST_NAME = 2
"""Characters of a creditor's name or account below which it is in too many texts."""


@dataclass(frozen=True, slots=True)
class Line:
    """A payment out of an account, in major units, with the line of the file it stands on."""

    number: int
    paid_on: date
    amount: Decimal
    reference: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement says: payments out, how many lines are none, and what cannot be read."""

    lines: tuple[Line, ...]
    incoming: int
    issues: tuple[Issue, ...]


def read_statement(
    data: bytes, *, name: str, currency: str, order: DateOrder | None = None
) -> Statement:
    """Read the payments out of a bank's CSV file.

    With a column of outgoing amounts those count; with one column of signed amounts the negative
    ones do; where no amount has a sign, all do. Raises UsageError if the file has no columns for
    day and amount.
    """
    if len(data) > LARGEST:
        raise UsageError("The statement is too large. Export fewer months at once.")
    text, issues = decode_text(data, name=name)
    rows = list(read_rows(text)) if text else []
    columns, rest = _header(rows)
    signed = columns.out is None and any(_is_negative(_cell(r, columns.amount)) for r in rest)
    lines: list[Line] = []
    incoming = 0
    for row in rest:
        try:
            line = _line(row, columns, currency=currency, order=order, signed=signed)
        except Refused as refused:
            where = f"{clean_text(name)}:{row.line}"
            issues += [Issue(p.code, "warning", p.message, where, p.hint) for p in refused.problems]
            continue
        incoming += line is None
        lines += [line] if line else []
    return Statement(tuple(lines), incoming, tuple(issues))


@cache
def _names() -> Mapping[str, str]:
    """Return what the columns of statements are called, by their folded names."""
    from importlib.resources import files  # noqa: PLC0415 - only statements need it

    text = files("replan").joinpath("data", "bank.toml").read_text("utf-8")
    table = parse_pack(text, "bank.toml")
    return {fold(name): key for key, names in table.items() for name in names}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a statement has what; `out` holds outgoing amounts only."""

    date: int
    amount: int | None
    out: int | None
    direction: int | None
    references: tuple[int, ...]


def _header(rows: Sequence[Row]) -> tuple[Columns, list[Row]]:
    """Find the columns: the first row that names a day and an amount; titles above it are none."""
    for n, row in enumerate(rows[:_HEADER_WITHIN]):
        known = [(_names().get(fold(cell)), index) for index, cell in enumerate(row.cells)]
        first = {key: index for key, index in reversed(known) if key}
        if "date" in first and first.keys() & {"amount", "out"}:
            texts = tuple(index for key, index in known if key == "reference")
            amount, out, direction = (first.get(key) for key in ("amount", "out", "direction"))
            return Columns(first["date"], amount, out, direction, texts), list(rows[n + 1 :])
    raise UsageError(
        "The statement has no columns for day and amount."
        " Name them date, amount and reference in its first line."
    )


def _cell(row: Row, index: int | None) -> str:
    return row.cells[index].strip() if index is not None and index < len(row.cells) else ""


def _is_negative(cell: str) -> bool:
    return _plain(cell).startswith(("-", "(")) or _plain(cell).endswith("-")


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).replace("−", "-").strip()


def _line(
    row: Row, columns: Columns, *, currency: str, order: DateOrder | None, signed: bool
) -> Line | None:
    """Read a line as a payment out; None if it is none."""
    cell = _cell(row, columns.amount if columns.out is None else columns.out)
    if not cell.strip("-– ") or (signed and not _is_negative(cell)):
        return None
    if columns.direction is not None and fold(_cell(row, columns.direction)) not in _OUT:
        return None
    amount = parse_amount(_plain(cell).strip("-()").strip(), currency=currency)
    if not amount:
        return None
    reference = " ".join(dict.fromkeys(filter(None, (_cell(row, i) for i in columns.references))))
    day = parse_date(_cell(row, columns.date), order=order)
    return Line(row.line, day, amount, clean_text(reference))


def match_lines(
    lines: Iterable[Line], agreements: Iterable[Agreement]
) -> tuple[list[tuple[Line, Agreement]], list[tuple[Line, int]]]:
    """Pair payments with the one agreement that each names; the rest with how many it names.

    A payment names an agreement by the account or by the creditor in its text. Nothing is guessed
    from amounts. An agreement that has been replaced takes no later payments. A line that stands
    twice in the file is two payments.
    """
    agreed = list(agreements)
    matched: list[tuple[Line, Agreement]] = []
    others: list[tuple[Line, int]] = []
    for line in lines:
        found = _named(line, agreed)
        if len(found) == 1:
            matched.append((line, found[0]))
        else:
            others.append((line, len(found)))
    return matched, others


def _named(line: Line, agreements: Sequence[Agreement]) -> list[Agreement]:
    """Return the agreements whose account stands in the text, else those whose creditor does."""
    text = fold(line.reference)
    standing = [a for a in agreements if a.ended_on is None or line.paid_on < a.ended_on]
    for key in ("account", "creditor"):
        found = [a for a in standing if _is_in(fold(getattr(a, key)), text)]
        if found:
            return found
    return []


def _is_in(name: str, text: str) -> bool:
    return len(name) >= _LEAST_NAME and name in text
