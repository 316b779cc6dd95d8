"""What a proposal says: every figure from the plan, every concession priced, nothing too much."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

import replan
from replan.decide.proposal.propose import masked_account

CARD = {
    "id": "card",
    "creditor": "Harbour Bank",
    "account": "6222 0210 0111 2345",
    "product": "credit-card",
    "lender_type": "bank",
    "principal": "12000",
    "interest": "600",
    "penalty": "150.30",
    "arrears": {"interest": "600", "penalty": "150.30"},
    "rate": "18%",
    "days_past_due": 40,
    "contract_date": "2024-05-01",
    "last_payment": "2026-10-01",
    "method": "level",
    "remaining_instalments": 12,
}
LOAN = {
    **CARD,
    "id": "loan",
    "creditor": "Other Credit",
    "principal": "6000",
    "account": "99998888",
}
CASE = {
    "as_of": "2026-11-21",
    "currency": "CNY",
    "jurisdiction": "CN",
    "borrower": {"name": "Ann Example", "reference": "R-1"},
    "hardship": {"cause": "job-loss", "began": "2026-09-01", "expected_end": "2027-03-31"},
    "budget": {
        "income": [{"label": "wage of Bob", "amount": "4000", "category": "wage"}],
        "expenses": [{"label": "rent to Carl", "amount": "2500.01", "category": "rent"}],
        "buffer": "100",
    },
    "debts": [CARD, LOAN],
}
PLANS = [
    "waive penalty=100% interest=50% + defer 3 + split 24",
    "waive penalty=100% when=completion + rate cut=50% for=12 + split 36",
    "capitalise interest penalty + split 24",
    "freeze 6 + token 50 for=6 + split 36",
    "settle 60% in=3",
    "down 500 + split 12 + balloon 20%",
    "waive penalty=100% + household(pro-rata)",
    "split 12 of=arrears",
]


def case_of(**changes: Any) -> replan.Case:
    """Return the case with *changes*."""
    loaded = replan.load({**CASE, **changes})
    assert [] == [issue for issue in loaded.issues if issue.severity == "error"]
    return loaded.cases[0]


def proposed(plan: str, **changes: Any) -> dict[str, Any]:
    """Return the proposals under *plan*, with the law of the case."""
    case = case_of(**changes)
    return replan.propose(case, plan, rules=replan.rules_for(case)).to_dict()


def summed(entries: list[dict[str, Any]], key: str) -> Decimal:
    """Add up one amount of all *entries*."""
    return sum((Decimal(entry[key]) for entry in entries), Decimal(0))


@pytest.mark.parametrize("plan", PLANS)
def test_everything_adds_up_to_the_schedule(plan: str) -> None:
    """Runs, components and rows come to the same totals, and each component closes."""
    for proposal in proposed(plan)["proposals"]:
        lender = proposal["lender"]
        *parts, total = lender["components"]
        paid = summed(lender["schedule"], "payment")

        assert paid == summed(lender["runs"], "sum") == Decimal(lender["total_paid"])
        assert paid == Decimal(total["paid"])
        assert 0 == Decimal(total["moved"])
        for key in ("owed", "accrued", "waived", "paid", "left"):
            assert Decimal(total[key]) == summed(parts, key)
        for entry in lender["components"]:
            have = sum(Decimal(entry[key]) for key in ("owed", "accrued", "moved"))
            assert have == sum(Decimal(entry[key]) for key in ("waived", "paid", "left"))


@pytest.mark.parametrize("plan", PLANS)
def test_every_ask_is_numbered_and_priced(plan: str) -> None:
    """Waivers are priced with what is waived, other steps with what changes in all, each once."""
    for proposal in proposed(plan)["proposals"]:
        lender = proposal["lender"]
        prices = [ask["price"] for ask in lender["asks"]]
        waived = [price for price in prices if price["kind"] == "waived"]

        assert [*range(1, len(prices) + 1)] == [ask["n"] for ask in lender["asks"]]
        assert {p["kind"] for p in prices} <= {"waived", "less", "more", "sooner", "same", "with"}
        assert Decimal(lender["waived"]) == summed(waived, "amount")


def test_price_of_a_lower_rate_is_the_interest_not_paid() -> None:
    """Half the rate for 12 months: the total falls by what the same plan costs at the full rate."""
    plan = "split 36 + rate cut=50% for=12"
    full, cut = (
        replan.show(case_of(), p, debt="card").to_dict()["debts"][0]["metrics"]["total_paid"]
        for p in ("split 36", plan)
    )
    asks = proposed(plan)["proposals"][0]["lender"]["asks"]

    price = next(ask["price"] for ask in asks if ask["code"] == "rate-cut")
    assert {"kind": "less", "amount": str(Decimal(full) - Decimal(cut))} == price


def test_early_repayment_saves_the_interest_not_yet_accrued() -> None:
    """The kernel's saving is what the later payments are above the balance that they repay."""
    lender = proposed("split 24")["proposals"][0]["lender"]

    assert 3 == len(lender["early"])
    for entry in lender["early"]:
        later = [row for row in lender["schedule"] if row["due"] > entry["due"]]
        balance = next(r["balance"] for r in lender["schedule"] if r["due"] == entry["due"])
        assert balance == entry["payoff"]
        assert Decimal(entry["saved"]) == summed(later, "payment") - Decimal(balance)


def test_rates_are_those_of_the_plan_with_their_days() -> None:
    """A cut for three months: half the rate first, then the contract's again."""
    rates = proposed("split 12 + rate cut=50% for=3")["proposals"][0]["lender"]["rates"]

    assert ["9%", "18%"] == [rate["rate"] for rate in rates]
    assert ["2026-11-21", "2027-02-22"] == [rate["from"] for rate in rates]


