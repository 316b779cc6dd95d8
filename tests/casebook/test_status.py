"""Agreed against actual: what was paid, what is missing, which conditions hold."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from casebook.samples import add, book_with, paid
from replan.casebook.agreements import read_agreement, replace_agreement
from replan.casebook.balances import balance_on
from replan.casebook.status import agreement_status, calendar_events, due_within, status_of
from replan.casebook.store import open_book
from replan.errors import UsageError
from strategies import samples
from strategies.plans import CHAINS

PLAN = "waive penalty=100% when=on-time:2 + split 4"
MARCH = date(2027, 3, 15)


@given(CHAINS)
@settings(max_examples=40)
def test_a_plan_paid_as_scheduled_is_completed(plan: str) -> None:
    """Nothing remains, nothing is overdue, nothing was paid beyond it, conditions are kept."""
    with tempfile.TemporaryDirectory() as folder, open_book(Path(folder) / "book") as book:
        try:
            found = add(book, plan, case=samples.case(penalty="17.77", fees="5.00"))
        except UsageError:
            assume(False)  # noqa: FBT003 - the plan does not read or does not apply
        assume(len(found.rows) < 150)
        found = paid(book, found, *[(str(r.due), r.payment) for r in found.rows if r.payment])
        shown = agreement_status(found, found.rows[-1].due, full=True)

    sums = {name: float(shown[name]) for name in ("remaining", "overdue", "beyond")}
    assert {"remaining": 0, "overdue": 0, "beyond": 0} == sums
    assert "completed" == shown["state"]
    assert {"paid"} == {row["state"] for row in shown["rows"]}
    assert {"kept"} >= {condition["state"] for condition in shown["conditions"]}


def test_each_instalment_is_told_apart(tmp_path: Path) -> None:
    """Paid early, late, in part, missed and to come."""
    with book_with(tmp_path, "split 6") as (book, [agreed]):
        one = agreed.rows[1].payment
        found = paid(book, agreed, ("2026-12-08", one), ("2027-01-20", one), ("2027-02-01", 100))
        states = [row["state"] for row in agreement_status(found, MARCH, full=True)["rows"]]

    assert ["early", "late", "part", "missed", "open", "open"] == states


def test_on_its_day_an_instalment_is_not_late(tmp_path: Path) -> None:
    """The day itself still counts."""
    with book_with(tmp_path, "split 4") as (_, [found]):
        on_day, after = (agreement_status(found, date(2026, 12, d)) for d in (10, 11))

    assert ("on-track", "behind") == (on_day["state"], after["state"])
    assert (None, "2026-12-10") == (on_day["overdue_since"], after["overdue_since"])


@pytest.mark.parametrize(
    ("state", "since", "days"),
    [
        ("kept", None, ("2026-12-10", "2027-01-09")),
        ("broken", "2027-01-10", ("2026-12-10", "2027-01-11")),
        ("broken", "2026-12-10", ("2026-12-11", "2027-01-10")),
        ("broken", "2027-01-10", ("2026-12-10",)),
    ],
)
def test_a_condition_of_payments_on_time(
    state: str, since: str | None, days: tuple[str, ...], tmp_path: Path
) -> None:
    """The first two count, and the first that was late is named."""
    with book_with(tmp_path, PLAN) as (book, [found]):
        made = [(day, found.rows[1].payment) for day in days]
        [condition] = agreement_status(paid(book, found, *made), MARCH, full=True)["conditions"]

    assert (state, since) == (condition["state"], condition["since"])


def test_a_condition_of_completion_is_open_until_something_is_overdue(tmp_path: Path) -> None:
    """And again once it is made up for."""
    with book_with(tmp_path, "waive penalty=100% when=completion + split 4") as (book, [found]):
        one = found.rows[1].payment
        days = [date(2026, 12, 1), date(2026, 12, 11)]
        states = [agreement_status(found, d, full=True)["conditions"][0]["state"] for d in days]
        cured = paid(book, found, ("2026-12-15", one))
        later = agreement_status(cured, date(2026, 12, 20), full=True)["conditions"][0]["state"]

    assert ["open", "broken", "open"] == [*states, later]


def test_a_broken_waiver_is_owed_on_top_of_the_instalments(tmp_path: Path) -> None:
    """The 120.00 that the instalments leave out may be asked for; paying off counts them, too."""
    with book_with(tmp_path, PLAN) as (_, [found]):
        before, after = (agreement_status(found, date(2026, 12, d), full=True) for d in (10, 11))

    payoff = after["payoff"]
    saved = float(after["remaining"]) + 120 - float(payoff["amount"])
    assert ("0.00", "120.00") == (before["revived"], after["revived"])
    assert f"{saved:.2f}" == payoff["saves"]


def test_paying_off_saves_the_interest_to_come(tmp_path: Path) -> None:
    """1,000.00 at 12 % in ten instalments: after a month 1,010.00 are owed, by hand."""
    case = samples.case(principal="1000.00")
    with book_with(tmp_path, "split 10", case=case) as (_, [found]):
        shown = agreement_status(found, date(2026, 2, 10), full=True)

    total = sum(row.payment for row in found.rows)
    saved = f"{(total - 101000) / 100:.2f}"
    assert ("1010.00", saved) == (shown["payoff"]["amount"], shown["payoff"]["saves"])


def test_what_is_paid_at_signing_is_none_of_the_payments_on_time(tmp_path: Path) -> None:
    """The schedule waives after two instalments; late at signing breaks it all the same."""
    plan = "waive penalty=100% when=on-time:2 + down 50 + split 4"
    with book_with(tmp_path, plan) as (book, [agreed]):
        due = [(str(row.due), row.payment) for row in agreed.rows]
        one, two = (paid(book, agreed, *due[:2]), paid(book, agreed, due[2]))
    late = replace(two, payments=(replace(two.payments[0], paid_on=MARCH), *two.payments[1:]))
    shown = [agreement_status(a, MARCH, full=True)["conditions"][0] for a in (one, two, late)]
    before = agreement_status(one, date(2026, 12, 11), full=True)["conditions"][0]

    assert 12000 == agreed.rows[1].left.penalty
    assert 0 == agreed.rows[2].left.penalty
    assert "open" == before["state"]
    assert ["broken", "kept", "broken"] == [condition["state"] for condition in shown]


def test_a_waiver_earned_ahead_of_time_lowers_the_payoff(tmp_path: Path) -> None:
    """Both payments were made before their dates: the 120.00 are as good as gone."""
    with book_with(tmp_path, PLAN) as (book, [agreed]):
        ahead = paid(book, agreed, ("2026-12-01", 2 * agreed.rows[1].payment))
        shown = agreement_status(ahead, date(2026, 12, 2), full=True)

    assert ("kept", "120.00") == (shown["conditions"][0]["state"], shown["payoff"]["waived"])


def test_within_days_of_grace_a_payment_is_in_time(tmp_path: Path) -> None:
    """10 January 2027 is a Sunday: paid on Monday the condition holds with a day of grace."""
    with book_with(tmp_path, PLAN) as (book, [agreed]):
        sums = [row.payment for row in agreed.rows[1:3]]
        days = ("2026-12-10", "2027-01-11")
        found = paid(book, agreed, *zip(days, sums, strict=True))
        strict, kind = (
            agreement_status(replace(found, grace=days), MARCH, full=True) for days in (0, 1)
        )

    assert ["paid", "late"] == [row["state"] for row in strict["rows"][:2]]
    assert ["paid", "paid"] == [row["state"] for row in kind["rows"][:2]]
    assert ["broken", "kept"] == [one["conditions"][0]["state"] for one in (strict, kind)]
    assert balance_on(replace(found, grace=1), date(2027, 1, 12)).kept_to == 2


def test_within_days_of_grace_nothing_is_overdue_but_still_asked_for(tmp_path: Path) -> None:
    """It stays in the list of what is due, on its own date."""
    with book_with(tmp_path, "split 4") as (_, [agreed]):
        found = replace(agreed, grace=3)
        shown = agreement_status(found, date(2026, 12, 13), full=True)
        [due] = due_within([found], date(2026, 12, 13), 7)["due"]

    assert ("on-track", "0.00") == (shown["state"], shown["overdue"])
    assert ("2026-12-10", "grace") == (shown["next_due"]["date"], shown["rows"][0]["state"])
    assert ("2026-12-10", "grace") == (due["due"], due["state"])
    assert "behind" == agreement_status(found, date(2026, 12, 14))["state"]


def test_what_was_paid_later_does_not_count_on_an_earlier_day(tmp_path: Path) -> None:
    """A look back shows what was known."""
    with book_with(tmp_path, "split 4") as (book, [found]):
        late = paid(book, found, ("2027-01-05", found.rows[1].payment))

    assert "behind" == agreement_status(late, date(2026, 12, 20))["state"]


def test_due_lists_overdue_sums_and_days_to_come(tmp_path: Path) -> None:
    """What is overdue is one sum; both ends of the days count; replaced ones ask for nothing."""
    with book_with(tmp_path, "split 4", "split 5") as (book, [one, two]):
        replace_agreement(book, two, one, date(2026, 12, 1))
        kept = [one, read_agreement(book, two.id)]
        found = due_within(kept, date(2027, 2, 3), 7)["due"]
        stand = status_of(kept, MARCH)["agreements"]

    late = one.rows[1].payment + one.rows[2].payment
    expected = [("missed", 2, f"{late / 100:.2f}"), ("open", 1, f"{one.rows[3].payment / 100:.2f}")]
    assert expected == [(e["state"], e["count"], e["amount"]) for e in found]
    assert ["behind", "replaced"] == [entry["state"] for entry in stand]
    assert ("0.00", None) == (stand[1]["overdue"], stand[1]["next_due"])


def test_calendar_events_keep_their_uid(tmp_path: Path) -> None:
    """Whatever was paid meanwhile, so that a calendar replaces them."""
    with book_with(tmp_path, "split 4") as (book, [found]):
        before = [e["uid"] for e in calendar_events([found], date(2026, 11, 22))]
        ahead = paid(book, found, ("2026-12-10", found.rows[1].payment + 100))
        after = calendar_events([ahead], date(2026, 12, 11))

    assert before[1:] == [e["uid"] for e in after]
    assert 4 == len(set(before))
    assert float(after[0]["amount"]) == (found.rows[2].payment - 100) / 100
