"""Text that may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replan.model.text import clean_text, is_clean, quote


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain 海川银行", "plain 海川银行"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x9b31mred", "31mred"),
        ("a\u202eb\u2066c", "abc"),
        ("a\r\nb\tc", "a b c"),
        ("\ud800x", "x"),
        ("bell\x07", "bell"),
    ],
)
def test_what_steers_a_terminal_is_removed(text: str, expected: str) -> None:
    """Escapes, control characters, direction overrides and lone surrogates go; text stays."""
    assert expected == clean_text(text)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """What has been cleaned is clean."""
    once = clean_text(text)

    assert is_clean(once)
    assert once == clean_text(once)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", '"a"'),
        (True, "true"),
        (None, "null"),
        ([1], "a list"),
        ({}, "an object"),
        (10**5000, "a number beyond 10^60"),
        ("x" * 99, f'"{"x" * 60}…"'),
    ],
    ids=range(7),
)
def test_values_are_quoted_short(value: object, expected: str) -> None:
    """A message never carries a value of a megabyte."""
    assert expected == quote(value)
