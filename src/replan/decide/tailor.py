"""A suggested plan fitted to a case: to its currency, its pay-day, the season of its surplus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from replan.model.budget import surplus_path
from replan.model.case import Case
from replan.model.jurisdictions import pack_name
from replan.model.statement import before_pay_day

from .presets import PAY_DAY, SEASON, TOKEN, Suggestion

TOKENS = {"CNY": 50, "GBP": 1, "HKD": 50, "TWD": 200, "INR": 100, "JPY": 500, "KRW": 5000}
"""A token payment in major units: 1 pound is UK practice, the others are about as small."""
_OTHERWISE = 5
_STEP = Decimal("0.1")
_YEAR = 12


def tailor(menu: Iterable[Suggestion], case: Case) -> tuple[Suggestion, ...]:
    """Fit the plans of a menu to a case; what the case does not tell stays as in the menu."""
    token = f"token {TOKENS.get(case.currency, _OTHERWISE)} "
    return tuple(
        replace(
            s,
            plan=_in_season(_after_pay_day(s.plan.replace(TOKEN, token), case), case),
            why=_ELSEWHERE.get(s.why, s.why) if _is_elsewhere(case) else s.why,
        )
        for s in menu
    )


_ELSEWHERE = {"article-70": "long-term"}
"""Reasons from Chinese law, and what is said in their place where other law holds."""


def _is_elsewhere(case: Case) -> bool:
    pack = pack_name(case.jurisdiction)
    return pack != "cn" if pack else case.currency != "CNY"


def _after_pay_day(plan: str, case: Case) -> str:
    """Name the due day after pay-day, where debts fall due before it."""
    days = {clash.new_day for clash in before_pay_day(case)} if plan == PAY_DAY else set()
    return f"date {days.pop()}" if len(days) == 1 else plan


def _in_season(plan: str, case: Case) -> str:
    """Weigh the instalments as the surplus of the months in which they fall due."""
    if SEASON not in plan:
        return plan
    pause = 3 if plan.startswith("defer 3 ") else 0
    weights = season(case)
    turned = weights[pause:] + weights[:pause]
    return plan.replace(SEASON, f"seasonal {','.join(turned)}") if turned else plan


def season(case: Case) -> list[str]:
    """Give twelve weights, each month's certain surplus against the largest, from the next due on.

    In tenths, rounded down; what secured and priority debts take as instalments comes off first.
    Empty where the months do not differ, or nothing is known.
    """
    first = min((d.next_due for d in case.debts if d.next_due), default=None)
    start = 1 if first is None else _months_ahead(case, first.year, first.month)
    taken = sum(d.instalment or Decimal(0) for d in case.debts if d.secured or d.priority)
    path = surplus_path(case, start + _YEAR)[start:]
    left = [max(month.certain - taken, Decimal(0)) for month in path]
    if not left or max(left) == min(left):
        return []
    return [f"{(x / max(left)).quantize(_STEP, ROUND_DOWN).normalize():f}" for x in left]


def _months_ahead(case: Case, year: int, month: int) -> int:
    return (year - case.as_of.year) * _YEAR + month - case.as_of.month
