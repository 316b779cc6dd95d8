"""Where accounts come from: CSV, Parquet and Arrow files, a folder of them, or stdin, in pieces."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import RawIOBase
from itertools import chain
from pathlib import Path
from typing import IO, Any

from replan.errors import UsageError
from replan.model.text import clean_text, quote

from .borrowers import joined
from .lines import Lines, SplitRows, shape_of

KINDS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet",
    ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow", ".arrows": "stream",
}  # fmt: skip
BLOCK = 1 << 22
"""Bytes of text that are parsed at a time."""
HEAD = 1 << 20
"""Bytes from which the header and the encoding are known."""
ROWS = 7_168
"""Rows of a Parquet file that are read at a time: those of a piece."""
BUFFER = 1 << 16
"""Bytes of a column that are read at a time: a map of the file would be held as a whole."""


@dataclass(slots=True)
class Source:
    """Files to read one after the other; `rows` is how many there are, if that is known before.

    `columns` are those that are read at all, where the format allows; none: every one.
    """

    paths: tuple[Path, ...]
    kind: str
    encoding: str | None = None
    rows: int | None = None
    columns: tuple[str, ...] = ()
    stdin: Iterator[Any] | None = None
    digest: Any = field(default_factory=sha256)
    bytes: int = 0


def open_source(name: str, *, encoding: str | None = None) -> Source:
    """Find out what is to be read; raises UsageError if there is nothing that can be."""
    if name == "-":
        return Source((), "stdin", encoding)
    path, shown = Path(name), quote(name)
    if path.is_dir():
        paths = tuple(p for p in sorted(path.iterdir()) if p.suffix.lower() in KINDS)
        kinds = {KINDS[p.suffix.lower()] for p in paths}
        if len(kinds) != 1:
            raise UsageError(f"The folder {shown} needs files of one kind: CSV, Parquet or Arrow.")
        return Source(paths, kinds.pop(), encoding, _count(paths, kinds))
    if not path.exists():
        raise UsageError(f"{shown} does not exist. Check the name.")
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise UsageError(f"{shown} is no .csv, .parquet or .arrow file. Export it as one of them.")
    return Source((path,), kind, encoding, _count((path,), {kind}))


def _count(paths: tuple[Path, ...], kinds: set[str]) -> int | None:
    if kinds != {"parquet"}:
        return None
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    rows = [_guarded(lambda p=p: pq.ParquetFile(p).metadata.num_rows, p) for p in paths]
    return int(sum(rows))


def read_batches(source: Source, rows: int) -> Iterator[Any]:
    """Yield record batches of so many rows, the last one shorter."""
    held, size = [], 0
    for batch in _raw(source):
        held.append(batch)
        size += batch.num_rows
        while size >= rows:
            whole = joined(held)
            yield whole.slice(0, rows)
            rest = whole.slice(rows)
            held, size = [rest], rest.num_rows
    if size:
        yield joined(held)


def column_names(source: Source) -> list[str]:
    """Give the names of the columns of the first file that has rows; none if no file has any."""
    for path in source.paths:
        names, rows = _guarded(lambda p=path: _head(source, p), path)
        if rows:
            return list(names)
    return []


def _head(source: Source, path: Path) -> tuple[list[str], int]:
    """Give a file's column names, and whether it has rows."""
    if source.kind == "parquet":
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

        file = pq.ParquetFile(path)
        return file.schema_arrow.names, file.metadata.num_rows
    first = next((b for b in _reader(source, path) if b.num_rows), None)
    return ([], 0) if first is None else (first.schema.names, first.num_rows)


def peek(source: Source) -> Any:
    """Give the first batch of stdin, which cannot be read twice; it is kept for the work."""
    stream = _from_stdin(source)
    first = next(stream, None)
    source.stdin = chain([] if first is None else [first], stream)
    return first


def _raw(source: Source) -> Iterator[Any]:
    """Yield batches as the files hold them; files of a folder must have the same columns."""
    if source.kind == "stdin":
        yield from source.stdin or _from_stdin(source)
        return
    schema: Any = None
    for path in source.paths:
        batches = _guarded(lambda p=path: _reader(source, p), path)
        while (batch := _guarded(lambda b=batches: next(b, None), path)) is not None:
            schema = schema or _common(source, batch.schema)
            yield _alike(batch, schema, path, source.paths[0])


