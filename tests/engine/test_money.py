"""Rounding a ratio is exact on every path; splits lose nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replan.engine.money import (
    EXACT_FLOAT,
    ROUNDING_MODES,
    RoundingMode,
    as_object,
    round_fraction,
    round_ratio,
    rounder,
    split_by_weight,
)

DRAWS = 70_000


def expected(x: int, num: int, den: int, mode: RoundingMode) -> int:
    """Round in whole numbers."""
    return round_fraction(Fraction(x * num, den), mode)


@pytest.mark.parametrize("mode", ROUNDING_MODES)
@pytest.mark.parametrize(
    ("top", "num_top"), [(10**6, 3650), (2**31, 2**18), (2**32, 2**19), (2**50, 2**40)]
)
def test_a_ratio_is_rounded_exactly(mode: RoundingMode, top: int, num_top: int) -> None:
    """370,000 draws, ties among them: in float64, modulo 2⁶⁴, in Python integers."""
    draw = np.random.default_rng(top)
    x = draw.integers(0, top, DRAWS // 3)
    num = int(draw.integers(1, num_top))
    den = 2 * int(draw.integers(1, num_top))
    x[:1000] = (x[:1000] // den) * den + den // 2  # exact ties where num is odd
    num |= 1
    got = round_ratio(x.astype(np.float64), np.array([num]), np.array([den]), mode)
    assert [expected(a, num, den, mode) for a in x.tolist()] == [int(a) for a in got]


@pytest.mark.parametrize("mode", ROUNDING_MODES)
def test_ties_at_the_bound_of_float64(mode: RoundingMode) -> None:
    """Products just below 2⁵³, on a tie, one below and one above."""
    den = 2_400_000
    top = EXACT_FLOAT // 4
    ties = np.array([(top // den - k) * den + den // 2 + d for k in range(40) for d in (-1, 0, 1)])
    apply = rounder(np.array([1]), np.array([den]), mode, top=float(top))
    got = [int(a) for a in apply(ties.astype(np.float64))]
    assert [expected(int(a), 1, den, mode) for a in ties] == got


@pytest.mark.parametrize("mode", ROUNDING_MODES)
def test_python_integers_round_the_same(mode: RoundingMode) -> None:
    """The wide path has no bound."""
    x = [2**70 + k for k in range(50)]
    got = round_ratio(np.array(x, dtype=object), np.array([7]), np.array([1200]), mode)
    assert [expected(a, 7, 1200, mode) for a in x] == list(got)


def test_a_rounder_serves_a_shrinking_prefix() -> None:
    """Operands of all rows serve the first ones; the result goes where it is wanted."""
    num, den = np.array([1, 3, 5]), np.array([2, 4, 8])
    out = np.zeros(2)
    got = rounder(num, den, "half-up", top=100.0)(np.array([7.0, 9.0]), out)
    assert got is out
    assert [4, 7] == list(out)


def test_whole_numbers_become_python_integers() -> None:
    """As objects, nothing wraps around."""
    assert 2**80 == as_object(np.array([2**40]))[0] ** 2


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_a_split_adds_up(total: int, weights: list[int]) -> None:
    """Every unit is given to someone, no share is off by one or more."""
    shares = split_by_weight(total, weights)
    assert total == sum(shares)
    if any(weights):
        exact = [Fraction(total * w, sum(weights)) for w in weights]
        assert all(abs(a - b) < 1 for a, b in zip(shares, exact, strict=True))


def test_ties_of_a_split_go_to_the_earlier() -> None:
    """10 in three equal parts: 4, 3, 3."""
    assert [4, 3, 3] == split_by_weight(10, [1, 1, 1])
