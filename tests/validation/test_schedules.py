"""Published schedules, before and after restructuring, come out row by row."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import replan
from validation.claims import claims
from validation.families import families, schedule_cases

Case = dict[str, Any]


def parameters() -> list[Any]:
    """Give each case its name; one that is not supported must go on failing."""
    found = []
    for family, case in schedule_cases():
        unsupported = case.get("status") == "unsupported"
        marks = [pytest.mark.xfail(strict=True, reason=case["reason"])] if unsupported else []
        found.append(pytest.param(case, id=f"{family}-{case['id']}", marks=marks))
    return found


@pytest.mark.parametrize("case", parameters())
def test_published_schedule(case: Case) -> None:
    """Every figure of the case is met, within the tolerance that the case states."""
    shown = replan.show(replan.load_case(case["case"]), case["plan"]).to_dict()

    compared = list(claims(case, shown))

    assert compared
    assert [] == [claim for claim in compared if not claim.holds]


@pytest.mark.parametrize("name", families())
def test_nothing_is_left_out_silently(name: str) -> None:
    """An id stands once; a case is compared, or says why it is not."""
    cases = families()[name].get("cases", [])
    repeated = [key for key, times in Counter(case["id"] for case in cases).items() if times > 1]
    silent = [case["id"] for case in cases if "status" in case and not case.get("reason")]
    idle = [case["id"] for case in cases if "reason" not in case and len(case) < 3]

    assert [] == repeated
    assert [] == silent
    assert [] == idle
