"""`replan show`: one plan in full."""

from __future__ import annotations

from typing import Annotated

import typer

import replan
from replan.cli.cases import Reading
from replan.cli.client import deliver_client
from replan.cli.groups import spread_options
from replan.cli.options import (
    CaseArgument,
    DebtOption,
    ExplainOption,
    NpvRateOption,
    PlanOption,
    PolicyOption,
    ViewOption,
)
from replan.cli.output import Page, Printing, deliver
from replan.cli.policies import policies_by_debt
from replan.cli.scenarios import Scenario, open_scenario
from replan.cli.solutions import SolutionOption, with_solutions
from replan.errors import UsageError
from replan.present.show import show_blocks, show_records


@spread_options
def show(
    case: CaseArgument,
    *,
    plan: PlanOption = None,
    solution: SolutionOption = None,
    debt: DebtOption = None,
    policy: PolicyOption = None,
    npv_rate: NpvRateOption = None,
    view: ViewOption = "full",
    explain: ExplainOption = False,
    why: Annotated[
        bool, typer.Option("--why", help="Explain the figures down to formula and inputs.")
    ] = False,
    scenario: Scenario,
    reading: Reading,
    printing: Printing,
) -> None:
    """Show one plan in full: each debt's steps, what the creditor is asked for, every date.

    Exit code 1 if the data have errors.
    """
    plans = with_solutions(plan, solution)
    if not plans:
        raise UsageError('Name a plan: --plan "defer 3 + split 24", or --solution FILE')
    if len(plans) > 1:
        raise UsageError("show takes one plan. To see several side by side: replan compare")
    target = printing.target(case)
    opened, changes = open_scenario(case, reading, target.words, scenario)
    data = replan.show(
        opened.case,
        opened.plan(plans[0]),
        debt=opened.debt(debt),
        why=why,
        npv_rate=npv_rate,
        rules=replan.rules_for(opened.case),
        policies=policies_by_debt(opened.keyed(policy or ()), opened.case),
    ).to_dict()
    data |= changes
    if view == "client":
        deliver_client("show", data, target, explain=explain)
    else:
        deliver(data, Page(show_blocks, show_records, kind="show", explain=explain), target)
    raise typer.Exit(1 if opened.faulty else 0)
