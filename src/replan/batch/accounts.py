"""Rows of a table into accounts: columns checked at once, and what fails by the one model.

A row that the columns' checks do not pass is given to the model of a case, which takes it or says
what is wrong with it in the same words as for a single case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.opening import exponent_of
from replan.io.build import build_case
from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.fields import COUNT_LIMIT
from replan.model.issues import Path, Problem, Refused, path_text
from replan.model.rates import Rate, parse_rate

from .admission import as_plain, as_texts, check_currency, check_kinds, check_names, check_split
from .cells import Cells, Flags, Whole, nothing, read_amounts, read_counts, read_days, read_words
from .schema import ACCOUNT, AMOUNTS, COUNTS, DAYS, FLAGS, RATE, REQUIRED, SURPLUS, WORDS, is_read
from .surplus import column_at, entries_of, month_columns, put_path, read_paths

PARTS = ("principal", "interest", "penalty", "fees")
DEBT = (*AMOUNTS, RATE, *COUNTS, *DAYS, *WORDS)
ON_CASE = ("jurisdiction", "currency")
Defaults = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is no account: its number in the batch, which field, and why."""

    row: int
    code: str
    field: str
    message: str


@dataclass(slots=True)
class Accounts:
    """A batch of accounts as columns; `good` tells which rows are accounts at all.

    Amounts are in minor units, days are ordinals, 0 where nothing is given. `words` holds codes
    and `means` what they stand for; `rate` is a code into `rates` and into `ratios`, numerator and
    denominator of each. `shared` says how the budget of a borrower was shared out, "" where it was
    not.
    """

    rows: int
    as_of: date
    exponent: int
    defaults: Defaults
    table: Any
    amounts: dict[str, Whole] = field(default_factory=dict)
    counts: dict[str, Whole] = field(default_factory=dict)
    days: dict[str, Whole] = field(default_factory=dict)
    words: dict[str, Whole] = field(default_factory=dict)
    means: dict[str, list[Any]] = field(default_factory=dict)
    given: dict[str, Flags] = field(default_factory=dict)
    rate: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rates: list[Rate | None] = field(default_factory=list)
    ratios: list[tuple[int, int]] = field(default_factory=list)
    good: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    rejects: list[Reject] = field(default_factory=list)
    shared: NDArray[np.object_] = field(default_factory=lambda: np.zeros(0, dtype=np.object_))

    def raw(self, row: int) -> dict[str, Any]:
        """Give one row as the plain values of a case with one debt."""
        values = self.cells(row)
        head = {key: values.pop(key) for key in ON_CASE if key in values}
        if (surplus := entries_of(values)) is not None:
            head[SURPLUS] = surplus
        values = {key: value for key, value in values.items() if key in DEBT}
        debt: dict[str, Any] = {"id": "account"}
        for key, value in values.items():
            outer, _, inner = key.partition(".")
            if inner:
                debt.setdefault(outer, {})[inner] = value
            elif key == "arrears" and isinstance(debt.get(key), dict):
                debt[key]["total"] = value
            else:
                debt[key] = value
        return {"as_of": self.as_of, **head, "debts": [debt]}

    def cells(self, row: int) -> dict[str, Any]:
        """Give what one row says, with what stands for all rows."""
        read = (*DEBT, SURPLUS, *month_columns(self.table))
        values = {n: _plain(self.table[n][row].as_py()) for n in read if n in self.table}
        values = {k: v for k, v in values.items() if v is not None and v != ""}
        return {k: v for k, v in self.defaults.items() if k in read} | values

    def reject(self, row: int, code: str, where: str, message: str) -> None:
        """Note that a row is no account."""
        self.good[row] = False
        self.rejects.append(Reject(row, code, where, message))


def _plain(value: Any) -> Any:
    """Give a float as the decimal that it prints as."""
    return Decimal(repr(value)) if isinstance(value, float) and value == value else value  # noqa: PLR0124 - NaN


