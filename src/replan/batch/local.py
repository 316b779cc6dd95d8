"""A portfolio on one machine: pieces over workers, in bounded memory, in the order of the input.

How rows are worked on together and the number of workers never show in the output.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, default_int_handler, signal
from threading import current_thread, main_thread
from typing import Any

import numpy as np

from replan.errors import UsageError

from .borrowers import whole_borrowers
from .footprint import be_lean, end_with, forget_start, is_alone, trim_memory
from .mapped import map_batch, without_skipped
from .offers import Job
from .once import check_once
from .parts import Parts, stamp_of
from .places import leave_claims
from .schedules import schedules_in
from .schema import PLACE
from .source import Source, read_batches
from .work import Counts, Work, do_piece

Progress = Callable[[int], None]
AHEAD = 2
"""Pieces that wait for another worker or are worked on there."""
SMALLEST, LARGEST = 1_024, 7_168
"""Rows of a piece: what is kept of an interrupted run is whole pieces."""
PLANS, TOLD = 800_000, 40_000
"""Candidates that are compared, and offers that are told, in a piece: about a second, 20 MB."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """How a portfolio is worked on: rows at a time, at most a piece, and how many processes."""

    rows: int = LARGEST
    workers: int = 1

    @staticmethod
    def usual() -> int:
        """Give the number of processes by default: two where there are two processors.

        Two keep within 300 MB at any size of the input; each further one takes 120 MB.
        """
        return min(_processors(), 2)


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells which of them this process may use
        return os.cpu_count() or 1


@dataclass(slots=True)
class Done:
    """What was done: how many pieces, what was counted, rows that were no debts by the mapping."""

    pieces: int = 0
    counts: Counts = field(default_factory=Counts)
    skipped: int = 0


def piece_rows(job: Job, parts: Parts, rows: int) -> int:
    """Give the rows of a piece: what the job allows, or fewer where *rows* are worked on together.

    Where tables of pieces are joined as they are, the output is cut where pieces end, so that the
    job alone decides.
    """
    told = job.top * len(job.objectives)
    most = min(max(min(PLANS // job.candidates, TOLD // told), SMALLEST), LARGEST)
    return most if parts.joins else min(rows, most)


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

    be_lean()
    done, given = Done(), (work, parts, pieces.rows)
    size = piece_rows(work.job, parts, pieces.rows)
    others = _others(pieces, source.rows, size)
    helping = helpers(others, _begin, (os.getpid(), given))
    with helping as pool, stopped_between() as check_stopped:
        waiting: deque[tuple[int, Future[int]]] = deque()
        for number, batch in tasks_of(source, work, size, done):
            check_stopped()
            done.pieces = number + 1
            data = packed(batch)
            task = (data, number, stamp_of(data))
            if parts.is_done(number, task[-1]):
                tell(number, batch.num_rows)
            elif len(waiting) < AHEAD * others:
                with unasked():
                    waiting.append((number, pool.submit(_work_there, *task)))
            else:
                tell(number, work_on(*task, given))
            while waiting and waiting[0][1].done():
                first, ended = waiting.popleft()
                tell(first, ended.result())
        for first, ended in waiting:
            tell(first, ended.result())
    trim_memory()
    for number in range(done.pieces):
        done.counts.add(parts.counts(number))
    check_once(parts, done.pieces, work.group)
    return done


Given = tuple[Work, Parts, int]
"""What every piece needs: the work, where pieces are written, how many rows go together."""
_GIVEN: list[Given] = []
"""The same in a process that works for another."""


def _others(pieces: Pieces, rows: int | None, size: int) -> int:
    """Say how many more processes are given pieces: none without one, where rows are counted."""
    wanted = pieces.workers - 1
    return wanted if rows is None else min(wanted, max(-(-rows // size) - 1, 0))


@contextmanager
def helpers(
    count: int, begin: Callable[..., None], given: tuple[Any, ...]
) -> Iterator[ProcessPoolExecutor]:
    """Give processes to work with.

    A fork holds what is imported already, but is safe only while there is one thread; it is made
    before the table is opened, so that it does not hold that. Elsewhere each process begins anew,
    when it is given its first piece.
    """
    forks = is_alone()
    context = get_context("fork" if forks else "spawn")
    pool = ProcessPoolExecutor(max(count, 1), mp_context=context, initializer=begin, initargs=given)
    try:
        with pool:
            if forks and count:
                with unasked():
                    pool.submit(int)
            forget_start()
            yield pool
    except BrokenProcessPool as error:
        raise UsageError(
            "The system has stopped a process of this run, perhaps for want of memory. "
            "Go on with --resume and fewer --workers."
        ) from error


@contextmanager
def stopped_between() -> Iterator[Callable[[], None]]:
    """Let Ctrl-C stop the run between two pieces, and at once if it is given again.

    Within a piece it could end in a library that tells of it as of a fault of its own.
    """
    asked: list[int] = []

    def note(number: int, _: object) -> None:
        asked.append(number)
        signal(SIGINT, default_int_handler)

    def check() -> None:
        if asked:
            raise KeyboardInterrupt

    if current_thread() is not main_thread():
        yield check
        return
    before = signal(SIGINT, note)
    try:
        yield check
    finally:
        signal(SIGINT, before)
    check()


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


def _begin(parent: int, given: Given) -> None:
    begin_there(parent)
    _GIVEN.append(given)


def begin_there(parent: int) -> None:
    """Prepare a process that works for another."""
    leave_claims()
    end_with(parent)
    be_lean()


def _work_there(data: Any, number: int, stamp: str) -> int:
    return work_on(data, number, stamp, _GIVEN[-1])


def work_on(data: Any, number: int, stamp: str, given: Given) -> int:
    """Do one piece and write it; give its number of rows."""
    work, parts, rows = given
    batch = unpacked(data)
    piece = do_piece(batch, work, rows)
    if work.schedules:
        mapped = map_batch(batch, work.header, as_of=work.job.as_of)
        parts.put_schedules(number, schedules_in(mapped, piece.offers, work.job))
    return parts.put(number, stamp, piece).rows


def packed(batch: Any) -> bytes:
    """Write a record batch for another process."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def unpacked(data: Any) -> Any:
    """Read a record batch that another process has written."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.ipc.open_stream(data).read_next_batch()


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
