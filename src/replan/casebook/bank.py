"""Bank statements: what left an account, and to which agreement each payment belongs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from replan.errors import Issue, UsageError
from replan.io.csv_source import read_rows
from replan.io.decode import decode_text
from replan.io.headers import fold
from replan.io.packs import parse_pack
from replan.io.rows import Row
from replan.io.table_source import is_total
from replan.model.issues import Refused
from replan.model.text import clean_text
from replan.model.values import DateOrder, parse_amount

from .agreements import Agreement
from .statement_days import day_reader

LARGEST = 16 * 2**20
_HEADER_WITHIN = 30
_OUT = frozenset({"支出", "支", "借", "out", "debit", "dr", "d"})
_LEAST_NAME = 2
"""Characters of a creditor's name or account below which it is in too many texts."""
_LEAST_NUMBER = 4
"""The same where all of them are digits."""
_WIDE = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff"
"""Scripts whose words are not set apart by blanks."""
_COMMA = re.compile(r"-?[\d.' ]*\d,\d\d-?")
_POINT = re.compile(r"-?[\d,' ]*\d\.\d\d-?")


@dataclass(frozen=True, slots=True)
class Line:
    """A payment out of an account, in major units, with the line of the file it stands on."""

    number: int
    paid_on: date
    amount: Decimal
    reference: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement says: payments out, what came in, and what cannot be read.

    `incoming` counts the lines that are no payment out; `back` holds those of them that can be
    read as money that came in: a payment that was returned stands there.
    """

    lines: tuple[Line, ...]
    back: tuple[Line, ...]
    incoming: int
    issues: tuple[Issue, ...]


def read_statement(
    data: bytes,
    *,
    name: str,
    currency: str,
    order: DateOrder | None = None,
    until: date | None = None,
) -> Statement:
    """Read the payments out of a bank's CSV file; none is of a day after `until`.

    With a column of outgoing amounts those count; with one column of signed amounts the negative
    ones do; where no amount has a sign, all do. Raises UsageError if the file has no columns for
    day and amount, or if its dates can be read in several ways.
    """
    if len(data) > LARGEST:
        raise UsageError("The statement is too large. Export fewer months at once.")
    text, issues = decode_text(data, name=name)
    columns, rows = _header(list(read_rows(text)) if text else [])
    read_day = day_reader([_cell(r, columns.date) for r in rows], order=order, until=until)
    reading = _Reading(columns, currency, read_day, *_habits(columns, rows))
    lines: list[Line] = []
    back: list[Line] = []
    incoming = 0
    for row in rows:
        if is_total(_cell(row, columns.date)):
            continue
        try:
            line = _line(row, reading)
        except Refused as refused:
            where = f"{clean_text(name)}:{row.line}"
            issues += [Issue(p.code, "warning", p.message, where, p.hint) for p in refused.problems]
            continue
        incoming += line is None
        lines += [line] if line else []
        back += [] if line else _came_in(row, reading)
    return Statement(tuple(lines), tuple(back), incoming, tuple(issues))


@cache
def _names() -> Mapping[str, str]:
    """Return what the columns of statements are called, by their folded names."""
    from importlib.resources import files  # noqa: PLC0415 - only statements need it

    text = files("replan").joinpath("data", "bank.toml").read_text("utf-8")
    table = parse_pack(text, "bank.toml")
    return {fold(name): key for key, names in table.items() for name in names}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a statement has what; `out` and `back` hold amounts of one direction only."""

    date: int
    amount: int | None
    out: int | None
    back: int | None
    direction: int | None
    references: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a statement is read; `signed`: a minus is a payment out; `comma`: as in 1.234,50."""

    columns: Columns
    currency: str
    read_day: Callable[[str], date]
    signed: bool
    comma: bool


def _header(rows: Sequence[Row]) -> tuple[Columns, list[Row]]:
    """Find the columns: the first row that names a day and an amount; titles above it are none."""
    for n, row in enumerate(rows[:_HEADER_WITHIN]):
        known = [(_names().get(fold(cell)), index) for index, cell in enumerate(row.cells)]
        first = {key: index for key, index in reversed(known) if key}
        if "date" in first and first.keys() & {"amount", "out"}:
            texts = tuple(index for key, index in known if key == "reference")
            amount, out, back, way = map(first.get, ("amount", "out", "back", "direction"))
            return Columns(first["date"], amount, out, back, way, texts), list(rows[n + 1 :])
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


def _habits(columns: Columns, rows: Sequence[Row]) -> tuple[bool, bool]:
    """Tell whether amounts have signs, and whether a comma sets their decimals off."""
    places = [place for place in (columns.amount, columns.out, columns.back) if place is not None]
    cells = [_number(_cell(row, place)) for row in rows for place in places]
    commas = any(map(_COMMA.fullmatch, cells)) and not any(map(_POINT.fullmatch, cells))
    signed = any(_is_negative(_cell(row, columns.amount)) for row in rows)
    return signed and columns.out is None, commas


def _number(cell: str) -> str:
    """Leave the digits and signs of a cell, without what names the currency."""
    return re.sub(r"[^\d.,' -]", "", _plain(cell)).strip()


def _line(row: Row, reading: _Reading) -> Line | None:
    """Read a line as a payment out; None if it is none."""
    columns = reading.columns
    cell = _cell(row, columns.amount if columns.out is None else columns.out)
    if not cell.strip("-– ") or (reading.signed and not _is_negative(cell)):
        return None
    if columns.direction is not None and fold(_cell(row, columns.direction)) not in _OUT:
        return None
    return _read(row, cell, reading)


def _came_in(row: Row, reading: _Reading) -> list[Line]:
    """Read a line that is no payment out as money that came in, if it can be read so."""
    cell = _cell(
        row, reading.columns.amount if reading.columns.out is None else reading.columns.back
    )
    try:
        line = _read(row, cell, reading) if cell.strip("-– ") else None
    except Refused:
        return []
    return [line] if line else []


def _read(row: Row, cell: str, reading: _Reading) -> Line | None:
    """Read day, amount and text; None where the amount is nothing."""
    text = _plain(cell).strip("-()").strip()
    if reading.comma:
        text = text.replace(".", "").replace(",", ".")
    amount = parse_amount(text, currency=reading.currency)
    if not amount:
        return None
    texts = filter(None, (_cell(row, index) for index in reading.columns.references))
    day = reading.read_day(_cell(row, reading.columns.date))
    return Line(row.line, day, amount, clean_text(" ".join(dict.fromkeys(texts))))


def match_lines(
    lines: Iterable[Line], agreements: Iterable[Agreement]
) -> tuple[list[tuple[Line, Agreement]], list[tuple[Line, int]]]:
    """Pair payments with the one agreement that each names; the rest with how many it names.

    A payment names an agreement by the account or by the creditor in its text. Nothing is guessed
    from amounts. An agreement takes no payments from before the day of its balances, which hold
    them already, and none after it was replaced. A line that stands twice in the file is two
    payments.
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
    return _in_text(line, [a for a in agreements if _is_standing(a, line.paid_on)])


