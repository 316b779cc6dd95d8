"""What is told of accounts: their offers with exact figures, or why there are none, as Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import decode
from replan.decide.candidates.limits import Exceeded
from replan.decide.candidates.measure import Cents, Part
from replan.decide.candidates.space import Space
from replan.decide.figures import apr_convention
from replan.engine.irr import yield_columns
from replan.engine.rates import apr_columns
from replan.model.case import Case

from .accounts import Accounts
from .cells import EPOCH, Whole
from .choice import Choice
from .schema import offer_schema

APR_DIGITS = 9
"""Decimals of an annual rate: far finer than any law asks, coarse enough to be the same always."""


@dataclass(slots=True)
class Told:
    """Rows to tell: columns by name, filled piece by piece, in any order of accounts."""

    columns: dict[str, list[NDArray[Any]]] = field(default_factory=dict)

    def add(self, rows: int, **values: Any) -> None:
        """Add some rows; what is not given is nothing."""
        for name, empty in EMPTY.items():
            value = values.get(name, empty)
            column = value if isinstance(value, np.ndarray) else np.full(rows, value, KINDS[name])
            self.columns.setdefault(name, []).append(column)


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
    **dict.fromkeys(NUMBERS, np.int64), **dict.fromkeys(TEXTS, object), "apr": np.float64,
}  # fmt: skip
EMPTY: dict[str, Any] = {
    **dict.fromkeys(NUMBERS, 0), **dict.fromkeys(TEXTS, ""), "apr": np.nan,
}  # fmt: skip


def tell_offers(  # noqa: PLR0913  # an offer is told from all of these
    told: Told,
    case: Case,
    space: Space,
    choice: Choice,
    rows: Whole,
    *,
    objectives: Sequence[str],
    verdict: Sequence[str],
    peak: Cents,
    findings: Sequence[Exceeded] = (),
) -> None:
    """Tell the chosen offers of some accounts and why others have none."""
    index = choice.index
    paid = _paid(space, index)
    named = np.array([*objectives], dtype=object)
    told.add(
        index.size,
        row=rows[choice.owner],
        status="offer",
        rank=choice.rank,
        objective=named[choice.objective] if index.size else "",
        plan=_plans(space, index),
        instalment=_typical(paid),
        first_payment=space.first_payment[index],
        first_due=space.first_due[index],
        peak_payment=peak,
        months=space.months[index],
        instalments=space.instalments[index],
        total_paid=space.total[index],
        residual=space.residual[index],
        waived=space.waived[index],
        npv_loss=space.npv_loss[index],
        apr=_aprs(case, space, choice, paid),
        verdict=np.array(verdict, dtype=object),
        findings=_findings(findings, index),
    )
    none = np.flatnonzero(~choice.chosen)
    why = np.array([choice.why[i] for i in none], dtype=object)
    told.add(none.size, row=rows[none], status="no-offer", reason=why)


def _findings(limits: Sequence[Exceeded], index: Whole) -> NDArray[Any] | str:
    """List by name the limits that a plan given for all is outside of."""
    if not limits:
        return ""
    broken = [[x.name for x in limits if x.outside[i]] for i in index]
    return np.array([";".join(names) for names in broken], dtype=object)


def _parts_of(space: Space, index: Whole) -> list[tuple[Part, Whole, Whole]]:
    """Give each part with the chosen candidates in it: their places in *index* and in the part."""
    home = np.searchsorted(space.begins, index, side="right") - 1
    found = []
    for at in np.unique(home):
        mine = np.flatnonzero(home == at)
        found.append((space.parts[at], mine, index[mine] - space.begins[at]))
    return found


def _paid(space: Space, index: Whole) -> Cents:
    """Give what chosen candidates pay, today in row 0 and then in each period."""
    height = max((p.dates.paid.size for p in space.parts), default=0)
    paid = np.zeros((height + 1, index.size), dtype=np.int64)
    for part, mine, places in _parts_of(space, index):
        paid[0, mine] = part.today[places]
        paid[1 : part.dates.paid.size + 1, mine] = part.by_period(places)
    return paid


def _typical(paid: Cents) -> Cents:
    """Give the payment in the middle of those after today, else what is paid today."""
    later = np.sort(paid[1:], axis=0)
    if not later.size:
        return np.asarray(paid[0])
    count = (later > 0).sum(axis=0)
    at = np.minimum(later.shape[0] - count + count // 2, later.shape[0] - 1)
    return np.asarray(np.where(count > 0, later[at, np.arange(at.size)], paid[0]))


def _plans(space: Space, index: Whole) -> NDArray[Any]:
    """Print each plan; one that many accounts are offered is printed once."""
    found = np.full(index.size, "", dtype=object)
    for part, mine, places in _parts_of(space, index):
        size = prod(len(choice) for choice in part.offer)
        codes, which = np.unique(part.code[places] % size, return_inverse=True)
        texts = [" + ".join(map(str, decode(part.offer, int(code)))) for code in codes]
        found[mine] = np.array(texts, dtype=object)[which]
    return found


def _aprs(case: Case, space: Space, choice: Choice, paid: Cents) -> NDArray[np.float64]:
    """State the annual rate of each offer on what was owed before waivers, as a single case does.

    NaN where something stays owed or nothing is lent.
    """
    index, found = choice.index, np.full(choice.index.size, np.nan)
    owed = np.asarray(space.owed, dtype=np.int64)[index]
    open_ones = (space.residual[index] == 0) & (owed > paid[0]) & (paid[1:] > 0).any(axis=0)
    solve = _nominal if apr_convention(case) == "nominal" else _by_dates
    for part, mine, _ in _parts_of(space, index):
        some = mine[open_ones[mine]]
        height = part.dates.paid.size + 1
        if some.size:
            found[some] = solve(case, part, owed[some], paid[:height, some])
    return np.round(found, APR_DIGITS)


def _flows(owed: Cents, paid: Cents) -> NDArray[np.float64]:
    flows = -paid.astype(np.float64)
    flows[0] = (owed - paid[0]).astype(np.float64)
    return flows


def _nominal(case: Case, part: Part, owed: Cents, paid: Cents) -> NDArray[np.float64]:
    """Twelve times the monthly equivalent; time by the debt's day count."""
    del case
    years = np.zeros(len(paid)) if part.dates.years is None else part.dates.years
    effective = yield_columns(_flows(owed, paid), years)
    with np.errstate(invalid="ignore", divide="ignore"):
        monthly = 12 * np.expm1(np.log1p(effective) / 12)
    return np.where((effective > -1) & (monthly > -1), monthly, np.nan)


