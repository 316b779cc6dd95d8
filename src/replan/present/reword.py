"""Sentences of the program in the reader's language, found by their English with its gaps."""

from __future__ import annotations

import re
from functools import cache

from replan.present.words import Language, Words, load_catalogue

_GROUP = "detail."
_GAP = re.compile(r"\\{(\w)\\}")
_BRACES = re.compile(r"\\{\\{|\\}\\}")
_NEXT = re.compile(r"(?<=[.?]) (?=[A-Z])")
_QUOTED = re.compile(r'"[^"]*"')
_ENDS = (".", "?")


def reword(text: str, words: Words) -> str | None:
    """Return *text* in the language of *words*; None where it has no sentence for it.

    What stands in the gaps is copied as it is, so that a value is quoted as the file has it; a
    gap that holds a sentence of the program is told, too. Several sentences are told one by one,
    and so is one behind the place it is about ("AMOUNT: …"), but only if all can be.
    """
    return (
        _whole(text, words, tight=True)
        or _one_by_one(text, words)
        or _whole(text, words)
        or _behind_its_place(text, words)
    )


def _whole(text: str, words: Words, *, tight: bool = False) -> str | None:
    """Tell a text by one sentence; `tight`: none of its gaps may run over the end of one."""
    for pattern, template in _templates(words.language):
        found = pattern.fullmatch(text)
        if found and not (tight and any(map(_runs_over, found.groupdict().values()))):
            gaps = {name: _told(value, words) for name, value in found.groupdict().items()}
            return template.format(**gaps)
    return None


def _runs_over(value: str) -> bool:
    """Tell whether a sentence ends inside a value, and not inside what it quotes."""
    return len(_sentences_in(value)) > 1


def _sentences_in(text: str) -> list[str]:
    """Part a text where a sentence ends, but not inside what is quoted."""
    plain = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), text)
    ends = [found.span() for found in _NEXT.finditer(plain)]
    begins = [0, *(end for _, end in ends)]
    stops = [*(begin for begin, _ in ends), len(text)]
    return [text[begin:stop] for begin, stop in zip(begins, stops, strict=True)]


def _told(value: str, words: Words) -> str:
    """Tell what stands in a gap, if it is a sentence."""
    return (reword(value, words) if value.endswith(_ENDS) else None) or value


def _one_by_one(text: str, words: Words) -> str | None:
    parts = _sentences_in(text)
    if len(parts) == 1:
        return None
    told = [reword(part, words) for part in parts]
    return None if None in told else "".join(part for part in told if part)


def _behind_its_place(text: str, words: Words) -> str | None:
    place, colon, rest = text.partition(": ")
    told = reword(rest, words) if colon and rest.endswith(_ENDS) else None
    return told and f"{place}：{told}"


@cache
def _templates(language: Language) -> list[tuple[re.Pattern[str], str]]:
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
