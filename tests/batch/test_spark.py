"""A portfolio on Apache Spark: what the local engine gives, to the byte, in any partitions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from batch.on_spark import as_bytes, in_order, needs_spark
from batch.portfolios import AS_OF, draw, table
from batch.test_portfolio import POLICY
from replan.batch.offers import Job, job_of, offers_of
from replan.batch.portfolio import names_of
from replan.batch.schedules import schedules_in
from replan.batch.schema import offer_schema
from replan.batch.source import open_source, read_batches
from replan.batch.spark import check_once, ddl_of, offers, offers_in, schedules, work_of
from replan.batch.spark_table import read_table
from replan.batch.staged import COUNTS, staged_in
from replan.batch.work import do_rows
from replan.errors import UsageError
from replan.io.policies import load_policy

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Settle what is offered."""
    place = tmp_path_factory.mktemp("policy") / "few.toml"
    place.write_text(POLICY, "utf-8")
    return job_of(load_policy(place), as_of=AS_OF, currency="CNY", top=2)


def accounts(count: int = 20) -> pa.Table:
    """Draw accounts, one of them none, in groups of up to three of one borrower."""
    rows = draw(7, count)
    rows[3]["principal"] = "x"
    owned = (f"b{n // 3}" if n % 7 else None for n in range(count))
    named = [row | {"note": "-", "borrower": whose} for row, whose in zip(rows, owned, strict=True)]
    return pa.Table.from_batches([table(named)])


def test_columns_are_those_of_spark() -> None:
    """Every type of the table of offers has its name in Spark SQL."""
    told = ddl_of(offer_schema(2))

    assert "`account` string, `status` string" == told[: told.index(", `reason`")]
    assert "`instalment` decimal(18,2)" in told
    assert "`first_due` date" in told


def test_a_table_without_accounts_is_refused(job: Job) -> None:
    """Rows have no numbers in Spark, so they cannot be called by them."""
    with pytest.raises(UsageError, match="No column names the account"):
        work_of(["principal", "rate"], job)
    with pytest.raises(UsageError, match="means rate"):
        work_of(["account", "principal"], job)


@needs_spark
def test_partitions_give_what_one_batch_gives(spark: SparkSession, job: Job) -> None:
    """Five partitions in batches of seven rows give the bytes of one batch in this process."""
    whole = accounts().drop_columns(["borrower"])
    local = offers_of(whole.to_batches()[0], job).drop_columns(["row"])
    frame = spark.createDataFrame(whole)
    found = offers(frame, job, partitions=5).toArrow()

    assert as_bytes(in_order(pa.Table.from_batches([local]))) == as_bytes(in_order(found))


@needs_spark
def test_a_borrower_has_one_surplus_in_any_partitions(spark: SparkSession, job: Job) -> None:
    """Rows of a borrower come together, wherever they stand; carried columns keep their type."""
    shared = replace(job, share_by="borrower", carry=("borrower",))
    sorted_ = accounts().sort_by([("borrower", "ascending"), ("account", "ascending")])
    local = offers_of(sorted_.combine_chunks().to_batches()[0], shared).drop_columns(["row"])
    mixed = accounts().take(list(range(0, 20, 2)) + list(range(1, 20, 2)))
    frame = spark.createDataFrame(mixed)
    found = offers(frame, shared).toArrow()

    assert 2 == offers(frame, shared).rdd.getNumPartitions()
    assert as_bytes(in_order(pa.Table.from_batches([local]))) == as_bytes(in_order(found))


@needs_spark
def test_columns_are_mapped_at_the_workers(spark: SparkSession, job: Job) -> None:
    """A table with names of its own needs no other table first."""
    theirs = pa.table({"客户": ["a", "b"], "剩余本金": ["1200", "oops"], "年利率": ["18%", "24%"]})
    mapping = {"客户": "account"}
    found = offers(spark.createDataFrame(theirs), job, mapping=mapping).toArrow()

    assert {("a", "offer"), ("b", "reject")} == set(
        zip(found["account"].to_pylist(), found["status"].to_pylist(), strict=True)
    )


@needs_spark
def test_an_account_twice_is_found_across_partitions(spark: SparkSession, job: Job) -> None:
    """Nobody is offered two plans for one account."""
    once = accounts()
    frame = spark.createDataFrame(pa.concat_tables([once, once.slice(0, 1)]))
    work = work_of(frame.columns, job)
    check_once(spark.createDataFrame(once), work)

    with pytest.raises(UsageError, match="acc-0"):
        check_once(frame, work)


@needs_spark
def test_schedules_are_those_of_one_batch(spark: SparkSession, job: Job) -> None:
    """Every row of every offer, in any partitions."""
    whole = accounts().drop_columns(["borrower"])
    batch = whole.to_batches()[0]
    local = pa.Table.from_batches(list(schedules_in(batch, offers_of(batch, job), job)))
    found = schedules(spark.createDataFrame(whole), job, partitions=3).toArrow()
    order = [("account", "ascending"), ("offer_id", "ascending"), ("n", "ascending")]

    assert as_bytes(local.sort_by(order)) == as_bytes(found.sort_by(order))


def test_rows_that_are_no_debts_are_left_out(job: Job, tmp_path: Path) -> None:
    """What a mapping skips on one machine is skipped at the workers."""
    told = '[columns]\nloan = "account"\n[read.skip]\nstate = ["paid"]\n'
    (tmp_path / "m.toml").write_text(told, "utf-8")
    columns = {"loan": ["a", "b", "c"], "state": ["open", "paid", None]}
    batch = pa.record_batch(columns | {"principal": ["900"] * 3, "rate": ["18%"] * 3})
    work = work_of(batch.schema.names, job, str(tmp_path / "m.toml"))
    (found,) = offers_in(iter([batch]), work)

    assert {"a", "c"} == set(found.column("account").to_pylist())


@needs_spark
def test_lines_of_csv_are_those_of_one_machine(
    spark: SparkSession, job: Job, tmp_path: Path
) -> None:
    """Cells with breaks, empty ones, and lines that do not fit the header are told alike."""
    path = tmp_path / "in.csv"
    lines = ["account;备注;principal;rate", 'a;"x; ""欠款""\nz";900;18%', "b;;800;18%",
             'c;"";700;1%', "d;900;18%", "e;n;900;18%;more"]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", "gb18030")
    source, carrying = open_source(str(path)), replace(job, carry=("备注",))
    work = replace(work_of(names_of(source), carrying), raw=True)
    (batch,) = read_batches(source, 10)
    here = do_rows(batch, work).offers.drop_columns(["row"])
    (there,) = read_table(spark, str(path)).toArrow().combine_chunks().to_batches()
    found, counted = staged_in(iter([there]), work)

    assert here.to_pylist() == found.select(here.schema.names).to_pylist()
    assert 5 == json.loads(counted.column(COUNTS)[0].as_py())["read"]
