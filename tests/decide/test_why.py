"""Why a debt's figures are what they are."""

from __future__ import annotations

from typing import Any

import replan
from decide.samples import case, debt


def why(plan: str, **changes: Any) -> dict[str, str]:
    """Return the explanation of each figure of one debt; rows' interest under its row."""
    shown = replan.show(case(debt(**changes)), plan, why=True).to_dict()["debts"][0]
    return {r["figure"] + str(r["row"] or ""): r["text"] for r in shown["why"]}


def test_interest_names_balance_rate_and_time() -> None:
    """1,200 at 12 % for one month of twelve."""
    found = why("split 6", rate="12%", day_count="30/360", instalment=None)

    assert "interest of row 1 = 1,200.00 × 12 % × 1/12 = 12.00" == found["interest1"]


def test_total_names_the_payments_and_their_number() -> None:
    """Six payments of 200."""
    expected = "total paid = 200.00 + 200.00 + … + 200.00 = 1,200.00 (6 payments)"

    assert expected == why("split 6")["total_paid"]
    assert "total paid = 600.00, at once" == why("settle 50%")["total_paid"]


def test_stream_waiver_and_fees_are_named_by_component() -> None:
    """What is waived, what is spread without interest, what is charged on the way."""
    fee = {"label": "guarantee", "amount": "5.00", "every": "month"}
    found = why(
        "waive penalty=100% + split 6", penalty="9.00", interest="60.00", recurring_fees=[fee]
    )

    assert "waived = penalty 9.00 = 9.00" == found["waived"]
    assert found["stream"].startswith("owed besides principal = interest 60.00 = 60.00")
    assert "fees charged = 6 × 5.00 = 30.00, in rows 1 to 6" == found["fees"]


def test_loss_is_set_against_the_contract() -> None:
    """Half of 1,200 is lost where no interest is charged."""
    expected = "NPV loss = 1 − 600.00 / 1,200.00 (the contract's NPV) = 50.00 %"

    assert expected == why("settle 50%")["npv_loss"]


def test_equal_principal_is_a_division() -> None:
    """1,200 over six instalments."""
    expected = "principal of each instalment from row 1 on = 1,200.00 / 6 = 200.00"

    assert expected == why("split 6 method=equal-principal", rate="12%")["principal1"]


def test_overdue_principal_bears_penalty_and_no_interest() -> None:
    """Of 1,200 unpaid, 100 fall due each month; interest runs on the rest."""
    found = why("unpaid", rate="12%", day_count="30/360", instalment=None, method="equal-principal")

    assert "interest of row 1 = 1,200.00 × 12 % × 1/12 = 12.00" == found["interest1"]
    assert "interest of row 3 = 1,000.00 × 12 % × 1/12 = 10.00" == found["interest3"]
    assert found["penalty"].startswith("penalty charged = 66.00, in rows 2 to 12")
    assert "total paid = 0.00" == found["total_paid"]


def test_overdue_part_is_rounded_apart() -> None:
    """Arrears beside the instalments: the interest on them is its own rounding."""
    arrears = {"arrears": {"principal": "200.00"}, "days_past_due": 40}
    found = why("split 2 of=arrears", rate="12%", instalment="100.00", **arrears)

    assert found["interest1"].endswith(", the overdue part rounded apart")


def test_down_payment_leaves_less_to_spread() -> None:
    """What is paid at signing covers charges first; only the rest is spread."""
    found = why("down 50 + split 6", interest="60.00", penalty="9.00")

    assert found["stream"].startswith("owed besides principal = interest 10.00 + penalty 9.00")


def weighed(plan: str, **changes: Any) -> list[str]:
    """Return the explanations of weighed instalments."""
    shown = replan.show(case(debt(**changes)), plan, why=True).to_dict()["debts"][0]
    return [r["text"] for r in shown["why"] if r["figure"] == "instalment"]


def test_step_up_explains_each_weight() -> None:
    """1,200 over 2 × 100 % and 2 × 150 %: 1,200 / 5 = 240, and 360 from row 3."""
    found = weighed("split 4 + step-up 50% every=2")

    assert "1,200.00 from row 1 on, with the weights of 4 instalments = 240" in found[0]
    assert [
        "instalment of weight 1, as in row 1 = 1 × 240, rounded half-up = 240.00",
        "instalment of weight 1.5, as in row 3 = 1.5 × 240, rounded half-up = 360.00",
    ] == found[1:]


def test_seasonal_explains_each_weight_once_and_what_is_spread() -> None:
    """Weights 1, 2, 1, 2 are 6 parts of 1,200; of 40 besides each instalment bears 10."""
    assert [
        "instalment of weight 1, as in row 1 = 1 × 200 + 40.00 / 4, rounded half-up = 210.00",
        "instalment of weight 2, as in row 2 = 2 × 200 + 40.00 / 4, rounded half-up = 410.00",
    ] == weighed("split 4 + seasonal 1,2", interest="40.00")[1:]


def test_no_formula_where_it_would_not_give_the_figure() -> None:
    """A rate that changes on the way lets the annuity be computed anew; nothing is claimed."""
    rates = {"rate": "12%", "instalment": None}

    for text in weighed("rate 0% for=3 + split 8 + step-up 50% every=2", **rates):
        assert text.startswith("instalment of weight")
