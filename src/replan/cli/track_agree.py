"""`replan track agree`: a plan that a creditor has accepted."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

import replan
from replan.casebook.agreements import Consent, read_agreement, replace_agreement, standing_beside
from replan.casebook.agreements import agree as keep
from replan.casebook.status import status_of
from replan.casebook.store import writing
from replan.cli.book import BookOption, ClientOption, TodayOption, day_of, opened, recording_time
from replan.cli.cases import Reading, open_file
from replan.cli.completion import complete_plan
from replan.cli.groups import spread_options
from replan.cli.options import CaseArgument, DebtOption
from replan.cli.output import Page, Printing, deliver
from replan.cli.prompts import say
from replan.cli.solutions import SolutionOption, with_solutions
from replan.errors import UsageError
from replan.present.track import agreed_blocks, status_records


@spread_options
def agree(
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
    client: ClientOption = None,
    agreed_with: Annotated[
        str, typer.Option("--with", metavar="NAME", help="Who agreed for the creditor.")
    ] = "",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day; by default it is today.")
    ] = None,
    confirmed: Annotated[
        Literal["letter", "recording", "app", "none"],
        typer.Option("--confirmed", help="How it was confirmed."),
    ] = "none",
    document: Annotated[
        Path | None,
        typer.Option(
            "--document",
            metavar="FILE",
            help="The document that confirms it: its name and SHA-256 are kept.",
        ),
    ] = None,
    grace: Annotated[
        int,
        typer.Option(
            "--grace",
            metavar="DAYS",
            min=0,
            max=31,
            help="How many days after a due date a payment is still in time.",
        ),
    ] = 0,
    replaces: Annotated[
        list[int] | None,
        typer.Option(
            "--replaces",
            metavar="AGREEMENT",
            help="The agreement whose place it takes. Repeatable.",
        ),
    ] = None,
    book: BookOption = None,
    today: TodayOption = None,
    reading: Reading,
    printing: Printing,
) -> None:
    """Record a plan that a creditor has accepted, with its case, its dates and its conditions.

    Without --debt an agreement is recorded for each debt that the plan changes. The client is
    named by --client, else by the case's reference or name.
    """
    plans = with_solutions(plan, solution)
    if len(plans) != 1:
        raise UsageError('Name the plan that was accepted: --plan "defer 3 + split 24"')
    target = printing.target(case)
    found = open_file(case, reading, target.words)
    shown = replan.show(found.case, found.plan(plans[0]), debt=found.debt(debt))
    borrower = found.case.borrower
    name = client or borrower.reference or borrower.name or ""
    day = day_of(on, "--on") if on else day_of(today, "--today")
    if day > day_of(today, "--today"):
        raise UsageError("The agreement lies ahead. Record it once it has been made.")
    consent = Consent(
        on=day, by=agreed_with, confirmed=confirmed, grace=grace, **_document(document)
    )
    with opened(book) as kept, writing(kept):
        new = keep(kept, shown, client=name, consent=consent, now=recording_time())
        recorded = [read_agreement(kept, number) for number in new]
        for number in replaces or ():
            replace_agreement(kept, read_agreement(kept, number), recorded[0], day)
        standing = standing_beside(kept, recorded)
    data = status_of(recorded, day_of(today, "--today"), full=True)
    deliver(data, Page(agreed_blocks, status_records), target)
    for number, older in standing.items():
        listed = target.words("list.separator").join(map(str, older))
        say(target.words("track.standing", id=number, older=listed))
    raise typer.Exit(1 if found.faulty else 0)


def _document(path: Path | None) -> dict[str, Any]:
    """Give the name and the SHA-256 of a document; the document itself is not kept."""
    if path is None:
        return {}
    with path.open("rb") as file:
        return {"document": path.name, "digest": hashlib.file_digest(file, "sha256").hexdigest()}
