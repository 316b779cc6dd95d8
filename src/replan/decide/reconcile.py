"""Reconciling: which conventions give the figure on the lender's statement, to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Literal, get_args

from dateutil.relativedelta import relativedelta

from replan.engine.accruals import accrual_ratio
from replan.engine.dates import Frequency, parse_frequency
from replan.engine.money import RoundingMode, round_fraction
from replan.errors import UsageError
from replan.model.case import Case, settings_of
from replan.model.debt import Debt
from replan.model.rates import Rate

from .evaluate import major
from .opening import exponent_of

DAY_COUNTS = (
    "30/360", "30/360 ISDA", "30E/360", "actual/365", "actual/360", "actual/actual", "actual/364",
)  # fmt: skip
"""The day counts that are tried, as schedules reckon with them; by days only the actual ones."""
MODES: tuple[RoundingMode, ...] = ("half-up", "half-even", "up", "down")
Compounding = Literal["none", "monthly", "daily"]
Rounded = Literal["once", "monthly", "daily"]
Base = Literal["none", "overdue", "principal"]
COMPOUNDING: tuple[Compounding, ...] = get_args(Compounding)
ROUNDED: tuple[Rounded, ...] = get_args(Rounded)
USUAL = (Fraction(13, 10), Fraction(3, 2))
"""Penalty rates that are tried where none is on file, in multiples of the contract rate: Chinese
lenders add 30 % to 50 % (银发〔2003〕251号, article 3)."""
FAR = 5
"""So many of the nearest answers are listed where none agrees."""
LONGEST = 3700
"""Accruals over more days than this are not tried day by day."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which a lender may have reckoned; `figure` is what it gives, in minor units.

    `since` is the day from which interest runs (None: what is on file is taken as it is), `both`
    whether first and last day both count. `penalty` is the share of the contract rate charged
    beyond it on `base`. `fees` is a number of late fees on top. `on_file` says whether interest,
    penalty and fees on file are included.
    """

    figure: int
    since: date | None = None
    reason: str = "file"
    day_count: str = "30/360"
    both: bool = False
    compounding: Compounding = "none"
    rounded: Rounded = "once"
    mode: RoundingMode = "half-up"
    penalty: Fraction = Fraction(0)
    base: Base = "none"
    fees: int = 0
    on_file: bool = True

    def to_dict(self, exponent: int, wanted: int) -> dict[str, Any]:
        """Give the JSON form, with how far it is from the wanted figure."""
        return {
            "figure": major(self.figure, exponent),
            "difference": major(self.figure - wanted, exponent),
            "since": self.since and self.since.isoformat(),
            "reason": self.reason,
            "day_count": self.day_count if self.since else None,
            "both_days": self.both,
            "compounding": self.compounding,
            "rounded": self.rounded,
            "rounding": self.mode,
            "penalty": None if self.base == "none" else f"{float(self.penalty):.6g}",
            "penalty_on": self.base,
            "late_fees": self.fees,
            "on_file": self.on_file,
        }


def reconcile(case: Case, amount: Decimal, *, debt: str | None = None) -> dict[str, Any]:
    """Say which conventions give a lender's figure for a debt at the as-of date.

    Tried are the start of interest (last accrual, last payment, oldest missed due date), day
    counts, counting of days, compounding, rounding, penalty interest on what is overdue or on all,
    late fees, and whether the charges on file are included. Those that agree come first, the
    plainest before the others; if none does, the nearest. Raises UsageError if the debt is not
    named among several, or the amount is finer than the currency.
    """
    one = _debt(case, debt)
    exponent = exponent_of(case.currency)
    scaled = amount.scaleb(exponent)
    if scaled != int(scaled):
        raise UsageError(f"{amount} is finer than the currency's smallest unit.")
    wanted = int(scaled)
    readings = list(_readings(case, one))
    own = readings[0]
    found = sorted((r for r in readings if r.figure == wanted), key=lambda r: _oddity(r, case, one))
    near = sorted(readings, key=lambda r: (abs(r.figure - wanted), _oddity(r, case, one)))
    return {
        "replan": 1,
        "currency": case.currency,
        "as_of": case.as_of.isoformat(),
        "debt": one.id,
        "figure": major(wanted, exponent),
        "own": own.to_dict(exponent, wanted),
        "agrees": [r.to_dict(exponent, wanted) for r in _distinct(found)],
        "nearest": []
        if found
        else [r.to_dict(exponent, wanted) for r in _nearest(_distinct(near))],
        "tried": len(readings),
    }


def _debt(case: Case, name: str | None) -> Debt:
    if name is None and len(case.debts) == 1:
        return case.debts[0]
    ids = ", ".join(d.id for d in case.debts)
    if name is None:
        raise UsageError(f"The case has several debts. Name one with --debt: {ids}.")
    found = next((d for d in case.debts if d.id == name), None)
    if found is None:
        raise UsageError(f'The case has no debt "{name}". It has {ids}.')
    return found


def _distinct(found: Sequence[Reading]) -> list[Reading]:
    """Keep the plainest reading of each story: rounding that makes no difference is left out."""
    seen, kept = set(), []
    for r in found:
        story = (r.since, r.day_count, r.both, r.compounding, r.penalty, r.base, r.fees, r.on_file)
        if story not in seen:
            seen.add(story)
            kept.append(r)
    return kept


def _nearest(near: Sequence[Reading]) -> list[Reading]:
    """Keep the nearest readings with different figures."""
    found: dict[int, Reading] = {}
    for r in near:
        found.setdefault(r.figure, r)
        if len(found) == FAR:
            break
    return list(found.values())


def _oddity(r: Reading, case: Case, debt: Debt) -> tuple[int, ...]:
    """Rank by how much must be assumed beyond what is on file."""
    settings = settings_of(case, debt)
    assumed = [
        r.since is not None,
        r.both,
        r.since is not None and r.day_count != settings.day_count,
        r.compounding != "none",
        r.base != "none",
        r.base == "principal",
        r.fees > 0,
        not r.on_file,
        r.rounded != "once",
    ]
    return sum(assumed), MODES.index(r.mode), ROUNDED.index(r.rounded), r.fees


def _readings(case: Case, debt: Debt) -> Iterator[Reading]:
    """Give every reading; what is on file, as it is, comes first."""
    scale = 10 ** exponent_of(case.currency)
    on_file = int(debt.outstanding * scale)
    principal = int(debt.principal * scale)
    late = int(debt.late_fee * scale)
    fees = range(_missed(case, debt) + 1) if late else range(1)
    for count in fees:
        yield Reading(on_file + count * late, fees=count)
    for since, reason in _starts(case, debt):
        kept = (False, True) if on_file != principal else (True,)
        for spent in _accruals(case, debt, since, principal):
            for included in kept:
                opening = on_file if included else principal
                for count in fees:
                    figure = opening + spent.figure + count * late
                    yield _with(spent, figure, reason, count, included)


def _with(spent: Reading, figure: int, reason: str, fees: int, on_file: bool) -> Reading:
    return Reading(
        figure, spent.since, reason, spent.day_count, spent.both, spent.compounding, spent.rounded,
        spent.mode, spent.penalty, spent.base, fees, on_file,
    )  # fmt: skip


def _missed(case: Case, debt: Debt) -> int:
    """Count the monthly due dates missed: the oldest and every month since."""
    if not debt.days_past_due:
        return 0
    gone = relativedelta(case.as_of, case.as_of - timedelta(days=debt.days_past_due))
    return gone.years * 12 + gone.months + 1


def _starts(case: Case, debt: Debt) -> list[tuple[date, str]]:
    """List the days from which interest may run, each once."""
    found: dict[date, str] = {}
    missed = case.as_of - timedelta(days=debt.days_past_due) if debt.days_past_due else None
    for day, reason in (
        (debt.last_accrual, "last-accrual"),
        (debt.last_payment, "last-payment"),
        (missed, "missed"),
    ):
        if day is not None and day < case.as_of:
            found.setdefault(day, reason)
    return list(found.items())


def _accruals(case: Case, debt: Debt, since: date, principal: int) -> Iterator[Reading]:
    """Give what accrues on the principal from a day on, in every way; `figure` is that alone."""
    overdue = int(debt.arrears.principal * 10 ** exponent_of(case.currency))
    rhythm = parse_frequency(settings_of(case, debt).frequency)
    for penalty, base in _penalties(debt, overdue):
        on = {"none": 0, "overdue": overdue, "principal": principal}[base]
        for how in _ways(since, case.as_of):
            count, both, compounding, rounded, mode = how
            time = (since, case.as_of, rhythm)
            spent = _spent(principal, _year(debt.rate), time, how)
            extra = _spent(on, _year(debt.rate) * penalty, time, how) if on else 0
            yield Reading(
                spent + extra, since, "", count, both, compounding, rounded, mode, penalty, base
            )


Way = tuple[str, bool, Compounding, Rounded, RoundingMode]
Time = tuple[date, date, Frequency]


def _ways(since: date, until: date) -> Iterator[Way]:
    """List day counts, counting, compounding and rounding that go together."""
    for count in DAY_COUNTS:
        by_day = count.startswith("actual/3") and (until - since).days <= LONGEST
        for both in (False, True) if count.startswith("actual") else (False,):
            for compounding in COMPOUNDING if by_day else COMPOUNDING[:2]:
                for rounded in _roundings(compounding, by_day=by_day):
                    for mode in MODES:
                        yield count, both, compounding, rounded, mode


def _roundings(compounding: Compounding, *, by_day: bool) -> tuple[Rounded, ...]:
    """Interest that compounds is rounded when it does, or only at the end."""
    if compounding == "none":
        return ROUNDED if by_day else ROUNDED[:2]
    return ("once", compounding)


def _year(rate: Rate) -> Fraction:
    """Give a rate per year; a daily one over 365 days."""
    return rate.fraction * (365 if rate.per == "day" else 1)


def _penalties(debt: Debt, overdue: int) -> Iterator[tuple[Fraction, Base]]:
    """List penalty interest beyond the contract rate, and on what it may be charged."""
    yield Fraction(0), "none"
    rate = _year(debt.rate)
    if not rate or not (debt.days_past_due or debt.penalty_rate):
        return
    if debt.penalty_rate is not None:
        beyond = [_year(debt.penalty_rate) / rate - 1]
    else:
        beyond = [share - 1 for share in USUAL]
    for share in beyond:
        if share > 0:
            yield share, "principal"
            if overdue:
                yield share, "overdue"


@cache
def _spent(balance: int, rate: Fraction, time: Time, way: Way) -> int:
    """Accrue interest on a balance, exactly, rounded and compounded as the way says."""
    since, until, rhythm = time
    count, both, compounding, rounded, mode = way
    step = "daily" if "daily" in (compounding, rounded) else "monthly"
    if compounding == "none" and rounded == "once":
        step = "once"
    accrued = Fraction(0)
    for start, end in _periods(since, until, step, both=both):
        bearing = balance + (accrued if compounding != "none" else 0)
        part = bearing * rate * _fraction(start, end, count, rhythm)
        accrued += part if rounded == "once" else round_fraction(part, mode)
    return round_fraction(accrued, mode)


def _periods(since: date, until: date, step: str, *, both: bool) -> Iterator[tuple[date, date]]:
    """Cut the time from a day on into days or months; with `both`, the last day counts, too."""
    end = until + timedelta(days=1) if both else until
    if step == "once":
        yield since, end
        return
    start, n = since, 0
    while start < end:
        n += 1
        next_ = since + (timedelta(days=n) if step == "daily" else relativedelta(months=n))
        yield start, min(next_, end)
        start = next_


@cache
def _fraction(start: date, end: date, count: str, rhythm: Frequency) -> Fraction:
    """Give the year fraction of a period as a schedule of that rhythm has it."""
    numerator, denominator = accrual_ratio(start.toordinal(), end.toordinal(), count, rhythm)
    return Fraction(int(numerator), int(denominator))
