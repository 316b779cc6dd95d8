"""Published effective rates and present values of IFRS 9 examples hold."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from replan.engine.rates import irr, npv
from validation.families import families

CASES = {case["id"]: case for case in families()["ifrs9"]["cases"] if "flows" in case}


def flows_of(case: dict[str, Any]) -> list[Decimal]:
    """Read a case's yearly flows, the first one now."""
    return [Decimal(flow) for flow in case["flows"]]


@pytest.mark.parametrize("name", [key for key in CASES if "irr_percent" in CASES[key]["expect"]])
def test_effective_rate(name: str) -> None:
    """The effective rate of original or modified flows is the printed one, or near as stated."""
    published, within = map(Decimal, CASES[name]["expect"]["irr_percent"])
    rate = irr(flows_of(CASES[name]))

    assert rate is not None
    assert within >= abs(published - Decimal(rate) * 100)


@pytest.mark.parametrize("name", [key for key in CASES if "npv" in CASES[key]["expect"]])
def test_present_value(name: str) -> None:
    """The present value, as the 10 % test compares it, agrees to the cent."""
    published = Decimal(CASES[name]["expect"]["npv"])
    value = npv(Decimal(CASES[name]["rate_percent"]) / 100, flows_of(CASES[name]))

    assert published == Decimal(value).quantize(published, ROUND_HALF_UP)
