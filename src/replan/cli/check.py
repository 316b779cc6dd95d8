"""`replan check`: is a file sound, and what does it say."""

from __future__ import annotations

import typer

import replan
from replan.cli.cases import Reading, has_errors, load_source
from replan.cli.options import (
    AsOfOption,
    CaseArgument,
    CurrencyOption,
    DatesOption,
    DebtOption,
    EncodingOption,
    FormatOption,
    JurisdictionOption,
    LanguageOption,
    MapOption,
    OutputOption,
    RedactOption,
    SheetOption,
    SurplusOption,
    ViewOption,
)
from replan.cli.output import Page, choose_target, deliver
from replan.present.check import check_blocks, check_data, check_records, only_debt
from replan.present.client import check_client_blocks, check_client_records
from replan.present.client_data import client_check


def check(
    case: CaseArgument,
    *,
    debt: DebtOption = None,
    view: ViewOption = "full",
    as_of: AsOfOption = None,
    currency: CurrencyOption = None,
    jurisdiction: JurisdictionOption = None,
    surplus: SurplusOption = None,
    encoding: EncodingOption = None,
    map: MapOption = None,
    sheet: SheetOption = None,
    dates: DatesOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    redact: RedactOption = False,
    lang: LanguageOption = None,
) -> None:
    """Validate a case file: every problem with its place, and the balances as read.

    Exit code 1 if there is an error in the data.
    """
    target = choose_target(format, output, lang, source=case)
    reading = Reading(
        as_of,
        currency,
        jurisdiction,
        surplus,
        encoding,
        map or (),
        redact,
        sheet=sheet,
        dates=dates,
    )
    loaded = load_source(case, reading, target.words)
    found = [replan.findings(one, replan.rules_for(one)) for one in loaded.cases]
    data = check_data(loaded, found)
    if debt is not None:
        data = only_debt(data, debt)
    if view == "client":
        deliver(client_check(data), Page(check_client_blocks, check_client_records), target)
    else:
        deliver(data, Page(check_blocks, check_records, kind="check"), target)
    raise typer.Exit(1 if has_errors(loaded.issues) else 0)
