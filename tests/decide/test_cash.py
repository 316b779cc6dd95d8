"""Cash by date: what comes before pay-day."""

from __future__ import annotations

from datetime import date
from typing import Any

import replan
from decide.samples import debt
from replan.decide.cash import Cash, cash_needed
from replan.decide.plans import Bench
from replan.strategies.notation import parse_plan

WAGE = {"label": "wage", "amount": "1000.00", "due_day": 8}


def needed(plan: str, *income: dict[str, Any], **rent: Any) -> Cash | None:
    """Follow a household with one loan of twelve instalments of 100, due on the 5th."""
    expenses = [{"label": "rent", "amount": "310.00"} | rent]
    budget = {"income": list(income), "expenses": expenses}
    facts = {"as_of": "2026-11-21", "currency": "EUR", "budget": budget}
    case = replan.load_case(facts | {"debts": [debt(next_due="2026-12-05")]})
    return cash_needed(case, Bench(case).run(parse_plan(plan)).household)


def test_a_debit_before_pay_day_must_be_in_hand() -> None:
    """Rent on the 20th comes after the wage of the 8th; the instalment of the 5th before it."""
    assert Cash(100_00, date(2026, 12, 5), 0) == needed("contract", WAGE, due_day=20)


def test_costs_without_a_day_are_spread() -> None:
    """Seven of February's 28 days before the wage cost 77.50 of 310, the loan 100."""
    assert Cash(177_50, date(2027, 2, 7), 77_50) == needed("contract", WAGE, every="month")


def test_a_due_day_after_pay_day_needs_nothing() -> None:
    """From the 10th on the wage is there."""
    assert 0 == getattr(needed("date 10", WAGE, due_day=20), "needed", None)


def test_what_the_month_lacks_is_not_counted_again() -> None:
    """A wage of 300 on the 1st leaves 110 missing at the month's end: no matter of dates."""
    early = WAGE | {"amount": "300.00", "due_day": 1}
    assert 0 == getattr(needed("contract", early, due_day=20), "needed", None)


def test_weekly_income_comes_every_seven_days() -> None:
    """In September 2027 two of the weekly 80 come before the rent of the 20th: the 7th and 14th."""
    weekly = {"label": "shifts", "amount": "80.00", "every": "week", "from": "2026-12-01"}
    late = WAGE | {"due_day": 28}
    assert 310_00 + 100_00 - 2 * 80_00 == getattr(
        needed("contract", weekly, late, due_day=20), "needed", None
    )


def test_without_a_pay_day_nothing_is_said() -> None:
    """An income line without a day does not tell what comes first."""
    assert None is needed("contract", {"label": "wage", "amount": "1000.00"})
