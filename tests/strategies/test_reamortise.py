"""Re-amortisation: what is owed, spread again over the remaining dates."""

from __future__ import annotations

from strategies.samples import case, free, level, payments, refusal, rows


def test_arrears_are_spread_over_the_remaining_dates() -> None:
    """1,240.00 in four, instead of 340.00 at once."""
    late = free(
        remaining_instalments=4,
        interest="40",
        arrears={"principal": "300", "interest": "40"},
        days_past_due=30,
    )

    assert [0, *[31000] * 4] == payments("reamortise", late)
    assert 34000 == payments("contract", late)[0]


def test_interest_owed_comes_out_of_the_first_new_instalment() -> None:
    """1,200.00 and 24.00 without interest on it: (1200 + 24 / 1.01) as an annuity of four."""
    late = case(remaining_instalments=4, interest="24")
    found = rows("reamortise interest=first", late)

    assert level(120000 + 2400 / 1.01, 0.01, 4) == found[1].payment == found[3].payment
    assert [3600, 1200] == [found[1].interest, found[1].accrued["interest"]]


def test_dated_instalments_become_level() -> None:
    """400, 400 and what is left become three of 400.00."""
    days = ("2026-02-01", "2026-05-01", "2026-06-20")
    custom = free(
        method="custom",
        remaining_instalments=None,
        next_due=None,
        instalments=[{"due": day, "amount": "450"} for day in days],
    )

    assert [0, 40000, 40000, 40000] == payments("reamortise", custom)
    assert [0, 40000, 0, 40000, 40000] == payments("defer 1 at=2 + reamortise", custom)


def test_a_card_has_no_remaining_dates() -> None:
    """It is paid until it is cleared."""
    card = case(method="revolving", remaining_instalments=None, minimum_payment="25")

    assert "Write split N before it." in refusal("reamortise", card)
