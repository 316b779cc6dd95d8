"""Tests that any lender's supervisors and accountants apply: a pack that needs no file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from .pack import built
from .rules import RulePack

_NO_BANKS = ("private", "landlord", "utility", "council", "government", "employer")
_STANDARD = {
    "id": "standard",
    "title": {"en": "Supervision and accounting", "zh": "监管与会计准则"},
    "jurisdiction": "*",
    "rules": (
        {
            "id": "eba-diminished-obligation",
            "title": {"en": "Diminished obligation", "zh": "债务价值减损"},
            "means": {
                "en": "Above it a European bank must treat the debt as defaulted.",
                "zh": "超过该比例，欧洲的银行须将该笔债权视为违约。",
            },
            "kind": "info",
            "check": "present-value-loss",
            "other_lender_types": _NO_BANKS,
            "unit": "share",
            "values": ({"since": date(2021, 1, 1), "value": Decimal("0.01")},),
            "source": "EBA/GL/2016/07, paragraph 51",
            "confidence": "high",
            "checked_on": date(2026, 11, 22),
        },
        {
            "id": "ifrs9-ten-percent",
            "title": {"en": "Substantial modification", "zh": "实质性修改"},
            "means": {
                "en": "Above it the lender's books treat the plan as a new loan.",
                "zh": "超过该比例，债权人账上按新贷款处理。",
            },
            "kind": "info",
            "check": "present-value-change",
            "other_lender_types": ("private",),
            "unit": "share",
            "values": ({"since": date(2018, 1, 1), "value": Decimal("0.10")},),
            "source": "IFRS 9, paragraph B3.3.6",
            "confidence": "high",
            "checked_on": date(2026, 11, 22),
        },
    ),
}


@cache
def standard_pack() -> RulePack:
    """Give the EBA's 1 % test and the 10 % test of IFRS 9: notes for the talk, never verdicts."""
    return built(RulePack, _STANDARD)
