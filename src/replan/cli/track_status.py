"""`replan track status`: agreed against actual."""

from __future__ import annotations

from typing import Annotated

import typer

from replan.casebook.agreements import read_agreement, read_agreements
from replan.casebook.status import status_of
from replan.cli.book import BookOption, TodayOption, day_of, opened
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver
from replan.present.track import status_blocks, status_records


@spread_options
def status(
    client: Annotated[
        str | None,
        typer.Argument(metavar="CLIENT", help="One client in full; else all, briefly."),
    ] = None,
    *,
    agreement: Annotated[
        int | None, typer.Option("--agreement", metavar="AGREEMENT", help="Only this agreement.")
    ] = None,
    book: BookOption = None,
    today: TodayOption = None,
    printing: Printing,
) -> None:
    """Show agreed against actual: what was paid and missed, what remains, what comes next.

    Of one client also the payments, which conditions hold, and what paying off today would save.
    """
    target = printing.target()
    with opened(book) as kept:
        if agreement is None:
            found = read_agreements(kept, client)
        else:
            found = [read_agreement(kept, agreement)]
    full = client is not None or agreement is not None
    data = status_of(found, day_of(today, "--today"), full=full)
    deliver(data, Page(status_blocks, status_records), target)
