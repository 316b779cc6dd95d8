"""One monthly amount shared over the debts, to the cent."""

from __future__ import annotations

from collections import defaultdict

import pytest

import replan
from decide.samples import case, debt
from replan.model.case import Case

METHODS = ("pro-rata", "avalanche", "snowball", "priority-first", "token")


def two_debts(**changes: str) -> Case:
    """Return debts of 1,000 and 200 without interest."""
    large = debt(id="large", principal="1000.00", instalment="10.00", remaining_instalments=100)
    small = debt(id="small", principal="200.00", instalment="10.00", remaining_instalments=20)
    return case(large, small | changes)


def paid(of: Case, plan: str) -> dict[str, list[int]]:
    """Give what each debt is paid on the shared days, in cents."""
    shown = replan.show(of, plan)
    return {found.debt.id: [row.payment for row in found.rows[1:]] for found, _ in shown.debts}


@pytest.mark.parametrize(
    ("method", "large", "small"),
    [("pro-rata", 50_00, 10_00), ("token", 30_00, 30_00), ("snowball", 10_00, 50_00)],
)
def test_the_first_month_is_shared_as_the_method_says(method: str, large: int, small: int) -> None:
    """60 a month: 5 to 1 by what is owed, the same to each, or the smallest debt first."""
    found = paid(two_debts(), f"household({method} of=60)")
    assert (large, small) == (found["large"][0], found["small"][0])


@pytest.mark.parametrize("method", METHODS)
def test_every_month_adds_up_until_all_is_paid(method: str) -> None:
    """What a cleared debt no longer needs goes to the other: 1,200 is paid in twenty times 60."""
    months: dict[int, int] = defaultdict(int)
    for payments in paid(two_debts(), f"household({method} of=60)").values():
        for at, amount in enumerate(payments):
            months[at] += amount
    assert dict.fromkeys(range(20), 60_00) == {at: sum_ for at, sum_ in months.items() if sum_}


def test_odd_cents_are_shared_exactly() -> None:
    """0.05 among three debts: two, two and one cent, never six."""
    debts = [debt(id=name, principal="10.00") for name in "abc"]
    found = paid(case(*debts), "household(token of=0.05)")
    assert [1, 2, 2] == sorted(payments[0] for payments in found.values())


def test_household_plans_stand_beside_the_others() -> None:
    """One comparison holds both kinds."""
    plans = ["split 24", *(f"household({method} of=60)" for method in METHODS)]
    found = replan.compare(two_debts(), plans).to_dict()["plans"]
    assert plans == [p["plan"] for p in found if not p["baseline"]]
