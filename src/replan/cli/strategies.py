"""`replan strategies`: what can be done to a debt."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from replan.cli.completion import complete_strategy
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver, report
from replan.errors import UsageError
from replan.present.strategies import (
    strategies_blocks,
    strategies_data,
    strategies_records,
    strategy_blocks,
)
from replan.strategies import load_strategies


@spread_options
def strategies(
    name: Annotated[
        str | None,
        typer.Argument(help="One strategy, to be shown in full.", autocompletion=complete_strategy),
    ] = None,
    *,
    printing: Printing,
) -> None:
    """List the strategies from which plans are made, or show one with its notation."""
    target = printing.target()
    known, issues = load_strategies()
    report(issues, target.words)
    if name is not None and name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
        raise UsageError(f"There is no strategy {name!r}. {hint}")
    chosen = sorted(known) if name is None else [name]
    data = strategies_data(known[one] for one in chosen)
    blocks = strategies_blocks if name is None else strategy_blocks
    deliver(data, Page(blocks, strategies_records), target)
