"""Early repayment: the term shortens or the instalment falls."""

from __future__ import annotations

from strategies.samples import case, free, payments, refusal

FOUR = free(remaining_instalments=4)


def test_the_term_shortens() -> None:
    """300.00 with the first instalment makes the fourth superfluous."""
    assert [0, 60000, 30000, 30000] == payments("pay-early 300", FOUR)


def test_the_instalment_falls() -> None:
    """600.00 over three; or with the second one, 300.00 over two."""
    assert [0, 60000, 20000, 20000, 20000] == payments("pay-early 300 lower", FOUR)
    assert [0, 30000, 60000, 15000, 15000] == payments("pay-early 300 lower at=2", FOUR)
    assert [0, 30000, 60000, 15000, 15000] == payments("pay-early 300 lower at=2026-03-10", FOUR)


def test_never_more_than_is_owed() -> None:
    """1,200.00 and the month's interest."""
    assert [0, 121200] == payments("pay-early 5000", case(remaining_instalments=4))


def test_two_sums_add_up() -> None:
    """150.00 twice with one instalment is 300.00."""
    assert payments("pay-early 300", FOUR) == payments("pay-early 150 + pay-early 150", FOUR)


def test_what_is_due_at_once_has_no_instalment_to_pay_with() -> None:
    """The sum is not dropped in silence."""
    none = case(method=None, remaining_instalments=None, next_due=None)

    assert "Write down AMOUNT instead." in refusal("pay-early 300", none)
