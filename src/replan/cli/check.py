"""`replan check`: is a file sound, and what does it say."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer

import replan
from replan.cli.cases import Reading, has_errors, load_source, open_file
from replan.cli.client import deliver_client
from replan.cli.groups import spread_options
from replan.cli.options import CaseArgument, DebtOption, ExplainOption, ViewOption
from replan.cli.output import Page, Printing, deliver
from replan.decide.flat import flats_of
from replan.errors import UsageError
from replan.model.issues import Refused
from replan.model.values import parse_amount
from replan.present.check import check_blocks, check_data, check_records, only_debt
from replan.present.reconcile import reconcile_blocks, reconcile_records


@spread_options
def check(
    case: CaseArgument,
    *,
    debt: DebtOption = None,
    view: ViewOption = "full",
    explain: ExplainOption = False,
    reconcile: Annotated[
        str | None,
        typer.Option(
            "--reconcile",
            metavar="AMOUNT",
            help="The lender's figure for one debt: find the conventions that give it.",
        ),
    ] = None,
    reading: Reading,
    printing: Printing,
) -> None:
    """Validate a case file: every problem with its place, and the balances as read.

    With --reconcile, say instead how the lender may have come to its figure. Exit code 1 if there
    is an error in the data, or no convention gives the figure.
    """
    target = printing.target(case)
    if reconcile is not None:
        opened = open_file(case, reading, target.words)
        figure = read_figure(reconcile, opened.case.currency)
        explained = replan.reconcile(opened.case, figure, debt=opened.debt(debt))
        deliver(explained, Page(reconcile_blocks, reconcile_records), target)
        raise typer.Exit(1 if opened.faulty or not explained["agrees"] else 0)
    loaded, names = load_source(case, reading, target.words)
    data = check_data(loaded, [law_of(one) for one in loaded.cases])
    if debt is not None:
        data = only_debt(data, names.get(debt, debt))
    if view == "client":
        deliver_client("check", data, target, explain=explain)
    else:
        deliver(data, Page(check_blocks, check_records, kind="check", explain=explain), target)
    raise typer.Exit(1 if has_errors(loaded.issues) else 0)


def read_figure(text: str, currency: str) -> Decimal:
    """Read the lender's figure as any amount; UsageError if it is none."""
    try:
        return parse_amount(text, currency=currency)
    except Refused as error:
        raise UsageError(f"--reconcile: {error}") from None


def law_of(case: replan.Case) -> dict[str, Any]:
    """Apply the rule packs of a case's jurisdiction to its debts; say what flat fees cost."""
    rules = replan.rules_for(case)
    return {
        "rules": [pack.id for pack in rules],
        "findings": replan.findings(case, rules),
        "flat": flats_of(case),
    }
