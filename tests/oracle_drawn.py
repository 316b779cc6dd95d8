"""Random debts and plans for the kernel's properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from oracle import Loan, Phase, RowZero
from oracle_dates import Segment, due_dates
from replan.engine.money import ROUNDING_MODES

AS_OF = date(2024, 1, 10)
DAY_COUNTS = ["30/360", "actual/365", "actual/actual", "actual/360"]
ASKS = [
    "level", "level", "nothing", "interest", "linear", "fixed", "minimum", "principal", "missed",
]  # fmt: skip
KEEPING = {"level", "principal", "missed", "linear", "interest"}
TREATMENTS = [None, "spread", "first", "end", "capitalise", "waive"]
ORDERS = [
    ("fees", "interest", "penalty", "principal"),
    ("principal", "fees", "interest", "penalty"),
    ("interest", "fees", "principal", "penalty"),
]
RATES = st.one_of(
    st.just(Fraction(0)),
    st.fractions(Fraction(0), Fraction(1), max_denominator=10_000),
    st.sampled_from([Fraction(18, 100), Fraction(6, 100), Fraction(24, 100)]),
)


@st.composite
def phase_lists(draw: st.DrawFn) -> list[Phase]:
    """Draw one to four phases."""
    phases = []
    for _ in range(draw(st.integers(1, 4))):
        asks = draw(st.sampled_from(ASKS))
        count = draw(st.integers(1, 6))
        treatment = None
        if asks in {"nothing", "principal", "fixed", "missed"}:
            treatment = draw(st.sampled_from(TREATMENTS))
        amount = draw(st.integers(0, 30_000)) if asks == "fixed" else None
        if asks == "level" and draw(st.integers(0, 4)) == 0:
            amount = draw(st.integers(1, 30_000))
        weights: list[Fraction | int] = []
        if asks == "level" and amount is None and draw(st.integers(0, 4)) == 0:
            weights = draw(
                st.lists(
                    st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(5, 4), Fraction(0)]),
                    min_size=count, max_size=count,
                )
            )  # fmt: skip
            weights = weights if sum(weights) else [1] * count
        keep = draw(st.booleans()) and asks in KEEPING
        drawn = Phase(asks=asks, count=count, amount=amount, unpaid=treatment)
        phases.append(replace(drawn, keep=keep, weights=weights))
    if any(p.weights for p in phases):
        # no step gives weights to a plan that also states a level instalment
        stated = (replace(p, amount=None) if p.asks == "level" else p for p in phases)
        return list(stated)
    return phases


@st.composite
def calendars(draw: st.DrawFn, n: int) -> dict[str, Any]:
    """Draw due dates: weekly, every 15 days, monthly, with odd first periods and moved dates."""
    unit, every = draw(st.sampled_from([("months", 1), ("months", 1), ("weeks", 1), ("days", 15)]))
    first = AS_OF + timedelta(days=draw(st.sampled_from([1, 22, 31, 45, 80])))
    start = draw(st.sampled_from([None, AS_OF - timedelta(days=31), AS_OF - timedelta(days=9)]))
    due, moved = due_dates(first, n, unit, every), frozenset[int]()
    if unit == "months" and n > 1 and draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(2, n))
        later = due[at - 1] + timedelta(days=draw(st.sampled_from([9, 31, 61])))
        due, moved = (*due[: at - 1], *due_dates(later, n - at + 1, unit, every)), frozenset({at})
    return {"due": due, "unit": unit, "every": every, "moved": moved, "last_accrual": start}


@st.composite
def curves(draw: st.DrawFn, n: int = 3) -> list[Segment]:
    """Draw rates: one, or changes on some days, a year or a day."""
    rates: list[Segment] = [(None, draw(RATES), "year")]
    if draw(st.integers(0, 5)) == 0:
        rates = [(None, draw(RATES) / 1000, "day")]
    days = sorted(draw(st.sets(st.integers(-20, 250), max_size=draw(st.integers(0, n)))))
    return [*rates, *((AS_OF + timedelta(days=on), draw(RATES), "year") for on in days)]


AMOUNTS = st.one_of(
    st.just(0), st.integers(0, 100), st.integers(0, 200_000), st.integers(0, 5_000_000)
)


@st.composite
def settings_of(draw: st.DrawFn) -> dict[str, Any]:
    """Draw how a debt is rounded, allocated and charged."""
    return {
        "day_count": draw(st.sampled_from(DAY_COUNTS)),
        "interest_mode": draw(st.sampled_from(ROUNDING_MODES)),
        "instalment_mode": draw(st.sampled_from(ROUNDING_MODES)),
        "instalment_unit": draw(st.sampled_from([1, 1, 100])),
        "settle": draw(st.sampled_from(["last", "last", "balanced"])),
        "basis": draw(st.sampled_from(["actual", "actual", "nominal"])),
        "order": draw(st.sampled_from(ORDERS)),
        "leaves_residual": draw(st.integers(0, 4)) == 0,
        "inside": draw(st.integers(0, 5)) == 0,
    }


@st.composite
def debts(draw: st.DrawFn) -> tuple[Loan, list[Phase], RowZero]:
    """Draw a debt, its plan and row 0, with every feature now and then."""
    phases = draw(phase_lists())
    n = sum(p.count for p in phases)
    rates = draw(curves())
    principal = draw(AMOUNTS)
    charges = ("interest", "penalty", "fees")
    charged: dict[str, Any] = {name: draw(st.one_of(st.just(0), AMOUNTS)) for name in charges}
    loan = Loan(
        as_of=AS_OF, principal=principal, rates=rates, **charged,
        **draw(calendars(n)), **draw(settings_of()),
    )  # fmt: skip
    loan = replace(
        loan,
        minimum=(Fraction(draw(st.integers(0, 10)), 100), draw(st.integers(0, 5000))),
        minimum_of=draw(st.sampled_from(["balance", "principal"])),
        minimum_plus_interest=draw(st.booleans()),
    )
    if draw(st.integers(0, 3)) == 0:
        loan = replace(loan, fee=draw(st.integers(1, 900)), fee_parts=draw(st.integers(1, 8)))
    if draw(st.integers(0, 3)) == 0:
        loan = replace(loan, charges={t: draw(st.integers(0, 500)) for t in range(1, n + 1, 3)})
    if draw(st.integers(0, 3)) == 0:
        loan = replace(loan, balloon=draw(st.integers(0, max(principal, 1))))
    if draw(st.integers(0, 3)) == 0:
        loan = replace(loan, prepay={draw(st.integers(1, n)): draw(st.integers(1, 300_000))})
    if draw(st.integers(0, 3)) == 0:
        frozen = [*rates, (date(2024, 12, 1), Fraction(0), "year")]
        loan = replace(loan, quoted=loan, rates=frozen, usual=rates)
    return draw(with_row_zero(loan, phases))


@st.composite
def with_row_zero(
    draw: st.DrawFn, loan: Loan, phases: list[Phase]
) -> tuple[Loan, list[Phase], RowZero]:
    """Draw what happens in row 0."""
    if draw(st.integers(0, 2)):
        overdue = draw(st.integers(0, loan.principal))
        if overdue and draw(st.integers(0, 3)) == 0:
            loan = replace(loan, overdue=overdue, catch_up=draw(st.integers(1, 5)))
        return loan, phases, RowZero()
    interest = draw(st.integers(0, loan.interest))
    zero = RowZero(
        waived={"principal": draw(st.integers(0, loan.principal // 2)), "interest": interest // 2},
        capitalised={"interest": interest - interest // 2} if draw(st.booleans()) else {},
        demanded={
            "fees": draw(st.integers(0, loan.fees)), "principal": draw(st.sampled_from([0, 5])),
        },
        paid=draw(st.sampled_from([0, 0, 700, 10**7])),
        forborne=draw(st.integers(0, loan.principal // 2)),
    )  # fmt: skip
    return loan, phases, zero
