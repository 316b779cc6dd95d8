"""Templates: those that ship, written to be changed, and those of one's own, read back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from replan.cli.options import LanguageOption
from replan.cli.packs import write_pack
from replan.cli.prompts import say
from replan.errors import UsageError
from replan.present.pack import TEMPLATES, Paper, shipped_templates
from replan.present.templates import Template
from replan.present.words import LANGUAGES, Words, choose_language

LARGEST = 100_000
"""A template is a page or two."""
_SUFFIX = ".txt"


def templates(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to write: new, or empty.")
    ],
    *,
    lang: LanguageOption = None,
) -> None:
    """Write the templates that ship into a folder, a file for each document and language.

    Change what you need, remove the rest, and name the folder: replan propose --templates DIR.
    """
    words = Words(choose_language(lang, os.environ))
    papers = [
        Paper(f"{language}/{template.name}", template.text.encode())
        for language in LANGUAGES
        for template in shipped_templates(Words(language)).values()
    ]
    write_pack(folder, papers, replace=False)
    say(words("template.written", count=len(papers), folder=folder))


def read_templates(folder: Path | None, words: Words) -> dict[str, Template]:
    """Return all templates of a language; a file in *folder* takes the place of ours.

    Files of the folder `en` or `zh` in it go before those beside. Raises UsageError where there is
    none, on a file whose name is none of a template, that is empty, too large or not UTF-8.
    """
    found = shipped_templates(words)
    if folder is None:
        return found
    if not folder.is_dir():
        raise UsageError(f"--templates: {folder} is no folder.")
    for place in (folder, folder / words.language):
        for path in sorted(place.glob(f"*{_SUFFIX}")):
            found[_name(path)] = Template(str(path), _text(path), own=True)
    if not any(template.own for template in found.values()):
        raise UsageError(f"--templates: {folder} holds no template. There is: {_known()}.")
    return found


def _known() -> str:
    return ", ".join(f"{one}{_SUFFIX}" for one in TEMPLATES)


def _name(path: Path) -> str:
    name = path.name.removesuffix(_SUFFIX)
    if name not in TEMPLATES:
        raise UsageError(f"{path} is no template. There is: {_known()}.")
    return name


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise UsageError(f"{path} is too large for a template.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8. Save it as UTF-8.") from None
    if not text.strip():
        raise UsageError(f"{path} is empty. Write it, or remove it: then ours is used.")
    return text
