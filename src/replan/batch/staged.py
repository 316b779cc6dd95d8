"""What a worker of a cluster yields for its part of a table: offers, and what was counted there.

It needs no Spark itself. All of it travels as rows of one table, because whatever repeats a
failed part then repeats, or drops, what was counted with what was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np

from replan.decide.opening import exponent_of

from .borrowers import whole_borrowers
from .hashed import NAMELESS
from .lines import Shape, unlike_header
from .manifest import program
from .mapped import map_batch, without_skipped
from .schedules import schedules_in
from .schema import FAULT, FLAGS, RAW, is_month, offer_schema
from .work import Counts, Work, do_rows

KEY, COUNTS, INPUT = "replan:key", "replan:counts", "replan:input"
"""Beside the columns of offers: the hash of an account, at its first row; what a partition counted,
in a row of its own; what of an account's row its schedules are made from."""
BAD = "replan:bad"
"""The column in which a reader of CSV puts what separates its cells, `SIGN`, and a line that does
not fit the header."""
SIGN = "\x1f"


@dataclass(slots=True)
class Tally:
    """What was counted in one partition, or in all: rows read, and what became of them.

    `skipped` are no debts by the mapping; `programs` did the work.
    """

    read: int = 0
    skipped: int = 0
    counts: Counts = field(default_factory=Counts)
    programs: tuple[Mapping[str, Any], ...] = ()

    @property
    def told(self) -> int:
        """Count the rows of which it is known what became of them."""
        return self.skipped + sum(self.counts.statuses.values())

    def to_json(self) -> str:
        """Write what one partition counted, with the program that did."""
        facts = {"read": self.read, "skipped": self.skipped}
        return json.dumps({**facts, "counts": self.counts.to_dict(), "program": program()})

    @staticmethod
    def joined(texts: Sequence[str]) -> Tally:
        """Add up what all partitions counted."""
        whole, programs = Tally(), dict[str, Mapping[str, Any]]()
        for told in map(json.loads, texts):
            whole.read += told["read"]
            whole.skipped += told["skipped"]
            whole.counts.add(Counts.from_dict(told["counts"]))
            programs[json.dumps(told["program"], sort_keys=True)] = told["program"]
        whole.programs = tuple(programs[key] for key in sorted(programs))
        return whole


def staged_in(batches: Iterator[Any], work: Work) -> Iterator[Any]:
    """Yield offers with what stands beside them, then one row with what was counted.

    With `work.raw` the cells of every reject are kept, with `work.schedules` what
    `schedules_of_staged` needs. A partition without rows yields nothing.
    """
    tally = Tally()
    first = next(batches, None)
    if first is None:
        return
    schema = staged_schema(first, work)
    debts = _debts(chain([first], batches), work, tally)
    for batch in whole_borrowers(debts, work.group):
        yield _piece(batch, work, tally, schema)
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


def _debts(batches: Iterator[Any], work: Work, tally: Tally) -> Iterator[Any]:
    """Yield the rows that are debts, and count the others."""
    for batch in batches:
        tally.read += batch.num_rows
        left = without_skipped(_with_faults(batch), work.header.mapping)
        tally.skipped += batch.num_rows - left.num_rows
        if left.num_rows:
            yield left


def _with_faults(batch: Any) -> Any:
    """Say of lines that do not fit the header what is wrong, as where this machine reads them.

    A cell that is empty is an empty text; one that is not there stays nothing.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    if BAD not in batch.schema.names:
        return batch
    lines = batch.column(BAD)
    names = [name for name in batch.schema.names if name != BAD]
    fine = lines.is_null()
    columns = {n: pc.if_else(fine, batch.column(n).fill_null(""), batch.column(n)) for n in names}
    faults = [None if line is None else _fault(line, len(names)) for line in lines.to_pylist()]
    return pa.record_batch(columns | {FAULT: pa.array(faults, pa.string())})


def _fault(line: str, columns: int) -> str:
    sign, _, text = line.partition(SIGN)
    cells = Shape("", "utf-8", sign, (), 0).cells_of(text)
    return unlike_header(len(cells), columns, text)


def _piece(batch: Any, work: Work, tally: Tally, schema: Any) -> Any:
    """Give the offers of one record batch, with what stands beside them."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    piece = do_rows(batch, work)
    out, keys = piece.offers, piece.accounts
    tally.counts.add(piece.counts)
    place = out.column("row").to_numpy() - 1
    first = np.append(True, place[1:] != place[:-1])
    named = first & (keys[place] != NAMELESS)
    beside: dict[str, Any] = {KEY: pa.array(keys[place], mask=~named)}
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