def _common(source: Source, first: Any) -> Any:
    """Give columns that hold what those of all files do: a file may have nothing in one of them."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if source.kind == "csv" or len(source.paths) == 1:
        return first
    schemas = [_guarded(lambda p=path: _schema_of(source, p), path) for path in source.paths]
    for path, schema in zip(source.paths, schemas, strict=True):
        _check_columns(schema, schemas[0], path, source.paths[0])
        try:
            first = pa.unify_schemas([first, _read(source, schema)], promote_options="permissive")
        except pa.ArrowException as error:
            reason = clean_text(str(error).splitlines()[0])[:200]
            raise UsageError(
                f"{quote(str(path))} has other kinds of columns than "
                f"{quote(str(source.paths[0]))}: {reason}. Export them alike."
            ) from error
    return first


def _read(source: Source, schema: Any) -> Any:
    """Leave out of a file's columns those that are not read."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if source.kind != "parquet" or not source.columns:
        return schema
    return pa.schema([item for item in schema if item.name in source.columns])


def _schema_of(source: Source, path: Path) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    if source.kind == "parquet":
        return pq.read_schema(path)
    opened = pa.ipc.open_file if source.kind == "arrow" else pa.ipc.open_stream
    return opened(pa.OSFile(str(path))).schema


def _check_columns(schema: Any, first: Any, path: Path, other: Path) -> None:
    if sorted(schema.names) != sorted(first.names):
        raise UsageError(f"{path} has other columns than {other}.")


def _alike(batch: Any, schema: Any, path: Path, first: Path) -> Any:
    """Give a batch with the columns of all, in their order."""
    _check_columns(batch.schema, schema, path, first)
    if batch.schema.equals(schema):
        return batch
    return _guarded(lambda: batch.select(schema.names).cast(schema), path)


def _guarded(read: Any, path: Path) -> Any:
    """Say in one line why a file cannot be read."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    try:
        return read()
    except UnicodeError as error:
        hint = "Name its encoding: --encoding gb18030."
        raise UsageError(f"{quote(str(path))} is not in the encoding expected. {hint}") from error
    except (pa.ArrowException, OSError) as error:
        reason = clean_text(str(error).splitlines()[0])[:200]
        message = f"{quote(str(path))} cannot be read. Export it again: {reason}"
        raise UsageError(message) from error


def _reader(source: Source, path: Path) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if source.kind == "parquet":
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        file = pq.ParquetFile(path, memory_map=False, pre_buffer=False, buffer_size=BUFFER)
        columns = [*source.columns] or None
        return iter(file.iter_batches(batch_size=ROWS, use_threads=False, columns=columns))
    if source.kind == "arrow":
        file = pa.ipc.open_file(pa.OSFile(str(path)))
        return (file.get_batch(i) for i in range(file.num_record_batches))
    if source.kind == "stream":
        return iter(pa.ipc.open_stream(pa.OSFile(str(path))))
    return _csv_file(source, path)


def _csv_file(source: Source, path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        first = file.read(HEAD)
        file.seek(0)
        yield from _csv(source, str(path), file, first)


class _Digested(RawIOBase):
    """Stdin, digested while it is read: nobody can look at it again."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source, self.start = source, sys.stdin.buffer.read(HEAD)
        self._left = memoryview(self.start)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on."""
        held, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        found = bytes(held) or sys.stdin.buffer.read(len(buffer))
        buffer[: len(found)] = found
        self.source.digest.update(found)
        self.source.bytes += len(found)
        return len(found)


def _from_stdin(source: Source) -> Iterator[Any]:
    """Read Arrow's stream format or CSV, whichever stdin holds."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    stdin = _Digested(source)
    start = stdin.start
    if start[:4] in (b"PAR1", b"ARRO"):
        raise UsageError("Such a file cannot be read from stdin. Name it instead of -.")
    path = Path("stdin")
    if start[:4] == b"\xff\xff\xff\xff":
        yield from _guarded(lambda: list(pa.ipc.open_stream(stdin)), path)
        return
    batches = _guarded(lambda: _csv(source, "stdin", stdin, start), path)
    while (batch := _guarded(lambda: next(batches, None), path)) is not None:
        yield batch


def _csv(source: Source, name: str, file: IO[bytes] | RawIOBase, first: bytes) -> Iterator[Any]:
    """Read a table of texts; rows that cannot be split come with what is wrong with them."""
    from pyarrow import csv as arrow  # noqa: PLC0415 - an extra

    shape = shape_of(first, name, encoding=source.encoding)
    lines, rows = Lines(file, shape), SplitRows(shape)
    if lines.is_empty:
        return iter(())
    reader = arrow.open_csv(
        lines,
        read_options=arrow.ReadOptions(
            use_threads=False, block_size=BLOCK, column_names=shape.names
        ),
        parse_options=arrow.ParseOptions(
            delimiter=shape.delimiter, newlines_in_values=True, invalid_row_handler=rows.note
        ),
        convert_options=arrow.ConvertOptions(
            column_types=dict.fromkeys(shape.names, "string"), strings_can_be_null=False
        ),
    )
    return rows.whole(reader)
