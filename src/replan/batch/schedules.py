"""Schedules of many offers as one table: the rows that `replan show` gives for each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import Expansion, Frame, expand
from replan.decide.opening import base_columns, contract_terms, plan_terms
from replan.decide.plans import paid_on
from replan.decide.solver.joint import CONTRACT
from replan.engine.kernel import roll
from replan.engine.money import Cents
from replan.engine.resolve import resolve
from replan.engine.schedule import Schedule
from replan.engine.terms import CHARGES, COMPONENTS, LONGEST, Promise, Terms
from replan.errors import UsageError
from replan.model.text import quote
from replan.model.values import parse_date

from .accounts import Accounts, read_accounts
from .candidates import pour_of
from .cells import EPOCH, Whole
from .contracts import columns_of
from .kinds import Kind, kinds_of
from .offers import Job, menu_of_plan
from .result import decimals
from .template import by_itself, names_no_day

if TYPE_CHECKING:
    import pyarrow as pa

ROLLED = 2_048
"""Offers that are rolled together: what they pay is kept until it is laid out."""
LAID_OUT = 512
"""Offers whose rows are laid out together: some megabytes."""
AMOUNTS = (
    "opening",
    *(f"accrued_{c}" for c in CHARGES),
    "capitalised",
    *(f"waived_{c}" for c in COMPONENTS),
    "payment",
    *COMPONENTS,
    "balance",
)
"""The amounts of a row, named as `replan show` names them in CSV."""
ACCRUED = {"interest": "accrued", "penalty": "penalty_accrued", "fees": "fees_accrued"}


def schedules(
    accounts: pa.RecordBatch,
    offers: pa.RecordBatch,
    *,
    as_of: date | str,
    currency: str,
    defaults: Mapping[str, Any] | None = None,
) -> pa.RecordBatch:
    """Give the schedule of every offer in a record batch of offers, exactly, row by row.

    *offers* are some or all that `replan.offers` gave for *accounts* with the same *as_of*,
    *currency* and *defaults*; other accounts may stand among them. An offer has a row 0 for the
    as-of date, then one for each period, in the order of the offers: the rows of `replan show` for
    that account and plan. Amounts are exact decimals, dates those on which money is due.

    Raises UsageError for an offer whose account is not there, and where the payments of a schedule
    do not add up to the offer's `total_paid`: then the offer was made for other figures.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    usual = {"currency": currency} | dict(defaults or {})
    found = list(schedules_of(accounts, offers, as_of=parse_date(as_of), defaults=usual))
    if len(found) == 1:
        return found[0]
    return pa.Table.from_batches(found).combine_chunks().to_batches()[0]


def schedules_in(batch: Any, told: Any, job: Job) -> Iterator[Any]:
    """Yield the schedules of the offers that a settled job gave for a record batch."""
    return schedules_of(batch, told, as_of=job.as_of, defaults=job.defaults)


def schedules_of(
    batch: Any, told: Any, *, as_of: date, defaults: Mapping[str, Any]
) -> Iterator[Any]:
    """Yield schedules in record batches of some megabytes; one without rows if there is none.

    Memory does not grow with the number of offers, but for the accounts that are read.
    """
    found = read_accounts(batch, as_of, defaults)
    offers, row = _offers(told, found)
    plans = dict.fromkeys(offers.column("plan").to_pylist())
    menus = {plan: menu_of_plan(plan) for plan in plans if plan != CONTRACT}
    by_count, by_dates = (
        not all(test(menu) for menu in menus.values()) for test in (by_itself, names_no_day)
    )
    kinds = kinds_of(found, by_count=by_count, by_dates=by_dates)
    if not offers.num_rows:
        yield _no_rows(found.exponent)
    for begin in range(0, offers.num_rows, ROLLED):
        some = offers.slice(begin, ROLLED)
        rolled = _roll_offers(found, kinds, some, row[begin : begin + ROLLED])
        for at in range(0, some.num_rows, LAID_OUT):
            yield _laid_out(rolled, some.slice(at, LAID_OUT), at, found.exponent)


def schedule_schema(exponent: int) -> pa.Schema:
    """Give the columns of a table of schedules in a currency with so many decimals.

    `n` counts the periods, 0 is the as-of date. `accrued_…` and `waived_…` are by component,
    `principal` … `fees` the parts of the payment, `opening` and `balance` what is owed before and
    after: opening + accrued − waived − payment = balance in every row.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    amount = pa.decimal128(18, exponent)
    texts = [("account", pa.string()), ("offer_id", pa.string()), ("rank", pa.int8())]
    dated = [("n", pa.int32()), ("due", pa.date32())]
    return pa.schema([*texts, *dated, *((name, amount) for name in AMOUNTS)])


def _offers(told: Any, found: Accounts) -> tuple[Any, Whole]:
    """Select the offers; give the place of each one's account."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    offers = told.filter(pc.equal(told.column("status"), "offer"))
    names = offers.column("account")
    row = pc.index_in(names, value_set=found.table["account"].cast(pa.string())).fill_null(-1)
    place = np.asarray(row.to_numpy(zero_copy_only=False), dtype=np.int64)
    for at in np.flatnonzero(place < 0)[:1]:
        _refuse(names[int(at)].as_py(), "is not among the accounts")
    return offers, place


