"""A contract is a fact, also where it never ends; a plan that never ends is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import replan
from decide.samples import case, debt
from replan.errors import UsageError

ENDLESS = debt(rate="36%", instalment="30.00", remaining_instalments=None)


def metrics(found: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the only debt."""
    return dict(found["debts"][0]["metrics"])


def test_a_contract_that_never_clears_the_debt_is_shown_with_its_residual() -> None:
    """30 a month is less than the 36 that accrue: what is left after 1,200 months is reported."""
    found = metrics(replan.show(case(ENDLESS), "contract").to_dict())

    assert ("36000.00", "8400.00", None) == (found["total_paid"], found["residual"], found["apr"])


def test_a_debt_whose_contract_never_ends_can_be_restructured() -> None:
    """1,200 at 3 % in one instalment after one month is 1,236."""
    assert "1236.00" == metrics(replan.show(case(ENDLESS), "split 1").to_dict())["total_paid"]


def test_a_debt_that_never_clears_leaves_the_other_debts_in_peace() -> None:
    """The plan of one debt does not fail because of another's contract."""
    other = debt(id="other", remaining_instalments=3, instalment="400.00")
    found = replan.compare(case(ENDLESS, other), ["other: split 6"]).to_dict()

    assert ["contract", "unpaid", "other: split 6"] == [p["plan"] for p in found["plans"]]


def test_a_plan_that_never_clears_the_debt_is_refused() -> None:
    """Waiving interest does not make 30 a month pay the 36 that accrue."""
    with pytest.raises(UsageError, match=r'"waive interest=50%" never clears the debt: it pays 30'):
        replan.show(case(ENDLESS), "waive interest=50%")


@pytest.mark.parametrize("share", ["1%", "10%", "50%"])
def test_a_share_of_the_balance_clears_the_debt_in_the_end(share: str) -> None:
    """Without a floor a share of a few cents rounds to nothing; one cent is still asked for."""
    card = debt(method="revolving", instalment=None, minimum_payment=share)
    found = metrics(replan.show(case(card), "contract").to_dict())

    assert ("1200.00", "0.00") == (found["total_paid"], found["residual"])
    assert found["rows"] < 1200
    assert Decimal(found["peak_payment"]) < 1200


def test_the_effect_of_paying_nothing_is_measured_against_the_contract() -> None:
    """Twelve instalments of 100 are not paid."""
    shown = replan.show(case(), "unpaid").to_dict()

    assert "-1200.00" == shown["debts"][0]["steps"][0]["effect"]["total"]


def test_the_effects_of_steps_add_up_to_what_the_plan_changes() -> None:
    """A plan does not ask for arrears at once: that is told before the first step."""
    debt = {"id": "card", "principal": "39200.00", "interest": "1291.68", "penalty": "860.50"}
    debt |= {"arrears": "1200.00", "days_past_due": "45", "next_due": "2026-12-08"}
    debt |= {"rate": "0.05%/day", "method": "revolving", "minimum_payment": "10%"}
    card = replan.load({"as_of": "2026-11-22", "currency": "CNY", "debts": [debt]}).cases[0]
    shown = replan.show(card, "split 21").to_dict()
    found = shown["debts"][0]
    effects = [found["start"]["effect"], *(step["effect"] for step in found["steps"])]

    changed = sum(Decimal(effect["total"]) for effect in effects)
    assert found["metrics"]["extra_cost"] == str(changed)


def test_an_instalment_may_be_due_today() -> None:
    """The first of ten falls due at once and bears no interest: an annuity paid in advance."""
    debt = {
        "id": "loan",
        "principal": "10000.00",
        "rate": "8%",
        "next_due": "2024-01-01",
        "remaining_instalments": 10,
    }
    case = {"replan": 1, "as_of": "2024-01-01", "currency": "USD", "debts": [debt]}
    rows = replan.show(replan.load_case(case), "contract").to_dict()["debts"][0]["schedule"]

    assert ["2024-01-01", "2024-01-01", "2024-02-01"] == [row["due"] for row in rows[:3]]
    assert ("1030.16", "0.00") == (rows[1]["payment"], rows[1]["interest"])


