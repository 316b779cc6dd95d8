"""Numbers in Chinese characters."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replan.model.numerals import read_chinese

UNITS = ("", "十", "百", "千")


def section(number: int, *, leads: bool) -> str:
    """Write 1 to 9,999 out, with 零 where the form asks for it."""
    text, gap = "", not leads and number < 1000
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + UNITS[place]
        gap = not digit and (bool(text) or not leads)
    return text


def written(number: int) -> str:
    """Write a number below 10¹² out."""
    text = ""
    for worth, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // worth % 10**4
        text += section(part, leads=not text) + unit if part else ""
    return text


@given(st.integers(1, 10**12 - 1))
def test_numbers_written_out_are_read(number: int) -> None:
    """Every number has a form that is read, everyday or financial."""
    text = written(number)
    financial = text.translate(
        str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
    )

    assert [number, number] == [read_chinese(text), read_chinese(financial)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("十五", 15), ("两万", 20000), ("一万五百", 10500), ("三点五", "3.5"), ("〇", 0)],
)
def test_everyday_forms_are_read(text: str, expected: int | str) -> None:
    """A leading 一 of 十 and a 零 before a named unit may be left out."""
    assert Decimal(expected) == read_chinese(text)


@pytest.mark.parametrize(
    "text", ["", "一万二", "一千二", "二百五", "零五", "一二", "万", "点五", "三点", "十百", "1"]
)
def test_forms_with_two_readings_or_none_are_refused(text: str) -> None:
    """一万二 may be 12,000 or 10,002."""
    assert read_chinese(text) is None