def is_outside(line: Line, agreements: Iterable[Agreement]) -> bool:
    """Tell whether a payment names an agreement that did not stand on its day."""
    return bool(_in_text(line, [a for a in agreements if not _is_standing(a, line.paid_on)]))


def _is_standing(agreement: Agreement, day: date) -> bool:
    ended = agreement.ended_on
    return agreement.as_of <= day and (ended is None or day < ended)


def _in_text(line: Line, agreements: Sequence[Agreement]) -> list[Agreement]:
    text = unicodedata.normalize("NFKC", line.reference).casefold()
    for key in ("account", "creditor"):
        found = [a for a in agreements if _stands_in(getattr(a, key), text)]
        if found:
            return found
    return []


def _stands_in(name: str, text: str) -> bool:
    """Tell whether a name stands in a folded text as words of its own, however it is set apart."""
    pattern = _as_words(fold(name))
    return pattern is not None and pattern.search(text) is not None


@lru_cache(maxsize=4096)
def _as_words(name: str) -> re.Pattern[str] | None:
    """Give the form in which a folded name is looked for; None if it is too short to be telling.

    A letter does not follow on letters, nor a digit on digits: "Very" is not in "delivery".
    """
    if len(name) < (_LEAST_NUMBER if name.isdecimal() else _LEAST_NAME):
        return None
    inner = r"[\W_]*".join(map(re.escape, name))
    return re.compile(f"(?<!{_alike(name[0])}){inner}(?!{_alike(name[-1])})")


def _alike(character: str) -> str:
    """Give what a character may not stand beside: its own kind; where words touch, nothing."""
    if re.fullmatch(f"[{_WIDE}]", character):
        return r"[^\s\S]"
    return r"\d" if character.isdecimal() else rf"[^\W\d_{_WIDE}]"
