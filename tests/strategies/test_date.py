"""Due day: instalments on another day of the month."""

from __future__ import annotations

from datetime import date

from replan.model.case import Case
from strategies.samples import case, due, interest, payments, refusal

FOUR = case(remaining_instalments=4)


def test_all_dates_move_to_the_day() -> None:
    """The first is never earlier than agreed: day 5 begins in March."""
    assert [date(2026, m, 25) for m in (2, 3, 4, 5)] == due("date 25", FOUR)
    assert [date(2026, m, 5) for m in (3, 4, 5, 6)] == due("date 5", FOUR)


def test_day_31_is_the_last_day_of_shorter_months() -> None:
    """28 February, 31 March, 30 April, 31 May."""
    days = [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]

    assert days == due("date 31", FOUR)


def test_interest_runs_for_the_longer_first_period() -> None:
    """45 days of 360 at 12 % instead of 30: 18.00; the last instalment absorbs it."""
    assert 120000 * 12 * 45 // 36_000 == interest("date 25", FOUR)[1]
    assert payments("contract", FOUR)[:4] == payments("date 25", FOUR)[:4]


def test_an_earlier_move_stays() -> None:
    """10 March moved to 10 April, then all on the 15th: no payment in March."""
    found = due("move 2026-03-10 to=2026-04-10 + date 15", FOUR)

    assert [date(2026, m, 15) for m in (2, 4, 5, 6)] == found


def test_dated_instalments_keep_their_months() -> None:
    """1 February, 1 May and 20 June become the 25th; two in one month are refused."""

    def custom(*days: str) -> Case:
        return case(
            method="custom",
            remaining_instalments=None,
            next_due=None,
            instalments=[{"due": day, "amount": "500"} for day in days],
        )

    three = custom("2026-02-01", "2026-05-01", "2026-06-20")

    assert [date(2026, m, 25) for m in (2, 5, 6)] == due("date 25", three)
    assert "on the same day" in refusal("date 25", custom("2026-02-01", "2026-02-20"))


def test_weekly_instalments_have_no_day_of_the_month() -> None:
    """The step is refused, not ignored."""
    weekly = case(frequency="week", remaining_instalments=4)

    assert "no day of the month. Leave it out." in refusal("date 15", weekly)
