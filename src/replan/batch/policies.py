"""What a change of policy would change for a portfolio: who gains, who loses, and by how much."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np

from replan.decide.opening import exponent_of
from replan.errors import UsageError
from replan.io.mapping import read_mapping
from replan.model.policy import Policy

from .admission import currency_of, names_in
from .cells import Flags, Whole, low_words
from .controls import exact_sum
from .hashed import NAMELESS, Index, hashes, later
from .local import AHEAD, Done, begin_there, helpers, packed, tasks_of, unasked, unpacked
from .mapped import map_batch, numbers_of
from .offers import offers_of
from .once import refuse_apart
from .portfolio import Request, names_of, settle
from .source import open_source
from .stops import CopiesError
from .work import Work, borrowers_in

FIGURES = ("peak_payment", "total_paid", "residual", "months", "waived", "npv_loss")
SUMMED = ("instalment", "total_paid", "waived", "npv_loss")
BORROWER = ("better", "worse", "mixed", "same")
LENDER = ("better", "worse", "same")
FATES = ("gained", "lost", "both", "neither")
PIECE = 4_096
Works = Mapping[str, tuple[Work, Work]]
"""By each objective the same run by the old policy and by the new."""
_WORKS: list[Works] = []
"""The same in a process that works for another."""


@dataclass(slots=True)
class Effects:
    """What was counted by one objective: accounts by what became of them, reasons, minor units."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(
        default_factory=lambda: {"gained": Counter(), "lost": Counter(), "changed": Counter()}
    )
    sums: dict[str, Counter[str]] = field(
        default_factory=lambda: {"from": Counter(), "to": Counter()}
    )

    def add(self, other: Effects) -> None:
        """Add what another piece has."""
        self.counts.update(other.counts)
        for mine, its in ((self.reasons, other.reasons), (self.sums, other.sums)):
            for key, counter in its.items():
                mine[key].update(counter)

    @property
    def differs(self) -> bool:
        """Tell whether some account would be answered otherwise."""
        counts, changed = self.counts, sum(self.reasons["changed"].values())
        different = counts["both"] - min(counts["borrower-same"], counts["lender-same"])
        return bool(counts["gained"] + counts["lost"] + changed + different)


@dataclass(slots=True)
class Moved:
    """What was counted in some rows, by objective; hashes and numbers tell accounts apart."""

    rows: int
    effects: dict[str, Effects]
    accounts: list[Index]
    numbers: list[Index]
    borrowers: list[Index]

    def add(self, other: Moved) -> None:
        """Add what the next piece has."""
        self.rows += other.rows
        for name, effects in other.effects.items():
            self.effects[name].add(effects)
        for name in ("accounts", "numbers", "borrowers"):
            getattr(self, name).extend(getattr(other, name))


def policy_effects(
    request: Request,
    new: Policy,
    *,
    progress: Callable[[int], None],
    begin: Callable[[int | None], None] = lambda _: None,
) -> dict[str, Any]:
    """Count what would change for a table of accounts if a policy were replaced by another.

    The best offers by each objective of *request* are compared, account by account; where accounts
    share a budget, they are chosen for together by both policies. For the borrower an offer is
    better if none of highest payment, total with what is left over, and months is worse and one is
    less, `mixed` if some are less and some more; for the lender if it gives up less in present
    value. A borrower gains who has no offer by the old policy and one by the new.
    """
    asked = replace(request, top=1)
    source = open_source(asked.source, encoding=asked.encoding)
    mapping, names = read_mapping(asked.mapping), names_of(source)
    # a plan stands once among the offers of several objectives, so that each has a run of its own
    both = {
        name: tuple(replace(asked, policy=p, objectives=(name,)) for p in (asked.policy, new))
        for name in dict.fromkeys(asked.objectives)
    }
    works = {
        name: (settle(old, mapping, names), settle(now, mapping, names))
        for name, (old, now) in both.items()
    }
    work = next(iter(works.values()))[0]
    begin(source.rows)
    moved, done = Moved(0, {name: Effects() for name in works}, [], [], []), Done()
    tasks = (batch for _, batch in tasks_of(source, work, PIECE, done))
    for piece in _compared(tasks, works, asked.pieces.workers - 1):
        moved.add(piece)
        progress(piece.rows)
    if not moved.rows:
        raise UsageError("The table has no rows. Check the export.")
    _check_once(moved, work.group)
    return _told(moved, done, currency_of(work.job.defaults), asked)


def _compared(tasks: Iterator[Any], works: Works, others: int) -> Iterator[Moved]:
    """Compare the policies piece by piece; other processes are given what they can take."""
    with helpers(others, _begin, (os.getpid(), works)) as pool:
        waiting: deque[Future[Moved]] = deque()
        for batch in tasks:
            if len(waiting) < AHEAD * others:
                with unasked():
                    waiting.append(pool.submit(_compare_there, packed(batch)))
            else:
                yield _compare(batch, works)
            while waiting and waiting[0].done():
                yield waiting.popleft().result()
        for ended in waiting:
            yield ended.result()


def _begin(parent: int, works: Works) -> None:
    """Prepare a process that works for another."""
    begin_there(parent)
    _WORKS.append(works)


def _compare_there(data: bytes) -> Moved:
    return _compare(unpacked(data), _WORKS[-1])


def _check_once(moved: Moved, group: str) -> None:
    """Refuse what a batch refuses: an account that stands twice, a borrower's rows apart."""
    names, numbers = np.concatenate(moved.accounts), np.concatenate(moved.numbers)
    named = names != NAMELESS
    order = np.argsort(numbers[named])
    twice = numbers[named][order][later(names[named][order])]
    if twice.size:
        raise CopiesError([(int(row), "") for row in twice])
    if group:
        refuse_apart(later(np.concatenate(moved.borrowers)).size, group)


