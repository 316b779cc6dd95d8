"""How a phrase becomes steps: its pattern, with macros for values, and the parameters it gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count

from .spoken_words import MACROS

Says = tuple[str, Mapping[str, str]]
"""A step's name and its parameters, each a text with the names of what was said in braces."""
_MACRO = re.compile(r"<[A-Z]>")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say one step, or several at once."""

    pattern: str
    says: tuple[Says, ...]

    def matched(self, phrase: str) -> dict[str, str] | None:
        """Give what was said, by name, if the phrase is of this form from first to last."""
        found = compiled(self.pattern).fullmatch(phrase)
        return None if found is None else said_in(found)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A phrase with several readings: each is written so that it has one."""

    pattern: str
    readings: tuple[str, ...]


def form(step: str, pattern: str, *also: Says, **params: str) -> Form:
    """Make a form of a step, and of others that the same words say."""
    return Form(pattern, ((step, params), *also))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first tried: an offer needs few of them."""
    seen = count()
    text = _MACRO.sub(lambda found: _named(MACROS[found[0]], next(seen)), pattern)
    return re.compile(text, re.IGNORECASE)


def _named(macro: str, number: int) -> str:
    """Give the groups of a macro names of their own: a pattern may say the same in two ways."""
    return re.sub(r"\?P<(\w+)>", rf"?P<\1_{number}>", macro)


def said_in(found: re.Match[str]) -> dict[str, str]:
    """Give what was said, by name; the numbers of the groups are left out."""
    said = {name: text.strip() for name, text in found.groupdict().items() if text}
    return {name.partition("_")[0]: text for name, text in said.items()}
