"""Charts as inline SVG: drawn from numbers, told in words as well, never by colour alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from replan.present.markup import node
from replan.present.series import Month

WIDTH = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 8, 10, 22
_HEIGHT = 170
_ROOM = WIDTH - _LEFT - _RIGHT
_YEAR = 34
"""What a year's figures need."""
_LINES = 6
"""Kinds of line in the style sheet, each with a dash pattern of its own."""


@dataclass(frozen=True, slots=True)
class Track:
    """A line over time: what is owed after each day."""

    name: str
    points: tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its name and its figure in words."""

    name: str
    length: Decimal
    shown: str


def patterns() -> Element:
    """Return the hatching that the drawings of a page share."""
    return node("svg", hatching(), class_="defs", width="0", height="0", aria_hidden="true")


def hatching() -> Element:
    """Return the definition of the hatching."""
    stripe = node("path", d="M0 6L6 0", class_="hatch")
    size = {"width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
    return node("defs", node("pattern", stripe, id="hatch", **size))


def balance_chart(tracks: Sequence[Track], *, key: str, title: str, told: str) -> Element:
    """Draw what is owed over time as steps, one kind of line for each of *tracks*."""
    days = [day for track in tracks for day, _ in track.points]
    most = max((owed for track in tracks for _, owed in track.points), default=Decimal(0))
    first, last = min(days).toordinal(), max(days).toordinal()
    ticks = _ticks(most)

    def across(day: date) -> float:
        return _LEFT + _ROOM * (day.toordinal() - first) / max(1, last - first)

    lines = (
        node("path", d=_steps(track, across, float(ticks[-1])), class_=f"track c{at % _LINES}")
        for at, track in enumerate(tracks)
    )
    years = ((across(day), str(day.year)) for day in _years(min(days), max(days)))
    return _drawing(key, title, told, [*_grid(ticks), *_axis(years), *lines])


def _steps(track: Track, across: Callable[[date], float], most: float) -> str:
    path = ""
    for day, owed in track.points:
        x, y = across(day), _height(float(owed), most)
        path += f"H{x:.1f}V{y:.1f}" if path else f"M{x:.1f} {y:.1f}"
    return path


def legend(names: Sequence[str]) -> Element:
    """Return the names of a chart's lines, each beside a piece of its line."""
    entries = (node("li", sample(at), f" {name}") for at, name in enumerate(names))
    return node("ul", *entries, class_="legend")


def sample(at: int) -> Element:
    """Return a piece of the line that a chart draws at a place."""
    line = node("path", d="M0 6H28", class_=f"track c{at % _LINES}")
    return node("svg", line, viewBox="0 0 28 12", aria_hidden="true")


def months_chart(months: Sequence[Month], *, key: str, title: str, told: str) -> Element:
    """Draw what is paid each month as bars, hatched above the line of what is left for debts."""
    sums = [max(m.paid, m.surplus or Decimal(0)) for m in months]
    ticks = _ticks(max(sums, default=Decimal(0)))
    most, wide = float(ticks[-1]), _ROOM / max(1, len(months))
    bars = [bar for at, month in enumerate(months) for bar in _month_bars(at, month, wide, most)]
    years = (
        (_LEFT + at * wide, month.month[:4])
        for at, month in enumerate(months)
        if month.month.endswith("-01") or at == 0
    )
    line = _surplus_path(months, wide, most)
    over = [node("path", d=line, class_="surplus")] if line else []
    return _drawing(key, title, told, [*_grid(ticks), *_axis(years), *bars, *over])


def _month_bars(at: int, month: Month, wide: float, most: float) -> Iterator[Element]:
    """Yield what is carried, and above it what is missing."""
    x, width = _LEFT + at * wide + wide * 0.1, wide * 0.8
    carried = month.paid - month.short
    for low, high, kind in ((Decimal(0), carried, "paid"), (carried, month.paid, "over")):
        if high > low:
            top, bottom = _height(float(high), most), _height(float(low), most)
            place = {"x": f"{x:.1f}", "y": f"{top:.1f}"}
            yield node(
                "rect", **place, width=f"{width:.1f}", height=f"{bottom - top:.1f}", class_=kind
            )


