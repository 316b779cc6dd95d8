"""Figures of many candidates at one end of their bounds, named as in a space of candidates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.search import AXES
from replan.strategies.notation import Step, Steps

from .cells import Whole
from .choice import ALONE

Float = NDArray[np.float64]
MONTH = 2.0**50
"""More than any amount: months decide before it."""


@dataclass(frozen=True, slots=True)
class Band:
    """Figures of candidates that share their amounts; `last` is the last payment at this end.

    `usual` is the most payments in one month without it, `beside` those in the month with it.
    Columns are (candidates or 1, accounts or 1).
    """

    as_of: date
    exponent: int
    months_per_period: float
    contract_npv: Float
    contract_payment: Whole
    contract_rate: Float
    owed_by: Mapping[str, Whole]
    taken: tuple[Steps, ...]
    first_payment: Any
    first_due: Any
    last: Any
    usual: Any
    beside: Any
    residual: Any
    months: Any
    waived: Any
    waived_principal: Any
    waived_interest: Any
    waived_penalty: Any
    waived_fees: Any
    instalments: Any
    least: Any
    rate: Any
    npv: Any

    @property
    def owed(self) -> Any:
        """Give what is owed at the as-of date, in all."""
        return sum(self.owed_by.values())

    @property
    def peak(self) -> Any:
        """Give the largest payment."""
        return np.maximum(self.first_payment, self.last)

    @property
    def monthly(self) -> Any:
        """Give the most that is paid in one month."""
        if np.max(self.usual) == 1 and not np.any(self.beside):
            return self.peak
        with_last = self.beside * self.first_payment + self.last
        return np.maximum(self.usual * self.first_payment, with_last)

    @property
    def total(self) -> Any:
        """Give all that is paid."""
        return self.first_payment * (self.instalments - 1) + self.last

    @property
    def npv_loss(self) -> Any:
        """Give what the contract is worth less the payments' value, each rounded."""
        return np.rint(self.contract_npv) - np.rint(self.npv)

    def by_step(self, of: Callable[[Step], float]) -> Float:
        """Add up a figure of the steps that each candidate takes."""
        return np.array([[float(sum(map(of, steps)))] for steps in self.taken])

    def __len__(self) -> int:
        """Count the candidates."""
        return len(self.taken)


def by_loss(objective: str) -> bool:
    """Tell whether an objective looks at the value given up first."""
    return AXES[ALONE[objective][0]] == "npv_loss"


def key_of(low: Band, high: Band, objective: str) -> tuple[Any, Any]:
    """Give bounds of what an objective looks at first, and second where months come first."""
    first, second = ALONE[objective][:2]
    if AXES[first] == "months":
        a, b = _axis(low, high, AXES[second])
        return low.months * MONTH + a, low.months * MONTH + b
    return _axis(low, high, AXES[first])


def _axis(low: Band, high: Band, name: str) -> tuple[Any, Any]:
    if name == "npv_loss":
        return high.npv_loss, low.npv_loss
    return getattr(low, name), getattr(high, name)
