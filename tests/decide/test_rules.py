"""Rules hold for the lender, the product and the day of the contract, and else are questions."""

from __future__ import annotations

from typing import Any, get_args

import pytest

import replan
from replan.decide.law.checks import CHECKS
from replan.model.rules import Check

BASE = {
    "id": "a",
    "principal": "10000",
    "rate": "30%",
    "creditor": "X",
    "contract_date": "2024-03-01",
}

PLATFORM, BANK = {"platform": "P"}, {"funder": "江海银行"}
PAYDAY = {"product": "payday-loan", "rate": "0.9%/day"}
PERSONAL = {"product": "personal-loan", "rate": "0.9%/day"}
DEAR = {"product": "loan", "rate": "49%"}
PENAL = {"lender_type": "bank", "penalty_rate": "32%"}


def findings_for(
    jurisdiction: str, *, as_of: str = "2026-11-21", **debt: Any
) -> list[dict[str, Any]]:
    """Say what the rules find of one debt."""
    raw = {
        "as_of": as_of,
        "currency": {"CN": "CNY", "US": "USD", "AU": "AUD", "IN": "INR"}.get(
            jurisdiction[:2], "GBP"
        ),
        "jurisdiction": jurisdiction,
        "debts": [BASE | debt],
    }
    case = replan.load(raw).cases[0]
    return replan.findings(case, replan.rules_for(case))


def codes(jurisdiction: str, **debt: Any) -> set[str]:
    """Name what is exceeded, and what is asked."""
    return {f["code"] for f in findings_for(jurisdiction, **debt) if f["exceeded"]}


def test_every_check_has_its_function() -> None:
    """A pack may name exactly the checks that there are."""
    assert set(get_args(Check)) == set(CHECKS)


@pytest.mark.parametrize(
    ("expected", "debt"),
    [
        ({"cn.cap.private-lending"}, {"lender_type": "private"}),
        (set(), {"lender_type": "private", "rate": "13.8%"}),
        ({"cn.cap.private-lending"}, {"lender_type": "private", "rate": "13.81%"}),
        ({"cn.cap.private-lending"}, {"lender_type": "个人"}),
        ({"cn.cap.small-loan"}, {"lender_type": "Small loan", "contract_date": "2026-03-01"}),
        # licensed lenders are outside the private-lending cap
        (set(), {"lender_type": "bank"}),
        (set(), {"lender_type": "consumer-finance"}),
        # a contract made before the rule
        (set(), {"lender_type": "small-loan", "contract_date": "2025-03-01"}),
        ({"cn.cap.small-loan"}, {"lender_type": "small-loan", "contract_date": "2026-03-01"}),
        (set(), {"lender_type": "private", "contract_date": "2019-03-01"}),
        # the cap of the month in which the contract was made is not in the pack
        ({"question-value-unknown"}, {"lender_type": "private", "contract_date": "2026-06-01"}),
    ],
)  # fmt: skip
def test_cap_follows_lender_and_contract_date(expected: set[str], debt: dict[str, Any]) -> None:
    """Four times the LPR is for private lenders, 24 % for small-loan companies' new loans."""
    assert expected == codes("CN", product="personal-loan", **debt)


@pytest.mark.parametrize(
    ("expected", "debt"),
    [
        ({"cn.cap.loan-facilitation"}, {"lender_type": "bank", "parties": PLATFORM | BANK}),
        ({"cn.cap.loan-facilitation"}, {"lender_type": "platform", "parties": BANK}),
        # a bank without a platform has no such cap
        (set(), {"lender_type": "bank"}),
        ({"question-funder"}, {"lender_type": "platform"}),
        ({"question-funder"}, {"lender_type": "small-loan", "parties": PLATFORM}),
        ({"question-funder-differs"}, {"lender_type": "small-loan", "parties": PLATFORM | BANK}),
        # a creditor whose name says another kind, or that bought the claim
        ({"question-creditor-differs"}, {"lender_type": "private", "creditor": "江海银行"}),
        ({"question-creditor-differs"}, {"lender_type": "small-loan", "creditor": "江海银行"}),
        ({"question-funder"}, {"lender_type": "private", "parties": {"owner": "甲"}}),
        (set(), {"lender_type": "bank", "creditor": "江海银行", "parties": {"owner": "甲"}}),
        ({"cn.cap.loan-facilitation"}, {"lender_type": "Platform", "parties": BANK}),
        (set(), {"lender_type": "platform", "parties": {"funder": "中银消费金融有限公司"}}),
        ({"question-lender-type"}, {}),
        ({"question-contract-date"}, {"lender_type": "small-loan", "contract_date": None}),
    ],
)  # fmt: skip
def test_law_follows_the_funder(expected: set[str], debt: dict[str, Any]) -> None:
    """Behind a platform the funder decides; where nobody knows, nothing is claimed."""
    found = codes("CN", **({"product": "personal-loan", "contract_date": "2026-01-15"} | debt))

    assert expected == found


