"""Pieces into the one file that appears whole or not at all, and the list of rejects."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from replan.errors import UsageError

from .footers import join_parquet
from .formats import CSV, FORMATS, PARQUET, even, fill
from .local import Done
from .parts import TOLD_OF_REJECTS, Parts, can_hold, private, write_durably
from .previous import Previous
from .schema import RAW

Write = Callable[[IO[bytes]], None]


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
    with _staged(_writing(parts, done, parts.offers, output, previous), output):
        pass


@contextmanager
def with_schedules(parts: Parts, done: Done, output: Path | None) -> Iterator[None]:
    """Write all schedules into a file that appears after what is done inside, or not at all."""
    if output is None:
        yield
        return
    with _staged(_writing(parts, done, parts.schedules, output), output):
        yield


def _writing(
    parts: Parts, done: Done, end: str, output: Path, previous: Previous | None = None
) -> Write:
    """Say how the pieces' tables become a file: as they are, or laid out anew."""
    if not done.pieces:
        raise UsageError("The table has no rows. Check the export.")
    if end.endswith(PARQUET):
        return lambda file: join_parquet((parts.path(n, end) for n in range(done.pieces)), file)
    batches = (b for number in range(done.pieces) for b in parts.read(number, end))
    tables = even(batches if previous is None else _compared(batches, previous))
    return lambda file: _fill(file, tables, output)


def _fill(file: IO[bytes], tables: Iterator[Any], output: Path) -> None:
    first = next(tables)
    with can_hold(str(output)):
        fill(file, chain([first], tables), first.schema, output.suffix.lower())


def _compared(batches: Iterator[Any], previous: Previous) -> Iterator[Any]:
    for batch in batches:
        yield previous.compare(batch)
    previous.end()


@contextmanager
def _staged(write: Write, output: Path) -> Iterator[None]:
    """Write a file that takes its name after what is done inside, or is removed."""
    _sweep(output)
    interim = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        with private(interim) as file:
            write(file)
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

    names = [*TOLD_OF_REJECTS, *([RAW] if raw else [])]
    batches = (batch for number in pieces for batch in parts.rejects(number))
    rows = [
        line for b in batches for line in zip(*b.select(names).to_pydict().values(), strict=True)
    ]
    said = "The account stands in an earlier row already. Keep the row that is right."
    blanks = [""] * raw
    rows += [(row, name, "id-twice", "account", said, *blanks) for row, name in copies]
    columns = list(zip(*sorted(rows, key=itemgetter(0)), strict=True)) or [()] * len(names)
    kinds = (pa.int64(), *[pa.string()] * (len(names) - 1))
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    table = pa.table(arrays, names=[name.removeprefix("replan:") for name in names])
    sink = pa.BufferOutputStream()
    fill(sink, [table], table.schema, CSV)
    write_durably(path, sink.getvalue())
