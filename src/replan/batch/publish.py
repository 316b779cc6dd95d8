"""Pieces into the one file that appears whole or not at all, and the list of rejects."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from replan.errors import UsageError
from replan.model.text import clean_text

from .local import Done
from .parts import PRIVATE, SCHEDULES, Parts, write_durably
from .previous import Previous
from .schema import RAW

GROUP = 32_768
"""Rows of the output that are compressed together, however the input was cut."""
FORMATS = (".csv", ".parquet", ".arrow")
MANY = ("row", "account", "offer_id", "apr")
"""Beside amounts, columns with too many values for a dictionary: a third less is written so."""
RISKY = r"^([\s]*[=+\-@＝＋－＠])"
"""What a spreadsheet takes for a formula."""


def check_output(path: Path, option: str = "-o") -> None:
    """Refuse an output that could not be written, before any work is done."""
    if path.suffix.lower() not in FORMATS and option != "--rejects":
        raise UsageError(f"{option} {path}: end the name in {', '.join(FORMATS)}.")
    if not path.parent.is_dir():
        raise UsageError(
            f"{option} {path}: there is no folder {path.parent}. Make it, or name another."
        )
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file after {option}.")


def publish(parts: Parts, done: Done, output: Path, *, previous: Previous | None = None) -> None:
    """Write all offers into one file, which appears only if nothing stops its being written.

    With an earlier run each account's change is told; raises WorseningError where its open offers
    would be made worse without a reason.
    """
    batches = (_plain(b) for number in range(done.pieces) for b in parts.read(number))
    _write(_even(batches if previous is None else _compared(batches, previous)), output)


def _plain(batch: Any) -> Any:
    """Give offers without the cells of rejects, which are for their own list."""
    return batch.drop_columns([RAW]) if RAW in batch.schema.names else batch


def _compared(batches: Iterator[Any], previous: Previous) -> Iterator[Any]:
    for batch in batches:
        yield previous.compare(batch)
    previous.end()


def _even(batches: Iterator[Any]) -> Iterator[Any]:
    """Yield tables of `GROUP` rows, the last one shorter; without rows one empty table."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    held: list[Any] = []
    size, told = 0, False
    for batch in batches:
        held.append(batch)
        size += batch.num_rows
        while size >= GROUP:
            whole = pa.Table.from_batches(held).combine_chunks()
            yield whole.slice(0, GROUP)
            held, size, told = whole.slice(GROUP).to_batches(), size - GROUP, True
    if size or (held and not told):
        yield pa.Table.from_batches(held).combine_chunks()


@contextmanager
def with_schedules(parts: Parts, done: Done, output: Path | None) -> Iterator[None]:
    """Write all schedules into a file that appears after what is done inside, or not at all."""
    if output is None:
        yield
        return
    batches = (b for number in range(done.pieces) for b in parts.read(number, SCHEDULES))
    with _staged(_even(batches), output):
        yield


def _write(tables: Iterator[Any], output: Path) -> None:
    with _staged(tables, output):
        pass


@contextmanager
def _staged(tables: Iterator[Any], output: Path) -> Iterator[None]:
    """Write a file that takes its name after what is done inside, or is removed."""
    first = next(tables, None)
    if first is None:
        raise UsageError("The table has no rows. Check the export.")
    _sweep(output)
    interim = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    handle = os.open(interim, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            _fill(file, chain([first], tables), first.schema, output)
            file.flush()
            os.fsync(file.fileno())
        yield
        interim.replace(output)
    except BaseException:
        with suppress(FileNotFoundError):
            interim.unlink()
        raise


def _sweep(output: Path) -> None:
    """Remove what a run that was killed while it wrote the output has left beside it."""
    start, end = f".{output.name}.", ".tmp"
    for path in output.parent.iterdir():
        if path.name.startswith(start) and path.name.endswith(end):
            middle = path.name.removeprefix(start).removesuffix(end)
            if middle.isdecimal():
                path.unlink(missing_ok=True)


def _fill(file: Any, tables: Iterable[Any], schema: Any, output: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    try:
        with _writer(file, schema, output.suffix.lower()) as writer:
            for table in tables:
                _put(writer, table, output)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        reason = clean_text(str(error).splitlines()[0])[:200]
        raise UsageError(f"{output} cannot hold a column that --carry copies: {reason}") from error


def _writer(file: Any, schema: Any, suffix: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if suffix == ".parquet":
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        plain = {item.name for item in schema if pa.types.is_decimal(item.type)} | set(MANY)
        few = [name for name in schema.names if name not in plain]
        return pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=few)
    if suffix == ".arrow":
        return pa.ipc.new_file(file, schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))
    from pyarrow import csv  # noqa: PLC0415 - as above

    return csv.CSVWriter(file, schema)


def _put(writer: Any, table: Any, output: Path) -> None:
    safe = disarmed(table) if output.suffix.lower() == ".csv" else table
    if output.suffix.lower() == ".parquet":
        writer.write_table(safe, row_group_size=GROUP)
    else:
        writer.write_table(safe)


def disarmed(table: Any) -> Any:
    """Put an apostrophe before texts that a spreadsheet would compute; drop control characters."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    for at, item in enumerate(table.schema):
        if _is_text(item.type):
            texts = table.column(at).cast(pa.string())
            clean = pc.replace_substring_regex(texts, r"\pC+", "")
            safe = pc.replace_substring_regex(clean, RISKY, r"'\1")
            table = table.set_column(at, item.name, safe)
    return table


def _is_text(kind: Any) -> bool:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(test(kind) for test in tests)


def write_rejects(
    parts: Parts,
    pieces: Iterable[int],
    path: Path,
    *,
    copies: Iterable[tuple[int, str]] = (),
    raw: bool = False,
) -> None:
    """Write every row of some pieces that is no account: its number, field, what to do, as CSV.

    *copies* are rows whose account stands in an earlier row already, by number and account; with
    *raw* the cells of each row are written, too, as the pieces have them.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    names = ["row", "account", "reason", "field", "message", *([RAW] if raw else [])]
    batches = (batch for number in pieces for batch in parts.read(number))
    rows = [line for b in batches for line in _rejected(b.select(["status", *names]))]
    said = "The account stands in an earlier row already. Keep the row that is right."
    blanks = [""] * raw
    rows += [(row, name, "id-twice", "account", said, *blanks) for row, name in copies]
    columns = list(zip(*sorted(rows, key=itemgetter(0)), strict=True)) or [()] * len(names)
    kinds = (pa.int64(), *[pa.string()] * (len(names) - 1))
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    table = pa.table(arrays, names=[name.removeprefix("replan:") for name in names])
    sink = pa.BufferOutputStream()
    with _writer(sink, table.schema, ".csv") as writer:
        writer.write_table(disarmed(table))
    write_durably(path, sink.getvalue())


def _rejected(batch: Any) -> Iterator[tuple[Any, ...]]:
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    found = batch.filter(pc.equal(batch.column("status"), "reject")).drop_columns(["status"])
    yield from zip(*found.to_pydict().values(), strict=True)
