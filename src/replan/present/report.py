"""Reports for pages and paper: verdicts in plain words, then tables, drawings, what to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from replan.present.answer import by_verdict, payment_words, verdict_words
from replan.present.asks import asks_told
from replan.present.blocks import Block, Card, Chart, Heading, Lines, Preformatted, Table
from replan.present.compare import (
    BASELINES,
    compare_blocks,
    introduction,
    mark_plans,
    sort_plans,
)
from replan.present.drawings import (
    MOST,
    debt_track,
    draw_balances,
    draw_bars,
    draw_months,
    draw_sides,
    plan_tracks,
)
from replan.present.estimates import estimate_blocks, question_blocks
from replan.present.figures import amount
from replan.present.law import alerts, law, unchecked
from replan.present.months import months_table, runs
from replan.present.remarks import findings, notes
from replan.present.routes import route_blocks
from replan.present.show import show_blocks
from replan.present.svg import Bar
from replan.present.words import Words

Record = Mapping[str, Any]
Named = Sequence[tuple[str, Record]]
_COLUMNS = 7
"""So many plans stand side by side on a page of paper."""


def report_of(data: Record, words: Words, *, kind: str) -> list[Block]:
    """Return the report of a kind of result; empty where there is none."""
    makers: dict[str, Callable[[Record, Words], list[Block]]] = {
        "compare": compare_report,
        "show": show_report,
    }
    return makers[kind](data, words) if kind in makers else []


# ---- plans side by side


def compare_report(data: Record, words: Words) -> list[Block]:
    """Lay out a comparison: verdicts, figures, drawings, months, asks, findings, terms."""
    plans = sort_plans(data["plans"])
    marks = [words.term("plan", mark) for mark in mark_plans(plans)]
    named = list(zip(marks, plans, strict=True))
    figures = next(b for b in compare_blocks(data, words) if isinstance(b, Table))
    return [
        Heading(words("compare.title"), level=1),
        *alerts(data.get("findings", ()), words),
        *route_blocks(data.get("routes"), words),
        _introduction(data, words),
        *estimate_blocks(data, words),
        Heading(words("report.verdicts")),
        *(_card(mark, plan, words) for mark, plan in by_verdict(named)),
        Heading(words("report.figures")),
        *_cut(figures),
        *_compare_drawings(named, str(data.get("currency") or ""), words),
        *_months(named, words),
        *_asks(named, words),
        *findings(named, words),
        *question_blocks(data, words),
        *law(data.get("findings", ()), words),
        Heading(words("report.terms")),
        Lines((*notes(plans, words), *unchecked(data, words)), tone="quiet"),
    ]


def _cut(table: Table) -> Iterator[Table]:
    """Cut a wide table into parts that a page can hold, each with the key columns."""
    room = range(table.keys, len(table.heads), _COLUMNS)
    for first in room:
        kept = [*range(table.keys), *range(first, min(first + _COLUMNS, len(table.heads)))]
        rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
        yield Table(tuple(table.heads[at] for at in kept), rows, keys=table.keys)


def _introduction(data: Record, words: Words) -> Lines:
    return Lines((" ".join(introduction(data, words)),), tone="quiet")


def _card(mark: str, plan: Record, words: Words) -> Card:
    """Say of one plan in plain words whether it can be kept and what it asks for."""
    baseline = plan["plan"] in BASELINES
    meaning = words(f"baseline.{plan['plan']}") if baseline else plan["plan"]
    verdict = str(plan["metrics"].get("verdict") or "not-assessed")
    if plan["plan"] == "unpaid":
        said = [words("report.unpaid", left=amount(plan["metrics"].get("residual")))]
    else:
        said = [verdict_words(plan, words), payment_words(plan, words)]
    reasons = (words.term(kind, str(plan[kind])) for kind in ("why", "guard") if plan.get(kind))
    title = words("compare.legend", mark=mark, meaning=meaning)
    return Card(title, tuple(said), verdict, tuple(reasons))


def _compare_drawings(named: Named, unit: str, words: Words) -> Iterator[Block]:
    yield Heading(words("report.charts"))
    own = [(mark, plan) for mark, plan in named if plan["plan"] != "unpaid"]
    yield from draw_sides(own, unit=unit, words=words)
    peaks = ((mark, plan["metrics"]["peak_payment"]) for mark, plan in own)
    bars = [Bar(mark, Decimal(value), amount(value)) for mark, value in peaks]
    title = words("figure.peak_payment")
    yield draw_bars(bars, key="peak", title=title, unit=unit, words=words)
    paid = [pair for pair in by_verdict(named) if runs(pair[1].get("by_month", ()))][:MOST]
    for n, (mark, plan) in enumerate(paid):
        yield draw_months(mark, plan["by_month"], key=f"months-{n}", unit=unit, words=words)
    tracks = plan_tracks(paid)
    if tracks:
        title = words("report.owed")
        yield draw_balances(tracks, key="owed", title=title, unit=unit, words=words)


def _months(named: Named, words: Words) -> Iterator[Block]:
    yield Heading(words("compare.paths"))
    for mark, plan in named:
        if runs(plan.get("by_month", ())):
            yield Heading(mark, level=3)
            yield months_table(plan["by_month"], words)


def _asks(named: Named, words: Words) -> Iterator[Block]:
    asked = [(mark, plan) for mark, plan in named if plan.get("asks")]
    if asked:
        yield Heading(words("show.asks"))
    for mark, plan in asked:
        yield Heading(mark, level=3)
        lines = asks_told(plan, words)
        yield Lines(tuple(f"{n}. {line}" for n, line in enumerate(lines, 1)), indent=3)


# ---- one plan


def show_report(data: Record, words: Words) -> list[Block]:
    """Lay out one plan: the verdict, its months, then each debt on a page of its own."""
    household = data.get("household") or {}
    unit = str(data.get("currency") or "")
    parts = _parts(show_blocks(data, words))
    told = Lines(tuple(introduction(data, words)))
    first = sorted(parts[0], key=lambda block: not isinstance(block, Heading))
    drawn = [_introduction(data, words) if block == told else block for block in first]
    drawn += _verdict(data, household, words)
    tracks = [debt_track(debt) for debt in data["debts"]]
    if runs(household.get("by_month", ())):
        by_month = household["by_month"]
        drawn.append(draw_months(data["plan"], by_month, key="months", unit=unit, words=words))
    if len(tracks) > 1:
        title = words("report.owed")
        drawn.append(draw_balances(tracks[:MOST], key="owed", title=title, unit=unit, words=words))
    for n, (part, track) in enumerate(zip(parts[1:], tracks, strict=False)):
        title = words("report.owed_on", debt=track.name)
        chart = draw_balances([track], key=f"owed-{n}", title=title, unit=unit, words=words)
        drawn += _on_a_page(_redrawn(part, chart))
    rest = parts[1 + len(tracks) :]
    return [*drawn, *(block for part in rest for block in _on_a_page(_redrawn(part, None)))]


def _on_a_page(part: Sequence[Block]) -> list[Block]:
    """Let the heading of a part begin a page on paper."""
    first, *rest = part
    return [replace(first, page=True) if isinstance(first, Heading) else first, *rest]


def _verdict(data: Record, household: Record, words: Words) -> Iterator[Card]:
    if household.get("metrics"):
        plan = {"plan": data["plan"], **household}
        verdict = str(household["metrics"].get("verdict") or "not-assessed")
        yield Card("", (verdict_words(plan, words), payment_words(plan, words)), verdict)


def _parts(blocks: Sequence[Block]) -> list[list[Block]]:
    """Cut at the headings of level 2."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            parts.append([])
        parts[-1].append(block)
    return parts


def _redrawn(part: Sequence[Block], chart: Chart | None) -> list[Block]:
    """Put *chart* in the place of charts in text, which go with their headings and keys."""
    kept: list[Block] = []
    for before, block in zip([None, *part], part, strict=False):
        if isinstance(block, Preformatted):
            if kept and isinstance(kept[-1], Heading):
                kept.pop()
            kept += [chart] if chart else []
        elif not (isinstance(before, Preformatted) and isinstance(block, Lines)):
            kept.append(block)
    return kept
