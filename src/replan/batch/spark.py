"""Portfolios on Apache Spark: the function of one record batch, mapped over a table's partitions.

The functions that run at the workers need no Spark themselves; other engines may call them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from replan.decide.opening import exponent_of
from replan.errors import UsageError
from replan.io.mapping import read_mapping
from replan.model.text import quote

from .accounts import missing_columns
from .borrowers import whole_borrowers
from .mapped import map_batch, read_header, without_skipped
from .offers import Job, offers_of
from .schedules import schedule_schema, schedules_in
from .schema import RAW, offer_schema
from .staged import BAD, COUNTS, INPUT, KEY, columns_read, schedules_of_staged, staged_in
from .work import Work

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Do = Callable[[Iterator[Any], Work], Iterator[Any]]

TYPES = {
    "int8": "tinyint", "int32": "int", "int64": "bigint", "double": "double",
    "string": "string", "date32[day]": "date",
}  # fmt: skip
"""Arrow's names of types, and those of Spark SQL."""


def offers(
    accounts: DataFrame,
    job: Job,
    *,
    mapping: Mapping[str, str] | str | None = None,
    partitions: int | None = None,
) -> DataFrame:
    """Give the offers of a settled job for a table of accounts; nothing runs before an action.

    Each partition is worked on by itself and nothing is moved between them, but for a job that
    shares one surplus over a borrower's accounts (`share_by`): then a borrower's rows are brought
    together and sorted by account. With *partitions* the rows are spread over so many first.

    Columns are those of docs/batch.md; *mapping* is that of `replan batch --map`. Spark knows no
    order of rows, so the column that names the account must be there, and offers come in no order.
    Each account must stand once (`check_once`). Raises UsageError for a missing column.
    """
    work = work_of(accounts.columns, job, mapping)
    told = [ddl_of(offer_schema(exponent_of(str(job.defaults["currency"]))))]
    carried = (item for item in accounts.schema if item.name in job.carry)
    told += [f"{named(item.name)} {item.dataType.simpleString()}" for item in carried]
    return _mapped(accounts, work, partitions, offers_in, ", ".join(told))


def schedules(
    accounts: DataFrame,
    job: Job,
    *,
    mapping: Mapping[str, str] | str | None = None,
    partitions: int | None = None,
) -> DataFrame:
    """Give every row of every offer, as `replan batch --schedules` does.

    Arguments are those of `offers`; `offer_id` joins the two tables.
    """
    work = work_of(accounts.columns, job, mapping)
    told = ddl_of(schedule_schema(exponent_of(str(job.defaults["currency"]))))
    return _mapped(accounts, work, partitions, rows_in, told)


def staged(accounts: DataFrame, work: Work, *, partitions: int | None = None) -> DataFrame:
    """Give offers with what stands beside them, and a row with the counts of each partition.

    See `staged_in`. Whoever reads it more than once should persist it, or offers are made again.
    """
    from pyspark.sql import types as t  # noqa: PLC0415 - an extra

    told = ddl_of(offer_schema(exponent_of(str(work.job.defaults["currency"]))))
    columns = [*t.StructType.fromDDL(told), *_nullable(accounts, work.job.carry)]
    texts = (t.StructField(name, t.StringType()) for name in (COUNTS, RAW))
    columns += [t.StructField(KEY, t.LongType()), *texts]
    if work.schedules:
        read = _nullable(accounts, columns_read(accounts.columns, work))
        columns.append(t.StructField(INPUT, t.StructType(read)))

    def each(batches: Iterator[Any]) -> Iterator[Any]:
        return staged_in(batches, work)

    return mapped(_placed(accounts, work, partitions), each, t.StructType(columns))


def offers_of_staged(made: DataFrame) -> DataFrame:
    """Give the offers of a staged table as they are published."""
    return made.where("status IS NOT NULL").drop(KEY, COUNTS, RAW, INPUT)


def shuffled_into(table: DataFrame, partitions: int | None) -> int:
    """Give the number of partitions into which rows are brought together.

    Without a number Spark merges what is small in bytes, however long the work takes.
    """
    told = table.sparkSession.conf.get("spark.sql.shuffle.partitions")
    return partitions or int(told or 200)


def _nullable(table: DataFrame, names: Sequence[str]) -> list[Any]:
    """Give columns of a table, in which cells may be nothing: most rows beside them are."""
    from pyspark.sql import types as t  # noqa: PLC0415 - an extra

    return [t.StructField(name, table.schema[name].dataType) for name in names]


def schedules_of(made: DataFrame, work: Work) -> DataFrame:
    """Give every row of every offer that stands in a staged table; no offer is made again."""

    def each(batches: Iterator[Any]) -> Iterator[Any]:
        return schedules_of_staged(batches, work)

    told = ddl_of(schedule_schema(exponent_of(str(work.job.defaults["currency"]))))
    offered = made.where("status = 'offer'").drop(KEY, COUNTS, RAW)
    return mapped(offered, each, told)


