"""`replan batch --engine spark`: what one machine writes, counts, stops at, proves and explains."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.on_spark import as_bytes, in_order, needs_spark
from batch.portfolios import table
from batch.test_explain import explained
from batch.test_portfolio import Ended, rows, run, told, write
from replan.batch.spark_files import Store, beside
from replan.batch.spark_publish import publish
from replan.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


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
