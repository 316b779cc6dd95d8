"""A table's own columns, units and words into the columns of accounts, as for a single case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.errors import UsageError
from replan.io.headers import Column
from replan.io.mapping import ColumnMap
from replan.io.table_cases import next_due_day
from replan.io.table_source import cell_value, column_meaning, is_no_value
from replan.model.text import clean_text, quote

from .admission import as_plain, as_texts, refuse_nested
from .lines import unprotected
from .schema import ACCOUNT, FAULT, FLAGS, KNOWN, PLACE, is_month, is_read

IDS = ("id", "account")
BORROWER = "borrower.reference"
NO_MATTER = (BORROWER, "borrower.name", "creditor", "note", "estimated")
"""What columns may mean that changes no figure of an account."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which column of a table is which column of accounts; `skip` tells rows that are none.

    `account` is empty where rows have no name: then they are called by their number. `unread` are
    columns that would count in a case and do not here.
    """

    columns: dict[str, tuple[str, Column]]
    account: str
    mapping: ColumnMap
    unread: tuple[str, ...] = field(default=())


def read_header(names: list[str], mapping: ColumnMap) -> Header:
    """Understand a header; raises UsageError where two columns mean the same or one is missing."""
    columns: dict[str, tuple[str, Column]] = {}
    unread, ids = [], dict[str, str]()
    for name in names:
        if name == FLAGS or is_month(name):
            columns[name] = (name, Column(name))
            continue
        column = column_meaning(name, mapping)
        key = column.key if column else ""
        if column and key in IDS:
            ids.setdefault(key, name)
        elif column and (key in KNOWN or key == "due_day"):
            _refuse_twice(columns, key, name)
            columns[key] = (name, column)
        elif mapping.reports_others and _counts(key):
            unread.append(name)
    lost = sorted({n for n, key in mapping.columns.items() if key} - set(names))
    if lost:
        raise UsageError(f"The mapping names the column {quote(lost[0])}, which is not there.")
    apart = (key for key in mapping.constants if key not in KNOWN and key != "as_of")
    unread += [key for key in apart if _counts(key)]
    return Header(columns, next((ids[k] for k in IDS if k in ids), ""), mapping, tuple(unread))


def _counts(key: str) -> bool:
    """Tell whether what a column means could change figures of a case."""
    return bool(key) and key not in NO_MATTER and not key.startswith("parties.")


def _refuse_twice(columns: dict[str, tuple[str, Column]], key: str, name: str) -> None:
    if key in columns:
        first = clean_text(columns[key][0])
        raise UsageError(
            f"The columns {first} and {clean_text(name)} both mean {key}. "
            f'Leave one out: --map "{clean_text(name)}=".'
        )


def map_batch(batch: Any, header: Header, *, as_of: date) -> Any:
    """Give a record batch with the columns of accounts, and beside them the table's others.

    A row that cannot be split into cells keeps its account, and what is no column of accounts.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    columns: dict[str, Any] = {}
    if header.account:
        names = as_texts(batch.column(header.account), header.account)
        columns[ACCOUNT] = unprotected(names) if FAULT in batch.schema.names else names
    else:
        columns[ACCOUNT] = pa.array([f"row-{n}" for n in numbers_of(batch)], pa.string())
    for key, (name, column) in header.columns.items():
        refuse_nested(batch.schema.field(name).type, name)
        found = _translated(_split(batch, name), column, header.mapping)
        if key == "due_day":
            key, found = "next_due", _each(found, lambda cell: next_due_day(cell, as_of))  # noqa: PLW2901
        columns.setdefault(key, found)
    for name in batch.schema.names:
        if not is_read(name):  # a column that the mapping leaves out must not be read by its name
            columns.setdefault(name, batch.column(name))
    return pa.record_batch(columns)


def numbers_of(batch: Any) -> NDArray[np.int64]:
    """Give the number of each row in the whole input, from 1."""
    if PLACE not in batch.schema.names:
        return np.arange(1, batch.num_rows + 1)
    return np.asarray(batch.column(PLACE).to_numpy())


def _split(batch: Any, name: str) -> Any:
    """Give a column without what stands in rows that cannot be split: cells may have moved."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    column = as_plain(batch.column(name))
    if FAULT not in batch.schema.names:
        return column
    column = unprotected(column)
    if batch.column(FAULT).null_count == batch.num_rows:
        return column
    return pc.if_else(batch.column(FAULT).is_null(), column, pa.scalar(None, column.type))


def _translated(cells: Any, column: Column, mapping: ColumnMap) -> Any:
    """Write cells in full where they are not plain: units, words, what means nothing."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    converts = column.key in mapping.conversions or column.key in mapping.values
    text = pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)
    if not text and not converts and not column.suffix:
        return cells
    if text and not converts and not column.suffix and not column.currency and _is_plain(cells):
        return cells
    return _each(cells.cast(pa.string()), lambda cell: _written(cell, column, mapping))


def _is_plain(cells: Any) -> bool:
    """Tell whether every cell is digits with a point, a date, or empty."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    fine = pc.match_substring_regex(
        cells, r"^([0-9]{1,12}(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2})?$"
    )
    return bool(pc.all(fine, skip_nulls=True, min_count=0).as_py())


def _written(cell: str, column: Column, mapping: ColumnMap) -> str | None:
    text = cell.strip()
    if is_no_value(text, column.key, mapping):
        return None
    return cell_value(text, column, mapping, is_number=False)


def _each(cells: Any, write: Callable[[str], str | None]) -> Any:
    """Rewrite every cell; one that occurs often is rewritten once."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    encoded = cells.dictionary_encode()
    values = [None if v is None else write(v) for v in encoded.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(encoded.indices)


def without_skipped(batch: Any, mapping: ColumnMap) -> Any:
    """Leave out the rows that the mapping says are no debts."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    return batch.filter(pc.invert(skipped(batch, mapping))) if mapping.skip else batch


def skipped(batch: Any, mapping: ColumnMap) -> Any:
    """Tell which rows the mapping says are no debts."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    out = pa.array([False] * batch.num_rows)
    for name, words in mapping.skip.items():
        if name in batch.schema.names:
            cells = pc.utf8_trim_whitespace(batch.column(name).cast(pa.string()))
            here = pc.is_in(cells, value_set=pa.array(sorted(words), pa.string()))
            out = pc.or_(out, here)
    return out
