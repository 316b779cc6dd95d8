"""Split: what is owed in N instalments, or as many as a payment needs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from strategies.samples import case, due, free, interest, level, payments, refusal, rows


def test_a_split_is_a_plain_division_without_interest() -> None:
    """1,200.00 in four is 300.00; in seven 171.43 six times, and 171.42."""
    assert [0, *[30000] * 4] == payments("split 4", free())
    assert [0, *[17143] * 6, 120000 - 6 * 17143] == payments("split 7", free())


def test_a_level_instalment_is_the_annuity() -> None:
    """1,200.00 at 1 % a month over four: 307.54, the last absorbs the cents."""
    found = payments("split 4")

    assert [level(120000, 0.01, 4)] * 3 == found[1:4]
    assert 120000 + sum(interest("split 4")) == sum(found)


def test_charges_owed_are_spread_and_bear_no_interest() -> None:
    """40.00 of interest and 20.00 of penalty add 15.00 to each of four instalments."""
    owing = case(interest="40", penalty="20")

    assert [paid + 1500 for paid in payments("split 4")[1:]] == payments("split 4", owing)[1:]
    assert interest("split 4") == interest("split 4", owing)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("equal-principal", [30000 + i for i in (1200, 900, 600, 300)]),
        ("interest-only", [1200, 1200, 1200, 120000 + 1200]),
        ("interest-free", [30000] * 4),
    ],
)
def test_methods(method: str, expected: list[int]) -> None:
    """1 % a month on 1,200.00, on what is left, or on nothing."""
    assert [0, *expected] == payments(f"split 4 method={method}")


def test_every_changes_the_rhythm_from_the_first_due_date_on() -> None:
    """The first date stays as agreed, the others follow it by two weeks each."""
    first = date(2026, 2, 10)

    assert [first + timedelta(days=14 * i) for i in range(4)] == due("split 4 every=2-weeks")


def test_a_deferral_before_it_comes_first() -> None:
    """Two months without a payment, then four instalments: six rows, as with the split first."""
    assert [0, 0, 0, *[30000] * 4] == payments("defer 2 + split 4", free())
    assert payments("split 4 + defer 2") == payments("defer 2 + split 4")
    assert payments("split 4 + defer 2 at=1") == payments("defer 2 + split 4")


def test_as_many_as_a_payment_needs() -> None:
    """500.00, 500.00 and the rest: 1,200.00 + 12.00 + 7.12 + 2.19 of interest."""
    rest = 120000 + (1200 + 712 + 219) - 2 * 50000

    assert [0, 50000, 50000, rest] == payments("split to=500")
    assert [0, 50000, 50000, 20000] == payments("split to=500 method=interest-free")


@pytest.mark.parametrize("amount", ["5", "12"])
def test_a_payment_that_never_clears_is_refused(amount: str) -> None:
    """Interest of the first month is 12.00."""
    message = refusal(f"split to={amount}")

    assert "never clears" in message
    assert "Pay more" in message


def test_a_stated_payment_stays_when_later_steps_change_what_is_owed() -> None:
    """With half waived it is paid for half as long; with two months deferred, two months later."""
    assert [0, *[10000] * 6] == payments("split to=100 + waive principal=50%", free())
    assert [0, 0, 0, *[10000] * 12] == payments("split to=100 + defer 2", free())


def test_arrears_are_repaid_beside_the_stated_instalments() -> None:
    """110.00 as agreed + a third of 100.00 + 36.00, and interest on overdue principal."""
    late = case(
        instalment="110",
        interest="30",
        fees="6",
        arrears={"principal": "100", "interest": "30", "fees": "6"},
        days_past_due=33,
    )
    part = 11000 + 3333 + 1200

    assert [part + 100, part + 1 + 67, part + 33] == payments("split 3 of=arrears", late)[1:4]
    assert [11000] * 3 == payments("split 3 of=arrears", late)[4:7]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("split 3 of=arrears", "This debt has no arrears. Write split N"),
        ("defer 2 at=5 + split 24", "It would undo an earlier step"),
        ("step-up 5% every=3 + split 24", "Write it before that step."),
        ("pay-early 100 + split 24", "It would undo an earlier step"),
        ("forbear 50% + split to=100", "Write split N."),
        ("balloon 50% + split to=100", "Write split N."),
        ("token 5 for=1100 + split 101", "That makes 1201 periods; a plan has at most 1200."),
        ("split 1200 every=99-years", "after the year 9999. Write fewer"),
    ],
)
def test_refusals(plan: str, message: str) -> None:
    """A split never drops what an earlier step agreed."""
    assert message in refusal(plan)


def test_a_new_split_takes_the_place_of_the_one_before() -> None:
    """The last word holds; the contract's residual stays due at the end."""
    assert payments("split 4") == payments("split 24 + split 4")
    assert 30000 < rows("split 4", free(balloon="300"))[-1].payment
