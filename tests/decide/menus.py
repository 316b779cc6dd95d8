"""Menus written in plan notation, and the figures of one plan evaluated by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from replan.decide.candidates.grid import Choice, Offer
from replan.decide.candidates.space import Space, space_of
from replan.decide.plans import Bench
from replan.model.case import Case
from replan.strategies.notation import parse_plan, parse_steps
from strategies.samples import case


def choice(*steps: str) -> Choice:
    """Return the alternatives for one step; an empty text leaves it out."""
    return tuple(parse_steps(text, "+")[0] if text else None for text in steps)


def space(*menu: Offer, of: Case | None = None) -> Space:
    """Return the plan space that a menu makes of the one debt."""
    bench = Bench(of or case())
    return space_of(bench, bench.case.debts[0], menu)


def columns(found: Space, index: int) -> tuple[Any, ...]:
    """Return a candidate's figures from the columns, npv in whole cents."""
    names = ("first_payment", "peak", "total", "residual", "months", "waived")
    paid = found.payments()[index]
    return (
        *(int(getattr(found, name)[index]) for name in names),
        date.fromordinal(int(found.first_due[index])),
        round(float(found.npv[index])),
        {month: int(paid[month]) for month in paid.nonzero()[0]},
    )


def alone(plan: str, of: Case | None = None) -> tuple[Any, ...]:
    """Return the same figures of one plan, evaluated by itself and added up row by row."""
    bench = Bench(of or case())
    found, figures = bench.run(parse_plan(f"*: {plan}")).household.debts[0]
    first, start = figures.first_payment or (bench.case.as_of, 0), bench.case.as_of
    by_month: dict[int, int] = {}
    for row in found.rows:
        month = (row.due.year - start.year) * 12 + row.due.month - start.month
        if row.payment:
            by_month[month] = by_month.get(month, 0) + row.payment
    return (
        first[1], figures.peak_payment, figures.total_paid, figures.residual, figures.months,
        figures.waived, first[0], round(figures.npv), by_month,
    )  # fmt: skip
