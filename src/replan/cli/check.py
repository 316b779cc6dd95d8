"""`replan check`: is a file sound, and what does it say."""

from __future__ import annotations

import typer

from replan.cli.cases import Reading, has_errors, load_source
from replan.cli.options import (
    AsOfOption,
    CaseArgument,
    CurrencyOption,
    EncodingOption,
    FormatOption,
    JurisdictionOption,
    LanguageOption,
    MapOption,
    OutputOption,
    RedactOption,
    SurplusOption,
)
from replan.cli.output import Page, choose_target, deliver
from replan.present.check import check_blocks, check_data, check_records


def check(
    case: CaseArgument,
    *,
    as_of: AsOfOption = None,
    currency: CurrencyOption = None,
    jurisdiction: JurisdictionOption = None,
    surplus: SurplusOption = None,
    encoding: EncodingOption = None,
    map: MapOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    redact: RedactOption = False,
    lang: LanguageOption = None,
) -> None:
    """Validate a case file: every problem with its place, and the balances as read.

    Exit code 1 if there is an error in the data.
    """
    target = choose_target(format, output, lang, source=case)
    reading = Reading(as_of, currency, jurisdiction, surplus, encoding, map or (), redact)
    loaded = load_source(case, reading, target.words)
    deliver(check_data(loaded), Page(check_blocks, check_records), target)
    raise typer.Exit(1 if has_errors(loaded.issues) else 0)
