"""One plan of a debt, held month by month against what is left for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from replan.model.debt import Debt
from replan.strategies.notation import Plan

from .evaluate import Evaluated, major
from .figures import Figures
from .offer import Understood, evaluate_offer, understand
from .plans import Bench
from .room import Room


@dataclass(frozen=True, slots=True)
class Answer:
    """One plan of the debt against the room it has: what is paid where, and where it is short."""

    understood: Understood
    found: Evaluated
    figures: Figures
    paid: Mapping[int, int]
    short: Mapping[int, int]
    verdict: str

    @property
    def total(self) -> int:
        """Give all that is paid, and what is left over."""
        return self.figures.total_paid + self.figures.residual

    @property
    def worst(self) -> int:
        """Give the month with the largest gap, else with the largest payment.

        Months count from 0, the as-of date's. Of months within a hundredth of the largest it is the
        first: the last instalment is often a few cents more than the others.
        """
        column = self.short or self.paid
        most = max(column.values(), default=0)
        return min((m for m, amount in column.items() if 100 * amount >= 99 * most), default=0)


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
        return answer
    left, near = room.left, room.near
    short = {m: paid - int(left[m]) for m, paid in answer.paid.items() if paid > left[m]}
    tight = any(paid > near[m] for m, paid in answer.paid.items())
    return replace(answer, short=short, verdict="short" if short else "tight" if tight else "fits")


def month_dict(answer: Answer, room: Room, month: int) -> dict[str, Any]:
    """Give what a month asks for, what there is, and the gap, in major units."""
    exponent = answer.found.terms.exponent
    return {
        "month": room.name(month),
        "paid": major(answer.paid.get(month, 0), exponent),
        "room": major(int(room.left[month]), exponent),
        "gap": major(answer.short.get(month, 0), exponent),
    }
