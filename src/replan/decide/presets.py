"""Plans to begin with, by cause of hardship: what to ask for first, and what to guard against."""

from __future__ import annotations

from dataclasses import dataclass

from replan.errors import UsageError

TOKEN, PAY_DAY, SEASON = "token 50 ", "date 15", "seasonal 1,1,1,0.5,0.5,0.5"
"""What is fitted to a case: the currency's token, its pay-day, the season of its surplus."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A plan worth looking at. `why` and `guard` find sentences in the table of words."""

    plan: str
    why: str
    guard: str = ""


GENERAL = (
    Suggestion("defer 3 + split 24", "relief-first"),
    Suggestion("waive penalty=100% + split 36", "waive-and-split"),
    Suggestion("waive penalty=100% + rate cut=50% + split 60", "long-and-cheaper"),
)
CAUSES: dict[str, tuple[Suggestion, ...]] = {
    "job-loss": (
        Suggestion("waive penalty=100% + defer 3 + split 12", "bridge"),
        Suggestion("waive penalty=100% interest=50% + defer 3 + split 24", "bridge-and-waive"),
        Suggestion(f"freeze 6 + {TOKEN}for=6 + split 36", "token-bridge", "token-not-for-ever"),
    ),
    "income-fall": (
        Suggestion("waive penalty=100% + rate cut=50% + split 60", "long-and-cheaper"),
        Suggestion("waive penalty=100% + split 60", "article-70", "long-at-full-rate"),
        Suggestion(
            "rate cut=50% + waive penalty=100% interest=50% when=on-time:6 + split 60", "reward"
        ),
    ),
    "illness": (
        Suggestion("waive penalty=100% + defer 6 + split 24", "bridge", "medical-privacy"),
        Suggestion("waive penalty=100% interest=100% + defer 3 + split 36", "waive-charges"),
    ),
    "over-borrowing": (
        Suggestion("waive penalty=100% + household(pro-rata)", "fair-shares", "no-new-borrowing"),
        Suggestion("waive penalty=100% + rate cut=50% + split 60", "long-and-cheaper"),
    ),
    "cash-timing": (
        Suggestion(PAY_DAY, "after-pay-day"),
        Suggestion("waive penalty=100% + split 3 of=arrears", "catch-up"),
    ),
    "seasonal-income": (
        Suggestion(f"split 24 + {SEASON}", "season"),
        Suggestion(f"defer 3 + split 24 + {SEASON}", "season-deferred", "balloon"),
    ),
    "disaster": (
        Suggestion("waive penalty=100% + defer 3 interest=waive + split 24", "bridge"),
        Suggestion("defer 6 interest=end + split 36", "interest-last", "interest-in-writing"),
    ),
    "bereavement": (
        Suggestion("defer 3 + split 24", "pause-then-plan", "others-debts"),
        Suggestion("settle 60%", "lump-sum", "keep-buffer"),
    ),
    "divorce": (
        Suggestion("defer 3 + split 24", "pause-then-plan", "others-debts"),
        Suggestion("waive penalty=100% + split 36", "waive-and-split"),
    ),
    "disputed": (
        Suggestion(
            "waive penalty=100% interest=100% fees=100% + split 12",
            "pay-undisputed",
            "verify-first",
        ),
    ),
    "lump-sum": (
        Suggestion("settle 50%", "lump-sum", "keep-buffer"),
        Suggestion("settle 60% in=3", "staged", "keep-buffer"),
    ),
}
"""By cause; from the ordered asks of practice."""
WITHOUT_PLAN = {
    "old-debt": "Ask for free advice first and send nothing yet: asking for a plan, or paying a "
    "part, can start the limitation period anew. Name the cause of hardship once it is checked.",
    "can-pay": "replan does not prepare hardship plans for somebody who can pay. To pay on "
    'another day write --plan "date DAY"; to pay early, --plan "pay-early AMOUNT".',
}
"""Causes for which the answer is no plan."""
ALIASES = {
    "unemployment": "job-loss",
    "失业": "job-loss",
    "income-loss": "income-fall",
    "收入下降": "income-fall",
    "accident": "illness",
    "疾病": "illness",
    "multiple-debts": "over-borrowing",
    "过度借贷": "over-borrowing",
    "due-date": "cash-timing",
    "seasonal": "seasonal-income",
    "self-employed": "seasonal-income",
    "epidemic": "disaster",
    "灾害": "disaster",
    "death": "bereavement",
    "离婚": "divorce",
    "over-cap": "disputed",
    "limitation": "old-debt",
    "wilful": "can-pay",
}


def suggestions_for(cause: str | None) -> tuple[Suggestion, ...]:
    """Give the menu for a cause, or the general one without a cause."""
    if cause is None:
        return GENERAL
    name = ALIASES.get(cause, cause)
    if name in WITHOUT_PLAN:
        raise UsageError(WITHOUT_PLAN[name])
    if name not in CAUSES:
        known = ", ".join(CAUSES)
        raise UsageError(f'There is no menu for the cause "{cause}". Known: {known}')
    return CAUSES[name]
