"""Roll conventions and the steps between their dates."""

from __future__ import annotations

from datetime import date

import pytest

from replan.engine.dates import Frequency
from replan.engine.rolls import MONTH_END, Roll, parse_roll, shift
from replan.errors import UsageError


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        (17, Roll("month-day", 17)),
        ("DAY_17", Roll("month-day", 17)),
        ("Day30", Roll("month-day", 30)),
        ("EOM", MONTH_END),
        ("day-31", MONTH_END),
        ("month-end", MONTH_END),
        ("IMM", Roll("imm")),
        ("Third Wednesday", Roll("imm")),
        ("DayTue", Roll("weekday", 1)),
        ("tuesday", Roll("weekday", 1)),
        ("none", Roll("none")),
        (None, None),
    ],
)
def test_spellings(spelling: str | int | None, expected: Roll | None) -> None:
    """A roll convention is a day, a weekday or a name."""
    assert expected == parse_roll(spelling)


@pytest.mark.parametrize("text", ["day-32", 0, "someday", ""])
def test_unknown_roll_is_refused(text: str | int) -> None:
    """What is no roll convention raises with what to write."""
    with pytest.raises(UsageError, match="Write a day of the month"):
        parse_roll(text)


@pytest.mark.parametrize(
    ("roll", "expected"),
    [
        (Roll("month-day", 30), "2026-02-28"),
        (Roll("imm"), "2026-02-18"),
        (Roll("imm-nzd"), "2026-02-11"),
        (Roll("sfe"), "2026-02-13"),
        (Roll("weekday", 0), "2026-02-09"),
        (Roll("none"), "2026-02-05"),
    ],
)
def test_roll_date_of_the_month(roll: Roll, expected: str) -> None:
    """February 2026: the last day for 30, IMM days by their weekday, a weekday from the day on."""
    assert expected == str(roll.on(date(2026, 2, 5)))


def test_steps_never_stand_still() -> None:
    """A step shorter than a month still goes to the next month's roll date."""
    roll, short = Roll("imm"), Frequency("day", 2)

    assert date(2014, 10, 15) == roll.step(date(2014, 9, 17), short, 1)
    assert date(2014, 9, 17) == roll.step(date(2014, 10, 15), short, -1)


def test_weekdays_step_both_ways() -> None:
    """Every 10 days on Mondays means the next Monday after, or the last before."""
    monday, roll = date(2026, 11, 2), Roll("weekday", 0)

    assert date(2026, 11, 16) == roll.step(monday, Frequency("day", 10), 1)
    assert date(2026, 10, 19) == roll.step(monday, Frequency("day", 10), -1)


@pytest.mark.parametrize("frequency", [Frequency("month", 1200), Frequency("day", 36600)])
def test_years_beyond_9999_are_refused(frequency: Frequency) -> None:
    """A date that no calendar has raises."""
    with pytest.raises(UsageError, match="years 1 and 9999"):
        shift(date(9950, 1, 1), frequency, 1)
