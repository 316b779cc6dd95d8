"""Text that people bring in: what may be shown on a terminal, and how a value is quoted."""

from __future__ import annotations

import re
import unicodedata

TEXT_LIMIT = 500
QUOTE_LIMIT = 60

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.?", re.DOTALL
)
_BLANKS = re.compile(r"[\t\r\n\v\f\u2028\u2029]+")
_KEPT_FORMATS = "\u200c\u200d"  # joiners that some scripts and emoji need


def clean_text(text: str) -> str:
    r"""Remove terminal escapes, control characters, bidi overrides and lone surrogates.

    Line breaks and tabs become one space; outer blanks go. Everything else stays as written.

    >>> clean_text("A\x1b[31mB\u202eC")
    'ABC'
    """
    flat = _BLANKS.sub(" ", _ESCAPES.sub("", text))
    if flat.isprintable():  # no character of any kind that is removed; ten million in no time
        return flat.strip()
    return "".join(c for c in flat if _is_harmless(c)).strip()


def is_clean(text: str) -> bool:
    """Tell whether *text* holds nothing that `clean_text` removes, blanks aside."""
    return text.isprintable() or all(_is_harmless(c) for c in _BLANKS.sub(" ", text))


def _is_harmless(char: str) -> bool:
    return char in _KEPT_FORMATS or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


def quote(value: object) -> str:
    """Quote *value* for a message: cleaned, clipped, in double quotes if it is text.

    Long numbers are clipped as well, so that a message never carries a million digits.
    """
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, dict | list | tuple):
        return "a list" if isinstance(value, list | tuple) else "an object"
    if isinstance(value, int) and abs(value) > 10**QUOTE_LIMIT:
        return f"a number beyond 10^{QUOTE_LIMIT}"
    text = clean_text(_clip(str(value)))
    return f'"{text}"' if isinstance(value, str) else text


def _clip(text: str) -> str:
    return text if len(text) <= QUOTE_LIMIT else f"{text[:QUOTE_LIMIT]}…"
