"""`replan track replan`: a new case from what is really owed."""

from __future__ import annotations

from typing import Annotated

import typer

from replan.casebook.agreements import read_agreement
from replan.casebook.balances import balance_on
from replan.casebook.successor import new_case
from replan.cli.book import AgreementArgument, BookOption, TodayOption, day_of, opened
from replan.cli.options import LanguageOption, OutputOption
from replan.cli.output import choose_target, deliver_json
from replan.cli.prompts import say
from replan.decide.evaluate import PARTS, major
from replan.present.figures import amount


def replan_(
    agreement: AgreementArgument,
    *,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day; by default it is today.")
    ] = None,
    book: BookOption = None,
    today: TodayOption = None,
    output: OutputOption = None,
    lang: LanguageOption = None,
) -> None:
    """Start a new case from what is really owed after a breach, ready for replan compare.

    Up to the last instalment paid in time the agreed schedule holds; from there each payment went
    to what was owed on its day, in the debt's order, with interest at the agreed rate. What the
    creditor charges for the delay is not known, and stands as a question in the case.
    """
    words = choose_target("json", output, lang).words
    with opened(book) as kept:
        found = read_agreement(kept, agreement)
    day = day_of(on, "--on") if on else day_of(today, "--today")
    balance = balance_on(found, day)
    deliver_json(new_case(found, day, question=words("track.question")), output)
    e = found.exponent
    parts = {name: amount(major(getattr(balance.parts, name), e)) for name in PARTS}
    total = amount(major(balance.parts.total, e))
    say(words("track.successor", date=day, total=total, **parts))
    start = found.rows[balance.kept_to].until if balance.kept_to >= 0 else found.as_of
    say(words("track.kept_to", date=start))
    if output is not None:
        say(words("track.next_step", path=output))
