"""Counts as they are said: 24, twenty-four, 二十四."""

from __future__ import annotations

from decimal import Decimal

from replan.model.numerals import CHARACTERS, read_chinese
from replan.model.text import quote

_SMALL = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
NUMBERS = (
    {f"{word}-{_SMALL[n - 1]}": ten + n for word, ten in _TENS.items() for n in range(1, 10)}
    | _TENS
    | {word: n for n, word in reversed(list(enumerate(_SMALL, start=1)))}
)
"""Numbers in words, the longest first."""
COUNT = rf"\d{{1,4}}|[{CHARACTERS}]{{1,4}}|{'|'.join(NUMBERS)}"


def read_count(text: str) -> int:
    """Read 24, twenty-four, 二十四."""
    if text.isdecimal():
        return int(text)
    return NUMBERS[text] if text in NUMBERS else int(read_number(text))


def read_number(text: str) -> Decimal:
    """Read a number in Chinese characters; ValueError where it is not one."""
    number = read_chinese(text)
    if number is None:
        raise ValueError(f"{quote(text)} is not one number")
    return number
