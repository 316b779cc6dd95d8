"""Kinds of accounts: what must be the same for accounts to be evaluated together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replan.decide.opening import LATE, is_card
from replan.io.build import build_case
from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.text import TEXT_LIMIT, is_clean

from .accounts import PARTS, Accounts, read_by_model
from .cells import Flags, Whole
from .schema import WORDS

DATES = ("next_due", "last_accrual")
"""The days from which a calendar follows."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Accounts of one kind: the first of them as a case, and the rows of all.

    `dated`: they have dates of their own.
    """

    case: Case
    debt: Debt
    rows: NDArray[np.int64]
    dated: bool = False

    @property
    def endless(self) -> bool:
        """Tell whether the contracts last until all is paid, whenever that is."""
        debt = self.debt
        pays = debt.instalment is not None or debt.minimum_payment is not None
        return pays and not debt.remaining_instalments


def kinds_of(found: Accounts, *, by_count: bool, by_dates: bool = True) -> list[Kind]:
    """Part accounts into kinds: the same dates and conventions, the same things given.

    `by_count`: accounts of one kind also have the same number of instalments left. Without
    `by_dates` they may have dates of their own.
    """
    while True:
        rows = np.flatnonzero(found.good)
        if not rows.size:
            return []
        keys = _keys(found, by_count=by_count, by_dates=by_dates)
        order, cuts = _sorted(keys[:, rows])
        groups = np.split(rows[order], cuts)
        built = (_kind(found, group, apart=not by_dates) for group in groups)
        kinds = [kind for kind in built if kind is not None]
        if len(kinds) == len(groups):
            return kinds


def _sorted(keys: Whole) -> tuple[Whole, Whole]:
    """Sort by all keys; give the order and where a new kind begins. Rows keep their order."""
    varied = [key for key in keys if (key != key[0]).any()]
    if not varied:
        return np.arange(keys.shape[1]), np.zeros(0, dtype=np.int64)
    order = np.lexsort(varied[::-1])
    changed = np.zeros(order.size - 1, dtype=np.bool_)
    for key in varied:
        ordered = key[order]
        changed |= ordered[1:] != ordered[:-1]
    return order, np.flatnonzero(changed) + 1


def _keys(found: Accounts, *, by_count: bool, by_dates: bool) -> Whole:
    """Give what accounts of one kind share, a row per property."""
    amounts, counts = found.amounts, found.counts
    late, per_day = counts["days_past_due"], [r is not None and r.per == "day" for r in found.rates]
    past = sum((amounts[f"arrears.{c}"] for c in PARTS[1:]), start=amounts["arrears.principal"])
    fee = (found.words["instalment_fee"] > 0) | (found.means["instalment_fee"][0] is not None)
    number = counts["remaining_instalments"]
    keys = [
        *(found.words[name] for name in WORDS if name not in ("lender_type", "product")),
        _products(found, late),
        *(found.days[name] * by_dates for name in DATES),
        number if by_count else np.where(fee, number, number > 0),
        np.where(fee, amounts["original_principal"], 0),
        np.where(_fee_of_principal(found), amounts["principal"], 0),
        amounts["instalment"] > 0,
        past > 0,
        amounts["arrears.principal"] > 0,
        amounts["balloon"] > 0,
        amounts["principal"] > 0,
        late > 0,
        np.array([*per_day, False])[found.rate],
        np.array(found.ratios)[found.rate, 1],
    ]
    return np.stack([np.asarray(key, dtype=np.int64) for key in keys])


def _fee_of_principal(found: Accounts) -> Flags:
    """Tell where the fee of an instalment is a share of what is owed, as nothing says what was."""
    fees = [str(fee or "").rstrip() for fee in found.means["instalment_fee"]]
    share = np.array([fee.endswith(("%", "％")) for fee in fees], dtype=np.bool_)
    mine: Flags = share[found.words["instalment_fee"]] & (found.amounts["original_principal"] == 0)
    return mine


def _products(found: Accounts, late: Whole) -> Whole:
    """Tell apart the products that a schedule looks at, cards that are late, and odd texts."""
    means = found.means["product"]
    odd = [len(str(word or "")) > TEXT_LIMIT or not is_clean(str(word or "")) for word in means]
    codes = [2 + n if odd[n] else is_card(str(word or "")) for n, word in enumerate(means)]
    kind = np.array(codes, dtype=np.int64)[found.words["product"]]
    return np.where((kind == 1) & (late <= LATE), 0, kind)


FEW = 16
"""So few accounts are taken to have dates of their own: then kinds can share what steps do."""


def _kind(found: Accounts, rows: Whole, *, apart: bool) -> Kind | None:
    """Build the first account as a case; if it cannot be one, let the model read each row.

    `apart`: accounts of a kind may have dates of their own.
    """
    built = build_case(found.raw(int(rows[0])))
    if built.case is not None and not any(p.severity == "error" for p in built.problems):
        differ = any((found.days[name][rows] != found.days[name][rows[0]]).any() for name in DATES)
        dated = differ or (apart and rows.size < FEW)
        return Kind(built.case, built.case.debts[0], rows, dated)
    for row in rows:
        read_by_model(found, int(row))
    return None
