"""Offers for card debts computed again outside the program: whole cents, fractions, nothing else.

Principal alone at a yearly rate, a month a twelfth of the year; waivers of charges that are nil, a
lower rate, a deferral whose interest is spread, level instalments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import floor
from typing import NamedTuple

CUTS, DEFERRED, COUNTS = (0, 50), (0, 1, 3), (12, 24, 36, 48, 60)


class Told(NamedTuple):
    """What an offer says, in cents."""

    plan: str
    instalment: int
    peak: int
    months: int
    total: int
    loss: int


def half_up(amount: Fraction) -> int:
    """Round to whole cents."""
    return floor(amount + Fraction(1, 2))


def payments(principal: int, monthly: Fraction, deferred: int, count: int) -> list[int]:
    """Give what is paid month by month: nothing, then level instalments and a last one."""
    aside = sum(half_up(principal * monthly) for _ in range(deferred))
    annuity = principal / value([1] * count, 12 * monthly)
    level = half_up(annuity + Fraction(aside, count))
    paid, left = [0] * deferred, principal
    for k in range(1, count):
        part = half_up(Fraction(aside * k, count)) - half_up(Fraction(aside * (k - 1), count))
        left -= level - part - half_up(left * monthly)
        paid.append(level)
    last = aside - half_up(Fraction(aside * (count - 1), count))
    return [*paid, left + half_up(left * monthly) + last]


def kept(principal: int, rate: Fraction, instalment: int) -> int:
    """Value a contract whose instalment is paid until all is; without one all is due now."""
    left, paid = principal, list[int]()
    while left and instalment:
        due = left + half_up(left * rate / 12)
        paid.append(min(instalment, due))
        left = due - paid[-1]
    return round(value(paid, rate)) if instalment else principal


def value(paid: Sequence[int], rate: Fraction) -> Fraction:
    """Discount monthly payments at the yearly rate."""
    return sum((amount / (1 + rate / 12) ** k for k, amount in enumerate(paid, 1)), Fraction(0))


def offer(principal: int, rate: Fraction, worth: int, step: tuple[int, int, int]) -> Told:
    """Compute one plan: a cut, a deferral, instalments; *worth* is the contract's value."""
    cut, deferred, count = step
    paid = payments(principal, rate * (100 - cut) / 1200, deferred, count)
    steps = [f"rate cut={cut}%"] * bool(cut) + [f"defer {deferred}"] * bool(deferred)
    plan = " + ".join([*steps, f"split {count}"])
    later = sorted(amount for amount in paid if amount)
    typical = later[len(later) // 2]
    return Told(plan, typical, max(paid), len(paid), sum(paid), worth - round(value(paid, rate)))


def ranked(
    principal: int, rate: Fraction, surplus: int | None, *, instalment: int = 0
) -> list[Told]:
    """Rank all plans that give up at most a quarter and fit the surplus, the least asked first."""
    worth = kept(principal, rate, instalment)
    every = [offer(principal, rate, worth, step) for step in product(CUTS, DEFERRED, COUNTS)]
    inside = [o for o in every if 4 * o.loss <= worth]
    fits = [o for o in inside if surplus is None or o.peak <= surplus]
    return sorted(fits, key=lambda o: (o.loss, o.peak, o.total, o.months))


def cents(amount: str) -> int:
    """Read an amount with at most two decimals; nothing is nil."""
    found = re.fullmatch(r"(\d+)(?:\.(\d{1,2}))?", amount or "0")
    if found is None:
        raise ValueError(amount)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
