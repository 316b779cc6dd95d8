"""Templates of one's own, in place of those that come with the program."""

from __future__ import annotations

from pathlib import Path

from replan.errors import UsageError
from replan.present.pack import TEMPLATES, shipped_templates
from replan.present.templates import Template
from replan.present.words import Words

LARGEST = 100_000
"""A template is a page or two."""
_SUFFIX = ".txt"


def read_templates(folder: Path | None, words: Words) -> dict[str, Template]:
    """Return all templates of a language; a file in *folder* takes the place of ours.

    Files of the folder `en` or `zh` in it go before those beside. Raises UsageError on a file
    whose name is none of a template, that is too large or not UTF-8.
    """
    found = shipped_templates(words)
    if folder is None:
        return found
    if not folder.is_dir():
        raise UsageError(f"--templates: {folder} is no folder.")
    for place in (folder, folder / words.language):
        for path in sorted(place.glob(f"*{_SUFFIX}")):
            found[_name(path)] = Template(str(path), _text(path))
    return found


def _name(path: Path) -> str:
    name = path.name.removesuffix(_SUFFIX)
    if name not in TEMPLATES:
        known = ", ".join(f"{one}{_SUFFIX}" for one in TEMPLATES)
        raise UsageError(f"{path} is no template. There is: {known}.")
    return name


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise UsageError(f"{path} is too large for a template.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8. Save it as UTF-8.") from None
