"""Stubs at either end of a schedule."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replan.engine.due_dates import due_dates
from replan.engine.stubs import STUBS, parse_stub


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("SHORT_INITIAL", "short-initial"),
        ("ShortFinal", "short-final"),
        ("long front", "long-initial"),
        ("short back stub", "short-final"),
        ("STUB_NONE", "none"),
        ("Backward", "short-initial"),
        ("forward", "short-final"),
        (None, None),
    ],
)
def test_spellings(spelling: str | None, expected: str | None) -> None:
    """Stub conventions are read in the spellings of libraries and of contracts."""
    assert expected == parse_stub(spelling)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(1, 900),
    st.sampled_from([name for name in STUBS if "-" in name]),
    st.sampled_from(["week", "month", "quarter", "15-days"]),
)
def test_schedules_run_from_start_to_end(start: date, days: int, stub: str, every: str) -> None:
    """Dates ascend from the start to the end, and all periods but one are regular."""
    end = date.fromordinal(start.toordinal() + days)

    dates = due_dates(start, end, every, stub=stub)

    assert (start, end) == (dates[0], dates[-1])
    assert dates == sorted(set(dates))
    inner = dates[1:] if stub.endswith("initial") else dates[:-1]
    again = due_dates(inner[0], inner[-1], every, stub=stub) if len(inner) > 1 else inner
    assert inner == again


@pytest.mark.parametrize(
    ("stub", "expected"),
    [
        ("smart-initial", ["2014-06-04", "2014-06-17", "2014-07-17", "2014-08-17"]),
        ("short-final", ["2014-06-04", "2014-07-04", "2014-08-04", "2014-08-17"]),
    ],
)
def test_one_end_open_beside_a_given_stub(stub: str, expected: list[str]) -> None:
    """A smart stub goes with a stub given by date at the other end."""
    last = {"last_regular_end": "2014-08-17"} if stub == "smart-initial" else {}
    end = "2014-09-01" if last else "2014-08-17"

    got = [str(day) for day in due_dates("2014-06-04", end, stub=stub, **last)]  # type: ignore[arg-type]

    assert expected == got[:4]


def test_both_stubs_given_leave_smart_nothing_to_do() -> None:
    """With both stubs given by date a smart one changes nothing."""
    got = due_dates(
        "2014-06-04",
        "2014-09-30",
        stub="smart-final",
        first_regular_start="2014-06-17",
        last_regular_end="2014-09-10",
    )

    assert ["06-17", "07-17", "08-17", "09-10"] == [str(day)[5:] for day in got[1:-1]]
