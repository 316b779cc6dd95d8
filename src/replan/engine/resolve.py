"""Resolved columns: terms with every date, rate and phase laid out for the kernel."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .curves import Curve
from .factors import Factors, Quoted, charges_due, resolve_factors, resolve_quote
from .money import Cents
from .phases import Asks, Phases, Unpaid
from .terms import Calendar, Minimum, Order, Parts, Rounding, Terms

Rows = slice | NDArray[np.int64]
"""Some rows of a batch: a run of them is a view, a list of them a copy."""


@dataclass(frozen=True, slots=True)
class PhaseColumns:
    """The phases in their order: what each asks, and per row how long and how much.

    `count` is (K, R), `amount` (K, R) or (K, 1). Every row passes through all phases; those it does
    not have last no period.
    """

    asks: tuple[Asks, ...]
    unpaid: tuple[Unpaid, ...]
    weight: tuple[int, ...]
    anew: tuple[bool, ...]
    count: NDArray[np.int64]
    amount: Cents

    @property
    def used(self) -> tuple[int, ...]:
        """List the phases that any row has."""
        return tuple(k for k, count in enumerate(self.count) if count.any())


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """All that the kernel reads. Row columns are (R,); period columns (T or 1, R).

    `owed` and `before` are what is owed after and before row 0's waivers and capitalisation;
    `early` the factor from the last accrual to the as-of date, where principal changes then.
    `penalty`, `falls_due`, `missed`: what it costs to pay nothing. `catch_parts`: the parts in
    which `overdue` principal is repaid beside the instalments.
    """

    owed: Parts
    before: Cents
    demanded: Parts
    down: Cents
    forborne: Cents
    balloon: Cents
    factors: Factors
    quoted: Quoted
    phases: PhaseColumns
    rounding: Rounding
    order: Order
    early: Factors | None = None
    base: Factors | None = None
    fee: Cents
    fee_parts: NDArray[np.int64]
    charges: Cents | None = None
    minimum: Minimum | None = None
    penalty: Factors | None = None
    falls_due: Cents | None = None
    missed: NDArray[np.bool_] | None = None
    compounds: bool = False
    late_fee: Cents
    overdue: Cents
    catch_parts: NDArray[np.int64] | None = None
    prepay: Cents | None = None
    even_shares: bool = False
    inside: bool = False
    closes: bool = True
    periods: NDArray[np.int64]


def take(columns: Any, index: Rows) -> Any:
    """Select rows of a dataclass of columns, recursively; the last axis is the row."""
    changes: dict[str, Any] = {}
    for f in fields(columns):
        value = getattr(columns, f.name)
        if isinstance(value, np.ndarray):
            changes[f.name] = value if value.shape[-1] == 1 else _take_column(value, index)
        elif isinstance(value, (Parts, Factors, PhaseColumns, Quoted)):
            changes[f.name] = take(value, index)
        elif isinstance(value, tuple) and value and isinstance(value[0], Factors):
            changes[f.name] = tuple(take(v, index) for v in value)
    return replace(columns, **changes)


def is_nothing(column: NDArray[Any]) -> bool:
    """Tell whether a column is zero throughout; one value may stand for all rows."""
    if not column.size:
        return True
    return not (column.any() if column.strides[-1] else column[..., 0].any())


def _take_column(column: NDArray[Any], index: Rows) -> NDArray[Any]:
    """Select rows; one value that stands for all rows is not copied."""
    if isinstance(index, slice) or column.strides[-1]:
        return np.asarray(column[..., index])
    return np.broadcast_to(column[..., :1], (*column.shape[:-1], index.size))


def resolve_phases(phases: Phases, rows: int) -> PhaseColumns:
    """Lay phases out; what is the same for all rows stays one value."""
    count = np.empty((len(phases), rows), dtype=np.int64)
    for k, phase in enumerate(phases):
        count[k] = phase.count
    wide = any(p.amount.size > 1 for p in phases)
    amount = np.zeros((len(phases), rows if wide else 1), dtype=np.int64)
    for k, phase in enumerate(phases):
        amount[k] = phase.amount
    return PhaseColumns(
        asks=tuple(p.asks for p in phases),
        unpaid=tuple(p.unpaid for p in phases),
        weight=tuple(p.weight for p in phases),
        anew=tuple(p.anew for p in phases),
        count=count,
        amount=amount,
    )


def resolve(terms: Terms) -> Resolved:
    """Turn a definition into what the kernel reads."""
    rows = terms.rows
    early, calendar = _early(terms)
    terms = replace(terms, calendar=calendar)
    overdue, catch_up = terms.overdue, terms.catch_up
    charges = charges_due(calendar, terms.charges, calendar.due[0]) if terms.charges else None
    factors = _factors(terms, terms.curve)
    late = overdue.principal if overdue else catch_up.principal if catch_up else _column(0, rows)
    return Resolved(
        owed=_parts(terms.owed, rows),
        before=_column(terms.opening.principal, rows),
        demanded=_parts(terms.demanded, rows),
        down=_column(terms.down, rows),
        forborne=_column(terms.forborne, rows),
        balloon=_column(terms.balloon, rows),
        factors=factors,
        quoted=resolve_quote(terms, factors),
        phases=resolve_phases(terms.phases, rows),
        rounding=terms.rounding,
        order=terms.order,
        early=early,
        base=None if terms.base is terms.curve else _factors(terms, terms.base),
        fee=_column(terms.fee, rows),
        fee_parts=_column(terms.fee_parts, rows),
        charges=charges,
        minimum=terms.minimum if any(p.asks is Asks.MINIMUM for p in terms.phases) else None,
        penalty=_factors(terms, overdue.curve) if overdue else None,
        falls_due=_matrix(overdue.falls_due, rows) if overdue else None,
        missed=_matrix(overdue.missed, rows) if overdue else None,
        compounds=bool(overdue and overdue.compounds),
        late_fee=_column(overdue.late_fee if overdue else 0, rows),
        overdue=_column(late, rows),
        catch_parts=_column(catch_up.parts, rows) if catch_up else None,
        prepay=_prepayments(terms),
        even_shares=terms.even_shares,
        inside=terms.inside,
        closes=terms.closes,
        periods=np.asarray(terms.periods, dtype=np.int64),
    )


def _factors(terms: Terms, curve: Curve) -> Factors:
    return resolve_factors(terms.calendar, curve, terms.day_count)


def _early(terms: Terms) -> tuple[Factors | None, Calendar]:
    """Let interest up to the as-of date accrue in row 0, in rows whose principal is changed then.

    Arrears demanded are no change: what they have borne until then stands in the case.
    """
    start = terms.calendar.start
    changed = terms.opening.principal != terms.owed.principal
    changed = changed | (terms.down > 0) | (terms.forborne > 0)
    today = np.maximum(start, terms.as_of)
    if not changed.all():
        today = np.where(changed, today, start)
    if not (start < today).any():
        return None, terms.calendar
    until = replace(terms.calendar, due=today[None, :], moved=frozenset())
    early = resolve_factors(until, terms.curve, terms.day_count)
    return early, replace(terms.calendar, start=today)


def _column(value: Any, rows: int) -> Cents:
    column = np.asarray(value, dtype=np.int64)
    return column if column.shape == (rows,) else np.broadcast_to(column, (rows,))


def _matrix(value: NDArray[Any], rows: int) -> NDArray[Any]:
    return np.broadcast_to(value, (value.shape[0], rows))


def _parts(parts: Parts, rows: int) -> Parts:
    return Parts(*(_column(getattr(parts, f.name), rows) for f in fields(parts)))


def _prepayments(terms: Terms) -> Cents | None:
    if not terms.prepay:
        return None
    extra = np.zeros((int(terms.periods.max()), terms.rows), dtype=np.int64)
    for period, amount in terms.prepay:
        if period <= extra.shape[0]:
            extra[period - 1] += amount
    return extra
