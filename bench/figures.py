"""What the benchmark is run on."""

from __future__ import annotations

import os
import platform
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import Offer
from replan.decide.plans import Bench
from replan.engine.curves import RateColumn, curve_with, flat_curve
from replan.engine.dates import Frequency, due_grid
from replan.engine.phases import Asks, Unpaid, phase
from replan.engine.terms import Calendar, Charge, Parts, Terms
from replan.model.case import Case
from replan.strategies.notation import parse_steps

Column = NDArray[np.int64]
START = date(2026, 1, 31)
MONTH = Frequency("month", 1)
RATE = Fraction(18, 100)


def processor() -> str:
    """Name the machine."""
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.exists() else []
    model = next((x.split(":")[1].strip() for x in names if x.startswith("model name")), "")
    return f"{model or platform.machine()}, {os.cpu_count()} cores"


def principals(rows: int) -> Column:
    """Draw principals from 1,000.00 to 50,000.00."""
    return np.random.default_rng(1).integers(100_000, 5_000_000, rows)


def level_loans(rows: int, *, periods: int = 36, day_count: str = "30/360") -> Terms:
    """Give loans of principal only at 18 %, in monthly level instalments."""
    start = np.array([START.toordinal()])
    due = due_grid(start, periods + 1, MONTH, seed_day=np.array([31])).T[1:]
    calendar = Calendar(start, due, MONTH, np.array([31]))
    curve = flat_curve(RateColumn.of(RATE))
    owed = replace(Parts.zero(rows), principal=principals(rows))
    return Terms(
        as_of=START.toordinal(), calendar=calendar, curve=curve, base=curve, day_count=day_count,
        owed=owed, opening=owed, phases=(phase(Asks.LEVEL, periods),),
    )  # fmt: skip


def everything_live(rows: int) -> Terms:
    """Give loans with every component, deferral, token payments, a rate step, fees and charges."""
    terms = level_loans(rows, periods=37, day_count="actual/365")
    third = principals(rows) // 30
    owed = Parts(principals(rows), third, third // 2, third // 4)
    later = terms.calendar.due[11]
    draw = np.random.default_rng(2).integers(0, 4, rows)
    phases = (
        phase(Asks.NOTHING, draw, unpaid=Unpaid.SPREAD),
        phase(Asks.FIXED, 3, amount=5_000, unpaid=Unpaid.FIRST),
        phase(Asks.LEVEL, 15),
        phase(Asks.INTEREST, 3),
        phase(Asks.LEVEL, 13 - draw, anew=True),
    )
    return replace(
        terms, owed=owed, opening=owed, phases=phases, fee=250, fee_parts=24,
        curve=curve_with(terms.curve, Fraction(1, 2), later, None),
        charges=(Charge(100, Frequency("month", 3)),), forborne=third, balloon=third,
    )  # fmt: skip


def plan_space() -> Terms:
    """Give deferral 0-12 x instalments 1-60 x waiver of interest x rate cut: 180,180 plans."""
    axes = (np.arange(13), np.arange(1, 61), np.arange(21), np.arange(11))
    deferred, count, waiver, cut = (a.ravel() for a in np.meshgrid(*axes, indexing="ij"))
    terms = level_loans(deferred.size, periods=72)
    principal = np.full(deferred.size, 1_234_567)
    interest = 98_765 * (20 - waiver) // 20
    owed = replace(Parts.zero(deferred.size), principal=principal, interest=interest)
    opening = replace(owed, interest=np.full(deferred.size, 98_765))
    curve = flat_curve(RateColumn(18 * (10 - cut), 1_000))
    phases = (phase(Asks.NOTHING, deferred, unpaid=Unpaid.SPREAD), phase(Asks.LEVEL, count))
    return replace(
        terms, owed=owed, opening=opening, waived=opening - owed, curve=curve, base=curve,
        phases=phases,
    )  # fmt: skip


def menu() -> tuple[Bench, list[Offer]]:
    """Give the same plans as a menu of steps for the debt of a case."""
    debt = {"id": "a", "principal": "12345.67", "interest": "987.65", "rate": "18%"}
    case = Case.model_validate(
        {"as_of": START.isoformat(), "currency": "CNY", "surplus": "500.00", "debts": [debt]}
    )
    texts = (
        ["", *(f"waive interest={p}%" for p in range(5, 101, 5))],
        ["", *(f"rate cut={p}%" for p in range(10, 101, 10))],
        ["", *(f"defer {n}" for n in range(1, 13))],
        [f"split {n}" for n in range(1, 61)],
    )
    offer = tuple(tuple(parse_steps(t, "+")[0] if t else None for t in step) for step in texts)
    return Bench(case), [offer]


def level_flows(columns: int) -> tuple[NDArray[np.float64], ...]:
    """Draw outlay, payment, last payment, number of instalments and deferral."""
    draw = np.random.default_rng(3)
    outlay = principals(columns).astype(np.float64)
    payment = np.round(outlay / 36 * draw.uniform(1.0, 1.6, columns))
    last = np.round(payment * draw.uniform(0.8, 1.2, columns))
    return outlay, payment, last, np.full(columns, 36.0), np.zeros(columns)


def flows(columns: int) -> NDArray[np.float64]:
    """Lay the same plans out as columns of 37 flows."""
    outlay, payment, last, _, _ = level_flows(columns)
    return np.vstack([-outlay, *[payment] * 35, last])
