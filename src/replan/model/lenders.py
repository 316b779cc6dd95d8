"""Kinds of licensed lenders, read from names that must say them."""

from __future__ import annotations

import re
from functools import lru_cache

_BY_NAME = (
    (r"消费金融", "consumer-finance"),
    (r"小额贷款|小贷", "small-loan"),
    (r"汽车金融", "auto-finance"),
    (r"信托", "trust"),
    (r"典当", "pawn"),
    (r"银行|\bbank\b", "bank"),
)
NAMED_KINDS = tuple(kind for _, kind in _BY_NAME)
"""The kinds that a name can tell."""


@lru_cache(maxsize=4096)  # every rule asks anew, of few names
def kind_by_name(name: str) -> str | None:
    """Read the kind of a licensed lender from its name, where the name must say it."""
    return next((kind for part, kind in _BY_NAME if re.search(part, name, re.IGNORECASE)), None)


def kind_words(name: str) -> str:
    """Return the words of a lender's name that say its kind; empty where none do."""
    found = (re.search(part, name, re.IGNORECASE) for part, _ in _BY_NAME)
    return next((match[0] for match in found if match), "")
