"""`replan new --paste`: values out of a pasted text, each confirmed before it is taken."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from replan.cli.output import Page, choose_target, deliver
from replan.cli.prompts import say
from replan.errors import UsageError
from replan.intake.paste import TEXT_SIZE, Candidate, choose, find_values, read_text
from replan.present.paste import paste_blocks, paste_records
from replan.present.words import Words, read_data

_TERMINAL = Path("/dev/tty")
_OF_CASE = ("as_of", "currency")


def read_paste(words: Words) -> str:
    """Return the text on stdin; on a terminal, say how to end it."""
    if sys.stdin is None:
        raise UsageError("There is no standard input to read the text from.")
    if sys.stdin.isatty():
        say(words("paste.type"))
    return read_text(sys.stdin.buffer.read(4 * TEXT_SIZE))


def candidates_in(text: str, *, as_of: date) -> list[Candidate]:
    """Return what the text says."""
    return find_values(text, tomllib.loads(read_data("paste.toml")), as_of=as_of)


def show_candidates(candidates: Sequence[Candidate], words: Words) -> None:
    """Print what was found, numbered, with the words it comes from."""
    found = [
        {"number": n, "field": c.name, "value": c.value, "doubt": c.doubt, "snippet": c.snippet}
        for n, c in enumerate(candidates, start=1)
    ]
    page = Page(lambda *page: list(paste_blocks(*page)), paste_records)
    target = choose_target("table", None, words.language)
    deliver({"replan": 1, "found": found}, page, target)


def accepted(
    candidates: Sequence[Candidate], wanted: str | None, words: Words
) -> dict[str, str] | None:
    """Return what was accepted, by option or on the terminal; None if nothing was."""
    if wanted is not None:
        try:
            return keyed(choose(candidates, wanted))
        except ValueError as error:
            raise UsageError(f"--accept: {words(f'paste.bad_{error}')}") from error
    if not (sys.stderr is not None and sys.stderr.isatty() and sys.stdout.isatty()):
        return None
    return _ask(candidates, words)


def _ask(candidates: Sequence[Candidate], words: Words) -> dict[str, str] | None:
    """Ask on the terminal itself: stdin has held the text. Later questions are read there too."""
    try:
        sys.stdin = _TERMINAL.open(encoding="utf-8")
    except OSError:
        return None
    while True:
        say(words("paste.which"))
        typer.echo("> ", nl=False, err=True)
        line = sys.stdin.readline().strip()
        if not line:
            return None
        try:
            return keyed(choose(candidates, line))
        except ValueError as error:
            say(words(f"paste.bad_{error}"))


def keyed(chosen: dict[str, str]) -> dict[str, str]:
    """Return values of a text under the keys of the interview's answers."""
    return {k if k in _OF_CASE else f"debts.0.{k}": text for k, text in chosen.items()}
