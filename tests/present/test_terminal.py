"""Blocks as text for a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.terminal import to_text, wrap


def test_columns_line_up_by_display_width() -> None:
    """A Chinese character takes two columns; numbers stand to the right."""
    block = table(
        ["项目", number("数值")], [["首期还款", number("9.00")], ["x", number("1")]], keys=1
    )

    expected = "项目      数值\n--------------\n首期还款  9.00\nx            1\n"
    assert expected == to_text([block], width=80)


def test_wide_table_is_cut_and_repeats_its_keys() -> None:
    """Columns that do not fit follow below, under the key column once more."""
    block = table(["k", "aaaa", "bbbb", "cccc"], [["1", "a", "b", "c"]], keys=1)

    lines = to_text([block], width=15).splitlines()

    assert ["k  aaaa  bbbb", "-------------", "1  a     b", ""] == lines[:4]
    assert ["k  cccc", "-------", "1  c"] == lines[4:]


def test_parts_of_a_cut_table_are_evened_out() -> None:
    """Six columns of which five fit are shown as three and three."""
    block = table(["k", *"abcdef"], [["1", *"uvwxyz"]], keys=1)

    lines = to_text([block], width=16).splitlines()

    assert "k  a  b  c" == lines[0]
    assert "k  d  e  f" == lines[4]


def test_one_column_too_wide_is_still_shown() -> None:
    """Nothing is left out where even one column does not fit."""
    block = table(["k", "a" * 30, "b" * 30], [["1", "x", "y"]], keys=1)

    text = to_text([block], width=20)

    assert "a" * 30 in text
    assert "b" * 30 in text


@pytest.mark.parametrize(
    "hostile", ["\x1b[31mred", "\x1b]0;title\x07", "\u202eexe.txt", "\x9b2J", "\r\nnext", "\x00"]
)
def test_hostile_text_never_reaches_the_terminal(hostile: str) -> None:
    """Escapes, control and direction characters are gone from every kind of block."""
    blocks: list[Block] = [
        Heading(hostile),
        Lines((hostile,)),
        table([hostile], [[hostile]], keys=1),
    ]

    text = to_text(blocks, width=80).replace("\n", "")

    assert text.isprintable()


def test_markup_is_plain_text() -> None:
    """A name like [bold] is a name."""
    assert "[bold]x[/bold] :smile:\n" == to_text([Lines(("[bold]x[/bold] :smile:",))], width=80)


def test_colours_only_where_wanted() -> None:
    """Tones are bold, dim, green and red, and nothing without colour."""
    block = table([""], [[Cell("short", "bad")], [Cell("fits", "good")]], keys=1)

    assert "\x1b[31mshort\x1b[0m" in to_text([block], width=80, colour=True)
    assert "\x1b" not in to_text([block], width=80)


def test_long_lines_wrap_with_an_indent() -> None:
    """Lines break at spaces, the rest is indented."""
    assert ["one two", "  three", "  four"] == wrap("one two three four", 8, indent=2)


def test_chinese_wraps_between_characters_but_not_before_a_full_stop() -> None:
    """A closing mark never opens a line."""
    assert ["现值损失", "的比例。"] == wrap("现值损失的比例。", 8)
    assert ["现值损", "失。比例"] == wrap("现值损失。比例", 8)


@given(st.text(alphabet="ab 现值，。-", max_size=60), st.integers(4, 20))
def test_wrapping_loses_no_character(text: str, width: int) -> None:
    """Only spaces may go when a line is broken."""
    assert text.replace(" ", "") == "".join(wrap(text, width)).replace(" ", "")


@given(st.lists(st.sampled_from(["ab", "现值", "c"]), min_size=1), st.integers(6, 20))
def test_wrapped_lines_fit(words: list[str], width: int) -> None:
    """No line is wider than asked where a break is possible."""
    assert all(cell_len(line) <= width for line in wrap(" ".join(words), width))


def test_long_remarks_flow_in_the_last_column() -> None:
    """A table whose last column is text is not cut in two for one long remark."""
    remark = "weekly 150.00, expected, from 2027-04-01"
    block = table(["Line", "Remarks"], [["wage", remark], ["rent", "day 1"]], keys=1)

    expected = ["wage  weekly 150.00, expected,", "      from 2027-04-01", "rent  day 1"]
    assert expected == to_text([block], width=30).splitlines()[2:]


def test_indented_cell_stands_below_what_it_belongs_to() -> None:
    """The blank before it is layout, not content."""
    block = table(["Line", "Sum"], [["Home", "5"], [Cell(" rent", indent=2), "5"]], keys=1)

    assert "  rent  5" == to_text([block], width=80).splitlines()[3]


def test_the_widest_column_of_texts_flows() -> None:
    """What stands behind it keeps its place, on the first of its lines."""
    rows = [["interest", "spread | first | end | capitalise", "spread"], ["at", "DATE", "none"]]
    block = table(["Parameter", "Values", "Default"], rows, keys=1)

    assert [
        "interest   spread | first | end |     spread",
        "           capitalise",
        "at         DATE                       none",
    ] == to_text([block], width=45).splitlines()[2:]


def test_keys_flow_where_that_keeps_a_table_whole() -> None:
    """A long name takes two lines, the second as far in as the first."""
    name, remark = "new wage, if the warehouse takes him on", "weekly 412.00, expected, from March"
    block = table(["Line", "Remarks"], [[Cell(name, indent=2), remark]], keys=1)

    assert [
        "  new wage, if the        weekly 412.00, expected,",
        "  warehouse takes him on  from March",
    ] == to_text([block], width=50).splitlines()[2:]


@pytest.mark.parametrize("name", ["seasonal " + ",".join(["0.25"] * 12), "贷" * 90, "x" * 300])
def test_a_word_wider_than_its_column_is_broken_not_cut(name: str) -> None:
    """Every character of it is there, and no line is wider than the screen."""
    block = table(["Step", number("Total")], [[name, number("9.00")]], keys=1)
    lines = to_text([block], width=60).splitlines()

    assert all(cell_len(line) <= 60 for line in lines)
    shown = "".join(line.replace("9.00", "").strip() for line in lines[2:])
    assert name.replace(" ", "") == shown.replace(" ", "")
