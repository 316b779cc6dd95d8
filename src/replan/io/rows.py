"""What every kind of table comes to: rows of cells as text, and how their places are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from replan.errors import Issue

COLUMN_LIMIT = 1000

Locate = Callable[[int, int | None], str]
"""The place of a row, or of a cell in it: line from 1, column from 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row; `fault` says why there are none.

    `numbers` are the columns whose cells are numbers to the program that wrote them, so that no
    habit of writing decimals applies.
    """

    line: int
    cells: tuple[str, ...] = ()
    fault: str = ""
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table before its header is understood: its rows, their places, what is odd about it.

    `label` is empty where a file holds one table only. `is_hidden` tells that the program that
    wrote the file does not show it.
    """

    rows: Sequence[Row]
    locate: Locate
    label: str = ""
    is_hidden: bool = False
    issues: list[Issue] = field(default_factory=list)


def lines_of_file(name: str) -> Locate:
    """Write places as `name:line`; a cell is told from its row by its header alone."""
    return lambda line, _column: f"{name}:{line}"
