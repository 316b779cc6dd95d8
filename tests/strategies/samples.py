"""Small cases whose plans can be checked by hand, and short ways to evaluate them."""

from __future__ import annotations

from datetime import date
from typing import Any

from replan.decide.evaluate import Evaluated, Row
from replan.decide.figures import Figures, Household
from replan.decide.plans import Bench, Outcome
from replan.errors import UsageError
from replan.model.case import Case
from replan.strategies.notation import parse_plan

AS_OF = "2026-01-10"


def case(**debt: Any) -> Case:
    """Return a case of one debt: 1,200.00 EUR at 12 % in twelve instalments due on the 10th.

    One twelfth of principal is 100.00, one month's interest on all of it 12.00.
    """
    one = {
        "id": "a",
        "principal": "1200.00",
        "rate": "12%",
        "method": "level",
        "remaining_instalments": 12,
        "next_due": "2026-02-10",
        **debt,
    }
    one = {key: value for key, value in one.items() if value is not None}
    return Case.model_validate({"as_of": AS_OF, "currency": "EUR", "debts": [one]})


def free(**debt: Any) -> Case:
    """Return the case without interest, so that every figure is a plain division."""
    return case(**{"rate": "0%", **debt})


def household(plan: str, of: Case | None = None) -> Household:
    """Return what a plan comes to."""
    outcome: Outcome = Bench(of or case()).run(parse_plan(plan))
    return outcome.household


def evaluated(plan: str, of: Case | None = None) -> Evaluated:
    """Return the one debt under a plan."""
    return household(plan, of).debts[0][0]


def figures(plan: str, of: Case | None = None) -> Figures:
    """Return the one debt's figures under a plan."""
    return household(plan, of).debts[0][1]


def rows(plan: str, of: Case | None = None) -> tuple[Row, ...]:
    """Return the one debt's rows under a plan, row 0 first."""
    return evaluated(plan, of).rows


def payments(plan: str, of: Case | None = None) -> list[int]:
    """Return what is paid in each row, row 0 first, in cents."""
    return [row.payment for row in rows(plan, of)]


def interest(plan: str, of: Case | None = None) -> list[int]:
    """Return the interest that accrues in each row, row 0 first, in cents."""
    return [row.accrued.get("interest", 0) for row in rows(plan, of)]


def due(plan: str, of: Case | None = None) -> list[date]:
    """Return the due dates, without row 0."""
    return [row.due for row in rows(plan, of)[1:]]


def refusal(plan: str, of: Case | None = None) -> str:
    """Return the message with which a plan is refused; empty if it is not."""
    try:
        household(plan, of)
    except UsageError as error:
        return str(error)
    return ""


def level(principal: float, rate: float, count: int) -> int:
    """Return a level instalment of the textbook formula P·r / (1 − (1 + r)^−n), in cents."""
    return round(principal * rate / (1 - (1 + rate) ** -count))
