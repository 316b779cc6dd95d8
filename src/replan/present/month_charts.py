"""A plan drawn by month: payments against what is left for them, and what is still owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.blocks import Block, Heading, Lines, Preformatted
from replan.present.chart import BEYOND, LEFT, PAID, Column, columns
from replan.present.series import months_series
from replan.present.words import Words

Record = Mapping[str, Any]
_FEW = 3


def month_charts(by_month: Sequence[Record], words: Words, width: int) -> Iterator[Block]:
    """Draw payments and balances of a plan's months; few months need no drawing."""
    series = months_series(by_month)
    while series and not series[-1].paid:
        series.pop()
    if len(series) < _FEW:
        return
    left = [None if m.surplus is None else float(m.surplus) for m in series]
    paid = [Column(m.month, float(m.paid), s) for m, s in zip(series, left, strict=True)]
    yield Heading(words("chart.paid"), level=3)
    yield Preformatted(tuple(columns(paid, _figure, width=width)))
    keys = [words("chart.key_paid", sign=PAID)]
    if any(surplus is not None for surplus in left):
        keys.append(words("chart.key_left", sign=LEFT))
    if any(m.short for m in series):
        keys.append(words("chart.key_beyond", sign=BEYOND))
    yield Lines((words("list.separator").join(keys),), tone="quiet")
    owed = [Column(m.month, float(m.balance or 0)) for m in series]
    yield Heading(words("chart.owed"), level=3)
    yield Preformatted(tuple(columns(owed, _figure, width=width, height=6)))


def _figure(value: float) -> str:
    """Print a mark of the scale in whole units."""
    return f"{Decimal(round(value)):,}"
