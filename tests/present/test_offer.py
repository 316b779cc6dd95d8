"""Letters and offers: what they say is complete, polite and nothing but what the plan holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

import replan
from replan.present.offer import lender_values
from replan.present.words import Words

EXAMPLES = Path(__file__).parents[2] / "examples"


def values_of(
    name: str, plan: str, *, debt: str, lang: Literal["en", "zh"] = "en", **options: Any
) -> dict[str, Any]:
    """Return what the documents on one debt of an example may say."""
    case = replan.load_case(EXAMPLES / f"{name}.json")
    rules = replan.rules_for(case)
    proposal = replan.propose(case, plan, rules=rules, limitation_checked="yes", **options)
    told = proposal.to_dict()["proposals"]
    [lender] = [one["lender"] for one in told if one["debt"] == debt]
    return lender_values(lender, Words(lang))


def rows_of(block: Any) -> list[list[str]]:
    """Return the texts of a table."""
    return [[cell.text for cell in row] for row in block[0].rows]


@pytest.mark.parametrize(
    ("expected", "lang"),
    [
        ("From April 2027 on certain income leaves nothing for debts: USD 1,969.00 a", "en"),
        ("自2027年4月起，确定收入已无余额可用于还款，每月尚差 1,969.00 USD", "zh"),
    ],
)
def test_missing_income_is_said_and_not_a_negative_amount(
    expected: str, lang: Literal["en", "zh"]
) -> None:
    """Beside it stands what expected income would leave, or the offer would look absurd."""
    found = values_of("us-between-jobs", "split 24", debt="summit", lang=lang)

    assert found["left_later"].startswith(expected)
    assert "1,530.16" in found["hoped"]
    assert "-1,969.00" in rows_of(found["months_table"])[1][2]


def test_cents_of_rounding_never_change_a_rent() -> None:
    """A lender compares the statement with the lease; the weekly income takes them."""
    found = dict(rows_of(values_of("us-between-jobs", "split 24", debt="summit")["budget_table"]))

    assert "1,050.00" == found["Home"]
    assert "606.66" == found["Earnings"]  # 140 × 52 / 12 = 606.666…
    assert "587.66" == found["Left for all debts"]


@pytest.mark.parametrize(
    ("expected", "plan"),
    [
        ("6 token payments of GBP 1.00 each", "token 1 for=6"),
        ("a lower interest rate (12.45 %)", "rate cut=50% + split 24"),
        ("no interest for 6 instalments", "freeze 6"),
        ("a first payment of GBP 100.00 at once and repayment in 12", "down 100 + split 12"),
        ("an early repayment of GBP 90.00 without", "split 12 + pay-early 90 at=6"),
        ("no interest from now to 1 March 2027", "freeze to=2027-03-01"),
        ("a waiver of all fees and repayment in 12 instalments", "waive fees=100% + split 12"),
        (
            "a waiver of 50 % of the accrued interest after 6 payments on time and repayment",
            "waive interest=50% when=on-time:6 + split 12",
        ),
        ("instalments that rise by 10 % every 6 periods", "split 24 + step-up 10% every=6"),
    ],
)
def test_request_says_what_and_for_how_long(expected: str, plan: str) -> None:
    """The first sentence of a letter stands for all of it."""
    assert expected in values_of("uk-family", f"card: {plan}", debt="card")["request"]


def test_amounts_in_asks_have_their_currency() -> None:
    """Only 1 of what, a clerk would ask."""
    [asks] = values_of("uk-family", "card: token 1 for=6", debt="card")["asks"]

    assert asks.texts[0].startswith("1. Only GBP 1.00 is asked for in each of 6 periods.")


def test_condition_names_the_amount_and_when_it_takes_effect() -> None:
    """What is waived on a condition, which, and what is paid where it is not kept."""
    plan = "waive penalty=100% when=on-time:12 + split 36"
    found = values_of("card-92-days", plan, debt="card-a", lang="zh")

    assert "减免中有 2,310.21 元附有条件：按时还款 12 期后生效" in found["condition"]
    assert "该部分减免撤销" in found["condition"]


def test_article_70_states_cycle_method_currency_and_both_ends() -> None:
    """Item two of six: 还款周期、方式、币种、日期和每期金额."""
    found = values_of("card-92-days", "split 36", debt="card-a", lang="zh")
    first, second = (row[1] for row in rows_of(found["article_table"])[:2])

    assert "币种：人民币" in first
    assert "每月一期，各期金额相等，末期含尾差；共 36 次还款" in second
    assert "首期2026年12月10日，末期2029年11月10日" in second


@pytest.mark.parametrize(
    ("expected", "every"),
    [
        ("每 15 日一期", "15-days"),
        ("每两周一期", "2-weeks"),
        ("每 3 周一期", "3-weeks"),
        ("每季一期", "quarter"),
    ],
)
def test_any_cycle_has_its_words(expected: str, every: str) -> None:
    """Also one that nobody uses much."""
    found = values_of("card-92-days", f"split 12 every={every}", debt="card-a", lang="zh")

    assert rows_of(found["article_table"])[1][1].startswith(f"{expected}，")


def test_only_institutions_have_a_department() -> None:
    """A landlord has none."""
    plan = "rent: split 3; card: split 12"

    assert values_of("uk-family", plan, debt="card")["desk"]
    assert values_of("uk-family", plan, debt="rent")["desk"] is None


def test_asks_say_the_rate_that_results_and_all_of_a_charge() -> None:
    """Not "100 %" of it, and not a share of a rate that a clerk would have to compute."""
    plan = "card: waive fees=100% + rate cut=50% + split 24"
    [asks] = values_of("uk-family", plan, debt="card")["asks"]

    assert asks.texts[0].startswith("1. All fees are waived now. Price: GBP 36.00 is waived.")
    assert asks.texts[1].startswith("2. The interest rate becomes 12.45 %. Price: ")


def test_statement_says_what_is_left_after_priority_debts() -> None:
    """As the Standard Financial Statement does: left for all, less priority payments."""
    found = values_of("us-between-jobs", "split 24", debt="summit")["debts_table"]
    rows = {row[0]: row[2] for row in rows_of(found)}

    assert "312.55" == rows["Secured and priority debts (1)"]
    assert "275.11" == rows["Left for debts without priority"]  # 587.66 - 312.55


@pytest.mark.parametrize(
    ("expected", "step"),
    [
        ("0 % from 20 November 2026; 24.9 % from 1 July 2027", "freeze to=2027-06-30"),
        ("24.9 % from 20 November 2026; 5 % from 1 July 2027", "rate 5% from=2027-07-01"),
        ("5 %", "rate 5%"),
        ("0 %", "freeze"),
    ],
)
def test_rates_hold_from_the_day_that_the_plan_names(expected: str, step: str) -> None:
    """A pause to 30 June includes that day; a rate from 1 July begins with it."""
    found = values_of("uk-family", f"card: {step} + split 24", debt="card")["rate"]

    assert f"The interest rate during the plan is {expected}." == found


def test_what_is_left_over_is_not_repaid_sooner() -> None:
    """Where a plan ends with a residual, the creditor receives less, and nothing is saved."""
    [asks] = values_of("us-between-jobs", "household(pro-rata)", debt="summit")["asks"]

    assert "Price: you receive USD 15,272.57 less in all than without it." in asks.texts[0]