def mapped(
    table: DataFrame, do: Callable[[Iterator[Any]], Iterator[Any]], columns: Any
) -> DataFrame:
    """Map the record batches of a table, whatever its columns are called.

    Spark's own `mapInArrow` takes a column called `arrears.interest` for a part of `arrears`.
    """
    names = table.columns

    def each(batches: Iterator[Any]) -> Iterator[Any]:
        return do(batch.rename_columns(names) for batch in batches)

    plain = table.toDF(*(f"c{at}" for at in range(len(names))))
    return plain.mapInArrow(each, columns)


def offers_in(batches: Iterator[Any], work: Work) -> Iterator[Any]:
    """Yield the offers of record batches: what a worker does with one partition."""
    for batch in mapped_in(batches, work):
        yield offers_of(batch, work.job).drop_columns(["row"])


def rows_in(batches: Iterator[Any], work: Work) -> Iterator[Any]:
    """Yield the schedules of the offers of record batches."""
    for batch in mapped_in(batches, work):
        yield from schedules_in(batch, offers_of(batch, work.job), work.job)


def mapped_in(batches: Iterator[Any], work: Work) -> Iterator[Any]:
    """Yield record batches with the columns of accounts, no borrower's rows parted."""
    left = (without_skipped(batch, work.header.mapping) for batch in batches)
    for batch in whole_borrowers(left, work.group):
        if batch.num_rows:
            yield map_batch(batch, work.header, as_of=work.job.as_of)


def work_of(names: list[str], job: Job, mapping: Mapping[str, str] | str | None = None) -> Work:
    """Understand a table's header; raises UsageError for what it lacks."""
    header = read_header(names, read_mapping(mapping))
    if not header.account:
        raise UsageError(
            "No column names the account, and Spark knows no order of rows. "
            "Name it: --map theirs=account."
        )
    missing = missing_columns(["account", *header.columns], job.defaults)
    if missing:
        raise UsageError(
            f"No column of the table means {missing[0]}. Name it: --map theirs={missing[0]}."
        )
    for name in (*job.carry, *([job.share_by] if job.share_by else [])):
        if name not in names:
            raise UsageError(f"The table has no column {quote(name)}. Check its name.")
    return Work(job, header, job.share_by)


def check_once(accounts: DataFrame, work: Work) -> None:
    """Raise UsageError if an account stands twice: nobody is offered two plans for one account.

    This moves the names of all accounts, once.
    """
    name = named(work.header.account)
    counted = accounts.groupBy(name).count()
    twice = [str(row[0]) for row in counted.where("count > 1").limit(5).collect() if row[0]]
    refuse_twice(twice)


def refuse_twice(names: Sequence[str]) -> None:
    """Raise UsageError naming the first accounts that stand more than once, if any do."""
    if names:
        shown = ", ".join(quote(account) for account in sorted(names)[:5])
        raise UsageError(
            f"Accounts stand more than once: {shown}. "
            "Give each row its own account, or remove the copies."
        )


def ddl_of(schema: Any) -> str:
    """Write an Arrow schema as the columns of Spark SQL."""
    return ", ".join(f"{named(item.name)} {_sql_type(item.type)}" for item in schema)


def _sql_type(kind: Any) -> str:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    return TYPES[str(kind)]


def named(name: str) -> str:
    """Quote a column's name as Spark SQL does."""
    return "`" + name.replace("`", "``") + "`"


def _mapped(
    accounts: DataFrame, work: Work, partitions: int | None, do: Do, columns: str
) -> DataFrame:
    def each(batches: Iterator[Any]) -> Iterator[Any]:
        return do(batches, work)

    return mapped(_placed(accounts, work, partitions), each, columns)


def _read(accounts: DataFrame, work: Work) -> DataFrame:
    """Leave out the columns that nothing looks at: all others travel to the workers.

    Of CSV, and with the cells of rejects, every column is wanted.
    """
    if work.raw or BAD in accounts.columns:
        return accounts
    skipped = work.header.mapping.skip
    wanted = {*columns_read(accounts.columns, work), *work.job.carry, *work.segments, *skipped}
    wanted |= {work.group} if work.group else set()
    return accounts.select(*(named(name) for name in accounts.columns if name in wanted))


def _placed(accounts: DataFrame, work: Work, partitions: int | None) -> DataFrame:
    """Spread rows; a borrower's come together, in the order of their accounts."""
    accounts = _read(accounts, work)
    if not work.group:
        return accounts if partitions is None else accounts.repartition(partitions)
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    group, account = f.col(named(work.group)), f.col(named(work.header.account))
    # rows without a borrower would all fall into one partition
    whose = f.coalesce(group.cast("string"), account.cast("string"))
    number = shuffled_into(accounts, partitions)
    return accounts.repartition(number, whose).sortWithinPartitions(whose, group, account)
