"""The smallest change that fits is found exactly: no smaller value of the lever does."""

from __future__ import annotations

from collections import Counter as Counted
from typing import Any

import pytest

import replan
from decide.samples import case, debt
from replan.decide.counteroffer.counter import Counter, counter
from replan.decide.evaluate import evaluate_facts
from replan.model.case import Case
from replan.strategies.notation import parse_steps

LOAN = debt(
    principal="9000.00", interest="400.00", penalty="250.00", fees="30.00", rate="18%",
    instalment=None, remaining_instalments=24,
)  # fmt: skip
DATED = [
    {"from": "2026-11-01", "amount": "300.00"},
    {"from": "2027-03-01", "amount": "420.00"},
    {"from": "2027-09-01", "amount": "340.00"},
]


def household(surplus: Any = "420.00", **changes: Any) -> Case:
    """Return a case with one loan of 9,680.00 at 18 %."""
    return case(LOAN | changes, surplus=surplus, currency="CNY")


def fit_alone(judged: Counter, plans: list[str]) -> list[bool]:
    """Tell which plans fit, from their schedules' rows added up month by month."""
    bench, left, as_of = judged.bench, judged.room.left, judged.bench.case.as_of
    fit = []
    for found in evaluate_facts([bench.prepare(judged.debt, parse_steps(p, "+")) for p in plans]):
        paid: Counted[int] = Counted()
        for row in found.rows:
            paid[(row.due.year - as_of.year) * 12 + row.due.month - as_of.month] += row.payment
        fit.append(all(amount <= left[month] for month, amount in paid.items() if amount))
    return fit


@pytest.mark.parametrize(
    ("offer", "surplus"),
    [
        ("24 instalments", DATED),
        ("10% down, 30% of the penalty waived, 18期", "420.00"),
        ("18 instalments rising by 10% every 6 months", "420.00"),
        ("26 fortnightly payments", DATED),
        ("22 instalments, due on the 15th", "420.00"),
        ("100 a month for 3 months, then 500 a month", "420.00"),
    ],
)
def test_each_lever_against_brute_force(offer: str, surplus: Any) -> None:
    """Every value is tried alone: the first that fits is the one found, or none fits."""
    judged = counter(household(surplus), "loan", offer)
    changes = {row["lever"]: row["needed"] for row in judged.to_dict()["levers"]}

    assert not judged.fits
    for lever, index in judged.levers:
        fit = fit_alone(judged, [judged.space.notation(int(at)) for at in index])
        assert changes[lever.name] == (lever.values[fit.index(True)] if any(fit) else None)


def test_a_lever_that_does_not_fit_monotonically() -> None:
    """From March to May there are 200.00: three months of deferral meet them, four miss them."""
    surplus = [
        {"from": "2026-12-01", "amount": "100.00"},
        {"from": "2027-03-01", "amount": "200.00"},
        {"from": "2027-06-01", "amount": "100.00"},
    ]
    small = case(
        debt(principal="600.00", remaining_instalments=3, instalment=None), surplus=surplus
    )
    judged = counter(small, "loan", "split 3")
    rows = {row["lever"]: row for row in judged.to_dict()["levers"]}

    assert ("3", "defer 3 + split 3") == (rows["deferral"]["needed"], rows["deferral"]["plan"])
    assert [True, False] == fit_alone(judged, ["defer 3 + split 3", "defer 4 + split 3"])


def test_what_a_change_costs_the_lender() -> None:
    """Without interest more instalments cost no money; each waived point costs its share."""
    plain = case(debt(penalty="100.00", rate="0%"), surplus="100.00")
    rows = {r["lever"]: r for r in counter(plain, "loan", "split 12").to_dict()["levers"]}

    assert ("13", "0.00") == (rows["instalments"]["needed"], rows["instalments"]["cost"])
    assert ("100%", "100.00") == (rows["waive-penalty"]["needed"], rows["waive-penalty"]["cost"])


def test_exchange_rates_are_differences_of_plans() -> None:
    """One more instalment: 1,200 in 12 is 100.00 a month, in 13 it is 92.31."""
    found = counter(case(), "loan", "split 12").to_dict()["exchange"]
    row = next(r for r in found if r["lever"] == "instalments")

    assert ("12", "13", "7.69") == (row["from"], row["to"], row["off_month"])
    assert ("0.00", "0.00", 1) == (row["cost"], row["cost_npv"], row["months"])


def test_a_month_of_deferral_takes_the_worst_month_off() -> None:
    """What the offer asks for in its worst month is what a deferral of one month takes off it."""
    found = counter(household(), "loan", "24 instalments").to_dict()
    row = next(r for r in found["exchange"] if r["lever"] == "deferral")

    assert found["worst"]["month"] == row["month"] == "2026-12"
    assert found["worst"]["paid"] == row["off_month"]


def test_an_offer_that_fits_needs_no_change() -> None:
    """The exchange rates stay, for the next round."""
    found = counter(case(), "loan", "split 24").to_dict()

    assert [] == found["levers"]
    assert found["exchange"]


def test_the_public_name() -> None:
    """`replan.counter` gives the same."""
    assert (
        replan.counter(case(), "loan", "split 24").to_dict()
        == counter(case(), "loan", "split 24").to_dict()
    )


def test_costs_at_a_rate_of_the_lenders_own() -> None:
    """They are differences of plans that are valued apart, at that rate."""
    owed = household()
    found = counter(owed, "loan", "24 instalments", npv_rate="6%").to_dict()

    def worth(plan: str) -> float:
        shown = replan.show(owed, f"loan: {plan}", npv_rate="6%").to_dict()
        return float(shown["debts"][0]["metrics"]["npv_chosen"]["npv"])

    assert "6%" == found["npv_rate"]
    for change in found["levers"]:
        if change["plan"]:
            expected = worth(found["offer"]["plan"]) - worth(change["plan"])
            assert round(expected, 2) == float(change["cost_npv"])
