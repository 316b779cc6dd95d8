"""`replan batch`: offers for every account of a portfolio."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import typer

import replan
from replan.cli.cases import parse_mapping
from replan.cli.options import (
    AsOfOption,
    CurrencyOption,
    EncodingOption,
    JurisdictionOption,
    LanguageOption,
    MapOption,
    SurplusOption,
)
from replan.cli.output import terminal_width
from replan.errors import UsageError
from replan.present.portfolio import fault_line, summary_lines
from replan.present.terminal import wrap
from replan.present.words import Words, choose_language

ListOption = list[str] | None


def batch(
    file: Annotated[
        str | None,
        typer.Argument(help="A .csv, .parquet or .arrow file, a folder of them, or - for stdin."),
    ] = None,
    *,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="POLICY", help="The policy, by name or file.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Offers: .parquet, .arrow or .csv."),
    ] = None,
    offers: Annotated[
        int, typer.Option("--offers", metavar="K", help="How many offers by each objective.")
    ] = 3,
    objective: Annotated[
        ListOption,
        typer.Option(
            "--objective",
            metavar="NAME",
            help="smallest-ask, lowest-payment, soonest or cheapest; with --group smallest-ask, "
            "cheapest, soonest or fairest. Repeatable.",
        ),
    ] = None,
    plan: Annotated[
        str, typer.Option("--plan", metavar="PLAN", help="This plan for all, judged by the policy.")
    ] = "",
    as_of: AsOfOption = None,
    currency: CurrencyOption = None,
    jurisdiction: JurisdictionOption = None,
    surplus: SurplusOption = None,
    map: MapOption = None,
    encoding: EncodingOption = None,
    group: Annotated[
        str,
        typer.Option(
            "--group", metavar="COLUMN", help="Who shares one surplus: rows side by side."
        ),
    ] = "",
    share: Annotated[
        str,
        typer.Option(
            "--share",
            metavar="joint|pro-rata",
            help="With --group: one plan per account chosen together, or each within its part.",
        ),
    ] = "joint",
    carry: Annotated[
        ListOption,
        typer.Option("--carry", metavar="COLUMN", help="Copy a column to the offers. Repeatable."),
    ] = None,
    segment: Annotated[
        ListOption,
        typer.Option("--segment", metavar="COLUMN", help="Count outcomes by a column. Repeatable."),
    ] = None,
    protect: Annotated[
        ListOption,
        typer.Option(
            "--protect",
            metavar="COLUMN",
            help="Count by a column that must decide nothing. Repeatable.",
        ),
    ] = None,
    schedules: Annotated[
        str | None,
        typer.Option("--schedules", metavar="FILE", help="Write each offer's rows, too."),
    ] = None,
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help="List rows that are no accounts, as CSV."),
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="With --rejects: each row's cells, too.")
    ] = False,
    max_rejects: Annotated[
        str,
        typer.Option(
            "--max-rejects", metavar="N|P%", help="Publish nothing if more rows are no accounts."
        ),
    ] = "",
    previous: Annotated[
        str | None,
        typer.Option("--previous", metavar="FILE", help="Earlier offers: say what changed."),
    ] = None,
    worsening: Annotated[
        str,
        typer.Option(
            "--worsening",
            metavar="REASON",
            help="With --previous: why open offers are withdrawn or made worse.",
        ),
    ] = "",
    max_drift: Annotated[
        str,
        typer.Option(
            "--max-drift",
            metavar="P%",
            help="With --previous: publish nothing if a figure of the whole moved by more.",
        ),
    ] = "",
    valid: Annotated[
        int, typer.Option("--valid", metavar="DAYS", help="How long offers hold.")
    ] = 30,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            help="How many processes share the work; two, if there are two processors.",
        ),
    ] = None,
    chunk: Annotated[
        int,
        typer.Option(
            "--chunk", metavar="ROWS", help="Rows that are worked on at a time, 7168 at most."
        ),
    ] = 7_168,
    engine: Annotated[
        Literal["local", "spark"],
        typer.Option("--engine", help="What works: this machine, or Apache Spark."),
    ] = "local",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run was interrupted.")
    ] = False,
    verify: Annotated[
        str | None,
        typer.Option("--verify", metavar="MANIFEST", help="Check the files of an earlier run."),
    ] = None,
    rerun: Annotated[
        bool,
        typer.Option("--rerun", help="With --verify: run it again, and compare every byte."),
    ] = False,
    lang: LanguageOption = None,
) -> None:
    """Give every account of a portfolio its best offers, exactly, in one file.

    Every row of the table is accounted for: offers, a reason for none, or a reject with the field
    at fault. The output does not depend on --workers or --chunk and appears whole or not at all.

    Exit code 0: done. 1: done, but rows were rejected, or --verify found a difference. 2: wrong
    use. The others publish nothing. 3: more rejects than --max-rejects. 4: an open offer would be
    worse and no --worsening was given. 5: a figure moved by more than --max-drift.
    """
    if engine == "local":
        from replan.batch.footprint import be_alone  # noqa: PLC0415 - few commands need it

        be_alone()
    words = Words(choose_language(lang, os.environ))
    if rerun and verify is None:
        raise UsageError("--rerun goes with --verify MANIFEST.")
    if verify is not None:
        check_installed()
        _verify(verify, words, (file or "", chunk, workers) if rerun else None)
    if file is None or policy is None or output is None:
        raise UsageError("Name the table, the policy and the output: FILE --policy POLICY -o OUT.")
    check_installed()
    from replan.batch.local import Pieces  # noqa: PLC0415 - an extra
    from replan.batch.portfolio import Request, run_portfolio  # noqa: PLC0415 - as above

    if chunk < 1 or (workers is not None and workers < 1):
        raise UsageError("--chunk and --workers are numbers from 1 on.")
    said = {
        "as_of": as_of, "currency": currency, "jurisdiction": jurisdiction, "surplus": surplus,
    }  # fmt: skip
    request = Request(
        source=file,
        policy=replan.load_policy(policy),
        policy_name=policy,
        output=Path(output),
        mapping=parse_mapping(map or ()),
        given={key: value for key, value in said.items() if value is not None},
        encoding=encoding,
        top=offers,
        objectives=tuple(objective or ["smallest-ask"]),
        plan=plan,
        valid_days=valid,
        carry=tuple(carry or ()),
        group=group,
        share=share,
        segments=tuple(segment or ()),
        protected=tuple(protect or ()),
        schedules=Path(schedules) if schedules else None,
        rejects=Path(rejects) if rejects else None,
        raw=raw,
        max_rejects=max_rejects,
        previous=Path(previous) if previous else None,
        worsening=worsening,
        max_drift=max_drift,
        resume=resume,
        pieces=Pieces(chunk, workers or Pieces.usual()),
    )
    if engine == "spark":
        from replan.batch.spark_run import Places  # noqa: PLC0415 - an extra
        from replan.cli.batch_spark import offer_on_spark  # noqa: PLC0415 - as above

        # not as Path, which would join slashes
        places = Places(output, schedules or "", rejects or "", previous or "")
        offer_on_spark(request, words, places, workers)
    try:
        with Meter(words) as meter:
            report = run_portfolio(request, progress=meter.add, begin=meter.begin)
    except KeyboardInterrupt:
        typer.echo(words("batch.stopped"), err=True)
        raise
    tell_run(report.facts, report.manifest.name, words)
    raise typer.Exit(1 if report.rejected else 0)


def tell_run(facts: Mapping[str, Any], manifest: str, words: Words) -> None:
    """Say at the end of a run what became of all rows, in lines that fit the terminal."""
    for line in (*summary_lines(facts, words), words("batch.manifest", file=manifest)):
        for part in wrap(line, terminal_width(), indent=HANGING):
            typer.echo(part, err=True)


HANGING = 8
"""By so much the rest of a line that does not fit stands in."""


def check_installed() -> None:
    """Raise UsageError where the package for tables is not installed."""
    from importlib.util import find_spec  # noqa: PLC0415 - only here

    if any(find_spec(name) is None for name in ("pyarrow", "thrift")):
        raise UsageError('A batch needs more packages: pip install "replan[batch]"')


def _verify(manifest: str, words: Words, again: tuple[str, int, int | None] | None) -> None:
    """Check files, or run again what a manifest says; exit code 1 if something differs."""
    from replan.batch.local import Pieces  # noqa: PLC0415 - an extra
    from replan.batch.manifest import read_manifest  # noqa: PLC0415 - as above
    from replan.batch.rerun import rerun  # noqa: PLC0415 - as above

    if again is None:
        faults, done = _file_faults(manifest), words("batch.verified")
    else:
        source, chunk, workers = again
        pieces = Pieces(chunk, workers or Pieces.usual())
        with Meter(words) as meter:
            found = rerun(
                Path(manifest), source=source, pieces=pieces, progress=meter.add, begin=meter.begin
            )
        on_spark = read_manifest(Path(manifest)).get("engine") == "spark"
        faults, done = found, words("batch.same_rows" if on_spark else "batch.same")
        if faults:
            typer.echo(words("batch.differs"), err=True)
    for fault in faults:
        typer.echo(fault_line(fault, words), err=True)
    if not faults:
        typer.echo(done)
    raise typer.Exit(1 if faults else 0)


def _file_faults(manifest: str) -> list[dict[str, str]]:
    """Compare the files of a run with its manifest, by Spark where only Spark reads them."""
    from replan.batch import manifest as record  # noqa: PLC0415 - an extra

    told = {} if record.is_remote(manifest) else record.read_manifest(Path(manifest))
    if told and not record.is_far(told):
        return record.file_faults(told, record.look_beside(Path(manifest)))
    from replan.batch.spark_proof import verify_on_spark  # noqa: PLC0415 - an extra
    from replan.cli.batch_spark import check_spark  # noqa: PLC0415 - as above

    check_spark()
    return verify_on_spark(manifest)


class Meter:
    """Progress on a terminal: rows, rows a second, and how long the rest takes."""

    def __init__(self, words: Words) -> None:
        self.words, self.rows, self.done, self.began = words, 0, 0, time.monotonic()
        self.shows = sys.stderr is not None and sys.stderr.isatty()

    def begin(self, rows: int | None) -> None:
        """Note how many rows there are, if that is known."""
        self.rows, self.began = rows or 0, time.monotonic()

    def add(self, rows: int) -> None:
        """Note that rows are done."""
        self.done += rows
        if not self.shows:
            return
        rate = self.done / max(time.monotonic() - self.began, 1e-3)
        line = self.words("batch.progress", rows=f"{self.done:,}", rate=f"{rate:,.0f}")
        if self.rows > self.done:
            left = (self.rows - self.done) / max(rate, 1e-3)
            line += self.words("batch.left", minutes=f"{left / 60:.1f}")
        typer.echo(f"\r{line}\x1b[K", err=True, nl=False)

    def __enter__(self) -> Self:
        """Begin to count."""
        return self

    def __exit__(self, *_: object) -> None:
        """Clear the line, also before what stopped the work is said."""
        if self.shows:
            typer.echo("\r\x1b[K", err=True, nl=False)
