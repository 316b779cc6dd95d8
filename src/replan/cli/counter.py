"""`replan counter`: a lender's offer, judged while the clerk waits."""

from __future__ import annotations

from typing import Annotated

import typer

import replan
from replan.cli.cases import Opened, Reading
from replan.cli.groups import spread_options
from replan.cli.options import CaseArgument, ExplainOption, NpvRateOption, PolicyOption
from replan.cli.output import Page, Printing, deliver
from replan.cli.policies import choose_policy
from replan.cli.progress import working
from replan.cli.scenarios import Scenario, open_scenario
from replan.present.counter import counter_blocks, counter_records


@spread_options
def counter(
    case: CaseArgument,
    *,
    debt: Annotated[str, typer.Option("--debt", metavar="ID", help="The debt the offer is for.")],
    offer: Annotated[
        str,
        typer.Option(
            "--offer", metavar="OFFER", help='Their offer: a plan, or "24 instalments, 20% down".'
        ),
    ],
    ours: Annotated[
        str | None,
        typer.Option("--ours", metavar="OFFER", help="What we proposed last, in the same forms."),
    ] = None,
    others: Annotated[
        str,
        typer.Option(
            "--others", metavar="PLAN", help="What the other debts pay; by default their contracts."
        ),
    ] = "contract",
    policy: PolicyOption = None,
    recovery: Annotated[
        str | None,
        typer.Option(
            "--recovery",
            metavar="SHARE",
            help="What the lender would collect without an agreement: 35%. Nothing is assumed.",
        ),
    ] = None,
    recovery_months: Annotated[
        int | None,
        typer.Option("--recovery-months", metavar="N", help="After so many months."),
    ] = None,
    collection_cost: Annotated[
        str | None,
        typer.Option("--collection-cost", metavar="AMOUNT", help="What collecting costs it."),
    ] = None,
    npv_rate: NpvRateOption = None,
    explain: ExplainOption = False,
    scenario: Scenario,
    reading: Reading,
    printing: Printing,
) -> None:
    """Judge a lender's counter-offer: yes or no, what to say, and what would make it affordable.

    The page is for your eyes: it names the borrower's limit. Exit code 0 if the offer fits, 1 if it
    does not, if that cannot be judged, or if the data have errors.
    """
    target = printing.target(case)
    opened, changes = open_scenario(case, reading, target.words, scenario)
    shown = opened.names.get(debt, debt)
    with working(target.words("message.working")):
        judged = replan.counter(
            opened.case,
            shown,
            _said(opened, offer),
            ours=None if ours is None else _said(opened, ours),
            others=opened.plan(others),
            policy=choose_policy(opened.keyed(policy), opened.case, shown) if policy else None,
            recovery=recovery,
            recovery_months=recovery_months,
            collection_cost=collection_cost,
            npv_rate=npv_rate,
            rules=replan.rules_for(opened.case),
        )
        data = {**judged.to_dict(), **changes}
    deliver(data, Page(counter_blocks, counter_records, explain=explain), target)
    raise typer.Exit(1 if opened.faulty or not judged.fits else 0)


def _said(opened: Opened, offer: str) -> str:
    """Let an offer that names a debt name it as the case does now."""
    if not opened.names:
        return offer
    from replan.decide.redact import hide  # noqa: PLC0415 - few runs need it

    return hide(offer, opened.names)
