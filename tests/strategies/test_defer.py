"""Deferral: which instalments are not asked for, and what becomes of their interest."""

from __future__ import annotations

from datetime import date

import pytest

from strategies.samples import case, due, evaluated, free, interest, level, payments, refusal, rows

FOUR = case(remaining_instalments=4)
LEVEL = level(120000, 0.01, 4)
"""1,200.00 at 1 % a month in four instalments; the last one is two cents less."""
LAST = 120000 + (1200 + 904 + 606 + 304) - 3 * LEVEL


def test_later_dates_move() -> None:
    """Two instalments deferred: four instalments end in July instead of May."""
    found = due("defer 2", FOUR)

    assert (date(2026, 2, 10), date(2026, 7, 10)) == (found[0], found[-1])
    assert [0, 0, 0, *[30000] * 4] == payments("defer 2", free(remaining_instalments=4))


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ("spread", [0, 0, *[LEVEL + 600] * 3, LAST + 600]),
        ("first", [0, 0, LEVEL + 2400, LEVEL, LEVEL, LAST]),
        ("end", [0, 0, LEVEL, LEVEL, LEVEL, LAST + 2400]),
        ("waive", [0, 0, LEVEL, LEVEL, LEVEL, LAST]),
        ("pay", [1200, 1200, LEVEL, LEVEL, LEVEL, LAST]),
    ],
)
def test_interest_of_two_deferred_months(treatment: str, expected: list[int]) -> None:
    """Two months' interest is 24.00, and bears none itself."""
    assert [0, *expected] == payments(f"defer 2 interest={treatment}", FOUR)


def test_capitalised_interest_bears_interest() -> None:
    """1,200.00 grows to 1,224.12, which is repaid in four."""
    found = rows("defer 2 interest=capitalise", FOUR)

    assert [1200, 1212] == [row.capitalised for row in found[1:3]]
    assert level(122412, 0.01, 4) == found[3].payment


def test_the_schedule_may_run_on_in_a_holiday() -> None:
    """Interest as agreed, 12.00 and 9.04, and then the scheduled balance and two instalments."""
    found = rows("defer 2 interest=scheduled", FOUR)

    assert [1200, 904] == [row.capitalised for row in found[1:3]]
    assert [120000, 120000 - LEVEL + 1200, 120000 + 2104] == [row.bearing for row in found[1:4]]
    assert level(122104, 0.01, 4) == found[3].payment


def test_waived_interest_is_forgone_not_waived() -> None:
    """Interest that never accrues is not part of what was owed."""
    found = evaluated("defer 2 interest=waive", FOUR)

    assert 2400 == int(found.schedule.totals.forgone[0])
    assert [0, 0, 0] == interest("defer 2 interest=waive", FOUR)[:3]


def test_only_the_principal_part_or_only_interest() -> None:
    """Interest of 12.00 and 9.04 waits for the last two; or 12.00 is paid twice."""
    waits = (1200 + 904) // 2
    alone = payments("defer 2 of=interest", FOUR)

    assert [0, LEVEL - 1200, LEVEL - 904] == alone[:3]
    assert abs(LEVEL + waits - alone[3]) <= 1
    assert payments("defer 2 interest=pay", FOUR) == payments("defer 2 of=principal", FOUR)


def test_interest_that_is_deferred_alone_may_be_forgiven() -> None:
    """What is asked for is the principal part, and the instalments after go on as agreed."""
    found = payments("defer 2 of=interest interest=waive", FOUR)

    assert [0, LEVEL - 1200, LEVEL - 904] == found[:3]
    assert [LEVEL, LAST] == pytest.approx(found[3:], abs=1)


def test_interest_deferred_alone_is_due_after_the_deferral() -> None:
    """Both months' interest comes on top of the third instalment."""
    found = payments("defer 2 of=interest interest=first", FOUR)

    assert [0, LEVEL - 1200, LEVEL - 904] == found[:3]
    assert [LEVEL + 2104, LAST] == pytest.approx(found[3:], abs=1)


def test_interest_deferred_alone_is_spread_where_the_instalment_stays() -> None:
    """Interest of the second month, 9.04, comes on top of the last two."""
    found = payments("defer 1 at=2 of=interest instalment=keep", FOUR)

    assert [0, LEVEL, LEVEL - 904, LEVEL + 452, LAST + 452] == found


def test_keeping_the_end_date_leaves_fewer_instalments() -> None:
    """1,200.00 in two, and 24.00 of waiting interest."""
    found = payments("defer 2 term=keep", FOUR)

    assert [0, 0, 0] == found[:3]
    assert level(120000, 0.01, 2) + 1200 == found[3]
    assert 5 == len(found)


def test_keeping_the_instalment_lets_the_last_one_absorb() -> None:
    """With the end kept, 300.00 is asked for once and the rest at the end."""
    kept = "defer 2 term=keep instalment=keep"

    assert [0, 0, 0, 30000, 90000] == payments(kept, free(remaining_instalments=4))


def test_a_token_is_paid_instead() -> None:
    """Two payments of 5.00 leave 14.00 of interest to spread: 3.50 each."""
    expected = [500, 500, *[LEVEL + 350] * 3, LAST + 350]

    assert [0, *expected] == payments("defer 2 token=5", FOUR)
    assert payments("token 5 for=2", FOUR) == payments("defer 2 token=5", FOUR)


@pytest.mark.parametrize("place", ["3", "2026-04-10", "2026-03-11"])
def test_a_deferral_in_mid_term(place: str) -> None:
    """The third instalment, due on 10 April, named by number or by a day in its period."""
    assert [0, 30000, 30000, 0, 30000, 30000] == payments(
        f"defer 1 at={place}", free(remaining_instalments=4)
    )


def test_instalments_before_a_later_deferral_stay_as_agreed() -> None:
    """Also where the contract has a new rate, from which a new instalment follows."""
    changing = case(rate_changes=[{"from": "2026-07-11", "rate": "6%"}])
    found = payments("defer 2 at=3 term=keep", changing)

    assert payments("contract", changing)[1:3] == found[1:3]


def test_what_is_due_at_once_falls_due_on_the_last_deferred_date() -> None:
    """A debt without instalments, deferred by two months, is due in two months."""
    none = case(method=None, remaining_instalments=None, next_due=None)

    assert [0, 0, 120000 + 2400] == payments("defer 2", none)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("defer 4 term=keep", "only 4 instalments are left"),
        ("defer 2 at=0", "Periods count from 1"),
        ("defer 2 at=5", "period 5 is after the end of the plan, which has 4 periods."),
        ("defer 2 at=2026-05-11", "2026-05-11 is after the end of the plan"),
        ("defer 2 at=2020-01-01", "is in the past: interest is charged to 2026-01-10."),
        ("defer 1200", "That makes 1204 periods; a plan has at most 1200."),
        ("defer 2 token=0.001", "0.001"),
    ],
)
def test_refusals(plan: str, message: str) -> None:
    """Where, what, what to do."""
    assert message in refusal(plan, FOUR)


@pytest.mark.parametrize("method", ["equal-principal", "interest-only"])
def test_only_level_instalments_have_a_principal_part_of_their_own(method: str) -> None:
    """An interest-only loan would ask for nothing, an equal-principal one has another shape."""
    for plan in ("defer 2 of=interest", "defer 2 interest=scheduled"):
        assert "level instalments. Write split N" in refusal(plan, case(method=method))
