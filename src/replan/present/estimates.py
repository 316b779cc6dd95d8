"""Estimates and open questions for people: what a result rests on, and what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from replan.model.estimates import AMOUNTS
from replan.present.blocks import Block, Heading, Lines
from replan.present.figures import amount
from replan.present.words import Words

Record = Mapping[str, Any]


def estimate_blocks(data: Record, words: Words) -> Iterator[Block]:
    """Say that the figures rest on estimates, and on which; nothing where all is known."""
    entries = data.get("estimated", ())
    if entries:
        yield Lines((words("estimate.stands_on"),), tone="bad")
        yield Lines(tuple(_line(entry, words) for entry in entries), indent=3)


def question_blocks(data: Record, words: Words) -> Iterator[Block]:
    """List what to ask the lender."""
    asked = data.get("questions", ())
    if asked:
        yield Heading(words("estimate.questions"))
        yield Lines(tuple(question_line(entry, words) for entry in asked), indent=3)


def estimated_fields(data: Record, debt: str) -> frozenset[str]:
    """Return the fields of *debt* that are estimates."""
    return frozenset(e["field"] for e in data.get("estimated", ()) if e["debt"] == debt)


def question_line(question: Record, words: Words) -> str:
    """Print a question: one's own words as they are, else those of the field it is about."""
    text = question.get("text") or words.term("question", str(question.get("about")))
    if not question.get("debt"):
        return str(text)
    return words("compare.legend", mark=question["debt"], meaning=text)


def _line(entry: Record, words: Words) -> str:
    shown = {"debt": entry["debt"], "field": words.term("field", entry["field"])}
    ends = {name: _value(entry, name) for name in ("value", "low", "high")}
    ranged = entry.get("low") and entry.get("high")
    return words("estimate.between" if ranged else "estimate.line", **shown, **ends)


def _value(entry: Record, name: str) -> str:
    value = entry.get(name)
    return amount(value) if entry["field"] in AMOUNTS else str(value)
