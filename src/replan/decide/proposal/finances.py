"""What a creditor may read of a household's means: sections of the budget, months, other debts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from replan.decide.evaluate import Evaluated, major
from replan.decide.figures import Household
from replan.model.budget import MONTHLY_SHARE
from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.statement import path_of, statement_of


def finances_of(case: Case) -> dict[str, Any] | None:
    """Give income and costs by section without labels; sums are those of the sections shown.

    Without a budget, what is left each month alone; None without either.
    """
    path = _left_by_month(case)
    statement = statement_of(case)
    if statement is None:
        return {"statement": None, "path": path} if path else None
    sides = {side: list(_sections(statement[side])) for side in ("income", "expenses")}
    _settle(sides, statement, path)
    income, costs = (
        sum((Decimal(part["monthly"]) for part in sides[side]), Decimal(statement["savings"]) * 0)
        for side in ("income", "expenses")
    )
    kept = {name: statement[name] for name in ("savings", "buffer", "people", "form")}
    left = income - costs - Decimal(kept["savings"]) - Decimal(kept["buffer"])
    sums = {"income_sum": str(income), "costs_sum": str(costs), "left": str(left)}
    return {"statement": {**sides, **sums, **kept}, "path": path}


def _settle(
    sides: Mapping[str, list[dict[str, str]]],
    statement: Mapping[str, Any],
    path: Sequence[Mapping[str, str]],
) -> None:
    """Let a rounded section take the cents by which all of them miss the month's surplus.

    The surplus is rounded down once, the sections each; a difference beyond their roundings is a
    single amount of that month, and stays. A rent that is paid by the month stays what it is.
    """
    kept = Decimal(statement["savings"]) + Decimal(statement["buffer"])
    income, costs = (sum(Decimal(one["monthly"]) for one in sides[side]) for side in sides)
    if not path or not sides["expenses"]:
        return
    missed = income - costs - kept - Decimal(path[0]["left"])
    unit = Decimal(1).scaleb(int(Decimal(path[0]["left"]).as_tuple().exponent))
    if missed and abs(missed) <= unit * (len(sides["income"]) + len(sides["expenses"])):
        side, section = _rounded(sides, statement, unit)
        change = missed if side == "expenses" else -missed
        section["monthly"] = str(Decimal(section["monthly"]) + change)


def _rounded(
    sides: Mapping[str, list[dict[str, str]]], statement: Mapping[str, Any], unit: Decimal
) -> tuple[str, dict[str, str]]:
    """Find the largest section with a rounded line, costs before income; else the largest cost."""
    for side in ("expenses", "income"):
        rounded = {
            part["section"]
            for part in statement[side]
            if any(_is_rounded(line, unit) for line in part["lines"])
        }
        found = [one for one in sides[side] if one["section"] in rounded]
        if found:
            return side, max(found, key=_monthly)
    return "expenses", max(sides["expenses"], key=_monthly)


def _is_rounded(line: Mapping[str, Any], unit: Decimal) -> bool:
    exact = Fraction(line["amount"]) * MONTHLY_SHARE.get(line["every"], 1)
    return bool(exact % Fraction(unit))


def _monthly(section: Mapping[str, str]) -> Decimal:
    return Decimal(section["monthly"])


def _sections(sections: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for section in sections:
        if Decimal(section["monthly"]):
            yield {"section": section["section"], "monthly": section["monthly"]}


def _left_by_month(case: Case) -> list[dict[str, str]]:
    """Draw months together that leave the same: first and last month, certain, with hoped for."""
    runs: list[dict[str, str]] = []
    for month in path_of(case):
        left = {"left": month["certain"], "hoped": month["expected"]}
        if runs and left.items() <= runs[-1].items():
            runs[-1]["last"] = month["month"]
        else:
            runs.append({"first": month["month"], "last": month["month"], **left})
    return runs


def others_of(household: Household, found: Evaluated) -> dict[str, Any]:
    """Sum up the other debts without naming any, and what all take of one month.

    The month is that of this debt's first payment. `share` compares this debt with those that have
    no security or priority: of what is owed, and of what is paid under the plan.
    """
    exponent = found.terms.exponent
    others = [one for one, _ in household.debts if one is not found]
    first = [one for one in others if _is_first(one.debt)]
    rest = [one for one in others if not _is_first(one.debt)]
    day = next((row.due for row in found.rows if row.payment), found.rows[-1].due)
    month = (day.year, day.month)
    left = household.path.get(month)
    return {
        "month": f"{day.year}-{day.month:02d}",
        "left": None if left is None else major(left[0], exponent),
        "hoped": None if left is None else major(left[1], exponent),
        "own": major(_paid_in([found], month), exponent),
        "priority": _summed(first, month, exponent),
        "ordinary": _summed(rest, month, exponent),
        "share": None if _is_first(found.debt) or not rest else _share(household, found),
    }


def _is_first(debt: Debt) -> bool:
    return debt.secured or debt.priority


def _summed(
    debts: Sequence[Evaluated], month: tuple[int, int], exponent: int
) -> dict[str, int | str]:
    owed = sum(one.rows[0].opening for one in debts)
    paid = _paid_in(debts, month)
    return {"count": len(debts), "owed": major(owed, exponent), "paid": major(paid, exponent)}


def _paid_in(debts: Sequence[Evaluated], month: tuple[int, int]) -> int:
    rows = (row for one in debts for row in one.rows)
    return sum(row.payment for row in rows if (row.due.year, row.due.month) == month)


def _share(household: Household, found: Evaluated) -> dict[str, float]:
    alike = [pair for pair in household.debts if not _is_first(pair[0].debt)]
    owed = sum(one.rows[0].opening for one, _ in alike)
    paid = sum(figures.total_paid for _, figures in alike)
    own = sum(row.payment for row in found.rows)
    return {"owed": found.rows[0].opening / owed, "paid": own / paid if paid else 0.0}
