"""JSON into plain values, exactly, with the line of every key."""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from replan.errors import Issue
from replan.model.issues import Path, Problem
from replan.model.text import quote

DEPTH_LIMIT = 32
VALUE_LIMIT = 500_000
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


@dataclass(frozen=True, slots=True)
class Document:
    """Decoded JSON, the keys given twice in it, and what is wrong with it as a whole."""

    value: Any = None
    twice: tuple[Path, ...] = ()
    issues: tuple[Issue, ...] = ()


def read_json(text: str, *, name: str) -> Document:
    """Decode *text* without losing a digit.

    Floats become Decimal; NaN and infinities become non-finite Decimals, which no field takes.
    """
    repeats: list[bool] = []

    def as_dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        repeats.append(len(found) != len(pairs))
        return found

    try:
        value = json.loads(
            text,
            parse_float=_exact,
            parse_int=_bounded,
            parse_constant=Decimal,
            object_pairs_hook=as_dict,
        )
    except json.JSONDecodeError as error:
        return Document(issues=(_unreadable(error, name),))
    except RecursionError:
        return Document(issues=(_too_deep(name),))
    if fault := _oversize(value, name):
        return Document(issues=(fault,))
    return Document(value, _given_twice(text) if any(repeats) else ())


def lines_of(text: str, wanted: Collection[Path]) -> dict[Path, int]:
    """Return the line of each key and item of well-formed JSON that is in *wanted*."""
    ends = [found.start() for found in re.finditer("\n", text)]
    return {path: bisect(ends, start) + 1 for path, start in _places(text) if path in wanted}


def _given_twice(text: str) -> tuple[Path, ...]:
    counts = Counter(path for path, _ in _places(text))
    return tuple(path for path, count in counts.items() if count > 1)


def _places(text: str) -> Iterator[tuple[Path, int]]:
    """Yield the path and offset of each key and of each item of a list, in order."""
    path: list[Any] = []
    for found in _TOKENS.finditer(text):
        mark = found[0]
        if mark in "}]":
            path.pop()
        elif mark == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
        elif path and path[-1] is None:
            path[-1] = json.loads(mark)
            yield tuple(path), found.start()
        elif mark != ":":
            if not path or isinstance(path[-1], int):
                yield tuple(path), found.start()
            if mark in "{[":
                path.append(0 if mark == "[" else None)


def _exact(digits: str) -> Decimal | str:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond what Decimal holds: refused as a text
        return digits


def _bounded(digits: str) -> int | Decimal | str:
    return int(digits) if len(digits) <= 18 else _exact(digits)


def _oversize(value: Any, name: str) -> Issue | None:
    """Count levels and values, without recursion; report the first limit that is passed."""
    count, level = 1, [value]
    for _ in range(DEPTH_LIMIT):
        level = [child for item in level for child in _children(item)]
        count += len(level)
        if count > VALUE_LIMIT:
            message = f"The file holds more than {VALUE_LIMIT:,} values."
            return Issue("file-too-large", "error", message, name, "Split it, or use replan batch.")
        if not level:
            return None
    return _too_deep(name)


def _children(item: Any) -> Iterable[Any]:
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, list) else ()


_FAULTS = {
    "Expecting ',' delimiter": "A comma or a closing bracket is missing before it.",
    "Expecting ':' delimiter": "A colon is missing after the key.",
    "Expecting property name enclosed in double quotes": "A key in double quotes is missing, or the"
    " comma before it is one too many; remarks are not allowed.",
    "Illegal trailing comma before end of object": "A key in double quotes is missing, or the"
    " comma before it is one too many; remarks are not allowed.",
    "Expecting value": "A value is missing, or a text without double quotes stands there.",
    "Unterminated string starting at": "A text has no closing quote, or a line break in it.",
    "Invalid control character at": "A text has no closing quote, or a line break in it.",
    "Extra data": "Something stands after the end.",
}
"""What the standard library says of a text that is not JSON, in words of this program."""
_FULL_WIDTH = frozenset("，：；“”‘’｛｝［］【】")


def _unreadable(error: json.JSONDecodeError, name: str) -> Issue:
    what = _FAULTS.get(error.msg, "")
    if error.doc[error.pos : error.pos + 1] in _FULL_WIDTH:
        what = "A full-width sign stands there: write it half-width."
    message = f"The file is not JSON: column {error.colno}."
    near = error.doc[max(error.pos - 20, 0) : error.pos + 20]
    hint = f"{what} Look near {quote(near)}.".lstrip()
    return Issue("json-unreadable", "error", message, f"{name}:{error.lineno}", hint)


def _too_deep(name: str) -> Issue:
    message = f"The file is nested more than {DEPTH_LIMIT} levels deep."
    return Issue("json-depth", "error", message, name, "A case file needs six.")


def key_twice(path: Path) -> Problem:
    """Say that the key at *path* stands more than once."""
    message = f"{quote(path[-1])} is given twice."
    return Problem("json-key-twice", message, "Keep one of them.", path)
