"""The policies that ship: they load, they are sourced, and their worked examples hold."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from replan.decide.candidates.offers import menu_of
from replan.decide.candidates.search import search
from replan.errors import PackError
from replan.io.policies import load_policy, policies, policy_for
from replan.model.case import Case

ROOM = files("replan").joinpath("data", "policies")
POLICIES = policies()


def examples() -> list[Any]:
    """Read the worked examples of every policy."""
    found = []
    for policy in POLICIES:
        text = ROOM.joinpath(f"{policy.id}.examples.toml").read_text("utf-8")
        found += [pytest.param(policy.id, e, id=policy.id) for e in tomllib.loads(text)["examples"]]
    return found


@pytest.mark.parametrize(("name", "example"), examples())
def test_worked_example_holds(name: str, example: dict[str, Any]) -> None:
    """The size of the space, how many fit, and the plans chosen with their figures."""
    case = Case.model_validate(example["case"])

    found = search(case, example["debt"], policy=load_policy(name)).to_dict()

    keys = ("candidates", "fitting", "front")
    assert {key: example[key] for key in keys} == {key: found[key] for key in keys}
    figures = ("peak_payment", "total_paid", "months")
    chosen = [
        {"labels": c["labels"], "plan": c["plan"], **{f: c["metrics"][f] for f in figures}}
        for c in found["choice"]
    ]
    assert example["choice"] == chosen


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_shipped_policy_is_sound(policy: Any) -> None:
    """Its menu can be followed, every limit has a source, what is not documented says so."""
    assert menu_of(policy)
    assert policy.sources
    assert all(source.checked_on > date(2025, 1, 1) for source in policy.sources)
    assert (
        policy.status == "documented"
        or "illustrative" in policy.note.en
        or "No lender" in (policy.note.en)
    )


def test_an_unknown_strategy_is_refused() -> None:
    """A menu that cannot be followed wholly is not followed at all."""
    policy = POLICIES[0]
    step = policy.offers[0].steps[0].model_copy(update={"strategy": "pray"})
    offer = policy.offers[0].model_copy(update={"steps": (step,)})

    with pytest.raises(PackError, match=r'offers\[0\].steps\[0\]: "pray" is not a strategy'):
        menu_of(policy.model_copy(update={"offers": (offer,)}))


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        (r'order: "wave" is not a strategy. Did you mean waive', {"order": ("wave", "split")}),
        (r'excludes\[0\]: "pray" is not a strategy', {"excludes": (("pray", "waive"),)}),
        (r"offers\[0\]: its steps are not in the policy's order", {"order": ("split", "waive")}),
    ],
)
def test_an_order_that_cannot_be_kept_is_refused(expected: str, changes: dict[str, Any]) -> None:
    """A misspelt exclusion would rule out nothing, an offer against the order everything."""
    policy = load_policy("general").model_copy(update=changes)

    with pytest.raises(PackError, match=expected):
        menu_of(policy)


@pytest.mark.parametrize(
    ("expected", "jurisdiction", "currency", "lender", "product"),
    [
        ("cn-bank-card", "CN", "CNY", "bank", "credit-card"),
        ("cn-consumer-online", "CN", "CNY", "consumer-finance", "personal-loan"),
        ("cn-small-loan-strict", "CN", "CNY", "small-loan", "personal-loan"),
        ("us-flex-modification", "US", "USD", "bank", "mortgage"),
        ("us-dmp", "US-CA", "USD", "bank", "credit-card"),
        ("uk-conc-forbearance", "GB", "GBP", "bank", "credit-card"),
        ("cn-bank-card", "cn", "CNY", "Bank", "Credit Card"),
        ("general", "FR", "EUR", "bank", "credit-card"),
        ("general", "CN", "CNY", "landlord", "rent"),
    ],
)
def test_a_debt_finds_its_policy(
    expected: str, jurisdiction: str, currency: str, lender: str, product: str
) -> None:
    """By jurisdiction, currency, kind of lender and product, as far as it is in force."""
    debt = {"id": "a", "principal": "100", "rate": "5%", "lender_type": lender, "product": product}
    case = Case.model_validate(
        {"as_of": "2026-11-21", "currency": currency, "jurisdiction": jurisdiction, "debts": [debt]}
    )

    assert expected == policy_for(case, case.debts[0]).id


@pytest.mark.parametrize(
    ("expected", "place", "policy"),
    [
        (True, "UK", "GB"), (True, "GB-SCT", "GB"), (False, "GB-NIR", "GB-SCT"),
        (True, "DE", "EU"), (False, "FR", "DE"), (True, "DE-BY", "DE"), (False, None, "GB"),
    ],
)  # fmt: skip
def test_a_policy_holds_in_its_place_and_what_lies_in_it(
    expected: bool, place: str | None, policy: str
) -> None:
    """Two names of one country are one place; two members of the Union are two."""
    known = load_policy("uk-conc-forbearance").model_copy(update={"jurisdiction": policy})
    assert expected == known.covers(place, "GBP", "bank", "personal-loan")
