"""What a counsellor must know before a proposal is sent: what is doubtful, unproved, missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from replan.decide.evaluate import major
from replan.decide.figures import Household
from replan.decide.presets import ALIASES, CAUSES
from replan.model.case import Case
from replan.model.debt import Debt

Caution = dict[str, Any]
STANDING = ("acknowledges", "in-writing", "agents", "truthful", "reachable")
"""What holds for every proposal, whatever is in it."""


def is_old(finding: Caution) -> bool:
    """Tell whether a finding says that a debt may be too old to be claimed, or may become so."""
    return bool(finding.get("urgent") and finding["exceeded"])


def known_cause(case: Case) -> str | None:
    """Name the cause of hardship if it is one of the usual ones: a free text may be medical."""
    cause = case.hardship.cause
    name = ALIASES.get(cause or "", cause or "")
    return name if name in CAUSES else None


def cautions(
    case: Case, household: Household, debts: Sequence[Debt], *, answer_by: date
) -> list[Caution]:
    """List what is doubtful about a proposal on *debts*, the gravest first; standing ones last.

    Each has a code; `debt` where it is about one, and the values that its sentence needs.
    """
    exponent = household.debts[0][0].terms.exponent
    return [
        *_affordable(household, exponent),
        *_drains(household, exponent),
        *_soon(household, debts, answer_by),
        *_unproved(case),
        *(caution for debt in debts for caution in _of_debt(debt)),
        *_missing(case),
        *({"code": code} for code in STANDING),
    ]


def _affordable(household: Household, exponent: int) -> Iterator[Caution]:
    if household.verdict == "not-assessed":
        yield {"code": "not-assessed"}
    if household.verdict == "short":
        most = major(max(household.shortfalls.values()), exponent)
        yield {"code": "short", "count": len(household.shortfalls), "most": most}


def _drains(household: Household, exponent: int) -> Iterator[Caution]:
    """Compare what is paid on the first day, and at most on any, with what its month leaves.

    Nothing is carried over from month to month, so a sum beyond that comes out of the buffer.
    """
    for found, _ in household.debts:
        paid = [row for row in found.rows if row.payment]
        largest = max(paid, key=lambda row: row.payment, default=None)
        for row in {row.n: row for row in (*paid[:1], largest) if row}.values():
            month = household.path.get((row.due.year, row.due.month))
            if month is not None and found.steps and row.payment > max(month[0], 0):
                yield {
                    "code": "drains",
                    "debt": found.debt.id,
                    "date": row.due.isoformat(),
                    "amount": major(row.payment, exponent),
                    "left": major(max(month[0], 0), exponent),
                }


def _soon(household: Household, debts: Sequence[Debt], answer_by: date) -> Iterator[Caution]:
    """Name first payments that are due before anybody need have agreed."""
    for found, figures in household.debts:
        first = figures.first_payment
        if found.debt in debts and first and first[0] <= answer_by:
            yield {
                "code": "soon",
                "debt": found.debt.id,
                "date": first[0].isoformat(),
                "answer_by": answer_by.isoformat(),
            }


def _unproved(case: Case) -> Iterator[Caution]:
    """Say which claims of the letter nothing in the case supports."""
    if case.hardship.cause and known_cause(case) is None:
        yield {"code": "cause-unsaid"}
    elif not case.hardship.cause:
        yield {"code": "cause-missing"}
    elif not case.hardship.evidence:
        yield {"code": "no-evidence"}
    if case.budget is None:
        yield {"code": "no-budget"}


def _of_debt(debt: Debt) -> Iterator[Caution]:
    if debt.estimated:
        fields = [estimate.field for estimate in debt.estimated]
        yield {"code": "estimated", "debt": debt.id, "fields": fields}
    if not debt.account:
        yield {"code": "no-account", "debt": debt.id}
    if not debt.creditor:
        yield {"code": "no-creditor", "debt": debt.id}
    if debt.parties.collector or debt.lender_type == "collector":
        yield {"code": "collector", "debt": debt.id}


def _missing(case: Case) -> Iterator[Caution]:
    if not case.borrower.name:
        yield {"code": "no-name"}
    if case.incomplete:
        yield {"code": "debt-missing"}
