"""What an entry of a casebook must be like to have been recorded by replan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from replan.decide.evaluate import PARTS
from replan.io.load import load
from replan.model.currency import EXPONENTS

from .entries import short

Record = Mapping[str, Any]


def is_sound(table: str, entry: Record, days: Iterable[str]) -> bool:
    """Tell whether an entry with all its columns could have been recorded.

    `days` are its columns that hold days, written as ISO 8601 does at length, or times.
    """
    try:
        return all(_is_day(name, entry[name]) for name in days) and _CHECKS.get(table, _any)(entry)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return False


def _any(_: Record) -> bool:
    return True


def _is_day(name: str, text: str | None) -> bool:
    if text is None:
        return name == "ended_on"
    if name == "at":
        return datetime.fromisoformat(text).isoformat(timespec="minutes") == text
    return date.fromisoformat(text).isoformat() == text


def _client(entry: Record) -> bool:
    return bool(entry["name"]) and short(entry["name"]) == entry["name"]


def _case(entry: Record) -> bool:
    return bool(load(json.loads(entry["content"])).cases)


def _agreement(entry: Record) -> bool:
    asks = json.loads(entry["asks"])
    return (
        entry["exponent"] == EXPONENTS[entry["currency"]]
        and sorted(json.loads(entry["allocation"])) == sorted(PARTS)
        and all({"code", "text", "values"} <= ask.keys() for ask in asks)
    )


_CHECKS: dict[str, Callable[[Record], bool]] = {
    "clients": _client,
    "cases": _case,
    "agreements": _agreement,
}
