"""What one process does with one piece of a portfolio: accounts in, offers and counts out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from replan.errors import UsageError
from replan.model.text import quote

from .accounts import Accounts
from .admission import names_in
from .borrowers import joined, whole_borrowers
from .controls import control_totals
from .fairness import count_segments
from .hashed import NAMELESS, Index, hashes
from .lines import fault_of
from .mapped import Header, map_batch, numbers_of
from .offers import Job, offers_and_accounts
from .schema import FAULT, PLACE, RAW

TALLIED = ("status", "reason", "shared")
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


def columns_of(work: Work) -> tuple[str, ...]:
    """Name the columns of a table that some work looks at."""
    header = work.header
    read = [header.account, *(name for name, _ in header.columns.values()), work.group]
    more = (*header.mapping.skip, *work.job.carry, *work.segments)
    return tuple(dict.fromkeys(name for name in (*read, *more) if name))


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


@dataclass(frozen=True, slots=True)
class Piece:
    """What was made of a piece: offers, what was counted, hashes of accounts and borrowers."""

    offers: Any
    counts: Counts
    accounts: Index
    borrowers: Index


def do_piece(batch: Any, work: Work, rows: int) -> Piece:
    """Give offers for a piece, so many rows at a time; no borrower's rows are parted."""
    slices = (batch.slice(at, rows) for at in range(0, batch.num_rows, rows))
    made = [do_rows(some, work) for some in whole_borrowers(slices, work.group)]
    counts = Counts()
    for one in made:
        counts.add(one.counts)
    return Piece(
        joined([one.offers for one in made]),
        counts,
        np.concatenate([one.accounts for one in made]),
        np.concatenate([one.borrowers for one in made]),
    )


def do_rows(batch: Any, work: Work) -> Piece:
    """Give offers for some rows, worked on together.

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
    borrowers = borrowers_in(mapped, work.group) if work.group else np.zeros(0, np.int64)
    if work.raw:
        cells = raw_of(batch, place, out.column("status").to_pylist())
        out = out.append_column(RAW, _texts(cells))
    numbered = out.set_column(0, "row", _arrow(numbers_of(batch)[place]))
    return Piece(numbered, counts, hashes(mapped.column("account")), borrowers)


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


def borrowers_in(mapped: Any, group: str) -> Index:
    """Give the hash of each run of rows of one borrower; rows without one do not count."""
    found = hashes(names_in(mapped.column(group), group))
    begins = np.ones(found.size, dtype=np.bool_)
    begins[1:] = found[1:] != found[:-1]
    return np.asarray(found[(found != NAMELESS) & begins])


def _count(out: Any, table: Any, found: Accounts, work: Work) -> Counts:
    """Count a piece by its first offers, whose sums are in minor units."""
    place = out.column("row").to_numpy()
    first = _arrow(np.flatnonzero(np.append(True, place[1:] != place[:-1])[: place.size]))
    best = {name: out.column(name).take(first) for name in (*TALLIED, *SUMMED)}
    status = best["status"].dictionary_encode()
    statuses = _tally(best["status"])
    without = table.num_rows - statuses.get("offer", 0)
    counts = Counts(table.num_rows, out.num_rows - without, Counter(statuses))
    counts.reasons.update(_tally(best["reason"]))
    counts.shared.update(_tally(best["shared"]))
    for name in SUMMED:
        counts.sums[f"{name}, first offers"] += _minor_sum(best[name])
    words, code = status.dictionary.to_pylist(), status.indices.to_numpy()
    counts.controls.update(control_totals(found, code, words))
    if work.segments:
        counts.cells.update(count_segments(work.segments, table, found, best))
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
