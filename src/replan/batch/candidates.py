"""Every candidate plan of many accounts of one kind, with its figures as columns, exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import Expansion, Frame, Offer, expand
from replan.decide.candidates.measure import Figures, Part, least_rate, measure
from replan.decide.candidates.space import Space
from replan.decide.opening import Columns, base_columns, contract_terms, plan_terms
from replan.decide.plans import paid_on
from replan.decide.waterfall import poured
from replan.engine.curves import RateColumn
from replan.engine.kernel import roll
from replan.engine.metrics import discount_columns
from replan.engine.money import Cents
from replan.engine.resolve import resolve, take
from replan.engine.terms import COMPONENTS, LONGEST, Parts, Terms
from replan.strategies.notation import Step, Steps, parse_plan

from .accounts import Accounts, Kind
from .cells import Whole


@dataclass(frozen=True, slots=True)
class Contract:
    """The contracts of accounts of one kind: terms, value, and the typical payment."""

    base: Terms
    terms: Terms
    npv: NDArray[np.float64]
    typical: Cents


def columns_of(found: Accounts, rows: Whole) -> Columns:
    """Give what differs between accounts of one kind."""
    code, ratios = found.rate[rows], np.array(found.ratios)
    amounts = {name: column[rows] for name, column in found.amounts.items()}
    return Columns(
        owed=Parts(*(amounts[c] for c in COMPONENTS)),
        arrears=Parts(*(amounts[f"arrears.{c}"] for c in COMPONENTS)),
        balloon=amounts["balloon"],
        rate=RateColumn(ratios[code, 0], int(ratios[code[0], 1]), _per_day(found, code)),
        count=found.counts["remaining_instalments"][rows],
        instalment=amounts["instalment"],
    )


def _per_day(found: Accounts, code: Whole) -> bool:
    rate = found.rates[int(code[0])]
    return rate is not None and rate.per == "day"


def contract_of(kind: Kind, columns: Columns) -> Contract:
    """Roll the contracts of all accounts as they stand."""
    base = base_columns(kind.case, kind.debt, columns)
    terms = contract_terms(kind.debt, base)
    today, paid = _payments(terms)
    discount = discount_columns(terms, terms.base, paid.shape[0])
    value = np.zeros(paid.shape[1])
    for period, amounts in enumerate(paid):
        value += amounts * discount[period]
    return Contract(base, terms, today + value, _typical(today, paid))


def _payments(terms: Terms) -> tuple[Cents, Cents]:
    """Give what is paid today and in each period; what never clears goes on to the longest plan."""
    resolved = resolve(terms)
    rolled = roll(resolved)
    paid = _paid(rolled.matrices, resolved.periods.size, resolved.periods)
    if terms.trims and terms.closes and paid.shape[0] >= LONGEST:
        endless = (resolved.periods >= LONGEST) & (paid[-1] > paid[-2])
        rows = np.flatnonzero(endless)
        if rows.size:
            left_open = take(resolve(replace(terms, closes=False)), rows)
            again = roll(left_open)
            paid[:, rows] = _paid(again.matrices, rows.size, left_open.periods)
    return rolled.zero.payment, paid


def _paid(matrices: Any, rows: int, periods: Whole) -> Cents:
    none = np.zeros((int(periods.max(initial=0)), rows), dtype=np.int64)
    return np.array((matrices or {}).get("payment", none), dtype=np.int64)


def _typical(today: Cents, paid: Cents) -> Cents:
    """Give the payment in the middle of those that are made, else what is paid today."""
    if not paid.shape[0]:
        return today
    ordered, count = np.sort(paid, axis=0), (paid > 0).sum(axis=0)
    at = np.minimum(paid.shape[0] - count + count // 2, paid.shape[0] - 1)
    return np.where(count > 0, ordered[at, np.arange(at.size)], today)


def space_of_accounts(found: Accounts, kind: Kind, rows: Whole, menu: Sequence[Offer]) -> Space:
    """Evaluate every candidate of a menu for some accounts of a kind, as many at a time as given.

    The columns are those of a space of one debt; `parts` tell the owner of each candidate, a place
    in *rows*. A waterfall is poured account by account.
    """
    contract = contract_of(kind, columns_of(found, rows))
    how, on = Expansion(_start(kind, contract), pour_of(kind)), paid_on(kind.case, kind.debt)
    measured: list[tuple[Part, Figures]] = []
    refused = []
    for offer in menu:
        frames, fell = expand(offer, how)
        refused += fell
        for frame in frames:
            part, figures, _ = measure(offer, frame, on, several=True)
            if part.code.size:
                measured.append((part, figures))
    return _gathered(kind, contract, measured, tuple(refused))


def contract_space(kind: Kind, contract: Contract) -> Space:
    """Give the contracts of accounts of one kind as candidates; those that never end are none."""
    offer: Offer = ((CONTRACT,),)
    frame = Frame(contract.terms, np.arange(contract.terms.rows), (contract.terms.rows,))
    part, figures, _ = measure(offer, frame, paid_on(kind.case, kind.debt), several=True)
    return _gathered(kind, contract, [(part, figures)] if part.code.size else [], ())


(CONTRACT,) = parse_plan("contract").steps_for("account", usual=True) or ()


def _start(kind: Kind, contract: Contract) -> Any:
    def start(keeps: bool) -> Terms:
        if keeps and not kind.debt.accelerated:
            return replace(contract.terms, demanded=contract.terms.arrears, closes=True)
        return plan_terms(kind.debt, contract.base)

    return start


def pour_of(kind: Kind) -> Callable[[Terms, Step], Steps]:
    """Say how a waterfall to an amount is poured for one account of a kind."""

    def pour(terms: Terms, step: Step) -> Steps:
        return poured(kind.case, kind.debt, terms, (step,))

    return pour


def _gathered(
    kind: Kind, contract: Contract, measured: Sequence[tuple[Part, Figures]], refused: Any
) -> Space:
    none = np.zeros(0, dtype=np.int64)
    columns = {
        f.name: np.concatenate([getattr(figures, f.name) for _, figures in measured] or [none])
        for f in fields(Figures)
    }
    owner = owners([part for part, _ in measured])
    sizes = [part.code.size for part, _ in measured]
    opening, terms = contract.base.opening, contract.base
    loss = np.rint(contract.npv)[owner] - np.rint(columns["npv"])
    return Space(
        debt=kind.debt,
        as_of=kind.case.as_of,
        parts=tuple(part for part, _ in measured),
        refused=refused,
        contract_npv=contract.npv[owner],
        contract_payment=contract.typical[owner],
        contract_rate=np.broadcast_to(least_rate(contract.terms), contract.npv.shape)[owner],
        owed_by={c: getattr(opening, c)[owner] for c in COMPONENTS},
        months_per_period=float(12 / terms.calendar.frequency.periods_per_year),
        exponent=terms.exponent,
        npv_loss=loss.astype(np.int64),
        begins=np.cumsum([0, *sizes[:-1]]) if sizes else none,
        **columns,
    )


def owners(parts: Sequence[Part]) -> Whole:
    """Give the owner of each candidate."""
    found = [p.owner for p in parts if p.owner is not None]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
