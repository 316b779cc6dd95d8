"""Balloon: part of principal stays to the end, with interest."""

from __future__ import annotations

import pytest

from strategies.samples import case, free, payments, refusal

FOUR = case(remaining_instalments=4)


def test_the_last_instalment_carries_the_balloon() -> None:
    """600.00 in four is 150.00; the other 600.00 come last."""
    assert [0, 15000, 15000, 15000, 75000] == payments("balloon 50%", free(remaining_instalments=4))


def test_the_balloon_bears_interest() -> None:
    """The instalment is the annuity of 600.00 and 6.00 of interest on the other 600.00."""
    annuity = 60000 * 0.01 / (1 - 1.01**-4)

    assert [round(annuity + 600)] * 3 == payments("balloon 50%", FOUR)[1:4]


def test_all_of_it_is_interest_only() -> None:
    """12.00 a month, and 1,200.00 at the end."""
    assert [0, 1200, 1200, 1200, 121200] == payments("balloon 100%", FOUR)


def test_it_takes_the_place_of_the_contracts_residual() -> None:
    """Zero removes it; a split keeps what the balloon left."""
    assert payments("contract", FOUR) == payments(
        "balloon 0%", case(remaining_instalments=4, balloon="300")
    )
    assert payments("split 4 + balloon 50%") == payments("balloon 50% + split 4")


@pytest.mark.parametrize("plan", ["balloon 30%", "split to=100 + balloon 30%"])
def test_there_must_be_an_end(plan: str) -> None:
    """A card that is paid until it is cleared has none."""
    card = case(method="revolving", remaining_instalments=None, minimum_payment="25")

    assert "Write split N before it." in refusal(plan, card)
    assert "due at the end already" in refusal("balloon 30%", case(method="interest-only"))
