"""Token payments: a small sum for a time."""

from __future__ import annotations

from strategies.samples import case, evaluated, free, payments

FOUR = free(remaining_instalments=4)


def test_the_repayment_follows() -> None:
    """Two of 5.00, then 1,190.00 in four."""
    assert [0, 500, 500, *[29750] * 4] == payments("token 5 for=2", FOUR)


def test_a_split_follows_as_well() -> None:
    """The tokens stay in front of a new split."""
    assert [0, 500, 500, *[17000] * 7] == payments("token 5 for=2 + split 7", FOUR)


def test_interest_that_it_does_not_cover_is_spread() -> None:
    """12.00 a month less 5.00, twice, over four: 3.50 each."""
    paid = payments("token 5 for=2", case(remaining_instalments=4))

    assert payments("contract", case(remaining_instalments=4))[1] + 350 == paid[3]


def test_all_tokens_are_paid_on_a_debt_due_at_once() -> None:
    """Three of 50.00, then the rest."""
    none = free(method=None, remaining_instalments=None, next_due=None)

    assert [0, 5000, 5000, 5000, 105000] == payments("token 50 for=3", none)


def test_the_ask_names_the_sum() -> None:
    """What the creditor is asked for, in a sentence."""
    texts = [ask.text for _, ask in evaluated("token 5.50 for=2", FOUR).asks]

    assert "Only 5.5 is asked for in each of 2 periods." in texts
