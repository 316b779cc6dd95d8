"""What an outsider can recompute from the public JSON alone, in fractions, on random cases."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from statistics import median_high
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

import replan
from replan.errors import UsageError

Json = dict[str, Any]
EXPONENTS = {"CNY": 2, "JPY": 0, "KWD": 3}
PARTS = ("principal", "interest", "penalty", "fees")
MODES = ("half-up", "half-even", "up", "down")
STEPS = (
    "defer 3",
    "defer 2 interest=capitalise",
    "defer 4 interest=end term=keep",
    "defer 1 of=principal",
    "split 12",
    "split 24 method=equal-principal",
    "split 6 method=interest-free",
    "split 9 method=interest-only",
    "waive penalty=100% interest=33.3%",
    "waive principal=20% when=completion",
    "rate cut=50% for=6",
    "rate 3%",
    "freeze 3",
    "capitalise",
    "down 10%",
    "extend 6",
    "step-up 10% every=3",
    "seasonal 1,0.5",
    "balloon 30%",
    "forbear 25%",
    "settle 60% in=3",
    "token 5 for=2",
    "pay-early 50 lower",
    "reamortise",
    "re-age 18",
    "household(pro-rata of=500)",
    "household(avalanche of=900)",
    "waterfall to=100 [rate cut=50% > extend 12 > forbear 50%]",
)


@st.composite
def debts(draw: st.DrawFn, name: str, as_of: date, exponent: int) -> Json:
    """Draw a debt in mid-life; rates up to 100 %, the first instalment within half a year."""

    def amount(top: int, least: int = 0) -> str:
        return str(Decimal(draw(st.integers(least, top))).scaleb(-exponent))

    rounding = {
        "interest": draw(st.sampled_from(MODES)),
        "instalment": draw(st.sampled_from(MODES)),
    }
    return {
        "id": name,
        "principal": amount(draw(st.sampled_from((10**5, 10**7, 10**9))), 10**4),
        "interest": amount(4000),
        "penalty": amount(900),
        "fees": amount(300),
        "rate": f"{Decimal(draw(st.integers(0, 10_000))).scaleb(-2)}%",
        "day_count": draw(st.sampled_from(("30/360", "actual/365", "actual/360", "actual/364"))),
        "last_accrual": (as_of - timedelta(days=draw(st.integers(0, 20)))).isoformat(),
        "next_due": (as_of + timedelta(days=draw(st.integers(0, 180)))).isoformat(),
        "method": draw(st.sampled_from(("level", "equal-principal", "interest-only"))),
        "remaining_instalments": draw(st.integers(1, 40)),
        "rounding": rounding,
    }


@st.composite
def cases(draw: st.DrawFn) -> Json:
    """Draw a case of one or two debts with a surplus."""
    as_of = draw(st.dates(date(2019, 12, 1), date(2032, 3, 1)))
    currency = draw(st.sampled_from(sorted(EXPONENTS)))
    names = ("a", "b")[: draw(st.integers(1, 2))]
    listed = [draw(debts(name, as_of, EXPONENTS[currency])) for name in names]
    surplus = str(draw(st.integers(0, 2000)))
    head = {"as_of": as_of.isoformat(), "currency": currency, "surplus": surplus}
    return {**head, "debts": listed}


PLANS = st.lists(st.sampled_from(STEPS), min_size=1, max_size=3).map(" + ".join)


def shown(case: Json, plan: str) -> Json:
    """Return the JSON of a plan; a plan that does not apply to the case is no example."""
    try:
        found = replan.show(replan.load_case(json.dumps(case).encode()), plan).to_dict()
    except UsageError:
        assume(condition=False)
    return dict(json.loads(json.dumps(found)))


def cents(text: str, case: Json) -> int:
    """Return an amount in minor units; it has exactly the currency's decimals."""
    exponent = EXPONENTS[case["currency"]]
    assert len(text.partition(".")[2]) == exponent
    return int(Decimal(text).scaleb(exponent))


