"""Seasonal instalments: a pattern that repeats."""

from __future__ import annotations

from strategies.samples import case, free, payments, refusal

SIX = free(remaining_instalments=6)


def test_the_pattern_repeats() -> None:
    """Weights 1, 0, 2 twice sum to 6: 200.00, nothing, 400.00."""
    assert [0, *[20000, 0, 40000] * 2] == payments("seasonal 1,0,2", SIX)


def test_only_the_proportion_counts() -> None:
    """2,2,1 is 1,1,0.5."""
    assert payments("seasonal 2,2,1") == payments("seasonal 1,1,0.5")


def test_interest_accrues_where_nothing_is_paid() -> None:
    """Weights 0 and 1 over two months: 12.00 of each month fall due in the second."""
    two = case(remaining_instalments=2)

    assert [0, 0, 120000 + 2400] == payments("seasonal 0,1", two)


def test_it_goes_on_after_a_deferral() -> None:
    """The pattern counts instalments, not months."""
    expected = [0, 20000, 0, 0, 40000, 20000, 0, 40000]

    assert expected == payments("defer 1 at=3 + seasonal 1,0,2", SIX)


def test_a_debt_without_instalments_has_no_season() -> None:
    """It must be split first."""
    none = case(method=None, remaining_instalments=None, next_due=None)

    assert "Write split N before it." in refusal("seasonal 1,0", none)
    assert [0, 120000, 0] == payments("split 2 + seasonal 1,0", free(method=None))
