"""The surplus path: which lines count in which calendar month."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from replan.model.budget import reasons_not_assessed, surplus_path
from replan.model.case import Case


def case(**keys: Any) -> Case:
    """Return a case of one debt, as of 21 November 2026."""
    debts = [{"id": "a", "principal": "100", "rate": "5%"}]
    return Case.model_validate({"as_of": "2026-11-21", "currency": "CNY", "debts": debts, **keys})


def certain(months: int, **keys: Any) -> list[str]:
    """Return the certain surplus of the first months."""
    return [str(month.certain) for month in surplus_path(case(**keys), months)]


def test_surplus_is_income_less_expenses_savings_and_buffer() -> None:
    """3000 − 1800 − 100 − 200 = 900 in every month, without carry-over."""
    budget = {
        "income": [{"amount": "3000"}],
        "expenses": [{"amount": "1800"}],
        "savings": "100",
        "buffer": "200",
    }

    assert ["900.00", "900.00"] == certain(2, budget=budget)


def test_the_months_run_from_the_as_of_month() -> None:
    """November 2026 is the first, and the year turns after December."""
    path = surplus_path(case(surplus="5"), 3)

    assert [(2026, 11), (2026, 12), (2027, 1)] == [(m.year, m.month) for m in path]


def test_expected_income_counts_beside_the_certain() -> None:
    """Verdicts use the certain figure; the other shows what a new job would bring."""
    wage = {"amount": "7800", "from": "2026-12-01", "status": "expected"}
    path = surplus_path(case(budget={"income": [{"amount": "100"}, wage]}), 2)

    expected = [(Decimal(100), Decimal(100)), (Decimal(100), Decimal(7900))]
    assert expected == [(m.certain, m.expected) for m in path]


@pytest.mark.parametrize(
    ("every", "amount", "expected"),
    [
        ("week", "100", "433.33"),  # 100 × 52/12 = 433.333…
        ("fortnight", "100", "216.66"),  # 100 × 26/12 = 216.666…, rounded down
        ("4-weeks", "100", "108.33"),  # 100 × 13/12
        ("month", "100", "100.00"),
        ("quarter", "100", "33.33"),
        ("year", "100", "8.33"),
    ],
)
def test_other_frequencies_count_as_their_monthly_equivalent(
    every: str, amount: str, expected: str
) -> None:
    """A year has 52 weeks and 12 months; the sum is rounded down once."""
    assert [expected] == certain(1, budget={"income": [{"amount": amount, "every": every}]})


def test_a_negative_surplus_is_rounded_down_too() -> None:
    """0 − 100/3 = −33.333… is −33.34: never shown better than it is."""
    assert ["-33.34"] == certain(1, budget={"expenses": [{"amount": "100", "every": "quarter"}]})


@pytest.mark.parametrize(
    ("line", "income", "expense"),
    [
        ({"until": "2026-12-31"}, ["10", "10", "0"], ["-10", "-10", "0"]),
        ({"until": "2026-12-15"}, ["10", "0", "0"], ["-10", "-10", "0"]),
        ({"from": "2026-12-01"}, ["0", "10", "10"], ["0", "-10", "-10"]),
        ({"from": "2026-12-15"}, ["0", "0", "10"], ["0", "-10", "-10"]),
        ({"from": "2026-12-15", "due_day": 20}, ["0", "10", "10"], ["0", "-10", "-10"]),
        ({"until": "2026-12-15", "due_day": 20}, ["10", "0", "0"], ["-10", "0", "0"]),
        ({"until": "2026-11-30", "due_day": 31}, ["10", "0", "0"], ["-10", "0", "0"]),
        ({"from": "2026-12-24", "every": "once"}, ["0", "10", "0"], ["0", "-10", "0"]),
    ],
)
def test_a_line_counts_in_the_months_it_is_in_force(
    line: dict[str, Any], income: list[str], expense: list[str]
) -> None:
    """Income counts in months it covers whole, expenses in months they touch, or by due day."""
    one = {"amount": "10", **line}

    assert [f"{x}.00" for x in income] == certain(3, budget={"income": [one]})
    assert [f"{x}.00" for x in expense] == certain(3, budget={"expenses": [one]})


def test_a_given_surplus_counts_at_the_lowest_in_force() -> None:
    """A change inside a month counts at once if it is a fall, from the next month if a rise."""
    surplus = [
        {"amount": "500"},
        {"from": "2026-12-10", "amount": "300"},
        {"from": "2027-01-10", "amount": "900"},
    ]

    assert ["500.00", "300.00", "300.00", "900.00"] == certain(4, surplus=surplus)


def test_before_the_first_dated_surplus_there_is_none() -> None:
    """Nothing is presumed about months that nobody described."""
    surplus = [{"from": "2027-01-01", "amount": "300"}]

    assert ["0.00", "0.00", "300.00"] == certain(3, surplus=surplus)


def test_without_budget_there_is_no_path() -> None:
    """No budget is not a surplus of zero."""
    assert [] == surplus_path(case(), 12)


def test_yen_have_no_decimals() -> None:
    """The surplus is in minor units of the case's currency: 1000 × 52/12 = 4333.3…."""
    budget = {"income": [{"amount": "1000", "every": "week"}]}

    assert [Decimal(4333)] == [
        m.certain for m in surplus_path(case(budget=budget, currency="JPY"), 1)
    ]


@pytest.mark.parametrize(
    ("keys", "reasons"),
    [
        ({}, ("no-budget",)),
        ({"budget": {}}, ("no-budget",)),
        ({"budget": {"income": [{"amount": 1}]}}, ("no-expenses",)),
        ({"budget": {"income": [{"amount": 1}], "expenses": [{"amount": 1}]}}, ()),
        ({"surplus": "500"}, ()),
        ({"surplus": "500", "incomplete": True}, ("debt-missing",)),
    ],
)
def test_a_verdict_needs_budget_costs_and_all_debts(
    keys: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    """Never a bare yes."""
    assert reasons == reasons_not_assessed(case(**keys))


@pytest.mark.parametrize(
    "line",
    [
        {"from": "2026-12-02", "until": "2026-12-01"},
        {"every": "once"},
        {"every": "decade"},
        {"every": "week", "due_day": 3},
    ],
)
def test_faulty_lines_are_refused(line: dict[str, Any]) -> None:
    """An end before the start, a single amount without a date, an unknown frequency."""
    with pytest.raises(ValidationError):
        case(budget={"income": [{"amount": 1, **line}]})


def test_lines_that_count_alike_are_added_once() -> None:
    """Twenty thousand lines of a cash book take no longer than a handful."""
    lines = [{"label": f"shift {n}", "amount": "0.01"} for n in range(20_000)]
    lines += [{"amount": "5", "status": "expected"}, {"amount": "7", "from": "2026-12-01"}]
    path = surplus_path(case(budget={"income": lines}), 2)

    assert ["200.00/205.00", "207.00/212.00"] == [f"{m.certain}/{m.expected}" for m in path]


def test_a_path_may_be_written_in_one_line() -> None:
    """Months, whole dates and Chinese signs mean the entries of a list."""
    line = "1800; 2027-03: 900；2027年9月：2200"
    entries = [
        {"amount": "1800"},
        {"from": "2027-03-01", "amount": "900"},
        {"from": "2027-09-01", "amount": "2200"},
    ]

    assert case(surplus=entries).surplus == case(surplus=line).surplus