def amounts(rows: list[Json], key: str, case: Json) -> list[int]:
    """Return one column of a schedule in minor units."""
    return [cents(row[key], case) for row in rows]


def sums(rows: list[Json], key: str, case: Json) -> list[int]:
    """Return one column of parts, added up, in minor units."""
    return [sum(cents(value, case) for value in row[key].values()) for row in rows]


def owed(debt: Json, case: Json) -> int:
    """Return what a debt of the case owes, in minor units."""
    return sum(int(Decimal(debt[part]).scaleb(EXPONENTS[case["currency"]])) for part in PARTS)


def rounded(value: Fraction, mode: str) -> int:
    """Round to a whole number by one of the four modes; nothing is negative here."""
    whole, rest = divmod(value, 1)
    half = Fraction(1, 2)
    up = {
        "up": rest > 0,
        "down": False,
        "half-up": rest >= half,
        "half-even": rest > half or (rest == half and whole % 2 == 1),
    }
    return int(whole) + up[mode]


def years(start: date, end: date, debt: Json, *, regular: bool) -> Fraction:
    """Return a monthly period's length: a month is a twelfth under 30/360, else days count."""
    if debt["day_count"] != "30/360":
        return Fraction((end - start).days, int(debt["day_count"].partition("/")[2]))
    if regular:
        return Fraction(1, 12)
    first, last = min(start.day, 30), end.day
    last = 30 if last == 31 and first == 30 else last
    months = 12 * (end.year - start.year) + end.month - start.month
    return Fraction(30 * months + last - first, 360)


def rate_of(debt: Json) -> Fraction:
    """Return the yearly rate."""
    return Fraction(debt["rate"].rstrip("%")) / 100


def factors(debt: Json, begin: date, dues: list[date]) -> list[Fraction]:
    """Return rate times length of each period that ends at a due date."""
    spans = pairwise([begin, *dues])
    return [rate_of(debt) * years(a, b, debt, regular=i > 0) for i, (a, b) in enumerate(spans)]


def month_end_safe(case: Json) -> None:
    """Leave out dates whose day of the month is open to reading, for the tests that derive them."""
    for debt in case["debts"]:
        assume(date.fromisoformat(debt["next_due"]).day <= 28)
        assume(date.fromisoformat(debt["last_accrual"]).day <= 28)
        assume(debt["last_accrual"][8:] != debt["next_due"][8:])
        assume(case["as_of"][8:] != debt["next_due"][8:])


@given(cases(), PLANS)
def test_every_row_foots_and_nothing_appears_or_vanishes(case: Json, plan: str) -> None:
    """Per row and in all: owed + accrued = paid + waived + residual; nothing is negative."""
    for debt, found in zip(case["debts"], shown(case, f"*: {plan}")["debts"], strict=True):
        rows = found["schedule"]
        opening, balance = amounts(rows, "opening", case), amounts(rows, "balance", case)
        paid, parts = amounts(rows, "payment", case), [amounts(rows, p, case) for p in PARTS]
        accrued, waived = sums(rows, "accrued", case), sums(rows, "waived", case)
        change = [a - w - p for a, w, p in zip(accrued, waived, paid, strict=True)]

        assert [owed(debt, case), *balance[:-1]] == opening
        assert list(accumulate(change, initial=opening[0]))[1:] == balance
        assert paid == [sum(of_row) for of_row in zip(*parts, strict=True)]
        assert min(*paid, *balance, *accrued, *waived, *(min(p) for p in parts)) >= 0
        assert balance[-1] == cents(found["metrics"]["residual"], case)
        assert sorted(row["due"] for row in rows) == [row["due"] for row in rows]
    assert all(a < b for a, b in pairwise(row["due"] for row in rows[1:]))


