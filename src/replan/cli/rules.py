"""`replan rules`: what the law and the supervisors say, as far as replan knows it."""

from __future__ import annotations

from typing import Annotated

import typer

import replan
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver
from replan.errors import UsageError
from replan.model.issues import Refused
from replan.model.values import parse_date
from replan.present.rules import pack_blocks, packs_blocks, rules_data, rules_records


@spread_options
def rules(
    name: Annotated[
        str | None, typer.Argument(help="A rule pack: its name, or a TOML file of your own.")
    ] = None,
    *,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Only what is in force on this day."),
    ] = None,
    printing: Printing,
) -> None:
    """List the rule packs, or show the rules of one with values, dates and sources."""
    target = printing.target()
    try:
        day = None if as_of is None else parse_date(as_of)
    except Refused as refused:
        raise UsageError(f"--as-of: {refused}") from refused
    names = replan.rule_packs() if name is None else (name,)
    data = rules_data([replan.load_rules(one) for one in names], day)
    blocks = packs_blocks if name is None else pack_blocks
    deliver(data, Page(blocks, rules_records), target)
