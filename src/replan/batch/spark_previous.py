"""An earlier run's offers beside new ones on Spark: brought together by account, and compared.

This is what moves rows: the offers of both runs, once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from replan.errors import UsageError
from replan.model.text import quote

from .drift import Tally
from .manifest import manifest_for
from .offers import Job
from .portfolio import Request, drift_of
from .previous import NEEDED, Previous, manifest_said, numbered, refuse_worse, whole_accounts
from .spark import mapped, named, offers_of_staged
from .spark_files import Store
from .spark_table import said
from .staged import COUNTS
from .work import Counts, Work

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

NEW, PLACE = "replan:new", "replan:place"
"""Whether a row is of the new run; the place of an offer among those of its account."""
NUMBERED = "row"
"""What only one machine knows, and only its outputs have."""


@dataclass(slots=True)
class Compared:
    """What became of all accounts: changes, what got worse, and the earlier run's figures."""

    changes: Counter[str] = field(default_factory=Counter)
    worse: Counter[str] = field(default_factory=Counter)
    first: str = ""
    rows: int = 0
    offers: int = 0
    rejects: int = 0
    sums: Counter[str] = field(default_factory=Counter)

    @staticmethod
    def joined(texts: list[str]) -> Compared:
        """Add up what the partitions counted; `first` is the first by name."""
        whole = Compared()
        for told in map(json.loads, texts):
            for name in ("changes", "worse", "sums"):
                getattr(whole, name).update(told[name])
            whole.rows += told["rows"]
            whole.offers += told["offers"]
            whole.rejects += told["rejects"]
            whole.first = min(filter(None, (whole.first, told["first"])), default="")
        return whole

    @property
    def tally(self) -> Tally:
        """Give the earlier run's figures."""
        return Tally(self.rows, self.offers, self.rejects, dict(self.sums))


def earlier_offers(session: SparkSession, store: Store, path: str) -> DataFrame:
    """Open the offers of an earlier run, of either engine; UsageError where they are none."""
    if not store.exists(path):
        raise UsageError(f"{quote(path)} does not exist. Check --previous.")
    if path.lower().endswith((".csv", ".arrow")):
        raise UsageError(f"{quote(path)}: on Spark --previous takes an output in Parquet.")
    table = said(lambda: session.read.parquet(path), path)
    lacks = [name for name in (*NEEDED, "offer_id") if name not in (*table.columns, NUMBERED)]
    if lacks:
        raise UsageError(
            f"{quote(path)} has no column {lacks[0]}: it is no output of replan batch."
        )
    return table


def earlier_day(store: Store, path: str, day: date) -> date:
    """Give the as-of date of an earlier run; without its manifest it is taken to be the same."""
    try:
        return manifest_said(store.read(manifest_for(path)))[0]
    except (UsageError, ValueError, KeyError, TypeError):
        return day


def compared(
    made: DataFrame, before: DataFrame, days: tuple[date, date], reason: str, partitions: int
) -> DataFrame:
    """Give staged offers with what changed since *before*, and rows with what was counted.

    *days* are the as-of dates, the earlier one first. The offers of an account come into one
    partition, the earlier ones first.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra
    from pyspark.sql import types as t  # noqa: PLC0415 - as above

    offers = offers_of_staged(made)
    names = [name for name in (*NEEDED, "offer_id") if name != NUMBERED]
    old = before.select(*names).withColumn(NEW, f.lit(0))
    both = offers.withColumn(NEW, f.lit(1)).unionByName(old, allowMissingColumns=True)
    place = f.coalesce(f.regexp_extract("offer_id", "-([0-9]+)$", 1).try_cast("int"), f.lit(0))
    gathered = both.repartition(partitions, "account").withColumn(PLACE, place)
    ordered = gathered.sortWithinPartitions(named(NEW), "account", named(PLACE))
    added = [t.StructField(name, t.StringType()) for name in ("change", "worsening", COUNTS)]

    def each(batches: Iterator[Any]) -> Iterator[Any]:
        return compared_in(batches, days, reason)

    return mapped(ordered.drop(PLACE), each, t.StructType([*offers.schema, *added]))


def compared_in(batches: Iterator[Any], days: tuple[date, date], reason: str) -> Iterator[Any]:
    """Yield the new offers of one partition with what changed, then a row with what was counted."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    first = next(batches, None)
    if first is None:
        return
    old, new = _parted(chain([first], batches))
    before = Previous.of(numbered(old), (days[0], 0), days[1], reason)
    for batch in whole_accounts(numbered(new)):
        told = before.compare(batch).drop_columns([NUMBERED])
        yield told.append_column(COUNTS, pa.nulls(told.num_rows, pa.string()))
    before.count_missing()
    names = [name for name in first.schema.names if name != NEW]
    empty = [pa.nulls(1, first.schema.field(name).type) for name in names]
    columns = [
        *empty,
        pa.nulls(1, pa.string()),
        pa.nulls(1, pa.string()),
        pa.array([_told(before)]),
    ]
    yield pa.record_batch(columns, names=[*names, "change", "worsening", COUNTS])


def _parted(batches: Iterator[Any]) -> tuple[Iterator[Any], Iterator[Any]]:
    """Part rows that stand sorted, the earlier run's first; these are held."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    old: list[Any] = []
    for batch in batches:
        is_new = pc.equal(batch.column(NEW), 1)
        plain = batch.drop_columns([NEW])
        old.append(plain.filter(pc.invert(is_new)))
        if old[-1].num_rows < batch.num_rows:
            rest = (one.drop_columns([NEW]) for one in batches)
            return iter(old), chain([plain.filter(is_new)], rest)
    return iter(old), iter(())


def _told(before: Previous) -> str:
    tally = before.tally
    return json.dumps({
        "changes": before.changes, "worse": before.worse, "first": before.first,
        "rows": tally.rows, "offers": tally.offers, "rejects": tally.rejects,
        "sums": dict(tally.sums),
    })  # fmt: skip


def earlier_run(
    session: SparkSession, store: Store, path: str, job: Job
) -> tuple[DataFrame, tuple[date, date]] | None:
    """Open an earlier run before any work is done; give its offers and both as-of dates."""
    if not path:
        return None
    return earlier_offers(session, store, path), (earlier_day(store, path, job.as_of), job.as_of)


def judge_changes(
    table: DataFrame, request: Request, work: Work, counts: Counts, path: str
) -> dict[str, Any]:
    """Give what a manifest says of an earlier run.

    Raises DriftError where figures moved too far, WorseningError where open offers get worse
    without a reason.
    """
    rows = table.where(table[COUNTS].isNotNull()).select(named(COUNTS))
    found = Compared.joined([row[0] for row in said(rows.collect, path)])
    if not found.rows:
        raise UsageError(f"{quote(path)} has no rows. Check --previous.")
    drifted = drift_of(request, work.job, counts, found.tally)
    refuse_worse(found.worse, found.first, request.worsening)
    return {
        "changes": dict(sorted(found.changes.items())),
        "worsening": {"reason": request.worsening or None, **dict(sorted(found.worse.items()))},
        "drift": drifted,
    }