def _surplus_path(months: Sequence[Month], wide: float, most: float) -> str:
    path = ""
    for at, month in enumerate(months):
        if month.surplus is None:
            continue
        x, y = _LEFT + at * wide, _height(max(0.0, float(month.surplus)), most)
        path += f"{'V' if path else f'M{x:.1f} '}{y:.1f}H{x + wide:.1f}"
    return path


def bars_chart(
    bars: Sequence[Bar], *, key: str, title: str, told: str, most: Decimal | None = None
) -> Element:
    """Draw bars that lie, each under its name and figure; *most* fills the width if it is given."""
    most = most or max((bar.length for bar in bars), default=Decimal(0)) or Decimal(1)
    parts: list[Element] = []
    for at, bar in enumerate(bars):
        y = at * 34
        width = min(1.0, max(0.0, float(bar.length / most))) * (WIDTH - 2)
        parts.append(node("text", bar.name, x="1", y=str(y + 12)))
        parts.append(node("text", bar.shown, x=str(WIDTH - 1), y=str(y + 12), text_anchor="end"))
        frame = {"x": "1", "y": str(y + 17), "height": "10"}
        parts.append(node("rect", **frame, width=f"{WIDTH - 2}", class_="rest"))
        parts.append(node("rect", **frame, width=f"{width:.1f}", class_="paid"))
    return _drawing(key, title, told, parts, height=34 * len(bars))


def _drawing(
    key: str, title: str, told: str, parts: Sequence[Element], *, height: int | None = None
) -> Element:
    tall = _HEIGHT + _TOP + _BOTTOM if height is None else height
    return node(
        "svg",
        node("title", title, id=f"{key}-title"),
        node("desc", told, id=f"{key}-desc"),
        *parts,
        viewBox=f"0 0 {WIDTH} {tall}",
        role="img",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
    )


def _height(value: float, most: float) -> float:
    """Return where a value stands, from the top."""
    return _TOP + _HEIGHT * (1 - (value / most if most else 0.0))


def _ticks(most: Decimal) -> list[Decimal]:
    """Return round figures from 0 to *most* or just above it, four to six of them."""
    if most <= 0:
        return [Decimal(0), Decimal(1)]
    size = Decimal(10) ** math.floor(math.log10(most / 4))
    step = next(size * k for k in (1, 2, 5, 10) if size * k * 5 >= most)
    return [step * at for at in range(math.ceil(most / step) + 1)]


def _grid(ticks: Sequence[Decimal]) -> Iterator[Element]:
    for tick in ticks:
        y = f"{_height(float(tick), float(ticks[-1])):.1f}"
        yield node("path", d=f"M{_LEFT} {y}H{WIDTH - _RIGHT}", class_="grid" if tick else "axis")
        yield node(
            "text",
            f"{tick:,f}",
            x=str(_LEFT - 5),
            y=f"{float(y) + 4:.1f}",
            text_anchor="end",
            class_="soft",
        )


def _axis(years: Iterator[tuple[float, str]]) -> Iterator[Element]:
    """Yield the years below the axis, as many as there is room for."""
    bottom = _TOP + _HEIGHT
    marks = [(x, year) for x, year in years if x < WIDTH - _RIGHT - 20]
    if len(marks) > 1 and marks[1][0] - marks[0][0] < _YEAR:
        del marks[0]  # a new year says more than the month in which a plan begins
    free = 0.0
    for x, year in marks:
        yield node("path", d=f"M{x:.1f} {bottom}v4", class_="axis")
        if x >= free:
            yield node("text", year, x=f"{x:.1f}", y=str(bottom + 16), class_="soft")
            free = x + _YEAR


def _years(first: date, last: date) -> Iterator[date]:
    yield first
    yield from (date(year, 1, 1) for year in range(first.year + 1, last.year + 1))
