"""An earlier run's offers: what became of them, and whether open ones would be made worse."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from replan.errors import UsageError
from replan.model.text import clean_text, quote
from replan.model.values import parse_date

from .cells import EPOCH, Flags, Whole
from .drift import Tally
from .hashed import hashes
from .manifest import manifest_of
from .opened import Figures, at_least_as_good, figures_in, place_in_time
from .stops import WorseningError
from .work import SUMMED

OFFERED = ("objective", "plan", "total_paid", "first_due", "npv_loss")
STANDS = ("open-offer", "nothing-owed")
"""Reasons for no new offer that take nothing away: the earlier one stands, or is not needed."""


@dataclass(slots=True)
class Previous:
    """The offers of an earlier run: a hash per account, of what it was offered, what is open.

    `reason` is the code given for open offers that are withdrawn or made worse, empty without one.
    """

    account: Whole
    offered: Whole
    seen: Flags
    open_: Figures
    tally: Tally
    then: int
    now: int
    reason: str = ""
    changes: Counter[str] = field(default_factory=Counter)
    worse: Counter[str] = field(default_factory=Counter)
    first: str = ""

    @staticmethod
    def read(path: Path, day: date, reason: str = "") -> Previous:
        """Read an earlier output for a run as of a day."""
        found = Previous.of(batches_of(path), _manifest_says(path, day), day, reason)
        if not found.account.size:
            raise UsageError(f"{quote(str(path))} has no rows. Check --previous.")
        return found

    @staticmethod
    def of(batches: Iterator[Any], said: tuple[date, int], day: date, reason: str) -> Previous:
        """Take earlier offers, numbered by account, for a run as of a day.

        *said* is what their manifest says: their as-of date, and how many rows were unreadable.
        """
        then, unreadable = said
        account, offered, opened = [_NONE], [_NONE], [Figures.none()]
        tally = _Adding()
        for batch in whole_accounts(batches):
            begins, digest = _digests(batch)
            names = hashes(_plain_names(batch.column("account")))
            account.append(names[begins])
            offered.append(digest)
            opened.append(figures_in(batch, names, _is_open(batch, day)))
            tally.add(batch, begins)
        names, what = np.concatenate(account), np.concatenate(offered)
        order = np.argsort(names, kind="stable")
        seen = np.zeros(order.size, dtype=np.bool_)
        return Previous(
            names[order], what[order], seen, Figures.joined(opened), tally.told(unreadable),
            place_in_time(then), place_in_time(day), reason,
        )  # fmt: skip

    def compare(self, batch: Any) -> Any:
        """Add what became of each account's offers, and the reason where open ones got worse."""
        import pyarrow as pa  # noqa: PLC0415 - an extra

        begins, offered = _digests(batch)
        names = hashes(batch.column("account"))
        change = self._change_of(names[begins], offered)
        worse = self._worse(batch, names, begins)
        self.changes.update(change.tolist())
        sizes = np.diff(np.append(begins, batch.num_rows))
        told = batch.append_column("change", pa.array(np.repeat(change, sizes), pa.string()))
        codes = [self.reason if one else None for one in np.repeat(worse, sizes)]
        return told.append_column("worsening", pa.array(codes, pa.string()))

    def end(self) -> None:
        """Count the accounts of which the new run knows nothing; raises WorseningError."""
        self.count_missing()
        refuse_worse(self.worse, self.first, self.reason)

    def count_missing(self) -> None:
        """Count the accounts of which the new run knows nothing."""
        self.changes["withdrawn"] += int((~self.seen & (self.offered != 0)).sum())
        gone = np.isin(self.open_.account, self.account[~self.seen])
        self.worse["withdrawn"] += int(np.unique(self.open_.account[gone]).size)

    def _change_of(self, account: Whole, offered: Whole) -> Any:
        """Say for each account what became of its offers."""
        if not self.account.size:
            return np.where(offered == 0, "none", "new").astype(object)
        at = np.minimum(np.searchsorted(self.account, account), self.account.size - 1)
        known = self.account[at] == account
        before = np.where(known, self.offered[at], 0)
        self.seen[at[known]] = True
        change = np.where(before == offered, "unchanged", "changed").astype(object)
        change[(before == 0) & (offered != 0)] = "new"
        change[(before != 0) & (offered == 0)] = "withdrawn"
        change[(before == 0) & (offered == 0)] = "none"
        return change

    def _worse(self, batch: Any, names: Whole, begins: Whole) -> Flags:
        """Tell which accounts have an open offer that no new one is as good as."""
        now = figures_in(batch, names, _is_offer(batch))
        lost = self.open_.of_accounts(names[begins])
        kept = at_least_as_good(now, lost, self.now, self.then)
        stands = np.isin(np.array(batch.column("reason").to_pylist(), dtype=object), STANDS)
        gone = np.unique(lost.account[~kept])
        gone = gone[~np.isin(gone, names[stands])]
        has = np.isin(gone, now.account)
        self.worse["worse"] += int(has.sum())
        self.worse["withdrawn"] += int((~has).sum())
        worse = np.isin(names[begins], gone)
        if worse.any() and not self.first:
            at = int(begins[np.flatnonzero(worse)[0]])
            self.first = clean_text(str(batch.column("account")[at].as_py()))
        return np.asarray(worse)


