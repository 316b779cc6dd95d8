"""The contracts of many accounts as they stand: terms, value, and what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from replan.decide.opening import Columns, all_base_columns, contract_terms
from replan.engine.curves import RateColumn
from replan.engine.join import take_curve, take_rows
from replan.engine.kernel import roll
from replan.engine.metrics import discount_columns
from replan.engine.money import Cents
from replan.engine.resolve import Resolved, resolve, take
from replan.engine.schedule import Schedule
from replan.engine.stack import roll_columns
from replan.engine.terms import COMPONENTS, LONGEST, Parts, Terms

from .accounts import Accounts
from .cells import Whole
from .kinds import Kind


@dataclass(frozen=True, slots=True)
class Contract:
    """The contracts of accounts of one kind: terms, value, and the typical payment."""

    base: Terms
    terms: Terms
    npv: NDArray[np.float64]
    typical: Cents

    def some(self, accounts: slice) -> Contract:
        """Give the contracts of some of the accounts."""
        usual, worth = take_curve(self.base.base, accounts), self.base.worth
        worth = worth and take_curve(worth, accounts)
        base, terms = (
            replace(take_rows(t, accounts), base=usual, worth=worth)
            for t in (self.base, self.terms)
        )
        return Contract(base, terms, self.npv[accounts], self.typical[accounts])


def columns_of(found: Accounts, rows: Whole, *, dated: bool = False) -> Columns:
    """Give what differs between accounts of one kind, and if they are *dated* their dates."""
    code, ratios = found.rate[rows], np.array(found.ratios)
    amounts = {name: column[rows] for name, column in found.amounts.items()}
    return Columns(
        owed=Parts(*(amounts[c] for c in COMPONENTS)),
        arrears=Parts(*(amounts[f"arrears.{c}"] for c in COMPONENTS)),
        balloon=amounts["balloon"],
        rate=RateColumn(ratios[code, 0], int(ratios[code[0], 1]), _per_day(found, code)),
        count=found.counts["remaining_instalments"][rows],
        instalment=amounts["instalment"],
        dates=(found.days["next_due"][rows], found.days["last_accrual"][rows]) if dated else None,
    )


def _per_day(found: Accounts, code: Whole) -> bool:
    rate = found.rates[int(code[0])]
    return rate is not None and rate.per == "day"


def contract_of(found: Accounts, kind: Kind, rows: Whole) -> Contract:
    """Roll the contracts of some accounts of a kind as they stand."""
    return contracts_of(found, [(kind, rows)])[0]


def contracts_of(found: Accounts, some: Sequence[tuple[Kind, Whole]]) -> list[Contract]:
    """Roll the contracts of accounts of several kinds as they stand, as one batch."""
    bases = all_base_columns(
        [(k.case, k.debt, columns_of(found, rows, dated=k.dated)) for k, rows in some]
    )
    terms = [contract_terms(k.debt, base) for (k, _), base in zip(some, bases, strict=True)]
    return [_contract(*each) for each in zip(bases, terms, *_payments(terms), strict=True)]


def _contract(base: Terms, terms: Terms, today: Cents, paid: Cents) -> Contract:
    discount = discount_columns(terms, terms.base, paid.shape[0])
    value = np.zeros(paid.shape[1])
    for period, amounts in enumerate(paid):
        value += amounts * discount[period]
    return Contract(base, terms, today + value, _typical(today, paid))


def _payments(contracts: Sequence[Terms]) -> tuple[list[Cents], list[Cents]]:
    """Give what is paid today and in each period; what never clears goes on to the longest plan."""
    resolved = [resolve(terms) for terms in contracts]
    rolled = roll_columns(resolved)
    paid = [_paid(s) for s in rolled]
    for at, terms in enumerate(contracts):
        if terms.trims and terms.closes and paid[at].shape[0] >= LONGEST:
            _leave_open(terms, resolved[at], paid[at])
    return [s.zero.payment for s in rolled], paid


def _leave_open(terms: Terms, resolved: Resolved, paid: Cents) -> None:
    """Write what is paid where nothing falls due at the end of the longest plan."""
    rows = np.flatnonzero((resolved.periods >= LONGEST) & (paid[-1] > paid[-2]))
    if rows.size:
        left_open = take(resolve(replace(terms, closes=False)), rows)
        paid[:, rows] = _paid(roll(left_open))


def _paid(rolled: Schedule) -> Cents:
    none = np.zeros((int(rolled.periods.max(initial=0)), rolled.rows), dtype=np.int64)
    return np.array((rolled.matrices or {}).get("payment", none), dtype=np.int64)


def _typical(today: Cents, paid: Cents) -> Cents:
    """Give the payment in the middle of those that are made, else what is paid today."""
    if not paid.shape[0]:
        return today
    ordered, count = np.sort(paid, axis=0), (paid > 0).sum(axis=0)
    at = np.minimum(paid.shape[0] - count + count // 2, paid.shape[0] - 1)
    return np.where(count > 0, ordered[at, np.arange(at.size)], today)
