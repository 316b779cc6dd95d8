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
