"""Schedules: what the kernel found, as integer columns; (T, R) matrices or their sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .money import Cents, Column

KEPT = (
    "accrued",
    "penalty_accrued",
    "fees_accrued",
    "capitalised",
    "forgone",
    "resting",
    "payment",
    "interest",
    "penalty",
    "fees",
)
"""The columns of a period: what accrues, what becomes principal, what of it rests, what is paid."""


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


@dataclass(slots=True)
class Store:
    """The matrices of a batch, shared by its blocks, and the place of one block's rows in them.

    While interest paid is interest accrued, one matrix serves both. `kind` is wide enough for what
    the rows can owe: half as wide is nearly twice as fast to fill.
    """

    matrices: dict[str, Column]
    shape: tuple[int, int]
    kind: np.dtype[Any]
    place: slice | NDArray[np.int64]

    def put(self, name: str, period: int, rows: slice, column: Column) -> None:
        """Keep one period's column of some rows of the block."""
        if rows.stop <= rows.start:
            return
        if name not in self.matrices:
            self.matrices[name] = np.zeros(self.shape, dtype=self.kind)
        if isinstance(self.place, slice):
            begin = self.place.start
            self.matrices[name][period, begin + rows.start : begin + rows.stop] = column
        else:
            self.matrices[name][period, self.place[rows]] = column

    def repeat(self, name: str, periods: range, rows: slice, column: Column) -> None:
        """Keep the same column for several periods."""
        same = column.astype(self.kind)
        for period in periods:
            self.put(name, period, rows, same)

    def put_interest(self, period: int, rows: slice, column: Column, *, same: bool) -> None:
        """Keep interest paid, apart from interest accrued only where they are not the same."""
        if rows.stop <= rows.start or (same and "interest" not in self.matrices):
            return
        if "interest" not in self.matrices:
            self.matrices["interest"] = self.matrices["accrued"].copy()
        self.put("interest", period, rows, column)


def with_interest(matrices: dict[str, Column]) -> dict[str, Column]:
    """Let interest paid be interest accrued where no block found them to differ."""
    if "accrued" in matrices:
        matrices.setdefault("interest", matrices["accrued"])
    return matrices


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rolled batch. Matrices are (T, R) minor units; a column that is zero throughout is absent.

    They are int32 where no amount of the batch needs more; `column` gives int64.

    `periods` counts each row's periods.
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
        found: Cents = self.matrices[name][:count, row]
        return found if found.dtype == object else found.astype(np.int64)

    def principal_paid(self, row: int) -> Cents:
        """Give what each payment leaves for principal."""
        rest = self.column("payment", row)
        for name in ("interest", "penalty", "fees"):
            rest = rest - self.column(name, row)
        return rest

    def length(self, row: int) -> int:
        """Count the periods up to the last one in which anything is paid."""
        paid = np.flatnonzero(self.column("payment", row))
        return int(paid[-1]) + 1 if paid.size else 0


def rows_of_schedule(whole: Schedule, rows: slice) -> Schedule:
    """Give a run of a schedule's rows as a schedule of its own, as high as its longest row."""
    periods = whole.periods[rows]
    height, matrices = int(periods.max(initial=0)), whole.matrices
    return Schedule(
        periods,
        RowZero(*(getattr(whole.zero, name)[rows] for name in RowZero.__slots__)),
        Totals(*(getattr(whole.totals, name)[rows] for name in Totals.__slots__)),
        None if matrices is None else {k: m[:height, rows] for k, m in matrices.items()},
    )