def judged(*plans: str, surplus: str | None = None, **more: Any) -> list[dict[str, Any]]:
    """Return the plans for rent arrears of 700, due at once, and 1,200 without interest."""
    rent = {"id": "rent", "principal": "700.00", "rate": "0%", "priority": True}
    loan = {"id": "loan", "principal": "1200.00", "rate": "0%"}
    raw = {"as_of": "2026-11-21", "currency": "CNY", "debts": [rent, loan], **more}
    found = replan.load(raw | ({"surplus": surplus} if surplus else {})).cases[0]
    return [p for p in replan.compare(found, plans).to_dict()["plans"] if not p["baseline"]]


def test_no_headroom_where_a_short_month_has_no_certain_income() -> None:
    """Income ends in March: no rise of what comes before it would carry the months after."""
    wage = {"amount": "1000", "until": "2027-03-31"}
    food = {"amount": "100", "category": "food"}
    (plan,) = judged("split 12", budget={"income": [wage], "expenses": [food]})

    assert ("short", 8, None) == tuple(
        plan["metrics"][name] for name in ("verdict", "months_short", "headroom")
    )


def test_a_plan_that_is_short_in_fewer_months_is_not_dominated() -> None:
    """Both miss 600 for the rent; four instalments of 300 are short in every month as well."""
    quick, slow = judged("split 4", "split 24", surplus="100")

    assert [5, 1] == [plan["metrics"]["months_short"] for plan in (quick, slow)]
    assert not slow["dominated"]


@pytest.mark.parametrize(
    ("expected", "wage"),
    [
        (("short", "fits"), {"amount": "500", "status": "expected"}),
        (("short", "short"), {"amount": "10", "status": "expected"}),
        (("fits", None), {"amount": "500"}),  # nothing is only hoped for
    ],
)
def test_verdict_if_the_expected_income_comes(
    expected: tuple[str, str | None], wage: dict[str, str]
) -> None:
    """It stands beside the verdict, which counts certain income only."""
    food = {"amount": "200", "category": "food"}
    budget = {"income": [{"amount": "200"}, wage], "expenses": [food]}
    (plan,) = judged("*: split 12; rent: split 12", budget=budget)

    assert expected == (plan["metrics"]["verdict"], plan["metrics"]["verdict_hoped"])


def test_flat_instalments_cost_more_than_their_fee_says() -> None:
    """12,000 in twelve parts with 0.8 % of it each time: the monthly r solves 1,096 a(12, r)."""
    flat = debt(principal="12000", rate="0%", method="equal-principal", remaining_instalments=12)
    flat |= {"original_principal": "12000", "instalment_fee": "0.8%", "instalment": None}
    found = metrics(replan.show(case(flat, jurisdiction="CN"), "contract").to_dict())

    monthly = found["apr"] / 12
    assert ("1096.00", "13152.00") == (found["typical_payment"], found["total_paid"])
    assert 0.1727 == round(found["apr"], 4)
    assert 12_000 == pytest.approx(sum(1_096 / (1 + monthly) ** k for k in range(1, 13)))


def test_amounts_of_wide_batches_are_printed_as_amounts() -> None:
    """Where the kernel carries Python integers every figure is one: 2,463.98, not 246398..0.

    A daily and a yearly rate in one batch are bounded together, so widely that it does.
    """
    daily, yearly = debt(id="card", rate="0.05%/day"), debt(rate="23.4%")
    shown = replan.show(case(daily, yearly), "defer 3 interest=capitalise + split 12").to_dict()
    rows = shown["debts"][0]["schedule"]

    assert "..0" not in str(shown)
    assert all(Decimal(row["payment"]).as_tuple().exponent == -2 for row in rows)
