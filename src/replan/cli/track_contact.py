"""`replan track contact`: who called when, and whether that was within the rules."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Annotated, Literal

import typer

from replan.casebook.agreements import read_agreements
from replan.casebook.conduct import Contact
from replan.casebook.entries import has_client
from replan.casebook.log import contact_entry, read_contacts, record_contact
from replan.casebook.store import writing
from replan.cli.book import BookOption, opened, recording_time
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver
from replan.cli.prompts import say
from replan.errors import UsageError
from replan.model.jurisdictions import only_zone
from replan.model.text import clean_text
from replan.present.history import contact_blocks, contact_records

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)


@spread_options
def contact(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="Whose it is.")],
    *,
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="Where the client is: 2026-11-20 22:30.")
    ],
    zone: Annotated[
        str,
        typer.Option("--zone", metavar="ZONE", help="The time's zone: Asia/Shanghai or +08:00."),
    ] = "",
    channel: Annotated[
        Literal["call", "message", "letter", "visit"], typer.Option("--channel", help="How.")
    ] = "call",
    unanswered: Annotated[bool, typer.Option("--unanswered", help="Nobody was reached.")] = False,
    caller: Annotated[
        str, typer.Option("--from", metavar="NAME", help="Which company it was.")
    ] = "",
    role: Annotated[
        Literal["creditor", "collector", "unknown"],
        typer.Option("--role", help="Whether it was the creditor itself or a collector."),
    ] = "unknown",
    number: Annotated[
        str, typer.Option("--number", metavar="NUMBER", help="The number that called.")
    ] = "",
    recipient: Annotated[
        Literal["borrower", "third-party"], typer.Option("--to", help="Who was contacted.")
    ] = "borrower",
    debt: Annotated[str, typer.Option("--debt", metavar="ID", help="About which debt.")] = "",
    said: Annotated[str, typer.Option("--said", metavar="TEXT", help="What was said.")] = "",
    jurisdiction: Annotated[
        str | None,
        typer.Option(
            "--jurisdiction",
            metavar="CODE",
            help="Whose rules; by default those of the client's case.",
        ),
    ] = None,
    book: BookOption = None,
    printing: Printing,
) -> None:
    """Log a contact from a creditor or collector, and check hour and number against the rules.

    Where the jurisdiction has one time zone, as China has, the time is taken for that zone's.
    Nothing is claimed where the zone or the jurisdiction is not known. Rules are cited with their
    source and the day since which they are in force.
    """
    target = printing.target()
    with opened(book) as kept, writing(kept):
        known = has_client(kept, client)
        law = jurisdiction or (_jurisdiction(kept, client) if known else "")
        zone = zone or only_zone(law)
        met = Contact(
            at=time_of(at, zone),
            channel=channel,
            outcome="unanswered" if unanswered else "reached",
            role=role,
            caller=caller,
            number=number,
            recipient=recipient,
            debt=debt,
            jurisdiction=law,
            said=said,
        )
        new = record_contact(kept, client, met, zone=zone, now=recording_time())
        logged = read_contacts(kept, client)
    own = next(one for one in logged if one.id == new)
    data = {"replan": 1, "contact": contact_entry(own, logged)}
    deliver(data, Page(contact_blocks, contact_records), target)
    if not known:
        say(target.words("track.new_client", name=clean_text(client)))


def _jurisdiction(kept: sqlite3.Connection, client: str) -> str:
    """Return the jurisdiction of the client's latest case; empty if none states it."""
    cases = [json.loads(one.case) for one in read_agreements(kept, client)]
    stated = [case["jurisdiction"] for case in cases if case.get("jurisdiction")]
    return str(stated[-1]) if stated else ""


def time_of(text: str, zone: str) -> datetime:
    """Read a time with its zone; without a zone it has none. UsageError if it is no time."""
    try:
        read = datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        raise UsageError("--at: this is no time. Write 2026-11-20 22:30") from None
    if len(text.strip()) <= len("2026-11-20"):
        raise UsageError("--at: the hour is missing. Write 2026-11-20 22:30")
    return read.replace(tzinfo=zone_of(zone)) if zone else read


def zone_of(name: str) -> tzinfo:
    """Find a time zone by its name or its offset; UsageError if there is none."""
    found = _OFFSET.fullmatch(name.strip())
    if found:
        sign = -1 if found[1] == "-" else 1
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if offset <= timedelta(hours=14):
            return timezone(sign * offset)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few contacts name a zone

    try:
        return ZoneInfo(name.strip())
    except (ValueError, OSError, KeyError):
        raise UsageError("--zone: no such time zone. Write Asia/Shanghai or +08:00") from None
