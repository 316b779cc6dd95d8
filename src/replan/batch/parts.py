"""Pieces that are done, on disk: found again after a kill, and proved whole by their digests."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np

from replan.errors import UsageError
from replan.model.text import clean_text

from .formats import ARROW, PARQUET, even, fill
from .hashed import ACCOUNTS, BORROWERS, Index
from .schema import RAW
from .work import Counts, Piece

PRIVATE = 0o600
TOLD, REJECTS = ".json", ".rejects.arrow"
"""How the names of files end that hold what was counted in a piece, and its rows that are none."""
TOLD_OF_REJECTS = ("row", "account", "reason", "field", "message")


@dataclass(frozen=True, slots=True)
class Parts:
    """A folder of pieces beside the output: `000012.parquet` and what was counted in it.

    `offers` and `schedules` are how the names of a piece's tables end. A table that only has to be
    put behind others is written as in the output, any other as Arrow.
    """

    folder: Path
    offers: str = ARROW
    schedules: str = f".schedules{ARROW}"

    @staticmethod
    def beside(output: Path, schedules: Path | None = None, *, compared: bool = False) -> Parts:
        """Give the folder that belongs to an output; *compared*: its offers get more columns."""
        folder = output.with_name(f".{output.name}.parts")
        offers = PARQUET if output.suffix.lower() == PARQUET and not compared else ARROW
        joined = schedules is not None and schedules.suffix.lower() == PARQUET
        return Parts(folder, offers, f".schedules{PARQUET if joined else ARROW}")

    @property
    def joins(self) -> bool:
        """Tell whether tables of pieces stand in the output as they are."""
        return PARQUET in {self.offers, Path(self.schedules).suffix}

    def begin(self, digest: str, *, resume: bool) -> None:
        """Make the folder, or take up the one that a run of the same work has left."""
        told = self.folder / "run.json"
        if resume and told.exists():
            if json.loads(told.read_text("utf-8"))["digest"] != digest:
                raise UsageError(
                    "What is resumed was begun with other files, options or another version. "
                    "Leave out --resume to begin again."
                )
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for left in self.folder.iterdir():
            left.unlink()
        write_durably(told, json.dumps({"digest": digest}).encode())

    @property
    def is_empty(self) -> bool:
        """Tell whether no piece is done."""
        return not any(self.folder.glob(f"[0-9]*{TOLD}"))

    def end(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_done(self, number: int, stamp: str) -> bool:
        """Tell whether a piece of the same input is there and whole.

        Pieces are not forced to the disk one by one: if the power fails, some are not whole.
        """
        try:
            told = json.loads(self.path(number, TOLD).read_text("utf-8"))
            found = {end: _digest_of(self.path(number, end)) for end in told["files"]}
        except (OSError, ValueError):
            return False
        return bool(told["stamp"] == stamp and told["files"] == found)

    def put(self, number: int, stamp: str, piece: Piece) -> Counts:
        """Write a piece; what tells that it is done comes last."""
        import pyarrow as pa  # noqa: PLC0415 - an extra

        whole = pa.Table.from_batches([piece.offers])
        if piece.counts.statuses["reject"]:
            self._fill(number, REJECTS, iter([_rejects_in(whole)]))
        kept = [name for name in whole.schema.names if name != RAW]
        self._fill(number, self.offers, iter([whole.select(kept)]))
        for end, keys in ((ACCOUNTS, piece.accounts), (BORROWERS, piece.borrowers)):
            with private(self.path(number, end)) as file:
                file.write(keys.tobytes())
        ends = (self.offers, ACCOUNTS, BORROWERS, self.schedules, REJECTS)
        files = {end: self.path(number, end) for end in ends}
        digests = {end: _digest_of(path) for end, path in files.items() if path.exists()}
        told = {"stamp": stamp, "files": digests, **piece.counts.to_dict()}
        with private(self.path(number, TOLD)) as file:
            file.write(json.dumps(told).encode())
        return piece.counts

    def put_schedules(self, number: int, batches: Iterator[Any]) -> None:
        """Write the schedules of a piece, before `put`."""
        self._fill(number, self.schedules, even(batches))

    def _fill(self, number: int, end: str, tables: Iterator[Any]) -> None:
        first, output = next(tables), self.folder.name.removeprefix(".").removesuffix(".parts")
        with private(self.path(number, end)) as file, can_hold(output):
            fill(file, chain([first], tables), first.schema, Path(end).suffix or end)

    def read(self, number: int, end: str, columns: Sequence[str] | None = None) -> Iterator[Any]:
        """Yield the record batches of a piece's table."""
        import pyarrow as pa  # noqa: PLC0415 - an extra

        path = str(self.path(number, end))
        if end.endswith(PARQUET):
            import pyarrow.parquet as pq  # noqa: PLC0415 - as above

            yield from pq.ParquetFile(path).iter_batches(columns=columns, use_threads=False)
            return
        with pa.memory_map(path) as file:
            reader = pa.ipc.open_file(file)
            for at in range(reader.num_record_batches):
                batch = reader.get_batch(at)
                yield batch if columns is None else batch.select(columns)

    def rejects(self, number: int) -> Iterator[Any]:
        """Yield the rows of a piece that are no accounts, by what is told of them."""
        if self.path(number, REJECTS).exists():
            yield from self.read(number, REJECTS)

    def counts(self, number: int) -> Counts:
        """Give what was counted in a piece."""
        return Counts.from_dict(json.loads(self.path(number, TOLD).read_text("utf-8")))

    def keys(self, number: int, end: str) -> Index:
        """Give the hashes of a piece's `ACCOUNTS` or `BORROWERS`."""
        return np.frombuffer(self.path(number, end).read_bytes(), dtype=np.int64)

    def path(self, number: int, end: str) -> Path:
        """Name a file of a piece."""
        return self.folder / f"{number:06}{end}"


def _rejects_in(offers: Any) -> Any:
    """Give the rows that are no accounts, by what is told of them, with their cells if kept."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    told = [name for name in (*TOLD_OF_REJECTS, RAW) if name in offers.schema.names]
    return offers.filter(pc.equal(offers.column("status"), "reject")).select(told)


@contextmanager
def can_hold(output: str) -> Iterator[None]:
    """Say in one line why a format cannot hold a table: only what `--carry` copies may be odd."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        reason = clean_text(str(error).splitlines()[0])[:200]
        raise UsageError(f"{output} cannot hold a column that --carry copies: {reason}") from error


def write_durably(path: Path, data: Any) -> None:
    """Write a file that is whole if it has its name, also after the power fails."""
    with durable(path) as file:
        file.write(data)


@contextmanager
def durable(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to write, private; it has its name when all is written and on the disk."""
    interim = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with private(interim) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        interim.replace(path)
    except BaseException:
        interim.unlink(missing_ok=True)
        raise


def private(path: Path) -> IO[bytes]:
    """Open a file that nobody else may read, to write it anew."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb")


def stamp_of(data: Any) -> str:
    """Digest a piece of the input."""
    return blake2b(data, digest_size=16).hexdigest()


def _digest_of(path: Path) -> str:
    found = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()
