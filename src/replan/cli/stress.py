"""`replan stress`: which plans survive less income, a later return to work, a higher rate."""

from __future__ import annotations

from typing import Annotated

import typer

import replan
from replan.cli.cases import Reading
from replan.cli.groups import spread_options
from replan.cli.options import CaseArgument, CauseOption, ExplainOption, PlansOption
from replan.cli.output import Page, Printing, deliver
from replan.cli.scenarios import Scenario, open_scenario
from replan.cli.solutions import SolutionOption, with_solutions
from replan.present.compare import BASELINES
from replan.present.stress import stress_blocks, stress_records


@spread_options
def stress(
    case: CaseArgument,
    *,
    plan: PlansOption = None,
    solution: SolutionOption = None,
    cause: CauseOption = None,
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
    explain: ExplainOption = False,
    scenario: Scenario,
    reading: Reading,
    printing: Printing,
) -> None:
    """Show which plans survive bad luck, how far income may fall, and cash before pay-day.

    Exit code 1 if the data have errors or no plan survives every test.
    """
    target = printing.target(case)
    opened, changes = open_scenario(case, reading, target.words, scenario)
    plans = [opened.plan(text) for text in with_solutions(plan, solution)]
    chosen = cause or (None if plans else opened.case.hardship.cause)
    data = replan.stress(
        opened.case,
        plans,
        cause=chosen,
        income_fall=income_fall,
        later=later,
        rate_rise=rate_rise,
        rules=replan.rules_for(opened.case),
    )
    deliver({**data, **changes}, Page(stress_blocks, stress_records, explain=explain), target)
    judged = [p for p in data["plans"] if p["plan"] not in BASELINES]
    survives = any(all(t["survives"] for t in p["tests"]) for p in judged)
    raise typer.Exit(1 if opened.faulty or (judged and not survives) else 0)
