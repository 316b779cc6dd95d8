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

from replan.model.currency import EXPONENTS

HEADER_LIMIT = 80
_UNIT = re.compile(
    r"[(\[【{](?P<inside>[^)\]】}]{1,20})[)\]】}]"
    r"|[\s_,/:;-]{1,3}(?P<after>(?:in )?[^\s_,/:;()-]{1,9})\s*$"
    r"|[\s_]in (?P<phrase>(?:[a-z]{3} )?thousands|thousands of [a-z]{3,7})\s*$",
    re.IGNORECASE,
)
_PERIODS = (
    ("/day", re.compile(r"日|天|per day|daily|/d\b|a day|p\.?d\b", re.IGNORECASE)),
    ("/month", re.compile(r"月|per month|monthly|/m\b|a month|/mo\b|p\.?m\b", re.IGNORECASE)),
)
_UNITS = {
    **dict.fromkeys(("%", "pct", "percent", "百分比", "百分数"), "%"),
    **dict.fromkeys(("‰", "千分比"), "‰"),
    **dict.fromkeys(("万元", "万", "万元人民币", "人民币万元", "rmb万元"), "万"),
    **dict.fromkeys(("千元", "千", "thousand", "thousands", "in thousands", "000", "000s"), "千"),
    **dict.fromkeys(("'000", "$000", "£000", "€000", "$'000", "£'000", "€'000", "k"), "千"),
}
_PLAIN_UNITS = frozenset({"元", "yuan", "dollars", "pounds", "euros"})
_CURRENCIES = {
    "rmb": "CNY",
    "人民币": "CNY",
    "人民币元": "CNY",
    "美元": "USD",
    "港币": "HKD",
    "£": "GBP",
}
_CURRENCIES |= {"€": "EUR", "us$": "USD", "欧元": "EUR", "英镑": "GBP"}


RATES = frozenset({"rate", "penalty_rate"})


@dataclass(frozen=True, slots=True)
class Column:
    """What a header means: a key, what completes a bare number below it, and its currency."""

    key: str
    suffix: str = ""
    currency: str = ""


def read_header(header: str) -> Column | None:
    """Return what *header* means, or None if the table of names does not have it.

    >>> read_header("年利率(%)")
    Column(key='rate', suffix='%', currency='')
    >>> read_header("Balance (USD)").currency
    'USD'
    """
    if len(header) > HEADER_LIMIT:
        return None
    folded = unicodedata.normalize("NFKC", header)
    found = _known().get(fold(folded)) or _known().get(fold(_without_unit(folded)))
    if not found:
        return None
    scale, currency, period = _unit_in(folded)
    period = period if found.key in RATES and not found.suffix else ""
    return Column(found.key, (scale or _percent(folded)) + period + found.suffix, currency)


def read_mixed(header: str) -> tuple[str, str] | None:
    """Return the nearest key and why it is not read, of a well-known name for several things."""
    folded = unicodedata.normalize("NFKC", header[:HEADER_LIMIT])
    return _mixed().get(fold(folded)) or _mixed().get(fold(_without_unit(folded)))


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


def _without_unit(header: str) -> str:
    """Leave out brackets, and a last word that is a unit."""

    def keep_others(found: re.Match[str]) -> str:
        is_unit = found["inside"] or (found["after"] or "") in _PLAIN_UNITS or any(_unit_of(found))
        return "" if is_unit else found[0]

    return _UNIT.sub(keep_others, header)


def _unit_in(header: str) -> tuple[str, str, str]:
    """Return the scale, the currency and the period that a header states, each or nothing."""
    units = [_unit_of(found) for found in _UNIT.finditer(header)] or [("", "", "")]
    scale, currency, period = (next(filter(None, part), "") for part in zip(*units, strict=True))
    return scale, currency, period


def _unit_of(found: re.Match[str]) -> tuple[str, str, str]:
    unit = next(filter(None, found.groups())).strip().casefold()
    words = [unit, *re.split(r"[\s,/]+", unit)]
    scale = next((_UNITS[word] for word in words if word in _UNITS), "")
    codes = [_CURRENCIES.get(word, word.upper()) for word in words]
    currency = next((code for code in codes if code in EXPONENTS), "")
    period = next((name for name, form in _PERIODS if form.search(unit)), "")
    return scale, currency, period


def _percent(header: str) -> str:
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
def _mixed() -> dict[str, tuple[str, str]]:
    entries = _table()["mixed"]
    return {fold(n): (entry["key"], entry["why"]) for entry in entries for n in entry["names"]}


@cache
def _words() -> dict[tuple[str, str], str]:
    return {
        (key, fold(word)): value
        for key, values in _table()["values"].items()
        for value, words in values.items()
        for word in (value, *words)
    }
