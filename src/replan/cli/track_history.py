"""`replan track history`: everything of a client in order."""

from __future__ import annotations

from typing import Annotated

import typer

from replan.casebook.log import history_of
from replan.cli.book import BookOption, opened
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver
from replan.present.history import history_blocks, history_records


@spread_options
def history(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="Whose it is.")],
    *,
    book: BookOption = None,
    printing: Printing,
) -> None:
    """Show everything of a client in order: contacts, offers, agreements, payments."""
    target = printing.target()
    with opened(book) as kept:
        data = history_of(kept, client)
    deliver(data, Page(history_blocks, history_records), target)
