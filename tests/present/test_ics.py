"""Calendar files, read back by an independent parser."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from replan.present.ics import Event, to_ics

DAY = date(2026, 12, 5)
STAMP = date(2026, 11, 21)


def read(*events: Event) -> Calendar:
    """Write *events* and read them back."""
    return Calendar.from_ical(to_ics(events, stamp=STAMP, name="Plan"))


def test_event_is_read_back() -> None:
    """Day, title, note and identifier come back as they were given."""
    (found,) = read(Event(DAY, "还款 1,020.00; 第1期", "card-1", "一\n二\\三")).events

    assert found.start == DAY
    assert found.end == DAY + timedelta(days=1)
    assert str(found["SUMMARY"]) == "还款 1,020.00; 第1期"
    assert str(found["DESCRIPTION"]) == "一\n二\\三"
    assert str(found["UID"]) == "card-1"
    assert found.errors == []


@pytest.mark.parametrize(
    ("days", "before"),
    [(0, timedelta(hours=-9)), (1, timedelta(hours=15)), (3, timedelta(days=2, hours=15))],
)
def test_alarms_ring_at_nine(days: int, before: timedelta) -> None:
    """An alarm rings at nine in the morning of a day, counted from the midnight of the event."""
    (alarm,) = read(Event(DAY, "Pay", "x", alarms=(days,))).walk("VALARM")

    assert -before == alarm.decoded("TRIGGER")
    assert str(alarm["ACTION"]) == "DISPLAY"


def test_long_lines_are_folded_between_characters() -> None:
    """No line is longer than 75 octets, and a long Chinese text comes back whole."""
    title = "请于还款日前一天确认余额" * 12
    text = to_ics([Event(DAY, title, "x")], stamp=STAMP)

    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert title == str(Calendar.from_ical(text).events[0]["SUMMARY"])
    assert "\n" not in text.replace("\r\n", "")


def test_text_cannot_become_another_line() -> None:
    """A title with line ends and controls is one title: it adds no alarm and no event."""
    calendar = read(Event(DAY, "Pay\r\nEND:VEVENT\x1b[31m", "x\nURL:y", alarms=()))

    assert [] == calendar.walk("VALARM")
    assert 1 == len(calendar.events)
    assert "Pay\nEND:VEVENT" == str(calendar.events[0]["SUMMARY"])
    assert "URL" not in calendar.events[0]


def test_later_version_of_an_event_takes_its_place() -> None:
    """The same uid, a higher sequence and a later stamp: what calendar programs go by."""
    first, later = (
        Calendar.from_ical(to_ics([Event(day, "Pay", "x")], stamp=day)).events[0]
        for day in (STAMP, DAY)
    )

    assert str(first["UID"]) == str(later["UID"])
    assert int(str(first["SEQUENCE"])) < int(str(later["SEQUENCE"]))
    assert first.DTSTAMP < later.DTSTAMP


def test_same_events_same_bytes() -> None:
    """Nothing but the data decides what is written."""
    events = [Event(DAY, "Pay", "x")]

    assert to_ics(events, stamp=STAMP) == to_ics(events, stamp=STAMP)
    assert "DTSTAMP:20261121T000000Z" in to_ics(events, stamp=STAMP)
    assert [] == read().events
