"""`replan demo`: the main job on a shipped example."""

from __future__ import annotations

import typer

import replan
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver, terminal_width
from replan.present.compare import compare_blocks, compare_records
from replan.present.terminal import wrap
from replan.present.words import read_data

EXAMPLE = "examples/family.json"


@spread_options
def demo(*, printing: Printing) -> None:
    """Compare plans for a shipped example: a family that lost a wage and owes five creditors."""
    target = printing.target()
    case = replan.load_case(read_data(EXAMPLE).encode())
    rules = replan.rules_for(case)
    data = replan.compare(case, [], cause=case.hardship.cause, rules=rules).to_dict()
    deliver(data, Page(compare_blocks, compare_records, kind="compare"), target)
    if target.format == "table" and target.output is None:
        lines = wrap(target.words("message.demo"), terminal_width())
        typer.echo("\n" + "\n".join(lines), err=True)