def test_card_interest_cap_is_history() -> None:
    """18.25 % bound card interest from 2017 to 2020; since then nothing is claimed."""
    card = {"product": "credit-card", "lender_type": "bank", "contract_date": "2018-05-01"}

    assert {"cn.cap.card-overdraft"} == codes("CN", as_of="2020-12-31", rate="0.051%/day", **card)
    assert set() == codes("CN", as_of="2020-12-31", rate="0.05%/day", **card)
    assert set() == codes("CN", as_of="2021-01-01", rate="0.051%/day", **card)


def test_fees_are_counted_as_far_as_they_are_known() -> None:
    """23 % and 38 a month on 20,000 lent are at least 25.28 %."""
    found = findings_for(
        "CN",
        lender_type="small-loan",
        product="loan",
        contract_date="2026-03-01",
        rate="23%",
        recurring_fees=[{"label": "guarantee", "amount": "38"}],
        original_principal="20000",
    )

    assert ["At least 25.28 % a year, above 24 %."] == [f["found"] for f in found if f["exceeded"]]


def test_penalty_rate_multiple() -> None:
    """A bank's penalty rate is at most 1.5 times the contract rate."""
    loan = {"lender_type": "bank", "product": "loan", "rate": "10%"}

    assert set() == codes("CN", penalty_rate="15%", **loan)
    assert {"cn.penalty.multiple"} == codes("CN", penalty_rate="15.1%", **loan)


@pytest.mark.parametrize(
    ("expected", "agreed", "days"),
    [
        (set(), ["interest", "penalty", "fees", "principal"], 90),
        ({"cn.allocation.card-late"}, ["interest", "penalty", "fees", "principal"], 91),
        ({"cn.allocation.card"}, ["principal", "interest", "penalty", "fees"], 90),
        (set(), ["principal", "interest", "penalty", "fees"], 91),
    ],
)
def test_card_payments_turn_round_on_day_91(
    expected: set[str], agreed: list[str], days: int
) -> None:
    """Charges first up to 90 days late, principal first from day 91."""
    card = {"product": "credit-card", "lender_type": "bank", "rate": "18%", "arrears": "100"}
    found = codes("CN", allocation=agreed, days_past_due=days, **card)

    assert expected == found - {"cn.card.agreement-content"}


@pytest.mark.parametrize(
    ("expected", "jurisdiction", "last_payment"),
    [
        ({"uk.limitation.england-wales"}, "GB-EAW", "2020-11-21"),
        ({"uk.limitation.england-wales"}, "GB-EAW", "2021-11-21"),
        (set(), "GB-EAW", "2021-11-22"),
        ({"uk.prescription.scotland"}, "GB-SCT", "2021-11-21"),
        (set(), "GB-SCT", "2022-11-22"),
        ({"uk.limitation.northern-ireland"}, "GB-NIR", "2020-11-21"),
        ({"question-region", "question-limitation-dates"}, "UK", "2020-11-21"),
        ({"cn.limitation"}, "CN", "2023-11-21"),
        ({"question-needs"}, "US", "2018-01-01"),
        ({"question-needs"}, "AU-NSW", "2018-01-01"),
    ],
)  # fmt: skip
def test_limitation(expected: set[str], jurisdiction: str, last_payment: str) -> None:
    """The period runs from the last payment, and differs between the parts of a country."""
    old = {"days_past_due": 2500, "arrears": "10000", "contract_date": "2015-01-01", "rate": "5%"}
    found = codes(jurisdiction, product="loan", last_payment=last_payment, **old)

    assert expected == found


def test_age_that_nobody_knows_is_asked_for() -> None:
    """A collector's claim without dates is a question, and an urgent one, unless it is young."""
    claim = {"product": "loan", "lender_type": "collector", "rate": "5%"}
    found = findings_for("GB-EAW", contract_date="2016-01-01", **claim)

    assert [("question-limitation-dates", True)] == [(f["code"], f["urgent"]) for f in found]
    assert set() == codes("GB-EAW", contract_date="2024-01-01", **claim)


@pytest.mark.parametrize(
    ("expected", "jurisdiction", "days"),
    [(set(), "CN", 2200), ({"question-limitation-dates"}, "GB-EAW", 2200), (set(), "GB-EAW", 2000)],
)
def test_limitation_while_instalments_still_fall_due(
    expected: set[str], jurisdiction: str, days: int
) -> None:
    """In China it runs from the last instalment (article 189); elsewhere it is asked for."""
    running = {"days_past_due": days, "arrears": "100", "remaining_instalments": 12, "rate": "5%"}

    assert expected == codes(jurisdiction, product="loan", contract_date="2020-01-01", **running)


