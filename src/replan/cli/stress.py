"""`replan stress`: which plans survive less income, a later return to work, a higher rate."""

from __future__ import annotations

from typing import Annotated

import typer

import replan
from replan.cli.cases import Reading, open_file
from replan.cli.completion import complete_cause, complete_plan
from replan.cli.options import (
    AsOfOption,
    CaseArgument,
    CurrencyOption,
    DatesOption,
    EncodingOption,
    FormatOption,
    JurisdictionOption,
    LanguageOption,
    MapOption,
    OutputOption,
    RedactOption,
    SetOption,
    SheetOption,
    SurplusOption,
)
from replan.cli.output import Page, choose_target, deliver
from replan.present.compare import BASELINES
from replan.present.stress import stress_blocks, stress_records


def stress(
    case: CaseArgument,
    *,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            metavar="PLAN",
            help="A plan to test. Repeatable.",
            autocompletion=complete_plan,
        ),
    ] = None,
    cause: Annotated[
        str | None,
        typer.Option(
            "--cause",
            metavar="CAUSE",
            help="Test the plans suggested for this cause of hardship.",
            autocompletion=complete_cause,
        ),
    ] = None,
    income_fall: Annotated[
        str,
        typer.Option("--income-fall", metavar="P%", help="Certain income falls by this share."),
    ] = "10%",
    later: Annotated[
        int,
        typer.Option(
            "--later",
            metavar="MONTHS",
            min=0,
            max=120,
            help="Expected income comes so many months later than hoped.",
        ),
    ] = 3,
    rate_rise: Annotated[
        str,
        typer.Option("--rate-rise", metavar="P%", help="Every rate rises by so many points."),
    ] = "0%",
    set: SetOption = None,
    surplus: SurplusOption = None,
    as_of: AsOfOption = None,
    currency: CurrencyOption = None,
    jurisdiction: JurisdictionOption = None,
    encoding: EncodingOption = None,
    map: MapOption = None,
    sheet: SheetOption = None,
    dates: DatesOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    redact: RedactOption = False,
    lang: LanguageOption = None,
) -> None:
    """Show which plans survive bad luck, how far income may fall, and cash before pay-day.

    Exit code 1 if the data have errors or no plan survives every test.
    """
    target = choose_target(format, output, lang, source=case)
    reading = Reading(
        as_of,
        currency,
        jurisdiction,
        surplus,
        encoding,
        map or (),
        redact=redact,
        sheet=sheet,
        dates=dates,
    )
    opened = open_file(case, reading, target.words, changes=set or ())
    chosen = cause or (None if plan else opened.case.hardship.cause)
    data = replan.stress(
        opened.case,
        [opened.plan(text) for text in plan or []],
        cause=chosen,
        income_fall=income_fall,
        later=later,
        rate_rise=rate_rise,
    )
    deliver(data, Page(stress_blocks, stress_records), target)
    judged = [p for p in data["plans"] if p["plan"] not in BASELINES]
    survives = any(all(t["survives"] for t in p["tests"]) for p in judged)
    raise typer.Exit(1 if opened.faulty or (judged and not survives) else 0)