@given(cases(), st.integers(2, 36), st.sampled_from(("", "waive penalty=100% + ", "capitalise + ")))
def test_a_split_is_the_level_instalment_of_its_formula(case: Json, n: int, before: str) -> None:
    """A = P / sum of discount factors; the payment is A + stream / N, rounded once."""
    month_end_safe(case)
    for debt, found in zip(
        case["debts"], shown(case, f"*: {before}split {n}")["debts"], strict=True
    ):
        first = date.fromisoformat(debt["next_due"])
        dues = [first + relativedelta(months=k) for k in range(n)]
        row0, *rows = found["schedule"]
        # capitalising changes the principal, so the interest so far is settled in row 0
        settled = case["as_of"] if row0["accrued"] or before == "capitalise + " else None
        begin = date.fromisoformat(settled or debt["last_accrual"])
        steps = factors(debt, begin, dues)
        principal = int(Decimal(debt["principal"]).scaleb(EXPONENTS[case["currency"]]))
        principal += cents(row0["capitalised"], case)
        stream = Fraction(cents(row0["balance"], case) - principal, n)
        worth = list(accumulate((1 / (1 + f) for f in steps), lambda a, b: a * b))
        level = rounded(principal / sum(worth) + stream, debt["rounding"]["instalment"])
        # an instalment that leaves interest open is found by trial, not by the formula
        assume(principal * steps[0] + stream + 1 < level)
        left, interest = principal, []
        for step, paid in zip(steps, amounts(rows, "principal", case), strict=True):
            interest.append(rounded(left * step, debt["rounding"]["interest"]))
            left -= paid

        assert [day.isoformat() for day in dues] == [row["due"] for row in rows]
        assert [level] * (n - 1) == amounts(rows, "payment", case)[:-1]
        assert interest == sums(rows, "accrued", case)
        assert 0 == left


@given(cases(), PLANS)
def test_the_figures_follow_from_the_rows(case: Json, plan: str) -> None:
    """Totals, typical and peak payment, months and shortfalls are those of the rows."""
    found = shown(case, f"*: {plan}")
    by_month: dict[str, int] = {}
    for debt in found["debts"]:
        rows, figures = debt["schedule"], debt["metrics"]
        paid = amounts(rows, "payment", case)
        later = [amount for amount in paid[1:] if amount]
        for row, amount in zip(rows, paid, strict=True):
            by_month[row["due"][:7]] = by_month.get(row["due"][:7], 0) + amount
        assert sum(paid) == cents(figures["total_paid"], case)
        assert max(paid) == cents(figures["peak_payment"], case)
        assert (median_high(later) if later else paid[0]) == cents(figures["typical_payment"], case)
        assert sum(sums(rows, "waived", case)) == cents(figures["waived"], case)
        assert sum(amounts(rows, "interest", case)) == cents(figures["interest_paid"], case)
    surplus = int(Decimal(case["surplus"]).scaleb(EXPONENTS[case["currency"]]))
    short = {m: paid - surplus for m, paid in by_month.items() if paid > surplus}
    whole = found["household"]["metrics"]

    assert max(by_month.values()) == cents(whole["peak_payment"], case)
    if whole["verdict"] != "not-assessed":
        assert sorted(short) == whole["short_months"]
        assert max(short.values(), default=0) == cents(whole["largest_shortfall"], case)
        assert bool(short) == (whole["verdict"] == "short")


@given(cases(), st.sampled_from(("split 12", "defer 3 + split 24", "rate 3%", "settle 60% in=3")))
def test_the_present_value_is_that_of_the_payments(case: Json, plan: str) -> None:
    """Each payment is divided by 1 + rate × period, period by period, at the contract's rate."""
    month_end_safe(case)
    values: list[list[float]] = []
    listed = [shown(case, name)["debts"] for name in ("contract", f"*: {plan}")]
    for side in listed:
        values.append([])
        for debt, found in zip(case["debts"], side, strict=True):
            rows = found["schedule"]
            days = [date.fromisoformat(row["due"]) for row in rows]
            growth = [1.0 + float(f) for f in factors(debt, days[0], days[1:])]
            worth = list(accumulate(growth, lambda a, b: a / b, initial=1.0))
            paid = amounts(rows, "payment", case)
            values[-1].append(math.fsum(p * w for p, w in zip(paid, worth, strict=True)))
            assert abs(values[-1][-1] - cents(found["metrics"]["npv"], case)) <= 0.51
    for base, value, found in zip(*values, listed[1], strict=True):
        assert math.isclose(1 - value / base, found["metrics"]["npv_loss"], abs_tol=1e-9)


