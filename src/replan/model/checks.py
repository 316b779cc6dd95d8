"""What fields of a case say about each other: contradictions and doubts, as problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from replan.engine.dates import parse_frequency
from replan.errors import Severity

from .categories import KNOWN, Side, suggest_category
from .conventions import COMPONENTS, LENDER_TYPES
from .flat import flat_doubts
from .issues import Problem, suggest
from .text import quote

if TYPE_CHECKING:
    from .budget import Budget, BudgetLine
    from .case import Case
    from .debt import Debt


def debt_problems(debt: Debt) -> Iterator[Problem]:
    """Check what a debt says about itself."""
    yield from _arrears(debt)
    yield from _ordered(debt, "last_accrual", "next_due")
    yield from _ordered(debt, "contract_date", "last_payment")
    yield from _ordered(debt, "contract_date", "next_due")
    yield from _instalments(debt)
    yield from _ascending("rate_changes", "from", [change.start for change in debt.rate_changes])
    yield from _ascending("instalments", "due", [entry.due for entry in debt.instalments])
    if debt.balloon > debt.principal:
        message = f"The balloon {debt.balloon} is above the principal {debt.principal}."
        yield Problem("balloon-above-principal", message, "Correct one of them.", ("balloon",))


def dated_problems(debt: Debt, as_of: date) -> Iterator[Problem]:
    """Check what a debt says about the as-of date."""
    if debt.next_due and debt.next_due < as_of:
        message = f"next_due {debt.next_due} is before the as-of date {as_of}."
        hint = "Give the first due date to come; what fell due before is arrears."
        yield Problem("dates-out-of-order", message, hint, ("next_due",))
    for name in ("last_accrual", "contract_date", "last_payment"):
        day = getattr(debt, name)
        if day and day > as_of:
            message = f"{name} {day} is after the as-of date {as_of}."
            yield Problem("dates-out-of-order", message, "Correct one of them.", (name,))
    if debt.instalments and debt.instalments[0].due < as_of:
        message = f"An instalment is due {debt.instalments[0].due}, before {as_of}."
        hint = "List instalments to come; what fell due before is arrears."
        yield Problem("dates-out-of-order", message, hint, ("instalments", 0, "due"))
    yield from _payments(debt, as_of)
    yield from _past_due(debt, as_of)


def doubts(debt: Debt, frequency: str) -> Iterator[Problem]:
    """Tell what is possible but unlikely, as warnings."""
    if not debt.outstanding:
        yield _warning("nothing-owed", f"{debt.id} has nothing outstanding.", ("principal",))
    past_due = sum(getattr(debt.arrears, name) for name in COMPONENTS)
    if debt.days_past_due and not past_due and not debt.accelerated and debt.outstanding:
        message = f"{debt.days_past_due} days past due, but no arrears are given."
        yield _warning("arrears-missing", message, ("arrears",), "Give what is past due.")
    if past_due and not debt.days_past_due:
        message = f"{past_due} is past due, but days_past_due is 0."
        yield _warning("arrears-not-overdue", message, ("days_past_due",), "Give the days.")
    if debt.lender_type not in LENDER_TYPES and (hint := suggest(debt.lender_type, LENDER_TYPES)):
        message = f"{quote(debt.lender_type)} is not a known lender type."
        yield _warning("value-unknown", message, ("lender_type",), hint)
    yield from _never_clears(debt, frequency)
    yield from flat_doubts(debt, frequency)
    rule = debt.minimum_payment
    if rule is not None and rule.share and not rule.floor and debt.outstanding:
        share = f"{(rule.share * 100).normalize():f}%"
        message = f"{share} without a least amount falls for years, down to the last 0.01."
        hint = "Ask for the least amount of the agreement, and give it as floor beside share."
        yield _warning("minimum-floor", message, ("minimum_payment",), hint)


def budget_doubts(budget: Budget) -> Iterator[Problem]:
    """Note each line whose category is not a known one: it stands with the rest."""
    sides: dict[Side, tuple[BudgetLine, ...]] = {
        "income": budget.income,
        "expenses": budget.expenses,
    }
    for side, lines in sides.items():
        for index, line in enumerate(lines):
            if line.category and line.category.strip().lower() not in KNOWN[side]:
                message = f"{quote(line.category)} is not a category of {side} that replan knows."
                hint = suggest_category(line.category, side)
                path = ("budget", side, index, "category")
                yield Problem("category-unknown", message, hint, path, "note")


def case_problems(case: Case) -> Iterator[Problem]:
    """Check what a case says about itself, its debts' dates included."""
    if not case.debts:
        yield Problem("debts-missing", "The case has no debts.", "Add one.", ("debts",))
    yield from repeated_ids(debt.id for debt in case.debts)
    if case.budget is not None and case.surplus is not None:
        hint = "Keep the one that is right."
        yield Problem("surplus-twice", "Both budget and surplus are given.", hint, ("surplus",))
    yield from _surplus_twice(case)
    for index, debt in enumerate(case.debts):
        for problem in dated_problems(debt, case.as_of):
            yield at(problem, "debts", index)


