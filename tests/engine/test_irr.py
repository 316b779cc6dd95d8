"""Rates over columns against 40-digit bisection, against single plans, and under scaling."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from replan.engine.irr import (
    discount_factors,
    irr_columns,
    irr_level,
    npv_columns,
    yield_columns,
    yields_apart,
)

AMOUNTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=60).filter(any)
OUTLAYS = st.integers(100, 10**8)


def value_at(factor: Decimal, flows: list[int]) -> Decimal:
    """Value the flows after the first one, by Horner's scheme."""
    total = Decimal(0)
    for flow in reversed(flows[1:]):
        total = (total + flow) * factor
    return total


def exact_irr(flows: list[int]) -> float:
    """Bisect the discount factor with 60 digits: an oracle that shares nothing with the code."""
    with localcontext(prec=60):
        low, high = Decimal(0), Decimal(1)
        while value_at(high, flows) < -flows[0]:
            high *= 2
        for _ in range(190):
            middle = (low + high) / 2
            if value_at(middle, flows) < -flows[0]:
                low = middle
            else:
                high = middle
        return float(1 / high - 1)


@settings(max_examples=150, deadline=None)
@given(outlay=OUTLAYS, payments=AMOUNTS)
def test_irr_is_exact(outlay: int, payments: list[int]) -> None:
    """Any payments, gains and heavy losses: within 1e-12 of the true rate, relative above 1."""
    flows = [-outlay, *payments]
    expected = exact_irr(flows)

    got = float(irr_columns(np.array(flows)[:, None])[0])

    assert abs(expected - got) <= 1e-12 * max(1.0, abs(expected))


@settings(max_examples=25, deadline=None)
@given(outlay=st.integers(100, 20_000), days=st.sets(st.integers(60, 3000), min_size=1, max_size=8))
def test_yield_is_exact(outlay: int, days: set[int]) -> None:
    """Equal payments on any days: within 1e-12 of the yearly rate, relative above 1."""
    years = [Decimal(day) / 365 for day in sorted(days)]
    flows = [-outlay, *[1000] * len(years)]
    got = float(yield_columns(np.array(flows), np.array([0.0, *map(float, years)]))[0])

    with localcontext(prec=40):
        rate = Decimal(got)
        width = Decimal("1e-12") * max(Decimal(1), rate)
        low, high = (sum(1000 * (1 + r) ** -t for t in years) for r in (rate - width, rate + width))
    assert high <= outlay <= low


@settings(max_examples=100, deadline=None)
@given(
    outlay=OUTLAYS,
    payment=st.integers(0, 10**6),
    last=st.integers(1, 10**6),
    periods=st.integers(1, 60),
    deferral=st.integers(0, 12),
)
def test_level_is_the_same(
    outlay: int, payment: int, last: int, periods: int, deferral: int
) -> None:
    """The closed form gives the rate of the flows written out."""
    flows = [-outlay, *[0] * deferral, *[payment] * (periods - 1), last]
    expected = exact_irr(flows)

    got = float(irr_level(outlay, payment, last, periods, deferral))

    assert abs(expected - got) <= 1e-12 * max(1.0, abs(expected))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(-1000, 1000), min_size=9, max_size=9), min_size=1))
def test_columns_are_singles(plans: list[list[int]]) -> None:
    """A batch gives each plan, of any signs, the rate that it has alone."""
    table = np.array(plans, dtype=np.float64).T
    expected = [irr_columns(column)[0] for column in table.T]

    assert np.allclose(expected, irr_columns(table), rtol=1e-11, atol=1e-12, equal_nan=True)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(-1000, 1000), min_size=2, max_size=12),
    st.sampled_from([-1.0, 0.01, -100.0, 1e9]),
)
def test_scale_and_side(flows: list[int], scale: float) -> None:
    """The rate depends neither on the currency's unit nor on whose side is looked at."""
    expected = irr_columns(np.array(flows, dtype=np.float64))
    got = irr_columns(np.array(flows) * scale)

    assert np.allclose(expected, got, rtol=1e-9, atol=1e-9, equal_nan=True)


