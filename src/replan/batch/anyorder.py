"""Outputs whose rows come in no order, compared row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from replan.model.text import clean_text

from .cells import Whole
from .hashed import hashes
from .manifest import Fault, fault

Entry = Mapping[str, Any]
APART = "row"
"""The number of a row in the input, which only one machine knows."""


def differences(was: Entry, now: Entry, place_of: Callable[[Entry], Path]) -> list[Fault]:
    """Compare the offers, and the schedules, of two runs; name the first row that only one has.

    *was* and *now* are manifests; *place_of* finds what the first of them names. Rows are compared
    by a hash of all cells, so that 8 bytes a row are held.
    """
    found = []
    for name in ("output", "schedules"):
        if name in was:
            old, new = place_of(was[name]), Path(now[name]["path"])
            found += _differ(old, new, "output" if name == "output" else name)
    return found


def _differ(old: Path, new: Path, what: str) -> list[Fault]:
    if not old.exists():
        return [fault("missing", old)]
    before, after = _hashes_of(old), _hashes_of(new)
    if np.array_equal(before, after):
        return []
    row = _first_of(old, after), _first_of(new, before)
    named = next((one for one in row if one), {})
    if not named:  # the same rows, not as often
        return [fault(what, old.name, before.size, after.size)]
    return [fault("row", named.get("account"), *map(_shown, row))]


def _hashes_of(path: Path) -> Whole:
    """Give a hash of each row, sorted."""
    found = [hashes(_texts(batch)) for batch in _batches(path)]
    return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *found]))


def _first_of(path: Path, others: Whole) -> Mapping[str, Any]:
    """Give the first row that is not among some others."""
    for batch in _batches(path):
        alone = np.flatnonzero(~np.isin(hashes(_texts(batch)), others))
        if alone.size:
            return dict(batch.slice(int(alone[0]), 1).to_pylist()[0])
    return {}


def _batches(path: Path) -> Iterator[Any]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    for file in files:
        for batch in pq.ParquetFile(file).iter_batches(use_threads=False):
            yield batch.drop_columns([APART]) if APART in batch.schema.names else batch


def _texts(batch: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    columns = (column.to_pylist() for column in batch.columns)
    return pa.array(["\x1f".join(map(str, row)) for row in zip(*columns, strict=True)], pa.string())


def _shown(row: Mapping[str, Any]) -> str:
    return clean_text(", ".join(f"{v}" for v in row.values() if v is not None))[:300]
