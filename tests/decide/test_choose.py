"""A joint choice agrees with trying every combination."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from replan.decide.solver.choose import Choice, Limits, Space, choose, least_extra, least_given
from replan.decide.solver.highs import Floats

pytest.importorskip("highspy", reason="the solver is an extra: pip install 'replan[solve]'")

SEEDS = range(60)


def drawn(seed: int) -> tuple[list[Space], Floats]:
    """Draw up to three debts with up to eleven candidates over up to six months."""
    rng = np.random.default_rng(seed)
    debts, months = rng.integers(1, 4), int(rng.integers(1, 7))
    sizes = rng.integers(1, 12, debts)
    spaces = [
        Space(
            rng.integers(0, 50, (n, months)).astype(np.float64),
            rng.integers(-20, 100, n).astype(np.float64),
        )
        for n in sizes
    ]
    return spaces, rng.integers(10, 60 * debts, months).astype(np.float64)


def combinations(spaces: Sequence[Space]) -> Iterator[tuple[int, ...]]:
    """Give every combination of one candidate per debt."""
    yield from itertools.product(*(range(s.size) for s in spaces))


def paid(spaces: Sequence[Space], places: Sequence[int]) -> Floats:
    """Add up what a combination pays in each month."""
    every: Floats = np.sum([s.payments[j] for s, j in zip(spaces, places, strict=True)], axis=0)
    return every


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_that_fits_is_found(seed: int) -> None:
    """No combination within the limits costs less; none within them means no places."""
    spaces, capacity = drawn(seed)
    costs = [
        sum(int(s.cost[j]) for s, j in zip(spaces, c, strict=True))
        for c in combinations(spaces)
        if (paid(spaces, c) <= capacity).all()
    ]
    found = choose(spaces, capacity)
    assert found.proved
    assert (min(costs) if costs else None) == (found.cost if found.places else None)
    assert not found.places or (paid(spaces, found.places) <= capacity).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_least_extra_a_month_is_found(seed: int) -> None:
    """The least amount over the limit in any month, over all combinations."""
    spaces, capacity = drawn(seed)
    extras = [max((paid(spaces, c) - capacity).max(), 0) for c in combinations(spaces)]
    found = least_extra(spaces, capacity)
    assert (min(extras), True) == (found.cost, found.proved)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_least_that_one_debt_gives_is_found(seed: int) -> None:
    """The others fit by themselves; the sum over months of what this debt takes too much."""
    spaces, capacity = drawn(seed)
    who = seed % len(spaces)
    given = []
    for c in combinations(spaces):
        every = paid(spaces, c)
        if (every - spaces[who].payments[c[who]] <= capacity).all():
            given.append(np.maximum(every - capacity, 0).sum())
    found = least_given(spaces, capacity, who)
    assert (min(given) if given else None) == (found.cost if found.places else None)
    assert not found.places or sum(found.slack) == found.cost


@pytest.mark.parametrize("debts", [1, 2])
def test_where_others_take_too_much_nobody_helps_alone(debts: int) -> None:
    """A month whose room is below zero cannot be made good by what one debt gives up."""
    space = Space(np.array([[3.0, 3.0], [0.0, 6.0]]), np.zeros(2))

    found = least_given([space] * debts, np.array([-1.0, 9.0]), 0)
    assert ((), True) == (found.places, found.proved)


def many(debts: int, candidates: int) -> tuple[list[Space], Floats]:
    """Make debts whose candidates pay longer the less they pay a month."""
    rng, months = np.random.default_rng(7), np.arange(40)
    spaces = []
    for _ in range(debts):
        length = rng.integers(4, 40, candidates)
        amount = np.rint(rng.integers(80_000, 900_000) * (1 + length / 90) / length)
        payments = np.where(months < length[:, None], amount[:, None], 0.0)
        spaces.append(Space(payments, payments.sum(axis=1) + rng.integers(0, 999, candidates)))
    return spaces, np.full(40, sum(s.payments.max(axis=1).min() for s in spaces) * 1.2)


def test_most_candidates_are_proved_away() -> None:
    """Only candidates that can still matter are solved in whole numbers."""
    spaces, capacity = many(4, 2000)
    found = choose(spaces, capacity)
    assert (8000, True) == (found.total, found.proved)
    assert found.considered < 4000


def test_a_node_limit_gives_a_choice_and_an_honest_bound() -> None:
    """Stopped early, the choice still fits and its bound is below its cost."""
    spaces, capacity = many(8, 300)
    best, stopped = choose(spaces, capacity), choose(spaces, capacity, limits=Limits(nodes=0))
    assert (paid(spaces, stopped.places) <= capacity).all()
    assert stopped.bound <= best.cost <= stopped.cost


def test_the_same_choice_every_time() -> None:
    """One thread, a fixed seed and no clock: equal runs give equal answers."""
    spaces, capacity = many(5, 200)
    expected: Choice = choose(spaces, capacity)
    assert expected == choose(spaces, capacity)
