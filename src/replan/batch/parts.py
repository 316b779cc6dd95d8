"""Pieces that are done, on disk: written whole, forced to the disk, found again after a kill."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np

from replan.errors import UsageError

from .work import Counts, Index

PRIVATE = 0o600
SCHEDULES = "schedules.arrow"
"""How the names of files end that hold a piece's schedules."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A folder of pieces beside the output: `000012.arrow` and what was counted in it."""

    folder: Path

    @staticmethod
    def beside(output: Path) -> Parts:
        """Give the folder that belongs to an output."""
        return Parts(output.with_name(f".{output.name}.parts"))

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
        return not any(self.folder.glob("*.keys"))

    def end(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_done(self, number: int, stamp: str) -> bool:
        """Tell whether a piece of the same input is there and whole."""
        told = self._told(number)
        return told.exists() and json.loads(told.read_text("utf-8"))["stamp"] == stamp

    def put(self, number: int, stamp: str, found: tuple[Any, Counts, Index, Index]) -> Counts:
        """Write a piece; what tells that it is done comes last."""
        import pyarrow as pa  # noqa: PLC0415 - an extra

        out, counts, accounts, borrowers = found
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(
            sink, out.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")
        ) as w:
            w.write_batch(out)
        write_durably(self.folder / f"{number:06}.arrow", sink.getvalue())
        write_durably(
            self.folder / f"{number:06}.keys", np.concatenate([accounts, borrowers]).tobytes()
        )
        told = {"stamp": stamp, "accounts": int(accounts.size), **counts.to_dict()}
        write_durably(self._told(number), json.dumps(told).encode())
        return counts

    def put_schedules(self, number: int, batches: Iterator[Any]) -> None:
        """Write the schedules of a piece, one record batch after the other, before `put`."""
        import pyarrow as pa  # noqa: PLC0415 - an extra

        options, first = pa.ipc.IpcWriteOptions(compression="lz4"), next(batches)
        with (
            durable(self.folder / f"{number:06}.{SCHEDULES}") as file,
            pa.ipc.new_file(file, first.schema, options=options) as writer,
        ):
            for batch in chain([first], batches):
                writer.write_batch(batch)

    def read(self, number: int, kind: str = "arrow") -> Iterator[Any]:
        """Yield the record batches of a piece: its offers, or its `SCHEDULES`."""
        import pyarrow as pa  # noqa: PLC0415 - an extra

        with pa.memory_map(str(self.folder / f"{number:06}.{kind}")) as file:
            reader = pa.ipc.open_file(file)
            for at in range(reader.num_record_batches):
                yield reader.get_batch(at)

    def counts(self, number: int) -> Counts:
        """Give what was counted in a piece."""
        return Counts.from_dict(json.loads(self._told(number).read_text("utf-8")))

    def keys(self, number: int) -> tuple[Index, Index]:
        """Give the hashes of a piece's accounts and borrowers."""
        whole = np.frombuffer((self.folder / f"{number:06}.keys").read_bytes(), dtype=np.int64)
        size = int(json.loads(self._told(number).read_text("utf-8"))["accounts"])
        return whole[:size], whole[size:]

    def _told(self, number: int) -> Path:
        return self.folder / f"{number:06}.json"


def write_durably(path: Path, data: Any) -> None:
    """Write a file that is whole if it has its name, also after the power fails."""
    with durable(path) as file:
        file.write(data)


@contextmanager
def durable(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to write, private; it has its name when all is written and on the disk."""
    interim = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    handle = os.open(interim, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        interim.replace(path)
    except BaseException:
        interim.unlink(missing_ok=True)
        raise


def stamp_of(data: Any) -> str:
    """Digest a piece of the input."""
    return blake2b(data, digest_size=16).hexdigest()
