"""`replan demo`: the main job on a shipped example."""

from __future__ import annotations

import typer


def demo() -> None:
    """Compare plans for a shipped example."""
    typer.echo("The example is not shipped yet.")
