"""Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import json

import pytest

from replan.present.blocks import Block, Heading, Lines, Preformatted, number, table
from replan.present.formats import disarm, escape, to_csv, to_json, to_markdown


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("'=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("'+1 555", "+1 555"),
        ("'-1+1", "-1+1"),
        ("'@SUM(A1)", "@SUM(A1)"),
        ("'=1", "  =1"),
        ("'x", "\tx"),
        ("'x", "\rx"),
        ("'＝1", "＝1"),
        ("-12.50", "-12.50"),
        ("-0.0314", -0.0314),
        ("27", 27),
        ("", None),
        ("Bank (A)", "Bank (A)"),
    ],
)
def test_formulas_are_disarmed_and_numbers_are_not(expected: str, value: object) -> None:
    """A text that a spreadsheet would compute begins with an apostrophe."""
    assert expected == disarm(value)


def test_csv_quotes_what_needs_it() -> None:
    """A comma or a quote in a name stays inside its cell."""
    text = to_csv([{"debt": 'a "b", c', "total": "1.00"}])

    assert [["debt", "total"], ['a "b", c', "1.00"]] == list(csv.reader(text.splitlines()))


def test_csv_of_nothing_is_an_empty_line() -> None:
    """Nothing to print is no fault."""
    assert "\n" == to_csv([])


def test_markdown_shows_markup_and_html_as_text() -> None:
    """Neither a pipe nor a tag nor a link in a name does anything."""
    expected = r"\|a\| &lt;script&gt; \[x\](y) \*b\*"
    assert expected == escape("|a| <script> [x](y) *b*")


def test_markdown_of_all_blocks() -> None:
    """Headings, lists, tables aligned as numbers, and charts as code."""
    blocks: list[Block] = [
        Heading("T", level=1),
        Lines(("one",)),
        table(["k", number("v")], [["a|b", number("1")]], keys=1),
        Preformatted(("██",)),
    ]
    expected = "# T\n\n- one\n\n| k | v |\n|---|---:|\n| a\\|b | 1 |\n\n```\n██\n```\n"
    assert expected == to_markdown(blocks)


def test_json_keeps_chinese_as_it_is() -> None:
    """JSON is readable and parses back."""
    text = to_json({"plan": "方案"})

    assert "方案" in text
    assert {"plan": "方案"} == json.loads(text)
