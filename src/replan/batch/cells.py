"""Arrow columns into exact whole numbers, all cells at once; what is not plain is left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

LARGEST = 10**12
"""Amounts in major units above this are refused."""
EPOCH = 719_163
"""The ordinal of 1970-01-01, from which Arrow counts days."""
FIRST, LAST = 693_596, 803_534
"""Dates from 1900-01-01 to 2200-12-31."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One column: whole numbers, which cells were given, and which of them are plain.

    The value of a cell that is not given or not plain is 0.
    """

    value: Whole
    given: Flags
    plain: Flags


@dataclass(frozen=True, slots=True)
class Coded:
    """Texts as numbers of words: many rows, few words."""

    code: Whole
    words: Sequence[str]


def nothing(rows: int) -> Cells:
    """Give a column that is not in the table."""
    none = np.zeros(rows, dtype=np.bool_)
    return Cells(np.zeros(rows, dtype=np.int64), none, ~none)


def read_amounts(column: Any, exponent: int) -> Cells:
    """Read amounts in major units as minor units; a float means its shortest decimal form."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    given, kind = _given(column), column.type
    if pa.types.is_floating(kind):
        value, fine = _from_floats(_filled(column, 0.0).astype(np.float64), exponent)
    elif pa.types.is_integer(kind):
        whole = _filled(column, 0).astype(np.int64)
        fine = (whole >= 0) & (whole <= LARGEST)
        value = np.where(fine, whole, 0) * 10**exponent
    elif pa.types.is_decimal(kind):
        value, fine = _from_decimals(column, exponent)
    else:
        given, (value, fine) = given & _not_empty(column), _from_texts(column, exponent)
    return Cells(np.where(given & fine, value, 0), given, fine | ~given)


def read_counts(column: Any, low: int, high: int) -> Cells:
    """Read whole numbers from *low* to *high*."""
    cells = read_amounts(column, 0)
    fine = (cells.value >= low) & (cells.value <= high)
    return Cells(cells.value * fine, cells.given, cells.plain & (fine | ~cells.given))


def read_days(column: Any) -> Cells:
    """Read dates as ordinals; texts as 2026-12-10."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    given = _given(column)
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        value = _filled(column.cast(pa.date32()).cast(pa.int32()), -EPOCH).astype(np.int64) + EPOCH
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        given = given & _not_empty(column)
        parsed = pc.strptime(column, "%Y-%m-%d", unit="s", error_is_null=True)
        same = pc.equal(pc.strftime(parsed, "%Y-%m-%d"), column)
        days = _filled(parsed.cast(pa.date32()).cast(pa.int32()), -EPOCH).astype(np.int64)
        value = (days + EPOCH) * _true(same)
    else:
        value = np.zeros(len(column), dtype=np.int64)
    fine = (value >= FIRST) & (value <= LAST)
    return Cells(np.where(given & fine, value, 0), given, fine | ~given)


def read_words(column: Any) -> tuple[Whole, list[Any]]:
    """Give a code per cell and the value of each code; nothing and an empty text are code 0."""
    encoded = column if _is_dictionary(column) else column.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    code = _filled(encoded.indices, -1).astype(np.int64) + 1
    values = [None, *(None if word == "" else word for word in words)]
    first = {word: i for i, word in reversed(list(enumerate(values)))}
    return np.array([first[word] for word in values])[code], values


def _is_dictionary(column: Any) -> bool:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return bool(pa.types.is_dictionary(column.type))


def _given(column: Any) -> Flags:
    return np.asarray(column.is_valid().to_numpy(zero_copy_only=False))


def _not_empty(column: Any) -> Flags:
    """Tell which texts hold something; values of other kinds are no texts."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return np.ones(len(column), dtype=np.bool_)
    return _true(pc.not_equal(column, ""))


def _true(column: Any) -> Flags:
    """Tell which cells are true; nothing is not."""
    return _filled(column.cast("int8"), 0).astype(np.bool_)


def _filled(column: Any, fallback: Any, /) -> NDArray[Any]:
    return np.asarray(column.fill_null(fallback).to_numpy(zero_copy_only=False))


def _from_floats(value: NDArray[np.float64], exponent: int) -> tuple[Whole, Flags]:
    """Take a float if it is the one nearest to a whole number of minor units."""
    fine = (value >= 0) & (value <= LARGEST / 10)
    cents = np.rint(np.where(fine, value, 0.0) * 10**exponent)
    fine &= cents / 10**exponent == value
    return np.where(fine, cents, 0).astype(np.int64), fine


def _from_decimals(column: Any, exponent: int) -> tuple[Whole, Flags]:
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    about = _filled(column.cast(pa.float64()), -1.0)
    inside = (about >= 0) & (about <= LARGEST)
    kept = pc.if_else(pa.array(inside), column, pa.scalar(None, column.type))
    cut = kept.cast(pa.decimal128(38, exponent), safe=False)
    wide = pa.decimal128(38, max(column.type.scale, exponent))
    fine = _true(pc.equal(cut.cast(wide), kept.cast(wide)))
    return low_words(cut) * fine, fine


def low_words(column: Any) -> Whole:
    """Give the unscaled numbers of decimals that fit into 64 bits; 0 where there is none."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    filled = column.fill_null(pa.scalar(0, pa.int64()).cast(column.type))
    words = np.frombuffer(filled.buffers()[1], dtype=np.int64)
    return words[2 * filled.offset : 2 * (filled.offset + len(filled)) : 2].copy()


def _from_texts(column: Any, exponent: int) -> tuple[Whole, Flags]:
    """Read plain digits with at most the currency's decimals; the rest is for the model."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        none = np.zeros(len(column), dtype=np.bool_)
        return np.zeros(len(column), dtype=np.int64), none
    decimals = rf"(\.[0-9]{{1,{exponent}}})?" if exponent else ""
    match = pc.match_substring_regex(column, rf"^[0-9]{{1,12}}{decimals}$")
    plain = pc.if_else(match, column, pa.scalar(None, column.type))
    amounts = plain.cast(pa.decimal128(38, exponent))
    return low_words(amounts), _true(match)


def combinations(columns: Sequence[Whole]) -> tuple[Whole, Whole]:
    """Give where each combination of codes stands first, and which one every row has."""
    key, *varied = [c for c in columns if (c != c[:1]).any()] or [columns[0]]
    for column in varied:
        # numbered anew each time, so that the product of the two stays small
        _, key = np.unique(key, return_inverse=True)
        _, code = np.unique(column, return_inverse=True)
        key = key * (int(code.max()) + 1) + code
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return first, which
