"""Cases without what identifies people."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import replan
from cli.run import FAMILY
from replan.decide.redact import debt_names, hide, redact, redact_issue, rename_plan
from replan.errors import Issue, UsageError
from replan.model.fields import Model

SECRET = "S3CRET"  # noqa: S105
FULL: dict[str, Any] = {
    "as_of": "2026-11-21",
    "currency": "CNY",
    "jurisdiction": "CN",
    "questions": [{"debt": "S3CRET-2", "about": "rate", "text": "S3CRET"}, "S3CRET?"],
    "budget": {
        "income": [{"label": "S3CRET", "amount": "9", "payer": "S3CRET", "note": "S3CRET"}],
        "expenses": [{"label": "S3CRET", "amount": "1", "category": "S3CRET"}],
    },
    "debts": [
        {"id": "S3CRET-1", "creditor": "S3CRET", "principal": "100", "rate": "5%"},
        {
            "id": "S3CRET-2",
            "creditor": "S3CRET",
            "principal": "100",
            "rate": "5%",
            "recurring_fees": [{"label": "S3CRET", "amount": "1"}],
            "estimated": [{"field": "next_due", "low": "S3CRET"}, "rate"],
        },
    ],
}


def planted(value: Any) -> Any:
    """Return a model with a secret in each of its free texts."""
    if isinstance(value, tuple):
        return tuple(map(planted, value))
    if not isinstance(value, Model):
        return value
    kinds = {name: str(kind) for cls in type(value).__mro__ for name, kind in _kinds(cls).items()}
    texts = {name for name in type(value).model_fields if _is_open(kinds[name])}
    changes = {name: planted(getattr(value, name)) for name in type(value).model_fields}
    changes |= {n: (SECRET,) if kinds[n].startswith("tuple") else SECRET for n in texts - {"field"}}
    changes |= {"id": changes["id"] + str(hash(value.id))} if hasattr(value, "id") else {}
    return value.model_copy(update=changes)


def _kinds(cls: type) -> dict[str, Any]:
    return dict(inspect.get_annotations(cls))


def _is_open(kind: str) -> bool:
    return any(word in kind for word in ("Text", "Identifier", "Jurisdiction"))


def test_no_text_of_any_field_stays() -> None:
    """A secret in each free text of each model, those of tomorrow included."""
    case = planted(replan.load_case(FULL))

    assert case.model_dump_json().count(SECRET) > 30
    assert SECRET not in redact(case).model_dump_json()


def test_figures_stay() -> None:
    """Every amount of a comparison is the same; only names differ."""
    case = replan.load_case(FAMILY)
    plan = "waive penalty=100% + household(snowball)"
    before, after = (replan.compare(c, [plan]).to_dict()["plans"] for c in (case, redact(case)))

    assert [p["metrics"] for p in before] == [p["metrics"] for p in after]
    assert [p["by_month"] for p in before] == [p["by_month"] for p in after]


def test_the_law_that_applies_stays() -> None:
    """The kind of lender that a name says is still said, so the same rules find the same."""
    case = replan.load_case(FAMILY)
    before, after = (
        replan.compare(c, [], rules=replan.rules_for(c)).to_dict()["findings"]
        for c in (case, redact(case))
    )

    assert before
    assert [f["code"] for f in before] == [f["code"] for f in after]
    assert "Creditor B (消费金融)" == redact(case).debts[1].creditor


def test_redacting_twice_changes_only_names_already_masked() -> None:
    """A redacted case is a case: it prints and reads back, and is redacted already."""
    once = redact(replan.load_case(FAMILY))
    raw = once.model_dump(mode="json", by_alias=True, exclude_none=True)

    assert once == redact(once)
    assert once == replan.load_case(raw)


def test_a_creditor_keeps_one_pseudonym() -> None:
    """The same name is the same letter, as creditor and as platform."""
    case = replan.load_case(FULL)
    shown = redact(case, labels={"creditor": "债权人{mark}", "line": "{mark}", "fee": "{mark}"})

    assert ["债权人A", "债权人A"] == [debt.creditor for debt in shown.debts]
    assert ["debt-1", "debt-2"] == [debt.id for debt in shown.debts]
    assert ["rate"] == [question.about for question in shown.questions]


def test_plans_follow_the_new_names() -> None:
    """A plan may use the debt's own name or the one that a redacted output showed."""
    names = debt_names(replan.load_case(FULL))

    plan = rename_plan("S3CRET-1: split 12; debt-2: defer 3", names)

    assert "debt-1: split 12; debt-2: defer 3" == str(plan)
    with pytest.raises(UsageError) as caught:
        rename_plan("S3CRET-1: splt 12 S3CRET-2", names)
    assert SECRET not in str(caught.value)


def test_names_in_messages_are_whole_words() -> None:
    """A debt called "a" does not eat every a."""
    assert "a debt-1: an act" == hide("a x: an act", {"x": "debt-1"})


@pytest.mark.parametrize(
    ("expected", "where"),
    [
        ("case:3:debts[0].rate", "zhang san.json:3:debts[0].rate"),
        ("case:3", "zhang san.json:3:debts[0].zhang"),
        ("case", "zhang san.json"),
    ],
)
def test_issues_keep_their_place_only(expected: str, where: str) -> None:
    """Neither the value nor the file's name nor a key that the file made up is told."""
    issue = Issue("amount-negative", "error", '"S3CRET" is', where, "Write S3CRET.")

    shown = redact_issue(issue, source="zhang san.json")

    assert f"{expected}: An amount is below zero." == str(shown)


def test_the_place_in_a_workbook_is_the_cell_alone() -> None:
    """Sheets are named after people."""
    issue = Issue("cell-error", "error", "x", "zhang san.xlsx:Zhang San!E5:fees")

    assert "case:E5" == redact_issue(issue, source="zhang san.xlsx").where
