"""What is owed today: the schedule where it was kept, the kernel from where it was not."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from casebook.samples import add, book_with, case_of, paid
from replan.casebook.agreements import Agreement, Amounts
from replan.casebook.balances import balance_on
from replan.casebook.store import open_book
from replan.errors import UsageError
from strategies import samples
from strategies.plans import CHAINS


def as_agreed(found: Agreement, rows: int) -> list[tuple[str, int]]:
    """Return the payments of so many rows, each on its day."""
    return [(str(row.due), row.payment) for row in found.rows[:rows] if row.payment]


@given(CHAINS)
@settings(max_examples=60)
def test_a_plan_that_is_kept_is_owed_what_it_says(plan: str) -> None:
    """Before each payment is owed what is left after it and the payment itself."""
    owed = {"interest": "30.00", "penalty": "17.77", "fees": "5.00"}
    with tempfile.TemporaryDirectory() as folder, open_book(Path(folder) / "book") as book:
        try:
            found = add(book, plan, case=samples.case(**owed))
        except UsageError:
            assume(False)  # noqa: FBT003 - the plan does not read or does not apply
        assume(len(found.rows) > 3 and not found.conditions)
        found = paid(book, found, *as_agreed(found, 3))
        expected = found.rows[3].left.total + found.rows[3].payment
        shown = balance_on(found, found.rows[3].due)

    assert expected == shown.parts.total


def test_simple_interest_by_hand_after_a_missed_payment(tmp_path: Path) -> None:
    """1,000.00 at 12 %, 30/360, nothing paid: 10.00 a month, and on 25 February half of one more.

    Unpaid interest bears none. 500.00 on 10 February pay interest of 20.00 first.
    """
    case = samples.case(principal="1000.00")
    with book_with(tmp_path, "split 10", case=case) as (book, [found]):
        silent = balance_on(found, date(2026, 3, 25))
        later = balance_on(paid(book, found, ("2026-03-10", 50000)), date(2026, 3, 25))

    assert Amounts(principal=100000, interest=2500) == silent.parts
    assert Amounts(principal=52000, interest=260) == later.parts
    assert 0 == later.kept_to


def test_days_count_by_the_rhythm_of_their_time(tmp_path: Path) -> None:
    """1,000.00 at 12 %: 10.00 a month until April whatever its days, then 1/360 for each day."""
    case = samples.case(principal="1000.00")
    with book_with(tmp_path, "token 0.01 for=3 + split 3 every=week", case=case) as (book, [found]):
        kept = paid(book, found, ("2026-02-10", 1), ("2026-03-10", 1))
        days = [date(2026, 4, 10), date(2026, 4, 13)]
        owed = [balance_on(kept, day).parts.interest for day in days]

    assert [3000 - 2, 3100 - 2] == owed


def test_a_rate_cut_holds_for_what_is_owed_after_a_breach(tmp_path: Path) -> None:
    """1,000.00 at the agreed 6 %: 5.00 a month."""
    case = samples.case(principal="1000.00")
    with book_with(tmp_path, "rate 6% + split 10", case=case) as (_, [found]):
        assert Amounts(100000, 1000) == balance_on(found, date(2026, 3, 10)).parts


def test_what_a_condition_would_waive_is_still_owed(tmp_path: Path) -> None:
    """Until it is kept; the payments before it came in time."""
    with book_with(tmp_path, "waive penalty=100% when=on-time:2 + split 4") as (book, [found]):
        one = paid(book, found, *as_agreed(found, 2))
        two = paid(book, found, *as_agreed(found, 3)[1:])

        assert 12000 == balance_on(one, date(2026, 12, 20)).parts.penalty
        assert 0 == balance_on(two, date(2027, 1, 20)).parts.penalty


def test_forborne_principal_bears_no_interest(tmp_path: Path) -> None:
    """Half of 1,000.00 rests: 5.00 a month on the other half."""
    case = samples.case(principal="1000.00")
    with book_with(tmp_path, "forbear 50% + split 10", case=case) as (_, [found]):
        assert Amounts(100000, 500) == balance_on(found, date(2026, 2, 10)).parts


def test_a_day_before_the_agreement_is_refused(tmp_path: Path) -> None:
    """Nothing is known of it."""
    refused = pytest.raises(UsageError, match="Name a later one")
    with book_with(tmp_path, "split 10", case=case_of()) as (_, [found]), refused:
        balance_on(found, date(2026, 11, 20))
