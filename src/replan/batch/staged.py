"""What a worker of a cluster yields for its part of a table: offers, and what was counted there.

It needs no Spark itself. All of it travels as rows of one table, because whatever repeats a
failed part then repeats, or drops, what was counted with what was made.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import numpy as np

from replan.decide.opening import exponent_of
from replan.model.text import clean_text

from .local import whole_borrowers
from .manifest import program
from .mapped import map_batch, without_skipped
from .schedules import schedules_in
from .schema import FLAGS, is_month, offer_schema
from .work import Counts, Work, do_piece, raw_of

KEY, COUNTS, RAW, INPUT = "_replan_key", "_replan_counts", "_replan_raw", "_replan_input"
"""Beside the columns of offers: the hash of an account, at its first row; what a partition counted,
in a row of its own; the cells of a reject; what of an account's row its schedules are made from."""
BAD = "_replan_bad"
"""The column in which a reader of CSV puts the text of a line that does not fit the header."""
LOST = "cell-too-many"


@dataclass(slots=True)
class Tally:
    """What was counted in one partition, or in all: rows read, and what became of them.

    `lost` could not be split into cells, `skipped` are no debts by the mapping; `programs` worked.
    """

    read: int = 0
    lost: int = 0
    skipped: int = 0
    counts: Counts = field(default_factory=Counts)
    programs: tuple[Mapping[str, Any], ...] = ()

    @property
    def told(self) -> int:
        """Count the rows of which it is known what became of them."""
        return self.lost + self.skipped + sum(self.counts.statuses.values())

    @property
    def rejected(self) -> int:
        """Count the rows that are no accounts."""
        return self.lost + self.counts.statuses["reject"]

    def to_json(self) -> str:
        """Write what one partition counted, with the program that did."""
        facts = {"read": self.read, "lost": self.lost, "skipped": self.skipped}
        return json.dumps({**facts, "counts": self.counts.to_dict(), "program": program()})

    @staticmethod
    def joined(texts: Sequence[str]) -> Tally:
        """Add up what all partitions counted."""
        whole, programs = Tally(), dict[str, Mapping[str, Any]]()
        for told in map(json.loads, texts):
            whole.read += told["read"]
            whole.lost += told["lost"]
            whole.skipped += told["skipped"]
            whole.counts.add(Counts.from_dict(told["counts"]))
            programs[json.dumps(told["program"], sort_keys=True)] = told["program"]
        whole.programs = tuple(programs[key] for key in sorted(programs))
        return whole


def staged_in(batches: Iterator[Any], work: Work, *, raw: bool = False) -> Iterator[Any]:
    """Yield offers with what stands beside them, then one row with what was counted.

    With *raw* the cells of every reject are kept. With `work.schedules` what `schedules_of_staged`
    needs is kept. A partition without rows yields nothing.
    """
    tally = Tally()
    first = next(batches, None)
    if first is None:
        return
    schema = staged_schema(first, work)
    lost: list[Any] = []
    debts = _debts(_chained(first, batches), work, tally, lost, schema)
    for batch in whole_borrowers(debts, work.group):
        yield _piece(batch, work, tally, schema, raw=raw)
        yield from lost
        lost.clear()
    yield from lost
    yield _filled(schema, 1, {COUNTS: [tally.to_json()]})


def staged_schema(batch: Any, work: Work) -> Any:
    """Give the columns of what is yielded for batches of these columns."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    schema = offer_schema(exponent_of(str(work.job.defaults["currency"])))
    for name in work.job.carry:
        schema = schema.append(pa.field(name, batch.schema.field(name).type))
    kinds = {KEY: pa.int64(), COUNTS: pa.string(), RAW: pa.string()}
    if work.schedules:
        read = [batch.schema.field(name) for name in columns_read(batch.schema.names, work)]
        kinds[INPUT] = pa.struct(read)
    for name, kind in kinds.items():
        schema = schema.append(pa.field(name, kind))
    return schema


def columns_read(names: Sequence[str], work: Work) -> list[str]:
    """List the columns of a table from which accounts are made."""
    header = work.header
    read = {header.account, *(name for name, _ in header.columns.values())}
    return [name for name in names if name in read or name == FLAGS or is_month(name)]


def schedules_of_staged(batches: Iterator[Any], work: Work) -> Iterator[Any]:
    """Yield every row of every offer, from offers and their accounts as they were staged."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    # an account's offers may fall into two batches, and its row stands beside the first
    for batch in whole_borrowers(batches, "account"):
        kept = batch.column(INPUT)
        if kept.null_count < len(kept):
            rows = pa.RecordBatch.from_struct_array(kept.drop_null())
            mapped = map_batch(rows, work.header, as_of=work.job.as_of)
            yield from schedules_in(mapped, batch.drop_columns([INPUT]), work.job)


def _chained(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _debts(
    batches: Iterator[Any], work: Work, tally: Tally, lost: list[Any], schema: Any
) -> Iterator[Any]:
    """Yield the rows that are debts; count the others, and put those without cells into *lost*."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    for batch in batches:
        tally.read += batch.num_rows
        whole = batch
        if BAD in batch.schema.names:
            bad = pc.is_valid(batch.column(BAD))
            lines = batch.filter(bad).column(BAD).to_pylist()
            whole = batch.filter(pc.invert(bad)).drop_columns([BAD])
            tally.lost += len(lines)
            if lines:
                lost.append(_lost(schema, lines, whole.num_columns))
        left = without_skipped(whole, work.header.mapping)
        tally.skipped += whole.num_rows - left.num_rows
        if left.num_rows:
            yield left


def _lost(schema: Any, lines: Sequence[str], columns: int) -> Any:
    """Tell of lines that could not be split into cells, as of rejects."""
    message = "The row has {} cells, the header {}."
    sizes = [len(next(csv.reader(StringIO(line)), ())) for line in lines]
    told = [message.format(size, columns) for size in sizes]
    values = {"reason": [LOST] * len(lines), "message": told}
    return _filled(schema, len(lines), values | {RAW: [clean_text(line) for line in lines]})


def _piece(batch: Any, work: Work, tally: Tally, schema: Any, *, raw: bool) -> Any:
    """Give the offers of one record batch, with what stands beside them."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    out, counts, keys, _ = do_piece(batch, work)
    tally.counts.add(counts)
    place = out.column("row").to_numpy() - 1
    first = np.append(True, place[1:] != place[:-1])
    beside: dict[str, Any] = {KEY: pa.array(keys[place], mask=~first)}
    if raw:
        beside[RAW] = raw_of(batch, place, out.column("status").to_pylist())
    if work.schedules:
        offer = np.array([what == "offer" for what in out.column("status").to_pylist()])
        beside[INPUT] = _input(batch, place, first & offer, schema.field(INPUT).type)
    columns = {name: out.column(name) for name in out.schema.names}
    return _filled(schema, out.num_rows, columns | beside)


def _input(batch: Any, place: Any, kept: Any, kind: Any) -> Any:
    """Keep what an account is read from, at the first of its offers."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    taken = pa.array(place, mask=~kept)
    columns = [batch.column(item.name).take(taken) for item in kind]
    return pa.StructArray.from_arrays(columns, fields=list(kind), mask=pa.array(~kept))


def _filled(schema: Any, rows: int, columns: Mapping[str, Any]) -> Any:
    """Lay out rows of which only some columns say anything."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    arrays = []
    for item in schema:
        found = columns.get(item.name)
        if isinstance(found, list):
            found = pa.array(found, item.type)
        arrays.append(pa.nulls(rows, item.type) if found is None else found)
    return pa.record_batch(arrays, schema=schema)
