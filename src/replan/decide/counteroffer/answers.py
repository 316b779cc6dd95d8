"""One plan of a debt, held month by month against what is left for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from replan.decide.candidates.room import Room
from replan.decide.evaluate import Evaluated, Row, major
from replan.decide.figures import Figures
from replan.decide.plans import Bench
from replan.model.debt import Debt
from replan.strategies.notation import Plan

from .offer import Understood, evaluate_offer, understand


@dataclass(frozen=True, slots=True)
class Answer:
    """One plan of the debt against the room it has: what is paid where, and where it is short.

    Months count from 0, the as-of date's. `worst` is the month with the largest gap; of those
    within a hundredth of it the first, because the last instalment is often a few cents more than
    the others. Without a gap it is the month in which least is left over, and without a budget that
    of the largest payment.
    """

    understood: Understood
    found: Evaluated
    figures: Figures
    paid: Mapping[int, int]
    short: Mapping[int, int]
    verdict: str
    worst: int = 0

    @property
    def worth(self) -> float:
        """Give the present value at the rate that was chosen, else at the contract's."""
        return self.figures.npv_at[1] if self.figures.npv_at else self.figures.npv

    @property
    def total(self) -> int:
        """Give all that is paid, and what is left over."""
        return self.figures.total_paid + self.figures.residual


def evaluated(bench: Bench, debt: Debt, offer: str | Plan | Mapping[str, Any]) -> Answer:
    """Evaluate an offer; its verdict waits for the room."""
    understood = understand(bench, debt, offer)
    found = evaluate_offer(bench, debt, understood.steps)
    as_of, paid = bench.case.as_of, dict[int, int]()
    for row in found.rows:
        if row.payment:
            month = (row.due.year - as_of.year) * 12 + row.due.month - as_of.month
            paid[month] = paid.get(month, 0) + row.payment
    return Answer(understood, found, bench.measure(found), paid, {}, "not-assessed")


def held_against(answer: Answer, room: Room) -> Answer:
    """Compare what is paid in each month with the room there is."""
    if room.reasons:
        return replace(answer, worst=_first_largest(answer.paid))
    left, near = room.left, room.near
    short = {m: paid - int(left[m]) for m, paid in answer.paid.items() if paid > left[m]}
    tight = any(paid > near[m] for m, paid in answer.paid.items())
    over = {m: int(left[m]) - paid for m, paid in answer.paid.items()}
    worst = _first_largest(short) if short else min(over, key=lambda m: (over[m], m), default=0)
    verdict = "short" if short else "tight" if tight else "fits"
    return replace(answer, short=short, verdict=verdict, worst=worst)


def runs_of(answer: Answer) -> list[dict[str, Any]]:
    """Give what is paid as runs of the same amount: count, amount, first and last day.

    A last instalment within a hundredth of those before it counts as one of them.
    """
    exponent, runs = answer.found.terms.exponent, list[list[Row]]()
    paying = [row for row in answer.found.rows if row.payment]
    for row in paying:
        near = runs and row.n and runs[-1][0].n and _is_near(row, runs[-1][0], row is paying[-1])
        if near:
            runs[-1].append(row)
        else:
            runs.append([row])
    return [
        {
            "count": len(run),
            "amount": major(run[0].payment, exponent),
            "first": run[0].due.isoformat(),
            "last": run[-1].due.isoformat(),
        }
        for run in runs
    ]


def _is_near(row: Row, other: Row, last: bool) -> bool:
    off = abs(row.payment - other.payment)
    return off == 0 or (last and 100 * off <= other.payment)


def _first_largest(column: Mapping[int, int]) -> int:
    most = max(column.values(), default=0)
    return min((m for m, amount in column.items() if 100 * amount >= 99 * most), default=0)


def month_dict(answer: Answer, room: Room, month: int) -> dict[str, Any]:
    """Give what a month asks for, what there is, and the gap, in major units."""
    exponent = answer.found.terms.exponent
    return {
        "month": room.name(month),
        "paid": major(answer.paid.get(month, 0), exponent),
        "room": major(int(room.left[month]), exponent),
        "gap": major(answer.short.get(month, 0), exponent),
    }
