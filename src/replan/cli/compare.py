"""`replan compare`: plans side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NoReturn

import typer

import replan
from replan.cli.cases import Reading
from replan.cli.client import deliver_client
from replan.cli.completion import complete_cause, complete_plan, complete_scenario
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
from replan.cli.output import Page, Target, choose_target, deliver
from replan.cli.policies import policies_by_debt
from replan.cli.progress import working
from replan.cli.scenarios import BASE, Scenario, open_scenario
from replan.cli.solutions import SolutionOption, with_solutions
from replan.errors import UsageError
from replan.present.compare import BASELINES, compare_blocks, compare_records, compare_why

_KEPT = ("fits", "tight")


def compare(
    case: CaseArgument,
    *,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            metavar="PLAN",
            help='A plan, such as "defer 3 + split 24". Repeatable.',
            autocompletion=complete_plan,
        ),
    ] = None,
    cause: Annotated[
        str | None,
        typer.Option(
            "--cause",
            metavar="CAUSE",
            help="Suggest plans for this cause of hardship; without --plan, the case's own cause.",
            autocompletion=complete_cause,
        ),
    ] = None,
    debt: DebtOption = None,
    policy: PolicyOption = None,
    view: ViewOption = "full",
    explain: ExplainOption = False,
    solution: SolutionOption = None,
    set: SetOption = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="Apply a saved scenario first. Several: side by side; base is the case itself.",
            autocompletion=complete_scenario,
        ),
    ] = None,
    save_as: SaveAsOption = None,
    why: Annotated[
        bool, typer.Option("--why", help="Add each debt's share in the figures.")
    ] = False,
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
    """Compare plans side by side: what the borrower pays, what the lender gives up, what fits.

    The contract and not paying at all are always there. Exit code 1 if the data have errors or
    no plan can be kept.
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
    names: Sequence[str | None] = scenario or (None,)
    wanted = [Scenario(name, tuple(set or ()), save_as) for name in names]
    if len(wanted) > 1 and save_as is not None:
        raise UsageError("--save-as goes with one scenario. Name one.")

    def compared(one: Scenario) -> tuple[dict[str, Any], bool]:
        opened, changes = open_scenario(case, reading, target.words, one)
        plans = [opened.plan(text) for text in with_solutions(plan, solution)]
        chosen = cause or (None if plans else opened.case.hardship.cause)
        with working(target.words("message.working")):
            found = replan.compare(
                opened.case,
                plans,
                cause=chosen,
                debt=opened.debt(debt),
                rules=replan.rules_for(opened.case),
                policies=policies_by_debt(opened.keyed(policy or ()), opened.case),
            )
            return {**found.to_dict(), **changes}, opened.faulty

    if len(wanted) > 1:
        side_by_side([compared(one) for one in wanted], wanted, target, view)
    data, faulty = compared(wanted[0])
    if view == "client":
        deliver_client("compare", data, target, explain=explain)
    else:
        blocks = compare_why if why else compare_blocks
        deliver(data, Page(blocks, compare_records, kind="compare", explain=explain), target)
    raise typer.Exit(1 if faulty or nothing_fits(data) else 0)


def side_by_side(
    found: Sequence[tuple[dict[str, Any], bool]],
    wanted: Sequence[Scenario],
    target: Target,
    view: str,
) -> NoReturn:
    """Deliver several scenarios and stop; the exit code is 1 if no plan fits in any of them."""
    if view == "client":
        raise UsageError("The client's view takes one scenario. Name one.")
    from replan.present.scenarios import (  # noqa: PLC0415 - few runs need it
        scenarios_blocks,
        scenarios_data,
        scenarios_records,
    )

    named = [
        (one.name or BASE, data.get("set", []), data)
        for one, (data, _) in zip(wanted, found, strict=True)
    ]
    deliver(scenarios_data(named), Page(scenarios_blocks, scenarios_records), target)
    faulty = any(fault for _, fault in found)
    raise typer.Exit(1 if faulty or all(nothing_fits(data) for data, _ in found) else 0)


def nothing_fits(data: Mapping[str, Any]) -> bool:
    """Tell whether plans were judged and none of them can be kept; baselines do not count."""
    verdicts = {p["metrics"].get("verdict") for p in data["plans"] if p["plan"] not in BASELINES}
    return "short" in verdicts and verdicts.isdisjoint(_KEPT)
