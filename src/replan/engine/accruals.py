"""The part of a year for which a loan's period bears interest."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replan.engine.dates import Days, Frequency, Parts, add_months, as_days
from replan.engine.day_counts import day_count_name, year_fraction_ratio


def accrual_ratio(  # noqa: PLR0913 - a period, its terms and how it came about
    start: ArrayLike,
    end: ArrayLike,
    day_count: str,
    frequency: Frequency,
    *,
    seed_day: ArrayLike | None = None,
    moved: bool = False,
) -> tuple[Days, Days]:
    """Give the year fraction for which a loan's period is charged, as numerator and denominator.

    Under `30/360` a period of whole months counts as months/12, however long the months are:
    both ends fall on `seed_day` or, where the month is shorter, on its last day (without a seed
    day, the later of the two days stands for it).  A period of a frequency by days or weeks counts
    its actual days over 360.  Anything else is a stub: 30/360 days over 360.  With `moved`, a due
    date was moved: whole months, then the days left over, over the length of the month that begins
    where the whole months end.  All of this is the habit of core banking (Apache Fineract).

    Whole months are also whole under `actual/actual ICMA`, by its definition.  Other day counts,
    and 30/360 under any more specific name, give the plain year fraction.  The first day counts,
    the last does not; dates and seed days are columns and broadcast.
    """
    first, last = np.broadcast_arrays(as_days(start), as_days(end))
    name = day_count_name(day_count)
    if name == "30/360" and frequency.unit == "day":
        return year_fraction_ratio(first, last, "actual/360")
    if name == "30/360" and moved:
        return _moved_months(first, last)
    if frequency.unit == "day" or name not in {"30/360", "actual/actual ICMA"}:
        return year_fraction_ratio(first, last, name, frequency=frequency)
    whole, months = _whole_months(Parts.of(first), Parts.of(last), seed_day)
    if whole.all():
        return months, np.broadcast_to(np.int64(12), months.shape)
    numerator, denominator = year_fraction_ratio(first, last, name, frequency=frequency)
    return (
        as_days(np.where(whole, months, numerator)),
        as_days(np.where(whole, 12, denominator)),
    )


def _whole_months(
    start: Parts, end: Parts, seed_day: ArrayLike | None
) -> tuple[NDArray[np.bool_], Days]:
    seed = np.maximum(start.day, end.day) if seed_day is None else as_days(seed_day)
    return _on_seed(start, seed) & _on_seed(end, seed), as_days(end.months - start.months)


def _on_seed(dates: Parts, seed: Days) -> NDArray[np.bool_]:
    on_day = np.asarray(dates.day == seed)
    # the length of a month is only looked up where the day itself does not settle it
    return on_day if on_day.all() else on_day | ((dates.day < seed) & dates.is_month_end)


def _moved_months(start: Days, end: Days) -> tuple[Days, Days]:
    months = as_days(Parts.of(end).months - Parts.of(start).months)
    months = as_days(months - (add_months(start, months) > end))
    begin = add_months(start, months)
    length = as_days(add_months(start, months + 1) - begin)
    return as_days(months * length + end - begin), as_days(12 * length)
