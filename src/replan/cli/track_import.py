"""`replan track import`: what was exported, added to a casebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from replan.casebook.store import writing
from replan.casebook.transfer import import_book
from replan.cli.book import BookOption, opened
from replan.cli.options import LanguageOption
from replan.cli.output import choose_target
from replan.cli.prompts import say
from replan.errors import UsageError

_LARGEST = 2**30


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What replan track export wrote.")],
    *,
    book: BookOption = None,
    lang: LanguageOption = None,
) -> None:
    """Add what was exported; what the casebook has already is left as it is."""
    words = choose_target(None, None, lang).words
    if file.stat().st_size > _LARGEST:
        raise UsageError("The file is too large for an export.")
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise UsageError(
            "The file is no export of a casebook. Write one: replan track export"
        ) from None
    with opened(book) as kept, writing(kept):
        added = import_book(kept, content)
    say(words("track.imported", **added))
