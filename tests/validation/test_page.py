"""docs/validation.md says what the figures are."""

from __future__ import annotations

from validation.page import PAGE, agreement, page


def test_page_is_not_stale() -> None:
    """The page is what `python -m tests.validation.page` writes."""
    assert page() == PAGE.read_text("utf-8")


def test_agreement_of_a_case() -> None:
    """A case counts as exact only if no figure of it has a tolerance."""
    assert "exact" == agreement({"tolerance": "cent", "expect": {"rows": [["2024-01-01"]]}})
    assert "within" == agreement({"tolerance": {"flow": "0.01"}, "expect": {}})
    assert "within" == agreement({"expect": {"at": {"1": {"interest": ["1.00", "0.01"]}}}})
    assert "within" == agreement({"within": "1e-8"})
    assert "not supported" == agreement({"status": "unsupported", "reason": "why"})
