"""Calendar months."""

from __future__ import annotations

from datetime import date

import pytest

from replan.model.months import (
    Month,
    month_after,
    month_name,
    month_of,
    months_between,
    months_from,
    span_of,
)

AFTER: list[tuple[Month, int, Month]] = [
    ((2026, 11), 0, (2026, 11)),
    ((2026, 11), 1, (2026, 12)),
    ((2026, 12), 1, (2027, 1)),
    ((2026, 1), -1, (2025, 12)),
    ((2026, 11), 26, (2029, 1)),
]


@pytest.mark.parametrize(("month", "count", "expected"), AFTER)
def test_months_are_counted_across_years(month: Month, count: int, expected: Month) -> None:
    """Counting there and back agree."""
    assert expected == month_after(month, count)
    assert count == months_between(month, expected)


def test_a_list_of_months_begins_with_the_first() -> None:
    """November 2026 and the two after it."""
    found = months_from(month_of(date(2026, 11, 30)), 3)

    assert ["2026-11", "2026-12", "2027-01"] == [month_name(month) for month in found]


def test_a_month_spans_its_days() -> None:
    """February of a leap year has 29."""
    assert (date(2028, 2, 1), date(2028, 2, 29)) == span_of((2028, 2))
    assert (date(2026, 12, 1), date(2026, 12, 31)) == span_of((2026, 12))
