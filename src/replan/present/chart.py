"""Charts in text: a bar for each row, a column for each month, in eighths of a character."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bars(rows: Sequence[tuple[str, str, float]], *, width: int, most: int = 24) -> Iterator[str]:
    """Draw (label, figure, length) *rows* in *width* columns, the longest bar filling the rest.

    Labels and figures are plain ASCII. Of more than *most* rows every k-th is shown, and the last.
    """
    shown = thin(rows, most)
    if not shown:
        return
    label = max(len(row[0]) for row in shown)
    figure = max(len(row[1]) for row in shown)
    room = max(8, width - label - figure - 4)
    longest = max(row[2] for row in shown)
    for name, text, length in shown:
        share = length / longest if longest > 0 else 0.0
        yield f"{name:<{label}}  {text:>{figure}}  {bar(share, room)}".rstrip()


def thin(rows: Sequence[tuple[str, str, float]], most: int) -> list[tuple[str, str, float]]:
    """Return every k-th row and the last, with k as small as keeps them to about *most*."""
    step = max(1, -(-(len(rows) - 1) // max(1, most - 1)))
    kept = list(rows[::step])
    return kept if not rows or (len(rows) - 1) % step == 0 else [*kept, rows[-1]]


def bar(share: float, room: int) -> str:
    """Draw one bar that fills *share* of *room* columns."""
    eighths = round(max(0.0, min(1.0, share)) * room * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


class Column(NamedTuple):
    """One column of a chart by month: what is paid, and what is left for it, if that is known."""

    label: str
    paid: float
    left: float | None = None


_UPRIGHT = " ▁▂▃▄▅▆▇█"
PAID, BEYOND, LEFT = "█", "▒", "─"
"""What the surplus carries, what goes beyond it, and the surplus itself, without colour."""
_ASCII = str.maketrans(
    dict.fromkeys("▏▎▍▁▂▃", " ")
    | dict.fromkeys("▌▋▊▉█▄▅▆▇", "#")
    | {"▒": "!", "─": "-", "│": "|", "└": "+", "–": "-", "−": "-", "≈": "~", "×": "x", "·": "*"}
    | {"→": ">", "…": "..."}
)


def columns(
    months: Sequence[Column], figure: Callable[[float], str], *, width: int, height: int = 8
) -> Iterator[str]:
    """Draw a column for each month against the path of what is left for it, in *width* columns.

    Where there are more months than room, a column stands for several: with the highest payment
    and the least that is left, so that no shortfall is hidden. What goes beyond what is left fills
    at least one cell. *figure* prints the scale.
    """
    top = max([0.0, *(m.paid for m in months), *(m.left or 0.0 for m in months)])
    if not months or top <= 0:
        return
    marks = [figure(top * level / height) for level in (height, height / 2, 0)]
    margin = max(map(len, marks))
    shown = _gather(months, width - margin - 2)
    wide = max(1, min(3, (width - margin - 2) // len(shown)))
    scale = {height - 1: marks[0], height // 2 - 1: marks[1]}
    for level in range(height - 1, -1, -1):
        cells = "".join(_cell(m, level, top / height) * wide for m in shown)
        yield f"{scale.get(level, ''):>{margin}} │{cells}".rstrip()
    yield f"{marks[2]:>{margin}} └{LEFT * len(shown) * wide}"
    yield " " * (margin + 2) + _axis(shown, len(shown) * wide)


def _gather(months: Sequence[Column], room: int) -> list[Column]:
    """Let one column stand for as many months as it takes to fit *room*."""
    step = -(-len(months) // max(1, room))
    groups = [months[start : start + step] for start in range(0, len(months), step)]
    return [
        Column(
            group[0].label,
            max(m.paid for m in group),
            min((m.left for m in group if m.left is not None), default=None),
        )
        for group in groups
    ]


def _cell(month: Column, level: int, unit: float) -> str:
    """Draw one cell: the payment in eighths, what goes beyond what is left, or what is left."""
    bottom, left = level * unit, max(month.left or 0.0, 0.0)
    line = bottom < left <= bottom + unit
    carried = month.paid if month.left is None else min(month.paid, left)
    if month.left is not None and month.paid > left and _beyond(month.paid, left, bottom, unit):
        return BEYOND
    eighths = round(max(0.0, min(1.0, (carried - bottom) / unit)) * 8)
    return _UPRIGHT[eighths] if eighths else (LEFT if line else " ")


def _beyond(paid: float, left: float, bottom: float, unit: float) -> bool:
    """Tell whether a cell shows what goes beyond what is left; the top cell of a payment does."""
    is_top = bottom < paid <= bottom + unit
    return is_top or (left <= bottom + unit / 2 and paid > bottom + unit / 2)


def _axis(shown: Sequence[Column], room: int) -> str:
    """Print the first month below the first column and the last below the last, as room allows."""
    first, last = shown[0].label, shown[-1].label
    if len(shown) == 1:
        return first
    return f"{first}{last:>{max(len(last) + 2, room - len(first))}}"


def to_ascii(text: str) -> str:
    """Return *text* with the signs of charts and figures in plain ASCII.

    >>> to_ascii("█▒ │─ – ▍")
    '#! |- -'
    """
    return "\n".join(line.rstrip() for line in text.translate(_ASCII).split("\n"))
