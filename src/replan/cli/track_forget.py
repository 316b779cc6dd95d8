"""`replan track forget`: a client deleted for good."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from replan.casebook.entries import client_number
from replan.casebook.store import forget_client
from replan.casebook.transfer import export_book
from replan.cli.book import BookOption, opened
from replan.cli.options import LanguageOption
from replan.cli.output import choose_target
from replan.cli.prompts import say
from replan.errors import UsageError


def forget(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="Who is to be forgotten.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    book: BookOption = None,
    lang: LanguageOption = None,
) -> None:
    """Delete a client with all cases, agreements, payments, contacts and offers, for good.

    What is deleted is overwritten and the file is rebuilt. Backups and exports are yours to delete.
    """
    words = choose_target(None, None, lang).words
    with opened(book) as kept:
        number = client_number(kept, client)
        if not yes:
            held = export_book(kept, client)
            entries = sum(len(held[name]) for name in ("payments", "contacts", "offers"))
            if sys.stdin is None or not sys.stdin.isatty():
                raise UsageError("This cannot be undone. Say so: replan track forget CLIENT --yes")
            question = words("track.sure", agreements=len(held["agreements"]), entries=entries)
            if not typer.confirm(question, err=True):
                raise typer.Exit(1)
        rebuilt = forget_client(kept, number)
    say(words("track.forgotten"))
    if not rebuilt:
        say(words("track.not_rebuilt"))
        raise typer.Exit(1)
