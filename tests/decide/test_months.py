"""A plan month by month."""

from __future__ import annotations

import replan
from decide.samples import case, debt


def test_months_list_payment_surplus_and_what_is_missing() -> None:
    """1,200 in six parts is 200 a month; of 150 left, 50 are missing and 1,000 are still owed."""
    shown = replan.show(case(), "split 6").to_dict()["household"]["by_month"]

    expected = {"month": "2026-12", "payment": "200.00", "surplus": "150.00", "short": "50.00"}
    assert expected | {"balance": "1000.00"} == shown[1]
    assert 7 == len(shown)


def test_months_without_a_payment_are_listed_too() -> None:
    """From the as-of month on there is no gap, so that a chart can be drawn from the list."""
    other = debt(id="other", principal="300.00")
    shown = replan.show(
        case(debt(), other), "loan: settle 100%; other: defer 2 + split 1"
    ).to_dict()

    months = shown["household"]["by_month"]
    names = ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert names == [m["month"] for m in months]
    assert ["0.00", "1200.00", "0.00", "300.00"] == [m["payment"] for m in months]
    assert ["1500.00", "300.00", "300.00", "0.00"] == [m["balance"] for m in months]


def test_nothing_is_judged_without_a_budget() -> None:
    """Without a surplus the payments stand alone."""
    shown = replan.show(case(surplus=None), "split 6").to_dict()["household"]["by_month"]

    assert [None, None] == [shown[1]["surplus"], shown[1]["short"]]


def test_typical_month_leaves_out_what_is_paid_at_once() -> None:
    """Rent paid today does not stand in the middle of eight months of instalments."""
    rent = {"id": "rent", "principal": "500.00", "rate": "0%", "priority": True}
    arrears = {"arrears": {"principal": "500.00"}, "days_past_due": 30}
    both = case(debt(), rent | arrears)

    metrics = replan.show(both, "split 2").to_dict()["household"]["metrics"]

    assert "600.00" == metrics["typical_payment"]
    assert {"date": "2026-11-21", "amount": "500.00"} == metrics["first_payment"]


def test_compare_and_show_agree() -> None:
    """The same plan has the same figures and months in both."""
    plan = "defer 2 + split 6"
    shown = replan.show(case(), plan).to_dict()["household"]
    compared = replan.compare(case(), [plan]).to_dict()["plans"][-1]

    assert shown["metrics"] == compared["metrics"]
    assert shown["by_month"] == compared["by_month"]


def test_months_of_one_debt_leave_it_what_the_others_take() -> None:
    """Of 1000 a month, a debt that is paid 400 leaves 600 for the other."""
    debts = [debt(id="a"), debt(id="b", principal="600.00")]
    found = replan.compare(case(*debts, surplus="1000"), ["a: split 3; b: split 3"], debt="b")
    plan = found.to_dict()["plans"][2]

    assert [("200.00", "600.00")] * 3 == [
        (m["payment"], m["surplus"]) for m in plan["by_month"] if m["payment"] != "0.00"
    ]
    assert ["b"] == [one["id"] for one in plan["debts"]]
    assert "600.00" == plan["metrics"]["total_paid"]
