"""A plan applied to a debt: its terms step by step, its schedule, its rows and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from replan.engine.metrics import Flows, npv
from replan.engine.money import Cents
from replan.engine.resolve import resolve
from replan.engine.schedule import Schedule
from replan.engine.stack import roll_all
from replan.engine.terms import CHARGES, COMPONENTS, LONGEST, Component, Parts, Promise, Terms
from replan.errors import ReplanError, ShapeError, UsageError
from replan.model.debt import Debt
from replan.strategies.notation import Step, Steps
from replan.strategies.register import Ask

PARTS: tuple[Component, ...] = ("principal", *CHARGES)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a schedule, in minor units.

    `accrued` and `waived` are per component; `principal` … `fees` are the parts of the payment.
    Row 0 is what happens at the as-of date. `bearing` is the principal that bore interest.
    """

    n: int
    due: date
    opening: int
    accrued: Mapping[str, int]
    capitalised: int
    waived: Mapping[str, int]
    payment: int
    principal: int
    interest: int
    penalty: int
    fees: int
    balance: int
    bearing: int


@dataclass(frozen=True)
class Evaluated:
    """One debt under one plan: the terms before and after each step, and the schedule.

    `paid_on` gives the dates on which money is due, after any business-day adjustment.
    """

    debt: Debt
    steps: Steps
    stages: tuple[Terms, ...]
    schedule: Schedule
    index: int = 0
    paid_on: Callable[[date], date] | None = None

    @property
    def terms(self) -> Terms:
        """Give the terms after the last step."""
        return self.stages[-1]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Lay the schedule out in rows."""
        return rows_of(self)

    @cached_property
    def flows(self) -> Flows:
        """Give the dated payments."""
        return Flows(tuple(r.due for r in self.rows), tuple(r.payment for r in self.rows))

    @cached_property
    def value(self) -> float:
        """Value the payments at the contract's rate, in minor units."""
        return npv(self.terms, self.terms.base, self.flows)

    @property
    def asks(self) -> tuple[tuple[Step, Ask], ...]:
        """List what the plan presumes from the creditor, with the step that asks it."""
        charged = any(bool(getattr(self.stages[0].owed, c).any()) for c in CHARGES)
        return tuple(
            (step, ask)
            for step in self.steps
            for ask in step.strategy.asks(step.params)
            if charged or ask.code != "stream"
        )


def apply_steps(terms: Terms, steps: Steps) -> tuple[Terms, ...]:
    """Apply steps from left to right; give the terms before the first and after each."""
    stages = [terms]
    for step in steps:
        stages.append(apply_step(stages[-1], step))
    return tuple(stages)


def apply_step(terms: Terms, step: Step) -> Terms:
    """Apply one step and check what it gives; a faulty strategy is named, never believed."""
    name, origin = step.strategy.name, step.strategy.origin
    try:
        after = step.strategy.apply(terms, step.params)
        fault = _fault(terms, after, own=origin == "replan")
    except ReplanError as error:
        kind = ShapeError if isinstance(error, ShapeError) else UsageError
        raise kind(f'"{step}": {error}') from None
    except Exception as error:
        if origin == "replan":
            raise
        raise UsageError(f'The strategy "{name}" ({origin}) failed: {error}') from error
    if fault:
        raise UsageError(f'The strategy "{name}" ({origin}) gave impossible terms: {fault}.')
    return after


def _fault(before: Terms, after: object, *, own: bool) -> str:
    """Say what is wrong with terms that a step gave; empty if nothing is.

    Of our `own` strategies, which write into no column, only what they replaced is looked at.
    """
    if not isinstance(after, Terms):
        return "it did not return terms"
    due, moved = after.calendar.due, not own or after.calendar is not before.calendar
    past = (
        after.as_of != before.as_of
        or (after.opening is not before.opening and _differs(after.opening, before.opening))
        or (moved and (due[:1] < after.as_of).any())
    )
    touched = not own or _changed(
        before, after, "owed", "waived", "promises", "forborne", "charged"
    )
    faults = {
        "it changed the past": past,
        "it leaves a negative balance": touched
        and any((getattr(after.owed, c) < 0).any() for c in COMPONENTS),
        "amounts appear or vanish": touched and (_accounted(after) != _accounted(before)).any(),
        "it asks for a negative number or amount": any(
            (p.count < 0).any() or (p.amount < 0).any() for p in after.phases
        ),
        f"it has more than {LONGEST} periods": after.periods.max(initial=0) > LONGEST,
        "its due dates do not ascend": moved and (np.diff(due, axis=0) <= 0).any(),
    }
    return next((fault for fault, found in faults.items() if found), "")


