"""Few combinations are looked at one by one, with the same answer as any other way."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from replan.decide.solver.few import choose_few


def debt(amounts: list[list[int]], costs: list[int]) -> tuple[list[list[int]], list[int]]:
    """Pair payments of three months with costs."""
    return amounts, costs[: len(amounts)]


MONTHS = st.lists(st.integers(0, 9), min_size=3, max_size=3)
DEBT = st.builds(
    debt,
    st.lists(MONTHS, min_size=1, max_size=7),
    st.lists(st.integers(0, 5), min_size=7, max_size=7),
)


@given(st.lists(DEBT, min_size=1, max_size=4), MONTHS)
@settings(max_examples=100, deadline=None)
def test_the_best_of_all_combinations_is_found(
    debts: list[tuple[list[list[int]], list[int]]], capacity: list[int]
) -> None:
    """The least cost is that of trying everything, and the choice fits."""
    payments = [np.array(p, dtype=np.float64) for p, _ in debts]
    costs = [np.array(c, dtype=np.float64) for _, c in debts]
    room = np.array(capacity, dtype=np.float64)
    every = list(product(*(range(len(c)) for c in costs)))
    fits = [x for x in every if (sum(p[j] for p, j in zip(payments, x)) <= room).all()]  # noqa: B905
    least = min((sum(c[j] for c, j in zip(costs, x)) for x in fits), default=None)  # noqa: B905
    found = choose_few(payments, costs, room)

    assert found is not None
    assert bool(fits) == bool(found)
    if found:
        assert found in fits
        assert least == sum(c[j] for c, j in zip(costs, found, strict=True))


def test_of_equals_the_first_is_taken() -> None:
    """Two candidates alike: the first of each debt stands."""
    same = np.array([[5.0, 0.0], [3.0, 3.0], [3.0, 3.0]])
    cost = np.array([9.0, 1.0, 1.0])

    assert (1, 1) == choose_few([same, same], [cost, cost], np.array([6.0, 7.0]))


def test_many_combinations_are_left_to_the_solver() -> None:
    """Beyond the bound there is no answer, and no attempt."""
    many = np.ones((400, 60))

    assert choose_few([many] * 3, [np.ones(400)] * 3, np.ones(60)) is None
