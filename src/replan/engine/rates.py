"""Rates of return and annual percentage rates of one plan: irr, npv, apr and their conversions.

One plan is a batch of one: the arithmetic is that of the columns in irr.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

import numpy as np

from replan.engine import intervals
from replan.engine.irr import GUESS, irr_columns, yield_columns
from replan.errors import UsageError

Number = int | float | str | Decimal | Fraction
Day = date | str
UnitTime = Number | tuple[Number, Number]
Convention = Literal["eu", "uk", "uk-365.25", "us", "xirr", "nominal", "effective"]
NpvConvention = Literal["irr", "spreadsheet"]


def irr(
    flows: Sequence[Number], dates: Sequence[Day] | None = None, *, guess: float | None = None
) -> float | None:
    """Give the internal rate of return: per period, or with dates per year (XIRR).

    Without dates the flows are one period apart, the first one now. With dates, in any order,
    time is actual days / 365 and the rate is the effective annual one. A fraction: 0.05 is 5 %.
    Either side's sign. With several roots the one that Newton's method reaches from `guess`
    (10 % by default, -10 % where the side that pays first gets less back), else the nearest;
    None if there is no solution.
    """
    amounts = _amounts(flows)
    _check_guess(guess)
    if dates is None:
        return _found(irr_columns(amounts, guess=guess)[0])
    return _yield(amounts, _xirr_times(_days(dates, amounts)), guess)


def npv(
    rate: Number,
    flows: Sequence[Number],
    dates: Sequence[Day] | None = None,
    *,
    convention: NpvConvention = "irr",
) -> float:
    """Give the present value at `rate` per period, or with dates per year (XNPV).

    Convention `irr` values the first flow at once (so the NPV at the IRR is zero),
    `spreadsheet` one period later. With dates each flow is discounted by actual days / 365 to
    the first date given. Unrounded.
    """
    if convention not in {"irr", "spreadsheet"}:
        raise UsageError(f'npv: "{convention}" is not a convention. Use irr or spreadsheet.')
    amounts, growth = _amounts(flows), 1.0 + _real(rate)
    if growth <= 0:
        raise UsageError(f"npv: a rate of {rate} leaves nothing to discount. Use one above -1.")
    if dates is None:
        first = 1 if convention == "spreadsheet" else 0
        times = [float(first + k) for k in range(len(amounts))]
    else:
        days = _days(dates, amounts)
        times = [(day - days[0]).days / 365 for day in days]
    try:
        return math.fsum(a * growth**-t for a, t in zip(amounts, times, strict=True))
    except OverflowError as fault:
        raise UsageError(f"npv: {rate} is too near to -1 for flows so late.") from fault


def apr(  # noqa: PLR0913  each keyword is one convention of the published rules
    flows: Sequence[Number],
    dates: Sequence[Day] | None = None,
    *,
    convention: Convention = "eu",
    times: Sequence[UnitTime] | None = None,
    periods: Number = 12,
    unit: intervals.Unit = "auto",
    guess: float | None = None,
) -> float | None:
    """Give the annual percentage rate, as an unrounded fraction; None if there is no solution.

    Flows have one sign for what the borrower receives and the other for what is paid (which is
    which does not matter; costs kept back at the outset reduce the first flow). When they occur
    is told by `dates`, or by `times` from the start, or else they are `periods` a year apart.

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
    amounts = _amounts(flows)
    _check_guess(guess)
    if dates is not None and times is not None:
        raise UsageError("apr: both dates and times were given. Give one of them.")
    per_year = _per_year(periods)
    if convention == "us":
        return _us(amounts, dates, times, per_year, guess)
    if convention in {"nominal", "effective"}:
        if dates is not None or times is not None:
            raise UsageError(f"apr: {convention} takes equal periods. Leave dates and times out.")
        return _per_period(amounts, per_year, convention, guess)
    if convention not in YEARS:
        raise UsageError(f'apr: "{convention}" is not a convention. Use {", ".join(CONVENTIONS)}.')
    if dates is not None:
        years = YEARS[convention](_days(dates, amounts), unit)
    else:
        years = _plain_times(times, len(amounts), per_year)
    return _yield(amounts, years, guess)


