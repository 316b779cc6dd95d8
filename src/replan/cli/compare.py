"""`replan compare`: plans side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

import typer

import replan
from replan.cli.cases import Opened, Reading
from replan.cli.client import deliver_client
from replan.cli.completion import complete_scenario
from replan.cli.groups import spread_options
from replan.cli.options import (
    CaseArgument,
    CauseOption,
    DebtOption,
    ExplainOption,
    NpvRateOption,
    PlansOption,
    PolicyOption,
    SaveAsOption,
    SetOption,
    ViewOption,
)
from replan.cli.output import Page, Printing, Target, deliver
from replan.cli.policies import policies_by_debt
from replan.cli.progress import working
from replan.cli.scenarios import BASE, Scenario, open_scenario
from replan.cli.solutions import SolutionOption, with_solutions
from replan.errors import UsageError
from replan.present.compare import BASELINES, compare_blocks, compare_records, compare_why

_KEPT = ("fits", "tight")


@spread_options
def compare(
    case: CaseArgument,
    *,
    plan: PlansOption = None,
    cause: CauseOption = None,
    debt: DebtOption = None,
    policy: PolicyOption = None,
    npv_rate: NpvRateOption = None,
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
    reading: Reading,
    printing: Printing,
) -> None:
    """Compare plans side by side: what the borrower pays, what the lender gives up, what fits.

    The contract and not paying at all are always there. Exit code 1 if the data have errors or
    no plan can be kept.
    """
    target = printing.target(case)
    wanted = [Scenario(changes=set, name=name, save_as=save_as) for name in scenario or (None,)]
    if len(wanted) > 1 and save_as is not None:
        raise UsageError("--save-as goes with one scenario. Name one.")
    asked = Asked(with_solutions(plan, solution), cause, debt, policy or (), npv_rate)
    cases = (open_scenario(case, reading, target.words, one) for one in wanted)
    found = [(compared(one, changes, asked, target), one.faulty) for one, changes in cases]
    if len(wanted) > 1:
        side_by_side(found, wanted, target, view)
    [(data, faulty)] = found
    if view == "client":
        deliver_client("compare", data, target, explain=explain)
    else:
        blocks = compare_why if why else compare_blocks
        deliver(data, Page(blocks, compare_records, kind="compare", explain=explain), target)
    raise typer.Exit(1 if faulty or nothing_fits(data) else 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be compared: plans, those suggested for a cause, one debt, whose policies."""

    plans: Sequence[str]
    cause: str | None
    debt: str | None
    policies: Sequence[str]
    npv_rate: str | None = None


def compared(
    opened: Opened, changes: Mapping[str, Any], asked: Asked, target: Target
) -> dict[str, Any]:
    """Compare the plans for one case; its own cause suggests some where none is named."""
    case = opened.case
    plans = [opened.plan(text) for text in asked.plans]
    with working(target.words("message.working")):
        found = replan.compare(
            case,
            plans,
            cause=asked.cause or (None if plans else case.hardship.cause),
            debt=opened.debt(asked.debt),
            npv_rate=asked.npv_rate,
            rules=replan.rules_for(case),
            policies=policies_by_debt(opened.keyed(asked.policies), case),
        )
        return {**found.to_dict(), **changes}


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
