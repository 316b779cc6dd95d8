"""What is told of accounts: their offers with exact figures, or why there are none, as Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import decode
from replan.decide.candidates.limits import Exceeded
from replan.decide.candidates.parts import Cents, Part
from replan.decide.candidates.space import Space
from replan.decide.figures import apr_convention
from replan.engine.irr import yield_columns
from replan.engine.rates import apr_columns
from replan.model.case import Case
from replan.strategies.notation import Step

from .accounts import Accounts
from .cells import EPOCH, Coded, Whole
from .choice import Choice
from .ids import offer_ids
from .schema import offer_schema
from .yields import monthly_rate, rates_apart

APR_DIGITS = 9
"""Decimals of an annual rate: far finer than any law asks, coarse enough to be the same always."""
RATED = 1_024
"""Offers whose annual rates are found together."""


@dataclass(slots=True)
class Told:
    """Rows to tell: columns by name, filled piece by piece, in any order of accounts.

    `texts` hold those of text as Arrow arrays, without what is empty; `offer` marks offers.
    `printed` remembers how steps print, by identity, with the steps so that none takes another's.
    """

    columns: dict[str, list[NDArray[Any]]] = field(default_factory=dict)
    texts: dict[str, list[Any]] = field(default_factory=dict)
    offer: list[NDArray[np.bool_]] = field(default_factory=list)
    printed: dict[int, tuple[Step, str]] = field(default_factory=dict)

    def add(self, rows: int, **values: Any) -> None:
        """Add some rows; what is not given is nothing."""
        for name, empty in EMPTY.items():
            value = values.get(name, empty)
            column = value if isinstance(value, np.ndarray) else np.full(rows, value, KINDS[name])
            self.columns.setdefault(name, []).append(column)
        for name in TEXTS:
            self.texts.setdefault(name, []).append(_text_column(values.get(name, ""), rows))
        self.offer.append(np.broadcast_to(values["status"] == "offer", (rows,)))


def _text_column(value: Any, rows: int) -> Any:
    """Lay out one text for all rows, or one for each."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if isinstance(value, str):
        return pa.repeat(pa.scalar(value or None, pa.string()), rows)
    if isinstance(value, Coded):
        return pa.array([word or None for word in value.words], pa.string()).take(
            pa.array(value.code)
        )
    texts = np.asarray(value, dtype=object)
    return pa.array(texts, pa.string(), mask=texts == "")


TEXTS = ("status", "reason", "field", "message", "objective", "plan", "verdict", "findings")
AMOUNTS = (
    "instalment",
    "first_payment",
    "peak_payment",
    "total_paid",
    "residual",
    "waived",
    "npv_loss",
)
NUMBERS = ("row", "rank", "first_due", "months", "instalments", *AMOUNTS)
KINDS: dict[str, Any] = {
    **dict.fromkeys(NUMBERS, np.int64), "apr": np.float64,
}  # fmt: skip
EMPTY: dict[str, Any] = {
    **dict.fromkeys(NUMBERS, 0), "apr": np.nan,
}  # fmt: skip


def tell_offers(  # noqa: PLR0913  # an offer is told from all of these
    told: Told,
    case: Case,
    space: Space,
    choice: Choice,
    rows: Whole,
    *,
    objectives: Sequence[str],
    verdict: Sequence[str] | Coded,
    peak: Cents,
    findings: Sequence[Exceeded] = (),
) -> None:
    """Tell the chosen offers of some accounts and why others have none."""
    index = choice.index
    told.add(
        index.size,
        row=rows[choice.owner],
        status="offer",
        rank=choice.rank,
        objective=Coded(choice.objective, objectives),
        plan=_plans(space, index, told.printed),
        instalment=_typical(space, index),
        first_payment=space.first_payment[index],
        first_due=space.first_due[index],
        peak_payment=peak,
        months=space.months[index],
        instalments=space.instalments[index],
        total_paid=space.total[index],
        residual=space.residual[index],
        waived=space.waived[index],
        npv_loss=space.npv_loss[index],
        apr=_aprs(case, space, choice),
        verdict=verdict,
        findings=_findings(findings, index),
    )
    none = np.flatnonzero(~choice.chosen)
    why = [choice.why[i] for i in none]
    told.add(none.size, row=rows[none], status="no-offer", reason=why)


