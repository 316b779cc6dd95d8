"""Reports for HTML: verdicts in plain words first, then tables, drawings and what must be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element

from replan.present.answer import by_verdict, payment_words, verdict_words
from replan.present.asks import asks_told
from replan.present.blocks import Block, Heading, Lines, Preformatted, Table
from replan.present.compare import (
    BASELINES,
    compare_blocks,
    introduction,
    mark_plans,
    sort_plans,
)
from replan.present.estimates import estimate_blocks, question_blocks
from replan.present.figures import amount
from replan.present.html import Drawn, Report, element_of, prose, table_element
from replan.present.law import alerts, law
from replan.present.markup import node
from replan.present.months import months_table, path_line, runs
from replan.present.remarks import findings, notes
from replan.present.series import balance_series, months_series
from replan.present.show import show_blocks
from replan.present.svg import (
    Bar,
    Track,
    balance_chart,
    bars_chart,
    figure,
    legend,
    months_chart,
    patterns,
)
from replan.present.words import Words

Record = Mapping[str, Any]
_COLUMNS = 7
"""So many plans stand side by side on a page of paper."""
_DRAWN = 6
"""So many plans are drawn month by month; the tables have all."""


def report_of(data: Record, words: Words, *, kind: str) -> Sequence[Drawn]:
    """Return the report of a kind of result; empty where there is none."""
    makers: dict[str, Report] = {"compare": compare_report, "show": show_report}
    return makers[kind](data, words) if kind in makers else ()


# ---- plans side by side


def compare_report(data: Record, words: Words) -> list[Drawn]:
    """Lay out a comparison: verdicts, figures, drawings, months, asks, findings, terms."""
    plans = sort_plans(data["plans"])
    marks = [words.term("plan", mark) for mark in mark_plans(plans)]
    named = list(zip(marks, plans, strict=True))
    figures = next(b for b in compare_blocks(data, words) if isinstance(b, Table))
    return [
        patterns(),
        Heading(words("compare.title"), level=1),
        *alerts(data.get("findings", ()), words),
        _introduction(data, words),
        *estimate_blocks(data, words),
        Heading(words("report.verdicts")),
        node("ul", *(_card(mark, plan, words) for mark, plan in by_verdict(named)), class_="plans"),
        Heading(words("report.figures")),
        *(table_element(part, label=words("report.figures")) for part in _cut(figures)),
        *_compare_drawings(named, words),
        *_months(named, words),
        *_asks(named, words),
        *findings(named, words),
        *question_blocks(data, words),
        *law(data.get("findings", ()), words),
        Heading(words("report.terms")),
        Lines(tuple(notes(plans, words)), tone="quiet"),
    ]


def _cut(table: Table) -> Iterator[Table]:
    """Cut a wide table into parts that a page can hold, each with the key columns."""
    room = range(table.keys, len(table.heads), _COLUMNS)
    for first in room:
        kept = [*range(table.keys), *range(first, min(first + _COLUMNS, len(table.heads)))]
        rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
        yield Table(tuple(table.heads[at] for at in kept), rows, keys=table.keys)


def _introduction(data: Record, words: Words) -> Element:
    return node("p", *prose(" ".join(introduction(data, words))), class_="quiet")


def _card(mark: str, plan: Record, words: Words) -> Element:
    """Say of one plan in plain words whether it can be kept and what it asks for."""
    baseline = plan["plan"] in BASELINES
    meaning = words(f"baseline.{plan['plan']}") if baseline else plan["plan"]
    verdict = str(plan["metrics"].get("verdict") or "not-assessed")
    if plan["plan"] == "unpaid":
        said = [words("report.unpaid", left=amount(plan["metrics"].get("residual")))]
    else:
        said = [verdict_words(plan, words), payment_words(plan, words)]
    reasons = (words.term(kind, str(plan[kind])) for kind in ("why", "guard") if plan.get(kind))
    return node(
        "li",
        node("h3", words("compare.legend", mark=mark, meaning=meaning)),
        *_said(said),
        *(node("p", reason, class_="quiet") for reason in reasons),
        class_=verdict,
    )


def _said(sentences: Sequence[str]) -> Iterator[Element]:
    yield node("p", *prose(sentences[0]), class_="verdict")
    yield from (node("p", *prose(sentence)) for sentence in sentences[1:])


def _compare_drawings(named: Sequence[tuple[str, Record]], words: Words) -> Iterator[Drawn]:
    yield Heading(words("report.charts"))
    keys = (f"chart-{n}" for n in count(1))
    for name in ("total_paid", "peak_payment"):
        metrics = (
            (mark, plan["metrics"][name]) for mark, plan in named if plan["plan"] != "unpaid"
        )
        bars = [Bar(mark, Decimal(value), amount(value)) for mark, value in metrics]
        title = words(f"figure.{name}")
        told = words("list.separator").join(f"{bar.name} {bar.shown}" for bar in bars)
        yield figure(title, bars_chart(bars, key=next(keys), title=title, told=told))
    paid = [pair for pair in by_verdict(named) if runs(pair[1].get("by_month", ()))]
    for mark, plan in paid[:_DRAWN]:
        yield _month_figure(mark, plan["by_month"], next(keys), words)
    yield from _balances(paid[:_DRAWN], next(keys), words)


def _month_figure(name: str, by_month: Sequence[Record], key: str, words: Words) -> Element:
    """Draw a plan's months against what is left for them."""
    months = months_series(by_month)
    title = words("report.paid_each_month", plan=name)
    drawing = months_chart(months, key=key, title=title, told=path_line(by_month, words))
    known = any(month.surplus is not None for month in months)
    note = words("report.how_to_read" if known else "report.no_surplus")
    return figure(title, drawing, node("p", note, class_="quiet"))