def _refuse(account: str, why: str) -> None:
    raise UsageError(
        f"The account {quote(account)} {why}. "
        "Give the accounts, the date and the constants that the offers were made with."
    )


@dataclass(frozen=True, slots=True)
class _Rolled:
    """Offers of one plan to accounts of one kind: their places, and their rows as matrices.

    `columns` are (periods + 1, offers) minor units, row 0 first; what is zero throughout is absent.
    `due` are ordinals.
    """

    places: Whole
    length: Whole
    due: Whole
    columns: Mapping[str, Cents]


def _roll_offers(found: Accounts, kinds: Sequence[Kind], offers: Any, row: Whole) -> list[_Rolled]:
    """Roll offers, those of one plan to accounts of one kind together."""
    coded = offers.column("plan").dictionary_encode()
    which = np.asarray(coded.indices)
    home = np.full(found.rows, -1, dtype=np.int64)
    for number, kind in enumerate(kinds):
        home[kind.rows] = number
    owner = home[row]
    for at in np.flatnonzero(owner < 0)[:1]:
        _refuse(offers.column("account")[int(at)].as_py(), "cannot be read")
    rolled: list[_Rolled] = []
    for number, code in sorted({*zip(owner.tolist(), which.tolist(), strict=True)}):
        places = np.flatnonzero((owner == number) & (which == code))
        plan = coded.dictionary[code].as_py()
        rolled += _roll_plan(found, kinds[number], plan, row[places], places)
    _check_all(rolled, offers)
    return rolled


def _roll_plan(
    found: Accounts, kind: Kind, plan: str, rows: Whole, places: Whole
) -> Iterator[_Rolled]:
    """Apply a plan to accounts and roll it; accounts that it does not apply to are left out."""
    base = base_columns(kind.case, kind.debt, columns_of(found, rows, dated=kind.dated))

    def start(keeps: bool) -> Terms:
        if keeps and not kind.debt.accelerated:
            contract = contract_terms(kind.debt, base)
            return replace(contract, demanded=contract.arrears, closes=True)
        return plan_terms(kind.debt, base)

    if plan == CONTRACT:
        terms = contract_terms(kind.debt, base)
        if terms.trims and int(terms.periods.max()) >= LONGEST:
            terms = replace(terms, closes=False)  # what never clears is shown, not paid off
        yield _matrices(Frame(terms, np.arange(rows.size)), kind, places)
        return
    (offer,) = menu_of_plan(plan)
    frames, _ = expand(offer, Expansion(start, pour_of(kind)))
    for frame in frames:
        yield _matrices(frame, kind, places[frame.code])


def _matrices(frame: Frame, kind: Kind, places: Whole) -> _Rolled:
    """Roll a frame, and lay out its rows by period."""
    # what a cheaper rate forgoes is not shown, and would cost as much as the roll itself
    terms = replace(frame.terms, base=frame.terms.curve)
    schedule = roll(resolve(terms))
    paid = _column(schedule, "payment")
    length = _length(terms, schedule, paid)
    columns = _paid(terms, schedule, paid)
    columns |= _waived(terms, paid, length)
    named = ("accrued_interest", "accrued_penalty", "accrued_fees")
    change = sum((columns[name] for name in named), start=-columns["payment"])
    change = change - sum(columns[f"waived_{c}"] for c in COMPONENTS)
    columns["balance"] = terms.opening.total + change.cumsum(axis=0)
    columns["opening"] = columns["balance"] - change
    told = {name: column for name, column in columns.items() if column.any()}
    return _Rolled(places, length, _due(terms, kind, paid.shape[0]), told)


def _due(terms: Terms, kind: Kind, periods: int) -> Whole:
    """Give the days on which money is due, the as-of date first: (periods + 1, rows or 1)."""
    due = terms.calendar.due[:periods]
    if not kind.dated:  # where accounts have dates of their own none moves on a holiday
        on = paid_on(kind.case, kind.debt)
        days = [on(date.fromordinal(int(day))).toordinal() for day in due[:, 0]]
        due = np.array(days, dtype=np.int64)[:, None]
    return _under(np.array([terms.as_of]), due)


def _due_of(some: _Rolled, mine: Whole) -> Whole:
    return np.asarray(np.broadcast_to(some.due, (some.due.shape[0], some.places.size))[:, mine])


def _column(schedule: Schedule, name: str) -> Cents:
    """Give a column of a rolled batch, (periods, rows)."""
    height = int(schedule.periods.max(initial=0))
    matrices = schedule.matrices or {}
    if name not in matrices:
        return np.zeros((height, schedule.rows), dtype=np.int64)
    return matrices[name].astype(np.int64)


def _length(terms: Terms, schedule: Schedule, paid: Cents) -> Whole:
    """Count the periods of each row; a plan that ends when the debt is cleared ends there."""
    if not terms.trims or not paid.shape[0]:
        return np.asarray(schedule.periods, dtype=np.int64)
    pays = paid > 0
    last = paid.shape[0] - pays[::-1].argmax(axis=0)
    return np.where(pays.any(axis=0), last, 0)


