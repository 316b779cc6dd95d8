"""Capitalisation: charges owed become principal."""

from __future__ import annotations

from strategies.samples import case, free, interest, level, payments, rows

OWING = case(interest="40", penalty="20", fees="10", remaining_instalments=4)


def test_all_charges_become_principal() -> None:
    """1,270.00 bear interest from then on."""
    found = rows("capitalise", OWING)

    assert 7000 == found[0].capitalised
    assert level(127000, 0.01, 4) == found[1].payment
    assert 1270 == interest("capitalise", OWING)[1]


def test_only_what_is_named() -> None:
    """Penalty and fees stay without interest, and are spread."""
    found = rows("capitalise interest", OWING)

    assert 4000 == found[0].capitalised
    assert 1240 == found[1].accrued["interest"]
    assert payments("capitalise fees interest", OWING) == payments(
        "capitalise interest fees", OWING
    )


def test_without_a_rate_it_changes_nothing() -> None:
    """Spread or capitalised, 1,260.00 in twelve is 105.00."""
    owing = free(interest="40", penalty="20")

    assert payments("split 12", owing) == payments("capitalise", owing)


def test_a_first_payment_pays_charges_before_they_become_principal() -> None:
    """50.00 at signing leave 20.00 to capitalise; capitalised first, they repay principal."""
    assert 2000 == rows("down 50 + capitalise", OWING)[0].capitalised
    assert 7000 == rows("capitalise + down 50", OWING)[0].capitalised
    assert payments("capitalise + down 50", OWING) == payments("down 50 + capitalise", OWING)