def _balances(named: Sequence[tuple[str, Record]], key: str, words: Words) -> Iterator[Element]:
    tracks = [
        Track(
            mark,
            tuple(
                (_day(m.month), m.balance)
                for m in months_series(plan["by_month"])
                if m.balance is not None
            ),
        )
        for mark, plan in named
    ]
    shown = [track for track in tracks if track.points]
    if shown:
        yield _balance_figure(shown, key, words("report.owed"), words)


def _balance_figure(tracks: Sequence[Track], key: str, title: str, words: Words) -> Element:
    ends = (
        words(
            "report.from_to",
            name=t.name,
            first=amount(t.points[0][1]),
            last=amount(t.points[-1][1]),
            day=t.points[-1][0],
        )
        for t in tracks
    )
    drawing = balance_chart(tracks, key=key, title=title, told=" ".join(ends))
    return figure(title, drawing, *([legend([t.name for t in tracks])] if len(tracks) > 1 else []))


def _day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _months(named: Sequence[tuple[str, Record]], words: Words) -> Iterator[Drawn]:
    yield Heading(words("compare.paths"))
    for mark, plan in named:
        if runs(plan.get("by_month", ())):
            yield table_element(months_table(plan["by_month"], words), caption=mark)


def _asks(named: Sequence[tuple[str, Record]], words: Words) -> Iterator[Drawn]:
    asked = [(mark, plan) for mark, plan in named if plan.get("asks")]
    if asked:
        yield Heading(words("show.asks"))
    for mark, plan in asked:
        yield Heading(mark, level=3)
        yield node("ol", *(node("li", line) for line in asks_told(plan, words)))


# ---- one plan


def show_report(data: Record, words: Words) -> list[Drawn]:
    """Lay out one plan: the verdict, its months, then each debt on a page of its own."""
    household = data.get("household") or {}
    blocks = show_blocks(data, words)
    parts = _parts(blocks)
    told = Lines(tuple(introduction(data, words)))
    first = sorted(parts[0], key=lambda block: not isinstance(block, Heading))
    lead = (_introduction(data, words) if block == told else block for block in first)
    drawn: list[Drawn] = [patterns(), *lead, *_verdict(data, household, words)]
    keys = (f"chart-{n}" for n in count(1))
    tracks = [_track(debt) for debt in data["debts"]]
    if runs(household.get("by_month", ())):
        drawn.append(_month_figure(data["plan"], household["by_month"], next(keys), words))
    if len(tracks) > 1:
        drawn.append(_balance_figure(tracks[:_DRAWN], next(keys), words("report.owed"), words))
    for part, track in zip(parts[1:], tracks, strict=False):
        title = words("report.owed_on", debt=track.name)
        chart = _balance_figure([track], next(keys), title, words)
        drawn.append(node("section", *map(element_of, part), chart, class_="debt"))
    rest = (
        node("section", *map(element_of, part), class_="debt") for part in parts[1 + len(tracks) :]
    )
    return [*drawn, *rest]


def _verdict(data: Record, household: Record, words: Words) -> Iterator[Element]:
    if household.get("metrics"):
        plan = {"plan": data["plan"], **household}
        verdict = str(household["metrics"].get("verdict") or "not-assessed")
        said = _said([verdict_words(plan, words), payment_words(plan, words)])
        yield node("ul", node("li", *said, class_=verdict), class_="plans")


def _track(debt: Record) -> Track:
    return Track(str(debt["id"]), tuple(balance_series(debt["schedule"])))


def _parts(blocks: Sequence[Block]) -> list[list[Block]]:
    """Cut at the headings of level 2; a chart in text, and the heading over it, is left out."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            parts.append([])
        if isinstance(block, Preformatted):
            if parts[-1] and isinstance(parts[-1][-1], Heading):
                parts[-1].pop()
            continue
        parts[-1].append(block)
    return parts
