"""Plans suggested for a cause of hardship."""

from __future__ import annotations

import pytest

import replan
from decide.samples import case, debt
from replan.decide.presets import ALIASES, CAUSES, GENERAL, WITHOUT_PLAN, suggestions_for
from replan.errors import UsageError
from replan.present.words import load_catalogue
from replan.strategies.notation import parse_plan

ALL = [*GENERAL, *(s for menu in CAUSES.values() for s in menu)]


@pytest.mark.parametrize("plan", sorted({s.plan for s in ALL}))
def test_suggested_plan_is_written_as_it_prints(plan: str) -> None:
    """A menu names its plans in the form in which they are shown."""
    assert plan == str(parse_plan(plan))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sentence_exists(language: str) -> None:
    """Each reason and each warning has its words."""
    words = load_catalogue("zh" if language == "zh" else "en")
    named = {f"why.{s.why}" for s in ALL} | {f"guard.{s.guard}" for s in ALL if s.guard}

    assert set() == named - set(words)


def test_long_terms_at_the_full_rate_are_warned_of() -> None:
    """The warning stands where the term is long and the rate stays, and only there."""
    warned = {s.plan for s in ALL if s.guard == "long-at-full-rate"}

    assert {"waive penalty=100% + split 60"} == warned


@pytest.mark.parametrize("cause", [c for c in (*CAUSES, *ALIASES) if ALIASES.get(c, c) in CAUSES])
def test_each_cause_gives_plans_that_apply(cause: str) -> None:
    """On an overdue loan every cause has at least one plan beside the baselines."""
    arrears = {"arrears": {"principal": "100.00"}, "days_past_due": 30}
    found = replan.compare(case(debt(rate="12%", instalment=None, **arrears)), [], cause=cause)

    assert 2 < len(found.plans)


def test_unknown_cause_is_wrong_use() -> None:
    """The message names the causes that there are."""
    with pytest.raises(UsageError, match="job-loss"):
        suggestions_for("bad luck")


@pytest.mark.parametrize("cause", ["old-debt", "limitation", "can-pay", "wilful"])
def test_some_causes_have_no_plan(cause: str) -> None:
    """An old debt needs advice first, and hardship is not made up: both answers say what to do."""
    with pytest.raises(UsageError) as refused:
        suggestions_for(cause)

    assert WITHOUT_PLAN[ALIASES.get(cause, cause)] == str(refused.value)
