"""Mappings: how a table's own columns, units and words become the keys of a case.

[columns]               # theirs = ours; "" leaves a column out without a word
balance = "principal"
interest_rate = "rate"

[conversions]           # by our key, what a bare value means
rate = "percent"        # 12.5 means 12.5 %

[constants]             # keys that are the same in every row
as_of = "2018-03-31"
currency = "USD"

[values.product]        # their words = ours
debt_consolidation = "personal-loan"

[read]
empty = ["NA"]                            # cells that mean nothing
other_columns = "ignore"                  # do not report columns without a meaning
dates = "day-first"                       # what 10/12/2026 means in every column
[read.skip]                               # rows that are no debts, by their column
loan_status = ["Fully Paid"]
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from replan.errors import UsageError
from replan.model.debt import Arrears, Debt, Parties
from replan.model.issues import suggest
from replan.model.text import clean_text, quote
from replan.model.values import DateOrder

CASE_KEYS = ("as_of", "currency", "jurisdiction", "surplus", "borrower.reference", "borrower.name")
_TABLES = ("columns", "conversions", "constants", "values", "read")
_BARE = re.compile(r"\d[\d.,\s]*")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A mapping, read and checked; the head of this module says what each table holds."""

    columns: dict[str, str] = field(default_factory=dict)
    conversions: dict[str, str] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    skip: dict[str, frozenset[str]] = field(default_factory=dict)
    reports_others: bool = True
    dates: DateOrder | None = None


def read_mapping(mapping: Mapping[str, str] | str | os.PathLike[str] | None) -> ColumnMap:
    """Read a mapping from `{theirs: ours}`, from the path of a TOML file, or from nothing.

    Raises UsageError for what is not known in it: a mapping is never half followed.
    """
    if mapping is None:
        return ColumnMap()
    if isinstance(mapping, Mapping):
        return _checked({"columns": dict(mapping)})
    return _checked(_parse(mapping))


def convert(value: str, conversion: str) -> str:
    """Write a bare value in full: `convert("12.5", "percent")` is `12.5%`."""
    return CONVERSIONS[conversion](value)


def target_keys() -> set[str]:
    """Return every key that a column can be mapped to."""
    debt = {f.alias or name for name, f in Debt.model_fields.items()}
    arrears = {f"arrears.{name}" for name in Arrears.model_fields if name != "total"}
    parties = {f"parties.{name}" for name in Parties.model_fields}
    return debt | arrears | parties | {*CASE_KEYS, "due_day"}


def _with(suffix: str) -> Callable[[str], str]:
    return lambda value: f"{value}{suffix}" if _BARE.fullmatch(value) else value


def _swap_separators(value: str) -> str:
    return value.translate(str.maketrans(".,", ",."))


def _month_first(value: str) -> str:
    return _DAY_FIRST.sub(r"\3-\1-\2", value)


def _day_first(value: str) -> str:
    return _DAY_FIRST.sub(r"\3-\2-\1", value)


CONVERSIONS: dict[str, Callable[[str], str]] = {
    "percent": _with("%"),
    "percent-per-day": _with("%/day"),
    "percent-per-month": _with("%/month"),
    "fraction-per-day": _with("/day"),
    "fraction-per-month": _with("/month"),
    "per-mille": _with("‰"),
    "thousands": _with("千"),
    "ten-thousands": _with("万"),
    "decimal-comma": _swap_separators,
    "day-month-year": _day_first,
    "month-day-year": _month_first,
}
"""What a bare value means: its unit, its decimal sign or the order of its date."""


def _parse(path: str | os.PathLike[str]) -> dict[str, Any]:
    shown = quote(os.fspath(path))
    try:
        return tomllib.loads(Path(path).read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError(f"The mapping file {shown} does not exist. Check the name.") from error
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"The mapping file {shown} cannot be read as UTF-8 text.") from error
    except ValueError as error:
        reason = clean_text(str(error))[:200]
        raise UsageError(f"The mapping file {shown} is not TOML: {reason}.") from error


def _checked(raw: dict[str, Any]) -> ColumnMap:
    _check_names(raw, _TABLES, "table")
    tables = {name: raw.get(name, {}) for name in _TABLES}
    if not all(isinstance(table, dict) for table in tables.values()):
        raise UsageError(f"Each of {', '.join(_TABLES)} must be a table in the mapping file.")
    _check_names(tables["read"], ("empty", "other_columns", "dates", "skip"), "setting")
    _check_names(filter(None, _texts(tables["columns"]).values()), target_keys(), "key")
    for name in ("conversions", "constants", "values"):
        _check_names(tables[name], target_keys(), "key")
    _check_names(_texts(tables["conversions"]).values(), CONVERSIONS, "conversion")
    return ColumnMap(
        columns=_texts(tables["columns"]),
        conversions=_texts(tables["conversions"]),
        constants=tables["constants"],
        values={key: _texts(words) for key, words in tables["values"].items()},
        empty=_words(tables["read"].get("empty", [])),
        skip={column: _words(words) for column, words in tables["read"].get("skip", {}).items()},
        reports_others=tables["read"].get("other_columns") != "ignore",
        dates=_date_order(tables["read"].get("dates")),
    )


def _date_order(given: Any) -> DateOrder | None:
    if given is None:
        return None
    _check_names([str(given)], get_args(DateOrder), "date order")
    return "day-first" if given == "day-first" else "month-first"


def _check_names(names: Iterable[str], known: Iterable[str], kind: str) -> None:
    allowed = sorted(known)
    for name in names:
        if name not in allowed:
            hint = suggest(name, allowed) or f"Use one of: {', '.join(allowed)}."
            raise UsageError(f"{quote(name)} is not a {kind} of a mapping. {hint}")


def _texts(table: Any) -> dict[str, str]:
    if isinstance(table, dict) and all(isinstance(value, str) for value in table.values()):
        return table
    raise UsageError('A mapping holds pairs of texts here, such as balance = "principal".')


def _words(words: Any) -> frozenset[str]:
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return frozenset(words)
    raise UsageError('A mapping holds a list of texts here, such as ["NA"].')
