"""What fields say about each other."""

from __future__ import annotations

from typing import Any

import pytest

from replan.io.load import load


def issues(**keys: Any) -> list[tuple[str, str]]:
    """Return the codes and places of a debt's issues, as of 21 November 2026."""
    debt = {"id": "a", "principal": "1000", "rate": "12%", **keys}
    raw = {"as_of": "2026-11-21", "currency": "CNY", "debts": [debt]}
    return [(issue.code, issue.where.removeprefix("debts[0].")) for issue in load(raw).issues]


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"next_due": "2026-11-20"}, "next_due"),
        ({"last_accrual": "2026-11-22"}, "last_accrual"),
        ({"contract_date": "2026-12-01"}, "contract_date"),
        ({"last_payment": "2026-12-01"}, "last_payment"),
        ({"contract_date": "2026-01-01", "last_payment": "2025-12-01"}, "contract_date"),
        ({"instalments": [{"due": "2026-11-01", "amount": 1}]}, "instalments[0].due"),
        (
            {
                "rate_changes": [
                    {"from": "2027-02-01", "rate": 0},
                    {"from": "2027-01-01", "rate": 0},
                ]
            },
            "rate_changes[1].from",
        ),
        (
            {"recurring_fees": [{"amount": 1, "from": "2027-02-01", "until": "2027-01-01"}]},
            "recurring_fees[0].until",
        ),
    ],
)
def test_dates_that_contradict_each_other_are_errors(keys: dict[str, Any], where: str) -> None:
    """Each says which date to look at."""
    assert ("dates-out-of-order", where) in issues(**keys)


@pytest.mark.parametrize(
    ("keys", "warned"),
    [
        ({"instalment": "10.00"}, True),  # 1000 × 12 % / 12
        ({"instalment": "10.01"}, False),
        ({"instalment": "10.00", "method": "interest-only"}, False),
        ({"instalment": "10.00", "balloon": "500"}, False),
        ({"instalment": "2.30", "frequency": "week"}, True),  # 1000 × 12 % × 7/365 = 2.301…
        ({"instalment": "2.31", "frequency": "week"}, False),
        ({"instalment": "0", "rate": "0"}, True),
    ],
)
def test_an_instalment_that_never_clears_is_a_warning(keys: dict[str, Any], warned: bool) -> None:
    """It must be more than one period's interest."""
    assert warned == (("instalment-below-interest", "instalment") in issues(**keys))


@pytest.mark.parametrize(
    ("lender_type", "expected"),
    [("bank", []), ("banks", [("value-unknown", "lender_type")]), ("sect", []), ("", [])],
)
def test_a_lender_type_that_looks_misspelt_is_a_warning(
    lender_type: str, expected: list[tuple[str, str]]
) -> None:
    """It decides which law applies; a new type is taken as written."""
    assert expected == issues(lender_type=lender_type)


def test_null_is_a_key_not_given() -> None:
    """People leave keys of a template empty; a required one is then missing."""
    assert [] == issues(fees=None, arrears=None, parties=None, payments=None, allocation=None)
    assert [("key-missing", "rate")] == issues(rate=None)


def test_all_problems_of_a_debt_are_reported_in_one_run() -> None:
    """Nobody likes one error at a time."""
    found = issues(fees=-1, method="x", secured="?", next_due="?", unheard=1)

    assert ["fees", "method", "next_due", "secured", "unheard"] == sorted(w for _, w in found)


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"arrears": "x"}, "arrears"),
        ({"minimum_payment": "x"}, "minimum_payment"),
        ({"arrears": {"principal": "x"}}, "arrears.principal"),
        ({"minimum_payment": {"share": "x"}}, "minimum_payment.share"),
    ],
)
def test_places_are_those_of_the_file(keys: dict[str, Any], where: str) -> None:
    """A short form has no keys inside."""
    assert [where] == [place for _, place in issues(**keys)]