def test_lender_reads_nothing_of_others_and_no_label() -> None:
    """Other creditors, debts, labels, the file number, whole accounts and plans stay away."""
    data = proposed("card: defer 3 + split 24; loan: split 12")
    read = json.dumps(data["proposals"][0]["lender"])

    kept = ("Other Credit", "loan", "Bob", "Carl", "R-1", "0111", "split 24", "npv", "debt-")
    assert [] == [secret for secret in kept if secret in read]
    assert "Ann Example" in read
    assert "2345" in read


def test_shares_and_month_count_all_debts() -> None:
    """The share of what is owed is exact, and the month of the first payment adds up."""
    lender = proposed("split 24")["proposals"][0]["lender"]
    others = lender["others"]

    assert 12750.30 / (12750.30 + 6750.30) == pytest.approx(others["share"]["owed"])
    assert "2026-12" == others["month"]
    assert lender["first_payment"]["amount"] == others["own"]
    assert {"count": 0, "owed": "0.00", "paid": "0.00"} == others["priority"]


def test_old_debt_stops_until_its_limitation_was_checked() -> None:
    """Without dates nothing is put together; with a reason it is, and the reason is kept."""
    known = {name: CARD[name] for name in CARD if name not in ("method", "remaining_instalments")}
    old = {**known, "contract_date": "2015-01-01", "days_past_due": 0, "accelerated": True}
    old.pop("last_payment")
    case = case_of(debts=[old])
    rules = replan.rules_for(case)

    with pytest.raises(replan.UsageError, match=r"card: a limitation period.*limitation-checked"):
        replan.propose(case, "split 12", rules=rules)
    with pytest.raises(replan.UsageError, match="limitation"):
        replan.propose(case, "split 12", rules=rules, limitation_checked="  ")
    data = replan.propose(case, "split 12", rules=rules, limitation_checked="sued 2025").to_dict()
    assert "sued 2025" == data["limitation_checked"]
    assert data["proposals"][0]["lender"]["reserved"]
    assert data["old"]


def test_only_debts_with_steps_get_a_proposal() -> None:
    """A debt that keeps its contract gets none; where nobody is asked that is said."""
    data = proposed("card: split 12; *: contract")

    assert ["card"] == [proposal["debt"] for proposal in data["proposals"]]
    assert ["loan"] == data["kept"]
    for plan in ("contract", "unpaid"):
        with pytest.raises(replan.UsageError, match="asks nothing of a creditor"):
            proposed(plan)


def test_statement_comes_to_the_surplus_to_the_cent() -> None:
    """Rounded sections may miss what is left by a cent; the largest cost takes it."""
    budget = {
        "income": [{"label": "wage", "amount": "420", "every": "week", "category": "wage"}],
        "expenses": [
            {"label": "rent", "amount": "8800", "every": "year", "category": "rent"},
            {"label": "tax", "amount": "100", "every": "year", "category": "car-tax"},
        ],
    }
    finances = proposed("split 60", budget=budget)["proposals"][0]["lender"]["finances"]
    statement = finances["statement"]

    assert "1078.33" == finances["path"][0]["left"] == statement["left"]
    assert ["733.34", "8.33"] == [part["monthly"] for part in statement["expenses"]]
    assert Decimal("1820.00") - summed(statement["expenses"], "monthly") == Decimal("1078.33")


def test_debt_cleared_sooner_is_no_concession() -> None:
    """Where a plan ends before the contract, less interest is priced as repaid sooner."""
    card = {**CARD, "remaining_instalments": 48}
    lender = proposed("split 12 + rate cut=50%", debts=[card])["proposals"][0]["lender"]
    kinds = {ask["code"]: ask["price"]["kind"] for ask in lender["asks"]}

    assert {"split": "sooner", "stream": "with", "rate-cut": "less"} == kinds


def codes(plan: str, **changes: Any) -> set[str]:
    """Return the codes of what a counsellor is told."""
    return {caution["code"] for caution in proposed(plan, **changes)["cautions"]}


def test_doubts_are_told() -> None:
    """A lump sum beyond the month, a free cause, estimates, a collector, nothing to show."""
    plain = codes("defer 3 + split 60")

    assert {"no-evidence"} | {"acknowledges", "in-writing", "agents"} <= plain
    assert {"short", "drains"} <= codes("settle 60%")
    assert "soon" in codes("down 500 + split 60")
    assert "cause-unsaid" in codes("split 60", hardship={"cause": "lupus, stage two"})
    assert "not-assessed" in codes("split 60", budget=None)
    debt = {**CARD, "account": None, "estimated": ["rate"], "parties": {"collector": "X"}}
    assert {"no-account", "estimated", "collector"} <= codes("split 60", debts=[debt])
    assert not plain & {"short", "drains", "soon", "cause-unsaid", "no-account", "estimated"}


@pytest.mark.parametrize(
    ("expected", "account"),
    [("2345", "6222 0210 0111 2345"), ("1234", "1234"), ("X9A1", "CN-77/X9 A1"), (None, None)],
)
def test_account_is_masked(expected: str | None, account: str | None) -> None:
    """Four signs at most are left of an account number."""
    assert expected == masked_account(account)


def test_a_creditor_reads_the_name_of_who_owes_it_alone() -> None:
    """Of a couple's case: the debt of one says nothing of the other."""
    couple = CASE | {"borrower": {"name": "Ann and Bo Example"}}
    case = replan.load_case(couple | {"debts": [CARD | {"owed_by": "Bo Example"}, LOAN]})
    found = replan.propose(case, "split 24").to_dict()["proposals"]
    senders = {one["debt"]: one["lender"]["sender"] for one in found}

    assert {"card": "Bo Example", "loan": "Ann and Bo Example"} == senders
    assert "Ann" not in json.dumps(found[0]["lender"])
