"""Bounds of level plans hold for every plan that the kernel rolls."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from replan.engine.bounds import (
    AtBest,
    Discounts,
    LevelBounds,
    LevelPlans,
    at_best,
    groundwork,
    level_bounds,
)
from replan.engine.curves import RateColumn, flat_curve
from replan.engine.dates import Frequency, due_grid
from replan.engine.kernel import roll
from replan.engine.phases import Asks, Unpaid, phase
from replan.engine.resolve import Resolved, resolve
from replan.engine.schedule import Totals
from replan.engine.terms import Calendar, Parts, Rounding, Terms

ROWS = 60
MODES = ("half-up", "half-even", "up", "down")


def drawn(seed: int, day_count: str, rounding: Rounding) -> Terms:
    """Draw debts with a stub before the first instalment, some without interest or charges."""
    random = np.random.default_rng(seed)
    principal = random.integers(1, 10 ** random.integers(2, 10), ROWS)
    charges = random.integers(0, principal // 3 + 1) * random.integers(0, 2, ROWS)
    rate = flat_curve(RateColumn(random.integers(0, 8_000, ROWS) * random.integers(0, 2), 10_000))
    start, monthly = np.array([739_940]), Frequency("month", 1)
    due = due_grid(start + 19, 2, monthly).T
    owed = Parts(principal, charges // 3, charges - charges // 3, 0 * principal)
    return Terms(
        as_of=739_940, calendar=Calendar(start, due, monthly, np.array([10])), curve=rate,
        base=rate, day_count=day_count, owed=owed, opening=owed, phases=(), rounding=rounding,
    )  # fmt: skip


def asked(terms: Terms, lead: int, count: int) -> Resolved:
    """Ask for nothing, then for level instalments."""
    silent = phase(Asks.NOTHING, lead, unpaid=Unpaid.SPREAD, anew=False)
    return resolve(terms.asking((silent, phase(Asks.LEVEL, count))))


def bounded(terms: Terms, lead: int, count: int) -> tuple[LevelBounds, Totals]:
    """Bound a plan, and roll it."""
    resolved = asked(terms, lead, count)
    plans = LevelPlans(
        terms.owed.principal,
        resolved.factors,
        Discounts.of(resolved.factors, lead + count),
        np.array([lead]),
        np.array([count]),
        terms.rounding,
    )
    found = level_bounds(groundwork(plans), terms.owed.total - terms.owed.principal)
    return found, roll(resolved, rows=False).totals


@given(
    st.integers(0, 10**6),
    st.sampled_from(["30/360", "actual/365"]),
    st.tuples(st.sampled_from(MODES), st.sampled_from(MODES)),
    st.integers(0, 12),
    st.integers(1, 72),
)
@settings(max_examples=60, deadline=None)
def test_the_last_instalment_is_within_its_bounds(
    seed: int, day_count: str, modes: tuple[str, str], lead: int, count: int
) -> None:
    """Where bounds are sure, the level instalment is exact and the last one lies between them."""
    rounding = Rounding(*modes)  # type: ignore[arg-type]
    found, totals = bounded(drawn(seed, day_count, rounding), lead, count)
    sure = found.sure[0]
    level, last = found.level[0], totals.last

    assert np.array_equal(level[sure], totals.first_payment[sure])
    assert np.array_equal((level * (count - 1) + last)[sure], totals.paid[sure])
    assert (found.least[0] <= last)[sure].all()
    assert (last <= found.most[0])[sure].all()


@pytest.mark.parametrize(("lead", "count"), [(0, 12), (3, 60)])
def test_ordinary_debts_are_sure(lead: int, count: int) -> None:
    """What people owe is bounded; only debts of some cents, or without an end, are not."""
    terms = drawn(0, "30/360", Rounding())
    owed = replace(terms.owed, principal=terms.owed.principal + 100_000)
    rate = flat_curve(RateColumn.of(Fraction(18, 100)))
    found, _ = bounded(replace(terms, owed=owed, opening=owed, curve=rate), lead, count)

    assert found.sure.all()


def test_bounds_are_narrow() -> None:
    """Half a unit a period, grown to the end: thirty-six instalments leave less than a unit."""
    terms = drawn(1, "30/360", Rounding())
    free = replace(terms, curve=flat_curve(RateColumn.of(Fraction(0))))
    found, _ = bounded(free, 0, 36)

    assert found.most - found.least == pytest.approx(37, abs=1e-3)


LONGEST = 60


def valued(terms: Terms, rates: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Discount at so many times the rate, and add up: (periods + 1, rows)."""
    curve = flat_curve(RateColumn(terms.curve[0].rate.num * rates, terms.curve[0].rate.den))
    resolved = asked(replace(terms, curve=curve), 12, LONGEST - 12)
    table = Discounts.of(resolved.factors, LONGEST)
    return table.value, table.annuity


def best_of(terms: Terms, lead: int, most: int, table: Any) -> AtBest:
    """Bound the plans of 12 to so many instalments with a third to all of the charges."""
    counts = np.array([12, most])
    charges = terms.owed.total - terms.owed.principal
    factors = asked(terms, lead, most).factors
    discounts = Discounts.of(factors, lead + most)
    plans = LevelPlans(
        terms.owed.principal, factors, discounts, np.array([lead, lead]), counts, terms.rounding
    )
    value, annuity = table
    body = annuity[lead + counts - 1] - annuity[lead]
    return at_best(groundwork(plans), (charges // 3, charges), (body, value[lead + counts]))


@given(
    st.integers(0, 10**6),
    st.sampled_from(["30/360", "actual/365"]),
    st.tuples(st.sampled_from(MODES), st.sampled_from(MODES)),
    st.integers(0, 6),
    st.tuples(st.integers(12, 54), st.integers(1, 3), st.integers(1, 2)),
)
@settings(max_examples=60, deadline=None)
def test_no_plan_is_better_than_the_best(
    seed: int,
    day_count: str,
    modes: tuple[str, str],
    lead: int,
    shape: tuple[int, int, int],
) -> None:
    """No plan between the shortest and the longest asks for less, or is worth more, than they."""
    count, thirds, rates = shape
    terms = drawn(seed, day_count, Rounding(*modes))  # type: ignore[arg-type]
    table = valued(terms, rates)
    best = best_of(terms, lead, 54, table)
    charges = (terms.owed.total - terms.owed.principal) // 3 * thirds
    owed = replace(terms.owed, interest=charges, penalty=0 * charges, fees=0 * charges)
    totals = roll(asked(replace(terms, owed=owed, opening=owed), lead, count), rows=False).totals
    level, last = totals.first_payment, totals.last
    value, annuity = table
    worth = level * (annuity[lead + count - 1] - annuity[lead]) + last * value[lead + count]
    left = charges - (terms.owed.total - terms.owed.principal)
    unit = (annuity[lead + 12] - annuity[lead]) / 12

    assert (level >= best.level[1])[best.sure].all()
    assert (worth <= best.worth[0] + best.off + unit * left + 1e-6)[best.sure].all()
