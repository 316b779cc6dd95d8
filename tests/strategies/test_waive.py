"""Waiver: what is forgiven, when, and in which order with other steps."""

from __future__ import annotations

from strategies.samples import case, evaluated, figures, free, payments, refusal, rows

OWING = free(interest="100", penalty="50", fees="10")


def test_each_component_by_its_share() -> None:
    """All the penalty, half the interest, a tenth of principal, rounded half-up to the cent."""
    waived = rows("waive penalty=100% interest=50% principal=10% + split 4", OWING)[0].waived

    assert {"principal": 12000, "interest": 5000, "penalty": 5000} == waived
    assert [0, *[(120000 + 16000 - 22000) // 4] * 4] == payments(
        "waive penalty=100% interest=50% principal=10% + split 4", OWING
    )


def test_shares_are_rounded_half_up() -> None:
    """Half of 0.05 is 0.03."""
    assert {"fees": 3} == rows("waive fees=50%", free(fees="0.05"))[0].waived


def test_a_promise_is_kept_after_so_many_payments() -> None:
    """50.00 are set aside, not asked for, and waived with the second payment."""
    found = rows("waive interest=50% when=on-time:2 + split 4", OWING)

    assert {} == found[0].waived
    assert [{}, {"interest": 5000}, {}, {}] == [row.waived for row in found[1:]]
    assert [(120000 + 11000) // 4] * 4 == [row.payment for row in found[1:]]


def test_a_promise_on_completion_is_kept_at_the_end() -> None:
    """The last row waives it."""
    found = rows("waive penalty=100% when=completion + split 4", OWING)

    assert {"penalty": 5000} == found[-1].waived
    assert 0 == found[-1].balance


def test_a_broken_promise_is_owed_again() -> None:
    """The headline assumes it kept; beside it stands the total with the waiver revoked."""
    kept = figures("waive interest=50% when=on-time:2 + split 4", OWING)

    assert kept.if_broken is not None
    assert kept.total_paid + 5000 == kept.if_broken[0]


def test_what_is_waived_is_not_capitalised() -> None:
    """Waived first, 20.00 never becomes principal; capitalised first, no penalty is left."""
    owing = case(interest="40", penalty="20")
    first, second = "waive penalty=100% + capitalise", "capitalise + waive penalty=100%"

    assert 4000 == rows(first, owing)[0].capitalised
    assert 6000 == rows(second, owing)[0].capitalised
    assert {} == rows(second, owing)[0].waived


def test_shares_are_of_what_is_owed_after_a_first_payment() -> None:
    """200.00 paid at signing, half of the other 1,000.00 waived."""
    assert {"principal": 50000} == rows("down 200 + waive principal=50%", free())[0].waived
    assert {"principal": 60000} == rows("waive principal=50% + down 200", free())[0].waived


def test_all_of_it_may_be_waived() -> None:
    """Nothing is left to pay."""
    assert 0 == sum(payments("waive principal=100%"))
    assert "write at least one share" in refusal("waive principal=0%")


def test_asks_say_how_much_and_when() -> None:
    """One ask for each component."""
    asks = evaluated("waive penalty=100% interest=12.5% when=on-time:6", OWING).asks

    assert [
        "100 % of the penalty is waived after 6 payments on time.",
        "12.5 % of the interest is waived after 6 payments on time.",
    ] == [ask.text for _, ask in asks]
