"""`replan solve`: one plan per debt, chosen together, so that every month fits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

import replan
from replan.cli.cases import Opened, Reading
from replan.cli.groups import spread_options
from replan.cli.options import CaseArgument, ExplainOption, PolicyOption
from replan.cli.output import Page, Printing, deliver
from replan.cli.policies import choose_policy
from replan.cli.progress import working
from replan.cli.scenarios import Scenario, open_scenario
from replan.decide.solver.choose import Limits
from replan.decide.solver.joint import OBJECTIVES
from replan.errors import UsageError
from replan.present.solve import solve_blocks, solve_records


@spread_options
def solve(
    case: CaseArgument,
    *,
    policy: PolicyOption = None,
    objective: Annotated[
        str,
        typer.Option("--objective", metavar="AIM", help=f"What is best: {', '.join(OBJECTIVES)}."),
    ] = "smallest-ask",
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit",
            metavar="SECONDS",
            min=0.1,
            help="Stop the search so long after the start with the best plan found; another run may"
            " find another. All candidates are made first, however long that takes.",
        ),
    ] = None,
    explain: ExplainOption = False,
    scenario: Scenario,
    reading: Reading,
    printing: Printing,
) -> None:
    """Choose one plan per debt, together: every month fits, proved the best of all candidates.

    Secured and priority debts keep their contract and are served first, unless --policy names
    them. Exit code 1 if the data have errors or nothing fits; then what is missing is shown.
    """
    target = printing.target(case)
    opened, changes = open_scenario(case, reading, target.words, scenario)
    if objective not in OBJECTIVES:
        raise UsageError(f'There is no objective "{objective}". Use {", ".join(OBJECTIVES)}.')
    with working(target.words("message.working")):
        found = replan.solve(
            opened.case,
            policies_of(opened, policy),
            objective=objective,
            rules=replan.rules_for(opened.case),
            limits=None if time_limit is None else Limits(left=_until(time_limit)),
        )
        data = {**found.to_dict(), **changes}
    deliver(data, Page(solve_blocks, solve_records, explain=explain), target)
    raise typer.Exit(1 if opened.faulty or not data["plan"] else 0)


def policies_of(opened: Opened, given: Sequence[str] | None) -> dict[str, replan.Policy]:
    """Choose a policy for every debt that plans touch, and for those that are named."""
    keyed = opened.keyed(given or ())
    named = {value.partition("=")[0] for value in keyed if "=" in value}
    return {
        debt.id: choose_policy(keyed, opened.case, debt.id)
        for debt in opened.case.debts
        if debt.id in named or not debt.comes_first
    }


def _until(seconds: float) -> Callable[[], float]:
    """Count down from a number of seconds."""
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()
