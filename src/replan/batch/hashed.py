"""Names as whole numbers of 64 bits, in which those that stand twice are found."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
ACCOUNTS, BORROWERS = ".accounts", ".borrowers"
"""How the names of a piece's files end that hold hashes of these."""
LONGEST = 256
"""Bytes of a name that are laid out beside those of the others; a longer one is digested."""
START = 0x9E3779B97F4A7C15
NAMELESS = START - (1 << 64)
"""The hash of rows that name no account: they are rejects, not copies of each other."""


def hashes(column: Any) -> Index:
    """Hash texts to 64 bits, the same in every process; equal texts have equal hashes."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    texts = column.cast(pa.string()).fill_null("")
    size, data = _bytes_of(texts)
    long = np.flatnonzero(size > LONGEST)
    if long.size:
        data, size = data[np.repeat(size <= LONGEST, size)], np.where(size > LONGEST, 0, size)
    value = _mixed(_table(size, data))
    for row in long:
        digest = blake2b(texts[int(row)].as_py().encode(), digest_size=8).digest()
        value[row] = int.from_bytes(digest, "little")
    return np.asarray(value.view(np.int64))


def _bytes_of(texts: Any) -> tuple[Index, Any]:
    """Give how many bytes each text has, and the bytes of all, one after the other."""
    _, places, data = texts.buffers()
    ends = np.frombuffer(places, np.int32)[texts.offset :][: len(texts) + 1]
    whole = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    return np.diff(ends).astype(np.int64), whole[ends[0] : ends[-1]]


def _table(size: Index, data: Any) -> Any:
    """Lay texts out as rows of eight bytes each, filled up with nothing."""
    width = (int(size.max(initial=0)) // 8 + 1) * 8
    table = np.zeros((size.size, width), dtype=np.uint8)
    table[np.arange(width) < size[:, None]] = data
    return table.view(np.uint64)


def _mixed(table: Any) -> Any:
    value = np.full(len(table), START, dtype=np.uint64)
    for word in table.T:
        mixed = (value ^ word) * np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(32)
        # a text of fewer words ends in words of nothing, which must not change it
        value = np.where(word == 0, value, mixed * np.uint64(0xC4CEB9FE1A85EC53))
    return value


def is_repeated(values: Index) -> bool:
    """Tell whether a value stands twice."""
    ordered = np.sort(values)
    return bool((ordered[1:] == ordered[:-1]).any())


def later(values: Index) -> Index:
    """Give the places, from 0, of values that stood at an earlier place already."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    again = np.zeros(values.size, dtype=np.bool_)
    again[1:] = ordered[1:] == ordered[:-1]
    return np.sort(order[again])
