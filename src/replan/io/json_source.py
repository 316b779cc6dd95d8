"""JSON into plain values, exactly, with the line of every key."""

from __future__ import annotations

import json
import re
from bisect import bisect
from decimal import Decimal, InvalidOperation
from typing import Any

from replan.errors import Issue
from replan.model.issues import Path, Problem
from replan.model.text import quote

DEPTH_LIMIT = 32
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def read_json(text: str, *, name: str) -> tuple[Any, list[Issue]]:
    """Decode *text* without losing a digit; return the value, or None and what is wrong.

    Floats become Decimal; NaN and infinities become non-finite Decimals, which no field takes.
    """
    try:
        value = json.loads(text, parse_float=_exact, parse_int=_bounded, parse_constant=_not_finite)
    except json.JSONDecodeError as error:
        return None, [_unreadable(error, name)]
    except RecursionError:
        return None, [_too_deep(name)]
    return (None, [_too_deep(name)]) if _depth(value) > DEPTH_LIMIT else (value, [])


def lines_of(text: str) -> tuple[dict[Path, int], list[Problem]]:
    """Return the line of each key and item of well-formed JSON, and the keys given twice."""
    ends = [found.start() for found in re.finditer("\n", text)]
    lines: dict[Path, int] = {}
    twice: list[Problem] = []
    path: list[Any] = []
    kinds: list[str] = []
    for found in _TOKENS.finditer(text):
        mark, line = found[0], bisect(ends, found.start()) + 1
        if mark in "}]":
            path.pop()
            kinds.pop()
        elif mark == ",":
            path[-1] = path[-1] + 1 if kinds[-1] == "[" else None
        elif mark in "{[":
            lines.setdefault(tuple(path), line)
            kinds.append(mark)
            path.append(0 if mark == "[" else None)
        elif mark != ":" and kinds and kinds[-1] == "{" and path[-1] is None:
            path[-1] = json.loads(mark)
            if tuple(path) in lines:
                twice.append(_key_twice(tuple(path)))
            lines[tuple(path)] = line
        elif mark != ":":
            lines.setdefault(tuple(path), line)
    return lines, twice


def _exact(digits: str) -> Decimal | str:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond what Decimal holds: refused as a text
        return digits


def _bounded(digits: str) -> int | Decimal | str:
    return int(digits) if len(digits) <= 18 else _exact(digits)


def _not_finite(name: str) -> Decimal:
    return Decimal(name)


def _depth(value: Any) -> int:
    """Count the levels of nesting, without recursion."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


def _unreadable(error: json.JSONDecodeError, name: str) -> Issue:
    what = error.msg[:1].lower() + error.msg[1:]
    message = f"The file is not JSON: {what} at column {error.colno}."
    near = error.doc[max(error.pos - 20, 0) : error.pos + 20]
    hint = f"Look near {quote(near)}."
    return Issue("json-unreadable", "error", message, f"{name}:{error.lineno}", hint)


def _too_deep(name: str) -> Issue:
    message = f"The file is nested more than {DEPTH_LIMIT} levels deep."
    return Issue("json-depth", "error", message, name, "A case file needs six.")


def _key_twice(path: Path) -> Problem:
    message = f"{quote(path[-1])} is given twice."
    return Problem("json-key-twice", message, "Keep one of them.", path)
