"""Parquet files joined without being decoded: row groups are moved, and one footer tells of all.

A footer is a struct in Thrift's compact protocol, of which only what a move changes is understood
(https://parquet.apache.org/docs/file-format/metadata/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

MAGIC = b"PAR1"
TAIL = 8
"""Bytes after a footer: its length, and the mark."""
ROWS, GROUPS = 3, 4
"""Fields of a footer: how many rows there are, and the list of row groups."""
PLACE, ORDINAL = "place", "ordinal"
LAST_ORDINAL = 0x7FFF
"""Row groups are counted in 16 bits, which only encryption looks at."""
METADATA = {9: PLACE, 10: PLACE, 11: PLACE, 14: PLACE}
COLUMN = {2: PLACE, 3: METADATA, 4: PLACE, 6: PLACE}
GROUP = {1: COLUMN, 5: PLACE, 7: ORDINAL}
"""The fields of a row group, its columns and their metadata that say where something begins."""
TRUE, FALSE, BYTE, DOUBLE, TEXT, LIST, SET, STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
WHOLE = frozenset({4, 5, 6})
"""Whole numbers of 16, 32 and 64 bits, which are written alike."""
NOTHING: Mapping[int, Any] = {}


class Number(NamedTuple):
    """A number that a move changes: what it is, where it stands, and how much it is."""

    what: str
    begin: int
    end: int
    value: int


@dataclass(frozen=True, slots=True)
class Footer:
    """A footer, where in it the fields `ROWS` and `GROUPS` stand, and what a move changes."""

    data: bytes
    rows: tuple[int, int]
    groups: tuple[int, int]
    numbers: tuple[Number, ...]

    @property
    def shell(self) -> tuple[bytes, bytes, bytes]:
        """Give what stands around number of rows and row groups: columns and their kinds."""
        data, (begin, end), (first, last) = self.data, self.rows, self.groups
        return data[:begin], data[end:first], data[last:]


def join_parquet(paths: Iterable[Path], file: IO[bytes]) -> None:
    """Write the row groups of Parquet files into one; raises ValueError where columns differ.

    The files are not encrypted, there is at least one, and their rows keep their order.
    """
    at, rows, count, moved = len(MAGIC), 0, 0, bytearray()
    shell: tuple[bytes, bytes, bytes] | None = None
    file.write(MAGIC)
    for path in paths:
        data = path.read_bytes()
        end = len(data) - TAIL - int.from_bytes(data[-TAIL:-4], "little")
        footer = read_footer(data[end:-TAIL])
        shell = shell or footer.shell
        if shell != footer.shell:
            raise ValueError(f"{path.name} has other columns than those before it.")
        file.write(data[len(MAGIC) : end])
        number, begin = _list_head(footer.data, footer.groups[0])
        moved += _moved(footer, begin, by=at - len(MAGIC), first=count)
        at += end - len(MAGIC)
        rows += _unzigzag(_varint(footer.data, footer.rows[0])[0])
        count += number
    before, between, after = shell or (b"", b"", b"")
    whole = before + _zigzag(rows) + between + _head_of_list(count) + moved + after
    file.write(whole + len(whole).to_bytes(4, "little") + MAGIC)


def read_footer(data: bytes) -> Footer:
    """Find in a footer what a move changes."""
    spans: dict[int, tuple[int, int]] = {}
    found: list[Number] = []
    at = number = 0
    while data[at]:
        kind, number, begin = _field(data, at, number)
        at = _pass(data, begin, kind, GROUP if number == GROUPS else NOTHING, found)
        spans[number] = (begin, at)
    return Footer(data, spans[ROWS], spans[GROUPS], tuple(found))


def _moved(footer: Footer, begin: int, *, by: int, first: int) -> bytes:
    """Give the row groups of a footer with their places moved, counted from *first*."""
    parts, at, ordinal = [], begin, first
    for what, start, end, value in footer.numbers:
        changed = value + by if what == PLACE and value else value
        if what == ORDINAL:
            changed, ordinal = min(ordinal, LAST_ORDINAL), ordinal + 1
        parts += [footer.data[at:start], _zigzag(changed)]
        at = end
    return b"".join([*parts, footer.data[at : footer.groups[1]]])


def _struct(data: bytes, at: int, wanted: Mapping[int, Any], found: list[Number]) -> int:
    """Go through a struct; give the place behind it."""
    number = 0
    while data[at]:
        kind, number, begin = _field(data, at, number)
        what = wanted.get(number, NOTHING)
        if isinstance(what, str):
            raw, at = _varint(data, begin)
            found.append(Number(what, begin, at, _unzigzag(raw)))
        else:
            at = _pass(data, begin, kind, what, found)
    return at + 1


def _field(data: bytes, at: int, before: int) -> tuple[int, int, int]:
    """Read a field's kind and number, which is told by its distance; give where its value is."""
    head = data[at]
    if head >> 4:
        return head & 15, before + (head >> 4), at + 1
    number, begin = _varint(data, at + 1)
    return head & 15, _unzigzag(number), begin


def _pass(data: bytes, at: int, kind: int, wanted: Mapping[int, Any], found: list[Number]) -> int:
    """Pass over a value; give the place behind it."""
    if kind in WHOLE:
        while data[at] > 0x7F:
            at += 1
        return at + 1
    if kind == TEXT:
        size, at = _varint(data, at)
        return at + size
    if kind == STRUCT:
        return _struct(data, at, wanted, found)
    if kind in {LIST, SET}:
        return _pass_list(data, at, wanted, found)
    if kind in {TRUE, FALSE}:
        return at  # the kind says it all
    if kind in {BYTE, DOUBLE}:
        return at + (8 if kind == DOUBLE else 1)
    raise ValueError(f"A footer holds a value of the kind {kind}.")


def _pass_list(data: bytes, at: int, wanted: Mapping[int, Any], found: list[Number]) -> int:
    kind = data[at] & 15
    size, at = _list_head(data, at)
    for _ in range(size):
        # in a list yes and no take a byte
        at = at + 1 if kind in {TRUE, FALSE} else _pass(data, at, kind, wanted, found)
    return at


def _list_head(data: bytes, at: int) -> tuple[int, int]:
    """Give how long a list is, and where its first element stands."""
    short = data[at] >> 4
    return _varint(data, at + 1) if short == 15 else (short, at + 1)


def _head_of_list(size: int) -> bytes:
    """Begin a list of so many structs."""
    return bytes([0xF0 | STRUCT]) + _written(size)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a whole number, seven bits a byte, the lowest first; give the place behind it."""
    value = shift = 0
    while data[at] > 0x7F:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def _written(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _zigzag(value: int) -> bytes:
    """Write a whole number with its sign in the lowest bit."""
    return _written(2 * value if value >= 0 else -2 * value - 1)


def _unzigzag(value: int) -> int:
    return value >> 1 ^ -(value & 1)
