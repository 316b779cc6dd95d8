"""Whether one offer is as good for the borrower as another, by what the other was chosen for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np

from .cells import Flags, Whole, low_words
from .choice import OBJECTIVES

MONTH = 31
"""Days that stand for a month where only the order of days matters."""
NAMES = list(OBJECTIVES)
FIRST_KEY = {"lowest-payment": "peak", "soonest": "cleared", "cheapest": "total"}
"""What an objective is about for the borrower; the others decide where it is the same."""
FIGURES = ("peak", "total", "cleared")


@dataclass(frozen=True, slots=True)
class Figures:
    """Offers by account: objective, highest payment, total with what is left over, months.

    Amounts are in units of 0.0001 of the currency.
    """

    account: Whole
    objective: Whole
    peak: Whole
    total: Whole
    months: Whole

    @staticmethod
    def joined(parts: Iterable[Figures]) -> Figures:
        """Join offers and sort them by account."""
        every = list(parts)
        names = [f.name for f in fields(Figures)]
        whole = {n: np.concatenate([getattr(part, n) for part in every]) for n in names}
        order = np.argsort(whole["account"], kind="stable")
        return Figures(**{name: column[order] for name, column in whole.items()})

    @staticmethod
    def none() -> Figures:
        """Give no offers."""
        return Figures(*(np.zeros(0, dtype=np.int64) for _ in fields(Figures)))

    def of_accounts(self, account: Whole) -> Figures:
        """Give the offers of some accounts; offers stand sorted."""
        return self.take(np.flatnonzero(np.isin(self.account, account)))

    def take(self, rows: Whole) -> Figures:
        """Give some offers."""
        return Figures(*(getattr(self, f.name)[rows] for f in fields(Figures)))


def figures_in(batch: Any, account: Whole, some: Flags) -> Figures:
    """Give the figures of some rows of a table of offers; *account* holds the hashes of all."""
    codes = {name: n for n, name in enumerate(NAMES)}
    named = batch.column("objective").to_pylist()
    objective = np.array([codes.get(name, 0) for name in named], dtype=np.int64)
    months = batch.column("months").fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    peak, total, left = (_amounts(batch, n) for n in ("peak_payment", "total_paid", "residual"))
    return Figures(account, objective, peak, total + left, months).take(np.flatnonzero(some))


def _amounts(batch: Any, name: str) -> Whole:
    """Give amounts in units of 0.0001, whatever the decimals of the currency."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    column = batch.column(name).cast(pa.decimal128(38, 4))
    return low_words(column)


def place_in_time(day: date) -> int:
    """Give a number for a day, so that a month later is `MONTH` more."""
    return (day.year * 12 + day.month) * MONTH + day.day


def at_least_as_good(now: Figures, before: Figures, today: int, then: int) -> Flags:
    """Tell for each earlier offer whether a new one of its account is as good for the borrower.

    An offer chosen for the lowest payment is compared by its highest payment, one for the soonest
    end by its end, one for the cheapest by its total, and only where that is the same by the other
    two; one chosen for the smallest ask of the lender is matched only by an offer that is no worse
    in any of the three. Ends are known to the month: of runs of two days, an end counts as later
    only if it is for certain.
    """
    order = np.argsort(now.account, kind="stable")
    account = now.account[order]
    begins = np.searchsorted(account, before.account, "left")
    counts = np.searchsorted(account, before.account, "right") - begins
    old = np.repeat(np.arange(before.account.size), counts)
    within = np.arange(old.size) - np.repeat(np.cumsum(counts) - counts, counts)
    new = order[np.repeat(begins, counts) + within]
    better = _signs(now.take(new), before.take(old), today, then)
    fine = _no_worse(better, before.objective[old])
    return np.bincount(old[fine], minlength=before.account.size) > 0


def _signs(now: Figures, before: Figures, today: int, then: int) -> dict[str, Whole]:
    """Give 1 where the new offer is worse, -1 where it is better, by each figure."""
    new_end, old_end = today + MONTH * now.months, then + MONTH * before.months
    later = (new_end - MONTH >= old_end).astype(np.int64)
    sooner = (new_end <= old_end - MONTH).astype(np.int64)
    return {
        "peak": np.sign(now.peak - before.peak),
        "total": np.sign(now.total - before.total),
        "cleared": later - sooner,
    }


def _no_worse(sign: dict[str, Whole], objective: Whole) -> Flags:
    worst = np.max([sign[name] for name in FIGURES], axis=0)
    found: Flags = worst <= 0
    for name, first in FIRST_KEY.items():
        rest = [sign[other] for other in ("total", "peak", "cleared") if other != first]
        by_order = 4 * sign[first] + 2 * rest[0] + rest[1]
        found = np.where(objective == NAMES.index(name), by_order <= 0, found)
    return np.asarray(found, dtype=np.bool_)
