"""What Spark has made into folders that take their names together, and the list of rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from replan.errors import UsageError
from replan.model.text import quote

from .formats import disarmed
from .schema import RAW
from .spark import named
from .spark_files import Store, beside
from .spark_table import said
from .work import SUMMED

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FIRST = "(offer_id IS NULL OR offer_id LIKE '%-1')"
"""An account's first offer, or the one row of an account that has none."""
NAMES = ("account", "reason", "field", "message")
UNLIKE = (
    "What was written is not what was counted when it was made. Nothing was published. "
    "Was the table written meanwhile? Run it again."
)
TWICE = "The account stands in another row, too. Keep the row that is right."
MANY = 10_000
"""Rejects that are held at a time."""

Paths = Mapping[str, str]


def publish(
    store: Store,
    tables: Mapping[str, DataFrame],
    seal: Callable[[Mapping[str, Any]], None],
    *,
    check: Callable[[Paths], None],
) -> None:
    """Write tables into folders that all take their names, or none of them does.

    Where a file system cannot give a folder its name in one step, as an object store, Spark's own
    committer writes in place. *check* is told where the tables were written and raises what
    forbids them; *seal* gets the facts of all folders by name when they stand, and ends the work.
    """
    begun: list[str] = []
    try:
        interim = {path: _interim(store, path) for path in tables}
        for path, table in tables.items():
            _check_free(store, interim[path])
            begun.append(interim[path])
            said(lambda t=table, at=interim[path]: t.write.parquet(at), path)  # type: ignore[misc]
        check(interim)
        facts = {path: store.facts(at) for path, at in interim.items()}
        for path, at in reversed(interim.items()):  # the offers come last
            if path != at:
                store.make_private(at)
                store.move(at, path)
                begun.append(path)
        seal({path: found | {"path": store.name(path)} for path, found in facts.items()})
    except BaseException:
        for path in begun:
            store.remove(path)
        raise


def _check_free(store: Store, path: str) -> None:
    """Leave alone what another run has begun since this one looked."""
    if store.exists(path):
        raise UsageError(f"{quote(path)} is there already. Name another folder.")


def _interim(store: Store, path: str) -> str:
    """Give where a folder is written: beside its place if it can be moved in one step.

    Its name is this run's own, so that of two runs into one place the second finds it taken.
    """
    return beside(path, f"{store.run}.parts") if store.is_whole_on_move(path) else path


def check_written(table: DataFrame, facts: Mapping[str, Any]) -> None:
    """Compare offers as they were written with what was counted when they were made.

    Rows by status, and sums over the first offers; only these sums are moved. Raises UsageError.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    first = f.expr(FIRST)
    sums = [f.sum(f.when(first, f.col(name))).alias(name) for name in SUMMED]
    counted = [f.count("*").alias("rows"), f.count(f.when(first, 1)).alias("accounts"), *sums]
    told = table.groupBy("status").agg(*counted)
    rows = {row["status"]: row for row in told.collect()}
    accounts = {status: row["accounts"] for status, row in rows.items()}
    offered = rows.get("offer")
    offers = offered["rows"] if offered else 0
    written = {name: (offered and offered[name]) or Decimal(0) for name in SUMMED}
    recorded = facts["controls"]["outputs"]["first_offers"]
    same = all(written[name] == Decimal(recorded[name]) for name in SUMMED)
    if accounts != facts["accounts"] or offers != facts["offers"] or not same:
        raise UsageError(UNLIKE)


def check_rows(table: DataFrame, facts: Mapping[str, Any]) -> None:
    """Compare schedules as they were written with the offers: each has one row for the first day.

    That the payments of each add up to its total was checked when they were made.
    """
    if table.where("n = 0").count() != facts["offers"]:
        raise UsageError(UNLIKE)


def write_rejects(
    store: Store, made: DataFrame, path: str, copies: Sequence[str] = (), *, raw: bool
) -> None:
    """Write every row that is no account, sorted, as CSV: its field, what to do, with *raw* cells.

    Only rejects are sorted, and few are held at a time. *copies* are accounts that stand twice.
    """
    names = [*NAMES, *([RAW] if raw else [])]
    rows = made.where("status = 'reject'").select(*map(named, names)).orderBy(*NAMES)
    told = said(rows.toLocalIterator, path)
    twice = ((name, "id-twice", "account", TWICE, None)[: len(names)] for name in copies)
    with store.writing(path) as put:
        header = [name.removeprefix("replan:") for name in names]
        for data in _as_csv(chain(told, twice), header):
            put(data)


def _as_csv(rows: Iterator[Any], names: list[str]) -> Iterator[bytes]:
    """Yield a table of texts as CSV, its header first."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import csv  # noqa: PLC0415 - as above

    header = True
    while (some := list(islice(rows, MANY))) or header:
        columns = list(zip(*some, strict=True)) or [()] * len(names)
        texts = [pa.array(["" if v is None else v for v in c], pa.string()) for c in columns]
        sink = pa.BufferOutputStream()
        table = disarmed(pa.table(texts, names=names))
        csv.write_csv(table, sink, csv.WriteOptions(include_header=header))
        header = False
        yield sink.getvalue().to_pybytes()
