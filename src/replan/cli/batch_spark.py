"""`replan batch --engine spark`: the same offers, by Apache Spark."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from shutil import which
from typing import TYPE_CHECKING, NoReturn

import typer

from replan.errors import UsageError

if TYPE_CHECKING:
    from replan.batch.portfolio import Request
    from replan.batch.spark_run import Places
    from replan.present.words import Words


def offer_on_spark(
    request: Request, words: Words, places: Places, partitions: int | None
) -> NoReturn:
    """Work on a portfolio with Spark, say what became of all accounts, and end the command."""
    from replan.batch.spark_run import refuse_local, run_on_spark  # noqa: PLC0415 - an extra
    from replan.cli.batch import tell_run  # noqa: PLC0415 - it imports this module

    refuse_local(request)
    check_spark()
    try:
        with _quiet():
            facts = run_on_spark(request, places, partitions=partitions)
    except KeyboardInterrupt:
        typer.echo(words("batch.stopped_on_spark"), err=True)
        raise
    tell_run(facts, places.manifest.rpartition("/")[2], words)
    raise typer.Exit(1 if facts["accounts"].get("reject") or facts["unreadable"] else 0)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the libraries of Spark log away from people: how a stop went on its way.

    What goes wrong is raised, and said in one line.
    """
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def check_spark() -> None:
    """Raise UsageError where Spark, or what it needs, is not installed."""
    if find_spec("pyspark") is None or find_spec("pandas") is None:
        raise UsageError('Spark needs more packages: pip install "replan[spark]"')
    if which("java") is None:
        raise UsageError("Spark needs Java 17 or newer: apt install default-jre-headless")
