"""Frequencies, months in columns and grids of due dates."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from replan.engine.dates import (
    Frequency,
    Parts,
    add_months,
    as_date,
    due_grid,
    month_length,
    parse_frequency,
)
from replan.errors import UsageError

DATES = st.dates(date(1900, 1, 1), date(2150, 12, 31))


def ordinals(*texts: str) -> list[int]:
    """Give ISO dates as ordinals."""
    return [date.fromisoformat(text).toordinal() for text in texts]


def texts(row: np.ndarray) -> list[str]:
    """Give a row of ordinals as ISO dates."""
    return [date.fromordinal(int(day)).isoformat() for day in row]


@pytest.mark.parametrize(
    ("spellings", "unit", "every"),
    [
        ("day|1-day|daily|P1D", "day", 1),
        ("week|7-days|1 week|weekly|P1W", "day", 7),
        ("fortnight|2-weeks|14-days|2 weeks|P2W|biweekly|every 2 weeks", "day", 14),
        ("4-weeks|28-days|2-fortnights", "day", 28),
        ("3-weeks|21 days", "day", 21),
        ("15-days|15 days|P15D", "day", 15),
        ("month|1-month|Monthly|P1M", "month", 1),
        ("quarter|3-months|P3M", "month", 3),
        ("half-year|6-months|2-quarters|Half Year|Semi-Annually|S", "month", 6),
        ("year|12-months|annual|P1Y|annually", "month", 12),
        ("5-months|5_months", "month", 5),
        ("18-months|P1Y6M", "month", 18),
    ],
)
def test_frequency_has_one_name(spellings: str, unit: str, every: int) -> None:
    """Every spelling gives the same frequency, and the first one is how it prints."""
    canonical, *_ = names = spellings.split("|")

    assert {(unit, every)} == {(f.unit, f.every) for f in map(parse_frequency, names)}
    assert canonical == str(parse_frequency(names[-1]))


@given(st.sampled_from(["day", "month"]), st.integers(1, 1200))
def test_frequency_prints_what_it_parses(unit: str, every: int) -> None:
    """A printed frequency reads back as itself."""
    frequency = Frequency("day" if unit == "day" else "month", every)

    assert frequency == parse_frequency(str(frequency)) == parse_frequency(frequency)


@pytest.mark.parametrize("text", ["", "5", "moonth", "0-days", "-3 days", "99999-months", "1.5 m"])
def test_unknown_frequency_is_refused(text: str) -> None:
    """What is no frequency raises, and the message says what to write."""
    with pytest.raises(UsageError, match="Write day, week, fortnight"):
        parse_frequency(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("month", Fraction(12)),
        ("quarter", Fraction(4)),
        ("5-months", Fraction(12, 5)),
        ("week", Fraction(52)),
        ("fortnight", Fraction(26)),
        ("4-weeks", Fraction(13)),
        ("15-days", Fraction(365, 15)),
        ("day", Fraction(365)),
    ],
)
def test_periods_per_year(name: str, expected: Fraction) -> None:
    """A nominal year has 12 months, 52 weeks or 365 days."""
    assert expected == parse_frequency(name).periods_per_year


def test_grid_keeps_the_seed_day() -> None:
    """Month ends keep the day on which they began, leap years or not."""
    grid = due_grid(ordinals("2023-12-31", "2026-01-31"), 4, Frequency("month", 1))

    assert ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"] == texts(grid[0])
    assert ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"] == texts(grid[1])


def test_grid_takes_a_seed_day_for_each_row() -> None:
    """A first date at the end of February goes on at its row's seed day."""
    first = ordinals("2026-02-28", "2026-02-28", "2026-02-28")

    grid = due_grid(first, 2, Frequency("month", 1), seed_day=[28, 30, 31])

    assert ["2026-03-28", "2026-03-30", "2026-03-31"] == texts(grid[:, 1])
    assert (3, 0) == due_grid(first, 0, Frequency("month", 1)).shape


@settings(max_examples=100)
@given(st.lists(DATES, min_size=1, max_size=5), st.integers(1, 30), st.integers(1, 14))
def test_grid_agrees_with_relativedelta(first: list[date], count: int, every: int) -> None:
    """By months the grid is what dateutil gives counting from the first date; by days too."""
    start = [day.toordinal() for day in first]

    months = due_grid(start, count, Frequency("month", every))
    days = due_grid(start, count, Frequency("day", every))

    for row, day in enumerate(first):
        by_month = [day + relativedelta(months=every * k) for k in range(count)]
        assert [d.toordinal() for d in by_month] == months[row].tolist()
        assert [day.toordinal() + every * k for k in range(count)] == days[row].tolist()


@given(DATES, st.integers(-300, 300))
def test_add_months_agrees_with_relativedelta(day: date, months: int) -> None:
    """Whole months forwards and backwards are those of dateutil."""
    expected = day + relativedelta(months=months)

    assert expected.toordinal() == int(add_months(day.toordinal(), months))


@given(DATES)
def test_parts_take_a_date_apart(day: date) -> None:
    """Year, month, day and month ends agree with the standard library."""
    parts = Parts.of(day.toordinal())
    tomorrow = date.fromordinal(day.toordinal() + 1)

    assert (day.year, day.month, day.day) == (int(parts.year), int(parts.month), int(parts.day))
    assert (tomorrow.day == 1) == bool(parts.is_month_end)
    assert (tomorrow.day == 1 and day.month == 2) == bool(parts.is_february_end)


def test_month_lengths_follow_the_gregorian_rule() -> None:
    """February has 29 days in 2000 and 2024, not in 1900 and 2026."""
    februaries = [12 * (year - 1970) + 1 for year in (1900, 2000, 2024, 2026)]

    assert [28, 29, 29, 28] == month_length(februaries).tolist()


@pytest.mark.parametrize(
    "value",
    [datetime(2026, 11, 21, 9), "2026-11-21T00:00:00", np.datetime64("2026-11-21")],  # noqa: DTZ001 - a day
)
def test_the_time_of_a_day_is_left_out(value: Any) -> None:
    """Datetimes of Python, numpy and text are days."""
    assert date(2026, 11, 21) == as_date(value)


@pytest.mark.parametrize("text", ["2026-02-31", "21.11.2026", "", "soon"])
def test_no_date_is_refused(text: str) -> None:
    """Text that is no ISO date raises and shows how to write one."""
    with pytest.raises(UsageError, match="Write it as 2026-11-21"):
        as_date(text)


@pytest.mark.parametrize("text", ["2026-01-09", "2026-1-9", "2026/01/09", "2026.1.9", "20260109"])
def test_days_with_the_year_first(text: str) -> None:
    """Where the year comes first, month and day cannot be mistaken."""
    assert date(2026, 1, 9) == as_date(text)
