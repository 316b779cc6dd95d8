"""`replan track status`: agreed against actual."""

from __future__ import annotations

from typing import Annotated

import typer

from replan.casebook.agreements import read_agreement, read_agreements
from replan.casebook.status import status_of
from replan.cli.book import BookOption, TodayOption, day_of, opened
from replan.cli.options import FormatOption, LanguageOption, OutputOption
from replan.cli.output import Page, choose_target, deliver
from replan.present.track import status_blocks, status_records


def status(
    client: Annotated[
        str | None,
        typer.Argument(metavar="[CLIENT]", help="One client in full; else all, briefly."),
    ] = None,
    *,
    agreement: Annotated[
        int | None, typer.Option("--agreement", metavar="AGREEMENT", help="Only this agreement.")
    ] = None,
    book: BookOption = None,
    today: TodayOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    lang: LanguageOption = None,
) -> None:
    """Show agreed against actual: what was paid and missed, what remains, what comes next.

    Of one client also the payments, which conditions hold, and what paying off today would save.
    """
    target = choose_target(format, output, lang)
    with opened(book) as kept:
        if agreement is None:
            found = read_agreements(kept, client)
        else:
            found = [read_agreement(kept, agreement)]
    full = client is not None or agreement is not None
    data = status_of(found, day_of(today, "--today"), full=full)
    deliver(data, Page(status_blocks, status_records), target)
