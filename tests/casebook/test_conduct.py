"""Contacts against the rules on conduct: claimed only where all is known."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from replan.casebook.conduct import Contact, conduct_of

BEIJING = timezone(timedelta(hours=8))


def met(clock: str, day: str = "2026-11-20", **facts: Any) -> Contact:
    """Return a contact in China at a time of the day."""
    at = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BEIJING)
    return Contact(**{"at": at, "jurisdiction": "CN", "caller": "K", **facts})


def codes(contact: Contact, *others: Contact) -> list[tuple[str, str]]:
    """Return what is found, with the rule."""
    return [(f["code"], f.get("rule", "")) for f in conduct_of(contact, [contact, *others])]


@pytest.mark.parametrize(
    ("expected", "clock"),
    [(False, "08:00"), (True, "07:59"), (False, "21:59"), (False, "22:00"), (True, "22:01")],
)
def test_hours_in_china(expected: bool, clock: str) -> None:
    """GB/T 45251-2025 and the guideline of 2026: not from 22:00 to 08:00."""
    both = [("hours", "cn.collection.standard"), ("hours", "cn.collection.guideline")]

    assert (both if expected else []) == codes(met(clock))


def test_a_finding_is_cited_with_its_day() -> None:
    """Source, since when, what was found and the limit."""
    found = conduct_of(met("23:10"), [])[0]

    assert ("GB/T 45251-2025", "2025-02-28") == (found["source"], found["since"])
    assert ("23:10", "08:00–22:00", "norm") == (found["found"], found["limit"], found["kind"])


def test_before_a_rule_is_in_force_nothing_is_claimed() -> None:
    """The standard is of February 2025, the guideline of January 2026."""
    assert [] == codes(met("23:10", "2025-02-27"))
    assert [("hours", "cn.collection.standard")] == codes(met("23:10", "2026-01-29"))


def test_no_zone_no_claim_about_hours() -> None:
    """Nor without a jurisdiction that is known."""
    naive = Contact(at=datetime(2026, 11, 20, 23, 10), jurisdiction="CN")  # noqa: DTZ001 - the point

    assert [("zone-unknown", "")] == codes(naive)
    assert [("jurisdiction-unknown", "")] == codes(met("23:10", jurisdiction=""))
    assert [("jurisdiction-unknown", "")] == codes(met("23:10", jurisdiction="XX"))


def test_the_fourth_conversation_of_a_day_is_one_too_many() -> None:
    """Those that nobody answered, of another company, or of the day before do not count."""
    three = [met(f"1{n}:00") for n in range(3)]
    others = [
        met("13:00", outcome="unanswered"),
        met("13:10", caller="L"),
        met("9:00".zfill(5), "2026-11-19"),
    ]
    fourth = met("15:00")

    assert [] == codes(three[2], *three[:2], *others)
    assert [("number", "cn.collection.standard")] == codes(fourth, *three, *others)


def test_the_seventh_attempt_from_one_number_is_one_too_many() -> None:
    """The guideline counts attempts that nobody answered, for each number."""
    calls = [met(f"09:0{n}", outcome="unanswered", number="10010") for n in range(8)]

    assert [] == codes(calls[5], *calls)
    assert [("number", "cn.collection.guideline")] == codes(calls[6], *calls)
    assert [] == codes(met("09:30", outcome="unanswered"), *calls)


def us(day: int, hour: int = 12, **facts: Any) -> Contact:
    """Return a collector's call on a day of November 2026 in New York."""
    at = datetime(2026, 11, day, hour, tzinfo=timezone(timedelta(hours=-5)))
    asked = {"jurisdiction": "US", "role": "collector", "debt": "card", "outcome": "unanswered"}
    return Contact(at=at, **{**asked, **facts})


def test_seven_calls_in_seven_days() -> None:
    """Regulation F, 1006.14(b)(2)(i)(A): the eighth within seven days, for each debt."""
    week = [us(day) for day in range(1, 8)]

    assert [] == codes(week[6], *week)
    assert [("number", "us.regf.calls")] == codes(us(7, 15), *week)
    assert [] == codes(us(8), *week)
    assert [] == codes(us(7, 15, debt="other"), *week)


def test_no_call_within_seven_days_of_a_conversation() -> None:
    """Regulation F, 1006.14(b)(2)(i)(B): the day of the conversation is the first of the seven."""
    talk = us(1, outcome="reached")

    assert [("pause", "us.regf.calls")] == codes(us(7), talk)
    assert [] == codes(us(8), talk)


def test_rules_for_collectors_bind_no_creditor() -> None:
    """Where it is not known who called, that is asked."""
    late = [us(1, 22, role=role) for role in ("collector", "creditor", "unknown")]

    assert [[("hours", "us.regf.hours")], [], [("role-unknown", "")]] == [codes(c) for c in late]


def test_third_parties() -> None:
    """China's standard, the UK's CONC 7.9; a letter at night is no call."""
    uk = met("12:00", jurisdiction="GB", recipient="third-party")

    assert [("third-party", "cn.collection.standard")] == codes(
        met("12:00", recipient="third-party")
    )
    assert [("third-party", "uk.conc7.contact")] == codes(uk)
    assert [] == codes(met("23:00", jurisdiction="GB"))
    assert [] == codes(met("23:00", channel="letter"))
    assert [("hours", "in.recovery-calls")] == codes(met("19:30", jurisdiction="IN"))


def test_calls_to_others_are_not_counted_with_those_to_the_debtor() -> None:
    """Regulation F counts calls to a particular person; that others are called is said itself."""
    calls = [us(day) for day in range(1, 8)]
    other = us(7, 10, outcome="reached", recipient="third-party")

    assert [("third-party", "us.regf.hours")] == codes(other, *calls)
    assert [] == codes(calls[-1], other, *calls[:-1])