def read_accounts(batch: Any, as_of: date, defaults: Defaults) -> Accounts:
    """Read a record batch; *defaults* holds what is the same for all rows, currency first."""
    check_kinds(batch)
    table = {name: _decoded(batch.column(name), name) for name in batch.schema.names}
    table[ACCOUNT] = as_texts(table[ACCOUNT], ACCOUNT)
    exponent = exponent_of(str(defaults["currency"]))
    found = Accounts(batch.num_rows, as_of, exponent, defaults, table)
    found.good = np.ones(found.rows, dtype=np.bool_)
    found.shared = np.full(found.rows, "", dtype=np.object_)
    doubtful = _read_numbers(found) | _read_settings(found) | _read_rates(found)
    _spread_arrears(found, doubtful)
    doubtful |= _contradictory(found)
    check_split(found)
    check_names(found)
    check_currency(found)
    for row in np.flatnonzero(doubtful & found.good):
        read_by_model(found, int(row))
    return found


def _decoded(column: Any, name: str) -> Any:
    is_dictionary = hasattr(column, "dictionary_decode")
    plain = column.dictionary_decode() if is_dictionary and name not in WORDS else column
    return as_plain(plain, name) if is_read(name) else plain


def _read_numbers(found: Accounts) -> Flags:
    """Read amounts, counts and days; tell which rows hold something that is not plain."""
    doubtful = np.zeros(found.rows, dtype=np.bool_)
    ranges = {"remaining_instalments": (1, COUNT_LIMIT), "days_past_due": (0, 36_525)}
    for name in (*AMOUNTS, SURPLUS):
        cells = _cells(found, name, lambda c: read_amounts(c, found.exponent))
        found.amounts[name], found.given[name] = cells.value, cells.given
        doubtful |= read_paths(found, cells) if name == SURPLUS else ~cells.plain
    for name in COUNTS:
        cells = _cells(found, name, lambda c, n=name: read_counts(c, *ranges[n]))
        found.counts[name] = cells.value
        doubtful |= ~cells.plain
    for name in DAYS:
        cells = _cells(found, name, read_days)
        found.days[name] = cells.value
        doubtful |= ~cells.plain
    return doubtful | ~found.given["principal"]


def _cells(found: Accounts, name: str, read: Any) -> Cells:
    """Read a column, or what stands for all rows, or nothing."""
    cells = read(found.table[name]) if name in found.table else nothing(found.rows)
    if name not in found.defaults:
        return cells
    import pyarrow as pa  # noqa: PLC0415 - an extra

    value = found.defaults[name]
    usual = read(pa.array([value.isoformat() if isinstance(value, date) else str(value)]))
    whole = np.where(cells.given, cells.value, usual.value[0])
    return Cells(whole, cells.given | usual.given[0], cells.plain & (cells.given | usual.plain[0]))


def _read_settings(found: Accounts) -> Flags:
    """Read the words; none of them makes a row doubtful before its kind is built."""
    for name in (*WORDS, FLAGS):
        if name in found.table:
            found.words[name], found.means[name] = read_words(found.table[name])
        else:
            found.words[name], found.means[name] = np.zeros(found.rows, dtype=np.int64), [None]
        found.means[name][0] = found.defaults.get(name)
    return np.zeros(found.rows, dtype=np.bool_)


def _read_rates(found: Accounts) -> Flags:
    """Read each rate that occurs once; tell which rows have none that can be read."""
    if RATE in found.table:
        found.rate, written = read_words(found.table[RATE])
    else:
        found.rate, written = np.zeros(found.rows, dtype=np.int64), [None]
    written[0] = found.defaults.get(RATE)
    known = [_known_rate(value) for value in written]
    found.rates, found.ratios = [rate for rate, _ in known], [ratio for _, ratio in known]
    return np.array([rate is None for rate in found.rates])[found.rate]


@lru_cache(maxsize=65_536, typed=True)
def _known_rate(value: Any) -> tuple[Rate | None, tuple[int, int]]:
    rate = _rate(value)
    return rate, _ratio(rate)


def _rate(value: Any) -> Rate | None:
    if value is None:
        return None
    try:
        return parse_rate(_plain(value))
    except (Refused, ValueError):
        return None


