"""Control totals: what a portfolio owes by currency, status and component, to the minor unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from replan.model.currency import EXPONENTS
from replan.model.issues import Refused
from replan.model.values import parse_amount

from .accounts import PARTS, Accounts
from .admission import currency_of
from .cells import Whole

ARREARS = "arrears"
COMPONENTS = (*PARTS, ARREARS)
READ = "read"
UNREADABLE = "unreadable"


def control_totals(found: Accounts, status: Whole, words: Sequence[str]) -> Counter[str]:
    """Add up what is owed by `currency`, `status` and component, joined by tabs, in minor units.

    *status* tells by a code of *words* what became of each row. Of rejects their own cells are read
    one by one: what is no amount, or has no currency, is counted as `unreadable`. Arrears are all
    that is past due.
    """
    totals: Counter[str] = Counter()
    usual = currency_of(found.defaults)
    places = {word: np.flatnonzero(status == code) for code, word in enumerate(words)}
    rejects = places.pop("reject", ())
    for name in COMPONENTS:
        parts = [f"arrears.{c}" for c in PARTS] if name == ARREARS else [name]
        column = sum((found.amounts[p] for p in parts[1:]), start=found.amounts[parts[0]])
        for kind, here in places.items():
            totals[f"{usual}\t{kind}\t{name}"] += exact_sum(column[here])
    for row in rejects:
        _add_reject(totals, found, int(row), usual)
    return totals


def exact_sum(column: Whole) -> int:
    """Add up whole numbers without an overflow, whatever their size."""
    high, low = column >> 32, column & 0xFFFFFFFF
    return (int(high.sum()) << 32) + int(low.sum())


def _add_reject(totals: Counter[str], found: Accounts, row: int, usual: str) -> None:
    code = _text(found, "currency", row).strip().upper() or usual
    for name in COMPONENTS:
        columns = [name, *(f"arrears.{c}" for c in PARTS)] if name == ARREARS else [name]
        for column in columns:
            text = _text(found, column, row)
            if not text.strip():
                continue
            amount = _amount(text, code)
            if amount is None:
                totals[f"{usual}\treject\t{UNREADABLE}"] += 1
            else:
                totals[f"{code}\treject\t{name}"] += amount


def _text(found: Accounts, name: str, row: int) -> str:
    column = found.table.get(name)
    value = None if column is None else column[row].as_py()
    return "" if value is None else str(value)


def _amount(text: str, code: str) -> int | None:
    """Read an amount in minor units; None where it is none."""
    if code not in EXPONENTS:
        return None
    try:
        return int(parse_amount(text, currency=code).scaleb(EXPONENTS[code]))
    except (Refused, ArithmeticError, ValueError):
        return None


def totals_told(totals: Mapping[str, int], rows: Mapping[str, int]) -> dict[str, Any]:
    """Give control totals by currency as exact decimals: each status, and `read`, their sum.

    *rows* is the number of rows by status; it stands beside the totals of a status.
    """
    found: dict[str, Any] = {}
    for key, count in sorted(totals.items()):
        code, status, name = key.split("\t")
        by_status = found.setdefault(code, {})
        for kind in (status, READ):
            cell = by_status.setdefault(kind, Counter())
            cell[name] += count
    return {
        "rows": dict(sorted(rows.items())),
        "by_currency": {
            code: {kind: _told(cell, EXPONENTS[code]) for kind, cell in sorted(by.items())}
            for code, by in found.items()
        },
    }


def _told(cell: Mapping[str, int], exponent: int) -> dict[str, Any]:
    amounts = {name: str(Decimal(cell[name]).scaleb(-exponent)) for name in COMPONENTS}
    return amounts | ({UNREADABLE: cell[UNREADABLE]} if cell[UNREADABLE] else {})