def apr_periods(
    flows: Sequence[Number], years: Sequence[Number], *, guess: float | None = None
) -> float | None:
    """Give the effective annual rate of flows whose times are known in years."""
    _check_guess(guess)
    return _yield(_amounts(flows), _plain_times(years, len(flows), 1.0), guess)


def effective(nominal: Number, periods: Number) -> float:
    """Give the effective annual rate of a nominal one compounded `periods` times a year."""
    per = _per_year(periods)
    return math.expm1(per * math.log1p(_above(nominal, -per) / per))


def nominal(effective: Number, periods: Number) -> float:
    """Give the nominal annual rate, compounded `periods` times a year, of an effective one."""
    per = _per_year(periods)
    return per * math.expm1(math.log1p(_above(effective, -1.0)) / per)


def _per_year(periods: Number) -> float:
    per_year = _real(periods)
    if per_year <= 0:
        raise UsageError(f"{periods} periods a year are too few. Use a number above 0.")
    return per_year


def _above(rate: Number, floor: float) -> float:
    value = _real(rate)
    if value <= floor:
        raise UsageError(f"a rate of {rate} has no equivalent. Use one above {floor:g}.")
    return value


def _us(
    amounts: list[float],
    dates: Sequence[Day] | None,
    times: Sequence[UnitTime] | None,
    per_year: float,
    guess: float | None,
) -> float | None:
    """Solve the general equation of Appendix J (b)(8); multiply by unit-periods per year."""
    if dates is not None:
        whole, part, per_year = _us_dates(amounts, _days(dates, amounts))
    else:
        pairs = [_full_and_fraction(time) for time in times or range(len(amounts))]
        _check_length("times", len(pairs), len(amounts))
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


def _xirr_times(days: list[date], _unit: intervals.Unit = "auto") -> list[float]:
    return [(day - min(days)).days / 365 for day in days]


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


def _yield(amounts: list[float], years: list[float], guess: float | None) -> float | None:
    return _found(yield_columns(amounts, years, guess=guess)[0])


def _found(rate: float | np.float64) -> float | None:
    return float(rate) if math.isfinite(rate) else None


def _plain_times(times: Sequence[UnitTime] | None, count: int, per_year: float) -> list[float]:
    """Read times in years, or place flows equally `per_year` times a year."""
    if times is None:
        return [k / per_year for k in range(count)]
    _check_length("times", len(times), count)
    return [sum(_full_and_fraction(time)) for time in times]


def _full_and_fraction(time: UnitTime) -> tuple[float, float]:
    """Split a time into full periods and a fraction of one, exactly before it is a float."""
    if isinstance(time, tuple):
        full, part = (_real(each) for each in time)
    else:
        value = _real(time)
        full = math.floor(value)
        part = value - full
    if full < 0 or not 0 <= part < 1:
        raise UsageError(f"apr: {time} is not a time. Use full periods and a fraction below 1.")
    return float(full), part


def _amounts(flows: Sequence[Number]) -> list[float]:
    return [_real(flow) for flow in flows] or [0.0]


def _real(value: Number) -> float:
    """Read a number exactly; a text may be a decimal or a fraction such as 19/30."""
    try:
        number = float(Fraction(value)) if isinstance(value, str) else float(value)
    except (ValueError, ZeroDivisionError, OverflowError) as fault:
        raise UsageError(f'"{value}" is not a number. Write 1234.56 or 19/30.') from fault
    if not math.isfinite(number):
        raise UsageError(f'"{value}" is not a finite number.')
    return number


def _days(dates: Sequence[Day], amounts: list[float]) -> list[date]:
    _check_length("dates", len(dates), len(amounts))
    return [day if isinstance(day, date) else _day(day) for day in dates]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise UsageError(f'"{text}" is not a date. Write 2026-11-21.') from fault


def _check_length(name: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise UsageError(f"{found} {name} for {wanted} flows. Give one for each flow.")


def _check_guess(guess: float | None) -> None:
    if guess is not None and not guess > -1:
        raise UsageError(f"a guess of {guess} is no rate. Use one above -1.")