def _spread_arrears(found: Accounts, doubtful: Flags) -> None:
    """Spread a total past due over the parts: fees, penalty, interest first, then principal."""
    total, given = found.amounts["arrears"], found.given["arrears"]
    if not given.any():
        return
    parts = [f"arrears.{c}" for c in PARTS]
    some = np.logical_or.reduce([found.given[name] for name in parts])
    doubtful |= given & some  # rare: the model knows what both mean
    rest = np.where(given & ~some, total, 0)
    for name in reversed(PARTS):
        part = np.minimum(rest, found.amounts[name])
        found.amounts[f"arrears.{name}"] = found.amounts[f"arrears.{name}"] + part
        rest = rest - part
    doubtful |= rest > 0


def _contradictory(found: Accounts) -> Flags:
    """Tell which rows contradict themselves, as the model's checks would."""
    amounts, days, today = found.amounts, found.days, found.as_of.toordinal()
    wrong = amounts["balloon"] > amounts["principal"]
    for name in PARTS:
        wrong = wrong | (amounts[f"arrears.{name}"] > amounts[name])
    due, since, paid = days["next_due"], days["contract_date"], days["last_payment"]
    wrong |= (due > 0) & (due < today)
    for name in ("last_accrual", "contract_date", "last_payment"):
        wrong |= days[name] > today
    wrong |= (since > 0) & (paid > 0) & (since > paid)
    return np.asarray(wrong | ((since > 0) & (found.counts["days_past_due"] > today - since)))


def read_by_model(found: Accounts, row: int) -> None:
    """Let the model read one row: take its values, or reject the row with its first error."""
    built = build_case(found.raw(row))
    errors = [p for p in built.problems if p.severity == "error"]
    if errors or built.case is None:
        problem = errors[0] if errors else Problem("shape-wrong", "The row cannot be read.")
        place = problem.path[2:] if problem.path[:1] == ("debts",) else problem.path
        text = f"{problem.message} {problem.hint}".strip()
        found.reject(row, problem.code, _column(found, row, place), text)
        return
    _take(found, row, built.case, built.case.debts[0])


def _column(found: Accounts, row: int, place: Path) -> str:
    """Name the column at fault."""
    if place[:1] == (SURPLUS,) and len(place) > 1:
        return column_at(found.cells(row), int(place[1]))
    return path_text(place)


def _take(found: Accounts, row: int, case: Case, debt: Debt) -> None:
    """Take the values that the model has read."""

    def minor(amount: Decimal | None) -> int:
        return int((amount or Decimal(0)).scaleb(found.exponent))

    for name in AMOUNTS:
        outer, _, inner = name.partition(".")
        value = getattr(debt.arrears, inner) if inner else getattr(debt, outer)
        if name != "arrears":
            found.amounts[name][row] = minor(value)
    for name in COUNTS:
        found.counts[name][row] = getattr(debt, name) or 0
    for name in DAYS:
        day = getattr(debt, name)
        found.days[name][row] = day.toordinal() if day else 0
    found.rate[row] = len(found.rates)
    found.rates.append(debt.rate)
    found.ratios.append(_ratio(debt.rate))
    found.given[SURPLUS][row] = case.surplus is not None
    if case.surplus:
        starts = ((e.start.toordinal() if e.start else 0, minor(e.amount)) for e in case.surplus)
        put_path(found, row, tuple(sorted(starts)))


def missing_columns(names: list[str], defaults: Defaults) -> list[str]:
    """List the required columns that a table lacks."""
    return [name for name in REQUIRED if name not in names and name not in defaults]


GRID = (10**4, 10**6, 10**8, 10**10, 10**12, 10**15, 10**18)
"""Common denominators of rates: as coarse as a rate allows, so that products stay small."""


@lru_cache(maxsize=65_536)
def _ratio(rate: Rate | None) -> tuple[int, int]:
    """Give numerator and denominator in which a rate is carried."""
    if rate is None:
        return 0, GRID[0]
    exact = rate.fraction
    den = next(g for g in GRID if not g % exact.denominator)
    return exact.numerator * (den // exact.denominator), den
