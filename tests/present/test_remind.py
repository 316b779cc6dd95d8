"""Reminders: short, of one creditor, and a calendar that others can read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

from replan.present.remind import calendar, remind_records, reminder_text, reminders
from replan.present.words import LANGUAGES, Language, Words

ONE = {"client": "Ana", "id": 3, "creditor": "River Bank", "debt": "card", "currency": "CNY"}
ONE |= {"confirmed": "letter"}
ONE |= {"due": "2026-12-10", "amount": "1250.00", "state": "open", "n": 1, "uid": "u-1@x"}
DAY = date(2026, 12, 5)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["open", "missed"])
def test_a_reminder_names_amount_creditor_and_day(language: Language, state: str) -> None:
    """And not the client, who reads it."""
    text = reminder_text({**ONE, "state": state}, Words(language))

    assert all(part in text for part in ("1,250.00 CNY", "River Bank", "2026-12-10"))
    assert "Ana" not in text


def test_nobody_is_reminded_to_pay_what_nothing_confirms() -> None:
    """But to ask for the confirmation first."""
    text = reminder_text({**ONE, "confirmed": "none", "state": "missed"}, Words("en"))

    assert "before anything is paid" in text


def test_each_instalment_has_its_reminder() -> None:
    """In the order in which they are due."""
    due: dict[str, Any] = {"as_of": "2026-12-05", "until": "2026-12-12", "due": [ONE, ONE]}
    records = remind_records(reminders(due, Words("en")))

    assert [("Ana", "2026-12-10")] * 2 == [(r["client"], r["due"]) for r in records]


def test_the_calendar_is_read_by_others() -> None:
    """Two alarms, its own uid, nothing of the client."""
    text = calendar([ONE, {**ONE, "uid": "u-2@x", "creditor": ""}], Words("zh"), today=DAY)
    events = Calendar.from_ical(text).walk("VEVENT")

    assert ["u-1@x", "u-2@x"] == [str(event["UID"]) for event in events]
    assert ["还款 1,250.00 CNY 给 River Bank"] == [str(e["SUMMARY"]) for e in events[:1]]
    assert [2, 2] == [len(event.walk("VALARM")) for event in events]
    assert "Ana" not in text
