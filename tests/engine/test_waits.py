"""Plans whose first instalment does not cover its interest are within their bounds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replan.engine.bounds import Discounts, LevelPlans, groundwork, level_bounds
from replan.engine.curves import RateColumn, flat_curve
from replan.engine.dates import Frequency
from replan.engine.kernel import roll
from replan.engine.phases import Asks, Unpaid, phase
from replan.engine.resolve import resolve
from replan.engine.schedule import Totals
from replan.engine.terms import DEFAULT_ORDER, Calendar, Order, Parts, Rounding, Terms
from replan.engine.waits import Waiting, waiting_bounds

ROWS = 80
TODAY = 739_940
LATE_FIRST: Order = ("principal", "fees", "interest", "penalty")
PENALTY_FIRST: Order = ("penalty", "fees", "interest", "principal")
MODES = ("half-up", "half-even", "up", "down")


def drawn(seed: int, every: int, order: Order, rounding: Rounding) -> Terms:
    """Draw debts with much interest in the first period, some of them with charges."""
    random = np.random.default_rng(seed)
    principal = random.integers(1, 10 ** random.integers(4, 9), ROWS)
    charges = random.integers(0, principal // 5 + 1) * random.integers(0, 2)
    parts = (charges // random.integers(1, 4), charges // 3, charges // random.integers(2, 9))
    rate = flat_curve(RateColumn(random.integers(200, 6_000, ROWS), 10_000))
    start = TODAY - random.integers(0, 160, ROWS)
    first = TODAY + 1 + random.integers(0, 60, ROWS)
    calendar = Calendar(start, first[None, :], Frequency("day", every), np.ones(ROWS, np.int64))
    owed = Parts(principal, *parts)
    return Terms(
        as_of=TODAY, calendar=calendar, curve=rate, base=rate, day_count="actual/365", owed=owed,
        opening=owed, phases=(), rounding=rounding, order=order,
    )  # fmt: skip


def bounded(terms: Terms, lead: int, count: int) -> tuple[Waiting | None, Totals, LevelPlans]:
    """Bound plans of which `level_bounds` says nothing, and roll all."""
    silent = phase(Asks.NOTHING, lead, unpaid=Unpaid.SPREAD, anew=False)
    resolved = resolve(terms.asking((silent, phase(Asks.LEVEL, count))))
    discounts = Discounts.of(resolved.factors, lead + count)
    plans = LevelPlans(
        terms.owed.principal, resolved.factors, discounts, np.array([lead]), np.array([count]),
        terms.rounding,
    )  # fmt: skip
    ground, charges = groundwork(plans), terms.owed.total - terms.owed.principal
    found = waiting_bounds(ground, charges, level_bounds(ground, charges))
    return found, roll(resolved, rows=False).totals, plans


def within(ends: Any, value: Any) -> bool:
    """Tell whether values are between their bounds."""
    return bool((ends[0] <= value).all() and (value <= ends[1]).all())


@given(
    st.integers(0, 10**6),
    st.sampled_from([7, 14, 30]),
    st.sampled_from([DEFAULT_ORDER, LATE_FIRST, PENALTY_FIRST]),
    st.tuples(st.sampled_from(MODES), st.sampled_from(MODES), st.sampled_from([1, 100])),
    st.sampled_from([0, 0, 0, 1, 3]),
    st.integers(1, 72),
)
@settings(max_examples=60, deadline=None)
def test_what_waits_is_within_its_bounds(  # noqa: PLR0917 - each is drawn
    seed: int, every: int, order: Order, rounding: Any, lead: int, count: int
) -> None:
    """Level, last instalment and value lie between their bounds, whatever is paid first."""
    waits, totals, plans = bounded(drawn(seed, every, order, Rounding(*rounding)), lead, count)
    if waits is None:
        return
    row, table = waits.at[1], plans.discounts
    level, last = totals.first_payment[row], totals.last[row]
    body = table.annuity[lead + count - 1, row] - table.annuity[lead, row]
    end = table.value[lead + count, row]

    assert (level * (count - 1) + last == totals.paid[row]).all()
    assert within(waits.level, level)
    assert within(waits.last, last)
    assert within(waits.worth(body, end), level * body + last * end)


@pytest.mark.parametrize(("every", "count"), [(7, 60), (30, 60)])
def test_most_of_what_waits_is_bounded(every: int, count: int) -> None:
    """A first period of up to seven months leaves few plans that must be rolled."""
    terms = drawn(5, every, DEFAULT_ORDER, Rounding())
    owed = replace(terms.owed, principal=terms.owed.principal + 500_000)
    usual = flat_curve(RateColumn.of(Fraction(24, 100)))
    debts = replace(terms, owed=owed, opening=owed, curve=usual, base=usual)
    found, totals, plans = bounded(debts, 0, count)
    covered = level_bounds(groundwork(plans), owed.total - owed.principal).sure

    assert found is not None
    assert found.at[1].size + covered.sum() >= 0.8 * ROWS
    assert (found.level[1] - found.level[0] < 0.05 * totals.level[found.at[1]]).all()


def test_without_charges_bounds_are_narrow() -> None:
    """Interest that waits a few weeks moves an instalment by little."""
    terms = drawn(8, 30, DEFAULT_ORDER, Rounding())
    none = 0 * terms.owed.interest
    owed = replace(terms.owed, interest=none, penalty=none, fees=none)
    found, totals, _ = bounded(replace(terms, owed=owed, opening=owed), 0, 24)

    assert found is not None
    assert np.median((found.level[1] - found.level[0]) / totals.level[found.at[1]]) < 0.003
