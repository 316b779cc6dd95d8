"""Instalments that do not cover their first interest are the smallest that will do."""

from __future__ import annotations

import pytest

import replan

MONTHS, RATE = 5, 60
"""The first instalment is due after five months; 60 % a year is 5 % a month."""


def last_one(principal: int, level: int, count: int) -> int:
    """Give what the last instalment comes to, in cents: interest waits where it is not covered."""
    waits = 0
    for n in range(count):
        due = waits + (2 * principal * RATE * (1 if n else MONTHS) + 1200) // 2400
        if n == count - 1:
            return principal + due
        principal, waits = principal - min(max(level - due, 0), principal), max(due - level, 0)
    raise AssertionError


def smallest(principal: int, count: int, unit: int) -> int:
    """Find the smallest instalment that leaves no larger last one, trying each."""
    return next(level for level in range(unit, 2 * principal, unit)
                if last_one(principal, level, count) <= level)  # fmt: skip


@pytest.mark.parametrize(("principal", "count", "unit"), [
    (100, 24, 1), (200, 36, 1), (300, 60, 10), (592, 16, 500), (346, 35, 100),
])  # fmt: skip
def test_no_smaller_instalment_will_do(principal: int, count: int, unit: int) -> None:
    """Against each smaller one, by a loop of ten lines; amounts in cents."""
    rounding = {"unit": f"{unit / 100}", "instalment": "up"}
    debt = {"id": "x", "principal": principal, "rate": f"{RATE}%", "rounding": rounding}
    due = {"next_due": "2027-04-21"}
    case = replan.load_case({"as_of": "2026-11-21", "currency": "EUR", "debts": [debt | due]})
    rows = replan.schedule(case, f"split {count}")

    assert smallest(100 * principal, count, unit) == rows[1].payment
