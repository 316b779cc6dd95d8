"""Rates of one plan: conventions by name, dates in any order, refusals that say what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from replan.engine.flows import Number
from replan.engine.rates import (
    Convention,
    apr,
    apr_periods,
    effective,
    irr,
    nominal,
    npv,
)
from replan.errors import UsageError

MONTHLY = [1000, *[-90] * 12]
DATES = [date(2026, 1, 10), *(date(2026, 1 + k, 10) for k in range(1, 12)), date(2027, 1, 10)]


def test_one_loan_by_convention() -> None:
    """Nominal is 12 times the monthly rate; eu and effective compound it; us is nominal."""
    monthly = irr(MONTHLY)
    assert monthly is not None

    assert apr(MONTHLY, convention="nominal") == pytest.approx(12 * monthly, abs=1e-14)
    assert apr(MONTHLY, convention="us") == pytest.approx(12 * monthly, abs=1e-14)
    assert apr(MONTHLY, convention="effective") == pytest.approx((1 + monthly) ** 12 - 1)
    assert apr(MONTHLY) == pytest.approx((1 + monthly) ** 12 - 1, abs=1e-14)


def test_dates_are_equal_months() -> None:
    """Dates a month apart are twelfths of a year in eu, uk and us, days in the others."""
    assert apr(MONTHLY, DATES) == apr(MONTHLY)
    assert apr(MONTHLY, DATES, convention="uk") == apr(MONTHLY)
    assert apr(MONTHLY, DATES, convention="us") == apr(MONTHLY, convention="us")
    assert apr(MONTHLY, DATES, convention="xirr") == irr(MONTHLY, DATES)
    assert apr(MONTHLY, DATES, convention="xirr") != apr(MONTHLY)


def test_order_and_side_do_not_matter() -> None:
    """Dated flows may come in any order and with either side's signs."""
    turned = [-flow for flow in MONTHLY[::-1]]

    assert irr(MONTHLY, DATES) == irr(turned, DATES[::-1])
    assert apr(MONTHLY, DATES, convention="us") == apr(turned, DATES[::-1], convention="us")


def test_kinds_of_numbers() -> None:
    """Texts, decimals and fractions count exactly; dates may be texts."""
    flows: list[Number] = ["-100", Decimal("60.5"), Fraction(121, 2)]

    assert irr(flows) == irr([-100, 60.5, 60.5])
    assert irr(["-100", "110"], ["2025-01-01", "2026-01-01"]) == pytest.approx(0.1, abs=1e-15)


@pytest.mark.parametrize("convention", ["eu", "uk", "uk-365.25", "us", "xirr"])
def test_no_solution(convention: Convention) -> None:
    """Nothing repaid, or nothing lent, or all on one day: no rate."""
    day = date(2026, 1, 1)

    assert apr([100, 0], convention=convention) is None
    assert apr([100, 5], DATES[:2], convention=convention) is None
    assert apr([100, -110], [day, day], convention=convention) is None


def test_nothing_at_all() -> None:
    """No flows: no rate, and a value of zero."""
    assert irr([]) is None
    assert apr([], convention="nominal") is None
    assert npv(0.1, []) == 0


def test_single_payments_in_law() -> None:
    """Regulation Z: 255 days at 8 % are 365/255 of it a year; six months at 4.4 % twice."""
    days = apr([1000, -1080], [date(1978, 1, 3), date(1978, 9, 15)], convention="us")
    months = apr([1000, -1044], [date(1978, 7, 15), date(1979, 1, 15)], convention="us")

    assert days == pytest.approx(0.08 * 365 / 255)
    assert months == pytest.approx(0.088)


def test_times_in_years() -> None:
    """Half a year at 5 % is 10.25 % a year; pairs of full and odd periods are added."""
    assert apr_periods([100, -105], [0, 0.5]) == pytest.approx(0.1025)
    assert apr([100, -105], times=[0, (0, "1/2")]) == pytest.approx(0.1025)


def test_odd_fraction_is_simple_interest() -> None:
    """Appendix J: half a period at i costs i/2, not the root of 1 + i."""
    got = apr([100, -105], times=[0, "1/2"], periods=1, convention="us")

    assert got == pytest.approx(0.1)


def test_present_values() -> None:
    """From now, from the next period, and by days from the first date given."""
    assert npv(0.1, [0, 110]) == pytest.approx(100)
    assert npv(0.1, [110], convention="spreadsheet") == pytest.approx(100)
    assert npv("0.1", [0, 110], ["2025-01-01", "2026-01-01"]) == pytest.approx(100)


def test_conversions_are_inverse() -> None:
    """12 % a year by month is 12.68 % effective, and back."""
    assert effective(0.12, 12) == pytest.approx(0.12682503013196977, abs=1e-16)
    assert nominal(effective(0.12, 12), 12) == pytest.approx(0.12, abs=1e-15)


@pytest.mark.parametrize(
    "call",
    [
        lambda: irr([-1, 2], ["2026-01-01"]),
        lambda: irr([-1, 2], ["2026-01-01", "soon"]),
        lambda: irr([-1, "many"]),
        lambda: irr([-1, "nan"]),
        lambda: irr([-1, "1e999"]),
        lambda: irr([-1, 2], guess=-1),
        lambda: npv(-1, [1, 2]),
        lambda: npv(-1 + 1e-15, [1.0] * 900),
        lambda: npv(0.1, [1], convention="xnpv"),
        lambda: apr(MONTHLY, convention="de"),
        lambda: apr(MONTHLY, periods=0),
        lambda: apr(MONTHLY, DATES, times=[0] * 13),
        lambda: apr(MONTHLY, DATES, convention="nominal"),
        lambda: apr([1, -2], times=[0, -1]),
        lambda: apr([1, -2], times=[0, (1, 1.5)], convention="us"),
        lambda: effective(-12, 12),
        lambda: nominal(0.1, 0),
    ],
)
def test_refusals(call: Callable[[], object]) -> None:
    """What cannot be read is refused in words, never computed."""
    with pytest.raises(UsageError, match=r"\. (Use|Write|Give|Leave)|finite|too near"):
        call()


@pytest.mark.parametrize(
    ("day_count", "expected"),
    [
        ("30/360 SIA", 0.100675477282743),
        ("act/360", 0.0991988898057063),
        ("act/365F", 0.10064378342638),
        ("30/360 ISDA", 0.100675477282743),
        ("30E/360", 0.100675477282743),
        ("act/act ISDA", 0.100739648987346),
    ],
)
def test_dated_rates_by_day_count(day_count: str, expected: float) -> None:
    """MathWorks' example of XIRR under other bases, as pyxirr's tests state it."""
    days = ["2007-01-12", "2008-02-14", "2008-03-03", "2008-06-14", "2008-12-01"]
    flows = [-10_000, 2500, 2000, 3000, 4000]

    assert pytest.approx(expected, abs=1e-9) == irr(flows, days, day_count=day_count)
    assert pytest.approx(0.0, abs=1e-4) == npv(expected, flows, days, day_count=day_count)
