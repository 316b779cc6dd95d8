"""Figures as people read them."""

from __future__ import annotations

import pytest

from replan.present.figures import amount, is_zero, percent, whole


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("48,210.33", "48210.33"),
        ("-1,234.50", "-1234.50"),
        ("0.00", "0.00"),
        ("12,345,678", "12345678"),
        ("1,234.567", "1234.567"),
        ("100,000,000,000,000,000,000.01", "100000000000000000000.01"),
        ("–", None),
        ("unclear", "unclear"),
    ],
)
def test_amount_keeps_every_digit(expected: str, value: object) -> None:
    """Thousands are separated; nothing is rounded, whatever the currency's decimals."""
    assert expected == amount(value)


@pytest.mark.parametrize(
    ("expected", "value", "decimals"),
    [
        ("18.25 %", 0.1825, 2),
        ("3.1 %", 0.0314, 1),
        ("0.1 %", 0.0005, 1),
        ("-0.1 %", -0.0005, 1),
        ("0.0 %", -0.0004, 1),
        ("1,234.0 %", 12.34, 1),
        ("–", None, 1),
    ],
)
def test_percent_rounds_half_away_from_zero(expected: str, value: object, decimals: int) -> None:
    """A share is shown in percent; there is no negative zero."""
    assert expected == percent(value, decimals=decimals)


def test_missing_figures_are_a_dash() -> None:
    """What is not known is not shown as zero."""
    assert "–" == whole(None)
    assert "1,200" == whole(1200)
    assert is_zero(None)
    assert is_zero("0.00")
    assert not is_zero("0.01")
