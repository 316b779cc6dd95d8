"""A portfolio on Apache Spark: what the local engine gives, to the byte, in any partitions."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.portfolios import AS_OF, draw, table
from batch.test_explain import explained
from batch.test_portfolio import POLICY, Ended, rows, run, told, write
from replan.batch.offers import Job, job_of, offers_of
from replan.batch.portfolio import names_of
from replan.batch.schedules import schedules_in
from replan.batch.schema import offer_schema
from replan.batch.source import open_source, read_batches
from replan.batch.spark import check_once, ddl_of, offers, offers_in, schedules, work_of
from replan.batch.spark_files import Store, beside
from replan.batch.spark_publish import publish
from replan.batch.spark_table import read_table
from replan.batch.staged import COUNTS, staged_in
from replan.batch.work import do_rows
from replan.errors import UsageError
from replan.io.policies import load_policy

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MISSING = [name for name in ("pyspark", "pandas") if find_spec(name) is None]
MISSING += [] if shutil.which("java") else ["java"]
needs_spark = pytest.mark.skipif(
    bool(MISSING) and "REPLAN_NEEDS_SPARK" not in os.environ,
    reason=f"no {', '.join(MISSING)}: pip install 'replan[spark]', and Java 17 or newer",
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Start Spark once for this module, with two workers."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    place = tmp_path_factory.mktemp("spark")
    builder: Any = SparkSession.builder
    settings = {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(place),
        "spark.sql.warehouse.dir": str(place / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "7",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as patch:
        # without it workers run the system's Python, which has no replan
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.getOrCreate()
        yield session
        session.stop()


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


def in_order(told: pa.Table) -> pa.Table:
    """Sort by account; the offers of one stay in their order."""
    numbered = told.append_column("at", pa.array(range(told.num_rows)))
    return numbered.sort_by([("account", "ascending"), ("at", "ascending")]).drop_columns(["at"])


def as_bytes(told: pa.Table) -> bytes:
    """Write a table as Arrow does, so that types and bits are compared and nothing else."""
    sink = pa.BufferOutputStream()
    plain = pa.table(dict(zip(told.schema.names, told.columns, strict=True))).combine_chunks()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return bytes(sink.getvalue())


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


class Both(NamedTuple):
    """One portfolio on both engines: where it is, and what each has said."""

    folder: Path
    args: list[str]
    local: Ended
    spark: Ended

    def facts(self, engine: str) -> dict[str, Any]:
        """Read the manifest of a run."""
        found = self.folder / ("offers.parquet" if engine == "local" else "offers")
        text = found.with_name(f"{found.name}.manifest.json").read_text("utf-8")
        return dict(json.loads(text))


@pytest.fixture(scope="module")
def both(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Run one portfolio of two files on both engines, with all that can be asked of both."""
    del spark  # whose session the command takes
    place = tmp_path_factory.mktemp("both")
    args = write(place, rows(3))
    (place / "账 户").mkdir()
    entries = rows(30)
    entries[4]["rate"], entries[20]["principal"] = "much", "x"
    for entry in entries[::3]:
        entry["surplus.2027-03"] = "90"
    for name, part in (("1", entries[:18]), ("2", entries[18:])):
        batch = table(
            [row | {"state": "paid" if row["account"] == "a7" else "open"} for row in part]
        )
        pq.write_table(pa.Table.from_batches([batch]), place / "账 户" / f"{name}.parquet")
    given = [
        *args,
        "--segment",
        "region",
        "--carry",
        "surplus.2027-03",
        "--chunk",
        "7",
        "--map",
        f"{place / 'm.toml'}",
    ]
    given[1] = str(place / "账 户")
    (place / "m.toml").write_text('[read.skip]\nstate = ["paid"]\n', "utf-8")

    def on(engine: str, end: str, listed: str) -> Ended:
        to = ["-o", str(place / f"offers{end}"), "--schedules", str(place / f"rows{end}")]
        return run(*given, *to, "--rejects", str(place / listed), "--raw", "--engine", engine)

    return Both(place, given, on("local", ".parquet", "local.csv"), on("spark", "", "spark.csv"))