def _changed(before: Terms, after: Terms, *names: str) -> bool:
    """Tell whether a step replaced any of these columns; what it kept was checked before."""
    return any(getattr(before, name) is not getattr(after, name) for name in names)


def _differs(a: Parts, b: Parts) -> bool:
    return bool((a.total != b.total).any())


def _accounted(terms: Terms) -> Cents:
    """Add up where everything that was owed is now, less what was charged on the way."""
    set_aside = sum((p.amounts.total for p in terms.promises), start=terms.forborne)
    total: Cents = terms.owed.total + terms.waived.total + set_aside - terms.charged
    return total


@dataclass(frozen=True, slots=True)
class Prepared:
    """One debt with the terms before and after each step, not yet rolled."""

    debt: Debt
    steps: Steps
    stages: tuple[Terms, ...]
    paid_on: Callable[[date], date] | None = None


def evaluate_all(prepared: Sequence[Prepared]) -> list[Evaluated]:
    """Roll many definitions, those of one kind as one batch.

    Raises UsageError if the payments of one never clear the debt.
    """
    found = _rolled(prepared)
    for one in found:
        if not _clears(one):
            raise _never_clears(one)
    return found


def evaluate_facts(prepared: Sequence[Prepared]) -> list[Evaluated]:
    """Roll what is not proposed but stands: contracts, and plans half-way through their steps.

    It is shown, never refused: what payments that never clear a debt leave is its residual.
    """
    found = _rolled(prepared)
    endless = [i for i, one in enumerate(found) if not _clears(one)]
    for i, one in zip(endless, _rolled([_left_open(prepared[i]) for i in endless]), strict=True):
        found[i] = one
    return found


def _left_open(prepared: Prepared) -> Prepared:
    *before, last = prepared.stages
    return replace(prepared, stages=(*before, replace(last, closes=False)))


def _rolled(prepared: Sequence[Prepared]) -> list[Evaluated]:
    rolled = roll_all([resolve(p.stages[-1]) for p in prepared])
    return [
        Evaluated(p.debt, p.steps, p.stages, schedule, row, p.paid_on)
        for p, (schedule, row) in zip(prepared, rolled, strict=True)
    ]


def _clears(found: Evaluated) -> bool:
    """Tell whether payments without an end clear the debt before the longest plan ends."""
    terms, row = found.terms, found.index
    last = int(found.schedule.periods[row])
    if not (terms.trims and terms.closes and last >= LONGEST):
        return True
    paid = found.schedule.column("payment", row)
    return found.schedule.length(row) < last or int(paid[-1]) <= int(paid[-2])


def _never_clears(found: Evaluated) -> UsageError:
    """Say what a plan that never clears the debt pays and what accrues meanwhile."""
    plan, exponent = " + ".join(str(step) for step in found.steps), found.terms.exponent
    paid = int(found.schedule.column("payment", found.index)[0])
    accrued = int(found.schedule.column("accrued", found.index)[0])
    return UsageError(
        f'{found.debt.id}: "{plan}" never clears the debt: it pays {major(paid, exponent)} in the '
        f"first period, in which interest of {major(accrued, exponent)} accrues. "
        "Pay more, or cut the rate."
    )


def major(amount: int, exponent: int) -> str:
    """Print minor units in major units: 1234 is 12.34."""
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount)).rjust(exponent + 1, "0")
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}" if exponent else f"{sign}{digits}"


