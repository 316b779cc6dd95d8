"""Trading levers of an offer: the smallest change that fits, and what a unit of each is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.room import Judged, Room
from replan.decide.candidates.space import Space
from replan.decide.evaluate import major

from .answers import Answer
from .levers import Lever

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trade:
    """An offer, and every value of its levers as candidates of a space, judged.

    `worth` is what each candidate is worth to the lender.
    """

    offer: Answer
    space: Space
    worth: NDArray[np.float64]
    judged: Judged
    room: Room

    def amount(self, cents: Any) -> str:
        """Print minor units as an amount."""
        return major(int(cents), self.space.exponent)

    def cost(self, index: int) -> dict[str, str]:
        """Say what a candidate costs the lender: in money, and in present value."""
        total = int(self.space.total[index] + self.space.residual[index])
        npv = int(np.rint(self.worth[index]))
        return {
            "cost": self.amount(self.offer.total - total),
            "cost_npv": self.amount(round(self.offer.worth) - npv),
        }


def smallest_change(trade: Trade, lever: Lever, index: Index) -> dict[str, Any]:
    """Find the first value of a lever that fits every month; none, if no value alone does.

    Every value is a candidate (`index`; −1: it does not apply), so each before the one found falls
    short in some month.
    """
    space, judged = trade.space, trade.judged
    tried = np.flatnonzero(index >= 0)
    fits = tried[judged.shortfall[index[tried]] == 0]
    row: dict[str, Any] = {
        "lever": lever.name,
        "now": lever.now,
        "needed": None,
        "tried": int(tried.size),
        "to": lever.values[-1],
        "step": lever.step,
        "plan": None,
    }
    if not fits.size:
        return row
    at = int(index[fits[0]])
    return {
        **row,
        "needed": lever.values[int(fits[0])],
        "plan": space.notation(at),
        **trade.cost(at),
        "peak_payment": trade.amount(space.peak[at]),
        "months": int(space.months[at]),
        "verdict": judged.verdict(at),
    }


def price(trade: Trade, lever: Lever, index: Index) -> dict[str, Any] | None:
    """Price one unit of a lever at the offer; None where it does not apply.

    Against what it costs the lender stands what it takes off the offer's worst month, and off the
    largest payment after the first month.
    """
    at, offer, month = int(index[lever.unit]), trade.offer, trade.offer.worst
    if at < 0:
        return None
    space = trade.space
    paid = space.payments(np.array([at]))[0]
    before = max((amount for m, amount in offer.paid.items() if m), default=0)
    return {
        "lever": lever.name,
        "from": lever.now,
        "to": lever.values[lever.unit],
        **trade.cost(at),
        "month": trade.room.name(month),
        "off_month": trade.amount(offer.paid.get(month, 0) - int(paid[month])),
        "off_instalment": trade.amount(before - int(paid[1:].max(initial=0))),
        "months": int(space.months[at]) - offer.figures.months,
    }
