"""`replan track history`: everything of a client in order."""

from __future__ import annotations

from typing import Annotated

import typer

from replan.casebook.log import history_of
from replan.cli.book import BookOption, opened
from replan.cli.options import FormatOption, LanguageOption, OutputOption
from replan.cli.output import Page, choose_target, deliver
from replan.present.history import history_blocks, history_records


def history(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="Whose it is.")],
    *,
    book: BookOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    lang: LanguageOption = None,
) -> None:
    """Show everything of a client in order: contacts, offers, agreements, payments."""
    target = choose_target(format, output, lang)
    with opened(book) as kept:
        data = history_of(kept, client)
    deliver(data, Page(history_blocks, history_records), target)
