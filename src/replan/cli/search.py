"""`replan search`: every plan that a policy allows for one debt, and the few worth a look."""

from __future__ import annotations

from typing import Annotated

import typer

import replan
from replan.cli.cases import Reading
from replan.cli.groups import spread_options
from replan.cli.options import CaseArgument, ExplainOption, PolicyOption
from replan.cli.output import Page, Printing, deliver
from replan.cli.policies import choose_policy
from replan.cli.progress import working
from replan.cli.scenarios import Scenario, open_scenario
from replan.present.search import search_blocks, search_records


@spread_options
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
    explain: ExplainOption = False,
    scenario: Scenario,
    reading: Reading,
    printing: Printing,
) -> None:
    """Search all plans that a lender's policy allows for one debt; show a few that differ.

    Every candidate is computed exactly. What the other debts take comes off the surplus first.
    Exit code 1 if the data have errors or no plan fits; then the nearest one is shown.
    """
    target = printing.target(case)
    opened, changes = open_scenario(case, reading, target.words, scenario)
    shown = opened.names.get(debt, debt)
    chosen = choose_policy(opened.keyed(policy or ()), opened.case, shown)
    with working(target.words("message.working")):
        found = replan.search(
            opened.case,
            shown,
            policy=chosen,
            others=opened.plan(others),
            top=top,
            rules=replan.rules_for(opened.case),
        )
        data = {**found.to_dict(everything=all), **changes}
    deliver(data, Page(search_blocks, search_records, explain=explain), target)
    raise typer.Exit(1 if opened.faulty or not data["fitting"] else 0)
