"""Calendars of many debts are those of each by itself."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from replan.decide.opening import regular_calendar
from replan.engine.dates import parse_frequency
from replan.engine.terms import Calendar

AS_OF = date(2026, 1, 31).toordinal()
DAYS = (
    (0, 0),
    (date(2026, 2, 28).toordinal(), 0),
    (date(2026, 2, 10).toordinal(), date(2026, 1, 5).toordinal()),
    (date(2026, 3, 31).toordinal(), date(2026, 1, 31).toordinal()),
)


def facts(calendar: Calendar) -> list[list[int]]:
    """Give the first days of each debt, its start and its day of the month."""
    due = calendar.reaching(14).due
    rows = np.broadcast_arrays(calendar.start, calendar.seed_day)
    return [*due.T.tolist(), *(row.tolist() for row in rows)]


@pytest.mark.parametrize("every", ["month", "fortnight", "quarter"])
def test_dates_in_columns_are_those_of_each_debt(every: str) -> None:
    """What is not given, a month's end that stands for a later day, and a past accrual."""
    rhythm = parse_frequency(every)
    due, accrued = (np.array(column) for column in zip(*DAYS, strict=True))
    together = facts(regular_calendar(AS_OF, due, accrued, rhythm))
    alone = [
        facts(regular_calendar(AS_OF, due[n : n + 1], accrued[n : n + 1], rhythm))
        for n in range(len(DAYS))
    ]

    assert together[: len(DAYS)] == [one[0] for one in alone]
    assert together[len(DAYS) :] == [[one[k][0] for one in alone] for k in (1, 2)]


def test_the_end_of_a_month_stands_for_its_last_day() -> None:
    """31 January, then 28 February, then 31 March."""
    found = regular_calendar(AS_OF, np.array([0]), np.array([0]), parse_frequency("month"))
    days = [date.fromordinal(int(day)) for day in found.reaching(2).due[:, 0]]

    assert [date(2026, 2, 28), date(2026, 3, 31)] == days
