"""`replan show`: one plan in full."""

from __future__ import annotations

from typing import Annotated

import typer

import replan
from replan.cli.cases import Reading
from replan.cli.client import deliver_client
from replan.cli.completion import complete_plan, complete_scenario
from replan.cli.options import (
    AsOfOption,
    CaseArgument,
    CurrencyOption,
    DatesOption,
    DebtOption,
    EncodingOption,
    ExplainOption,
    FormatOption,
    JurisdictionOption,
    LanguageOption,
    MapOption,
    OutputOption,
    PolicyOption,
    RedactOption,
    SaveAsOption,
    SetOption,
    SheetOption,
    SurplusOption,
    ViewOption,
)
from replan.cli.output import Page, choose_target, deliver
from replan.cli.policies import policies_by_debt
from replan.cli.scenarios import Scenario, open_scenario
from replan.cli.solutions import SolutionOption, with_solutions
from replan.errors import UsageError
from replan.present.show import show_blocks, show_records


def show(
    case: CaseArgument,
    *,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            metavar="PLAN",
            help='The plan: "defer 3 + split 24".',
            autocompletion=complete_plan,
        ),
    ] = None,
    solution: SolutionOption = None,
    debt: DebtOption = None,
    policy: PolicyOption = None,
    view: ViewOption = "full",
    explain: ExplainOption = False,
    why: Annotated[
        bool, typer.Option("--why", help="Explain the figures down to formula and inputs.")
    ] = False,
    set: SetOption = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="Apply a saved scenario first.",
            autocompletion=complete_scenario,
        ),
    ] = None,
    save_as: SaveAsOption = None,
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
    """Show one plan in full: each debt's steps, what the creditor is asked for, every date.

    Exit code 1 if the data have errors.
    """
    plans = with_solutions(plan, solution)
    if not plans:
        raise UsageError('Name a plan: --plan "defer 3 + split 24", or --solution FILE')
    if len(plans) > 1:
        raise UsageError("show takes one plan. To see several side by side: replan compare")
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
    wanted = Scenario(scenario, tuple(set or ()), save_as)
    opened, changes = open_scenario(case, reading, target.words, wanted)
    data = replan.show(
        opened.case,
        opened.plan(plans[0]),
        debt=opened.debt(debt),
        why=why,
        rules=replan.rules_for(opened.case),
        policies=policies_by_debt(opened.keyed(policy or ()), opened.case),
    ).to_dict()
    data |= changes
    if view == "client":
        deliver_client("show", data, target, explain=explain)
    else:
        deliver(data, Page(show_blocks, show_records, kind="show", explain=explain), target)
    raise typer.Exit(1 if opened.faulty else 0)
