"""`replan track backup`: a copy of the casebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from replan.casebook.store import back_up
from replan.cli.book import BookOption, opened
from replan.cli.options import LanguageOption, parse_output
from replan.cli.output import choose_target
from replan.cli.prompts import say


def backup(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="The copy; no file of its name yet.", parser=parse_output
        ),
    ],
    *,
    book: BookOption = None,
    lang: LanguageOption = None,
) -> None:
    """Copy the casebook into a new private file, also while it is in use."""
    words = choose_target(None, None, lang).words
    with opened(book) as kept:
        back_up(kept, file)
    say(words("track.backed_up", path=file))
