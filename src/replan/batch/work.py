"""What one process does with one piece of a portfolio: accounts in, offers and counts out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.errors import UsageError
from replan.model.text import quote

from .accounts import Accounts
from .controls import control_totals
from .fairness import count_segments
from .lines import fault_of
from .mapped import Header, map_batch, numbers_of
from .offers import Job, offers_and_accounts
from .schema import FAULT, PLACE, RAW

Index = NDArray[np.int64]
SUMMED = ("instalment", "total_paid", "residual", "waived", "npv_loss")
COUNTED = ("statuses", "reasons", "sums", "cells", "shared", "controls")


@dataclass(frozen=True, slots=True)
class Work:
    """What every piece needs: the job, the header understood, what to count by.

    `schedules`: lay out the schedule of every offer, too. `raw`: keep the cells of rejects.
    """

    job: Job
    header: Header
    group: str = ""
    segments: tuple[str, ...] = ()
    schedules: bool = False
    raw: bool = False


@dataclass(slots=True)
class Counts:
    """What was done, added up: rows, accounts by status, reasons, sums in minor units.

    `shared` counts accounts by the way in which a borrower's budget was shared.
    """

    rows: int = 0
    offers: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    controls: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Add what another piece did."""
        self.rows += other.rows
        self.offers += other.offers
        for name in COUNTED:
            getattr(self, name).update(getattr(other, name))

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form, sorted."""
        return {
            "rows": self.rows,
            "offers": self.offers,
            **{name: dict(sorted(getattr(self, name).items())) for name in COUNTED},
        }

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Counts:
        """Read the JSON form."""
        return Counts(raw["rows"], raw["offers"], *(Counter(raw[name]) for name in COUNTED))


def do_piece(batch: Any, work: Work) -> tuple[Any, Counts, Index, Index]:
    """Give offers for a piece, what was counted, and hashes of accounts and borrowers.

    The output has one more column, `row`: the number of the account in the whole input, from 1.
    """
    mapped = map_batch(batch, work.header, as_of=work.job.as_of)
    asked = [(name, batch) for name in work.segments]
    for name, table in [*asked, *([(work.group, mapped)] if work.group else [])]:
        if name not in table.schema.names:
            raise UsageError(f"The table has no column {quote(name)}. Check its name.")
    out, found = offers_and_accounts(mapped, work.job)
    place = out.column("row").to_numpy()
    counts = _count(out, batch, found, work)
    borrowers = borrowers_of(mapped.column(work.group)) if work.group else np.zeros(0, np.int64)
    if work.raw:
        cells = raw_of(batch, place, out.column("status").to_pylist())
        out = out.append_column(RAW, _texts(cells))
    numbered = out.set_column(0, "row", _arrow(numbers_of(batch)[place]))
    return numbered, counts, hashes(mapped.column("account")), borrowers


def raw_of(batch: Any, place: Index, status: Sequence[str]) -> list[str | None]:
    """Give the cells of each reject as JSON; of a row that cannot be split, its text."""
    told: list[str | None] = [None] * len(status)
    for at in (at for at, what in enumerate(status) if what == "reject"):
        (cells,) = batch.slice(int(place[at]), 1).to_pylist()
        fault = fault_of(cells.pop(FAULT, None))
        cells.pop(PLACE, None)
        said = cells if fault is None else fault[-1]
        told[at] = json.dumps(said, ensure_ascii=False, default=str)
    return told


def _texts(values: Sequence[str | None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.array(values, pa.string())


def borrowers_of(column: Any) -> Index:
    """Give the hash of each run of rows of one borrower; rows without one do not count."""
    found, texts = hashes(column), column.fill_null("").to_pylist()
    named = np.array([bool(t) for t in texts], dtype=np.bool_)
    begins = np.ones(found.size, dtype=np.bool_)
    begins[1:] = found[1:] != found[:-1]
    return found[named & begins]


def _count(out: Any, table: Any, found: Accounts, work: Work) -> Counts:
    place = out.column("row").to_numpy()
    first = np.append(True, place[1:] != place[:-1]) if place.size else np.zeros(0, np.bool_)
    best = out.filter(_arrow(first))
    status = np.array(best.column("status").to_pylist(), dtype=object)
    counts = Counts(table.num_rows, out.num_rows - int((status != "offer").sum()))
    counts.statuses.update(_tally(best.column("status")))
    counts.reasons.update(_tally(best.column("reason")))
    counts.shared.update(_tally(best.column("shared")))
    for name in SUMMED:
        # sums over the first offer of each account, in minor units
        counts.sums[f"{name}, first offers"] += _minor_sum(best.column(name))
    counts.controls.update(control_totals(found, status))
    counts.cells.update(count_segments(work.segments, table, found, best) if work.segments else {})
    return counts


def _arrow(column: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.array(column)


def _tally(column: Any) -> dict[str, int]:
    """Count each text; nothing is not counted."""
    counted = column.drop_null().value_counts()
    texts, counts = counted.field("values"), counted.field("counts")
    return dict(zip(texts.to_pylist(), counts.to_pylist(), strict=True))


def _minor_sum(column: Any) -> int:
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    total = pc.sum(column).as_py()
    return int(total.scaleb(column.type.scale)) if total is not None else 0


def hashes(column: Any) -> Index:
    """Hash texts to 64 bits, the same in every process; equal texts have equal hashes."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return hashes_of(column.cast(pa.string()).to_pylist())


def hashes_of(names: Sequence[str | None]) -> Index:
    """Hash texts to 64 bits; nothing has the hash of an empty text."""
    texts = [(t or "").encode() for t in names]
    width = (max(map(len, texts), default=1) // 8 + 1) * 8
    table = np.array(texts, dtype=f"S{width}").view(np.uint64).reshape(len(texts), width // 8)
    value = np.full(len(texts), 0x9E3779B97F4A7C15, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for word in table.T:
            mixed = (value ^ word) * np.uint64(0xFF51AFD7ED558CCD)
            mixed ^= mixed >> np.uint64(32)
            # a text of fewer words ends in words of nothing, which must not change it
            value = np.where(word == 0, value, mixed * np.uint64(0xC4CEB9FE1A85EC53))
    return value.view(np.int64)


def repeated(values: Sequence[Index]) -> Index:
    """Give the places, from 0, of values that stood at an earlier place already."""
    whole = np.concatenate(values) if values else np.zeros(0, dtype=np.int64)
    order = np.argsort(whole, kind="stable")
    ordered = whole[order]
    again = np.zeros(whole.size, dtype=np.bool_)
    again[1:] = ordered[1:] == ordered[:-1]
    return np.sort(order[again])
