"""Names of income and costs."""

from __future__ import annotations

import pytest

from replan.intake.labels import _NAMES, category_of
from replan.model.categories import KNOWN, Side


@pytest.mark.parametrize(
    ("expected", "label", "side"),
    [
        ("wage", "工资", "income"),
        ("child-benefit", "Child benefit", "income"),
        ("rent", "Rent", "expenses"),
        ("parents", "给父母", "expenses"),
        ("wage", "爱人工资", "income"),
        ("school", "孩子学费", "expenses"),
        (None, "something", "expenses"),
        (None, "rent", "income"),
    ],
)
def test_category_of_a_label(expected: str | None, label: str, side: Side) -> None:
    """The usual names have one; another has none, and stands with the other costs."""
    assert expected == category_of(label, side)


def test_every_category_exists() -> None:
    """No name leads to a category that the statement does not have."""
    assert set() == {c for side in KNOWN for c in _NAMES[side].values()} - {
        c for side in KNOWN for c in KNOWN[side]
    }
