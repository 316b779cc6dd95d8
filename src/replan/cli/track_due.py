"""`replan track due`: what is overdue and what comes."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from replan.casebook.agreements import read_agreements
from replan.casebook.status import due_within
from replan.cli.book import BookOption, TodayOption, day_of, opened
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver
from replan.errors import UsageError
from replan.present.track import due_blocks, due_records

_SPAN = re.compile(r"(\d{1,4})\s*(d|days?|天|w|weeks?|周)?", re.IGNORECASE)
WithinOption = Annotated[
    str, typer.Option("--within", metavar="DAYS", help="How far ahead: 7d, 2w.", show_default=True)
]


def days_of(text: str) -> int:
    """Read a span such as 7d or 2w as days; UsageError if it is none."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise UsageError("--within: this is no number of days. Write 7d or 2w.")
    weeks = (found[2] or "d")[0].lower() in "w周"
    return int(found[1]) * (7 if weeks else 1)


@spread_options
def due(
    *,
    within: WithinOption = "7d",
    client: Annotated[
        str | None, typer.Option("--client", metavar="NAME", help="Only this client.")
    ] = None,
    book: BookOption = None,
    today: TodayOption = None,
    printing: Printing,
) -> None:
    """List what is overdue and what falls due within some days, for all clients."""
    target = printing.target()
    with opened(book) as kept:
        found = read_agreements(kept, client)
    data = due_within(found, day_of(today, "--today"), days_of(within))
    deliver(data, Page(due_blocks, due_records), target)