def rows_of(found: Evaluated) -> tuple[Row, ...]:
    """Lay one debt's schedule out in rows, with row 0, waivers and promises."""
    terms, i = found.terms, found.index
    zero = _row_zero(found)
    rows, balance, bearing = [zero], zero.balance, zero.bearing
    count, payments = length_of(found), found.schedule.column("payment", i).tolist()
    kept = _promises_kept(terms, payments, count)
    due = terms.calendar.due[:count, 0].tolist()
    principal = found.schedule.principal_paid(i).tolist()
    columns = (found.schedule.column(name, i).tolist() for name in _COLUMNS)
    for n, (
        day,
        payment,
        paid,
        interest,
        penalty,
        fees,
        capitalised,
        resting,
        *accruals,
    ) in enumerate(zip(due, payments, principal, *columns, strict=False), start=1):
        accrued = {
            name: amount
            for name, amount in zip(_ACCRUED, accruals, strict=True)
            if amount or name == "interest"
        }
        waived = kept.get(n - 1, {})
        closing = balance + sum(accruals) - sum(waived.values()) - payment
        when = date.fromordinal(day)
        rows.append(
            Row(
                n=n,
                due=found.paid_on(when) if found.paid_on else when,
                opening=balance,
                accrued=accrued,
                capitalised=capitalised,
                waived=waived,
                payment=payment,
                principal=paid,
                interest=interest,
                penalty=penalty,
                fees=fees,
                balance=closing,
                bearing=bearing - resting,
            )
        )
        balance, bearing = closing, bearing + capitalised - paid
    return tuple(rows)


_ACCRUED = {"interest": "accrued", "penalty": "penalty_accrued", "fees": "fees_accrued"}
_COLUMNS = ("interest", "penalty", "fees", "capitalised", "resting", *_ACCRUED.values())


def length_of(found: Evaluated) -> int:
    """Count the rows to show: a plan that ends when the debt is cleared ends there."""
    if found.terms.trims:
        return found.schedule.length(found.index)
    return int(found.schedule.periods[found.index])


def _row_zero(found: Evaluated) -> Row:
    terms, zero, i = found.terms, found.schedule.zero, found.index
    opening = int(terms.opening.total[0])
    waived = {c: int(getattr(terms.waived, c)[0]) for c in COMPONENTS}
    charged = int(terms.charged[0]) + int(zero.accrued[i])
    parts = {c: int(getattr(zero, c)[i]) for c in CHARGES}
    payment = int(zero.payment[i])
    principal = payment - sum(parts.values())
    return Row(
        n=0,
        due=date.fromordinal(terms.as_of),
        opening=opening,
        accrued={"interest": charged} if charged else {},
        capitalised=int(terms.capitalised[0]),
        waived={c: amount for c, amount in waived.items() if amount},
        payment=payment,
        principal=principal,
        **parts,
        balance=opening + charged - sum(waived.values()) - payment,
        bearing=int(terms.owed.principal[0]) - principal,
    )


def _promises_kept(terms: Terms, payments: Sequence[int], length: int) -> dict[int, dict[str, int]]:
    """Say in which period (from 0) what is waived because its condition is kept."""
    kept: dict[int, dict[str, int]] = {}
    for promise in terms.promises:
        at = _kept_at(promise, payments, length)
        row = kept.setdefault(at, {})
        for c in COMPONENTS:
            amount = int(getattr(promise.amounts, c)[0])
            if amount:
                row[c] = row.get(c, 0) + amount
    return kept


def _kept_at(promise: Promise, payments: Sequence[int], length: int) -> int:
    """Find the period of the K-th payment; the last one for completion or a K beyond the plan."""
    if not promise.after:
        return length - 1
    paid = [t for t in range(length) if payments[t]]
    return paid[promise.after - 1] if promise.after <= len(paid) else length - 1


def stages_of(plans: Sequence[Evaluated]) -> list[list[Evaluated]]:
    """Give each plan after none of its steps, after the first, and so on to all but the last."""
    parts = [
        [Prepared(p.debt, p.steps[:k], p.stages[: k + 1], p.paid_on) for k in range(len(p.steps))]
        for p in plans
    ]
    rolled = iter(evaluate_facts([part for plan in parts for part in plan]))
    return [[next(rolled) for _ in plan] for plan in parts]


def stage(found: Evaluated, k: int) -> Evaluated:
    """Give the plan after its first k steps."""
    return found if k == len(found.steps) else stages_of([found])[0][k]
