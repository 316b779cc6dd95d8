"""Numbers written in Chinese characters, everyday or financial: 一万二千, 壹仟零伍拾, 三点五.

A form with two readings is none here: 一万二 may be 12,000 or 10,002.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_FINANCIAL = str.maketrans(
    "壹贰叁肆伍陆柒捌玖拾佰仟貳參陸萬億兩点", "一二三四五六七八九十百千二三六万亿两点"
)
_D = "[一二两三四五六七八九]"
# a last digit without a unit stands after 十 or 零 or alone, else it is short for something larger
_SECTION = re.compile(
    rf"(?:(?P<q>{_D})千)?(?:零?(?P<b>{_D})百)?(?:零?(?P<s>{_D}?)(?P<ten>十))?"
    rf"(?:(?:(?<=十)|零|^)(?P<e>{_D}))?"
)
CHARACTERS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟貳參陸萬億兩"


def read_chinese(text: str) -> Decimal | None:
    """Return the number that *text* writes out, below 10¹², or None if it has not one reading.

    >>> read_chinese("壹万贰仟")
    Decimal('12000')
    >>> read_chinese("三点五")
    Decimal('3.5')
    """
    plain = unicodedata.normalize("NFKC", text).translate(_FINANCIAL).replace("〇", "零")
    whole, point, decimals = plain.partition("点")
    number = 0 if whole == "零" else _whole(whole)
    if number is None or (point and not decimals) or not all(c in _DIGITS for c in decimals):
        return None
    return Decimal(f"{number}.{''.join(str(_DIGITS[c]) for c in decimals)}" if point else number)


def _whole(text: str) -> int | None:
    """Read 亿, 万 and the rest, each a section up to 9,999."""
    total, rest = 0, text
    for unit, worth in (("亿", 10**8), ("万", 10**4)):
        front, found, back = rest.partition(unit)
        if found:
            section = _section(front, is_first=not total)
            if not section:
                return None
            total, rest = total + section * worth, back
    if not rest:
        return total or None
    section = _section(rest, is_first=not total)
    return total + section if section else None


def _section(text: str, *, is_first: bool) -> int | None:
    """Read up to 9,999; 零 may stand before it, and must before a lone digit, inside a number."""
    inner = text if is_first else text.removeprefix("零")
    found = _SECTION.fullmatch(inner)
    if not found or not inner or (is_first and inner.startswith("零")):
        return None
    if not is_first and inner in _DIGITS and inner == text:
        return None
    if found["ten"] and not found["s"] and (found["q"] or found["b"]):
        return None
    tens = _DIGITS[found["s"]] if found["s"] else bool(found["ten"])
    parts = (found["q"], found["b"], found["e"])
    thousands, hundreds, units = (_DIGITS[part] if part else 0 for part in parts)
    return thousands * 1000 + hundreds * 100 + tens * 10 + units
