"""`replan track due`: what is overdue and what comes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from replan.casebook.agreements import read_agreements
from replan.casebook.status import calendar_events, due_within
from replan.cli.book import (
    BookOption,
    ClientArgument,
    FormerClientOption,
    TodayOption,
    day_of,
    one_client,
    opened,
)
from replan.cli.groups import spread_options
from replan.cli.options import parse_output
from replan.cli.output import Page, Printing, deliver, write_whole
from replan.cli.prompts import say
from replan.errors import UsageError
from replan.present.remind import counsellors_calendar
from replan.present.track import due_blocks, due_records
from replan.present.words import Words

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


def write_calendar(path: Path, text: str | None, count: int, words: Words, *, key: str) -> None:
    """Write a calendar and say so; where nothing is to come none, for an empty one is none."""
    if text is None:
        say(words("remind.no_dates"))
        return
    write_whole(path, text.encode())
    say(words(key, count=count, path=path))


@spread_options
def due(
    client: ClientArgument = None,
    *,
    within: WithinOption = "7d",
    former: FormerClientOption = None,
    calendar: Annotated[
        Path | None,
        typer.Option(
            "--calendar",
            metavar="FILE.ics",
            help="Also write all dates to come as a calendar for yourself: it names the clients.",
            parser=parse_output,
        ),
    ] = None,
    book: BookOption = None,
    today: TodayOption = None,
    printing: Printing,
) -> None:
    """List what is overdue and what falls due within some days, for all clients."""
    target = printing.target()
    with opened(book) as kept:
        found = read_agreements(kept, one_client(client, former))
    day = day_of(today, "--today")
    if calendar is not None:
        events = calendar_events(found, day)
        text = counsellors_calendar(events, target.words, today=day) if events else None
        write_calendar(calendar, text, len(events), target.words, key="remind.calendar_all")
    data = due_within(found, day, days_of(within))
    deliver(data, Page(due_blocks, due_records), target)
