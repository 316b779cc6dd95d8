"""Figures of a plan: one function per figure, from dated whole payments.

Ratios (NPV, APR, shares) are floats, as is usual; amounts are whole minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from statistics import median_high

import numpy as np
from numpy.typing import NDArray

from .curves import Curve, RateColumn, flat_curve
from .factors import Factors, resolve_factors
from .rates import Convention, apr, apr_periods, nominal
from .terms import Terms

APR_CONVENTIONS: dict[str, Convention] = {
    "cn": "nominal",
    "us": "us",
    "uk": "uk",
    "eu": "eu",
}
"""How the annual rate of a plan is stated under each law; elsewhere as an effective rate."""


@dataclass(frozen=True, slots=True)
class Flows:
    """Dated payments of the borrower: whole minor units, the first at the as-of date."""

    dates: tuple[date, ...]
    payments: tuple[int, ...]


def first_payment(flows: Flows) -> tuple[date, int] | None:
    """Give the day and amount of the first payment."""
    pairs = zip(flows.dates, flows.payments, strict=True)
    return next(((day, paid) for day, paid in pairs if paid), None)


def typical_payment(payments: Sequence[int]) -> int:
    """Give the payment in the middle when payments are sorted by size; nothings do not count.

    For level instalments this is the instalment.
    """
    paid = [amount for amount in payments if amount]
    return median_high(paid) if paid else 0


def months_until(start: date, end: date) -> int:
    """Count calendar months from one day to another, rounded up."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(months + (end.day > start.day), 0)


def discount_factors(terms: Terms, curve: Curve, periods: int) -> NDArray[np.float64]:
    """Give what a unit due at the end of each period is worth at the as-of date.

    The stated rate is taken as periodic nominal by the debt's day count.
    """
    return discount_columns(terms, curve, periods)[:, 0]


def discount_columns(terms: Terms, curve: Curve, periods: int) -> NDArray[np.float64]:
    """Give the same for terms of several debts: (periods, debts).

    At the contract's rate (`terms.base`) a contract whose price is a fee is valued at its yield.
    """
    if curve is terms.base and terms.worth is not None:
        curve = terms.worth
    calendar = replace(terms.calendar, start=np.array([terms.as_of]))
    factors = resolve_factors(calendar, curve, terms.day_count)
    width = max(calendar.due.shape[1], *(s.rate.num.size for s in curve))
    growth = np.ones((periods + 1, width))
    growth[1:] += factor_ratios(factors, periods)
    return np.asarray(np.divide.accumulate(growth)[1:])


def factor_ratios(factors: Factors, periods: int) -> NDArray[np.float64]:
    """Give the factor of each period as a float, a column for each rate: (periods, rates)."""
    num, den = factors.num * factors.time, factors.den * factors.span
    ratio = num[:periods].astype(np.float64) / den[:periods].astype(np.float64)
    return np.broadcast_to(ratio, (periods, ratio.shape[1]))


def npv(terms: Terms, curve: Curve, flows: Flows) -> float:
    """Value a plan's payments at the as-of date, in minor units; the first is not discounted."""
    later = np.array([float(paid) for paid in flows.payments[1:]])
    return float(flows.payments[0]) + float(later @ discount_factors(terms, curve, later.size))


def plan_apr(
    outlay: int, flows: Flows, convention: Convention, years: Sequence[float] | None = None
) -> float | None:
    """Give the annual rate at which the payments are worth the outlay; None: there is none.

    `nominal` is twelve times the monthly equivalent of the yield, with time counted in `years`
    from the as-of date (by the debt's day count), or in days over 365 without them; the other
    conventions count by their own rules.
    """
    amounts = [outlay - flows.payments[0], *(-paid for paid in flows.payments[1:])]
    if outlay <= flows.payments[0] or not any(amounts[1:]):
        return None
    kept = [i for i, amount in enumerate(amounts) if amount or not i]
    values, dates = [amounts[i] for i in kept], [flows.dates[i] for i in kept]
    if convention != "nominal":
        stated = apr(values, dates, convention=convention)
        return stated if stated is not None and stated > -1 else None
    if years is None:
        effective = apr(values, dates, convention="xirr")
    else:
        effective = apr_periods(values, [years[i] for i in kept])
    if effective is None or effective <= -1:
        return None
    found = nominal(effective, 12)
    # below −100 % a yearly rate says nothing to anybody
    return found if found > -1 else None


def years_until(terms: Terms, periods: int) -> list[float]:
    """Give the years from the as-of date to it and to the end of each period, by the day count."""
    return [float(year) for year in years_columns(terms, periods)[:, 0]]


def years_columns(terms: Terms, periods: int) -> NDArray[np.float64]:
    """Give the same for terms of several debts: (periods + 1, debts or 1)."""
    calendar = replace(terms.calendar, start=np.array([terms.as_of]))
    plain = resolve_factors(calendar, flat_curve(RateColumn.of(Fraction(1))), terms.day_count)
    ratios = factor_ratios(plain, periods)
    return np.concatenate([np.zeros((1, ratios.shape[1])), np.add.accumulate(ratios)])