@needs_spark
def test_the_command_writes_what_the_local_engine_writes(both: Both) -> None:
    """`--engine spark` gives folders with the same offers and schedules, nothing beside."""
    local, found = (pq.read_table(both.folder / n) for n in ("offers.parquet", "offers"))
    order = [("account", "ascending"), ("offer_id", "ascending"), ("n", "ascending")]
    lines = [pq.read_table(both.folder / n).sort_by(order) for n in ("rows.parquet", "rows")]

    assert as_bytes(in_order(local.drop_columns(["row"]))) == as_bytes(in_order(found))
    assert as_bytes(lines[0]) == as_bytes(lines[1])
    assert [] == list(both.folder.glob(".*"))
    assert 0o700 == (both.folder / "offers").stat().st_mode & 0o777


@needs_spark
def test_a_manifest_has_the_figures_of_the_local_engine(both: Both) -> None:
    """Counts, control totals, segments, digests of inputs and settings are the same."""
    local, found = both.facts("local"), both.facts("spark")
    same = [key for key in local if key not in ("output", "schedules")]

    assert {key: local[key] for key in same} == {key: found[key] for key in same}
    assert (30, 1) == (found["rows"], found["skipped"])
    assert both.local.exit_code == both.spark.exit_code
    assert both.local.stderr.replace(".parquet", "") == both.spark.stderr


@needs_spark
def test_rejects_are_listed_without_row_numbers(both: Both) -> None:
    """Their account, field and what to do are those of the local engine."""
    local, found = (told(both.folder / name) for name in ("local.csv", "spark.csv"))

    assert 2 == len(found)
    local.sort(key=lambda row: row["account"])

    assert ["a20", "a4"] == [row["account"] for row in found]
    assert [{k: row[k] for k in row if k != "row"} for row in local] == found


@needs_spark
@pytest.mark.parametrize("status", ["offer", "no-offer", "reject"])
def test_an_account_is_explained_as_on_one_machine(both: Both, status: str) -> None:
    """An offer, or why there is none, is made again from the folder and its manifest."""
    found = pq.read_table(both.folder / "offers").to_pylist()
    account = next(row["account"] for row in found if row["status"] == status)
    asked = ("--account", account)
    told = [explained(both.folder / n, *asked) for n in ("offers", "offers.parquet")]
    row = told[1][1]["offer"].pop("row")

    assert row
    assert (0, True) == (told[0][0].exit_code, told[0][1]["same"])
    assert told[1][1] == told[0][1]


@needs_spark
@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_run_is_verified_and_explained_where_it_is(both: Both, scheme: str) -> None:
    """By its files where they are at hand, by Spark where a name is one that Spark reads."""
    offers = f"{scheme}{both.folder / 'offers'}"
    fine = run("batch", "--verify", f"{offers}.manifest.json")
    told = [
        explained(both.folder / "offers", *asked)
        for asked in (
            ("--account", "a2"),
            ("--account", "a2", "--manifest", f"{offers}.manifest.json"),
        )
    ]

    assert 0 == fine.exit_code
    assert told[0] == told[1]


@needs_spark
def test_a_run_is_made_again_on_one_machine(both: Both, tmp_path: Path) -> None:
    """Its rows are the same in any order; one that is another is named."""
    record = both.folder / "offers.manifest.json"
    fine = run("batch", "--verify", str(record), "--rerun")
    facts = json.loads(record.read_text("utf-8"))
    (tmp_path / "offers").mkdir()
    table = pq.read_table(both.folder / "offers")
    pq.write_table(table.slice(1), tmp_path / "offers" / "part-0.parquet")
    facts["output"]["path"] = str(tmp_path / "offers")
    (tmp_path / "offers.manifest.json").write_text(json.dumps(facts), "utf-8")
    ended = run("batch", "--verify", str(tmp_path / "offers.manifest.json"), "--rerun")

    assert (0, 1) == (fine.exit_code, ended.exit_code)
    assert table["account"][0].as_py() in ended.stderr


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


@needs_spark
def test_what_is_there_is_not_written_over(both: Both) -> None:
    """An output that stands is refused before any work, and stays as it was."""
    before = sorted((both.folder / "offers").iterdir())
    ended = run(*both.args, "-o", str(both.folder / "offers"), "--engine", "spark")

    assert 2 == ended.exit_code
    assert "is there already" in ended.stderr
    assert before == sorted((both.folder / "offers").iterdir())


