"""The forms in which flows are written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from replan import apr, irr, npv
from replan.engine.flows import read_flows, read_number
from replan.errors import UsageError

AMOUNTS, DAYS = [-1000.0, 1100.0], [date(2024, 1, 1), date(2025, 1, 1)]


@pytest.mark.parametrize(
    "written",
    [
        (AMOUNTS, DAYS),
        (DAYS, AMOUNTS),
        ([("2024-01-01", -1000), ("2025-01-01", "1100.00")],),
        ([(-1000, DAYS[0]), (1100, DAYS[1])],),
        ({"2024-01-01": -1000, "2025-01-01": 1100},),
        (np.array(AMOUNTS), np.array(["2024-01-01", "2025-01-01"], dtype="M8[D]")),
        (AMOUNTS, [datetime(2024, 1, 1, 12), "2025-01-01T00:00:00"]),  # noqa: DTZ001 - a day
    ],
)
def test_flows_in_every_form(written: tuple[Any, ...]) -> None:
    """Two lists in either order, pairs, a mapping and arrays mean the same flows."""
    assert (AMOUNTS, DAYS) == read_flows(*written)


def test_pairs_reach_every_rate() -> None:
    """All three rates take pairs of a date and an amount as they take two lists."""
    pairs = [(day, amount) for day, amount in zip(DAYS, AMOUNTS, strict=True)]

    assert irr(AMOUNTS, DAYS) == irr(pairs)
    assert npv("5%", AMOUNTS, DAYS) == npv(0.05, pairs)
    assert apr(AMOUNTS, DAYS, convention="us") == apr(pairs, convention="Regulation Z")
    assert npv(0.05, AMOUNTS, convention="spreadsheet") == npv(0.05, AMOUNTS, convention="Excel")


@pytest.mark.parametrize(
    ("written", "expected"), [("19/30", 19 / 30), ("5%", 0.05), (" 1.5 ", 1.5), (7, 7.0)]
)
def test_numbers_as_text(written: Any, expected: float) -> None:
    """A text may be a decimal, a fraction or a percentage."""
    assert expected == read_number(written)


@pytest.mark.parametrize("written", ["", "%", "1,000.00", "1/0", None, (1, 2, 3), "nan"])
def test_what_is_no_number(written: Any) -> None:
    """What cannot be read is refused with what to write."""
    with pytest.raises(UsageError, match="number"):
        read_number(written)


def test_every_flow_needs_its_date() -> None:
    """Lists of different length are refused."""
    with pytest.raises(UsageError, match="1 dates for 2 flows"):
        read_flows(AMOUNTS, DAYS[:1])
