"""Rates of return and annual percentage rates of one plan: irr, npv, apr and their conversions.

One plan is a batch of one: the arithmetic is that of the columns in irr.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from replan.engine import intervals
from replan.engine.day_counts import day_count_name, year_fraction
from replan.engine.flows import Day, Flows, Number, check_length, read_flows, read_number
from replan.engine.irr import GUESS, irr_columns, yield_columns
from replan.errors import UsageError

UnitTime = Number | tuple[Number, Number]
Convention = Literal["eu", "uk", "uk-365.25", "us", "xirr", "nominal", "effective"]
NpvConvention = Literal["irr", "spreadsheet"]


def irr(
    flows: Flows,
    dates: Sequence[Day] | None = None,
    *,
    guess: float | None = None,
    day_count: str = "actual/365",
) -> float | None:
    """Give the internal rate of return: per period, or with dates per year (XIRR).

    Without dates the flows are one period apart, the first one now. With dates, in any order, in a
    list of their own or as pairs (date, amount), time is actual days / 365, or years of another
    `day_count`, and the rate is the effective annual one. A fraction: 0.05 is 5 %.
    Either side's sign. With several roots the one that Newton's method reaches from `guess`
    (10 % by default, -10 % where the side that pays first gets less back), else the nearest;
    None if there is no solution.
    """
    amounts, days = read_flows(flows, dates)
    _check_guess(guess)
    if days is None:
        return _found(irr_columns(amounts, guess=guess)[0])
    return _yield(amounts, _years_from(min(days), days, day_count), guess)


def npv(
    rate: Number,
    flows: Flows,
    dates: Sequence[Day] | None = None,
    *,
    convention: NpvConvention | str = "irr",
    day_count: str = "actual/365",
) -> float:
    """Give the present value at `rate` per period, or with dates per year (XNPV).

    The rate is a fraction or text such as "5%". Convention `irr` values the first flow at once
    (so the NPV at the IRR is zero), `spreadsheet` one period later. With dates, in a list or as
    pairs (date, amount), each flow is discounted by actual days / 365, or by the years of another
    `day_count`, to the first date given. Unrounded.
    """
    convention = {"excel": "spreadsheet", "numpy": "irr"}.get(convention.casefold(), convention)
    if convention not in {"irr", "spreadsheet"}:
        raise UsageError(f'npv: "{convention}" is not a convention. Use irr or spreadsheet.')
    (amounts, days), growth = read_flows(flows, dates), 1.0 + read_number(rate)
    if growth <= 0:
        raise UsageError(f"npv: a rate of {rate} leaves nothing to discount. Use one above -1.")
    if days is None:
        first = 1 if convention == "spreadsheet" else 0
        times = [float(first + k) for k in range(len(amounts))]
    else:
        times = _years_from(days[0], days, day_count)
    try:
        return math.fsum(a * growth**-t for a, t in zip(amounts, times, strict=True))
    except OverflowError as fault:
        raise UsageError(f"npv: {rate} is too near to -1 for flows so late.") from fault


def apr(  # noqa: PLR0913  each keyword is one convention of the published rules
    flows: Flows,
    dates: Sequence[Day] | None = None,
    *,
    convention: Convention | str = "eu",
    times: Sequence[UnitTime] | None = None,
    periods: Number = 12,
    unit: intervals.Unit = "auto",
    guess: float | None = None,
) -> float | None:
    """Give the annual percentage rate, as an unrounded fraction; None if there is no solution.

    Flows have one sign for what the borrower receives and the other for what is paid (which is
    which does not matter; costs kept back at the outset reduce the first flow). When they occur
    is told by `dates` (or pairs of date and amount), or by `times` from the start, or else they
    are `periods` a year apart.

    - `eu`: effective annual, Annex I of 2008/48/EC and 2014/17/EU; time in years of 12 equal
      months or 52 weeks, odd days over 365 or 366. `unit` forces month, week or year.
    - `uk`: the same, as CONC App 1.2 has it. `uk-365.25`: effective annual over days / 365.25.
    - `us`: nominal annual, Regulation Z, Appendix J: unit-period rate x unit-periods a year,
      odd fractions at simple interest. `times` count unit-periods, `periods` of them a year:
      a number, or a pair (full, fraction).
    - `xirr`: effective annual over days / 365.
    - `nominal`, `effective`: the rate per period times `periods`, or compounded over them.

    Laws state 1 decimal of a percentage (EU, UK) or 2 (US), half-up: rounding is the caller's.
    """
    amounts, days = read_flows(flows, dates)
    _check_guess(guess)
    if days is not None and times is not None:
        raise UsageError("apr: both dates and times were given. Give one of them.")
    convention, per_year = _convention(convention), _per_year(periods)
    if convention == "us":
        return _us(amounts, days, times, per_year, guess)
    if convention in {"nominal", "effective"}:
        if days is not None or times is not None:
            raise UsageError(f"apr: {convention} takes equal periods. Leave dates and times out.")
        return _per_period(amounts, per_year, convention, guess)
    if days is not None:
        years = YEARS[convention](days, unit)
    else:
        years = _plain_times(times, len(amounts), per_year)
    return _yield(amounts, years, guess)


def apr_columns(
    flows: NDArray[np.float64], dates: Sequence[date], *, convention: Convention
) -> NDArray[np.float64]:
    """Give the annual rate of each column of flows, all on the same dates and of the same signs.

    `flows` is (dates, columns) without rows of nothing; the conventions are those of `apr` that
    count by dates. NaN where there is no solution.
    """
    days, found = list(dates), np.zeros(0)
    if convention == "us":
        whole, part, per_year = _us_dates([float(amount) for amount in flows[:, 0]], days)
        guess = _periodic(None, per_year)
        found = yield_columns(flows, whole, parts=part, guess=guess) * per_year
    else:
        found = yield_columns(flows, YEARS[convention](days, "auto"))
    return found


def apr_periods(
    flows: Flows, years: Sequence[Number], *, guess: float | None = None
) -> float | None:
    """Give the effective annual rate of flows whose times are known in years."""
    _check_guess(guess)
    amounts, _ = read_flows(flows)
    return _yield(amounts, _plain_times(years, len(amounts), 1.0), guess)


def effective(nominal: Number, periods: Number) -> float:
    """Give the effective annual rate of a nominal one compounded `periods` times a year."""
    per = _per_year(periods)
    return math.expm1(per * math.log1p(_above(nominal, -per) / per))


def nominal(effective: Number, periods: Number) -> float:
    """Give the nominal annual rate, compounded `periods` times a year, of an effective one."""
    per = _per_year(periods)
    return per * math.expm1(math.log1p(_above(effective, -1.0)) / per)


def _per_year(periods: Number) -> float:
    per_year = read_number(periods)
    if per_year <= 0:
        raise UsageError(f"{periods} periods a year are too few. Use a number above 0.")
    return per_year


def _above(rate: Number, floor: float) -> float:
    value = read_number(rate)
    if value <= floor:
        raise UsageError(f"a rate of {rate} has no equivalent. Use one above {floor:g}.")
    return value


def _us(
    amounts: list[float],
    days: list[date] | None,
    times: Sequence[UnitTime] | None,
    per_year: float,
    guess: float | None,
) -> float | None:
    """Solve the general equation of Appendix J (b)(8); multiply by unit-periods per year."""
    if days is not None:
        whole, part, per_year = _us_dates(amounts, days)
    else:
        pairs = [_full_and_fraction(time) for time in _times(times, len(amounts))]
        whole, part = [p[0] for p in pairs], [p[1] for p in pairs]
    found = yield_columns(amounts, whole, parts=part, guess=_periodic(guess, per_year))[0]
    rate = _found(found)
    return None if rate is None else rate * per_year


def _us_dates(amounts: list[float], days: list[date]) -> tuple[list[float], list[float], float]:
    order = sorted(range(len(days)), key=lambda k: days[k])
    used = [k for k in order if amounts[k] != 0]
    if len({days[k] for k in used}) < 2:
        return [0.0] * len(days), [0.0] * len(days), 1.0
    lent = [amounts[k] * amounts[used[0]] > 0 for k in used]
    unit = intervals.unit_period([days[k] for k in used], lent)
    seed = intervals.seed_day([days[k] for k, out in zip(used, lent, strict=True) if not out])
    start = days[used[0]]
    counts = [
        intervals.unit_periods_between(start, max(day, start), unit, seed=seed) for day in days
    ]
    return [float(t) for t, _ in counts], [float(f) for _, f in counts], float(unit.per_year)


def _per_period(
    amounts: list[float], per_year: float, convention: str, guess: float | None
) -> float | None:
    rate = _found(irr_columns(amounts, guess=_periodic(guess, per_year))[0])
    if rate is None:
        return None
    return rate * per_year if convention == "nominal" else effective(rate * per_year, per_year)


def _periodic(guess: float | None, per_year: float) -> float:
    """Give a guess per period for one per year; laws choose no root, so 10 % a year serves."""
    return max((GUESS if guess is None else guess) / per_year, -0.99)


def _eu_times(days: list[date], unit: intervals.Unit) -> list[float]:
    return [float(years) for years in intervals.eu_years(days, unit=unit)]


def _xirr_times(days: list[date], _unit: intervals.Unit) -> list[float]:
    return _years_from(min(days), days, "actual/365")


def _years_from(first: date, days: list[date], day_count: str) -> list[float]:
    """Give the years from the first day to each."""
    if day_count_name(day_count) == "actual/365":
        return [(day - first).days / 365 for day in days]
    return [float(year_fraction(first, day, day_count)) for day in days]


def _julian_times(days: list[date], _unit: intervals.Unit) -> list[float]:
    return [(day - min(days)).days / 365.25 for day in days]


# How dates become years, by convention; the rest of the arithmetic is the same for all.
YEARS: Final[dict[str, Callable[[list[date], intervals.Unit], list[float]]]] = {
    "eu": _eu_times,
    "uk": _eu_times,
    "uk-365.25": _julian_times,
    "xirr": _xirr_times,
}
CONVENTIONS: Final = (*YEARS, "us", "nominal", "effective")
# other names of them, in letters and digits alone
CONVENTION_NAMES: Final = {
    "aprc": "eu",
    "euaprc": "eu",
    "201417eu": "eu",
    "200848ec": "eu",
    "ukapr": "uk",
    "conc": "uk",
    "concapp12": "uk",
    "regulationz": "us",
    "regz": "us",
    "appendixj": "us",
    "usapr": "us",
    "actuarial": "us",
}


def _convention(written: str) -> str:
    """Give the name of a convention, however it is cased and joined."""
    key = "".join(c for c in written.casefold() if c.isalnum())
    plain = {"".join(c for c in name if c.isalnum()): name for name in CONVENTIONS}
    found = plain.get(key) or CONVENTION_NAMES.get(key)
    if found is None:
        raise UsageError(f'apr: "{written}" is not a convention. Use {", ".join(CONVENTIONS)}.')
    return found


def _yield(amounts: list[float], years: list[float], guess: float | None) -> float | None:
    return _found(yield_columns(amounts, years, guess=guess)[0])


def _found(rate: float | np.float64) -> float | None:
    return float(rate) if math.isfinite(rate) else None


def _plain_times(times: Sequence[UnitTime] | None, count: int, per_year: float) -> list[float]:
    """Read times in years, or place flows equally `per_year` times a year."""
    if times is None:
        return [k / per_year for k in range(count)]
    return [sum(_full_and_fraction(time)) for time in _times(times, count)]


def _times(times: Sequence[UnitTime] | None, count: int) -> Sequence[UnitTime]:
    """Give the times, one for each flow; without any, the flows are one period apart."""
    if times is None:
        return range(count)
    check_length("times", len(times), count)
    return times


def _full_and_fraction(time: UnitTime) -> tuple[float, float]:
    """Split a time into full periods and a fraction of one, exactly before it is a float."""
    if isinstance(time, tuple):
        full, part = (read_number(each) for each in time)
    else:
        value = read_number(time)
        full = math.floor(value)
        part = value - full
    if full < 0 or not 0 <= part < 1:
        raise UsageError(f"apr: {time} is not a time. Use full periods and a fraction below 1.")
    return float(full), part


def _check_guess(guess: float | None) -> None:
    if guess is not None and not guess > -1:
        raise UsageError(f"a guess of {guess} is no rate. Use one above -1.")
