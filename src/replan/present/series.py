"""Figures over time as numbers for charts: by month for a household, by row for a debt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

Record = Mapping[str, Any]


class Month(NamedTuple):
    """One calendar month of a plan, in major units; no surplus without a budget."""

    month: str
    paid: Decimal
    surplus: Decimal | None
    short: Decimal
    balance: Decimal | None


class Balance(NamedTuple):
    """What is owed on a debt after a row."""

    due: date
    amount: Decimal


def months_series(by_month: Sequence[Record]) -> list[Month]:
    """Read the `by_month` list of a plan's JSON form."""
    return [
        Month(
            str(entry["month"]),
            Decimal(entry["payment"]),
            _amount(entry.get("surplus")),
            _amount(entry.get("short")) or Decimal(0),
            _amount(entry.get("balance")),
        )
        for entry in by_month
    ]


def balance_series(schedule: Sequence[Record]) -> list[Balance]:
    """Read due dates and closing balances of a debt's `schedule` in its JSON form."""
    return [Balance(date.fromisoformat(r["due"]), Decimal(r["balance"])) for r in schedule]


def _amount(text: object) -> Decimal | None:
    return None if text is None else Decimal(str(text))
