"""A plan space: every candidate of one debt with its figures as columns, exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.figures import value_of
from replan.decide.plans import Bench, paid_on
from replan.decide.waterfall import poured
from replan.engine.terms import COMPONENTS, Terms
from replan.errors import UsageError
from replan.model.debt import Debt
from replan.strategies.notation import Step, Steps

from .grid import LARGEST, Expansion, Frame, Offer, Refused, decode, expand, size_of
from .measure import Figures, least_rate, measure_rolled, roll_frames
from .parts import CHUNK, Cents, Index, Part


@dataclass(frozen=True, slots=True)
class Space(Figures):
    """All candidates of one debt; every column has one entry per candidate, amounts in cents.

    "Cents" are the currency's minor units (`exponent` decimals). `total` is all that is paid,
    `residual` what is still owed then; `peak` the largest payment, one at signing included.
    `first_payment` is paid on `first_due` (an ordinal); `months` are calendar months from the as-of
    date to the last payment, rounded up. `instalments` counts the periods from the first payment to
    the last, `least` is the smallest payment but for the last, `rate` the lowest annual rate that
    is charged. `waived` counts all that is forgiven, conditional waivers as kept.

    `npv` values the payments at the contract's rate; `npv_loss` is what the contract is worth less
    that, each rounded to cents. `contract_payment` is the contract's typical payment,
    `contract_rate` the lowest annual rate that it charges, `owed_by` what is owed by
    component: numbers, or columns where the candidates are of several debts, whose places the parts
    tell. `refused` says what does not apply to the debt.
    """

    debt: Debt
    as_of: date
    parts: tuple[Part, ...]
    refused: tuple[Refused, ...]
    contract_npv: Any
    contract_payment: Any
    contract_rate: Any
    owed_by: Mapping[str, int]
    months_per_period: float
    exponent: int
    npv_loss: Cents
    begins: Index = field(repr=False)

    def __len__(self) -> int:
        """Count the candidates that apply to the debt."""
        return int(self.total.size)

    @property
    def worth(self) -> NDArray[np.float64]:
        """Value candidates at the rate that was chosen for the bench, else at the contract's."""
        values = [part.worth for part in self.parts]
        chosen = [value for value in values if value is not None]
        return np.concatenate(chosen) if chosen else self.npv

    @property
    def owed(self) -> int:
        """Give what is owed at the as-of date, in all."""
        return sum(self.owed_by.values())

    def by_step(self, of: Callable[[Step], float]) -> NDArray[np.float64]:
        """Add up a figure of the steps that each candidate takes."""
        columns = [np.zeros(0)]
        for part in self.parts:
            code, total = part.code, np.zeros(part.code.size)
            for choice in reversed(part.offer):
                code, taken = np.divmod(code, len(choice))
                total += np.array([0.0 if step is None else of(step) for step in choice])[taken]
            columns.append(total)
        return np.concatenate(columns)

    @property
    def horizon(self) -> int:
        """Count the calendar months, the as-of date's included, in which a candidate may pay."""
        return max((int(p.dates.month.max(initial=0)) + 1 for p in self.parts), default=1)

    def steps(self, index: int) -> Steps:
        """Give the steps of a candidate."""
        at = int(np.searchsorted(self.begins, index, side="right")) - 1
        part = self.parts[at]
        return decode(part.offer, int(part.code[index - self.begins[at]]))

    def notation(self, index: int) -> str:
        """Print a candidate as a plan for this debt: its identifier."""
        return " + ".join(str(step) for step in self.steps(index))

    def payments(self, index: Index | None = None, *, months: int | None = None) -> Cents:
        """Give what candidates pay in each calendar month: (len(index), months), int64 cents.

        Row k belongs to candidate `index[k]`; without `index`, to candidate k. Column 0 is the
        month of the as-of date, with what is paid at signing; by default there are `horizon`
        columns, and payments after the last are left out. A payment that a holiday moves into
        another month counts there. It takes 8 bytes per cell: ask for chunks of a large space.
        """
        wanted = np.arange(len(self)) if index is None else np.asarray(index, dtype=np.int64)
        width = self.horizon if months is None else months
        found = np.zeros((wanted.size, width), dtype=np.int64)
        home = np.searchsorted(self.begins, wanted, side="right") - 1
        for at, part in enumerate(self.parts):
            mine = np.flatnonzero(home == at)
            for begin in range(0, mine.size, CHUNK):
                here = mine[begin : begin + CHUNK]
                found[here] = part.by_month(wanted[here] - self.begins[at], width)
        return found


def space_of(bench: Bench, debt: Debt, menu: Sequence[Offer]) -> Space:
    """Evaluate every candidate that a menu has for a debt.

    Each is the same, to the cent, as its notation evaluated by itself. Their order follows from the
    menu alone. Raises UsageError if the menu is too large.
    """
    wanted = size_of(menu)
    if wanted > LARGEST:
        raise UsageError(
            f"{debt.id}: the menu has {wanted:,} candidates; at most {LARGEST:,} are searched. "
            "Write coarser steps."
        )
    refused: list[Refused] = []
    measured: list[tuple[Part, Figures]] = []
    how, on = _expansion(bench, debt), paid_on(bench.case, debt)
    expanded: list[tuple[Offer, Frame]] = []
    for offer in menu:
        frames, fell = expand(offer, how)
        refused += fell
        expanded += [(offer, frame) for frame in frames]
    for (offer, _), rolled in zip(expanded, roll_frames([f for _, f in expanded]), strict=True):
        part, figures, never = measure_rolled(offer, rolled, on, chosen=bench.at and bench.at[1])
        if never.size:
            steps = decode(offer, int(never[0]))
            refused.append(Refused(steps, never.size, "It never clears the debt."))
        if part.code.size:
            measured.append((part, figures))
    return _gathered(bench, debt, measured, tuple(refused))


def _expansion(bench: Bench, debt: Debt) -> Expansion:
    def start(keeps: bool) -> Terms:
        return bench.start_keeping(debt, keeps=keeps)

    def pour(terms: Terms, step: Step) -> Steps:
        return poured(bench.case, debt, terms, (step,))

    return Expansion(start, pour)


def _under_each_other(columns: Sequence[Cents | NDArray[np.float64]]) -> Any:
    return columns[0] if len(columns) == 1 else np.concatenate(columns)


def _gathered(
    bench: Bench,
    debt: Debt,
    measured: Sequence[tuple[Part, Figures]],
    refused: tuple[Refused, ...],
) -> Space:
    """Put the columns of all parts under each other."""
    contract = value_of(bench.contracts[debt.id])
    terms, usual = bench.base[debt.id], bench.contract_figures[debt.id].typical_payment
    none = np.zeros(0, dtype=np.int64)
    columns = {
        f.name: _under_each_other([getattr(figures, f.name) for _, figures in measured] or [none])
        for f in fields(Figures)
    }
    sizes = [part.code.size for part, _ in measured]
    loss = np.rint(contract) - np.rint(columns["npv"])
    return Space(
        debt=debt,
        as_of=bench.case.as_of,
        parts=tuple(part for part, _ in measured),
        refused=refused,
        contract_npv=contract,
        contract_payment=usual,
        contract_rate=least_rate(terms),
        owed_by={c: int(getattr(terms.opening, c)[0]) for c in COMPONENTS},
        months_per_period=float(12 / terms.calendar.frequency.periods_per_year),
        exponent=terms.exponent,
        npv_loss=loss.astype(np.int64),
        begins=np.cumsum([0, *sizes[:-1]]) if sizes else none,
        **columns,
    )
