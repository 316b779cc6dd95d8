"""Header names and cell words of tables, in English and Chinese, from `data/headers.toml`."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_UNIT = re.compile(r"[(\[【](?P<unit>[^)\]】]{1,12})[)\]】]")
_UNITS = {"%": "%", "pct": "%", "percent": "%", "百分比": "%", "‰": "‰", "万元": "万", "万": "万"}


@dataclass(frozen=True, slots=True)
class Column:
    """What a header means: a key, and what completes a bare number below it."""

    key: str
    suffix: str = ""


def read_header(header: str) -> Column | None:
    """Return what *header* means, or None if the table of names does not have it.

    >>> read_header("年利率(%)")
    Column(key='rate', suffix='%')
    """
    folded = unicodedata.normalize("NFKC", header)
    found = _known().get(fold(_UNIT.sub("", folded))) or _known().get(fold(folded))
    return found and Column(found.key, _unit_in(folded) + found.suffix)


def fold(text: str) -> str:
    """Reduce *text* to its letters and digits, so that spelling habits do not matter."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def nearest_header(header: str) -> str:
    """Return the known name nearest to *header*, or nothing."""
    names = {fold(name): name for column in _table()["column"] for name in column["names"]}
    near = difflib.get_close_matches(fold(header), list(names), n=1, cutoff=0.75)
    return names[near[0]] if near else ""


def read_word(key: str, text: str) -> str:
    """Return the value that *text* means under *key*, or *text* itself."""
    return _words().get((key, fold(text)), text)


def _unit_in(header: str) -> str:
    found = _UNIT.search(header)
    if found and (unit := _UNITS.get(found["unit"].strip().casefold())):
        return unit
    return "%" if header.rstrip().endswith("%") or fold(header).endswith("pct") else ""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("replan.data").joinpath("headers.toml").read_text("utf-8"))


@cache
def _known() -> dict[str, Column]:
    names: dict[str, Column] = {}
    for column in _table()["column"]:
        meaning = Column(column["key"], column.get("suffix", ""))
        names |= {fold(name): meaning for name in (*column["names"], column["key"])}
        names |= {f"{fold(name)}pct": meaning for name in column["names"]}
    # a key that several columns share, such as rate, means its plain form
    return names | {fold(c["key"]): Column(c["key"]) for c in _table()["column"]}


@cache
def _words() -> dict[tuple[str, str], str]:
    return {
        (key, fold(word)): value
        for key, values in _table()["values"].items()
        for value, words in values.items()
        for word in (value, *words)
    }
