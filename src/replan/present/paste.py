"""What a pasted text says, for people: each value with the words it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.words import Words

Record = Mapping[str, Any]


def paste_blocks(data: Record, words: Words, _width: int = 80) -> Iterator[Block]:
    """Lay out the candidates, numbered; where there is a doubt it stands beside the value."""
    found: Sequence[Record] = data["found"]
    yield Heading(words("paste.title"), level=1)
    heads: list[Cell | str] = [number(words("paste.number")), words("paste.field")]
    heads += [words(f"paste.{name}") for name in ("value", "doubt", "found")]
    yield table(heads, [_row(entry, words) for entry in found], keys=2)
    names = [entry["field"] for entry in found]
    if len(set(names)) < len(names):
        yield Lines((words("paste.several"),))


def paste_records(data: Record) -> list[dict[str, object]]:
    """Flatten the candidates for CSV, one record each."""
    return [dict(entry) for entry in data["found"]]


def _row(entry: Record, words: Words) -> list[Cell | str]:
    value = words.term(str(entry["field"]), str(entry["value"]))
    doubt = words.term("doubt", entry["doubt"]) if entry["doubt"] else ""
    field = words.term("pasted", str(entry["field"]))
    return [number(str(entry["number"])), field, value, doubt, entry["snippet"]]
