"""What an offer says of one debt: payments in runs, what becomes of each component, rates, haste.

All of it is taken from the plan's schedule, so that it adds up to the schedule's totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from replan.decide.evaluate import Evaluated, Row, evaluate_all, major
from replan.decide.plans import Bench
from replan.engine.curves import Curve
from replan.engine.terms import COMPONENTS
from replan.errors import UsageError
from replan.strategies.notation import Step, parse_plan

EARLY = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
"""After these parts of the payments the price of clearing the rest is stated: an illustration."""


def payment_runs(found: Evaluated) -> list[dict[str, Any]]:
    """Draw payments of one amount that follow each other together: count, amount, dates, sum."""
    paid = [row for row in found.rows if row.payment]
    exponent = found.terms.exponent
    runs = []
    for amount, rows in groupby(paid, key=lambda row: row.payment):
        run = list(rows)
        runs.append(
            {
                "count": len(run),
                "amount": major(amount, exponent),
                "first": run[0].due.isoformat(),
                "last": run[-1].due.isoformat(),
                "sum": major(amount * len(run), exponent),
            }
        )
    return runs


def is_level(runs: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether all payments but the last are of one amount."""
    return len(runs) == 1 or (len(runs) == 2 and runs[1]["count"] == 1)


def component_table(found: Evaluated) -> list[dict[str, str]]:
    """Say of each component what is owed, accrues, moves, is waived, is paid and is left.

    `moved` is what becomes principal by capitalising, so it adds up to zero over the components.
    The last entry is the total: owed + accrued + moved - waived - paid = left in each.
    """
    table = [_component(found, name) for name in COMPONENTS]
    columns = ("owed", "accrued", "moved", "waived", "paid", "left")
    total = {name: sum(entry[name] for entry in table) for name in columns}
    exponent = found.terms.exponent
    named = [*zip(COMPONENTS, table, strict=True), ("total", total)]
    return [
        {"component": name, **{key: major(entry[key], exponent) for key in columns}}
        for name, entry in named
        if any(entry.values()) or name == "total"
    ]


def _component(found: Evaluated, name: str) -> dict[str, int]:
    rows = found.rows
    owed = int(getattr(found.terms.opening, name)[0])
    accrued = sum(row.accrued.get(name, 0) for row in rows)
    waived = sum(row.waived.get(name, 0) for row in rows)
    paid = sum(int(getattr(row, name)) for row in rows)
    left = rows[-1].balance if name == "principal" else 0  # a residual is principal
    moved = waived + paid + left - owed - accrued
    return {
        "owed": owed,
        "accrued": accrued,
        "moved": moved,
        "waived": waived,
        "paid": paid,
        "left": left,
    }


def rates_of(found: Evaluated) -> list[dict[str, str]]:
    """List the rates in force from the as-of date to the last row, each with its first day.

    A change that the curve holds at the end of a day is in force from the day after.
    """
    start, end = found.terms.as_of, found.rows[-1].due.toordinal()
    listed: list[dict[str, str]] = []
    for day, rate in _segments(found.terms.curve, found.index):
        first = day + 1 if day > start else start
        entry = {"from": date.fromordinal(first).isoformat(), "rate": rate}
        if day >= end and listed:
            continue
        if listed and (day <= start or listed[-1]["from"] == entry["from"]):
            listed.pop()
        if not listed or listed[-1]["rate"] != rate:
            listed.append(entry)
    return listed


def _segments(curve: Curve, row: int) -> list[tuple[int, str]]:
    found = []
    for segment in curve:
        starts, nums = segment.start.ravel(), segment.rate.num.ravel()
        day, num = (int(column[min(row, len(column) - 1)]) for column in (starts, nums))
        rate = Fraction(100 * num, segment.rate.den)
        found.append((day, f"{_percent(rate)}%{'/day' if segment.rate.daily else ''}"))
    return found


def _percent(rate: Fraction) -> str:
    """Print a rate with at most six decimals.

    >>> _percent(Fraction(73, 4)), _percent(Fraction(1, 20)), _percent(Fraction(12))
    ('18.25', '0.05', '12')
    """
    text = f"{float(rate):.6f}"
    return text.rstrip("0").rstrip(".")


def early_repayment(bench: Bench, found: Evaluated) -> list[dict[str, Any]]:
    """Say what clears the debt with some of the payments, and what that saves, by the kernel.

    The plan is rolled again with `pay-early` of all that is left. Empty where nothing is saved,
    something is waived on a condition, or the plan takes no early repayment.
    """
    if found.terms.promises or found.rows[-1].balance or not found.steps:
        return []
    paid = [row for row in found.rows[1:] if row.payment]
    at = sorted({int(part * len(paid)) for part in EARLY} - {0, len(paid)})
    try:
        return [entry for n in at for entry in _early(bench, found, paid[n - 1])]
    except UsageError:  # a settlement or a household's plan has no instalments to hasten
        return []


def _early(bench: Bench, found: Evaluated, row: Row) -> Sequence[dict[str, Any]]:
    exponent = found.terms.exponent
    left = major(row.balance, exponent)
    prepared = bench.prepare(found.debt, (*found.steps, _pay_early(left, row.n)))
    rolled = evaluate_all([prepared])[0]
    saved = sum(found.flows.payments) - sum(rolled.flows.payments)
    same = rolled.flows.payments[: row.n] == found.flows.payments[: row.n]
    if not same or saved <= 0 or rolled.rows[-1].balance:
        return ()
    return ({"due": row.due.isoformat(), "payoff": left, "saved": major(saved, exponent)},)


def _pay_early(amount: str, n: int) -> Step:
    return parse_plan(f"pay-early {amount} at={n}").parts[0][1][0]
