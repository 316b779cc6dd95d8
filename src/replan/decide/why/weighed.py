"""Why weighed instalments, stepped up or seasonal, are what they are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from replan.decide.evaluate import Evaluated
from replan.engine.level import exact_annuity, round_weighed, span_of
from replan.engine.money import round_fraction
from replan.engine.phases import SPREADING, WEIGHT, Asks
from replan.engine.resolve import resolve

from .reasons import Reason, money, reason, set_aside

_DIGITS = 6
"""Decimals with which the annuity of weight 1 is printed; it is used exactly."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The annuity of weight 1, what is spread besides, and the weight of each row from `first`."""

    annuity: Fraction
    stream: int
    count: int
    first: int
    weights: tuple[int, ...]


def is_weighed(found: Evaluated) -> bool:
    """Tell whether instalments follow weights other than 1."""
    return any(p.weight != WEIGHT and p.count.any() for p in found.terms.phases)


def weighed_reasons(found: Evaluated) -> list[Reason]:
    """Explain the annuity of weight 1, and the instalment of each weight with a row that pays it.

    Nothing is said where the schedule does not follow them throughout, as after a change of rate
    on the way: a formula that does not give the figure would be worse than none.
    """
    basis = _basis(found)
    if basis is None:
        return []
    e, rounding = found.terms.exponent, found.terms.rounding
    principal = money(found.rows[basis.first].bearing, e)
    shown = _number(basis.annuity / 10**e)
    text = (
        "instalment of weight 1 = annuity of {principal} from row {first} on, with the weights "
        "of {count} instalments = {result}"
    )
    count = len(basis.weights)
    listed = [
        reason(
            *("instalment", "why-weight-one", text),
            principal=principal,
            first=basis.first,
            count=count,
            result=shown,
        )
    ]
    for weight in dict.fromkeys(basis.weights[:-1]):
        amount = round_weighed(basis.annuity, _share(basis), weight, rounding)
        row = next((n for n in _rows(basis, weight) if _asked(found, n) == amount), None)
        if row is None:
            return []
        listed.append(_of_weight(found, basis, weight, row, amount))
    return listed


def _of_weight(found: Evaluated, basis: _Weighed, weight: int, row: int, amount: int) -> Reason:
    e = found.terms.exponent
    extra = f" + {money(basis.stream, e)} / {basis.count}" if basis.stream else ""
    times = _number(Fraction(weight, WEIGHT))
    text = "instalment of weight {times}, as in row {row} = {sum}, rounded {rounding} = {result}"
    return reason(
        "instalment",
        "why-weighed",
        text,
        row=row,
        times=times,
        sum=f"{times} × {_number(basis.annuity / 10**e)}{extra}",
        rounding=found.terms.rounding.instalment,
        result=money(amount, e),
    )


def _basis(found: Evaluated) -> _Weighed | None:
    """Compute the annuity of weight 1 anew, from the first weighed instalment on."""
    phases = found.terms.phases
    at = next((k for k, p in enumerate(phases) if p.asks is Asks.LEVEL and p.count[0]), None)
    later = phases[at:] if at is not None else ()
    if at is None or any(p.asks is not Asks.LEVEL or p.amount.any() for p in later if p.count[0]):
        return None
    begin = sum(int(p.count[0]) for p in phases[:at])
    weights = tuple(p.weight for p in later for _ in range(int(p.count[0])))
    row, terms = found.rows[begin + 1], found.terms
    balloon = min(int(terms.balloon[0]), row.bearing)
    span = span_of(resolve(terms), begin, at, slice(None))
    stream = max(row.opening - row.bearing - int(terms.forborne[0]) - set_aside(found), 0)
    count = max(int(span.left(SPREADING)[0]), 1)
    annuity = exact_annuity(span, 0, row.bearing, balloon)
    return _Weighed(annuity, stream, count, begin + 1, weights)


def _rows(basis: _Weighed, weight: int) -> list[int]:
    """List the rows of a weight; the last instalment absorbs the residue and is none of them."""
    weights = basis.weights[:-1]
    return [basis.first + k for k, w in enumerate(weights) if w == weight]


def _share(basis: _Weighed) -> Fraction:
    return Fraction(basis.stream, basis.count)


def _asked(found: Evaluated, row: int) -> int:
    """Return what a row pays besides the charges that are due on top of its instalment."""
    paid = found.rows[row]
    return paid.payment - sum(paid.accrued.get(name, 0) for name in ("fees", "penalty"))


def _number(value: Fraction) -> str:
    """Print an exact number with six decimals at most: 959.236512, 1.1."""
    whole = Decimal(round_fraction(value * 10**_DIGITS, "half-up")).scaleb(-_DIGITS)
    text = f"{whole:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
