"""Exact integer money: rounding a ratio over columns, and splitting a sum without losing a unit.

A column of amounts is an array of whole minor units. The kernel carries it as integer-valued
float64 where that is proved exact, and as Python integers where it is not; `carrier` decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

RoundingMode = Literal["half-up", "half-even", "up", "down"]
ROUNDING_MODES: tuple[RoundingMode, ...] = ("half-up", "half-even", "up", "down")

Cents = NDArray[np.int64]
Column = NDArray[Any]
"""Whole numbers as float64 (proved exact), int64 or Python integers."""

EXACT_FLOAT = 2**53
"""Below this every whole number is a float64, and sums of two such numbers are exact."""


def round_fraction(value: Fraction, mode: RoundingMode) -> int:
    """Round one non-negative fraction to a whole number."""
    return round_quotient(value.numerator, value.denominator, mode)


def round_quotient(n: int, d: int, mode: RoundingMode) -> int:
    """Round n/d to a whole number, for n from 0 and d from 1; they may have common factors."""
    if mode == "half-up":
        return (2 * n + d) // (2 * d)
    if mode == "half-even":
        whole, rest = divmod(n, d)
        return whole + (2 * rest > d or (2 * rest == d and whole % 2 == 1))
    return -(-n // d) if mode == "up" else n // d


def round_ratio(x: Column, num: Column, den: Column, mode: RoundingMode) -> Column:
    """Round x·num/den to whole numbers, exactly, in the carrier of *x*.

    All operands are whole and non-negative, den positive; the last axis of *num* and *den* is that
    of *x*, or has one element.
    """
    return rounder(num, den, mode, top=_top(x), wide=x.dtype != np.float64)(x)


class Rounder(Protocol):
    """Rounds x·num/den for the first rows of a batch; into *out* where that is given."""

    def __call__(self, x: Column, out: Column | None = None) -> Column:
        """Give the rounded column for the first rows, as many as *x* has."""


def rounder(
    num: Column, den: Column, mode: RoundingMode, *, top: float, wide: bool = False
) -> Rounder:
    """Prepare `x ↦ round(x·num/den)` for columns x of whole numbers from 0 to *top*.

    Three paths, each exact. While 2·top·num + den < 2⁵³, in float64: the quotient of two such
    numbers is on the right side of every tie, because a non-tie is at least 1/(2·den) away.
    Beyond, a float64 estimate corrected by the exact int64 remainder modulo 2⁶⁴.
    Beyond that, or for columns of Python integers (*wide*), Python integers.
    """
    num, den = np.asarray(num), np.asarray(den)
    if wide:
        return partial(_round_object, num=num, den=den, mode=mode)
    product = 2.0 * top * _top(num) + 2.0 * _top(den)
    if product < EXACT_FLOAT:
        by = divisor(_operand(den), mode, low=product < EXACT_FLOAT / 4)
        return by.rounder(_operand(num) * by.factor)
    operands = max(top, _top(num), top * _top(num) / _low(den))
    if operands < EXACT_FLOAT / 4 and _top(den) < 2**60:
        return partial(_round_wide, n=num.astype(np.int64), d=den.astype(np.int64), mode=mode)
    return partial(_round_beyond, num=num, den=den, mode=mode)


def _top(x: Column) -> float:
    return float(np.max(x)) if np.size(x) else 0.0


def _low(x: Column) -> float:
    return float(np.min(x)) if np.size(x) else 1.0


def _operand(x: Column) -> Any:
    return float(x.reshape(-1)[0]) if x.size == 1 else x.astype(np.float64)


def _first(x: Any, rows: int) -> Any:
    """Give the operand of the first rows; one element serves all."""
    return x[:rows] if np.ndim(x) and x.size > 1 else x


@dataclass(frozen=True, slots=True)
class Divisor:
    """How quotients are rounded in float64: by what numerators are multiplied, then how divided."""

    factor: float
    shift: Any
    by: Any
    scale: np.ufunc
    finish: np.ufunc

    def rounder(self, num: Any) -> Rounder:
        """Give the rounder of numerators that are multiplied by the factor already."""
        shift, by, scale, finish = self.shift, self.by, self.scale, self.finish
        shifts = not isinstance(shift, float) or shift != 0.0

        def apply(x: Column, out: Column | None = None) -> Column:
            rows = x.size
            quotient: Column = np.multiply(x, _first(num, rows), out=out)
            if shifts:
                np.add(quotient, _first(shift, rows), out=quotient)
            scale(quotient, _first(by, rows), out=quotient)
            result: Column = finish(quotient, out=quotient)
            return result

        return apply


def divisor(den: Any, mode: RoundingMode, *, low: bool) -> Divisor:
    """Prepare to round in float64; while products stay *low*, by the reciprocal, not a division.

    Half a step is then added first, so that the quotient q is at least 1/(2·den) from every whole
    number, while the two roundings err by less than q·2⁻⁵², which is less below products of 2⁵¹.
    """
    if mode == "half-even":
        return Divisor(1.0, 0.0, den, np.divide, np.rint)
    factor, shift = 1.0, 0.0
    if mode == "half-up":
        factor, shift, den = 2.0, den, den * 2.0
    elif mode == "up":
        shift = den - 1.0
    if low:
        return Divisor(factor, shift + 0.5, 1.0 / den, np.multiply, np.floor)
    return Divisor(factor, shift, den, np.divide, np.floor)


def _round_wide(
    x: Column, out: Column | None = None, *, n: Cents, d: Cents, mode: RoundingMode
) -> Column:
    n, d = _first(n, x.size), _first(d, x.size)
    quotient = np.floor(x * n.astype(np.float64) / d.astype(np.float64)).astype(np.int64)
    with np.errstate(over="ignore"):
        rest = x.astype(np.int64) * n - quotient * d
    step = np.floor_divide(rest, d)
    quotient += step
    rest -= step * d
    return _into(out, quotient + _carry(rest, d, quotient, mode))


def _round_beyond(
    x: Column, out: Column | None = None, *, num: Column, den: Column, mode: RoundingMode
) -> Column:
    whole = _round_object(x, num=num, den=den, mode=mode)
    if out is None and _top(whole) >= EXACT_FLOAT:
        return whole
    return _into(out, whole)


def _into(out: Column | None, whole: Column) -> Column:
    """Give whole numbers below 2⁵³ as float64."""
    if out is None:
        return whole.astype(np.float64)
    out[:] = whole
    return out


def _round_object(
    x: Column, out: Column | None = None, *, num: Column, den: Column, mode: RoundingMode
) -> Column:
    product = as_object(x) * as_object(_first(num, x.size))
    d = np.broadcast_to(as_object(_first(den, x.size)), product.shape)
    quotient = product // d
    rounded = as_object(quotient + _carry(product - quotient * d, d, quotient, mode))
    if out is None:
        return rounded
    out[:] = rounded
    return out


def _carry(rest: Column, den: Column, quotient: Column, mode: RoundingMode) -> Column:
    """Tell by the remainder whether the quotient goes up by one."""
    if mode == "down":
        return np.zeros_like(quotient)
    if mode == "up":
        return (rest > 0).astype(quotient.dtype)
    over = rest > den - rest
    tie = rest == den - rest
    if mode == "half-even":
        tie = tie & (quotient % 2 == 1)
    return np.asarray((over | tie).astype(quotient.dtype))


def as_carried(whole: Column, like: Column) -> Column:
    """Give whole floats in the carrier of another column.

    A float among Python integers would be printed as one, and rounded where they are exact.
    """
    if like.dtype != object:
        return whole.astype(like.dtype)
    column = np.empty(whole.shape, dtype=np.object_)
    column[:] = [int(value) for value in whole.tolist()]
    return column


def as_object(x: Column) -> Column:
    """Give the same whole numbers as Python integers."""
    array = np.asarray(x)
    if array.dtype == object:
        return array
    return array.astype(np.int64).astype(object)


def carry_as(column: Column, *, wide: bool) -> Column:
    """Copy whole numbers into the kernel's carrier: Python integers if *wide*, else float64."""
    return as_object(column).copy() if wide else np.array(column, dtype=np.float64)


def split_by_weight(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total in proportion to weights, exactly, by largest remainder.

    Units left over go to the largest remainders; ties go to the earlier row.
    All weights zero: an even split.
    """
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares
