"""`replan compare`: plans side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

import replan
from replan.cli.cases import Reading, open_file
from replan.cli.options import (
    AsOfOption,
    CaseArgument,
    CurrencyOption,
    DebtOption,
    EncodingOption,
    FormatOption,
    JurisdictionOption,
    LanguageOption,
    MapOption,
    OutputOption,
    RedactOption,
    SetOption,
    SurplusOption,
    ViewOption,
)
from replan.cli.output import Page, choose_target, deliver
from replan.present.client import comparison_blocks, comparison_client_records
from replan.present.client_data import client_comparison
from replan.present.compare import BASELINES, compare_blocks, compare_records, compare_why

_KEPT = ("fits", "tight")


def compare(
    case: CaseArgument,
    *,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan", metavar="PLAN", help='A plan, such as "defer 3 + split 24". Repeatable.'
        ),
    ] = None,
    cause: Annotated[
        str | None,
        typer.Option(
            "--cause",
            metavar="CAUSE",
            help="Suggest plans for this cause of hardship; without --plan, the case's own cause.",
        ),
    ] = None,
    debt: DebtOption = None,
    view: ViewOption = "full",
    set: SetOption = None,
    why: Annotated[
        bool, typer.Option("--why", help="Add each debt's share in the figures.")
    ] = False,
    surplus: SurplusOption = None,
    as_of: AsOfOption = None,
    currency: CurrencyOption = None,
    jurisdiction: JurisdictionOption = None,
    encoding: EncodingOption = None,
    map: MapOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    redact: RedactOption = False,
    lang: LanguageOption = None,
) -> None:
    """Compare plans side by side: what the borrower pays, what the lender gives up, what fits.

    The contract and not paying at all are always there. Exit code 1 if the data have errors or
    no plan can be kept.
    """
    target = choose_target(format, output, lang, source=case)
    reading = Reading(as_of, currency, jurisdiction, surplus, encoding, map or (), redact)
    opened = open_file(case, reading, target.words, changes=set or ())
    plans = [opened.plan(one) for one in plan or []]
    chosen = cause or (None if plans else opened.case.hardship.cause)
    data = replan.compare(opened.case, plans, cause=chosen, debt=opened.debt(debt)).to_dict()
    if view == "client":
        shown = client_comparison(data, target.words)
        deliver(shown, Page(comparison_blocks, comparison_client_records), target)
    else:
        deliver(data, Page(compare_why if why else compare_blocks, compare_records), target)
    raise typer.Exit(1 if opened.faulty or nothing_fits(data) else 0)


def nothing_fits(data: Mapping[str, Any]) -> bool:
    """Tell whether plans were judged and none of them can be kept; baselines do not count."""
    verdicts = {p["metrics"].get("verdict") for p in data["plans"] if p["plan"] not in BASELINES}
    return "short" in verdicts and verdicts.isdisjoint(_KEPT)
