"""Findings on a plan's figures: tests that supervisors and accountants apply, never a verdict."""

from __future__ import annotations

from typing import Any

from .figures import Figures

TESTS = (
    ("eba-diminished-obligation", 0.01, "EBA/GL/2016/07, paragraph 51", "2021-01-01"),
    ("ifrs9-ten-percent", 0.10, "IFRS 9, paragraph B3.3.6", "2018-01-01"),
)
"""Code, limit on the change of present value at the original rate, source, in force since."""


def findings_of(f: Figures) -> list[dict[str, Any]]:
    """Compare a plan's NPV loss with the 1 % and the 10 % test, on the same figures."""
    if f.npv_loss is None:
        return []
    found = []
    for code, limit, source, since in TESTS:
        change = abs(f.npv_loss) if code == "ifrs9-ten-percent" else f.npv_loss
        over = "above" if change > limit else "not above"
        message = f"The present value changes by {change:.2%}, {over} {limit:.0%} ({source})."
        found.append(
            {
                "code": code,
                "severity": "note",
                "message": message,
                "value": change,
                "limit": limit,
                "exceeded": change > limit,
                "source": source,
                "since": since,
            }
        )
    return found
