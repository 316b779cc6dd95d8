"""What may be paid month by month: one amount, or a path given by columns or in one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from replan.decide.candidates.parts import CHUNK, Cents
from replan.decide.candidates.space import Space
from replan.decide.figures import TIGHT
from replan.engine.dates import Parts, month_start
from replan.model.budget import is_path, path_entries

from .cells import Cells, Coded, Flags, Whole, read_amounts
from .schema import SURPLUS, is_month

if TYPE_CHECKING:
    from .accounts import Accounts

Path = tuple[tuple[int, int], ...]
"""Amounts in minor units, each with the ordinal of the day from which it holds; 0: always."""
_AMOUNT = re.compile(r"(\d{1,12})(?:\.(\d{1,4}))?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def month_columns(names: Iterable[str]) -> list[str]:
    """List the columns such as `surplus.2027-03`, by month."""
    return sorted(name for name in names if is_month(name))


def entries_of(values: Mapping[str, Any]) -> Any:
    """Give a row's surplus as a case holds it: an amount, or the entries of a path.

    *values* are the row's cells that hold something.
    """
    base = values.get(SURPLUS)
    months = [name for name in month_columns(values) if values[name] not in (None, "")]
    if not months:
        return base
    return [*_opening(base), *({"from": _first(n), "amount": values[n]} for n in months)]


def column_at(values: Mapping[str, Any], entry: int) -> str:
    """Name the column that an entry of `entries_of` comes from."""
    return [*(SURPLUS for _ in _opening(values.get(SURPLUS))), *month_columns(values)][entry]


def _opening(base: Any) -> list[dict[str, Any]]:
    if base in (None, ""):
        return []
    text = isinstance(base, str) and is_path(base)
    return list(path_entries(base)) if text else [{"amount": base}]


def _first(name: str) -> str:
    return f"{name.removeprefix(f'{SURPLUS}.')}-01"


def read_paths(found: Accounts, base: Cells) -> Flags:
    """Read the surpluses that are paths; tell which rows hold something that is not plain.

    The amount of such a row becomes the largest of its path, which no payment may exceed.
    """
    found.words[SURPLUS], found.means[SURPLUS] = np.zeros(found.rows, dtype=np.int64), [None]
    names = month_columns(found.table)
    later = [(_first(name), read_amounts(found.table[name], found.exponent)) for name in names]
    doubtful = np.logical_or.reduce([np.zeros(found.rows, np.bool_), *(~c.plain for _, c in later)])
    some = np.logical_or.reduce([~base.plain, *(c.given for _, c in later)]) & ~doubtful
    rows = np.flatnonzero(some)
    texts = _texts(found, rows) if rows.size and not base.plain.all() else [None] * rows.size
    for row, text in zip(rows.tolist(), texts, strict=True):
        opening = _plain_path(text, found.exponent) if not base.plain[row] else _one(base, row)
        more = [(_ordinal(day), int(c.value[row])) for day, c in later if c.given[row]]
        path = None if opening is None else _in_order([*opening, *more])
        if path is None:
            doubtful[row] = True
        else:
            put_path(found, row, path)
    return np.asarray(doubtful, dtype=np.bool_)


def _texts(found: Accounts, rows: Whole) -> list[Any]:
    usual = found.defaults.get(SURPLUS)
    column = found.table.get(SURPLUS)
    told = [None] * rows.size if column is None else column.take(rows).to_pylist()
    return [usual if text in (None, "") else text for text in told]


def _one(base: Cells, row: int) -> list[tuple[int, int]]:
    return [(0, int(base.value[row]))] if base.given[row] else []


def _plain_path(text: Any, exponent: int) -> list[tuple[int, int]] | None:
    """Read a path of plain digits and dates; anything else is for the model."""
    if not isinstance(text, str) or not is_path(text):
        return None
    found = []
    for entry in path_entries(text):
        amount, day = _AMOUNT.fullmatch(entry["amount"]), entry.get("from")
        if amount is None or len(amount[2] or "") > exponent:
            return None
        if day is not None and not _DAY.fullmatch(day):
            return None
        minor = int(amount[1]) * 10**exponent + int((amount[2] or "").ljust(exponent, "0") or 0)
        try:
            found.append((_ordinal(day) if day else 0, minor))
        except ValueError:
            return None
    return found


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _in_order(entries: list[tuple[int, int]]) -> Path | None:
    """Sort a path by its days; None if one of them stands twice."""
    path = tuple(sorted(entries))
    return path if len({day for day, _ in path}) == len(path) else None


def put_path(found: Accounts, row: int, path: Path) -> None:
    """Note a row's path; one that is the same amount at all times is that amount."""
    flat = len(path) == 1 and not path[0][0]
    found.amounts[SURPLUS][row] = max(amount for _, amount in path)
    found.given[SURPLUS][row] = True
    found.words[SURPLUS][row] = 0 if flat else _code(found.means[SURPLUS], path)


