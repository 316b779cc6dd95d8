"""The front is exact: nothing dominated is left in it, nothing else is left out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from replan.decide.candidates import pareto
from replan.decide.candidates.pareto import front


def slow_front(axes: NDArray[np.int64]) -> list[int]:
    """Compare every candidate with every other; of equals the first stays."""
    points = [tuple(column) for column in axes.T.tolist()]
    return [
        i
        for i, mine in enumerate(points)
        if not any(
            theirs != mine and all(t <= m for t, m in zip(theirs, mine, strict=True))
            for theirs in points
        )
        and mine not in points[:i]
    ]


@pytest.mark.parametrize("axes", [1, 2, 3, 4])
@pytest.mark.parametrize("high", [2, 9, 10**6, 10**13])
@pytest.mark.parametrize("cells", [(4, 4), (300, 60)])
def test_front_is_that_of_all_pairs(
    axes: int, high: int, cells: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With many ties and with none, with large and small cells, and months on one axis."""
    monkeypatch.setattr(pareto, "CELLS", cells)
    draw = np.random.default_rng(high + axes)
    for size in (1, 2, 150):
        points = draw.integers(-high, high, (axes, size))
        if axes == 4:
            points[2] = draw.integers(0, 60, size)

        assert slow_front(points) == front(points).tolist()


def test_nothing_has_no_front() -> None:
    """An empty space gives an empty front."""
    assert [] == front(np.zeros((4, 0), dtype=np.int64)).tolist()


def test_of_equals_the_first_stands() -> None:
    """The same figures under three names are one plan."""
    assert [1] == front(np.array([[5, 3, 3, 3], [1, 1, 1, 1]])).tolist()
