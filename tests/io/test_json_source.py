"""JSON, exactly and with places."""

from __future__ import annotations

from decimal import Decimal

import pytest

from replan.io.json_source import lines_of, read_json

TEXT = """{
  "a": [
    1, {"b": "x,]}\\"{"},
    []
  ],
  "c": {"d": {}}
}"""


def test_numbers_are_exact() -> None:
    """No float comes near an amount."""
    assert {"a": Decimal("0.10"), "b": 7} == read_json('{"a": 0.10, "b": 7}', name="x").value


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("a",), 2),
        (("a", 0), 3),
        (("a", 1), 3),
        (("a", 1, "b"), 3),
        (("a", 2), 4),
        (("c", "d"), 6),
    ],
)
def test_each_key_and_item_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    """Marks inside texts are no structure."""
    assert {path: line} == lines_of(TEXT, {path})


def test_keys_given_twice_are_found_at_any_depth() -> None:
    """JSON readers keep the last one in silence; a debt must not lose a figure that way."""
    found = read_json('{"a": [{"b": 1, "b": 2}], "c": {"d": 1}, "a": 0}', name="x").twice

    assert (("a",), ("a", 0, "b")) == found


@pytest.mark.parametrize("text", ["{'a': 1}", '{"a": 01}', '{"a": 1,}', "{", '"', "nul", "[1 2]"])
def test_what_is_not_json_names_the_line(text: str) -> None:
    """The message points to the place."""
    (issue,) = read_json("\n" + text, name="x.json").issues

    assert ("json-unreadable", "x.json:2") == (issue.code, issue.where)