@settings(max_examples=50, deadline=None)
@example([1, 487_012], [1])
@given(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=5),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=30),
)
def test_several_outlays(outlays: list[int], payments: list[int]) -> None:
    """Money lent in parts, then repaid: one root, where the present value is zero."""
    flows = np.array([-each for each in outlays] + payments, dtype=np.float64)
    rate = float(irr_columns(flows)[0])
    factors = discount_factors(rate, np.arange(len(flows)))

    scale = npv_columns(np.abs(flows), factors)
    # next to −100 % a float is coarse beside what is left of 1 + rate
    slack = 1e-11 + len(flows) * 1e-15 / (1 + rate)
    assert abs(npv_columns(flows, factors)[0]) <= slack * scale[0]


@pytest.mark.parametrize("flows", [[0.0], [5.0], [1.0, 2.0], [-1.0, -2.0], [0.0, 0.0], [-1.0, 0.0]])
def test_no_solution(flows: list[float]) -> None:
    """Flows of one sign have no rate: NaN, not a number that looks like one."""
    assert np.isnan(irr_columns(np.array(flows))).all()


def test_no_real_root() -> None:
    """Two changes of sign may have no root at all: 100 - 200 v + 150 v^2 is never zero."""
    assert np.isnan(irr_columns(np.array([100.0, -200.0, 150.0]))[0])


def test_not_finite() -> None:
    """An infinite or missing flow has no rate and does not disturb its neighbours."""
    table = np.array([[-100.0, -100.0, -100.0], [np.inf, np.nan, 110.0]])
    got = irr_columns(table)

    assert np.isnan(got[:2]).all()
    assert got[2] == pytest.approx(0.1, abs=1e-15)


def test_level_without_payment() -> None:
    """Nothing lent, nothing paid or no period: NaN."""
    got = irr_level([0, 100, 100], [10, 0, 10], [10, 0, 10], [12, 12, 0], 0)

    assert np.isnan(got).all()


def test_long_terms() -> None:
    """Powers that overflow are solved in logarithms: 1000 paid back with 1 after 3,000 periods."""
    flows = np.zeros(3001)
    flows[0], flows[1], flows[-1] = -1e6, 1e-3, 1e-3

    rate = float(irr_columns(flows)[0])
    assert -1.0 < rate < 0.0
    assert abs(np.sum(flows * np.exp(-np.log1p(rate) * np.arange(3001)))) <= 1e-6


def test_even_times_are_periods() -> None:
    """A yield over months in years is the compounded monthly rate, also after an odd start."""
    flows = np.array([-1000.0, *[100.0] * 12])
    monthly = irr_columns(flows)
    yearly = yield_columns(flows, np.arange(13) / 12)
    odd = yield_columns(flows, np.array([0.0, *(0.5 + np.arange(12) / 12)]))
    swapped = yield_columns(flows[::-1], np.array([0.0, *(0.5 + np.arange(12) / 12)])[::-1])

    assert np.allclose((1 + monthly) ** 12 - 1, yearly, rtol=1e-13)
    assert 0 < odd[0] < yearly[0]
    assert swapped[0] == odd[0]


def test_same_times_are_added() -> None:
    """Two flows at one time count as their sum: -100 and 20 at once are -80."""
    got = yield_columns(np.array([-100.0, 20.0, 88.0]), np.array([0.0, 0.0, 1.0]))

    assert got[0] == pytest.approx(0.1, abs=1e-15)


def test_several_roots_follow_the_guess() -> None:
    """-100, 230, -132 is zero at 10 % and at 20 %."""
    flows = np.array([-100.0, 230.0, -132.0])

    assert irr_columns(flows, guess=0.05)[0] == pytest.approx(0.1, abs=1e-12)
    assert irr_columns(flows, guess=0.3)[0] == pytest.approx(0.2, abs=1e-12)


def test_npv_by_column() -> None:
    """Each column may have factors of its own."""
    flows = np.array([[100.0, 100.0], [110.0, 120.0]])
    factors = discount_factors(np.array([0.1, 0.2]), [0, 1])

    assert np.allclose([200.0, 200.0], npv_columns(flows, factors))


def test_columns_at_times_of_their_own_are_those_of_each() -> None:
    """Level loans, one that pays less back, and one without a solution."""
    random = np.random.default_rng(5)
    flows = np.vstack([np.full(40, 1000.0), -random.integers(1, 90, (24, 40)).astype(float)])
    flows[:, 0] = 0.0
    times = np.vstack([np.zeros(40), random.uniform(0.01, 0.2, (24, 40)).cumsum(axis=0)])
    alone = [yield_columns(flows[:, n], times[:, n])[0] for n in range(40)]

    np.testing.assert_allclose(yields_apart(flows, times), alone, rtol=0, atol=1e-12)