@needs_spark
def test_what_cannot_be_finished_leaves_nothing(spark: SparkSession, tmp_path: Path) -> None:
    """Folders that stand already go again where the last step fails."""
    tables = {str(tmp_path / name): spark.range(3) for name in ("one", "two")}

    def seal(found: Mapping[str, Any]) -> None:
        assert sorted(tables) == sorted(found) == sorted(map(str, tmp_path.iterdir()))
        raise UsageError

    with pytest.raises(UsageError):
        publish(Store.of(spark), tables, seal, check=lambda _: None)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("path", "place"), [("s3a://b/a/offers/", "s3a://b/a/.offers.x"), ("o", ".o.x")]
)
def test_a_neighbour_is_hidden(path: str, place: str) -> None:
    """What is not whole yet is nothing that Spark reads."""
    assert place == beside(path, "x")


@needs_spark
def test_too_many_rejects_publish_nothing(both: Both) -> None:
    """The rejects are written, and nothing else is left."""
    output, listed = both.folder / "stopped", both.folder / "stopped.csv"
    to = ["-o", str(output), "--rejects", str(listed), "--max-rejects", "1"]
    ended = run(*both.args, *to, "--engine", "spark")

    assert (3, 2) == (ended.exit_code, len(told(listed)))
    assert [listed] == [p for p in both.folder.iterdir() if p.name.strip(".").startswith("stopped")]


@needs_spark
def test_an_earlier_run_is_compared_as_on_one_machine(both: Both, tmp_path: Path) -> None:
    """Changes, open offers that get worse, and drift; without a reason nothing is published."""
    entries = [row | {"surplus": "60"} if n % 4 else row for n, row in enumerate(rows(28))]
    args = [*write(tmp_path, entries), "--previous", str(both.folder / "offers")]
    on = ("--engine", "spark", "--workers", "2")
    stopped = run(*args, "-o", str(tmp_path / "new"), *on)
    left = sorted(p.name for p in tmp_path.iterdir())
    args += ["--worsening", "circumstances-changed"]
    told = [
        run(*args, "-o", str(tmp_path / "new.parquet")),
        run(*args, "-o", str(tmp_path / "new"), *on),
    ]
    local, found = (pq.read_table(tmp_path / name) for name in ("new.parquet", "new"))
    here, there = (
        json.loads((tmp_path / f"{name}.manifest.json").read_text("utf-8"))
        for name in ("new.parquet", "new")
    )

    assert (4, ["few.toml", "in.csv"]) == (stopped.exit_code, left)
    assert as_bytes(in_order(local.drop_columns(["row"]))) == as_bytes(in_order(found))
    assert [here[n] for n in ("changes", "worsening", "drift", "previous")] == [
        there[n] for n in ("changes", "worsening", "drift", "previous")
    ]
    assert told[0].stderr.replace(".parquet", "") == told[1].stderr


def test_what_one_machine_resumes_spark_repeats(tmp_path: Path) -> None:
    """What Spark cannot be asked for is said before it starts."""
    ended = run(
        *write(tmp_path, rows(3)), "-o", str(tmp_path / "o"), "--engine", "spark", "--resume"
    )

    assert 2 == ended.exit_code
    assert "--resume is for the local engine" in ended.stderr


def test_rows_that_are_no_debts_are_left_out(job: Job, tmp_path: Path) -> None:
    """What a mapping skips on one machine is skipped at the workers."""
    told = '[columns]\nloan = "account"\n[read.skip]\nstate = ["paid"]\n'
    (tmp_path / "m.toml").write_text(told, "utf-8")
    columns = {"loan": ["a", "b", "c"], "state": ["open", "paid", None]}
    batch = pa.record_batch(columns | {"principal": ["900"] * 3, "rate": ["18%"] * 3})
    work = work_of(batch.schema.names, job, str(tmp_path / "m.toml"))
    (found,) = offers_in(iter([batch]), work)

    assert {"a", "c"} == set(found.column("account").to_pylist())