_NONE = np.zeros(0, dtype=np.int64)


def refuse_worse(worse: Mapping[str, int], first: str, reason: str) -> None:
    """Raise WorseningError where open offers get worse and no reason is given."""
    if sum(worse.values()) and not reason:
        named = f", the first is {first}" if first else ""
        raise WorseningError(
            f"Open offers of {worse['withdrawn']:,} accounts would be withdrawn and of "
            f"{worse['worse']:,} replaced by worse ones{named}. Nothing was published. "
            "Give the reason, such as --worsening balance-corrected."
        )


def _manifest_says(path: Path, day: date) -> tuple[date, int]:
    """Give the as-of date of an earlier run and how many rows it could not read.

    Without its manifest it is taken to be of the same day.
    """
    try:
        return manifest_said(manifest_of(path).read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return day, 0


def manifest_said(data: bytes) -> tuple[date, int]:
    """Give the as-of date of a recorded run, and how many rows it could not read."""
    told = json.loads(data.decode("utf-8"))
    return parse_date(told["as_of"]), int(told["unreadable"])


def _is_offer(batch: Any) -> Flags:
    return np.array([what == "offer" for what in batch.column("status").to_pylist()], np.bool_)


def _is_open(batch: Any, day: date) -> Flags:
    """Tell which rows are offers that are valid on a day."""
    days = batch.column("valid_until").cast("date32").cast("int32").fill_null(-EPOCH)
    return _is_offer(batch) & (np.asarray(days) + EPOCH >= day.toordinal())


@dataclass(slots=True)
class _Adding:
    """Adds up the first offers of an earlier run."""

    statuses: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)

    def add(self, batch: Any, begins: Whole) -> None:
        best = batch.take(begins)
        self.statuses.update(best.column("status").to_pylist())
        for name in SUMMED:
            self.sums[name] += sum(
                int(amount.scaleb(4)) for amount in best.column(name).to_pylist() if amount
            )

    def told(self, unreadable: int) -> Tally:
        rows = sum(self.statuses.values()) + unreadable
        return Tally(
            rows, self.statuses["offer"], self.statuses["reject"] + unreadable, dict(self.sums)
        )


def _digests(batch: Any) -> tuple[Whole, Whole]:
    """Give where accounts begin, and for each what it is offered as one number; 0 is nothing."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    row = batch.column("row").to_numpy()
    begins = np.flatnonzero(np.append(True, row[1:] != row[:-1])) if row.size else row
    texts = [
        " ".join(map(str, line))
        for line in zip(*(batch.column(n).to_pylist() for n in OFFERED), strict=True)
    ]
    each = hashes(pa.array(texts, pa.string()))
    place = np.arange(row.size) - np.repeat(begins, np.diff(np.append(begins, row.size)))
    weighed = np.where(_is_offer(batch), each * (2 * place + 3), 0)
    return begins, np.add.reduceat(weighed, begins) if begins.size else weighed


def whole_accounts(batches: Iterator[Any]) -> Iterator[Any]:
    """Move cuts so that no account's rows are parted."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    held: Any = None
    for batch in batches:
        whole = batch
        if held is not None:
            whole = pa.Table.from_batches([held, batch]).combine_chunks().to_batches()[0]
        row = whole.column("row").to_numpy()
        cut = int(np.searchsorted(row, row[-1])) if row.size else 0
        if cut:
            yield whole.slice(0, cut)
        held = whole.slice(cut)
    if held is not None and held.num_rows:
        yield held


