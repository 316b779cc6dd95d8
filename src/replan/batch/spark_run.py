"""A portfolio on Apache Spark from path to path: offer once, judge, publish, write it down.

A path is whatever Spark reads: a folder of Parquet, a CSV file, hdfs://…, s3a://….
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from replan.errors import UsageError
from replan.io.mapping import read_mapping
from replan.model.text import quote

from .manifest import manifest_for, manifest_text, program
from .portfolio import Request, check_asked, facts_of, settle
from .spark import (
    named,
    offers_of_staged,
    refuse_twice,
    schedules_of,
    shuffled_into,
    staged,
    work_of,
)
from .spark_files import Store
from .spark_previous import compared, earlier_run, judge_changes
from .spark_publish import check_rows, check_written, publish, write_rejects
from .spark_table import is_csv, opened, read_table, said
from .staged import BAD, COUNTS, KEY, Tally
from .stops import check_rejects, parse_allowed
from .work import Work

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS_AT_A_TIME = "spark.sql.execution.arrow.maxRecordsPerBatch"
MOST_TWICE = 1_000
"""So many accounts that stand twice are named at most."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a run writes offers, schedules and rejects, and where an earlier run's offers are."""

    output: str
    schedules: str = ""
    rejects: str = ""
    previous: str = ""

    @property
    def manifest(self) -> str:
        """Name the manifest that belongs to the offers."""
        return manifest_for(self.output)


def run_on_spark(
    request: Request,
    places: Places,
    *,
    partitions: int | None = None,
    session: SparkSession | None = None,
) -> dict[str, Any]:
    """Give every account of a table its offers, as a folder of Parquet files that appears whole.

    Returns the facts of the manifest, which is written last. Offers are made once, kept on the
    workers' disks, judged, and then written. Raises UsageError for what cannot be done, also where
    an output is there already, and what stands in `stops`: then nothing is published.
    """
    refuse_local(request)
    check_asked(request)
    with opened(session) as found:
        return _worked(found, request, places, partitions)


def _worked(
    session: SparkSession, request: Request, places: Places, partitions: int | None
) -> dict[str, Any]:
    """Make all offers, judge the whole, and publish it with its manifest."""
    store = Store.of(session)
    check_free(store, places, request.source)
    session.conf.set(ROWS_AT_A_TIME, str(request.pieces.rows))
    accounts = read_table(session, request.source, request.encoding)
    work = settled(request, accounts)
    before = earlier_run(session, store, places.previous, work.job)
    with ExitStack() as stack:
        made = stack.enter_context(kept(staged(accounts, work, partitions=partitions)))
        tally = _counted(made, request.source)
        _check_read(accounts, tally, request.source)
        _check_programs(tally)
        _judge(request, store, places, made, tally)
        facts = facts_of(request, work, tally.counts, skipped=tally.skipped)
        facts |= _run_facts(session, made, tally)
        offers = offers_of_staged(made)
        if before is not None:
            told = compared(made, *before, request.worsening, shuffled_into(made, partitions))
            told = stack.enter_context(kept(told))
            facts |= judge_changes(told, request, work, tally.counts, places.previous)
            facts["previous"] = store.facts(places.previous)
            offers = told.where("status IS NOT NULL").drop(COUNTS)
        facts["inputs"] = store.files_of(accounts)
        tables = {places.output: offers}
        if places.schedules:
            tables[places.schedules] = schedules_of(made, work)
        _publish(store, tables, places, facts)
    return facts


def _judge(request: Request, store: Store, places: Places, made: DataFrame, tally: Tally) -> None:
    """List the rejects; stop where there are too many, or an account stands twice."""
    copies = _copies(made, request.source)
    if places.rejects:
        write_rejects(store, made, places.rejects, copies, raw=request.raw)
    refuse_twice(copies)
    allowed = parse_allowed(request.max_rejects, "--max-rejects")
    check_rejects(allowed, tally.counts.statuses["reject"], tally.counts.rows)


def refuse_local(request: Request) -> None:
    """Raise UsageError for what only the engine of one machine can do."""
    if request.resume:
        raise UsageError(
            "--resume is for the local engine: Spark repeats what fails by itself. Leave it out."
        )
    if request.source == "-":
        raise UsageError("Spark cannot read stdin. Name a path.")


