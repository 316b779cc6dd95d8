"""The cases of examples/ say what docs/examples.md says of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import replan
from replan.cli.changes import set_values
from replan.model.budget import surplus_path

EXAMPLES = Path(__file__).parents[1] / "examples"
PAGE = EXAMPLES.parent / "docs" / "examples.md"
CASES = sorted(path.name for path in EXAMPLES.glob("*.json"))
FAMILY = (
    "card: split 21; xinyi: waive penalty=100% interest=50% + split 24; "
    "kuaidai: waive penalty=100% + split 3"
)
UK = (
    "rent: split 12; council-tax: split 6; energy: split 12; "
    "*: freeze + token 1 for=6 + waive fees=100% + split 60"
)
US = "waive fees=100% + rate 8% + split 60"
SEASON = "split 24 + seasonal 0.2,0.2,0.2,0.2,0.2,1,1,1,1,1,0.2,0.2"
HOPED = {
    "card-92-days.json": "budget.新工作工资.status=certain",
    "us-between-jobs.json": "budget.job from April 5.status=certain",
}


def example(name: str, *changes: str) -> replan.Case:
    """Read an example, with changes as after --set."""
    case = replan.load_case(EXAMPLES / name)
    raw = case.model_dump(mode="json", by_alias=True, exclude_none=True)
    return replan.load(set_values(raw, changes)).cases[0] if changes else case


def compared(name: str, plan: str, *changes: str) -> dict[str, Any]:
    """Return one plan of an example, compared."""
    found = replan.compare(example(name, *changes), [plan]).to_dict()
    return next(dict(p) for p in found["plans"] if p["plan"] == plan)


@pytest.mark.parametrize("name", CASES)
def test_example_has_no_problems_and_stands_on_the_page(name: str) -> None:
    """Not even a note; and each is shown at work."""
    assert [] == replan.load(EXAMPLES / name).issues
    assert f" examples/{name} " in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "plan"),
    [
        ("card-92-days.json", "split 33"),
        ("family.json", FAMILY),
        ("uk-family.json", UK),
        ("us-between-jobs.json", US),
        ("seasonal.json", SEASON),
    ],
)
def test_every_month_of_the_plan_shown_fits(name: str, plan: str) -> None:
    """Month by month; where the page counts the wage to come, it is counted here."""
    found = compared(name, plan, *([HOPED[name]] if name in HOPED else []))
    months = found["by_month"]

    assert found["metrics"]["verdict"] in {"fits", "tight"}
    assert [] == [m for m in months if Fraction(m["payment"]) > Fraction(m["surplus"])]
    assert Fraction(months[-1]["balance"]) == 0


@pytest.mark.parametrize("name", HOPED)
def test_on_certain_income_alone_nothing_fits(name: str) -> None:
    """The verdict says short, the line below it what would hold if the wage came."""
    plan = US if name.startswith("us") else "split 33"
    metrics = compared(name, plan)["metrics"]

    assert "short" == metrics["verdict"]
    assert metrics["verdict_hoped"] in {"fits", "tight"}


def test_the_uk_budget_by_hand() -> None:
    """Weeks are 52/12, four weeks 13/12 of a month; 10.00 are saved; rounded down to a penny."""
    income = Fraction("268.40") * 52 / 12 + Fraction("612.75") + Fraction("174.20") * 13 / 12
    weekly = Fraction("142.50") + Fraction("23.50") + Fraction("116.00")
    monthly = sum(map(Fraction, ("131", "158", "37", "14.54", "52", "19", "46", "48", "10")))
    left = income - weekly * 52 / 12 - monthly

    path = surplus_path(example("uk-family.json"), 1)
    assert int(left * 100) == int(path[0].certain * 100) == 22699


def test_priority_arrears_make_other_offers_short() -> None:
    """1,765.20 of rent, council tax and energy against 226.99, whatever the others get."""
    metrics = compared("uk-family.json", "token 1 for=6 + split 60")["metrics"]

    assert ("1538.21", ["2026-11"]) == (metrics["largest_shortfall"], metrics["short_months"])


def test_the_season_is_what_makes_the_plan_fit() -> None:
    """The same 24 instalments, level: short in each of the fourteen winter months, as all fall."""
    level = compared("seasonal.json", "split 24")["metrics"]
    suggested = replan.compare(example("seasonal.json"), cause="seasonal-income").to_dict()

    assert {10, 11, 12, 1, 2, 3, 4} == {int(month[5:]) for month in level["short_months"]}
    assert 14 == level["months_short"]
    assert SEASON in [plan["plan"] for plan in suggested["plans"]]


def test_family_from_its_table_is_the_family() -> None:
    """`debts.csv` holds the same five debts: what is owed in all and is overdue agrees."""
    table = replan.load(EXAMPLES / "debts.csv", as_of="2026-11-21", currency="CNY").cases[0]
    case = example("family.json")

    assert [d.outstanding for d in case.debts] == [d.outstanding for d in table.debts]
    assert [d.days_past_due for d in case.debts] == [d.days_past_due for d in table.debts]


def test_what_a_conditional_waiver_and_paying_early_are_worth() -> None:
    """The page says: 4,260.29 and 7.07 % of present value; then 1,191.67 and nothing."""
    rest = "defer 3 + split 24"
    waived = f"waive penalty=100% interest=50% when=on-time:12 + {rest}"
    plans = (rest, waived, f"{waived} + pay-early 4000 at=9")
    case = example("card-92-days.json", HOPED["card-92-days.json"])
    found = {p["plan"]: p["metrics"] for p in replan.compare(case, plans).to_dict()["plans"]}
    plain, kept, early = (found[plan] for plan in plans)

    assert Fraction("4260.29") == Fraction(plain["total_paid"]) - Fraction(kept["total_paid"])
    assert "7.07" == f"{100 * (kept['npv_loss'] - plain['npv_loss']):.2f}"
    assert Fraction("1191.67") == Fraction(kept["total_paid"]) - Fraction(early["total_paid"])
    assert early["npv_loss"] < kept["npv_loss"]