def _surplus_twice(case: Case) -> Iterator[Problem]:
    """Report each entry of a surplus path that begins with another one."""
    seen: set[date | None] = set()
    for index, entry in enumerate(case.surplus or ()):
        if entry.start in seen:
            path = ("surplus", index, "from")
            message = f"{entry.start} stands twice in the surplus path."
            if entry.start is None:
                message = f"{entry.amount} does not say from when it holds."
            yield Problem("surplus-path", message, "Give each amount its own month.", path)
        seen.add(entry.start)


def repeated_ids(ids: Iterable[str]) -> Iterator[Problem]:
    """Report each id that stands more than once, at its later places."""
    seen: Counter[str] = Counter()
    for index, name in enumerate(ids):
        if seen[name]:
            message = f"{quote(name)} is the id of two debts."
            path = ("debts", index, "id")
            yield Problem("id-twice", message, "Give each debt its own id.", path)
        seen[name] += 1


def at(problem: Problem, *prefix: str | int) -> Problem:
    """Put the place of an object before the path inside it."""
    path = (*prefix, *problem.path)
    return Problem(problem.code, problem.message, problem.hint, path, problem.severity)


def _warning(code: str, message: str, path: tuple[str, ...], hint: str = "") -> Problem:
    severity: Severity = "warning"
    return Problem(code, message, hint or "Check it.", path, severity)


def _arrears(debt: Debt) -> Iterator[Problem]:
    for name in COMPONENTS:
        part, whole = getattr(debt.arrears, name), getattr(debt, name)
        if part > whole:
            message = f"{part} of {name} is past due, but only {whole} is outstanding."
            hint = f"{name} is the whole outstanding, arrears included."
            yield Problem("arrears-above-outstanding", message, hint, ("arrears", name))


def _ordered(debt: Debt, first: str, second: str) -> Iterator[Problem]:
    earlier, later = getattr(debt, first), getattr(debt, second)
    if earlier and later and earlier > later:
        message = f"{first} {earlier} is after {second} {later}."
        yield Problem("dates-out-of-order", message, "Correct one of them.", (first,))


def _instalments(debt: Debt) -> Iterator[Problem]:
    if debt.method == "custom" and not debt.instalments:
        hint = 'Add "instalments": [{"due": …, "amount": …}].'
        message = "The custom method has no instalments."
        yield Problem("instalments-missing", message, hint, ("instalments",))
    if debt.instalments and debt.method != "custom":
        message = f"Instalments are listed, but the method is {debt.method}."
        yield Problem("shape-wrong", message, 'Write "method": "custom".', ("method",))


def _ascending(key: str, name: str, days: Sequence[date]) -> Iterator[Problem]:
    for index, (before, after) in enumerate(pairwise(days), start=1):
        if after <= before:
            message = f"{after} is not after {before}."
            path = (key, index, name)
            yield Problem("dates-out-of-order", message, "List them by date, once each.", path)


def _payments(debt: Debt, as_of: date) -> Iterator[Problem]:
    for index, payment in enumerate(debt.payments):
        if payment.date > as_of:
            message = f"A payment of {payment.date} is after the as-of date {as_of}."
            path = ("payments", index, "date")
            yield Problem("payment-in-future", message, "List payments received only.", path)


def _past_due(debt: Debt, as_of: date) -> Iterator[Problem]:
    since = debt.contract_date
    if since and since <= as_of and debt.days_past_due > (as_of - since).days:
        age = (as_of - since).days
        message = f"{debt.days_past_due} days past due, but the contract is {age} days old."
        path = ("days_past_due",)
        yield Problem("past-due-impossible", message, "Correct one of them.", path)


def _never_clears(debt: Debt, frequency: str) -> Iterator[Problem]:
    """Compare the instalment with about one period's interest on the principal."""
    if debt.instalment is None or debt.method in {"interest-only", "custom"} or debt.balloon:
        return
    interest = Fraction(debt.principal) * debt.rate.fraction * _periods(debt, frequency)
    if debt.principal and Fraction(debt.instalment) <= interest:
        about = Decimal(round(interest * 100)) / 100
        message = f"{debt.instalment} does not cover the interest of a period (about {about})."
        hint = "The debt never clears at this instalment; check both."
        yield _warning("instalment-below-interest", message, ("instalment",), hint)


def _periods(debt: Debt, frequency: str) -> Fraction:
    """Return the length of one instalment period in the rate's own unit, nominally."""
    every = parse_frequency(frequency)
    days = every.every if every.unit == "day" else every.every * Fraction(365, 12)
    return Fraction(days) if debt.rate.per == "day" else Fraction(days) / 365
