"""A portfolio on one machine: pieces over workers, in bounded memory, in the order of the input.

The pieces and the number of workers never show in the output.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from signal import SIG_IGN, SIGINT, signal
from threading import Thread, current_thread, main_thread
from typing import Any

import numpy as np

from replan.errors import UsageError

from .mapped import map_batch, without_skipped
from .parts import Parts, stamp_of
from .schedules import schedules_in
from .schema import PLACE
from .source import Source, read_batches
from .stops import CopiesError
from .work import Counts, Index, Work, do_piece, hashes_of, repeated

Progress = Callable[[int], None]
TRIMMED = 8
"""After so many pieces memory that they have left in between is given back."""
ARENA_MAX = -8
"""The number of glibc's option M_ARENA_MAX: what one thread has freed serves the others, too."""
AHEAD = 2
"""Pieces that wait for another worker or are worked on there."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """How a portfolio is cut and worked on."""

    rows: int = 4_096
    workers: int = 1


@dataclass(slots=True)
class Done:
    """What was done: how many pieces, what was counted, rows that were no debts by the mapping."""

    pieces: int = 0
    counts: Counts = field(default_factory=Counts)
    skipped: int = 0


def run(  # noqa: PLR0913  # what is done, how, and who is told of it
    source: Source,
    work: Work,
    parts: Parts,
    pieces: Pieces,
    progress: Progress,
    *,
    watch: Progress = lambda _: None,
) -> Done:
    """Do every piece that is not done yet; raises UsageError for accounts that stand twice.

    The caller's process works, too. At most two pieces a worker are under way, whatever the size of
    the input. *watch* is told the number of each piece that is done, and stops the run by what it
    raises.
    """

    def tell(number: int, rows: int) -> None:
        progress(rows)
        watch(number)
        if number % TRIMMED == 0:
            trim_memory()

    give_back_memory()
    done = Done()
    tasks = tasks_of(source, work, pieces.rows, done)
    others = pieces.workers - 1
    # no process is started before it is given a piece
    with ProcessPoolExecutor(
        max(others, 1), mp_context=get_context("spawn"), initializer=_begin
    ) as pool:
        waiting: deque[tuple[int, Future[int]]] = deque()
        for number, batch in tasks:
            done.pieces = number + 1
            data = _packed(batch)
            stamp = stamp_of(data)
            given = (data, number, work, (parts, stamp))
            if parts.is_done(number, stamp):
                tell(number, batch.num_rows)
            elif len(waiting) < AHEAD * others:
                with unasked():
                    waiting.append((number, pool.submit(work_on, *given)))
            else:
                tell(number, work_on(*given))
            while waiting and waiting[0][1].done():
                first, ended = waiting.popleft()
                tell(first, ended.result())
        for first, ended in waiting:
            tell(first, ended.result())
    trim_memory()
    for number in range(done.pieces):
        done.counts.add(parts.counts(number))
    _check_once(parts, done, work)
    return done


@contextmanager
def unasked() -> Iterator[None]:
    """Start other processes so that Ctrl-C is not for them: this one stops them, without words."""
    if current_thread() is not main_thread():
        yield
        return
    asked = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, asked)


def _begin() -> None:
    """Prepare a process that is given pieces; it ends when the one that gives them does.

    A process that is killed cannot tell the others, which would wait for their next piece for ever.
    """
    give_back_memory()
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=follow, daemon=True).start()


def give_back_memory() -> None:
    """Let Arrow take memory from the system's allocator, which returns what is freed."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    pa.set_memory_pool(pa.system_memory_pool())
    if hasattr(libc := _allocator(), "mallopt"):
        libc.mallopt(ARENA_MAX, 1)


def trim_memory() -> None:
    """Return to the system what the work on pieces has left, where its allocator can."""
    if hasattr(libc := _allocator(), "malloc_trim"):
        libc.malloc_trim(0)


def _allocator() -> Any:
    """Give the library with the system's allocator, where it is that of the program."""
    from ctypes import CDLL  # noqa: PLC0415 - only here

    return None if sys.platform == "win32" else CDLL(None)


