"""`replan search`: every plan that a policy allows for one debt, and the few worth a look."""

from __future__ import annotations

from typing import Annotated

import typer

import replan
from replan.cli.cases import Reading, open_file
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
    PolicyOption,
    RedactOption,
    SetOption,
    SheetOption,
    SurplusOption,
)
from replan.cli.output import Page, choose_target, deliver
from replan.cli.policies import choose_policy
from replan.cli.progress import working
from replan.present.search import search_blocks, search_records


def search(
    case: CaseArgument,
    *,
    debt: Annotated[str, typer.Option("--debt", metavar="ID", help="The debt to search for.")],
    policy: PolicyOption = None,
    others: Annotated[
        str,
        typer.Option(
            "--others", metavar="PLAN", help="What the other debts pay; by default their contracts."
        ),
    ] = "contract",
    top: Annotated[
        int | None, typer.Option("--top", metavar="K", help="How many plans to choose.")
    ] = None,
    all: Annotated[
        bool, typer.Option("--all", help="List every plan on the front, not only the choice.")
    ] = False,
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
    """Search all plans that a lender's policy allows for one debt; show a few that differ.

    Every candidate is computed exactly. What the other debts take comes off the surplus first.
    Exit code 1 if the data have errors or no plan fits; then the nearest one is shown.
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
    opened = open_file(case, reading, target.words, changes=set or ())
    shown = opened.names.get(debt, debt)
    chosen = choose_policy(opened.keyed(policy or ()), opened.case, shown)
    with working(target.words("message.working")):
        found = replan.search(
            opened.case, shown, policy=chosen, others=opened.plan(others), top=top
        )
        data = found.to_dict(everything=all)
    deliver(data, Page(search_blocks, search_records), target)
    raise typer.Exit(1 if opened.faulty or not data["fitting"] else 0)
