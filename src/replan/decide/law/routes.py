"""When no plan is right: the ways out beyond repayment plans, and what must be known for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from replan.decide.evaluate import major
from replan.decide.figures import Household
from replan.decide.opening import exponent_of
from replan.model.budget import reasons_not_assessed, surplus_path
from replan.model.case import Case
from replan.model.rules import Route, RulePack

from .rules import region_of

LONGEST_PLAN = 60
"""Months after which practice ends: article 70 (CN), card workouts (US), DMP and IVA."""
_KEPT = {"fits", "tight"}


def routes_beyond(
    case: Case, contract: Household, others: Iterable[Household], packs: Sequence[RulePack]
) -> dict[str, Any] | None:
    """Say which ways there are beyond plans, if no plan is right; None if one may be.

    No plan is right if none of those judged can be kept within 60 months and all that is left in
    60 months, after secured and priority debts, does not repay the principal of the others: then
    not even a waiver of all interest and charges would do. Expected income counts for what is
    left: while a wage may return a plan may be right. Without a budget nothing is said.
    """
    households = [contract, *others]
    kept = any(h.verdict in _KEPT and h.months <= LONGEST_PLAN for h in households)
    if reasons_not_assessed(case) or kept:
        return None
    exponent = exponent_of(case.currency)
    left, owed = _left(case, contract, exponent), _owed(contract)
    if left >= owed:
        return None
    return {
        "reason": "no-surplus" if left <= 0 else "too-long",
        "left": major(max(left, 0), exponent),
        "owed": major(owed, exponent),
        "within_months": LONGEST_PLAN,
        "months": None if left <= 0 else -(-owed * LONGEST_PLAN // left),
        "routes": [_route(case, route) for route in _routes(case, packs)],
        "question": _question(case, packs),
    }


def _left(case: Case, contract: Household, exponent: int) -> int:
    """Add up what all income leaves in 60 months, after secured and priority debts.

    A month with a shortfall counts as nothing: it cannot be made good from a later one.
    """
    path = surplus_path(case, LONGEST_PLAN + 1)
    months = {(m.year, m.month): int(m.expected.scaleb(exponent)) for m in path}
    for found, _ in contract.debts:
        if found.debt.comes_first:
            for row in found.rows:
                _take(months, row.due, row.payment)
    return sum(max(left, 0) for left in months.values())


def _take(months: dict[tuple[int, int], int], due: date, payment: int) -> None:
    month = (due.year, due.month)
    if month in months:
        months[month] -= payment


def _owed(contract: Household) -> int:
    """Add up the principal of the debts that plans touch, in minor units."""
    scale = Decimal(10) ** exponent_of(contract.case.currency)
    debts = (found.debt for found, _ in contract.debts)
    return int(sum(debt.principal * scale for debt in debts if not debt.comes_first))


def _routes(case: Case, packs: Sequence[RulePack]) -> list[Route]:
    return [
        route
        for pack in packs
        for route in pack.routes
        if route.since <= case.as_of
        and (not route.regions or region_of(case, pack) in route.regions)
    ]


def _question(case: Case, packs: Sequence[RulePack]) -> Mapping[str, str] | None:
    """Ask for the part of the country where routes depend on it."""
    for pack in packs:
        regional = any(route.regions for route in pack.routes)
        if pack.region_question and regional and region_of(case, pack) is None:
            return {"en": pack.region_question.en, "zh": pack.region_question.zh}
    return None


def _route(case: Case, route: Route) -> dict[str, Any]:
    return {
        "id": route.id,
        "title": {"en": route.title.en, "zh": route.title.zh},
        "means": {"en": route.means.en, "zh": route.means.zh},
        "screen": _SCREENS[route.screen](case, route) if route.screen else [],
        "asks": [{"en": ask.en, "zh": ask.zh} for ask in route.asks],
        "source": route.source,
        "url": route.url,
        "since": route.since.isoformat(),
    }


def debt_relief_order(case: Case, route: Route) -> list[dict[str, Any]]:
    """Compare what a case says with the limits of a debt relief order; never an answer.

    Debts are all that is outstanding without a security; the surplus is that of the month after
    the as-of date with the buffer added back, for the order's test knows none.
    """
    if case.currency != "GBP":
        return []
    debts = sum((d.outstanding for d in case.debts if not d.secured), Decimal(0))
    month = surplus_path(case, 2)[1]
    surplus = month.certain + (case.budget.buffer if case.budget else Decimal(0))
    return [
        _limit("debts", debts, route.limits["debts"]),
        _limit("surplus", max(surplus, Decimal(0)), route.limits["surplus"]),
    ]


def _limit(what: str, value: Decimal, limit: int) -> dict[str, Any]:
    return {"what": what, "value": f"{value:.2f}", "limit": str(limit), "within": value <= limit}


_SCREENS = {"debt-relief-order": debt_relief_order}
