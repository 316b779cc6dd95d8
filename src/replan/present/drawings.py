"""The drawings of results, one definition for pages and for paper: months, balances, both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from replan.present.blocks import Chart
from replan.present.figures import amount, percent
from replan.present.months import path_line
from replan.present.series import Month, balance_series, months_series
from replan.present.svg import Bar, Track, balance_chart, bars_chart, months_chart
from replan.present.words import Words

Record = Mapping[str, Any]
Named = Sequence[tuple[str, Record]]
FEW_ROWS = 2
"""So few rows need no drawing."""
MOST = 6
"""So many plans or debts are drawn; the tables have all."""


def draw_months(
    name: str, by_month: Sequence[Record], *, key: str, unit: str, words: Words
) -> Chart:
    """Draw a plan's months against what is left for them, what is missing hatched."""
    months = months_series(by_month)
    title = in_unit(words("report.paid_each_month", plan=name), unit, words)
    told = f"{_path(by_month, words)}{_shortfall(months, words)}"
    known = any(month.surplus is not None for month in months)
    note = words("report.how_to_read" if known else "report.no_surplus")
    return Chart(title, months_chart(months, key=key, title=title, told=told), told, note=note)


def draw_payments(schedule: Sequence[Record], *, key: str, unit: str, words: Words) -> Chart:
    """Draw what is paid on one debt month by month, and nothing of a budget."""
    sums: dict[str, Decimal] = {}
    for row in schedule:
        month = str(row["due"])[:7]
        sums[month] = sums.get(month, Decimal(0)) + Decimal(row["payment"])
    by_month = [{"month": month, "payment": str(paid)} for month, paid in sums.items()]
    title = in_unit(words("report.payments"), unit, words)
    told = _path(by_month, words)
    months = months_series(by_month)
    return Chart(title, months_chart(months, key=key, title=title, told=told), told)


def draw_balances(
    tracks: Sequence[Track], *, key: str, title: str, unit: str, words: Words
) -> Chart:
    """Draw what is still owed over time; told are both ends of each line."""
    title = in_unit(title, unit, words)
    told = " ".join(_ends(track, words) for track in tracks)
    names = tuple(track.name for track in tracks) if len(tracks) > 1 else ()
    return Chart(title, balance_chart(tracks, key=key, title=title, told=told), told, legend=names)


def debt_track(debt: Record) -> Track:
    """Return what is owed on a debt after each row of its schedule."""
    return Track(str(debt["id"]), tuple(balance_series(debt["schedule"])))


def plan_tracks(named: Named) -> list[Track]:
    """Return what is owed in all month by month, for the plans that say so."""
    tracks = (
        Track(
            mark,
            tuple(
                (date.fromisoformat(f"{m.month}-01"), m.balance)
                for m in months_series(plan["by_month"])
                if m.balance is not None
            ),
        )
        for mark, plan in named
    )
    return [track for track in tracks if track.points]


def draw_sides(named: Named, *, unit: str, words: Words) -> list[Chart]:
    """Draw what plans cost both sides, on one scale: payments, and the present value given up.

    One of the plans is the contract, against which a lender gives up what it gives up.
    """
    paid = [
        Bar(mark, Decimal(plan["metrics"]["total_paid"]), amount(plan["metrics"]["total_paid"]))
        for mark, plan in named
    ]
    most = max((bar.length for bar in paid), default=Decimal(0))
    lost = _lost(named, words)
    drawn = [("paid", "report.cost_borrower", paid), ("lost", "report.cost_lender", lost)]
    return [
        draw_bars(bars, key=key, title=words(title), unit=unit, words=words, most=most)
        for key, title, bars in drawn
        if bars
    ]


def _lost(named: Named, words: Words) -> list[Bar]:
    """Return the present value that each plan takes from a lender; none without the contract's."""
    worth = next((p["metrics"].get("npv") for _, p in named if p["plan"] == "contract"), None)
    known = ((mark, plan, plan["metrics"].get("npv")) for mark, plan in named)
    if worth is None:
        return []
    gaps = ((mark, plan, Decimal(worth) - Decimal(npv)) for mark, plan, npv in known if npv)
    return [Bar(mark, gap, _gap(gap, plan, words)) for mark, plan, gap in gaps]


def _gap(gap: Decimal, plan: Record, words: Words) -> str:
    """Print what is given up with its share; below zero the lender gains."""
    share = percent(plan["metrics"].get("npv_loss"), decimals=2)
    return words("report.and_share", amount=amount(gap), share=share)


def draw_bars(  # noqa: PLR0913 - what, under which title, on which scale
    bars: Sequence[Bar],
    *,
    key: str,
    title: str,
    unit: str,
    words: Words,
    most: Decimal | None = None,
) -> Chart:
    """Draw one figure of each plan as bars that lie; the longest, or *most*, fills the width."""
    title = in_unit(title, unit, words)
    told = words("list.separator").join(f"{bar.name} {bar.shown}" for bar in bars)
    return Chart(title, bars_chart(bars, key=key, title=title, told=told, most=most), told)


def in_unit(title: str, unit: str, words: Words) -> str:
    """Add the currency to a title."""
    return words("report.unit", title=title, unit=words.term("unit", unit)) if unit else title


def _ends(track: Track, words: Words) -> str:
    first, last = track.points[0], track.points[-1]
    ends = {"first": amount(first[1]), "last": amount(last[1]), "day": last[0]}
    return words("report.from_to", name=track.name, **ends)


def _path(by_month: Sequence[Record], words: Words) -> str:
    return words("report.path", path=path_line(by_month, words))


def _shortfall(months: Sequence[Month], words: Words) -> str:
    short = [month.short for month in months if month.short]
    if not short:
        return ""
    return words("report.missing", count=len(short), most=amount(max(short)))