def _paid(terms: Terms, schedule: Schedule, paid: Cents) -> dict[str, Cents]:
    """Give what accrues and what is paid to what, the as-of date first."""
    zero, rows = schedule.zero, schedule.rows
    none = np.zeros(rows, dtype=np.int64)
    today = {"interest": terms.charged + zero.accrued, "penalty": none, "fees": none}
    columns = {
        f"accrued_{c}": _under(today[c], _column(schedule, name)) for c, name in ACCRUED.items()
    }
    columns["capitalised"] = _under(terms.capitalised, _column(schedule, "capitalised"))
    columns["payment"] = _under(zero.payment, paid)
    for c in CHARGES:
        columns[c] = _under(getattr(zero, c), _column(schedule, c))
    columns["principal"] = columns["payment"] - sum(columns[c] for c in CHARGES)
    return columns


def _under(first: Cents, rest: Cents) -> Cents:
    """Put a row above others."""
    return np.concatenate([np.broadcast_to(first, (1, rest.shape[1])), rest])


def _waived(terms: Terms, paid: Cents, length: Whole) -> dict[str, Cents]:
    """Give what is forgiven and when; a condition counts as kept."""
    none = np.zeros(paid.shape, dtype=np.int64)
    found = {c: _under(getattr(terms.waived, c), none) for c in COMPONENTS}
    every = np.arange(paid.shape[1])
    for promise in terms.promises:
        at = _kept_in(promise, paid, length)
        for c in COMPONENTS:
            found[c][at, every] += getattr(promise.amounts, c)
    return {f"waived_{c}": column for c, column in found.items()}


def _kept_in(promise: Promise, paid: Cents, length: Whole) -> NDArray[np.int64]:
    """Find the period (from 1) of the K-th payment; the last for completion or a K beyond it."""
    if not promise.after:
        return length
    reached = (paid > 0).cumsum(axis=0) >= promise.after
    return np.where(reached.any(axis=0), reached.argmax(axis=0) + 1, length)


def _check_all(rolled: Sequence[_Rolled], offers: Any) -> None:
    """Refuse offers whose schedule pays another total than they say: they rest on other figures."""
    paid = np.full(offers.num_rows, -1, dtype=np.int64)
    for some in rolled:
        column = some.columns.get("payment")
        paid[some.places] = 0 if column is None else column.sum(axis=0)
    stated = offers.column("total_paid")
    same = _arrow_decimals(paid, stated.type)
    for at, (mine, theirs) in enumerate(zip(same.to_pylist(), stated.to_pylist(), strict=True)):
        if mine != theirs:
            _refuse(offers.column("account")[at].as_py(), "has other figures than its offer")


def _arrow_decimals(value: Cents, kind: Any) -> Any:
    return decimals(np.ascontiguousarray(value), kind, np.zeros(value.size, dtype=np.bool_))


def _laid_out(rolled: Sequence[_Rolled], offers: Any, begin: int, exponent: int) -> Any:
    """Lay out the rows of some offers, in their order; *begin* is the place of the first."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    here = [(some, *_inside(some, begin, offers.num_rows)) for some in rolled]
    here = [found for found in here if found[1].size]
    length = np.zeros(offers.num_rows, dtype=np.int64)
    for some, mine, places in here:
        length[places] = some.length[mine]
    shown = np.arange(int(length.max(initial=0)) + 1) <= length[:, None]
    owner, n = np.nonzero(shown)
    due = _gathered(here, shown, _due_of)
    schema = schedule_schema(exponent)
    arrays = [offers.column(name).take(pa.array(owner)) for name in schema.names[:3]]
    arrays += [pa.array(n.astype(np.int32))]
    arrays += [pa.array((due - EPOCH).astype(np.int32)).cast(pa.date32())]
    for name in AMOUNTS:
        with_it = [found for found in here if name in found[0].columns]
        column = _gathered(with_it, shown, lambda some, mine, c=name: some.columns[c][:, mine])
        arrays.append(_arrow_decimals(column, schema.field(name).type))
    return pa.record_batch(arrays, schema=schema)


def _gathered(
    here: Sequence[tuple[_Rolled, Whole, Whole]], shown: Any, column_of: Callable[..., Cents]
) -> Cents:
    """Bring a column's periods into the order of the offers, and leave out what is not shown."""
    found = np.zeros(shown.shape, dtype=np.int64)
    for some, mine, places in here:
        column = column_of(some, mine)
        width = min(column.shape[0], shown.shape[1])
        found[places, :width] = column[:width].T
    return np.asarray(found[shown])


def _inside(some: _Rolled, begin: int, size: int) -> tuple[Whole, Whole]:
    """Give which of rolled offers stand in a run of places, and where in it."""
    mine = np.flatnonzero((some.places >= begin) & (some.places < begin + size))
    return mine, some.places[mine] - begin


def _no_rows(exponent: int) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    schema = schedule_schema(exponent)
    return pa.record_batch([pa.array([], item.type) for item in schema], schema=schema)
