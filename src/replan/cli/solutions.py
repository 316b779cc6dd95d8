"""Solutions: the joint plan that `replan solve -o FILE` wrote, read back as a plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from replan.errors import UsageError

LARGEST = 50_000_000
"""A solution file is a few hundred kilobytes."""

SolutionOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--solution", metavar="FILE", help="The plan that replan solve -o FILE wrote. Repeatable."
    ),
]


def read_solution(path: Path) -> str:
    """Return the plan of a solution file in notation.

    Raises UsageError if the file is no solution, or nothing fitted.
    """
    if path.stat().st_size > LARGEST:
        raise UsageError(f"{path} is too large for a solution.")
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise _no_solution(path) from None
    if not isinstance(value, dict) or "objective" not in value:
        raise _no_solution(path)
    plan = value.get("plan")
    if plan is None:
        raise UsageError(f"{path} holds no plan: nothing fitted. It says what is missing.")
    if not isinstance(plan, str):
        raise _no_solution(path)
    return plan


def _no_solution(path: Path) -> UsageError:
    return UsageError(f"{path} is no solution. Write one with: replan solve CASE -o {path}")


def with_solutions(plans: Sequence[str] | None, files: Iterable[Path] | None) -> list[str]:
    """Return the plans named on the command line and, after them, those of solution files."""
    return [*(plans or ()), *map(read_solution, files or ())]
