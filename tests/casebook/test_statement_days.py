"""Dates of a statement have one form, which the column proves or its reader says."""

from __future__ import annotations

from datetime import date

import pytest

from replan.casebook.statement_days import day_reader
from replan.errors import UsageError

TODAY = date(2026, 12, 20)


@pytest.mark.parametrize(
    ("expected", "cells"),
    [
        # one day above twelve tells the order of all
        (["2026-10-12", "2026-10-13"], ["10/12/2026", "10/13/2026"]),
        (["2026-12-10", "2026-12-13"], ["10/12/2026", "13/12/2026"]),
        (["2026-10-12", "2026-10-13"], ["10/12/26", "10/13/26"]),
        (["2026-12-10", "2026-12-13"], ["10.12.26", "13.12.26"]),
        # day first these would be of 2009, 2010 and 2031
        (["2026-12-09", "2026-12-10", "2026-11-30"], ["26-12-09", "26-12-10", "26-11-30"]),
        (["2026-01-12"], ["12-Jan-26"]),
        (["2026-12-10", "2026-12-10"], ["10 Dec 26", "2026-12-10"]),
        (["2026-11-11"], ["11/11/26"]),
        (["2026-10-12", "2026-10-13"], ["10/12/2026 09:31", "10/13/2026 10:00"]),
    ],
)
def test_one_form_for_the_whole_column(expected: list[str], cells: list[str]) -> None:
    """What no other reading is possible for is read."""
    read = day_reader(cells, until=TODAY)

    assert expected == [read(cell).isoformat() for cell in cells]


@pytest.mark.parametrize(
    ("cells", "readings"),
    [
        (["10/12/2026", "11/12/2026"], "day-first 2026-12-10, month-first 2026-10-12"),
        (["03/04/26"], "day-first 2026-04-03, month-first 2026-03-04"),
        (["20-12-24"], "day-first 2024-12-20, year-first 2020-12-24"),
    ],
)
def test_several_forms_are_asked_about(cells: list[str], readings: str) -> None:
    """Once, for the whole statement, with what to write."""
    with pytest.raises(UsageError, match="Say which: --dates day-first") as asked:
        day_reader(cells, until=TODAY)

    assert f"may be {readings}." in str(asked.value)


def test_who_says_the_order_is_believed() -> None:
    """3 April, or 4 March."""
    assert date(2026, 4, 3) == day_reader(["03/04/26"], order="day-first")("03/04/26")
    assert date(2026, 3, 4) == day_reader(["03/04/26"], order="month-first")("03/04/26")


def test_a_form_that_no_column_has_is_reported_by_line() -> None:
    """One date has no month 13, the other neither: the reader of dates says so."""
    read = day_reader(["13/13/2026", "10/13/2026"])

    assert date(2026, 10, 13) == read("10/13/2026")


def test_a_statement_does_not_reach_into_the_future() -> None:
    """On 1 February 12/01/2026 is 12 January, and not 1 December."""
    read = day_reader(["12/01/2026"], until=date(2026, 2, 1))

    assert date(2026, 1, 12) == read("12/01/2026")