def work_on(data: Any, number: int, work: Work, to: tuple[Parts, str]) -> int:
    """Do one piece and write it; give its number of rows."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    parts, stamp = to
    batch = pa.ipc.open_stream(data).read_next_batch()
    found = do_piece(batch, work)
    if work.schedules:
        mapped = map_batch(batch, work.header, as_of=work.job.as_of)
        parts.put_schedules(number, schedules_in(mapped, found[0], work.job))
    return parts.put(number, stamp, found).rows


def _packed(batch: Any) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def tasks_of(source: Source, work: Work, rows: int, done: Done) -> Iterator[tuple[int, Any]]:
    """Yield each piece with its number; the column `PLACE` has the rows' numbers in the input."""
    batches = whole_borrowers(_debts(read_batches(source, rows), work, done), work.group)
    yield from enumerate(batches)


def _debts(batches: Iterator[Any], work: Work, done: Done) -> Iterator[Any]:
    """Give each row its number, and leave out rows that the mapping says are no debts."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    first = 1
    for batch in batches:
        numbers = np.arange(first, first + batch.num_rows)
        numbered = batch.append_column(PLACE, pa.array(numbers))
        left = without_skipped(numbered, work.header.mapping)
        first += batch.num_rows
        done.skipped += batch.num_rows - left.num_rows
        if left.num_rows:
            yield left


def whole_borrowers(batches: Iterator[Any], name: str) -> Iterator[Any]:
    """Move cuts so that no borrower's rows are parted."""
    if not name:
        yield from batches
        return
    held: Any = None
    for batch in batches:
        whole = batch if held is None else _joined(held, batch)
        cut = _last_run(whole.column(name).to_pylist())
        if cut:
            yield whole.slice(0, cut)
        held = whole.slice(cut)
    if held is not None:
        yield held


def _joined(first: Any, second: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.Table.from_batches([first, second]).combine_chunks().to_batches()[0]


def _last_run(values: list[Any]) -> int:
    """Give the place where the last borrower's rows begin."""
    at = len(values) - 1
    while at > 0 and values[at - 1] == values[at] and values[at]:
        at -= 1
    return at


def _rows_at(parts: Parts, pieces: int, places: Index) -> list[tuple[int, str]]:
    """Give number and account of the rows at some places among all rows."""
    found: list[tuple[int, str]] = []
    begin = 0
    for number in range(pieces):
        size = parts.keys(number)[0].size
        mine = places[(places >= begin) & (places < begin + size)] - begin
        if mine.size:
            told = (b.select(["row", "account"]).to_pydict() for b in parts.read(number))
            rows = dict(pair for t in told for pair in zip(t["row"], t["account"], strict=True))
            ordered = list(rows.items())
            found += [ordered[at] for at in mine.tolist()]
        begin += size
    return found


def _check_once(parts: Parts, done: Done, work: Work) -> None:
    """Refuse an account that stands twice, and a borrower who comes back after another."""
    twice = _repeated(parts, done.pieces, 0)
    if twice.size:
        raise CopiesError(_rows_at(parts, done.pieces, twice))
    again = _repeated(parts, done.pieces, 1) if work.group else twice
    if again.size:
        raise UsageError(
            f"Rows of {again.size} borrowers are apart from each other. "
            f"Sort the table by {work.group}, so that each budget is shared once."
        )


NAMELESS = hashes_of([""])[0]
"""The hash of rows that name no account: they are rejects, not copies of each other."""
TOGETHER = 250_000
"""Hashes that are compared at a time: what they come to in memory does not grow with the input."""


def _repeated(parts: Parts, pieces: int, which: int) -> Index:
    """Give the places of what stood at an earlier place, among all accounts or all borrowers.

    Hashes are compared range by range, so that those of few are held at a time.
    """
    sizes = [parts.keys(number)[which].size for number in range(pieces)]
    begins, ranges = np.cumsum([0, *sizes]), max(-(-sum(sizes) // TOGETHER), 1)
    found = [np.zeros(0, dtype=np.int64)]
    for one in range(ranges):
        held, places = [found[0]], [found[0]]
        for number in range(pieces):
            keys = parts.keys(number)[which]
            mine = keys.view(np.uint64) % np.uint64(ranges) == one
            here = np.flatnonzero(mine & (keys != NAMELESS))
            held.append(keys[here])
            places.append(here + begins[number])
        found.append(np.concatenate(places)[repeated(held)])
    return np.sort(np.concatenate(found))