def _plain_names(column: Any) -> Any:
    """Take off the apostrophe that a CSV has before what a spreadsheet would compute."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    return pc.replace_substring_regex(column, r"^'([\s]*[=+\-@＝＋－＠])", r"\1")


def batches_of(path: Path) -> Iterator[Any]:
    """Read an earlier output in pieces, of whatever kind."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    suffix, shown = path.suffix.lower(), quote(str(path))
    if not path.exists():
        raise UsageError(f"{shown} does not exist. Check --previous.")
    try:
        if path.is_dir():
            files = (one for one in sorted(path.iterdir()) if one.suffix == ".parquet")
            parts = (pq.ParquetFile(one).iter_batches(use_threads=False) for one in files)
            yield from _checked(numbered(chain.from_iterable(parts)), shown)
        elif suffix == ".parquet":
            yield from _checked(pq.ParquetFile(path).iter_batches(use_threads=False), shown)
        elif suffix == ".arrow":
            reader = pa.ipc.open_file(pa.memory_map(str(path)))
            batches = (reader.get_batch(i) for i in range(reader.num_record_batches))
            yield from _checked(batches, shown)
        elif suffix == ".csv":
            yield from _checked(_csv(path), shown)
        else:
            raise UsageError(f"{shown}: --previous takes a .parquet, .arrow or .csv output.")
    except (pa.ArrowException, OSError) as error:
        raise UsageError(f"{shown} cannot be read as offers: {error}") from error


def numbered(batches: Iterable[Any]) -> Iterator[Any]:
    """Count accounts from 1 where rows have no numbers: the offers of one stand together."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    last = 0
    for batch in batches:
        if "offer_id" not in batch.schema.names or "row" in batch.schema.names:
            yield batch
            continue
        first = pc.ends_with(batch.column("offer_id"), "-1").fill_null(True)  # noqa: FBT003
        row = last + np.cumsum(first.to_numpy(zero_copy_only=False))
        last = int(row[-1]) if row.size else last
        yield batch.add_column(0, "row", pa.array(row, pa.int64()))


def _checked(batches: Iterator[Any], shown: str) -> Iterator[Any]:
    for batch in batches:
        _check_names(batch.schema.names, shown)
        yield batch


def _check_names(names: Sequence[str], shown: str) -> None:
    lacks = [name for name in NEEDED if name not in names]
    if lacks:
        raise UsageError(f"{shown} has no column {lacks[0]}: it is no output of replan batch.")


AMOUNTS = ("instalment", "peak_payment", "total_paid", "residual", "waived", "npv_loss")
NEEDED = ("row", "account", "status", "reason", "objective", "plan", "months", "first_due",
          "valid_until", *AMOUNTS)  # fmt: skip


def _csv(path: Path) -> Iterator[Any]:
    """Read offers as `replan batch` writes them as CSV, every column as its text or its number."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import csv  # noqa: PLC0415 - as above

    with path.open("rb") as file:
        head = file.readline().decode("utf-8", "replace")
    names = [name.strip().strip('"') for name in head.split(",")]
    _check_names(names, quote(str(path)))
    kinds = dict.fromkeys(names, pa.string())
    kinds |= {"row": pa.int64(), "rank": pa.int8(), "apr": pa.float64()}
    kinds |= {"months": pa.int32(), "instalments": pa.int32()}
    kinds |= {"first_due": pa.date32(), "valid_until": pa.date32()}
    yield from _with_amounts(
        csv.open_csv(
            path,
            read_options=csv.ReadOptions(use_threads=False),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=kinds, strings_can_be_null=True, quoted_strings_can_be_null=False
            ),
        )
    )


def _with_amounts(batches: Any) -> Iterator[Any]:
    """Turn texts of amounts into decimals with as many places as they have."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    for batch in batches:
        places = [len(t.partition(".")[2]) for t in batch.column("total_paid").to_pylist() if t]
        kind, columns = pa.decimal128(18, max(places, default=0)), {}
        for name in batch.schema.names:
            column = batch.column(name)
            columns[name] = column.cast(kind) if name in AMOUNTS else column
        yield pa.record_batch(columns)
