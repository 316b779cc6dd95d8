"""A portfolio on Apache Spark from path to path: check, offer, write, and count what was written.

A path is whatever Spark reads: a folder of Parquet, a CSV file, hdfs://…, s3a://….
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from replan.errors import UsageError
from replan.io.mapping import read_mapping
from replan.model.text import clean_text, quote

from .offers import Job
from .portfolio import Request, settle
from .spark import check_once, offers, schedules, work_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ONLY_LOCAL = (
    "encoding", "segments", "protected", "rejects", "max_rejects", "previous", "worsening",
    "max_drift", "resume",
)  # fmt: skip
"""What a run on Spark cannot be asked for."""
OPTIONS = {"segments": "segment", "protected": "protect"}
ROWS_AT_A_TIME = "spark.sql.execution.arrow.maxRecordsPerBatch"


def run_on_spark(
    request: Request,
    *,
    output: str,
    schedules_to: str = "",
    partitions: int | None = None,
    session: SparkSession | None = None,
) -> dict[str, Any]:
    """Give every account of a table its offers, written as a folder of Parquet files.

    What it comes to is counted in what was written, by the keys of a manifest.
    Spark writes its mark `_SUCCESS` when the folder is whole, and repeats what fails by itself.
    Raises UsageError for what cannot be done, also where the output is there already.
    """
    refuse_local(request)
    session = session or open_session()
    session.conf.set(ROWS_AT_A_TIME, str(request.pieces.rows))
    accounts, mapping = _read(session, request.source), read_mapping(request.mapping)
    job = settle(request, mapping, accounts.columns).job
    check_once(accounts, work_of(accounts.columns, job, request.mapping))
    options: dict[str, Any] = {"mapping": request.mapping, "partitions": partitions}
    _write(offers(accounts, job, **options), output)
    if schedules_to:
        _write(schedules(accounts, job, **options), schedules_to)
    facts = _counted(session, output, job)
    if mapping.skip:
        facts["skipped"] = accounts.count() - facts["rows"]
        facts["rows"] += facts["skipped"]
    return facts


def open_session() -> SparkSession:
    """Take the session that spark-submit has prepared, else start one on this machine."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    # workers would run the system's Python, which has no replan
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder
    return builder.appName("replan batch").getOrCreate()


def refuse_local(request: Request) -> None:
    """Raise UsageError for what only the engine of one machine can do."""
    for name in ONLY_LOCAL:
        if getattr(request, name):
            option = OPTIONS.get(name, name).replace("_", "-")
            raise UsageError(
                f"--{option} is for the local engine. Leave it out, or leave out --engine spark."
            )
    if request.source == "-":
        raise UsageError("Spark cannot read stdin. Name a path.")


def _read(session: SparkSession, path: str) -> DataFrame:
    """Open a table; the cells of a CSV file stay texts."""
    if path.lower().rstrip("/").endswith((".csv", ".csv.gz")):
        return _said(lambda: session.read.csv(path, header=True, escape='"', multiLine=True), path)
    return _said(lambda: session.read.parquet(path), path)


def _write(table: DataFrame, path: str) -> None:
    _said(lambda: table.write.parquet(path), path)


def _said(do: Any, path: str) -> Any:
    """Say in one line what Spark says in many."""
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        return do()
    except PySparkException as error:
        condition = error.getCondition()
        if condition == "PATH_ALREADY_EXISTS":
            raise UsageError(f"{quote(path)} is there already. Name another folder.") from error
        if condition == "PATH_NOT_FOUND":
            raise UsageError(f"{quote(path)} does not exist. Check the name.") from error
        lines = [line for line in str(error).splitlines() if line.strip()]
        ours = [line for line in lines if line.startswith("replan.errors.")]
        first = clean_text((ours or lines or ["no reason given"])[-1 if ours else 0])[:300]
        raise UsageError(f"{quote(path)}: {first}") from error


def _counted(session: SparkSession, path: str, job: Job) -> dict[str, Any]:
    """Count accounts in what was written: one with offers by its first, the others have one row.

    The keys are those of a manifest.
    """
    told: dict[str, Counter[str]] = {name: Counter() for name in ("status", "reason", "shared")}
    once = session.read.parquet(path).where("offer_id IS NULL OR offer_id LIKE '%-1'")
    for row in once.groupBy(*told).count().collect():
        for name, counter in told.items():
            if row[name]:
                counter[row[name]] += row["count"]
    accounts = told["status"]
    return {
        "rows": accounts.total(), "unreadable": 0, "skipped": 0, "candidates": job.candidates,
        "accounts": accounts, "reasons": told["reason"], "shared": told["shared"],
        "changes": {}, "segments": {},
    }  # fmt: skip
