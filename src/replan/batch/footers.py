"""Parquet files joined without being decoded: row groups are moved, and one footer tells of all.

A footer is a struct in Thrift's compact protocol, of which only what a move changes is looked at
(https://parquet.apache.org/docs/file-format/metadata/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

MAGIC = b"PAR1"
TAIL = 8
"""Bytes after a footer: its length, and the mark."""
PLACE, ORDINAL, ROWS, GROUPS = "place", "ordinal", "rows", "groups"
LAST_ORDINAL = 0x7FFF
"""Row groups are counted in 16 bits, which only encryption looks at."""
METADATA = {9: PLACE, 10: PLACE, 11: PLACE, 14: PLACE}
COLUMN = {2: PLACE, 3: METADATA, 4: PLACE, 6: PLACE}
GROUP = {1: COLUMN, 5: PLACE, 7: ORDINAL}
"""The fields of a row group, its columns and their metadata that say where something begins."""
FOOTER = {3: ROWS, 4: GROUP}
"""How many rows there are, and the row groups."""
STRUCTS = b"\xfc"
"""The head of a list of structs whose length follows."""


class Span(NamedTuple):
    """Something in a footer: what it is, where it begins and ends, and how much or many it is."""

    what: str
    begin: int
    end: int
    value: int


class Footer(NamedTuple):
    """A footer with what a move changes; `shell` is all but row groups and number of rows."""

    data: bytes
    rows: Span
    groups: Span
    inside: Span
    numbers: tuple[Span, ...]

    @property
    def shell(self) -> tuple[bytes, bytes, bytes]:
        """Give what stands around the number of rows and the list of row groups."""
        data, rows, groups = self.data, self.rows, self.groups
        return data[: rows.begin], data[rows.end : groups.begin], data[groups.end :]


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
        moved += _moved(footer, by=at - len(MAGIC), first=count)
        at += end - len(MAGIC)
        rows += footer.rows.value
        count += footer.groups.value
    before, between, after = shell or (b"", b"", b"")
    whole = before + _signed(rows) + between + STRUCTS + _varint(count) + moved + after
    file.write(whole + len(whole).to_bytes(4, "little") + MAGIC)


def read_footer(data: bytes) -> Footer:
    """Find in a footer what a move changes."""
    from thrift.protocol.TCompactProtocol import TCompactProtocol  # noqa: PLC0415 - an extra
    from thrift.transport.TTransport import TMemoryBuffer  # noqa: PLC0415 - as above

    found, protocol = list[Span](), TCompactProtocol(TMemoryBuffer(data))
    protocol.readString = protocol.readBinary  # statistics of numbers are bytes, too
    _walk(protocol, FOOTER, found)
    by_name = {span.what: span for span in found}
    inside = by_name["inside"]
    numbers = tuple(s for s in found if s.what in {PLACE, ORDINAL} and s.begin >= inside.begin)
    return Footer(data, by_name[ROWS], by_name[GROUPS], inside, numbers)


def _moved(footer: Footer, *, by: int, first: int) -> bytes:
    """Give the row groups of a footer with their places moved, counted from *first*."""
    parts, at, ordinal = list[bytes](), footer.inside.begin, first
    for what, begin, end, value in footer.numbers:
        changed = value + by if what == PLACE and value else value
        if what == ORDINAL:
            changed, ordinal = min(ordinal, LAST_ORDINAL), ordinal + 1
        parts += [footer.data[at:begin], _signed(changed)]
        at = end
    return b"".join([*parts, footer.data[at : footer.inside.end]])


def _walk(protocol: Any, wanted: Mapping[int, Any], found: list[Span]) -> None:
    """Go through a struct and note what is wanted of it."""
    from thrift.Thrift import TType  # noqa: PLC0415 - an extra

    protocol.readStructBegin()
    while True:
        _, kind, number = protocol.readFieldBegin()
        if kind == TType.STOP:
            break
        what, begin = wanted.get(number), _place(protocol)
        if what is None:
            protocol.skip(kind)
        elif isinstance(what, str):
            value = protocol.readI16() if kind == TType.I16 else protocol.readI64()
            found.append(Span(what, begin, _place(protocol), value))
        elif kind == TType.LIST:
            _walk_list(protocol, begin, what, found)
        else:
            _walk(protocol, what, found)
        protocol.readFieldEnd()
    protocol.readStructEnd()


def _walk_list(protocol: Any, begin: int, wanted: Mapping[int, Any], found: list[Span]) -> None:
    _, size = protocol.readListBegin()
    inside = _place(protocol)
    for _ in range(size):
        _walk(protocol, wanted, found)
    protocol.readListEnd()
    if wanted is GROUP:
        end = _place(protocol)
        found += [Span(GROUPS, begin, end, size), Span("inside", inside, end, size)]


def _place(protocol: Any) -> int:
    return int(protocol.trans.cstringio_buf.tell())


def _varint(value: int) -> bytes:
    from thrift.protocol.TCompactProtocol import writeVarint  # noqa: PLC0415 - an extra
    from thrift.transport.TTransport import TMemoryBuffer  # noqa: PLC0415 - as above

    buffer = TMemoryBuffer()
    writeVarint(buffer, value)
    return bytes(buffer.getvalue())


def _signed(value: int) -> bytes:
    from thrift.protocol.TCompactProtocol import makeZigZag  # noqa: PLC0415 - an extra

    return _varint(makeZigZag(value, 64))
