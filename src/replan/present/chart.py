"""A bar chart in text: one bar per row, in eighths of a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
