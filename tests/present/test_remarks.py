"""What stands below the figures."""

from __future__ import annotations

from typing import Any

from present.samples import metrics
from replan.present.blocks import Lines
from replan.present.remarks import findings, notes, suggestions
from replan.present.words import Words

EBA = {
    "code": "eba-diminished-obligation",
    "severity": "note",
    "value": 0.031,
    "limit": 0.01,
    "exceeded": True,
    "source": "EBA/GL/2016/07",
    "since": "2021-01-01",
}


def plan(*debts: str, **changes: Any) -> dict[str, Any]:
    """Return a plan in which each of *debts* has the same finding."""
    listed = [{"id": debt, "metrics": metrics(), "findings": [EBA | changes]} for debt in debts]
    return {"plan": "split 36", "metrics": metrics(), "debts": listed}


def texts(found: Any) -> list[str]:
    """Return the lines of blocks."""
    return [text for block in found if isinstance(block, Lines) for text in block.texts]


def test_finding_names_plan_debts_limit_and_source() -> None:
    """One line for all debts that a test finds alike."""
    expected = (
        "A: card 3.10 %, loan 3.10 %: NPV loss above 1 %: a diminished obligation"
        " (EBA/GL/2016/07, in force since 2021-01-01)."
    )
    assert [expected] == texts(findings([("A", plan("card", "loan"))], Words("en")))


def test_passed_tests_and_baselines_are_silent() -> None:
    """What is not exceeded, and the contract itself, need no remark."""
    assert [] == texts(findings([("A", plan("card", exceeded=False))], Words("en")))
    assert [] == texts(findings([("contract", plan("card") | {"baseline": True})], Words("en")))


def test_other_findings_speak_for_themselves() -> None:
    """A finding of a rule pack brings its own words."""
    finding = {"severity": "warning", "message": "Too long.", "reference": "Article 70"}
    named = [("A", plan() | {"findings": [finding]})]

    assert ["A: warning: Too long. (Article 70)"] == texts(findings(named, Words("en")))


def test_where_no_plan_fits_it_is_said_what_looks_further() -> None:
    """Not where one does, nor for the contract alone."""
    fitting, short = (
        {"plan": name, "metrics": metrics(verdict=name)} for name in ("fits", "short")
    )
    told = [
        list(notes(plans, Words("en"))) for plans in ([short, short], [short, fitting], [short])
    ]

    assert [True, False, False] == [any("replan solve" in line for line in lines) for lines in told]


def test_suggestion_says_why_and_what_to_guard_against() -> None:
    """Both sentences stand behind the plan's letter, in the reader's language."""
    suggested = {"why": "lump-sum", "guard": "keep-buffer"}
    named: list[tuple[str, dict[str, Any]]] = [("A", suggested), ("B", {"why": None})]

    expected = "A：一次还款，全部结清。注意：留出应急预留，凭书面结清确认再付款。"
    assert [expected] == texts(suggestions(named, Words("zh")))


def test_notes_name_the_rate_convention() -> None:
    """How an annual rate is stated depends on where it is offered."""
    debt = {"id": "a", "metrics": metrics(apr_convention="nominal"), "findings": []}
    here = [{"plan": "x", "metrics": metrics(), "debts": [debt]}]

    assert any("twelve times" in note for note in notes(here, Words("en")))
    assert any("effective" in note for note in notes([], Words("en")))


def test_notes_say_why_there_is_no_verdict() -> None:
    """A missing budget or debt is named."""
    found = metrics(verdict="not-assessed", not_assessed=["no-budget", "debt-missing"])

    text = " ".join(notes([{"plan": "x", "metrics": found}], Words("en")))

    assert "no budget" in text
    assert "debt is missing" in text
