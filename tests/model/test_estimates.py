"""What a case estimates and asks."""

from __future__ import annotations

from typing import Any

import pytest

import replan
from replan.model.estimates import estimates_dict

RANGE = {"field": "rate", "low": "17%", "high": "19%"}


def case(**debt: Any) -> dict[str, Any]:
    """Return a case of one debt as plain values."""
    debts = [{"id": "a", "principal": "1000", "rate": "18%", **debt}]
    return {"as_of": "2026-11-22", "currency": "CNY", "debts": debts}


def test_estimates_print_back_as_they_were_written() -> None:
    """A name stays a name, a range an object, a question of one's own a text."""
    raw = case(estimated=["principal", RANGE]) | {"questions": ["Why?", {"about": "rate"}]}
    found = replan.load_case(raw).model_dump(mode="json", exclude_none=True)

    assert ["principal", RANGE] == found["debts"][0]["estimated"]
    assert [{"text": "Why?"}, {"about": "rate"}] == found["questions"]


def test_results_say_what_they_rest_on() -> None:
    """Each estimate stands with its value and range; arrears are one amount."""
    raw = case(arrears="30", days_past_due=9, estimated=["arrears", RANGE])
    found = estimates_dict(replan.load_case(raw))["estimated"]

    assert ["30.00", "18%"] == [entry["value"] for entry in found]
    assert [(None, None), ("17%", "19%")] == [(entry["low"], entry["high"]) for entry in found]


def test_one_debt_has_its_own_questions_and_the_common_ones() -> None:
    """`show --debt` leaves out what another lender is to be asked."""
    asked = ["All?", {"debt": "a", "about": "rate"}, {"debt": "b", "about": "rate"}]
    found = estimates_dict(replan.load_case(case() | {"questions": asked}), debt="a")

    assert [None, "a"] == [question["debt"] for question in found["questions"]]


@pytest.mark.parametrize(
    ("expected", "raw"),
    [
        ("value-unknown", case(estimated=["rat"])),
        ("range-reversed", case(estimated=[{"field": "rate", "low": "20%", "high": "0.01%/day"}])),
        ("rate-unreadable", case(estimated=[{"field": "rate", "low": "x"}])),
        ("choice-missing", case() | {"questions": [{"debt": "a"}]}),
    ],
)
def test_nonsense_is_refused(expected: str, raw: dict[str, Any]) -> None:
    """A field that cannot be estimated, a range without order, a question about nothing."""
    assert [expected] == [issue.code for issue in replan.load(raw).issues]
