"""What the casebook's commands share: which book, which day, and dates as people write them."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from replan.casebook.store import book_path, open_book
from replan.cli.options import parse_output
from replan.errors import UsageError
from replan.model.issues import Refused
from replan.model.values import parse_amount, parse_date

BookOption = Annotated[
    Path | None,
    typer.Option(
        "--book",
        metavar="FILE",
        help="The casebook; by default REPLAN_BOOK, else one in your data folder.",
        parser=parse_output,
    ),
]
TodayOption = Annotated[
    str | None,
    typer.Option("--today", metavar="DATE", help="As if it were this day; by default it is today."),
]
ClientOption = Annotated[
    str | None,
    typer.Option("--client", metavar="NAME", help="Whose it is, as the book names them."),
]
ClientArgument = Annotated[
    str | None, typer.Argument(metavar="CLIENT", help="Only this client; else all.")
]
FormerClientOption = Annotated[str | None, typer.Option("--client", hidden=True)]
"""The name of a client as an option, as it was written before all commands took it alike."""
AgreementArgument = Annotated[
    int,
    typer.Argument(
        metavar="AGREEMENT", help="The agreement's number, as replan track status shows it."
    ),
]


@contextmanager
def opened(book: Path | None) -> Iterator[sqlite3.Connection]:
    """Open the casebook that is asked for, or the user's own."""
    with open_book(book_path(book, os.environ, sys.platform)) as found:
        yield found


def one_client(client: str | None, former: str | None) -> str | None:
    """Give the client that is named, as an argument or as the option of old; UsageError if two."""
    if client and former and client != former:
        raise UsageError("Two clients are named. Name one, without --client.")
    return client or former


def day_of(text: str | None, option: str) -> date:
    """Read a day that an option gives; today where it gives none."""
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return parse_date(text)
    except Refused as refused:
        raise UsageError(f"{option}: {refused}") from None


def recording_time() -> str:
    """Give the time at which something is recorded."""
    return datetime.now(tz=UTC).isoformat(timespec="seconds")


def minor_amount(text: str, *, currency: str, exponent: int) -> int:
    """Read an amount in the currency's minor units; UsageError if it is none."""
    try:
        return in_minor(parse_amount(text, currency=currency), exponent)
    except Refused as refused:
        raise UsageError(f"AMOUNT: {refused}") from None


def in_minor(amount: Decimal, exponent: int) -> int:
    """Give an exact amount in minor units."""
    return int(amount.scaleb(exponent))
