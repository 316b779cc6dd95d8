"""Pieces on disk are taken up again only if they are whole and of the same input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from replan.batch.parts import Parts
from replan.batch.work import Counts, Piece

OFFERS = pa.record_batch({"row": pa.array([1, 2]), "account": ["a", "b"]})
PIECE = Piece(OFFERS, Counts(2, 1), np.array([5, 6]), np.zeros(0, np.int64))


def parts_in(folder: Path, name: str = "o.parquet") -> Parts:
    """Begin a run."""
    parts = Parts.beside(folder / name)
    parts.begin("x", resume=False)
    return parts


@pytest.mark.parametrize("name", ["o.parquet", "o.csv"])
def test_a_piece_is_read_as_it_was_put(tmp_path: Path, name: str) -> None:
    """Offers, hashes and counts."""
    parts = parts_in(tmp_path, name)
    parts.put(3, "stamp", PIECE)

    assert [OFFERS] == list(parts.read(3, parts.offers))
    assert [5, 6] == parts.keys(3, ".accounts").tolist()
    assert PIECE.counts == parts.counts(3)


def test_a_piece_of_another_input_is_not_taken(tmp_path: Path) -> None:
    """The stamp is that of the rows that went in."""
    parts = parts_in(tmp_path)
    parts.put(0, "stamp", PIECE)

    assert (True, False, False) == (
        parts.is_done(0, "stamp"), parts.is_done(0, "other"), parts.is_done(1, "stamp")
    )  # fmt: skip


@pytest.mark.parametrize("end", [".parquet", ".accounts", ".json"])
@pytest.mark.parametrize("harm", ["cut", "gone", "changed"])
def test_a_piece_that_is_not_whole_is_done_again(tmp_path: Path, end: str, harm: str) -> None:
    """After the power has failed a file may be shorter, empty or not there."""
    parts = parts_in(tmp_path)
    parts.put(0, "stamp", PIECE)
    path = parts.path(0, end)
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-3] if harm == "cut" else b"x" + data[1:])

    assert not parts.is_done(0, "stamp")


def test_nobody_else_may_read_a_piece(tmp_path: Path) -> None:
    """Accounts are personal data."""
    parts = parts_in(tmp_path)
    parts.put(0, "stamp", PIECE)

    assert {0o600} == {path.stat().st_mode & 0o777 for path in parts.folder.iterdir()}