def _findings(limits: Sequence[Exceeded], index: Whole) -> list[str] | str:
    """List by name the limits that a plan given for all is outside of."""
    if not limits:
        return ""
    return [";".join(x.name for x in limits if x.outside[i]) for i in index]


def _parts_of(space: Space, index: Whole) -> list[tuple[Part, Whole, Whole]]:
    """Give each part with the chosen candidates in it: their places in *index* and in the part."""
    home = np.searchsorted(space.begins, index, side="right") - 1
    found = []
    for at in np.unique(home):
        mine = np.flatnonzero(home == at)
        found.append((space.parts[at], mine, index[mine] - space.begins[at]))
    return found


def _typical(space: Space, index: Whole) -> Cents:
    """Give the payment in the middle of those after today, else what is paid today."""
    found = np.zeros(index.size, dtype=np.int64)
    for part, mine, places in _parts_of(space, index):
        # of level instalments that is the instalment, if they are more than the first and the last
        level = part.level[places] & (part.end[places] > part.start[places] + 1)
        found[mine] = part.instalment[places]
        others = np.flatnonzero(~level)
        if others.size:
            paid = part.by_period(places[others])
            found[mine[others]] = _middle(part.today[places[others]], paid)
    return found


def _middle(today: Cents, paid: Cents) -> Cents:
    if not paid.size:
        return today
    ordered, count = np.sort(paid, axis=0), (paid > 0).sum(axis=0)
    at = np.minimum(ordered.shape[0] - count + count // 2, ordered.shape[0] - 1)
    return np.asarray(np.where(count > 0, ordered[at, np.arange(at.size)], today))


def _plans(space: Space, index: Whole, printed: dict[int, tuple[Step, str]]) -> Coded:
    """Print each plan; one that many accounts are offered is printed once, and so is a step."""

    def text(step: Step) -> str:
        if id(step) not in printed:
            printed[id(step)] = (step, str(step))
        return printed[id(step)][1]

    found, words = np.zeros(index.size, dtype=np.int64), list[str]()
    for part, mine, places in _parts_of(space, index):
        size = prod(len(choice) for choice in part.offer)
        code_of = part.code[places] % size
        used = np.bincount(code_of, minlength=size) > 0
        found[mine] = (np.cumsum(used) - 1 + len(words))[code_of]
        codes = np.flatnonzero(used).tolist()
        words += [" + ".join(map(text, decode(part.offer, code))) for code in codes]
    return Coded(found, words)


def _aprs(case: Case, space: Space, choice: Choice) -> NDArray[np.float64]:
    """State the annual rate of each offer on what was owed before waivers, as a single case does.

    NaN where something stays owed or nothing is lent.
    """
    index, found = choice.index, np.full(choice.index.size, np.nan)
    owed = np.asarray(space.owed, dtype=np.int64)[index]
    solve = _nominal if apr_convention(case) == "nominal" else _by_dates
    for part, mine, places in _parts_of(space, index):
        today = part.today[places]
        lent = (space.residual[index[mine]] == 0) & (owed[mine] > today) & (part.end[places] > 0)
        for some, used in _alike(part, places):
            fine = some[lent[some]]
            if fine.size:
                outlay = (owed[mine[fine]] - today[fine]).astype(np.float64)
                flows = np.concatenate([outlay[None], -_payments(part, places[fine], used)])
                if part.dates.paid.ndim > 1 and part.owner is not None:
                    owner = part.owner[places[fine]]
                    found[mine[fine]] = rates_apart(case, part.dates, (used, owner), flows)
                else:
                    found[mine[fine]] = solve(case, part, np.append(0, used + 1), flows)
    return np.round(found, APR_DIGITS)


def _alike(part: Part, places: Whole) -> Iterator[tuple[Whole, Whole]]:
    """Group candidates that pay in the same periods (from 0); tell which."""
    level = part.level[places]
    plain = np.flatnonzero(level)
    key = part.start[places[plain]] * (part.dates.periods + 1) + part.end[places[plain]]
    for some in _groups(key):
        one = places[plain[some[0]]]
        yield plain[some], np.arange(part.start[one] - 1, part.end[one])
    others = np.flatnonzero(~level)
    if others.size:
        pays = part.by_period(places[others]) > 0
        _, which = np.unique(np.packbits(pays, axis=0), axis=1, return_inverse=True)
        for some in _groups(which.reshape(-1)):
            yield others[some], np.flatnonzero(pays[:, some[0]])


def _groups(key: Whole) -> Iterator[Whole]:
    """Yield the places of each value, in their order, few at a time: each takes many periods."""
    if not key.size:
        return
    order = np.argsort(key, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
        yield from (group[at : at + RATED] for at in range(0, group.size, RATED))


def _payments(part: Part, places: Whole, used: Whole) -> NDArray[np.float64]:
    """Give what candidates pay in the periods in which they pay."""
    if not part.level[places[0]]:
        return part.by_period(places)[used].astype(np.float64)
    found = np.empty((used.size, places.size))
    found[:] = part.instalment[places]
    found[0], found[-1] = part.first[places], part.last[places]
    return found


def _nominal(case: Case, part: Part, used: Whole, flows: NDArray[np.float64]) -> Any:
    """Twelve times the monthly equivalent; time by the debt's day count."""
    del case
    years = part.dates.years
    effective = yield_columns(flows, np.zeros(used.size) if years is None else years[used])
    return monthly_rate(effective)


def _by_dates(case: Case, part: Part, used: Whole, flows: NDArray[np.float64]) -> Any:
    """Count by the calendar, as laws do."""
    ordinals = np.append(case.as_of.toordinal(), part.dates.paid)
    days = [date.fromordinal(int(day)) for day in ordinals[used]]
    return apr_columns(flows, days, convention=apr_convention(case))


def to_arrow(
    told: Told, found: Accounts, *, seed: bytes, valid_until: date, carried: Sequence[str] = ()
) -> Any:
    """Lay out all rows by account, in the order of the accounts, as a record batch."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    columns = {name: np.concatenate(parts) for name, parts in told.columns.items()}
    order = np.argsort(columns["row"], kind="stable")
    columns = {name: column[order] for name, column in columns.items()}
    schema, offer = offer_schema(found.exponent), np.concatenate(told.offer)[order]
    rows = pa.array(columns["row"])
    until = np.full(offer.size, valid_until.toordinal() - EPOCH)
    dated = columns["first_due"] - EPOCH
    place = pa.array(np.cumsum(offer) - 1, mask=~offer)
    special = {
        "account": _names(found).take(rows),
        "offer_id": offer_ids(found, columns["row"][offer], seed).take(place),
        "valid_until": pa.array(until, pa.int32(), mask=~offer).cast(pa.date32()),
        "first_due": pa.array(dated, pa.int32(), mask=~offer).cast(pa.date32()),
        "apr": pa.array(columns["apr"], mask=np.isnan(columns["apr"])),
        "shared": _text_column(found.shared, found.rows).take(rows),
    }
    taken = pa.array(order)
    special |= {name: pa.concat_arrays(parts).take(taken) for name, parts in told.texts.items()}
    arrays = [
        special[item.name] if item.name in special else _array(item, columns[item.name], ~offer)
        for item in schema
    ]
    schema = schema.insert(0, pa.field("row", pa.int64()))
    arrays.insert(0, rows)
    for name in carried:
        schema = schema.append(pa.field(name, found.table[name].type))
        arrays.append(found.table[name].take(rows))
    return pa.record_batch(arrays, schema=schema)


def _names(found: Accounts) -> Any:
    """Name the accounts; what is rejected for a control character must not reach a terminal."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    names = found.table["account"].cast(pa.string())
    return pc.replace_substring_regex(names, r"\pC+", "") if found.rejects else names


def _array(item: Any, column: NDArray[Any], without: NDArray[np.bool_]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if item.name in AMOUNTS:
        return decimals(column, item.type, without)
    return pa.array(column, item.type, mask=without)


def decimals(value: Cents, kind: Any, mask: Any) -> Any:
    """Write minor units as decimals: 128 bits, the lower word first."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    words = np.empty((value.size, 2), dtype=np.int64)
    words[:, 0], words[:, 1] = value, value >> 63
    valid = pa.array(~mask).buffers()[1]
    return pa.Array.from_buffers(kind, value.size, [valid, pa.py_buffer(words)])
