"""`replan track offer`: a round of a negotiation."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from replan.casebook.entries import has_client
from replan.casebook.log import Offer, history_of, record_offer
from replan.casebook.store import writing
from replan.cli.book import BookOption, day_of, opened, recording_time
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver
from replan.cli.prompts import say
from replan.errors import UsageError
from replan.present.history import history_blocks, history_records


@spread_options
def offer(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="Whose it is.")],
    terms: Annotated[
        str, typer.Argument(metavar="OFFER", help="The plan in notation, or in words.")
    ],
    *,
    side: Annotated[Literal["ours", "theirs"], typer.Option("--side", help="Whose offer it is.")],
    debt: Annotated[str, typer.Option("--debt", metavar="ID", help="About which debt.")] = "",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day; by default it is today.")
    ] = None,
    answer: Annotated[
        str, typer.Option("--answer", metavar="TEXT", help="What was answered.")
    ] = "",
    book: BookOption = None,
    printing: Printing,
) -> None:
    """Log a round of a negotiation: whose offer, what it was, what was answered."""
    if not terms.strip():
        raise UsageError("The offer is empty. Write the plan, or what was offered.")
    target = printing.target()
    round_ = Offer(made_on=day_of(on, "--on"), side=side, terms=terms, answer=answer, debt=debt)
    with opened(book) as kept, writing(kept):
        known = has_client(kept, client)
        new = record_offer(kept, client, round_, now=recording_time())
        data = history_of(kept, client)
    data["entries"] = [e for e in data["entries"] if e["kind"] == "offer" and e["id"] == new]
    deliver(data, Page(history_blocks, history_records), target)
    if not known:
        say(target.words("track.new_client", name=data["client"]))
