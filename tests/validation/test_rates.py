"""Published rates: EU, US and UK annual percentage rates, XIRR, IRR, NPV and their conversions."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from replan.engine.intervals import add_months
from replan.engine.rates import apr, effective, irr, nominal, npv

DATA = Path(__file__).parent / "data"

Case = dict[str, Any]


def cases(name: str, key: str = "cases") -> list[Any]:
    """Read the figures of one file, each with its id as the test's."""
    found = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["id"]) for case in found[key]]


def flows_of(runs: list[Case]) -> list[Fraction]:
    """Write out runs of flows, one sum per period."""
    amounts: dict[int, Fraction] = {}
    for run in runs:
        for k in range(run.get("count", 1)):
            when = run["from"] + k
            amount = Fraction(run["amount"]) + k * Fraction(run.get("step", "0"))
            amounts[when] = amounts.get(when, Fraction(0)) + amount
    return [amounts.get(k, Fraction(0)) for k in range(max(amounts) + 1)]


def percent(rate: float | None, places: str) -> Decimal:
    """State a rate in per cent, rounded half-up to as many places as `places` has."""
    assert rate is not None
    return (Decimal(rate) * 100).quantize(Decimal(places), ROUND_HALF_UP)


def close(case: Case, found: float | None) -> bool:
    """Say whether a figure is met: a number within its tolerance, or no solution for null."""
    if case["expected"] is None or found is None:
        return case["expected"] is None and found is None
    expected = float(Fraction(case["expected"]))
    return abs(found - expected) <= float(case["within"]) * max(1.0, abs(expected))


@pytest.mark.parametrize("case", cases("apr_eu"))
def test_eu_report(case: Case) -> None:
    """The examples of the Commission's report, to 6 decimals and to the stated one."""
    rate = apr(flows_of(case["months"]), convention="eu")

    assert Decimal(case["one_decimal"]) == percent(rate, "0.1")
    if "within" in case:
        gap = abs(Decimal(case["apr_percent"]) - percent(rate, "0.00000001"))
        assert gap <= Decimal(case["within"])
    else:
        assert Decimal(case["apr_percent"]) == percent(rate, case["apr_percent"])


def payments_of(case: Case) -> list[str]:
    """Write out the payments, negative."""
    return [f"-{run['amount']}" for run in case["payments"] for _ in range(run.get("count", 1))]


@pytest.mark.parametrize("case", cases("apr_us_appendix_j"))
def test_appendix_j(case: Case) -> None:
    """The examples of Regulation Z from their unit-periods, to 2 decimals."""
    flows = [case["advanced"], *payments_of(case)]
    later = [(case["full"] + k, case["fraction"]) for k in range(len(flows) - 1)]
    rate = apr(flows, times=[(0, 0), *later], periods=case["per_year"], convention="us")

    assert Decimal(case["apr_percent"]) == percent(rate, "0.01")


def due_on(case: Case, k: int) -> date:
    """Give the date of payment k."""
    first = date.fromisoformat(case["first_on"])
    if case["every"] == "semimonth":
        return add_months(first, k // 2) + timedelta(days=15 * (k % 2))
    count, unit = case["every"].split()
    if unit.startswith("week"):
        return first + timedelta(weeks=k * int(count))
    return add_months(first, k * int(count))


@pytest.mark.parametrize("case", cases("apr_us_appendix_j"))
def test_appendix_j_dates(case: Case) -> None:
    """The same examples from their dates: the unit-period is found, odd days are counted."""
    flows = [case["advanced"], *payments_of(case)]
    dates = [case["advance_on"], *(due_on(case, k) for k in range(len(flows) - 1))]
    rate = apr(flows, dates, convention="us")

    assert Decimal(case["apr_percent"]) == percent(rate, "0.01")


@pytest.mark.parametrize("case", cases("apr_uk"))
def test_uk_calculator(case: Case) -> None:
    """Short loans as older British tools state them: days over 365.25, to 1 decimal."""
    if "monthly" in case:
        flows = [case["advance"], *[f"-{case['monthly']}"] * case["count"]]
        rate = apr(flows, convention="uk-365.25")
    else:
        over, under = case["years"].split("/")
        years = Fraction(over) / Fraction(under)
        flows = [case["advance"], f"-{case['repayment']}"]
        rate = apr(flows, times=[0, years], convention="uk-365.25")

    assert Decimal(case["apr_percent"]) == percent(rate, "0.1")


@pytest.mark.parametrize("case", cases("rates"))
def test_other_rates(case: Case) -> None:
    """Nominal rates and effective interest rates that are printed with few digits."""
    flows = flows_of(case["months"])
    rate = irr(flows) if case["measure"] == "irr" else apr(flows, convention="nominal")
    gap = abs(Decimal(case["percent"]) - percent(rate, "0.00000001"))

    assert gap <= Decimal(case["within"])


@pytest.mark.parametrize("case", cases("irr"))
def test_irr(case: Case) -> None:
    """IRR, RATE and RRI of spreadsheets and numpy-financial, all as rates of return."""
    flows = case["flows"] if "flows" in case else flows_of(case["runs"])

    assert close(case, irr(flows))


@pytest.mark.parametrize("case", cases("xirr"))
def test_xirr(case: Case) -> None:
    """XIRR of spreadsheets and pyxirr, also with many changes of sign."""
    dates, flows = zip(*case["flows"], strict=True)
    guess = float(case["guess"]) if "guess" in case else None

    assert close(case, irr(flows, dates, guess=guess))


@pytest.mark.parametrize("case", cases("spreadsheet", "npv"))
def test_npv(case: Case) -> None:
    """NPV from now, NPV from the next period, XNPV."""
    if case["convention"] == "dates":
        dates, flows = zip(*case["flows"], strict=True)
        found = npv(case["rate"], flows, dates)
    else:
        found = npv(case["rate"], case["flows"], convention=case["convention"])

    assert close(case, found)


@pytest.mark.parametrize("case", cases("spreadsheet", "conversions"))
def test_conversions(case: Case) -> None:
    """EFFECT and NOMINAL."""
    convert = effective if case["measure"] == "effective" else nominal

    assert close(case, convert(*case["args"]))
