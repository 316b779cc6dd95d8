"""Reminders: short and considerate, of one creditor each, and the calendar of one client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from replan.present.blocks import Block, Heading, Lines
from replan.present.figures import amount
from replan.present.ics import Event, to_ics
from replan.present.words import Words

Record = Mapping[str, Any]
_LATE = ("missed", "part", "grace")


def reminders(due: Record, words: Words) -> dict[str, Any]:
    """Return the JSON form of reminders: a text for each instalment that is overdue or near."""
    found = [{**one, "text": reminder_text(one, words)} for one in due["due"]]
    return {"replan": 1, "as_of": due["as_of"], "until": due["until"], "reminders": found}


def reminder_text(one: Record, words: Words) -> str:
    """Write a reminder: it names its own creditor and amount, and no one else.

    Nobody is reminded to pay what nothing confirms, but to ask for the confirmation.
    """
    values = {"amount": f"{amount(one['amount'])} {one['currency']}", "date": one["due"]}
    values["creditor"] = one["creditor"] or one["debt"]
    if one["confirmed"] == "none":
        return words("remind.unconfirmed", **values)
    return words("remind.late" if one["state"] in _LATE else "remind.coming", **values)


def remind_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out reminders by client, ready to be copied."""
    blocks: list[Block] = [Heading(words("remind.title", date=data["as_of"]), level=1)]
    if not data["reminders"]:
        blocks.append(Lines((words("track.none_due"),)))
    for client in dict.fromkeys(one["client"] for one in data["reminders"]):
        blocks.append(Heading(client))
        texts = (one["text"] for one in data["reminders"] if one["client"] == client)
        blocks.extend(Lines((text,)) for text in texts)
    return blocks


def remind_records(data: Record) -> list[dict[str, object]]:
    """Flatten reminders for CSV."""
    names = ("client", "id", "n", "due", "amount", "currency", "text")
    return [{name: one[name] for name in names} for one in data["reminders"]]


def calendar(events: Iterable[Record], words: Words, *, today: date) -> str:
    """Print instalments to come as a calendar; each has uid, due, amount, currency, creditor."""
    return to_ics((_event(one, words) for one in events), stamp=today)


def counsellors_calendar(events: Iterable[Record], words: Words, *, today: date) -> str:
    """Print instalments of several clients as the counsellor's own calendar: it names the clients.

    Its events have uids of their own, so that they stand beside those of a client's calendar.
    """
    return to_ics((_clients_event(one, words) for one in events), stamp=today, name="replan")


def _clients_event(one: Record, words: Words) -> Event:
    event = _event(one, words)
    title = words("remind.of_client", client=one["client"], what=event.title)
    return replace(event, title=title, uid=f"all-{event.uid}")


def _event(one: Record, words: Words) -> Event:
    what = f"{amount(one['amount'])} {one['currency']}"
    title = words("remind.summary", amount=what, creditor=one["creditor"] or one["debt"])
    sure = one["confirmed"] != "none"
    note = words("remind.description") if sure else words("track.unconfirmed")
    return Event(date.fromisoformat(one["due"]), title, one["uid"], note, alarms=(3, 1))
