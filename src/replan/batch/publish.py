"""Pieces into the one file that appears whole or not at all, and the record of how it was made."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from replan.errors import UsageError
from replan.model.text import clean_text, quote

from .local import Done
from .parts import PRIVATE, SCHEDULES, Parts, write_durably
from .work import hashes

GROUP = 65_536
"""Rows of the output that are compressed together, however the input was cut."""
FORMATS = (".csv", ".parquet", ".arrow")
RISKY = r"^([\s]*[=+\-@＝＋－＠])"
"""What a spreadsheet takes for a formula."""


def check_output(path: Path) -> None:
    """Refuse an output that could not be written, before any work is done."""
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path}: end the name in {', '.join(FORMATS)}.")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}. Make it, or name another.")
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file after -o.")


def publish(
    parts: Parts, done: Done, output: Path, *, previous: Previous | None = None
) -> Mapping[str, int]:
    """Write all offers into one file; give how many accounts changed since an earlier run."""
    changes: dict[str, int] = {}
    batches = (b for number in range(done.pieces) for b in parts.read(number))
    if previous is not None:
        batches = (_compared(batch, previous, changes) for batch in batches)
    _write(_even(batches), output)
    if previous is not None:
        changes["withdrawn"] = previous.left_over()
    return changes


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
    interim = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    handle = os.open(interim, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            with _writer(file, first.schema, output.suffix.lower()) as writer:
                for table in chain([first], tables):
                    _put(writer, table, output)
            file.flush()
            os.fsync(file.fileno())
        yield
        interim.replace(output)
    except BaseException:
        with suppress(FileNotFoundError):
            interim.unlink()
        raise


def _writer(file: Any, schema: Any, suffix: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if suffix == ".parquet":
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        return pq.ParquetWriter(file, schema, compression="zstd", write_statistics=True)
    if suffix == ".arrow":
        return pa.ipc.new_file(file, schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))
    from pyarrow import csv  # noqa: PLC0415 - as above

    return csv.CSVWriter(file, schema)


def _put(writer: Any, table: Any, output: Path) -> None:
    disarmed = _disarmed(table) if output.suffix.lower() == ".csv" else table
    if output.suffix.lower() == ".parquet":
        writer.write_table(disarmed, row_group_size=GROUP)
    else:
        writer.write_table(disarmed)


def _disarmed(table: Any) -> Any:
    """Put an apostrophe before texts that a spreadsheet would compute; drop control characters."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    for at, item in enumerate(table.schema):
        if pa.types.is_string(item.type):
            clean = pc.replace_substring_regex(table.column(at), r"\pC+", "")
            safe = pc.replace_substring_regex(clean, RISKY, r"'\1")
            table = table.set_column(at, item, safe)
    return table


