"""Sentences of the program in the reader's language, found by their English with its gaps."""

from __future__ import annotations

import re
from functools import cache

from replan.present.words import Language, Words, load_catalogue

_GROUP = "detail."
_GAP = re.compile(r"\\{(\w)\\}")
_BRACES = re.compile(r"\\{\\{|\\}\\}")


def reword(text: str, words: Words) -> str | None:
    """Return *text* in the language of *words*; None where it has no sentence for it.

    What stands in the gaps is copied as it is, so that a value is quoted as the file has it.
    """
    for pattern, template in _sentences(words.language):
        found = pattern.fullmatch(text)
        if found:
            return template.format(**found.groupdict())
    return None


@cache
def _sentences(language: Language) -> list[tuple[re.Pattern[str], str]]:
    """Compile the sentences, those with the most words of their own first."""
    known = [
        (key.removeprefix(_GROUP), text)
        for key, text in load_catalogue(language).items()
        if key.startswith(_GROUP)
    ]
    known.sort(key=lambda pair: -len(re.sub(r"{\w}", "", pair[0])))
    return [(_pattern(english), text) for english, text in known]


def _pattern(english: str) -> re.Pattern[str]:
    """Make a pattern of a sentence with gaps such as {a}; doubled braces stand for themselves."""
    escaped = _GAP.sub(r"(?P<\1>.+?)", re.escape(english))
    return re.compile(_BRACES.sub(lambda found: found[0][:2], escaped), re.DOTALL)