def _by_dates(case: Case, part: Part, owed: Cents, paid: Cents) -> NDArray[np.float64]:
    """Count by the calendar, as laws do: once for all offers that pay on the same dates."""
    flows, found = _flows(owed, paid), np.full(owed.size, np.nan)
    ordinals = np.concatenate([[case.as_of.toordinal()], part.dates.paid])
    _, which = np.unique(np.packbits(flows != 0, axis=0), axis=1, return_inverse=True)
    for pattern in range(int(which.max()) + 1):
        some = np.flatnonzero(which.reshape(-1) == pattern)
        used = np.flatnonzero(flows[:, some[0]])
        days = [date.fromordinal(int(day)) for day in ordinals[used]]
        convention = apr_convention(case)
        found[some] = apr_columns(flows[np.ix_(used, some)], days, convention=convention)
    return found


def to_arrow(
    told: Told, found: Accounts, *, seed: bytes, valid_until: date, carried: Sequence[str] = ()
) -> Any:
    """Lay out all rows by account, in the order of the accounts, as a record batch."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    columns = {name: np.concatenate(parts) for name, parts in told.columns.items()}
    order = np.lexsort([np.arange(columns["row"].size), columns["row"]])
    columns = {name: column[order] for name, column in columns.items()}
    schema, offer = offer_schema(found.exponent), columns["status"] == "offer"
    columns["shared"] = found.shared[columns["row"]]
    ids = _ids(found, columns, offer, seed)
    until = np.full(offer.size, valid_until.toordinal() - EPOCH)
    dated = columns["first_due"] - EPOCH
    special = {
        "account": _clean(found.table["account"].cast(pa.string())).take(pa.array(columns["row"])),
        "offer_id": pa.array(ids, pa.string(), mask=~offer),
        "valid_until": pa.array(until, pa.int32(), mask=~offer).cast(pa.date32()),
        "first_due": pa.array(dated, pa.int32(), mask=~offer).cast(pa.date32()),
        "apr": pa.array(columns["apr"], mask=np.isnan(columns["apr"])),
    }
    arrays = [
        special[item.name] if item.name in special else _array(item, columns[item.name], ~offer)
        for item in schema
    ]
    schema = schema.insert(0, pa.field("row", pa.int64()))
    arrays.insert(0, pa.array(columns["row"]))
    for name in carried:
        schema = schema.append(pa.field(name, found.table[name].type))
        arrays.append(found.table[name].take(pa.array(columns["row"])))
    return pa.record_batch(arrays, schema=schema)


def _clean(texts: Any) -> Any:
    """Remove control characters: what is rejected for them must not reach a terminal."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    return pc.replace_substring_regex(texts, r"\pC+", "")


