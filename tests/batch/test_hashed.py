"""Names are hashed alike wherever they stand, and those that stand twice are found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from replan.batch import once
from replan.batch.hashed import hashes
from replan.batch.once import check_once
from replan.batch.parts import Parts
from replan.batch.work import Counts, Piece
from replan.errors import UsageError

NAMES = ["a1", None, "", "账户七", "x" * 8, "x" * 16, "y" * 300, "y" * 299 + "z", "a1"]


def kept(folder: Path, pieces: list[list[str]]) -> Parts:
    """Put the names of some pieces."""
    parts = Parts.beside(folder / "o.arrow")
    parts.begin("x", resume=False)
    for number, names in enumerate(pieces):
        first = 1 + sum(map(len, pieces[:number]))
        places = pa.array(range(first, first + len(names)), pa.int64())
        offers = pa.record_batch({"row": places, "account": names})
        found = hashes(pa.array(names))
        parts.put(number, "", Piece(offers, Counts(), found, found[:0]))
    return parts


def test_equal_names_alone_have_equal_hashes() -> None:
    """Long ones, too; nothing and an empty name are the same."""
    found = hashes(pa.array(NAMES)).tolist()

    assert [0, 1, 1, 3, 4, 5, 6, 7, 0] == [found.index(one) for one in found]


def test_a_hash_does_not_depend_on_what_stands_beside_it() -> None:
    """Nor on the batch that the column is cut from, nor on the kind of text."""
    column = pa.array(NAMES)
    alone = [hashes(column.slice(at, 1))[0] for at in range(len(NAMES))]

    assert alone == hashes(column).tolist()
    assert alone == hashes(column.cast(pa.large_string())).tolist()


@pytest.mark.parametrize("together", [1 << 21, 2])
def test_what_stands_twice_is_named_by_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """Also across pieces, and where few hashes are compared at a time."""
    monkeypatch.setattr(once, "TOGETHER", together)
    parts = kept(tmp_path, [["a", "b", "c"], ["d", "b"], ["e", "a", "a"]])

    with pytest.raises(UsageError, match=r"^3 accounts .* first in row 5, 7, 8\."):
        check_once(parts, 3, "")


def test_names_that_stand_once_are_fine(tmp_path: Path) -> None:
    """However many ranges their hashes are compared in."""
    names = [[f"n{n}" for n in range(at, at + 50)] for at in range(0, 200, 50)]
    check_once(kept(tmp_path, names), 4, "")

    assert 200 == np.unique(np.concatenate([hashes(pa.array(one)) for one in names])).size
