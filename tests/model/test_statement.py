"""The budget as a statement: sections, monthly equivalents, days before pay-day."""

from __future__ import annotations

from typing import Any

import pytest

from replan.model.case import Case
from replan.model.categories import EXPENSES, INCOME, SECTIONS, section_of
from replan.model.statement import before_pay_day, path_of, statement_of


def case(*, jurisdiction: str = "GB", due: str = "2026-12-03", **budget: Any) -> Case:
    """Return a case with a budget and one debt."""
    debt = {"id": "card", "principal": "900", "rate": "12%", "next_due": due}
    head = {"as_of": "2026-11-21", "currency": "GBP", "jurisdiction": jurisdiction}
    return Case.model_validate({**head, "budget": budget, "debts": [debt]})


def test_lines_stand_in_their_sections() -> None:
    """Rent is part of the home, a phone of communications; what is not known stands with others."""
    lines = [{"label": c, "amount": "30", "category": c} for c in ("phone", "rent", "horoscopes")]
    statement = statement_of(case(expenses=lines)) or {}

    found = [(s["section"], s["lines"][0]["label"]) for s in statement["expenses"]]
    assert [
        ("home", "rent"),
        ("other-essential", "horoscopes"),
        ("communications", "phone"),
    ] == found


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("week", "433.33"),  # 100 × 52/12
        ("fortnight", "216.67"),  # 100 × 26/12
        ("4-weeks", "108.33"),  # 100 × 13/12
        ("month", "100.00"),
        ("quarter", "33.33"),
        ("year", "8.33"),
    ],
)
def test_monthly_equivalents(every: str, expected: str) -> None:
    """A year of 52 weeks is twelve months; each line is rounded half-up."""
    line = {"label": "wage", "amount": "100", "every": every, "category": "wage"}
    statement = statement_of(case(income=[line])) or {}

    assert expected == statement["income"][0]["lines"][0]["monthly"]
    assert expected == statement["certain_income"]


def test_sums_are_exact_and_expected_income_is_left_out() -> None:
    """Three lines of 100/3 are 100, though each prints as 33.33."""
    part = {"label": "part", "amount": "100", "every": "quarter"}
    hoped = {"label": "new job", "amount": "1500", "status": "expected"}
    statement = statement_of(case(income=[part, part, part, hoped])) or {}

    assert "100.00" == statement["certain_income"]


def test_statement_agrees_with_the_surplus_path() -> None:
    """A line that the path does not count this month has no monthly equivalent."""
    later = {"label": "wage", "amount": "900", "from": "2026-12-01"}
    single = {"label": "refund", "amount": "50", "every": "once", "from": "2026-11-25"}
    found = case(income=[later, single])
    statement = statement_of(found) or {}

    assert "0.00" == statement["certain_income"]
    assert ["50.00", "900.00"] == [m["certain"] for m in path_of(found, 2)]


def test_due_day_before_pay_day_has_a_remedy() -> None:
    """Due on the 3rd, paid on the 8th: a due day two days after pay-day."""
    wage = {"label": "wage", "amount": "900", "due_day": 8}

    (clash,) = before_pay_day(case(income=[wage]))
    assert ("card", 3, 8, "date 10") == (
        clash.debt,
        clash.due_day,
        clash.pay_day,
        clash.remedy,
    )


@pytest.mark.parametrize(
    ("due", "wage"),
    [
        ("2026-12-09", {"due_day": 8}),  # paid before
        ("2026-12-08", {"due_day": 8}),  # the same day
        ("2026-12-03", {}),  # nobody knows the day
        ("2026-12-03", {"due_day": 8, "until": "2026-11-30"}),  # no longer paid
        ("2026-12-03", {"due_day": 8, "status": "expected"}),  # not to be counted on
    ],
)
def test_no_clash(due: str, wage: dict[str, Any]) -> None:
    """Nothing is pointed out where pay comes in time or is not known."""
    found = case(due=due, income=[{"label": "wage", "amount": "900", **wage}])

    assert [] == list(before_pay_day(found))


def test_no_clash_where_a_weekly_wage_is_the_larger_income() -> None:
    """268.40 a week is 1,163.07 a month, more than a benefit of 612.75 on the 14th."""
    wage = {"label": "wage", "amount": "268.40", "every": "week"}
    benefit = {"label": "benefit", "amount": "612.75", "due_day": 14}

    assert [] == list(before_pay_day(case(income=[wage, benefit])))


def test_late_pay_day_means_the_last_day() -> None:
    """Paid on the 30th: the remedy is day 31, the last day of every month."""
    found = case(income=[{"label": "wage", "amount": "900", "due_day": 30}])

    assert ["date 31"] == [clash.remedy for clash in before_pay_day(found)]


def test_every_category_has_a_section_in_each_form() -> None:
    """No category leads nowhere, and each section is a category of its own."""
    for form, sides in SECTIONS.items():
        assert set(sides["income"]) == {section_of(c, "income", form) for c in INCOME}
        assert set(sides["expenses"]) == {section_of(c, "expenses", form) for c in EXPENSES}


def test_parents_have_a_section_of_their_own_in_china() -> None:
    """Support of parents is care in the SFS, maintenance in the Chinese form."""
    line = {"label": "老人", "amount": "400", "category": "parents"}
    found = [statement_of(case(jurisdiction=j, expenses=[line])) or {} for j in ("GB", "CN")]

    assert ["care", "maintenance"] == [one["expenses"][0]["section"] for one in found]


def test_without_a_budget_there_is_no_statement() -> None:
    """A surplus alone has a path and no lines."""
    found = case().model_copy(update={"budget": None})

    assert statement_of(found) is None
    assert [] == path_of(found)