def _array(item: Any, column: NDArray[Any], without: NDArray[np.bool_]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if item.name in (*TEXTS, "shared"):
        return pa.array(column, pa.string(), mask=column == "")
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


def _ids(found: Accounts, columns: Any, offer: Any, seed: bytes) -> NDArray[Any]:
    """Name each offer: a hash of the account, its figures and what the run was given; its place."""
    ids = np.full(offer.size, "", dtype=object)
    some = np.flatnonzero(offer)
    if not some.size:
        return ids
    rows = columns["row"][some]
    once, which = np.unique(rows, return_inverse=True)
    names = found.table["account"].take(once).to_pylist()
    facts = _facts(found, once)
    stamps = [
        blake2b(f"{name}\0".encode() + fact.tobytes() + told, digest_size=10, key=seed).hexdigest()
        for name, fact, told in zip(names, facts, _told_words(found, once), strict=True)
    ]
    place = np.arange(some.size) - np.searchsorted(rows, rows) + 1
    ids[some] = [f"{stamps[w]}-{p}" for w, p in zip(which, place, strict=True)]
    return ids


def tell_apart(found: Accounts, groups: Sequence[Sequence[int]]) -> None:
    """Let the offers of each group of rows rest on what is known of all its accounts."""
    rows = np.arange(found.rows)
    names = found.table["account"].to_pylist()
    facts, words = _facts(found, rows), _told_words(found, rows)
    codes = np.zeros(found.rows, dtype=np.int64)
    means: list[Any] = [None]
    for group in groups:
        if len(group) > 1:
            parts = [f"{names[r]}\0".encode() + facts[r].tobytes() + words[r] for r in group]
            means.append(blake2b(b"\0".join(sorted(parts)), digest_size=10).hexdigest())
            codes[[*group]] = len(means) - 1
    found.words["beside"], found.means["beside"] = codes, means


def _facts(found: Accounts, rows: Whole) -> Whole:
    """Give the numbers on which an account's offers rest, a row per account."""
    numbers = [*found.amounts.values(), *found.counts.values(), *found.days.values()]
    known = [flags.astype(np.int64) for flags in found.given.values()]
    return np.ascontiguousarray(np.stack([c[rows] for c in (*numbers, *known)]).T, dtype="<i8")


def _told_words(found: Accounts, rows: Whole) -> list[bytes]:
    """Give the words and the rate on which an account's offers rest; alike for many accounts."""
    coded = [*found.words.values(), found.rate]
    means = [*found.means.values(), [r and (str(r.fraction), r.per) for r in found.rates]]
    stacked = np.stack([c[rows] for c in coded])
    once, which = np.unique(stacked, axis=1, return_inverse=True)
    texts = [
        "\0".join(str(values[code]) for values, code in zip(means, codes, strict=True)).encode()
        for codes in once.T
    ]
    return [texts[w] for w in which.reshape(-1)]
