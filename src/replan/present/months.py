"""What is paid month by month, drawn together where little changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from replan.present.blocks import Cell, Lines, Table, number, table
from replan.present.figures import NONE, amount, is_zero
from replan.present.words import Words

Record = Mapping[str, Any]
ALIKE = Decimal("0.25")
"""Sums that differ by no more than a quarter stand in one line: a matter of legibility."""
MOST = 6


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive months with much the same sum."""

    months: tuple[Record, ...]

    @property
    def start(self) -> str:
        """Give the first month."""
        return str(self.months[0]["month"])

    @property
    def end(self) -> str:
        """Give the last month."""
        return str(self.months[-1]["month"])

    @property
    def payments(self) -> list[Decimal]:
        """List what is paid in each month."""
        return [Decimal(month["payment"]) for month in self.months]


def runs(months: Sequence[Record], *, short_apart: bool = True) -> list[Run]:
    """Draw together months that follow each other and ask for alike sums.

    Months that are short stand apart from others, where that is to be shown. Months in which
    nothing is paid are left out.
    """
    found: list[list[Record]] = []
    for month in (month for month in months if not is_zero(month["payment"])):
        alike = found and (not short_apart or _is_short(found[-1][-1]) == _is_short(month))
        if alike and _goes_on(found[-1][-1], month):
            found[-1].append(month)
        else:
            found.append([month])
    return [Run(tuple(run)) for run in found]


def _goes_on(last: Record, month: Record) -> bool:
    if _count(month["month"]) != _count(last["month"]) + 1:
        return False
    a, b = Decimal(last["payment"]), Decimal(month["payment"])
    return abs(a - b) <= ALIKE * max(a, b)


def _count(month: str) -> int:
    year, number_ = month.split("-")
    return int(year) * 12 + int(number_)


def _is_short(month: Record) -> bool:
    return Decimal(month.get("short") or 0) > 0


def span(run: Run, words: Words) -> str:
    """Print the months of a run."""
    if run.start == run.end:
        return run.start
    return words("month.span", start=run.start, end=run.end)


def paid(run: Run) -> str:
    """Print what is paid in each month of a run: one sum, or the least and the most."""
    least, most = min(run.payments), max(run.payments)
    return amount(most) if least == most else f"{amount(least)}–{amount(most)}"


def path_line(months: Sequence[Record], words: Words) -> str:
    """Print a plan's way in one line, as far as it has few turns."""
    found = runs(months, short_apart=False)
    parts = [words("month.part", span=span(run, words), paid=paid(run)) for run in found[:MOST]]
    if len(found) > MOST:
        parts.append(words("month.more", end=found[-1].end))
    return words("month.separator").join(parts)


def paths(named: Sequence[tuple[str, Record]], words: Words) -> Iterator[Lines]:
    """Say for each plan what is paid in which months."""
    texts = [
        words("compare.legend", mark=name, meaning=path_line(plan["by_month"], words))
        for name, plan in named
        if runs(plan.get("by_month", ()))
    ]
    if texts:
        yield Lines(tuple(texts), indent=3)


def months_table(months: Sequence[Record], words: Words) -> Table:
    """Lay out the runs: what is paid a month, what is left for it, what is missing."""
    heads: list[Cell | str] = [
        words("month.months"),
        number(words("month.paid")),
        number(words("month.surplus")),
        number(words("month.short")),
    ]
    return table(heads, [_run_row(run, words) for run in runs(months)], keys=1)


def _run_row(run: Run, words: Words) -> list[Cell | str]:
    left = [Decimal(month["surplus"]) for month in run.months if month.get("surplus") is not None]
    short = max(Decimal(month.get("short") or 0) for month in run.months)
    return [
        span(run, words),
        number(paid(run)),
        number(amount(min(left)) if left else NONE),
        number(amount(short), "bad") if short else number(NONE),
    ]
