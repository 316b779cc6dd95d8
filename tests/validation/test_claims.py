"""A figure that is off by a cent is noticed, wherever a case may state it."""

from __future__ import annotations

from typing import Any

import pytest

from validation.claims import claims

PAID = {"due": "2024-02-01", "principal": "60.00", "interest": "1.00", "payment": "61.00"}
ROW = {"capitalised": "0.00", "waived": {}}
METRICS = {"interest_paid": "1.00", "total_interest": {"schedule": "1.00", "unrounded": None}}
START = {"due": "2024-01-01", "principal": "0.00", "interest": "0.00", "payment": "0.00"}


def failed(expect: dict[str, Any], tolerance: Any = "cent") -> list[str]:
    """Name the claims that a debt of 100, of which 60 are paid, does not meet."""
    schedule = [{**ROW, **START, "balance": "100.50"}, {**ROW, **PAID, "balance": "40.50"}]
    shown = {"debts": [{"id": "loan", "schedule": schedule, "metrics": METRICS}]}
    debts = [{"id": "loan", "principal": "100.00"}]
    case = {"case": {"debts": debts}, "expect": expect, "tolerance": tolerance}
    whole = {**shown, "household": {"metrics": {"months": 1}}}
    return [claim.where for claim in claims(case, whole) if not claim.holds]


@pytest.mark.parametrize(
    ("expect", "where"),
    [
        ({"rows": [["2024-02-01", "60.00", "1.01", "61.00", "40.50"]]}, "row 1 interest"),
        ({"rows": [["2024-02-02", "60.00", "1.00", None, None]]}, "row 1 due"),
        ({"rows": [["2024-02-01", None, None, None, "40.50"]] * 2}, "number of rows"),
        ({"at": {"1": {"payment": "61.01"}}}, "row 1 payment"),
        ({"at": {"2": {"payment": "61.00"}}}, "row 2"),
        ({"row0": {"balance": "100.49"}}, "row 0 balance"),
        ({"years": [["60.00", "1.01"]]}, "year 1 interest"),
        ({"figures": {"rows": 2}}, "rows"),
        ({"total_interest": {"schedule": "1.01"}}, "total interest schedule"),
        ({"total_interest": {"unrounded": "1.00"}}, "total interest unrounded"),
        ({"household": {"months": 2}}, "household months"),
        ({"debts": {"loan": {"figures": {"total_paid": ["61.02", "0.01"]}}}}, "total_paid"),
    ],
)
def test_a_wrong_figure_is_noticed(expect: dict[str, Any], where: str) -> None:
    """Each kind of claim fails by the least difference that its tolerance excludes."""
    assert where in failed(expect)


def test_tolerance_and_balance_of_principal() -> None:
    """A tolerance lets a flow be off by so much; the balance may be that of principal alone."""
    row = ["2024-02-01", "60.01", "1.00", "61.00", "40.00"]

    assert ["row 1 principal"] == failed({"balance_of": "principal", "rows": [row]})
    assert [] == failed({"balance_of": "principal", "rows": [row]}, {"flow": "0.01"})
