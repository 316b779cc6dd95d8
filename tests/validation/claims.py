"""What a published case claims, beside what replan shows: one claim per figure compared."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

Row = dict[str, Any]
COLUMNS = ("due", "principal", "interest", "payment", "balance")
CENT = {"flow": "0", "drift": "0"}


class Claim(NamedTuple):
    """One published figure, the one found, and how far apart they may be."""

    where: str
    published: Any
    found: Any
    within: Decimal = Decimal(0)

    @property
    def holds(self) -> bool:
        """Say whether the figure found is near enough; dates and counts must be equal."""
        if isinstance(self.found, Decimal):
            return abs(Decimal(str(self.published)) - self.found) <= self.within
        return bool(self.published == self.found)


def claims(case: dict[str, Any], shown: dict[str, Any]) -> Iterator[Claim]:
    """Yield every figure that the case claims; `shown` is what `replan show` prints as JSON."""
    expect = case["expect"]
    for debt, owed in zip(shown["debts"], case["case"]["debts"], strict=True):
        mine = expect["debts"].get(debt["id"], {}) if "debts" in expect else expect
        rows = _rows(debt, owed, alone=mine.get("balance_of") == "principal")
        yield from _of_debt(mine, rows, _tolerance(case))
        yield from _totals(mine.get("total_interest", {}), debt)
    yield from _of_household(expect.get("household", {}), shown)


def _tolerance(case: dict[str, Any]) -> tuple[Decimal, Decimal]:
    stated = CENT if case["tolerance"] == "cent" else case["tolerance"]
    return Decimal(stated["flow"]), Decimal(stated.get("drift", "0"))


def _rows(debt: dict[str, Any], owed: dict[str, Any], *, alone: bool) -> list[Row]:
    """Read the schedule's amounts; `alone`: the balance is principal, not all that is owed."""
    rows, principal = [], Decimal(owed["principal"])
    for shown in debt["schedule"]:
        row = {name: Decimal(shown[name]) for name in (*COLUMNS[1:], "capitalised")}
        waived = Decimal(shown["waived"].get("principal", "0"))
        principal += row["capitalised"] - row["principal"] - waived
        rows.append({**row, "due": shown["due"], **({"balance": principal} if alone else {})})
    return rows


def _of_debt(
    expect: dict[str, Any], rows: list[Row], tolerance: tuple[Decimal, Decimal]
) -> Iterator[Claim]:
    if "rows" in expect and expect.get("all", True):
        yield Claim("number of rows", len(expect["rows"]), len(rows) - 1)
    for number, published in enumerate(expect.get("rows", []), 1):
        cells = dict(zip(COLUMNS, published, strict=True))
        yield from _cells(number, cells, rows, tolerance)
    for key, cells in expect.get("at", {}).items():
        yield from _cells(int(key), cells, rows, tolerance)
    yield from _cells(0, expect.get("row0", {}), rows, tolerance)
    yield from _sums(expect, rows, tolerance[1])
    yield from _figures(expect.get("figures", {}), rows)


def _cells(
    number: int, cells: dict[str, Any], rows: list[Row], tolerance: tuple[Decimal, Decimal]
) -> Iterator[Claim]:
    """Compare cells of one row; a balance, and all of the last row, carry the rows' drift."""
    if number >= len(rows) and cells:
        yield Claim(f"row {number}", "there", "missing")
        return
    flow, drift = tolerance
    for name, cell in cells.items():
        if cell is None:
            continue
        carried = drift * number if name == "balance" or number == len(rows) - 1 else 0
        published, within = cell if isinstance(cell, list) else (cell, flow + carried)
        yield Claim(f"row {number} {name}", published, rows[number][name], Decimal(within))


def _sums(expect: dict[str, Any], rows: list[Row], drift: Decimal) -> Iterator[Claim]:
    for year, published in enumerate(expect.get("years", []), 1):
        span = range(12 * year - 11, 12 * year + 1)
        for name, amount in zip(("principal", "interest"), published, strict=True):
            yield Claim(f"year {year} {name}", amount, _sum(rows, name, span), drift * 12 * year)
    if "sum" in expect:
        wanted = expect["sum"]
        published, within = wanted["value"]
        found = _sum(rows, wanted["column"], range(wanted["from"], wanted["to"] + 1))
        yield Claim(f"sum of {wanted['column']}", published, found, Decimal(within))


def _sum(rows: list[Row], name: str, numbers: range) -> Decimal:
    return sum((rows[k][name] for k in numbers if k < len(rows)), Decimal(0))


def _figures(wanted: dict[str, Any], rows: list[Row]) -> Iterator[Claim]:
    found = {
        "rows": Decimal(len(rows) - 1),
        "total_paid": _sum(rows, "payment", range(len(rows))),
        "interest_paid": _sum(rows, "interest", range(len(rows))),
    }
    for name, figure in wanted.items():
        published, within = figure if isinstance(figure, list) else (figure, 0)
        yield Claim(name, published, found[name], Decimal(within))


def _totals(wanted: dict[str, Any], debt: dict[str, Any]) -> Iterator[Claim]:
    for name, figure in wanted.items():
        published, within = figure if isinstance(figure, list) else (figure, 0)
        found = debt["metrics"]["total_interest"][name]
        where = f"total interest {name}"
        yield Claim(where, published, found and Decimal(found), Decimal(within))


def _of_household(wanted: dict[str, Any], shown: dict[str, Any]) -> Iterator[Claim]:
    for name, figure in wanted.items():
        published, within = figure if isinstance(figure, list) else (figure, 0)
        if name == "interest_paid":
            each = (Decimal(debt["metrics"][name]) for debt in shown["debts"])
            found = sum(each, Decimal(0))
        else:
            found = Decimal(shown["household"]["metrics"][name])
        yield Claim(f"household {name}", published, found, Decimal(within))