@pytest.mark.parametrize("jurisdiction", ["GB-EAW", "GB-SCT", "GB-NIR"])
@pytest.mark.parametrize(
    "product",
    ["Council Tax", "council_tax arrears", "Income Tax", "VAT", "Student Loan",
     "Magistrates' court fine", "Child Maintenance", "benefit overpayment", "CCJ"],
)  # fmt: skip
def test_limitation_of_debts_under_rules_of_their_own_is_not_claimed(
    jurisdiction: str, product: str
) -> None:
    """However the product is written, the six or five years are those of ordinary contracts."""
    assert set() == codes(
        jurisdiction, product=product, days_past_due=2500, rate="0%", contract_date="2015-01-01"
    )


def test_a_claim_that_was_sold_is_asked_for_its_age() -> None:
    """Who owns or collects a debt that it did not lend has it because it is old."""
    for who in ("owner", "collector"):
        found = codes("GB-EAW", product="loan", lender_type="bank", contract_date="2016-01-01",
                      rate="5%", parties={who: "Lowell"})  # fmt: skip
        assert {"question-limitation-dates"} == found


@pytest.mark.parametrize(
    ("expected", "jurisdiction", "debt"),
    [
        ({"uk.hcstc.daily-cost"}, "UK", PAYDAY),
        ({"question-daily-rate"}, "UK", PAYDAY | {"rate": "900%"}),
        (set(), "UK", PAYDAY | {"rate": "292%"}),
        (set(), "UK", PERSONAL),
        ({"uk.hcstc.default-charges"}, "UK", PAYDAY | {"rate": "10%", "late_fee": "16"}),
        ({"question-needs"}, "US-NY", {"product": "personal-loan", "rate": "40%"}),
        (set(), "US-NY", {"product": "personal-loan", "rate": "35%"}),
        (set(), "AU", PAYDAY | {"lender_type": "consumer-finance"}),
        (set(), "AU", DEAR | {"lender_type": "consumer-finance", "product": "Small Amount Credit"}),
        ({"uk.hcstc.daily-cost"}, "UK", PAYDAY | {"product": "High-cost short-term credit"}),
        ({"au.rate-cap"}, "AU", DEAR | {"lender_type": "consumer-finance"}),
        (set(), "AU", DEAR | {"lender_type": "bank"}),
        ({"in.penal-interest"}, "IN", PENAL | {"product": "loan"}),
        (set(), "IN", PENAL | {"product": "credit-card"}),
    ],
)  # fmt: skip
def test_caps_abroad(expected: set[str], jurisdiction: str, debt: dict[str, Any]) -> None:
    """Payday caps are for payday loans, 36 % for covered borrowers, 48 % not for banks."""
    assert expected == codes(jurisdiction, **debt)


@pytest.mark.parametrize(
    ("expected", "debt"),
    [
        ({"cn.cap.card-overdraft"}, {"product": "信用卡", "lender_type": "银行"}),
        ({"cn.cap.card-overdraft"}, {"product": "Credit card", "lender_type": "bank"}),
        (set(), {"product": "debit-card overdraft", "lender_type": "bank"}),
        (set(), {"product": "房贷", "lender_type": "bank"}),
    ],
)
def test_products_are_known_as_people_write_them(expected: set[str], debt: dict[str, Any]) -> None:
    """A card is a card in Chinese, too, and an overdraft is none."""
    assert expected == codes("CN", as_of="2020-06-01", contract_date="2019-01-01", **debt)


@pytest.mark.parametrize(
    ("expected", "lender"),
    [
        ({"eba-diminished-obligation", "ifrs9-ten-percent"}, "bank"),
        ({"eba-diminished-obligation", "ifrs9-ten-percent"}, ""),
        ({"ifrs9-ten-percent"}, "landlord"),
        (set(), "Private"),
        (set(), "friend"),
    ],
)
def test_supervisors_of_banks_do_not_supervise_people(expected: set[str], lender: str) -> None:
    """A fifth forgiven is a default to a bank, a modification to a company, neither to a friend."""
    debt = {"id": "a", "principal": "1200", "rate": "5%", "lender_type": lender}
    case = replan.load({"as_of": "2026-11-21", "currency": "EUR", "debts": [debt]}).cases[0]

    shown = replan.show(case, "waive principal=20% + split 12").to_dict()
    assert expected == {f["code"] for f in shown["debts"][0]["findings"] if f["exceeded"]}


def test_a_right_is_no_warning() -> None:
    """A limit that is broken warns; a right of the borrower is a note."""
    found = findings_for(
        "AU",
        lender_type="consumer-finance",
        product="loan",
        rate="49%",
        days_past_due=9,
        arrears="1",
    )

    assert {"au.rate-cap": "warning", "au.hardship-notice": "note"} == {
        f["code"]: f["severity"] for f in found if f["exceeded"]
    }


def test_directive_holds_for_new_contracts() -> None:
    """The second consumer credit directive takes in contracts made from 20 November 2026."""
    late = {"lender_type": "bank", "product": "loan", "days_past_due": 1, "arrears": "1"}

    assert {"eu.ccd2.forbearance"} == codes("DE", contract_date="2026-11-20", **late)
    assert set() == codes("DE", contract_date="2026-11-19", **late)
