"""`replan track remind`: reminders to copy, and a calendar with alarms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from replan.casebook.agreements import read_agreements
from replan.casebook.status import calendar_events, due_within
from replan.cli.book import BookOption, ClientArgument, TodayOption, day_of, opened
from replan.cli.groups import spread_options
from replan.cli.options import parse_output
from replan.cli.output import Page, Printing, deliver
from replan.cli.track_due import WithinOption, days_of, write_calendar
from replan.errors import UsageError
from replan.present.remind import calendar as to_calendar
from replan.present.remind import remind_blocks, remind_records, reminders


@spread_options
def remind(
    client: ClientArgument = None,
    *,
    within: WithinOption = "7d",
    calendar: Annotated[
        Path | None,
        typer.Option(
            "--calendar",
            metavar="FILE.ics",
            help="Also write all dates to come of one client as a calendar with alarms.",
            parser=parse_output,
        ),
    ] = None,
    book: BookOption = None,
    today: TodayOption = None,
    printing: Printing,
) -> None:
    """Write a short, considerate reminder of each payment that is overdue or comes soon.

    Each names its own creditor and no other. A calendar tells three days and one day before.
    """
    target = printing.target()
    day, days = day_of(today, "--today"), days_of(within)
    with opened(book) as kept:
        found = read_agreements(kept, client)
    if calendar is not None:
        if len({one.client for one in found}) > 1:
            raise UsageError(
                "A calendar to give away is of one client. Name whose: replan track remind NAME."
                " For yourself, of all clients: replan track due --calendar FILE.ics"
            )
        events = calendar_events(found, day)
        text = to_calendar(events, target.words, today=day) if events else None
        write_calendar(calendar, text, len(events), target.words, key="remind.calendar")
    data = reminders(due_within(found, day, days), target.words)
    deliver(data, Page(remind_blocks, remind_records), target)
