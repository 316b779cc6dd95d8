"""`replan track pay`: a payment by hand, or those of a bank's statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from replan.casebook.agreements import Agreement, read_agreement, read_agreements
from replan.casebook.bank import Line, Statement, is_outside, match_lines, read_statement
from replan.casebook.payments import pay as keep
from replan.casebook.payments import pay_lines, remove_payment
from replan.casebook.status import agreement_status
from replan.casebook.store import writing
from replan.cli.book import (
    BookOption,
    ClientOption,
    TodayOption,
    day_of,
    in_minor,
    minor_amount,
    opened,
    recording_time,
)
from replan.cli.groups import spread_options
from replan.cli.options import DatesOption
from replan.cli.output import Page, Printing, Target, deliver, report
from replan.errors import UsageError
from replan.model.values import normalise
from replan.present.track import paid_blocks, paid_records


@spread_options
def pay(
    agreement: Annotated[
        int | None,
        typer.Argument(
            metavar="AGREEMENT", help="The agreement's number, as replan track status shows it."
        ),
    ] = None,
    amount: Annotated[str | None, typer.Argument(metavar="AMOUNT", help="What was paid.")] = None,
    *,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day; by default it is today.")
    ] = None,
    reference: Annotated[
        str,
        typer.Option("--reference", metavar="TEXT", help="The bank's reference, if there is one."),
    ] = "",
    again: Annotated[
        bool,
        typer.Option("--again", help="It is a second payment of the same day and amount."),
    ] = False,
    remove: Annotated[
        int | None,
        typer.Option(
            "--remove", metavar="PAYMENT", help="Take back a payment recorded by mistake."
        ),
    ] = None,
    bank: Annotated[
        Path | None,
        typer.Option("--bank", metavar="FILE", help="Read the payments of a bank's CSV statement."),
    ] = None,
    client: ClientOption = None,
    dates: DatesOption = None,
    book: BookOption = None,
    today: TodayOption = None,
    printing: Printing,
) -> None:
    """Record a payment and show what it goes to; or read those of one client's bank statement.

    A line of a statement belongs to the agreement whose account or creditor stands in its text;
    what names none, or several, is listed, and so is money that came back. Reading a statement
    again changes nothing. Exit code 1 if lines could not be read.
    """
    target = printing.target()
    day = day_of(on, "--on") if on else day_of(today, "--today")
    with opened(book) as kept:
        if bank is not None:
            _pay_statement(kept, bank, client=client, dates=dates, target=target, today=today)
            return
        if agreement is None or (amount is None and remove is None):
            raise UsageError("Name the agreement and the amount: replan track pay 3 1200.00")
        if day > day_of(today, "--today"):
            raise UsageError("The payment lies ahead. Record it once it has been made.")
        found = read_agreement(kept, agreement)
        if remove is None and day < found.as_of:
            raise UsageError(
                f"The agreement counts from {found.as_of}: what was paid before is in its balances"
                " already. Correct the day."
            )
        with writing(kept):
            if remove is not None:
                remove_payment(kept, agreement, remove, now=recording_time())
                new = None
            else:
                cents = _paid(amount or "", found)
                now = recording_time()
                new = keep(
                    kept, agreement, cents, on=day, reference=reference, again=again, now=now
                )
        status = agreement_status(
            read_agreement(kept, agreement), day_of(today, "--today"), full=True
        )
    recorded = [one for one in status["payments"] if one["id"] == new]
    data: dict[str, Any] = {"replan": 1, "agreements": [{**status, "recorded": recorded}]}
    data |= {"removed": remove} if remove is not None else {}
    deliver(data, Page(paid_blocks, paid_records), target)


def _paid(text: str, agreement: Agreement) -> int:
    """Read a payment in minor units; what came back is no payment."""
    plain = normalise(text).replace("−", "-")
    if plain.startswith("-"):
        raise UsageError(
            f"AMOUNT: {plain} is below zero. Write a payment as {plain[1:]}; one that came back is "
            "taken back with --remove PAYMENT."
        )
    return minor_amount(text, currency=agreement.currency, exponent=agreement.exponent)


def _pay_statement(
    kept: sqlite3.Connection,
    path: Path,
    *,
    client: str | None,
    dates: Literal["day-first", "month-first"] | None,
    target: Target,
    today: str | None,
) -> None:
    agreements = read_agreements(kept, client)
    if len({one.client for one in agreements}) > 1:
        raise UsageError("A statement is of one client. Name whose: --client NAME")
    if len({one.currency for one in agreements}) != 1:
        raise UsageError("Agreements in several currencies, or none: record these by hand.")
    found = read_statement(
        path.read_bytes(),
        name=path.name,
        currency=agreements[0].currency,
        order=dates,
        until=day_of(today, "--today"),
    )
    report(found.issues, target.words)
    matched, others = match_lines(found.lines, agreements)
    lines = [(a.id, in_minor(x.amount, a.exponent), x.paid_on, x.reference) for x, a in matched]
    with writing(kept):
        new = pay_lines(kept, lines, now=recording_time())
    before = {p.id for a in agreements for p in a.payments}
    after = [read_agreement(kept, one.id) for one in agreements]
    told: list[dict[str, Any]] = []
    for one in after:
        status = agreement_status(one, day_of(today, "--today"), full=True)
        recorded = [p for p in status["payments"] if p["id"] not in before]
        told += [{**status, "recorded": recorded}] if recorded else []
    returned = match_lines(found.back, after)[0]
    listed = [(line, count, not count and is_outside(line, agreements)) for line, count in others]
    data = {"replan": 1, "agreements": told, "statement": _told(found, listed, new, returned)}
    deliver(data, Page(paid_blocks, paid_records), target)
    raise typer.Exit(1 if found.issues else 0)


def _told(
    found: Statement,
    others: Iterable[tuple[Line, int, bool]],
    new: list[bool],
    returned: Iterable[tuple[Line, Agreement]],
) -> dict[str, Any]:
    counts = {"new": sum(new), "known": len(new) - sum(new), "incoming": found.incoming}
    return {
        **counts,
        "others": [
            {**_listed(line), "agreements": count, "outside": outside}
            for line, count, outside in others
        ],
        "returned": [
            {**_listed(line), "agreement": one.id, "payments": _paid_as(line, one)}
            for line, one in returned
        ],
    }


def _listed(line: Line) -> dict[str, Any]:
    return {
        "line": line.number,
        "date": line.paid_on.isoformat(),
        "amount": str(line.amount),
        "reference": line.reference,
    }


def _paid_as(line: Line, agreement: Agreement) -> list[int]:
    """List the payments that money which came in may return: as much, and not later than it."""
    cents = in_minor(line.amount, agreement.exponent)
    made = (p for p in agreement.payments if p.paid_on <= line.paid_on)
    return [p.id for p in made if p.amount == cents]