@given(cases(), st.lists(PLANS, min_size=1, max_size=3, unique=True))
def test_a_comparison_says_what_each_plan_says(case: Json, plans: list[str]) -> None:
    """The figures are those of the plan alone, and dominance follows from them."""
    alone = {f"*: {plan}": shown(case, f"*: {plan}") for plan in plans}
    loaded = replan.load_case(json.dumps(case).encode())
    compared = json.loads(json.dumps(replan.compare(loaded, list(alone)).to_dict()))["plans"]
    costs = {entry["plan"]: _costs(entry["metrics"], case) for entry in compared}

    for entry in compared:
        name, mine = entry["plan"], costs[entry["plan"]]
        others = [theirs for other, theirs in costs.items() if other not in {name, "unpaid"}]
        beaten = any(theirs != mine and _no_worse(theirs, mine) for theirs in others)
        assert (beaten and not entry["baseline"]) == entry["dominated"]
        if name in alone:
            assert alone[name]["household"]["metrics"] == entry["metrics"]


def _costs(figures: Json, case: Json) -> tuple[int, ...]:
    total = cents(figures["total_paid"], case) + cents(figures["residual"], case)
    shortfall = cents(figures["largest_shortfall"], case) if figures["largest_shortfall"] else 0
    value = cents(figures["npv"], case)
    short = figures["months_short"] or 0
    return cents(figures["peak_payment"], case), total, figures["months"], -value, shortfall, short


def _no_worse(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(first, second, strict=True))


def monthly_rate(outlay: float, payments: Mapping[int, float]) -> float:
    """Find by bisection the monthly rate at which dated payments are worth an outlay today."""
    low, high = -0.5, 1.0
    for _ in range(200):
        rate = (low + high) / 2
        worth = sum(amount / (1 + rate) ** month for month, amount in payments.items())
        low, high = (rate, high) if worth > outlay else (low, rate)
    return low


@pytest.mark.parametrize(
    ("jurisdiction", "yearly"),
    [
        ("DE", lambda i: (1 + i) ** 12 - 1),  # directive 2008/48/EC, annex I: months of 1/12 year
        ("US", lambda i: 12 * i),  # Regulation Z, appendix J: the month is the unit period
        ("CN", lambda i: 12 * i),  # the monthly rate times twelve
    ],
)
@pytest.mark.parametrize(
    "plan",
    ["split 24", "waive interest=50% + defer 3 + split 12", "rate cut=50% + down 100 + split 9"],
)
def test_the_annual_rate_of_a_restructured_plan(
    plan: str, jurisdiction: str, yearly: Callable[[float], float]
) -> None:
    """The rows of the JSON give the rate that the same JSON states, by each law's formula."""
    loan = {"id": "a", "principal": "5000.00", "interest": "300.00", "rate": "18%"}
    facts = {"as_of": "2026-01-15", "currency": "EUR", "jurisdiction": jurisdiction}
    case = replan.load_case(facts | {"debts": [loan | {"next_due": "2026-02-15"}]})
    shown = replan.show(case, plan).to_dict()["debts"][0]
    payments: dict[int, float] = {}
    for row in shown["schedule"]:
        year, month = int(row["due"][:4]), int(row["due"][5:7])
        at = (year - 2026) * 12 + month - 1
        payments[at] = payments.get(at, 0.0) + float(row["payment"])
    assert yearly(monthly_rate(5300.0, payments)) == pytest.approx(
        shown["metrics"]["apr"], abs=1e-9
    )
