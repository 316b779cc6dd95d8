"""The kernel's terms of an oracle's debt, and the figures that both must agree on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from oracle import Loan, Phase, Row, RowZero
from oracle_dates import Segment
from oracle_money import ORDER
from replan.engine.curves import ALWAYS, Curve, RateColumn
from replan.engine.curves import Segment as RateSegment
from replan.engine.dates import Frequency
from replan.engine.phases import WEIGHT, Asks, Phases, Unpaid, phase
from replan.engine.resolve import Resolved, resolve
from replan.engine.schedule import Schedule
from replan.engine.terms import (
    COMPONENTS,
    Calendar,
    CatchUp,
    Minimum,
    Overdue,
    Parts,
    Quote,
    Rounding,
    Terms,
)

FIGURES = ("accrued", "fees_accrued", "penalty_accrued", "capitalised", "forgone", "payment",
           "interest", "penalty", "fees")  # fmt: skip


def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give a column of whole numbers."""
    return np.array(values, dtype=np.int64)


def curve_of(rates: Sequence[Segment]) -> Curve:
    """Translate rates: one from day D works from the midnight before."""
    return tuple(
        RateSegment(
            column(ALWAYS if day is None else day.toordinal() - 1),
            RateColumn.of(rate, daily=per == "day"),
        )
        for day, rate, per in rates
    )


def calendar_of(loan: Loan, seed_day: int) -> Calendar:
    """Translate due dates."""
    unit = {"months": ("month", 1), "weeks": ("day", 7), "days": ("day", 1)}[loan.unit]
    frequency = Frequency(unit[0], unit[1] * loan.every)  # type: ignore[arg-type]
    due = column(*(day.toordinal() for day in loan.due))[:, None]
    start = column((loan.last_accrual or loan.as_of).toordinal())
    return Calendar(start, due, frequency, column(seed_day), loan.moved)


def phases_of(phases: Sequence[Phase]) -> Phases:
    """Translate phases; weights cut a phase into runs."""
    found = []
    for p in phases:
        asks = "interest" if (p.asks, p.unpaid) == ("nothing", "pay") else p.asks
        treatment = None if p.unpaid == "pay" else p.unpaid
        code = Unpaid.HOLD if treatment is None else Unpaid[treatment.upper()]
        weights = list(p.weights) or [1] * p.count
        at = 0
        while at < p.count:
            n = next((i for i in range(at, p.count) if weights[i] != weights[at]), p.count) - at
            found.append(
                phase(
                    Asks[asks.upper()], n, amount=p.amount or 0, unpaid=code,
                    weight=int(weights[at] * WEIGHT), anew=at == 0 and not p.keep,
                )
            )  # fmt: skip
            at += n
    return tuple(found)


def parts_of(amounts: dict[str, int]) -> Parts:
    """Translate amounts by component."""
    return Parts(*(column(amounts.get(name, 0)) for name in COMPONENTS))


def terms_of(
    loan: Loan, phases: Sequence[Phase], zero: RowZero | None = None, *, seed_day: int = 1
) -> Terms:
    """Translate a debt, what happens in row 0 and the phases."""
    zero = zero or RowZero()
    opening = {name: getattr(loan, name) for name in ORDER}
    owed = {name: opening[name] - zero.waived.get(name, 0) for name in ORDER}
    owed = {name: owed[name] - zero.capitalised.get(name, 0) for name in ORDER}
    owed["principal"] += sum(zero.capitalised.values()) - zero.forborne
    curve = curve_of(loan.rates)
    quote = None
    if loan.quoted is not None:
        quote = Quote(calendar_of(loan.quoted, seed_day), curve_of(loan.quoted.rates))
    rounding = Rounding(
        loan.interest_mode,  # type: ignore[arg-type]
        loan.instalment_mode,  # type: ignore[arg-type]
        loan.instalment_unit,
        loan.settle,  # type: ignore[arg-type]
        loan.basis,  # type: ignore[arg-type]
    )
    share, floor = loan.minimum
    return Terms(
        as_of=loan.as_of.toordinal(), calendar=calendar_of(loan, seed_day), curve=curve,
        base=curve if loan.usual is None else curve_of(loan.usual), day_count=loan.day_count,
        owed=parts_of(owed), opening=parts_of(opening), phases=phases_of(phases),
        demanded=parts_of(dict(zero.demanded)), down=column(zero.paid),
        forborne=column(zero.forborne + loan.forborne), balloon=column(loan.balloon), quote=quote,
        rounding=rounding, fee=loan.fee, fee_parts=loan.fee_parts,
        order=tuple(loan.order),  # type: ignore[arg-type]
        minimum=Minimum(share, loan.minimum_of, loan.minimum_plus_interest, floor),  # type: ignore[arg-type]
        catch_up=CatchUp(column(loan.overdue), loan.catch_up) if loan.catch_up else None,
        prepay=tuple(loan.prepay.items()), inside=loan.inside, closes=not loan.leaves_residual,
    )  # fmt: skip


def resolved(terms: Terms, loan: Loan) -> Resolved:
    """Resolve terms, with the charges that the oracle is given by period."""
    r = resolve(terms)
    if not loan.charges:
        return r
    charges = column(*(loan.charges.get(t, 0) for t in range(1, len(loan.due) + 1)))
    return replace(r, charges=charges[:, None])


def baseline_terms(loan: Loan, contract: Sequence[Row]) -> Terms:
    """Give the terms of paying nothing while a contract asks for its rows."""
    rates = [(None, *loan.penalty_rate)] if loan.penalty_rate else loan.rates
    asked = contract[1:]
    overdue = Overdue(
        column(loan.overdue),
        column(*(row["principal"] for row in asked))[:, None],
        np.array([[row["payment"] > 0] for row in asked]),
        curve_of(rates),
        loan.penalty_compounds,
        loan.late_fee,
    )
    nothing = [Phase(asks="nothing", count=len(asked))]
    seed_day = max(day.day for day in loan.due)
    terms = terms_of(replace(loan, leaves_residual=True), nothing, seed_day=seed_day)
    return replace(terms, overdue=overdue)


def expected_figures(rows: Sequence[Row]) -> dict[str, list[int]]:
    """List what the oracle found, as the kernel names it."""
    kept = rows[1:]
    return {
        "accrued": [row["accrued"].get("interest", 0) for row in kept],
        "fees_accrued": [row["accrued"].get("fees", 0) for row in kept],
        "penalty_accrued": [row["accrued"].get("penalty", 0) for row in kept],
        "capitalised": [sum(row["capitalised"].values()) for row in kept],
        "forgone": [row["forgone"] for row in kept],
        "payment": [row["payment"] for row in kept],
        "interest": [row["interest"] for row in kept],
        "penalty": [row["penalty"] for row in kept],
        "fees": [row["fees"] for row in kept],
    }


def found_figures(schedule: Schedule, row: int = 0) -> dict[str, list[int]]:
    """List what the kernel found for one row."""
    return {name: [int(x) for x in schedule.column(name, row)] for name in FIGURES}
