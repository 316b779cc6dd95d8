"""`replan batch --engine spark`: the same offers, by Apache Spark."""

from __future__ import annotations

from importlib.util import find_spec
from shutil import which
from typing import TYPE_CHECKING, NoReturn

import typer

from replan.errors import UsageError

if TYPE_CHECKING:
    from replan.batch.portfolio import Request
    from replan.batch.spark_run import Counted
    from replan.present.words import Words


def offer_on_spark(
    request: Request, words: Words, output: str, schedules: str, partitions: int | None
) -> NoReturn:
    """Work on a portfolio with Spark, say what became of all accounts, and end the command."""
    from replan.batch.spark_run import refuse_local, run_on_spark  # noqa: PLC0415 - an extra

    refuse_local(request)
    if find_spec("pyspark") is None or find_spec("pandas") is None:
        raise UsageError('Spark needs more packages: pip install "replan[spark]"')
    if which("java") is None:
        raise UsageError("Spark needs Java 17 or newer: apt install default-jre-headless")
    counted = run_on_spark(request, output=output, schedules_to=schedules, partitions=partitions)
    for line in summary(counted, words):
        typer.echo(line, err=True)
    raise typer.Exit(1 if counted.statuses["reject"] else 0)


def summary(counted: Counted, words: Words) -> list[str]:
    """Say in a few lines what became of all accounts."""
    rows, candidates = counted.statuses.total(), counted.job.candidates
    lines = [words("batch.rows", rows=f"{rows:,}", candidates=f"{candidates:,}")]
    for status in ("offer", "no-offer", "review", "suppressed", "reject"):
        if counted.statuses[status] or status == "offer":
            named = words.term("batch", status)
            lines.append(f"  {named}: {counted.statuses[status]:,}")
    for reason, count in counted.reasons.most_common(12):
        lines.append(f"    {reason}: {count:,}")
    return lines
