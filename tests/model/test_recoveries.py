"""Published recoveries are shown only beside debts of their population."""

from __future__ import annotations

from typing import Any

import pytest

from decide.samples import case, debt
from replan.model.recoveries import RECOVERIES, recoveries_for


def shown(jurisdiction: str, **changes: Any) -> list[str]:
    """Name what is shown beside a debt."""
    one = case(debt(**changes), jurisdiction=jurisdiction)
    return [found.id for found in recoveries_for(one, one.debts[0])]


@pytest.mark.parametrize(
    ("expected", "jurisdiction", "changes"),
    [
        (["cn-npl-auction"], "CN", {"product": "personal-loan", "days_past_due": 900}),
        ([], "CN", {"product": "personal-loan", "days_past_due": 47}),
        ([], "CN", {"product": "personal-loan", "days_past_due": 900, "secured": True}),
        ([], "DE", {"product": "personal-loan", "days_past_due": 900}),
        (["us-debt-buyers", "us-card-recoveries"], "US-CA",
         {"product": "credit-card", "days_past_due": 181}),
        (["us-debt-buyers"], "US", {"product": "personal-loan", "days_past_due": 181}),
        ([], "US", {"product": "credit-card", "days_past_due": 90}),
    ],
)  # fmt: skip
def test_only_where_the_population_fits(
    expected: list[str], jurisdiction: str, changes: dict[str, Any]
) -> None:
    """A fresh loan is no pool of debts years overdue."""
    assert expected == shown(jurisdiction, **changes)


def test_each_has_population_year_and_source() -> None:
    """In both languages; a range runs upwards."""
    for found in RECOVERIES:
        assert 0 < found.low <= found.high < 1
        assert all((found.population["en"], found.population["zh"], found.year, found.source))
