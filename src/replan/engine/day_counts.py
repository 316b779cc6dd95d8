"""Day counts by name: which fraction of a year lies between two dates, and who says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from replan.engine import conventions as rule
from replan.engine.business_days import BusinessCalendar, works_on
from replan.engine.dates import (
    DateLike,
    Days,
    Frequency,
    Parts,
    as_date,
    as_days,
    parse_frequency,
)
from replan.engine.spellings import ALIASES
from replan.errors import UsageError


@dataclass(frozen=True, slots=True)
class DayCount:
    """A named convention: its function, what it does in one line, and who defines it."""

    ratio: rule.Convention
    description: str
    source: str


_BOND = DayCount(
    rule.bond_basis,
    "30-day months over 360; an end on the 31st is the 30th if the start is on the 30th or 31st",
    "2006 ISDA Definitions 4.16(f), bond basis",
)
_ISDA_ACTUAL = DayCount(
    rule.actual_isda,
    "days in leap years over 366 plus other days over 365, split at the year end",
    "2006 ISDA Definitions 4.16(b)",
)

DAY_COUNTS: Mapping[str, DayCount] = MappingProxyType(
    {
        "30/360": _BOND,
        "30/360 ISDA": _BOND,
        "30U/360": DayCount(
            rule.us,
            "as 30/360 ISDA, and a period from the last of February starts on the 30th",
            "SIA Standard Securities Calculation Methods; month_end=False is 30/360 ISDA",
        ),
        "30/360 PSA": DayCount(
            rule.psa,
            "as 30/360 ISDA, and a start on the last of February is the 30th",
            "Public Securities Association (Bond Market Association)",
        ),
        "30/360 spreadsheet": DayCount(
            rule.spreadsheet_thirty,
            "as 30U/360, but a start at the end of February leaves an end on the 31st",
            "OASIS OpenFormula 1.2, basis 0 of YEARFRAC",
        ),
        "30/360 Italian": DayCount(
            rule.italian,
            "30-day months over 360; the 31st, and 28 and 29 February, are the 30th",
            "Italian market practice, as QuantLib's Thirty360(Italian)",
        ),
        "30E/360": DayCount(
            rule.european,
            "30-day months over 360; the 31st is the 30th",
            "2006 ISDA Definitions 4.16(g), ICMA rule 251.1(ii); basis 4 of YEARFRAC",
        ),
        "30E/360 ISDA": DayCount(
            rule.german,
            "30-day months over 360; month ends are the 30th, but not a maturity in February",
            "2006 ISDA Definitions 4.16(h); give maturity=",
        ),
        "30E+/360": DayCount(
            rule.european_plus,
            "30-day months over 360; an end on the 31st is the 1st of the next month",
            "Strata's 30E+/360",
        ),
        "30/365": DayCount(
            rule.thirty_365, "days as 30/360 ISDA, over 365", "ISO 20022 interest method A002"
        ),
        "30E/365": DayCount(
            rule.european_365,
            "30-day months over 365; every month end is the 30th",
            "German practice, Strata's 30E/365",
        ),
        "actual/365": DayCount(
            rule.actual_over(365), "actual days over 365", "2006 ISDA Definitions 4.16(d), fixed"
        ),
        "actual/360": DayCount(
            rule.actual_over(360), "actual days over 360", "2006 ISDA Definitions 4.16(e)"
        ),
        "actual/360 inclusive": DayCount(
            rule.actual_over(360, extra=1),
            "actual days, both ends counted, over 360",
            "QuantLib's Actual360 with its last day included",
        ),
        "actual/364": DayCount(
            rule.actual_over(364), "actual days over 364 (52 weeks)", "market practice"
        ),
        "actual/365.25": DayCount(
            rule.actual_over(1461, factor=4), "actual days over 365.25", "market practice"
        ),
        "actual/366": DayCount(rule.actual_over(366), "actual days over 366", "market practice"),
        "actual/actual": _ISDA_ACTUAL,
        "actual/actual ISDA": _ISDA_ACTUAL,
        "actual/actual last day": DayCount(
            rule.actual_isda_last_day,
            "as actual/actual ISDA, but the last day counts and the first does not",
            "Apache Fineract, which splits a period at 31 December",
        ),
        "actual/actual ICMA": DayCount(
            rule.actual_icma,
            "days over the regular period's length times the periods in a year",
            "ICMA rule 251.1(iii), ISDA memorandum of November 1998; give frequency= or reference=",
        ),
        "actual/actual AFB": DayCount(
            rule.actual_afb,
            "whole years back from the end, then days over 366 with a 29 February, else 365",
            "Association Française des Banques, 1994, as its French text is read by Strata",
        ),
        "actual/actual AFB ISDA": DayCount(
            rule.actual_afb_isda,
            "as actual/actual AFB; whole years back from 28 February end on the last of February",
            "ISDA memorandum of November 1998 on EMU conventions",
        ),
        "actual/actual year": DayCount(
            rule.actual_year,
            "whole years from the start, then days over the length of the year that follows",
            "Strata's Act/Act Year",
        ),
        "actual/actual spreadsheet": DayCount(
            rule.spreadsheet_actual,
            "days over 366 or 365 up to one year, beyond it over the mean length of the years",
            "OASIS OpenFormula 1.2, basis 1 of YEARFRAC",
        ),
        "actual/365 actual": DayCount(
            rule.actual_365_actual,
            "days over 366 if a 29 February comes after the start up to the end, else over 365",
            "market practice (A/365A)",
        ),
        "actual/365L": DayCount(
            rule.actual_365_leap,
            "days over 366 if the due date is in a leap year; yearly: as actual/365 actual",
            "2006 ISDA Definitions 4.16(i), ICMA rule 251.1(i); give frequency= and reference=",
        ),
        "actual/365 Canadian": DayCount(
            rule.canadian,
            "days over 365, or one regular period less the missing days over 365",
            "Canadian bond market, as QuantLib's Actual365Fixed(Canadian); give reference=",
        ),
        "NL/365": DayCount(
            rule.no_leap_over(365), "actual days without 29 February, over 365", "market practice"
        ),
        "NL/360": DayCount(
            rule.no_leap_over(360), "actual days without 29 February, over 360", "market practice"
        ),
        "business/252": DayCount(
            rule.business_252,
            "business days of the calendar over 252",
            "Brazilian market; give calendar=, else Monday to Friday are business days",
        ),
        "1/1": DayCount(rule.one, "always one year", "2006 ISDA Definitions 4.16(a)"),
    }
)


def _key(text: str) -> str:
    """Reduce a spelling to what tells conventions apart."""
    kept = "".join(c for c in text.casefold() if c.isalnum() or c in "+.")
    kept = re.sub(r"\.(?!\d)|(?<!\d)\.", "", kept)  # the point of 365.25, not of ACT/ACT.ISDA
    return kept.replace("actual", "act").replace("thirty", "30")


@cache
def _spellings() -> dict[str, str]:
    names = {_key(name): name for name in DAY_COUNTS}
    names |= {_key(alias): name for name, aliases in ALIASES.items() for alias in aliases}
    # "A/365" and "act/365" are one spelling, once with the word cut short
    short = {"a" + key[3:]: name for key, name in names.items() if key.startswith("act")}
    return short | names


@cache
def day_count_name(text: str) -> str:
    """Give the canonical name of a day count; case, blanks, brackets, points do not matter.

    "Actual/365 Fixed", "ACT/365F" and "A/365" are all `actual/365`.  The section of the ISDA
    Definitions may follow in brackets.  A name that is not known raises `UsageError` with the
    nearest known ones.
    """
    bare = re.sub(r"\s*\([^()]*ISDA[^()]*4\.16\s*\([a-i]\)\)$", "", text)
    found = _spellings().get(_key(text)) or _spellings().get(_key(bare))
    if found is None:
        near = get_close_matches(_key(text), _spellings(), n=3, cutoff=0.5)
        known = dict.fromkeys(_spellings()[key] for key in near) or DAY_COUNTS
        raise UsageError(f'"{text}" is no day count. Write one of: {", ".join(known)}.')
    return found


def year_fraction_ratio(  # noqa: PLR0913 - what the conventions of the market ask for
    start: ArrayLike,
    end: ArrayLike,
    day_count: str = "30/360",
    *,
    maturity: ArrayLike | None = None,
    frequency: Frequency | None = None,
    reference: tuple[ArrayLike, ArrayLike] | None = None,
    month_end: bool | None = None,
    calendar: BusinessCalendar = None,
) -> tuple[Days, Days]:
    """Give the year fraction between two columns of dates as exact numerators and denominators.

    Dates are ordinals and broadcast against each other; denominators are positive, and may be a
    read-only view of one number.  An end before its start gives the negative of the fraction the
    other way round.  The options are those of `year_fraction`.
    """
    first, last = np.broadcast_arrays(as_days(start), as_days(end))
    period = rule.Period(
        Parts.of(np.minimum(first, last)),
        Parts.of(np.maximum(first, last)),
        None if maturity is None else as_days(maturity),
        frequency,
        None if reference is None else (as_days(reference[0]), as_days(reference[1])),
        month_end,
        works_on(calendar),
    )
    numerator, denominator = DAY_COUNTS[day_count_name(day_count)].ratio(period)
    return as_days(np.where(first > last, -numerator, numerator)), denominator


def year_fraction(  # noqa: PLR0913 - what the conventions of the market ask for
    start: DateLike,
    end: DateLike,
    day_count: str | int = "30/360",
    *,
    maturity: DateLike | None = None,
    frequency: str | Frequency | None = None,
    reference: tuple[DateLike, DateLike] | None = None,
    month_end: bool | None = None,
    calendar: BusinessCalendar = None,
) -> Fraction:
    """Give the exact fraction of a year from `start` to `end`.

    A date is a `date`, a `datetime` (its time is left out) or ISO text. `day_count` is a name such
    as `30/360`, `30E/360`, `ACT/365F` or `Actual/Actual (ICMA)`, or a spreadsheet's basis 0 to 4.

    The first day counts and the last does not.  An end before the start gives the negative of the
    fraction the other way round.  `DAY_COUNTS` lists the names with their sources, the
    module `spellings` the other ones.  Plain `30/360` is the ISDA bond basis, without a rule for
    February.

    Some conventions ask more.  `maturity` is the day on which the contract ends (30E/360 ISDA).
    `frequency` and `reference`, the regular period (from, to) to which the dates belong, serve
    actual/actual ICMA, actual/365L (its end is the next due date) and actual/365 Canadian;
    a period may be longer than its reference.  `month_end` says whether the regular dates stick
    to month ends (ICMA: yes if both ends of the reference are; 30U/360: yes).
    `calendar` says which days are business days (business/252), as in `due_dates`.

    >>> year_fraction("2026-01-31", "2026-02-28", "actual/365")
    Fraction(28, 365)
    """
    numerator, denominator = year_fraction_ratio(
        as_date(start).toordinal(),
        as_date(end).toordinal(),
        day_count if isinstance(day_count, str) else f"basis {day_count}",
        maturity=None if maturity is None else as_date(maturity).toordinal(),
        frequency=None if frequency is None else parse_frequency(frequency),
        reference=None if reference is None else _ordinals(reference),
        month_end=month_end,
        calendar=calendar,
    )
    return Fraction(int(numerator), int(denominator))


def _ordinals(dates: tuple[DateLike, DateLike]) -> tuple[int, int]:
    return as_date(dates[0]).toordinal(), as_date(dates[1]).toordinal()
