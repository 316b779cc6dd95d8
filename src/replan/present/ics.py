"""Calendar files: dates with reminders as any calendar program reads them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from replan.model.text import clean_text

ALARM_HOUR = 9
"""Reminders of a whole day ring at nine in the morning, wherever the reader is."""
_FIRST = date(2020, 1, 1)
"""Versions of events count the days since this one."""
_LINE = 75
"""Longest line in octets, without its end (RFC 5545, section 3.1)."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Event:
    """What happens on one day.

    `uid` must be the same each time the same event is written, so that a calendar replaces it; it
    is seen by whoever gets the file. `alarms` are days before, 0 for the morning of the day.
    Lines of `note` stay lines.
    """

    day: date
    title: str
    uid: str
    note: str = ""
    alarms: tuple[int, ...] = (3, 0)


def to_ics(events: Iterable[Event], *, stamp: date, name: str = "") -> str:
    """Return a calendar of whole days that leave the time free, in whatever zone it is read.

    `stamp` is the day on which the data hold: the same data give the same bytes, and an event of a
    later day takes the place of that with its uid (SEQUENCE, RFC 5545, section 3.8.7.4). `name` is
    what programs call the calendar. Texts are cleaned and escaped; lines end in CR LF and are
    folded at 75 octets, never inside a character.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//replan//replan//EN", "CALSCALE:GREGORIAN"]
    if name:
        lines.append(f"X-WR-CALNAME:{_text(name)}")
    for event in events:
        lines.extend(_event(event, stamp))
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _fold(line))


def _event(event: Event, stamp: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{stamp:%Y%m%d}T000000Z"
    yield f"SEQUENCE:{(stamp - _FIRST).days}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.title)}"
    if event.note:
        yield f"DESCRIPTION:{_text(event.note)}"
    yield "TRANSP:TRANSPARENT"
    for days in event.alarms:
        yield from _alarm(event.title, days)
    yield "END:VEVENT"


def _alarm(title: str, days: int) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_text(title)}"
    yield f"TRIGGER:{_trigger(days)}"
    yield "END:VALARM"


def _trigger(days: int) -> str:
    """Give the time from midnight of the day to nine in the morning *days* before.

    >>> _trigger(0), _trigger(1), _trigger(3)
    ('PT9H', '-PT15H', '-P2DT15H')
    """
    if days == 0:
        return f"PT{ALARM_HOUR}H"
    whole = f"{days - 1}D" if days > 1 else ""
    return f"-P{whole}T{24 - ALARM_HOUR}H"


def _text(text: str) -> str:
    lines = (clean_text(line) for line in text.splitlines())
    return "\n".join(lines).translate(_ESCAPES)


def _fold(line: str) -> Iterator[str]:
    """Cut a line at 75 octets; what follows a cut begins with a space, which counts."""
    part, room = "", _LINE
    for char in line:
        size = len(char.encode())
        if size > room:
            yield part
            part, room = " ", _LINE - 1
        part += char
        room -= size
    yield part
