"""Explanations of terms, each below the part of a page in which it first appears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replan.model.text import clean_text
from replan.present.blocks import Block, Heading, Lines, Table
from replan.present.words import Words


def with_explanations(blocks: Sequence[Block], words: Words) -> Iterator[Block]:
    """Yield *blocks*, and after each what its terms mean that were not explained before.

    A term is what stands as a head, in the first column or as a heading, word for word.
    """
    terms = _terms(words)
    for block in blocks:
        yield block
        found = [name for name in dict.fromkeys(_names(block)) if name in terms]
        lines = [words("compare.legend", mark=name, meaning=terms.pop(name)) for name in found]
        if lines:
            yield Lines(tuple(lines), tone="quiet", indent=2)


def _terms(words: Words) -> dict[str, str]:
    """Return what each term means, by the words under which it is shown."""
    start = "explain."
    keys = [key.removeprefix(start) for key in words.keys(start)]
    return {words(key): words(f"explain.{key}") for key in reversed(keys)}


def _names(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from (clean_text(cell.text) for cell in block.heads)
        yield from (clean_text(row[0].text) for row in block.rows)
    elif isinstance(block, Heading):
        yield block.text
