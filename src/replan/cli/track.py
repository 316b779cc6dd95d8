"""`replan track`: the casebook's commands, each loaded when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import typer

from replan.cli.app import LazyGroup

TRACK = {
    "agree": "Record a plan that a creditor has accepted.",
    "pay": "Record a payment, or read a bank's statement.",
    "status": "Show agreed against actual: paid, missed, what remains.",
    "due": "List what is overdue and what falls due soon, for all clients.",
    "remind": "Write reminders, and a calendar with alarms.",
    "contact": "Log a call, message or visit, and check it against the rules.",
    "offer": "Log a round of a negotiation.",
    "history": "Show everything of a client in order.",
    "replan": "Start a new case from what is really owed.",
    "export": "Write the casebook, or one client, as JSON.",
    "import": "Add what was exported.",
    "backup": "Copy the casebook while it is in use.",
    "forget": "Delete a client and everything about them.",
}


class TrackGroup(LazyGroup):
    """The group of the casebook's commands."""

    lines: ClassVar[Mapping[str, str]] = TRACK
    inside: ClassVar[str] = "track "


GROUP = typer.Typer(
    cls=TrackGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@GROUP.callback()
def track() -> None:
    """Keep agreements, payments, contacts and reminders in one private file, the casebook.

    It lies in your data folder; REPLAN_BOOK or --book name another. Nothing leaves this machine.
    """
