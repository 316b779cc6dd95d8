"""The oracle's arithmetic: rounding, splits, allocation, the annuity (docs/engine.md, 1 and 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

Amounts = dict[str, int]

ORDER = ("fees", "interest", "penalty", "principal")


# Section 1: amounts and rounding.


def round_fraction(x: Fraction | int, mode: str = "half-up", unit: int = 1) -> int:
    """Round an amount that is not negative to a multiple of `unit`."""
    quotient, rest = divmod(Fraction(x), unit)
    up = {
        "half-up": 2 * rest >= unit,
        "half-even": 2 * rest > unit or (2 * rest == unit and quotient % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[mode]
    return (quotient + up) * unit


def cumulative_split(total: int, n: int) -> list[int]:
    """Split a total in n shares, half-up(total k/n) less the one before (section 4.1)."""
    sums = [round_fraction(Fraction(total * k, n)) for k in range(n + 1)]
    return [b - a for a, b in pairwise(sums)]


def largest_remainder(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Split a total by weight: round down, then one more to the largest remainders, first wins."""
    quotas = [Fraction(total) * w / sum(weights) for w in weights]
    shares = [int(q) for q in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda i: (shares[i] - quotas[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def allocate(amount: int, due: Mapping[str, int], order: Sequence[str]) -> Amounts:
    """Pay what is due, component by component, in the order given (section 4.4)."""
    paid: Amounts = {}
    for name in order:
        paid[name] = min(amount - sum(paid.values()), due.get(name, 0))
    return paid


def annuity(
    principal: int | Fraction,
    factors: Sequence[Fraction],
    weights: Sequence[Fraction | int] | None = None,
    balloon: int | Fraction = 0,
    held: int = 0,
) -> Fraction:
    """Give A = (P + H v_1 - B v_n) / sum(w_i v_i), v_i = 1 / prod(1 + r_j, j <= i), section 4.2."""
    discount, worth = Fraction(1), Fraction(0)
    for r, w in zip(factors, weights or [1] * len(factors), strict=True):
        discount /= 1 + r
        worth += w * discount
    return (principal + held / (1 + factors[0]) - balloon * discount) / worth


def level_instalment(
    annuity: Fraction, stream: int, n: int, *, weight: Fraction | int = 1, mode: str, unit: int
) -> int:
    """Round weight x annuity + stream / n, once (section 4.2)."""
    return round_fraction(weight * annuity + Fraction(stream, n), mode, unit)
