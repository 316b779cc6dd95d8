"""Lists of due dates by number, until a day and with an end."""

from __future__ import annotations

from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from replan.engine.due_dates import due_dates
from replan.errors import UsageError


def listed(*given: str | int | None, **terms: str | int | bool | None) -> list[str]:
    """List due dates as ISO text."""
    return [str(day) for day in due_dates(*given, **terms)]  # type: ignore[arg-type]


def test_count_is_the_length_of_the_list() -> None:
    """So many dates are asked for, so many come, with the start or without."""
    assert ["2026-01-31", "2026-02-28"] == listed("2026-01-31", count=2)
    assert ["2026-02-28", "2026-03-31"] == listed("2026-01-31", count=2, include_start=False)
    assert [] == listed("2026-01-31", count=0) == listed("2026-01-31", count=0, include_start=False)


def test_until_is_inclusive() -> None:
    """A due date on the last day is listed, none after it."""
    assert ["2026-01-01", "2026-01-15"] == listed("2026-01-01", every="2-weeks", until="2026-01-28")
    assert ["2026-01-01", "2026-02-01"] == listed("2026-01-01", until="2026-02-01")
    assert [] == listed("2026-01-01", until="2025-12-31")


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 40), st.integers(1, 13))
def test_month_ends_agree_with_relativedelta(start: date, count: int, every: int) -> None:
    """Dates by months are those that dateutil counts from the start."""
    expected = [start + relativedelta(months=every * k) for k in range(count)]

    assert expected == due_dates(start, every=f"{every}-months", count=count)


def test_roll_day_begins_with_a_stub() -> None:
    """A start that is no roll date is followed by the first one after it."""
    assert ["2026-01-05", "2026-01-17", "2026-02-17"] == listed("2026-01-05", count=3, roll=17)
    assert ["2026-01-20", "2026-02-17"] == listed("2026-01-20", count=2, roll=17)
    assert ["2026-02-28", "2026-03-31"] == listed("2026-02-28", count=2, roll="eom")


def test_first_regular_start_sets_the_first_stub() -> None:
    """The first due date may be given, and the others follow it."""
    got = listed("2026-01-05", count=3, first_regular_start="2026-02-28")

    assert ["2026-01-05", "2026-02-28", "2026-03-28"] == got


def test_moved_dates_do_not_drift() -> None:
    """Business days move each date by itself; equal dates stay in the list."""
    assert ["2026-08-03", "2026-09-01"] == listed("2026-08-01", count=2, business_day="following")
    assert ["2026-08-03"] * 3 == listed(
        "2026-08-01", None, "day", count=3, business_day="following"
    )
    assert ["2026-08-01"] == listed("2026-08-01", count=1, business_day="following", adjusted=False)


def test_country_calendar() -> None:
    """National Day in China moves a due date past the holiday week."""
    got = listed("2026-09-01", count=2, business_day="following", calendar="CN")

    assert ["2026-09-01", "2026-10-08"] == got


def test_term_has_one_period() -> None:
    """One period for the whole term has two dates."""
    assert ["2026-01-05", "2026-07-01"] == listed("2026-01-05", "2026-07-01", "term")


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({}, "Give one of count, until and end"),
        ({"count": 2, "until": "2026-03-01"}, "Give one of count, until and end"),
        ({"count": 2, "stub": "short-final"}, "give end"),
        ({"count": -1}, "count of 0 or more"),
        ({"count": 2, "first_regular_start": "2025-12-01"}, "in their order"),
        ({"end": "2026-03-01", "every": "term", "last_regular_end": "2026-02-01"}, "no room"),
        ({"end": "2026-01-01", "first_regular_start": "2026-01-02"}, "in their order"),
        ({"end": "2026-03-15"}, "no whole number of periods"),
        ({"end": "2026-03-15", "stub": "short-final", "roll": 3}, "no date of this roll"),
        ({"end": "2026-03-15", "stub": "short-initial", "roll": 3}, "no date of this roll"),
        ({"end": "2026-03-15", "stub": "tall"}, "no stub convention"),
        ({"end": "2026-03-15", "stub": "both"}, "stubs at both ends"),
        ({"end": "2026-03-15", "stub": "none", "last_regular_end": "2026-03-01"}, "stub is none"),
        (
            {"end": "2026-03-15", "stub": "short-initial", "last_regular_end": "2026-03-01"},
            "at the other end",
        ),
    ],
)
def test_what_cannot_be_met_is_refused(terms: dict[str, str], message: str) -> None:
    """Terms that contradict each other raise and say what to give."""
    with pytest.raises(UsageError, match=message):
        listed("2026-01-01", **terms)


def test_a_number_in_place_of_the_end_is_a_count() -> None:
    """The first, how many, how often: in this order they need no keyword."""
    assert due_dates("2026-01-31", count=3, every="P1M") == due_dates("2026-01-31", 3, "monthly")

    with pytest.raises(UsageError, match="Give one"):
        due_dates("2026-01-31", 3, count=3)
