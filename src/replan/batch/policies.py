"""What a change of policy would change for a portfolio: who gains, who loses, and by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np

from replan.decide.opening import exponent_of
from replan.errors import UsageError
from replan.io.mapping import read_mapping
from replan.model.policy import Policy

from .admission import currency_of
from .cells import Flags, Whole, low_words
from .controls import exact_sum
from .local import Done, tasks_of
from .mapped import map_batch
from .offers import offers_of
from .portfolio import Request, names_of, settle
from .source import open_source
from .work import Work

FIGURES = ("peak_payment", "total_paid", "residual", "months", "waived", "npv_loss")
SUMMED = ("instalment", "total_paid", "waived", "npv_loss")
BORROWER = ("better", "worse", "mixed", "same")
LENDER = ("better", "worse", "same")


@dataclass(slots=True)
class Moved:
    """What was counted: accounts by what became of them, by reason, and sums in minor units."""

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(
        default_factory=lambda: {"gained": Counter(), "lost": Counter(), "changed": Counter()}
    )
    sums: dict[str, Counter[str]] = field(
        default_factory=lambda: {"from": Counter(), "to": Counter()}
    )


def policy_effects(
    request: Request,
    new: Policy,
    *,
    progress: Callable[[int], None],
    begin: Callable[[int | None], None] = lambda _: None,
) -> dict[str, Any]:
    """Count what would change for a table of accounts if a policy were replaced by another.

    The best offer by the first objective of *request* is compared, account by account. For the
    borrower an offer is better if none of highest payment, total with what is left over, and
    months is worse and one is less, `mixed` if some are less and some more; for the lender if it
    gives up less in present value.
    """
    asked = replace(request, top=1, objectives=request.objectives[:1])
    source = open_source(asked.source, encoding=asked.encoding)
    mapping, names = read_mapping(asked.mapping), names_of(source)
    old_work = settle(asked, mapping, names)
    new_work = settle(replace(asked, policy=new), mapping, names)
    begin(source.rows)
    moved, done = Moved(), Done()
    for _, batch in tasks_of(source, old_work, asked.pieces.rows, done):
        _compare(batch, (old_work, new_work), moved)
        progress(batch.num_rows)
    if not moved.rows:
        raise UsageError("The table has no rows. Check the export.")
    return _told(moved, done, currency_of(old_work.job.defaults), asked)


def _compare(batch: Any, works: tuple[Work, Work], moved: Moved) -> None:
    """Add what changes for the accounts of one piece."""
    old, new = (
        _first(offers_of(map_batch(batch, w.header, as_of=w.job.as_of), w.job)) for w in works
    )
    had, has = (_status(table) == "offer" for table in (old, new))
    moved.rows += old.num_rows
    for name, some in (("gained", ~had & has), ("lost", had & ~has), ("both", had & has)):
        moved.counts[name] += int(some.sum())
    neither = ~had & ~has
    before, after = _reasons(old), _reasons(new)
    other = neither & (before != after)
    moved.counts["neither"] += int(neither.sum())
    moved.reasons["gained"].update(before[~had & has].tolist())
    moved.reasons["lost"].update(after[had & ~has].tolist())
    pairs = zip(before[other], after[other], strict=True)
    moved.reasons["changed"].update(f"{was} > {now}" for was, now in pairs)
    _judge(old, new, had & has, moved)
    for key, table, some in (("from", old, had), ("to", new, has)):
        for name in SUMMED:
            moved.sums[key][name] += exact_sum(_minor(table.column(name))[some])


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


def _judge(old: Any, new: Any, both: Flags, moved: Moved) -> None:
    """Judge the accounts that have an offer by both policies, for borrower and lender."""
    was, now = (_figures(table, both) for table in (old, new))
    signs = np.sign([now[k] - was[k] for k in ("peak_payment", "total", "months")])
    less, more = (signs < 0).any(axis=0), (signs > 0).any(axis=0)
    found = {"better": less & ~more, "worse": more & ~less, "mixed": less & more,
             "same": ~less & ~more}  # fmt: skip
    for name in BORROWER:
        moved.counts[f"borrower-{name}"] += int(found[name].sum())
    given_up = np.sign(now["npv_loss"] - was["npv_loss"])
    for name, sign in zip(LENDER, (-1, 1, 0), strict=True):
        moved.counts[f"lender-{name}"] += int((given_up == sign).sum())


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
    counts, exponent = moved.counts, exponent_of(currency)
    changed = sum(moved.reasons["changed"].values())
    different = counts["both"] - min(counts["borrower-same"], counts["lender-same"])
    return {
        "table": asked.source,
        "objective": asked.objectives[0],
        "currency": currency,
        "rows": moved.rows + done.skipped,
        "skipped": done.skipped,
        "differs": bool(counts["gained"] + counts["lost"] + changed + different),
        "accounts": {name: counts[name] for name in ("gained", "lost", "both", "neither")},
        "borrower": {name: counts[f"borrower-{name}"] for name in BORROWER},
        "lender": {name: counts[f"lender-{name}"] for name in LENDER},
        "reasons": {name: dict(sorted(c.items())) for name, c in moved.reasons.items()},
        "totals": {key: _amounts(sums, exponent) for key, sums in moved.sums.items()},
    }


def _amounts(sums: Mapping[str, int], exponent: int) -> dict[str, str]:
    return {name: str(Decimal(sums[name]).scaleb(-exponent)) for name in SUMMED}
