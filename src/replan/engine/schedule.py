"""Schedules: what the kernel found, as integer columns; (T, R) matrices or their sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .money import Cents, Column

KEPT = (
    "accrued",
    "penalty_accrued",
    "fees_accrued",
    "capitalised",
    "forgone",
    "payment",
    "interest",
    "penalty",
    "fees",
)
"""The columns of a period: what accrues, what becomes principal, what is paid and to what."""


@dataclass(frozen=True, slots=True)
class RowZero:
    """What happens at the as-of date, per row: interest accrued to it, and what is paid to what."""

    accrued: Cents
    payment: Cents
    interest: Cents
    penalty: Cents
    fees: Cents


@dataclass(slots=True)
class Totals:
    """Sums over the periods, per row. `first` is the first period (from 1) with a payment; 0: none.

    `level` is the last level instalment computed; `residual` what is still owed at the end.
    """

    paid: Column
    interest: Column
    penalty: Column
    fees: Column
    forgone: Column
    peak: Column
    first: NDArray[np.int64]
    first_payment: Column
    last: Column
    level: Column
    residual: Column


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rolled batch. Matrices are (T, R) minor units, None where a column is zero throughout.

    `periods` counts each row's periods; `shown` those up to the last with something to show, where
    a plan ends when the debt is cleared.
    """

    periods: NDArray[np.int64]
    zero: RowZero
    totals: Totals
    matrices: dict[str, Cents] | None

    @property
    def rows(self) -> int:
        """Count the rows."""
        return int(self.periods.size)

    def column(self, name: str, row: int) -> Cents:
        """Give one row's column over its periods, in minor units."""
        if self.matrices is None:
            raise ValueError("this schedule was rolled for its totals only")
        count = int(self.periods[row])
        if name not in self.matrices:
            return np.zeros(count, dtype=np.int64)
        return self.matrices[name][:count, row]

    def principal_paid(self, row: int) -> Cents:
        """Give what each payment leaves for principal."""
        rest: Cents = self.column("payment", row).copy()
        for name in ("interest", "penalty", "fees"):
            rest = rest - self.column(name, row)
        return rest

    def length(self, row: int) -> int:
        """Count the periods up to the last one in which anything is paid."""
        paid = np.flatnonzero(self.column("payment", row))
        return int(paid[-1]) + 1 if paid.size else 0