def check_free(store: Store, places: Places, source: str) -> None:
    """Refuse what would be written over, before any work is done."""
    options = {"-o": places.output, "--schedules": places.schedules, "--rejects": places.rejects}
    full = {option: store.name(path) for option, path in options.items() if path}
    read = [store.name(path) for path in (source, places.previous) if path]
    for option, name in full.items():
        for other in (one for one in full if one < option and full[one] == name):
            raise UsageError(f"{other} and {option} name the same file. Give each its own.")
        for place in read:
            _check_apart(option, name, place)
        if option != "--rejects" and store.exists(options[option]):
            raise UsageError(f"{quote(options[option])} is there already. Name another folder.")


def _check_apart(option: str, name: str, read: str) -> None:
    """Refuse to write over what is read, or into it."""
    if name == read:
        raise UsageError(f"{option} would write over {quote(read)}. Name another file.")
    if name.rpartition("/")[0] == read:
        raise UsageError(
            f"{option} would write into the folder that is read, {quote(read)}. Name a file "
            "elsewhere."
        )


def settled(request: Request, accounts: DataFrame) -> Work:
    """Understand a table's header, and settle what is offered."""
    names = [name for name in accounts.columns if name != BAD]
    work = settle(request, read_mapping(request.mapping), names)
    work_of(names, work.job, request.mapping)  # raises for what Spark needs besides
    return work


@contextmanager
def kept(table: DataFrame) -> Iterator[DataFrame]:
    """Keep what is made on the workers' disks, so that it is made once; memory is for the work."""
    from pyspark import StorageLevel  # noqa: PLC0415 - an extra

    held = table.persist(StorageLevel.DISK_ONLY)
    try:
        yield held
    finally:
        held.unpersist()


def _counted(made: DataFrame, source: str) -> Tally:
    """Make all offers, and add up what was counted with them."""
    told = said(
        lambda: made.where(made[COUNTS].isNotNull()).select(named(COUNTS)).collect(), source
    )
    return Tally.joined([row[0] for row in told])


def _check_read(accounts: DataFrame, tally: Tally, source: str) -> None:
    """Compare the rows accounted for with those of the table, as far as its files tell."""
    if not tally.read:
        raise UsageError("The table has no rows. Check the export.")
    rows = tally.read if is_csv(source) else said(accounts.count, source)
    if not rows == tally.read == tally.told:
        raise UsageError(
            f"The table has {rows:,} rows, {tally.read:,} were read and {tally.told:,} are "
            "accounted for. Nothing was published. Was the table written meanwhile? Run it again."
        )


def _check_programs(tally: Tally) -> None:
    """Refuse workers with another version of the program: their offers are not this one's."""
    here = program()["replan"]
    others = sorted({str(told["replan"]) for told in tally.programs} - {here})
    if others:
        raise UsageError(
            f"The workers run replan {', '.join(others)}, this is {here}. Nothing was published. "
            "Give all workers the same environment: docs/engines.md."
        )


def _copies(made: DataFrame, source: str) -> list[str]:
    """Name the accounts that stand twice: hashes are compared, then the names of those alike."""
    first = made.where(made[KEY].isNotNull())
    alike = (
        first.groupBy(named(KEY)).count().where("count > 1").select(named(KEY)).limit(MOST_TWICE)
    )
    keys = [row[0] for row in said(alike.collect, source)]
    if not keys:
        return []
    some = first.where(first[KEY].isin(keys)).select("account")
    names = Counter(row[0] for row in said(some.collect, source))
    return sorted(name for name, count in names.items() if count > 1)


def _run_facts(session: SparkSession, made: DataFrame, tally: Tally) -> dict[str, Any]:
    """Give what a manifest says of a run on Spark besides."""
    return {
        "engine": "spark",
        "spark": {"version": session.version, "partitions": made.rdd.getNumPartitions()},
        "workers": list(tally.programs),
    }


def _publish(
    store: Store, tables: Mapping[str, DataFrame], places: Places, facts: dict[str, Any]
) -> None:
    """Write all tables, compare them with what was counted, then give them their names."""
    session = tables[places.output].sparkSession

    def seal(found: Mapping[str, Any]) -> None:
        facts["output"] = found[places.output]
        if places.schedules:
            facts["schedules"] = found[places.schedules]
        with store.writing(places.manifest) as put:
            put(manifest_text(facts).encode())

    def check(paths: Mapping[str, str]) -> None:
        def written(path: str) -> DataFrame:
            # Spark warns of a folder with a hidden name, not of its files
            return session.read.parquet(*store.files_in(paths[path]))

        check_written(written(places.output), facts)
        if places.schedules:
            check_rows(written(places.schedules), facts)

    publish(store, tables, seal, check=check)