def _code(known: list[Any], path: Path) -> int:
    if known[-1] != path:
        known.append(path)
    return len(known) - 1


def path_of(found: Accounts, row: int) -> Path:
    """Give the path of a row whose surplus is known."""
    code = int(found.words[SURPLUS][row])
    return found.means[SURPLUS][code] if code else ((0, int(found.amounts[SURPLUS][row])),)


def by_month(path: Path, as_of: date, months: int) -> Cents:
    """Lay a path out over calendar months, from that of the as-of date on.

    As in a case, a month counts at the lowest amount in force on any of its days, with nothing
    before the first amount.
    """
    first = Parts.of(np.array([as_of.toordinal()])).months
    starts = month_start(first + np.arange(months + 1))
    found = np.zeros(months, dtype=np.int64)
    for day, amount in path:
        whole = int(np.searchsorted(starts, day))
        if 0 < whole <= months and starts[whole] != day:
            found[whole - 1] = min(int(found[whole - 1]), amount)
        found[whole:] = amount
    return found


def surplus_table(found: Accounts, rows: Whole, months: int) -> Cents:
    """Give what accounts may pay in each calendar month: (rows, months)."""
    table = np.repeat(np.maximum(found.amounts[SURPLUS][rows], 0)[:, None], months, axis=1)
    codes = found.words[SURPLUS][rows]
    for place in np.flatnonzero(codes):
        table[place] = by_month(found.means[SURPLUS][codes[place]], found.as_of, months)
    return table


def over_path(found: Accounts, rows: Whole, space: Space, owner: Whole) -> Flags | None:
    """Mark the candidates of accounts with a path that ask for more than it has in some month."""
    if not found.words[SURPLUS][rows].any():
        return None
    mine = np.flatnonzero(found.words[SURPLUS][rows][owner] > 0)
    over = np.zeros(len(space), dtype=np.bool_)
    over[mine] = _above(found, rows, space, (mine, owner[mine]), 1.0)
    return over


def verdicts(
    found: Accounts, rows: Whole, space: Space, chosen: tuple[Whole, Whole], peak: Cents
) -> Coded:
    """Judge chosen candidates, with their owners and peaks: fits, tight, short, not-assessed."""
    index, owner = chosen
    amount, known = found.amounts[SURPLUS][rows][owner], found.given[SURPLUS][rows][owner]
    short, tight = peak > amount, peak > TIGHT * amount
    mine = np.flatnonzero(found.words[SURPLUS][rows][owner] > 0)
    if mine.size:
        some = index[mine], owner[mine]
        short[mine] = _above(found, rows, space, some, 1.0)
        tight[mine] = _above(found, rows, space, some, TIGHT)
    code = np.where(short, 2, tight.astype(np.int64))
    return Coded(np.where(known, code, 3), VERDICTS)


VERDICTS = ("fits", "tight", "short", "not-assessed")


def _above(
    found: Accounts, rows: Whole, space: Space, some: tuple[Whole, Whole], share: float
) -> Flags:
    index, owner = some
    months = space.horizon
    table = surplus_table(found, rows, months) * share
    over = np.zeros(index.size, dtype=np.bool_)
    for at in range(0, index.size, CHUNK):
        here = slice(at, at + CHUNK)
        paid = space.payments(index[here], months=months)
        over[here] = ((paid > 0) & (paid > table[owner[here]])).any(axis=1)
    return over
