"""Stress: which plans survive less income, a later return to work, or a higher rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from replan.engine.intervals import add_months
from replan.errors import ReplanError, UsageError
from replan.model.budget import BudgetLine
from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.months import month_name
from replan.model.rates import Rate
from replan.model.rules import RulePack
from replan.model.statement import GRACE
from replan.model.text import quote
from replan.strategies.notation import Plan, parse_plan
from replan.strategies.values import parse_share, print_share

from .cash import Cash, cash_needed, pay_days
from .compare import Compared, compare
from .evaluate import major
from .figures import Household, Surplus
from .law.rules import findings
from .opening import exponent_of
from .plans import Bench

INCOME_FALL, LATER = "10%", 3
"""The tests that are made unless others are asked for: design choices, not forecasts."""
SURVIVES = ("fits", "tight")


@dataclass(frozen=True, slots=True)
class Shock:
    """What is assumed to happen: `code`, its size as written, and what becomes of the case."""

    code: str
    given: str
    case: Case
    reprices: bool = False


def stress(  # noqa: PLR0913  # the tests' sizes are options
    case: Case,
    plans: Sequence[str | Plan | Mapping[str, Any]] = (),
    *,
    cause: str | None = None,
    income_fall: str = INCOME_FALL,
    later: int = LATER,
    rate_rise: str = "0%",
    rules: Sequence[RulePack] = (),
) -> dict[str, Any]:
    """Say which plans survive; without plans, those suggested for the cause of hardship.

    `income_fall` is the share by which certain income falls; `later` the months by which expected
    income comes later than hoped; `rate_rise` the points by which every rate rises at once, with
    the instalments found anew. 0 leaves a test out; `rules` are the packs whose findings are
    attached. For cash by date see `cash_needed`.
    Raises UsageError if a plan or a size cannot be read.
    """
    every = compare(case, plans, cause=cause).plans
    compared = [c for c in every if not c.outcome.plan.is_baseline("unpaid")]
    shocks = list(
        _shocks(case, _percent(income_fall, "income"), later, _percent(rate_rise, "rate"))
    )
    return {
        "replan": 1,
        "currency": case.currency,
        "as_of": case.as_of.isoformat(),
        "findings": findings(case, rules),
        "tests": [{"code": s.code, "given": s.given} for s in shocks],
        "plans": [_plan_dict(case, c, shocks) for c in compared],
    }


def _percent(text: str, name: str) -> Decimal:
    try:
        share = parse_share(text)
    except ValueError as error:
        raise UsageError(f"{name}: {error}.") from None
    if not 0 <= share <= 1:
        raise UsageError(f"{name}: {quote(text)} is not between 0% and 100%.")
    return share


def _shocks(case: Case, fall: Decimal, later: int, rise: Decimal) -> Iterator[Shock]:
    """List what is assumed; expected income is tried as hoped, and later."""
    lines = case.budget.income if case.budget else ()
    if lines and fall:
        yield Shock("income-fall", print_share(fall), _with_income(case, lambda x: _less(x, fall)))
    if any(line.status == "expected" for line in lines):
        yield Shock("as-hoped", "", _with_income(case, lambda x: _arrives(x, case.as_of, 0)))
        if later:
            moved = _with_income(case, lambda x: _arrives(x, case.as_of, later))
            yield Shock("later-return", str(later), moved)
    if rise:
        yield Shock("rate-rise", print_share(rise), _with_rates(case, rise), reprices=True)


def _with_income(case: Case, change: Callable[[BudgetLine], BudgetLine | None]) -> Case:
    if case.budget is None:
        return case
    lines = [line for line in map(change, case.budget.income) if line is not None]
    budget = case.budget.model_copy(update={"income": tuple(lines)})
    return case.model_copy(update={"budget": budget})


def _less(line: BudgetLine, fall: Decimal) -> BudgetLine:
    """Cut certain income; expected income does not count in a verdict anyway."""
    return line.model_copy(update={"amount": line.amount * (1 - fall)})


def _arrives(line: BudgetLine, as_of: date, later: int) -> BudgetLine | None:
    """Let expected income come for certain, some months later than hoped; None: it is over then."""
    if line.status == "certain":
        return line
    start = add_months(line.start or as_of, later)
    if line.until and line.until < start:
        return None
    return line.model_copy(update={"start": start, "status": "certain"})


def _with_rates(case: Case, rise: Decimal) -> Case:
    """Raise every rate by so many points a year from the as-of date on."""
    return case.model_copy(update={"debts": tuple(_dearer(debt, rise) for debt in case.debts)})


def _dearer(debt: Debt, rise: Decimal) -> Debt:
    changes = [c.model_copy(update={"rate": _raised(c.rate, rise)}) for c in debt.rate_changes]
    rate = _raised(debt.rate, rise)
    return debt.model_copy(update={"rate": rate, "rate_changes": tuple(changes)})


def _raised(rate: Rate, rise: Decimal) -> Rate:
    """Add points to a rate; to a daily one a 365th of them, to twelve decimals."""
    more = rise if rate.per == "year" else (rise / 365).quantize(Decimal("1e-12"))
    return Rate(rate.value + more, rate.per)


def _plan_dict(case: Case, compared: Compared, shocks: Sequence[Shock]) -> dict[str, Any]:
    plan, household = compared.outcome.plan, compared.outcome.household
    return {
        "plan": str(plan),
        "baseline": compared.is_baseline,
        "verdict": household.verdict,
        "headroom": None if household.reasons else household.headroom,
        "tests": [_test(shock, plan, household) for shock in shocks],
        "cash": _cash_dict(case, plan, household),
    }


def _test(shock: Shock, plan: Plan, household: Household) -> dict[str, Any]:
    """Judge what was agreed against what comes in then; a higher rate changes the plan itself."""
    if shock.reprices:
        judged = Bench(shock.case).run(plan).household
    else:
        surplus = Surplus(shock.case, exponent_of(shock.case.currency))
        judged = replace(household, case=shock.case, surplus=surplus)
    exponent, short = exponent_of(shock.case.currency), judged.shortfalls
    assessed = not judged.reasons
    return {
        "code": shock.code,
        "given": shock.given,
        "verdict": judged.verdict,
        "survives": judged.verdict in SURVIVES if assessed else None,
        "months_short": len(short) if assessed else None,
        "first_short": month_name(min(short)) if assessed and short else None,
        "largest_shortfall": major(max(short.values(), default=0), exponent) if assessed else None,
        "peak_payment": major(max(judged.by_month.values(), default=0), exponent),
    }


def _cash_dict(case: Case, plan: Plan, household: Household) -> dict[str, Any] | None:
    """Say what must be in hand, and which due day would need less."""
    cash = cash_needed(case, household)
    if cash is None:
        return None
    exponent = exponent_of(case.currency)
    shown: dict[str, Any] = {
        "needed": major(cash.needed, exponent),
        "lowest": cash.lowest.isoformat(),
        "without_debts": major(cash.without_debts, exponent),
        "remedy": None,
    }
    if cash.needed > cash.without_debts:
        shown["remedy"] = _remedy(case, plan, cash, exponent)
    return shown


def _remedy(case: Case, plan: Plan, cash: Cash, exponent: int) -> dict[str, str] | None:
    """Find the due day, soon after a pay-day, with which least must be in hand."""
    bench, found = Bench(case), []
    for day in pay_days(case):
        try:
            moved = parse_plan(_on_day(plan, min(day + GRACE, 31)))
            after = cash_needed(case, bench.run(moved).household)
        except ReplanError:
            continue  # a plan that this due day does not fit is no remedy
        if after is not None and after.needed < cash.needed:
            found.append((after.needed, str(moved)))
    if not found:
        return None
    needed, name = min(found)
    return {"plan": name, "needed": major(needed, exponent)}


def _on_day(plan: Plan, day: int) -> dict[str, Any]:
    """Add a due day to what a plan does with every debt that it touches, in JSON form."""
    moved = {"step": "date", "day": day}
    parts = []
    for part in plan.to_dict()["parts"]:
        steps = [step for step in part["steps"] if step["step"] != "contract"]
        parts.append({**part, "steps": [*steps, moved]})
    return {"parts": parts}
