"""The interest of a plan, stated in the three ways in which it is published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import replan

NONE = {"instalment_times_number": None, "unrounded": None}


def stated(plan: str, **debt: Any) -> dict[str, str | None]:
    """Give the three figures of a loan of 100,000 at 4.5 % over 240 months under a plan."""
    loan = {"id": "loan", "principal": "100000.00", "rate": "4.5%", "remaining_instalments": 240}
    facts = {"replan": 1, "as_of": "2020-01-01", "currency": "EUR", "debts": [loan | debt]}
    found = replan.show(replan.load_case(facts), plan).to_dict()["debts"][0]["metrics"]
    return dict(found["total_interest"])


def test_three_totals_of_one_loan() -> None:
    """240 x 632.649375…, 240 x 632.65 and the schedule, less 100,000 each."""
    expected = {
        "schedule": "51835.75",
        "instalment_times_number": "51836.00",
        "unrounded": "51835.85",
    }
    assert expected == stated("contract")


def test_interest_that_becomes_principal_counts() -> None:
    """1,350 owed and capitalised are interest in the end; penalty and fees are not."""
    owing: dict[str, Any] = {"principal": "15000.00", "interest": "1350.00", "rate": "9%"}
    owing["remaining_instalments"] = 120
    plain, more = stated("capitalise interest", **owing), {"penalty": "7.00", "fees": "3.00"}

    assert "9853.79" == plain["unrounded"]
    assert plain == stated("capitalise interest + waive penalty=100% fees=100%", **owing, **more)
    level = stated("capitalise", **owing | {"principal": "14990.00"}, **more)
    assert plain == level


@pytest.mark.parametrize(
    ("plan", "debt"),
    [
        ("contract", {"instalment": "700.00"}),
        ("contract", {"method": "equal-principal"}),
        ("rate 3% for=12", {}),
        ("step-up 2% every=12", {}),
        ("balloon 20%", {}),
        ("forbear 20%", {}),
        ("defer 3 interest=end", {}),
        ("defer 3 interest=first", {}),
        ("pay-early 100", {}),
        ("move 2020-03-01 to=2020-04-01", {}),
        ("date 15", {}),
        ("freeze 3", {}),
        ("unpaid", {}),
        ("household(pro-rata of=900)", {}),
        ("waive principal=10% when=completion", {}),
        ("contract", {"instalment_fee": "1.00"}),
        ("contract", {"interest": "50.00"}),
    ],
)
def test_more_than_one_level_phase_has_one_total(plan: str, debt: dict[str, Any]) -> None:
    """Where a multiple of one instalment is not what is paid, only the schedule is stated."""
    found = stated(plan, **debt)

    assert found.pop("schedule")
    assert NONE == found


@pytest.mark.parametrize(
    "plan",
    ["contract", "split 77", "extend 11", "defer 6", "defer 6 interest=capitalise",
     "defer 6 interest=waive", "defer 6 of=principal", "re-age 60", "down 10%", "rate 3%"],
)  # fmt: skip
def test_the_three_differ_by_rounding_alone(plan: str) -> None:
    """Half a cent for each instalment, and as much for each row's interest in the schedule."""
    debt = {"interest": "0" if plan == "contract" else "123.45"}
    found = {name: Decimal(str(value)) for name, value in stated(plan, **debt).items()}

    assert Decimal("1.26") >= abs(found["instalment_times_number"] - found["unrounded"])
    assert Decimal("2.52") >= abs(found["schedule"] - found["unrounded"])
