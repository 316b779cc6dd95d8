"""What a creditor is asked for, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from replan.present.words import Words


def ask_line(ask: Mapping[str, Any] | str, words: Words) -> str:
    """Print an ask: by its code where the language has words for it, else in its own English."""
    if isinstance(ask, str):
        return ask
    template = words.find(f"ask.{ask.get('code')}")
    if template is None:
        return str(ask["text"])
    return template.format_map(_values(ask.get("values") or {}, words))


def _values(values: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return the values as words; a language with templates has the words for their values."""
    shown = {name: _text(value, words) for name, value in values.items()}
    if "from" in values:
        shown |= {
            "start": shown["from"] or words("when.from-now"),
            "end": shown.get("to") or words("when.to-end"),
        }
    count = values.get("n")
    shown["span"] = words("when.span", n=count) if count else words("when.span-end")
    return shown


def _text(value: object, words: Words) -> str:
    if isinstance(value, list | tuple):
        return "、".join(words.term("component", str(one)) for one in value)
    text = str(value)
    kind, _, count = text.partition(":")
    if kind == "on-time":
        return words("when.on-time", n=count)
    return words.find(f"when.{text}") or text
