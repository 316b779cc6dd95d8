"""Level instalments against the exact annuity."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import replan
from oracle_drawn import AS_OF
from oracle_money import annuity
from replan.engine.curves import RateColumn, flat_curve
from replan.engine.dates import Frequency, due_grid
from replan.engine.join import take_rows
from replan.engine.kernel import roll
from replan.engine.money import ROUNDING_MODES, RoundingMode, round_fraction
from replan.engine.phases import WEIGHT, Asks, phase
from replan.engine.resolve import resolve
from replan.engine.terms import Calendar, Parts, Rounding, Terms

MONTH = Frequency("month", 1)


def levels(principal: list[int], rate: list[int], n: list[int], rounding: Rounding) -> list[int]:
    """Compute instalments of loans at so many per 10,000 a year, each over n months."""
    start, seed = np.array([AS_OF.toordinal()]), np.array([AS_OF.day])
    due = due_grid(start, max(n) + 1, MONTH, seed_day=seed).T[1:]
    zero = np.zeros(len(n), dtype=np.int64)
    owed = Parts(np.array(principal), zero, zero, zero)
    curve = flat_curve(RateColumn(np.array(rate), 10_000))
    terms = Terms(
        as_of=AS_OF.toordinal(), calendar=Calendar(start, due, MONTH, seed), curve=curve,
        base=curve, day_count="30/360", owed=owed, opening=owed, rounding=rounding,
        phases=(phase(Asks.LEVEL, np.array(n)),),
    )  # fmt: skip
    return [int(x) for x in roll(resolve(terms), rows=False).totals.level]


@pytest.mark.parametrize("mode", ROUNDING_MODES)
@pytest.mark.parametrize("unit", [1, 100])
def test_level_instalments_are_exact(mode: RoundingMode, unit: int) -> None:
    """6,000 draws, rates of nil and plain ties among them, against whole-number fractions."""
    draw = np.random.default_rng(unit)
    principal = [int(x) for x in draw.integers(2_000_000, 90_000_000, 6_000)]
    rate = [int(x) * 25 for x in draw.integers(0, 100, 6_000)]
    n = [int(x) for x in draw.integers(1, 25, 6_000)]
    expected = []
    for p, r, k in zip(principal, rate, n, strict=True):
        exact = annuity(p, [Fraction(r, 120_000)] * k)
        expected.append(round_fraction(exact / unit, mode) * unit)
    assert expected == levels(principal, rate, n, Rounding("half-up", mode, unit))


def test_tiny_amounts_leave_something_for_the_last() -> None:
    """1.67 a period would be rounded to 2 and end early; 0.42 rounded down asks for nothing."""
    assert [1, 0] == levels([100, 5], [0, 0], [60, 12], Rounding())


def test_the_unit_gives_way() -> None:
    """1.00 in two instalments of whole units: the minor unit is used (Apache Fineract)."""
    assert [50] == levels([100], [0], [2], Rounding(unit=100))


@pytest.mark.parametrize("owed", [1005, 999, 1000, 1011])
@pytest.mark.parametrize("mode", ["half-up", "half-even", "up", "down"])
def test_without_interest_a_tie_is_rounded_as_the_mode_says(owed: int, mode: RoundingMode) -> None:
    """1,005 / 6 is 167.5: two cents of it are interest that is spread, and nothing accrues."""
    principal = Decimal(owed - 2).scaleb(-2)
    loan = {"id": "a", "principal": str(principal), "interest": "0.02", "rate": "0%"}
    facts = {"as_of": "2026-01-01", "currency": "EUR", "rounding": {"instalment": mode}}
    rows = replan.schedule(replan.load_case(facts | {"debts": [loan]}), "split 6")

    assert max(round_fraction(Fraction(owed, 6), mode), 0) == rows[1].payment


def test_rising_instalments_are_exact_whatever_stands_beside() -> None:
    """One plan goes on where another ends, and what is known of one serves the other, exactly.

    Six instalments of weight 1, the rest of weight 1.5.
    """
    draw, count = np.random.default_rng(7), 60
    n, rate = draw.integers(7, 49, count), draw.choice([600, 1825, 2400], count)
    principal = draw.integers(2_000_00, 900_000_00, count)
    start, seed = np.array([AS_OF.toordinal()]), np.array([AS_OF.day])
    zero = np.zeros(count, dtype=np.int64)
    owed, curve = Parts(principal, zero, zero, zero), flat_curve(RateColumn(rate, 10_000))
    terms = Terms(
        as_of=AS_OF.toordinal(), curve=curve, base=curve, day_count="actual/365", owed=owed,
        calendar=Calendar(start, due_grid(start, 60, MONTH, seed_day=seed).T[1:], MONTH, seed),
        opening=owed, phases=(
            phase(Asks.LEVEL, 6),
            replace(phase(Asks.LEVEL, n - 6), weight=3 * WEIGHT // 2, anew=False),
        ),
    )  # fmt: skip
    together = roll(resolve(terms)).matrices
    apart = [roll(resolve(take_rows(terms, slice(i, i + 1)))).matrices for i in range(count)]

    for row, alone in enumerate(apart):
        assert together is not None
        assert alone is not None
        paid = alone["payment"][:, 0]
        assert paid.tolist() == together["payment"][: paid.size, row].tolist()
