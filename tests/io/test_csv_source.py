"""CSV text into rows."""

from __future__ import annotations

import pytest

from replan.io.csv_source import read_rows


def cells(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return line and cells of each row."""
    return [(row.line, row.cells) for row in read_rows(text)]


def test_rows_know_their_line() -> None:
    """Blank rows count as lines and are left out."""
    assert [(1, ("a", "b")), (4, ("1", "2"))] == cells("a,b\n\n,\n1,2\n")


def test_a_cell_may_hold_line_breaks() -> None:
    """The row is placed where it starts."""
    assert [(1, ("a", "b")), (2, ("x\ny", "1")), (4, ("z", "2"))] == cells('a,b\n"x\ny",1\nz,2')


def test_a_quote_that_never_closes_spoils_its_own_line() -> None:
    """The rows after it are read."""
    first, second, third = read_rows('a,b\n"x,1\ny,2')

    assert (True, ("y", "2")) == (bool(second.fault), third.cells)
    assert ("a", "b") == first.cells


@pytest.mark.parametrize("text", ["a;b\n1,5;2", "a\tb\n1,5\t2", "a|b\n1,5|2"])
def test_the_header_tells_the_delimiter(text: str) -> None:
    """Decimal commas below do not."""
    assert (2, ("1,5", "2")) == cells(text)[1]


def test_a_title_above_the_header_does_not_hide_the_delimiter() -> None:
    """Spreadsheets often start with a line of text."""
    assert (2, ("a", "b")) == cells("Debts of 2026\na;b\n")[1]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end: str) -> None:
    """Windows, Unix and old Macintosh."""
    assert [(1, ("a", "b")), (2, ("1", "2"))] == cells(f"a,b{end}1,2{end}")


def test_the_first_line_may_say_the_delimiter() -> None:
    """Excel writes sep=; for itself."""
    assert [(2, ("a,b", "c")), (3, ("1", "2"))] == cells("sep=;\r\na,b;c\r\n1;2\r\n")


def test_a_title_with_commas_does_not_hide_the_delimiter() -> None:
    """The line with the names of columns tells, not the first."""
    title = "Debts of A, B, C and D, 2026\n"

    assert (2, ("id", "principal", "rate")) == cells(f"{title}id;principal;rate\n1;2;3")[1]


def test_text_that_a_spreadsheet_must_not_touch_is_unpacked() -> None:
    """Exports write ="00123" to keep the zeros."""
    assert [(1, ("a", "b")), (2, ("00123", "2"))] == cells('a,b\n="00123",2\n')


def test_a_row_with_a_control_character_is_damaged() -> None:
    """12 with something between its digits may have been any number; the other rows are read."""
    first, second, third = read_rows("a,b\n1\x002,5\n7,8\n")

    assert (True, ("a", "b"), ("7", "8")) == ("damaged" in second.fault, first.cells, third.cells)
