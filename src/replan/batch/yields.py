"""Annual rates of offers on dates of their own, as a single case states them."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.parts import Dates
from replan.decide.figures import apr_convention
from replan.engine.irr import yields_apart
from replan.engine.rates import apr_columns
from replan.model.case import Case

from .cells import Whole

Floats = NDArray[np.float64]
YEAR = 365


def rates_apart(case: Case, dates: Dates, paid: tuple[Whole, Whole], flows: Floats) -> Floats:
    """State the annual rate of offers that pay in the same periods, each on its owner's dates.

    *paid* are these periods (from 0) and the owners, *flows* are (periods + 1, offers).
    """
    used, owner = paid
    convention = apr_convention(case)
    today = np.full((1, owner.size), case.as_of.toordinal())
    days = np.concatenate([today, dates.paid[np.ix_(used, owner)]])
    if convention == "nominal" and dates.years is not None:
        years = dates.years[np.ix_(np.append(0, used + 1), owner)]
        return monthly_rate(yields_apart(flows, years))
    if convention == "xirr":
        return yields_apart(flows, (days - days[0]) / YEAR)
    found = np.full(owner.size, np.nan)
    _, which = np.unique(days, axis=1, return_inverse=True)
    for alike in range(int(which.max(initial=-1)) + 1):
        some = np.flatnonzero(which.reshape(-1) == alike)
        on = [date.fromordinal(int(day)) for day in days[:, some[0]]]
        found[some] = apr_columns(flows[:, some], on, convention=convention)
    return found


def monthly_rate(effective: Floats) -> Floats:
    """Give twelve times the monthly equivalent of effective rates."""
    with np.errstate(invalid="ignore", divide="ignore"):
        monthly = 12 * np.expm1(np.log1p(effective) / 12)
    return np.where((effective > -1) & (monthly > -1), monthly, np.nan)