def _compare(batch: Any, works: Works) -> Moved:
    """Count what changes for the accounts of one piece."""
    work = next(iter(works.values()))[0]
    mapped = map_batch(batch, work.header, as_of=work.job.as_of)
    who = _numbered(mapped, work.group) if work.group else None
    best = {name: [_first(offers_of(mapped, w.job)) for w in pair] for name, pair in works.items()}
    effects = {name: _effects(old, new, who) for name, (old, new) in best.items()}
    borrowers = [borrowers_in(mapped, work.group)] if work.group else []
    accounts = hashes(mapped.column("account"))
    return Moved(batch.num_rows, effects, [accounts], [numbers_of(batch)], borrowers)


def _numbered(mapped: Any, group: str) -> Index:
    """Give each row the number of its borrower; a row without one stands for itself."""
    names = names_in(mapped.column(group), group).to_pylist()
    seen: dict[Any, int] = {}
    return np.array([seen.setdefault(n or (at,), len(seen)) for at, n in enumerate(names)])


def _effects(old: Any, new: Any, who: Index | None) -> Effects:
    """Count what changes by one objective; *who* numbers the borrowers, if accounts share."""
    found = Effects()
    had, has = (_status(table) == "offer" for table in (old, new))
    before, after = _reasons(old), _reasons(new)
    found.counts.update(_fates(had, has))
    if who is not None:
        fates = _fates(*(np.bincount(who, weights=some) > 0 for some in (had, has)))
        found.counts.update({f"borrowers-{name}": count for name, count in fates.items()})
    other = ~had & ~has & (before != after)
    found.reasons["gained"].update(before[~had & has].tolist())
    found.reasons["lost"].update(after[had & ~has].tolist())
    pairs = zip(before[other], after[other], strict=True)
    found.reasons["changed"].update(f"{was} > {now}" for was, now in pairs)
    _judge(old, new, had & has, found)
    for key, table, some in (("from", old, had), ("to", new, has)):
        for name in SUMMED:
            found.sums[key][name] += exact_sum(_minor(table.column(name))[some])
    return found


def _fates(had: Flags, has: Flags) -> dict[str, int]:
    """Count by what becomes of each: gained, lost, both, neither."""
    parts = (~had & has, had & ~has, had & has, ~had & ~has)
    return {name: int(part.sum()) for name, part in zip(FATES, parts, strict=True)}


def _first(out: Any) -> Any:
    """Give the first row of each account."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    row = out.column("row").to_numpy()
    first = np.append(True, row[1:] != row[:-1]) if row.size else np.zeros(0, np.bool_)
    return out.filter(pa.array(first))


def _status(table: Any) -> Any:
    return np.array(table.column("status").to_pylist(), dtype=object)


def _reasons(table: Any) -> Any:
    return np.array([reason or "" for reason in table.column("reason").to_pylist()], dtype=object)


def _judge(old: Any, new: Any, both: Flags, into: Effects) -> None:
    """Judge the accounts that have an offer by both policies, for borrower and lender."""
    was, now = (_figures(table, both) for table in (old, new))
    signs = np.sign([now[k] - was[k] for k in ("peak_payment", "total", "months")])
    less, more = (signs < 0).any(axis=0), (signs > 0).any(axis=0)
    found = {"better": less & ~more, "worse": more & ~less, "mixed": less & more,
             "same": ~less & ~more}  # fmt: skip
    for name in BORROWER:
        into.counts[f"borrower-{name}"] += int(found[name].sum())
    given_up = np.sign(now["npv_loss"] - was["npv_loss"])
    for name, sign in zip(LENDER, (-1, 1, 0), strict=True):
        into.counts[f"lender-{name}"] += int((given_up == sign).sum())


def _figures(table: Any, some: Flags) -> dict[str, Whole]:
    found = {}
    for name in FIGURES:
        column = table.column(name)
        whole = name == "months"
        values = column.fill_null(0).to_numpy(zero_copy_only=False) if whole else _minor(column)
        found[name] = np.asarray(values, dtype=np.int64)[some]
    return {**found, "total": found["total_paid"] + found["residual"]}


def _minor(column: Any) -> Whole:
    """Give amounts in minor units; 0 where there is none."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return low_words(column.cast(pa.decimal128(38, column.type.scale)))


def _told(moved: Moved, done: Done, currency: str, asked: Request) -> dict[str, Any]:
    each = [
        {"objective": name, **_effects_told(effects, exponent_of(currency), asked.group)}
        for name, effects in moved.effects.items()
    ]
    return {
        "table": asked.source,
        "currency": currency,
        "rows": moved.rows + done.skipped,
        "skipped": done.skipped,
        "group": asked.group or None,
        "differs": any(effects.differs for effects in moved.effects.values()),
        **each[0],
        "objectives": each,
    }


def _effects_told(found: Effects, exponent: int, group: str) -> dict[str, Any]:
    counts = found.counts
    borrowers = {name: counts[f"borrowers-{name}"] for name in FATES}
    return {
        "accounts": {name: counts[name] for name in FATES},
        **({"borrowers": borrowers} if group else {}),
        "borrower": {name: counts[f"borrower-{name}"] for name in BORROWER},
        "lender": {name: counts[f"lender-{name}"] for name in LENDER},
        "reasons": {name: dict(sorted(c.items())) for name, c in found.reasons.items()},
        "totals": {key: _amounts(sums, exponent) for key, sums in found.sums.items()},
    }


def _amounts(sums: Mapping[str, int], exponent: int) -> dict[str, str]:
    return {name: str(Decimal(sums[name]).scaleb(-exponent)) for name in SUMMED}