def write_rejects(parts: Parts, done: Done, lost: Sequence[tuple[int, str]], path: Path) -> None:
    """Write every row that is no account, with its number, the field and what to do, as CSV."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    names = ("row", "account", "reason", "field", "message")
    found = [
        batch.filter(pc.equal(batch.column("status"), "reject")).select(names)
        for number in range(done.pieces)
        for batch in parts.read(number)
    ]
    rows = [line for batch in found for line in zip(*batch.to_pydict().values(), strict=True)]
    rows += [(number, "", "cell-too-many", "", message) for number, message in lost]
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    kinds = (pa.int64(), *[pa.string()] * 4)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    table = pa.table(arrays, names=list(names))
    sink = pa.BufferOutputStream()
    with _writer(sink, table.schema, ".csv") as writer:
        writer.write_table(_disarmed(table))
    write_durably(path, sink.getvalue())


@dataclass(slots=True)
class Previous:
    """The offers of an earlier run: a hash per account, and of what it was offered."""

    account: Any
    offered: Any
    seen: Any

    @staticmethod
    def read(path: Path) -> Previous:
        """Read an earlier output."""
        account, offered = [], []
        for batch in _batches_of(path):
            begins, digest = _digests(batch)
            account.append(hashes(batch.column("account"))[begins])
            offered.append(digest)
        names, what = np.concatenate(account), np.concatenate(offered)
        order = np.argsort(names, kind="stable")
        return Previous(names[order], what[order], np.zeros(order.size, dtype=np.bool_))

    def left_over(self) -> int:
        """Count the accounts with an offer of which the new run knows nothing."""
        return int((~self.seen & (self.offered != 0)).sum())

    def change_of(self, account: Any, offered: Any) -> Any:
        """Say for each account what became of its offers."""
        at = np.minimum(np.searchsorted(self.account, account), max(self.account.size - 1, 0))
        known = self.account[at] == account if self.account.size else np.zeros(account.size, bool)
        before = np.where(known, self.offered[at] if self.account.size else 0, 0)
        self.seen[at[known]] = True
        change = np.where(before == offered, "unchanged", "changed").astype(object)
        change[(before == 0) & (offered != 0)] = "new"
        change[(before != 0) & (offered == 0)] = "withdrawn"
        change[(before == 0) & (offered == 0)] = "none"
        return change


OFFERED = ("objective", "plan", "total_paid", "first_due", "npv_loss")


def _digests(batch: Any) -> tuple[Any, Any]:
    """Give where accounts begin, and for each what it is offered as one number; 0 is nothing."""
    row = batch.column("row").to_numpy()
    begins = np.flatnonzero(np.append(True, row[1:] != row[:-1])) if row.size else row
    texts = [
        " ".join(map(str, line))
        for line in zip(*(batch.column(n).to_pylist() for n in OFFERED), strict=True)
    ]
    import pyarrow as pa  # noqa: PLC0415 - an extra

    each = hashes(pa.array(texts))
    offer = np.array(batch.column("status").to_pylist(), dtype=object) == "offer"
    place = np.arange(row.size) - np.repeat(begins, np.diff(np.append(begins, row.size)))
    weighed = np.where(offer, each * (2 * place + 3), 0)
    return begins, np.add.reduceat(weighed, begins) if begins.size else weighed


def _compared(batch: Any, previous: Previous, changes: dict[str, int]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    begins, offered = _digests(batch)
    change = previous.change_of(hashes(batch.column("account"))[begins], offered)
    for name, count in zip(*np.unique(change.astype(str), return_counts=True), strict=True):
        changes[str(name)] = changes.get(str(name), 0) + int(count)
    sizes = np.diff(np.append(begins, batch.num_rows))
    return batch.append_column("change", pa.array(np.repeat(change, sizes), pa.string()))


def _batches_of(path: Path) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    if path.suffix.lower() == ".parquet":
        yield from pq.ParquetFile(path).iter_batches(use_threads=False)
    elif path.suffix.lower() == ".arrow":
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
        yield from (reader.get_batch(i) for i in range(reader.num_record_batches))
    else:
        raise UsageError(f"{quote(str(path))}: --previous takes a .parquet or .arrow output.")


def digest_of(path: Path) -> str:
    """Digest a file as a whole."""
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def write_manifest(path: Path, facts: Mapping[str, Any]) -> None:
    """Write the record of a run."""
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_durably(path, text.encode())


def verify(path: Path) -> list[str]:
    """Compare the files that a manifest names with their digests; list what does not hold."""
    try:
        told = json.loads(path.read_text("utf-8"))
        files = [told["output"], *told["inputs"], *filter(None, [told.get("schedules")])]
        named = [(Path(entry["path"]), entry["sha256"]) for entry in files]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{quote(str(path))} is no manifest of a batch.") from error
    faults = []
    for file, digest in named:
        place = file if file.is_absolute() else path.parent / file
        shown = clean_text(str(file))
        if not place.exists():
            faults.append(f"{shown} is missing.")
        elif digest_of(place) != digest:
            faults.append(f"{shown} is not the file that was written down.")
    return faults
