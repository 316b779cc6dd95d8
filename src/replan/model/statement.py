"""The budget as a counsellor's statement: lines by section with what each comes to in a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from replan.engine.money import round_fraction

from .budget import MONTHLY_SHARE, BudgetLine, monthly_equivalent, surplus_path
from .categories import SECTIONS, Form, Side, form_of, section_of
from .currency import minor_unit

if TYPE_CHECKING:
    from .case import Case
    from .debt import Debt

MONTHS = 24
"""How far ahead the surplus path of a statement reaches."""
GRACE = 2
"""Days between pay-day and the due day that is advised: pay-day may fall on a weekend."""
OFTEN = ("week", "fortnight", "4-weeks")
"""Frequencies whose pay-days are no day of the month."""


@dataclass(frozen=True, slots=True)
class BeforePay:
    """A debt that is due on an earlier day of the month than the main income comes."""

    debt: str
    due_day: int
    income: str
    amount: Decimal
    pay_day: int
    new_day: int
    remedy: str


def statement_of(case: Case) -> dict[str, Any] | None:
    """Return the JSON form of a case's budget by section; None without a budget.

    Monthly equivalents are those of the surplus path in the as-of month (a week is 52/12 of a
    month), each rounded half-up to the minor unit on its own; sums are made from the exact amounts
    and then rounded. A single amount, and a line that does not count in that month, has none.
    """
    if case.budget is None:
        return None
    form, budget, unit = form_of(case.jurisdiction), case.budget, minor_unit(case.currency)
    sides: dict[Side, tuple[BudgetLine, ...]] = {
        "income": budget.income,
        "expenses": budget.expenses,
    }
    shown: dict[str, Any] = {"form": form}
    for side, lines in sides.items():
        shown[side] = list(_sections(lines, side, form, case))
    certain = [line for line in budget.income if line.status == "certain"]
    shown["certain_income"] = str(_rounded(_sum(certain, "income", case), unit))
    shown["costs"] = str(_rounded(_sum(budget.expenses, "expenses", case), unit))
    shown["savings"] = str(budget.savings + 0 * unit)
    shown["buffer"] = str(budget.buffer + 0 * unit)
    shown["people"] = budget.household.model_dump(mode="json") if budget.household else None
    return shown


def path_of(case: Case, months: int = MONTHS) -> list[dict[str, str]]:
    """Return the surplus path in JSON form: certain, and with expected income.

    Empty if the case has neither a budget nor a surplus.
    """
    return [
        {
            "month": f"{month.year}-{month.month:02d}",
            "certain": str(month.certain),
            "expected": str(month.expected),
        }
        for month in surplus_path(case, months)
    ]


def before_pay_day(case: Case) -> Iterator[BeforePay]:
    """Yield each monthly debt whose due day stands before the day of the largest certain income.

    The surplus of a month counts that income as if it were there; on the due day it is not. The
    remedy is a due day two days after it, in plan notation. Income without a day says nothing, and
    neither does a monthly income where a wage paid by the week comes to more.
    """
    for debt in case.debts:
        main = _main_income(case, debt)
        if main is None or main.due_day is None or debt.next_due is None:
            continue
        due, pay = debt.next_due.day, main.due_day
        if (debt.frequency or case.frequency) == "month" and due < pay:
            new = min(pay + GRACE, 31)
            yield BeforePay(debt.id, due, main.label, main.amount, pay, new, f"date {new}")


def _main_income(case: Case, debt: Debt) -> BudgetLine | None:
    """Return the largest certain income when *debt* is next due, if its day of the month is known.

    Incomes compare by what they come to in a month.
    """
    if case.budget is None or debt.next_due is None:
        return None
    lines = [
        line
        for line in case.budget.income
        if line.status == "certain" and line.every != "once" and _in_force(line, debt.next_due)
    ]
    dated = [line for line in lines if line.due_day]
    paid_often = [line for line in lines if line.every in OFTEN]
    return max([*dated, *paid_often], key=_a_month, default=None)


def _a_month(line: BudgetLine) -> Fraction:
    return Fraction(line.amount) * MONTHLY_SHARE[line.every]


def _in_force(line: BudgetLine, day: date) -> bool:
    return (line.start or date.min) <= day <= (line.until or date.max)


def _sections(
    lines: tuple[BudgetLine, ...], side: Side, form: Form, case: Case
) -> Iterator[dict[str, Any]]:
    """Yield the sections that have lines, in the order of the form."""
    unit = minor_unit(case.currency)
    for section in SECTIONS[form][side]:
        own = [line for line in lines if section_of(line.category, side, form) == section]
        if own:
            certain = [line for line in own if line.status == "certain"]
            yield {
                "section": section,
                "lines": [_line(line, side, case) for line in own],
                "monthly": str(_rounded(_sum(certain, side, case), unit)),
            }


def _line(line: BudgetLine, side: Side, case: Case) -> dict[str, Any]:
    monthly = monthly_equivalent(line, case.as_of, income=side == "income")
    return {
        "label": line.label,
        "category": line.category,
        "amount": str(line.amount),
        "every": line.every,
        "monthly": None if monthly is None else str(_rounded(monthly, minor_unit(case.currency))),
        "from": line.start.isoformat() if line.start else None,
        "until": line.until.isoformat() if line.until else None,
        "status": line.status if side == "income" else None,
        "payer": line.payer,
        "due_day": line.due_day,
    }


def _sum(lines: Iterable[BudgetLine], side: Side, case: Case) -> Fraction:
    income = side == "income"
    counted = (monthly_equivalent(line, case.as_of, income=income) for line in lines)
    return sum((amount for amount in counted if amount), Fraction(0))


def _rounded(amount: Fraction, unit: Decimal) -> Decimal:
    return round_fraction(amount / Fraction(unit), "half-up") * unit
