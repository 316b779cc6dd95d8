"""A proposal to each creditor that a plan asks something of: what the documents say, and to whom.

Nothing of the `lender` parts names another creditor, values a plan for the lender or repeats a free
text of the case; what only the counsellor needs stands apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from replan.decide.evaluate import Evaluated, major
from replan.decide.figures import Figures
from replan.decide.law.rules import findings_on_debt, findings_on_plan
from replan.decide.months import months_of
from replan.decide.show import Shown, debt_metrics, household_metrics, row_dict, show
from replan.engine.dates import add_months
from replan.errors import UsageError
from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.rules import RulePack
from replan.model.standard import standard_pack
from replan.strategies.notation import Plan

from .cautions import cautions, is_old, known_cause
from .finances import finances_of, others_of
from .offer_terms import component_table, early_repayment, is_level, payment_runs, rates_of
from .priced import priced_asks

ANSWER_WITHIN = 14
"""Days after which an answer is asked for: twice the three to seven working days of practice."""
REVIEW_AFTER = 6
"""Months after which a plan is looked at again where the hardship has no known end."""
_ARTICLE_70 = "cn.card.agreement-content"
_CONDITIONAL = "disputed"
_PERSONS = ("private", "landlord", "employer")
"""Creditors who have no department to write to."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a plan asks of each creditor, with what the documents need."""

    shown: Shown
    limitation_checked: str | None = None
    rules: tuple[RulePack, ...] = field(default=(), repr=False)

    @property
    def asked(self) -> list[tuple[Evaluated, Figures]]:
        """Give the debts whose creditors are asked for something."""
        return [pair for pair in self.shown.debts if _asks_for_something(pair[0])]

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form: the proposals, cautions, and the debts that keep their contracts."""
        case, household = self.shown.case, self.shown.outcome.household
        return {
            "replan": 1,
            "plan": str(self.shown.plan),
            "currency": case.currency,
            "as_of": case.as_of.isoformat(),
            "rules": [pack.id for pack in self.rules],
            "limitation_checked": self.limitation_checked,
            "old": [f for found, _ in self.asked for f in self._old(found.debt)],
            "cautions": cautions(
                case,
                household,
                [found.debt for found, _ in self.asked],
                answer_by=answer_by(case),
            ),
            "verdict": household.verdict,
            "cause": known_cause(case),
            "evidence": list(case.hardship.evidence),
            "questions": [q.model_dump(mode="json", exclude_none=True) for q in case.questions],
            "kept": [f.debt.id for f, _ in self.shown.debts if not _asks_for_something(f)],
            "household": {
                "metrics": household_metrics(household),
                "by_month": months_of(household),
                "contract": self._contract(),
            },
            "proposals": [self._proposal(found, figures) for found, figures in self.asked],
        }

    def _contract(self) -> dict[str, Any]:
        """Give what the contracts of all debts come to; a lender gives up nothing by them."""
        bench, household = self.shown.bench, self.shown.outcome.household
        figures = [bench.contract_figures[found.debt.id] for found, _ in household.debts]
        exponent = household.debts[0][0].terms.exponent
        sums = {
            "total_paid": sum(one.total_paid for one in figures),
            "npv": round(sum(one.npv for one in figures)),
        }
        metrics = {name: major(value, exponent) for name, value in sums.items()}
        return {"plan": "contract", "metrics": {**metrics, "npv_loss": 0.0}}

    def _old(self, debt: Debt) -> list[dict[str, Any]]:
        return [f for f in findings_on_debt(self.shown.case, debt, self.rules) if is_old(f)]

    def _proposal(self, found: Evaluated, figures: Figures) -> dict[str, Any]:
        case, debt = self.shown.case, found.debt
        on_debt = findings_on_debt(case, debt, self.rules)
        on_plan = findings_on_plan(case, found, figures, (standard_pack(), *self.rules))
        return {
            "debt": debt.id,
            "lender": self._for_lender(found, figures, on_debt),
            "counsellor": {
                "calendar": _calendar_id(case, debt),
                "steps": [str(step) for step in found.steps],
                "findings": [*on_debt, *on_plan],
                "metrics": debt_metrics(figures, found.terms.exponent),
            },
        }

    def _for_lender(
        self, found: Evaluated, figures: Figures, findings: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """Collect what this creditor may read."""
        case, debt, exponent = self.shown.case, found.debt, found.terms.exponent
        metrics = debt_metrics(figures, exponent)
        kept = ("first_payment", "total_paid", "waived", "months", "final_due", "residual")
        broken = metrics["if_broken"]
        runs = payment_runs(found)
        return {
            # a letter names nobody who does not owe the debt
            "sender": debt.owed_by or case.borrower.name,
            "creditor": debt.creditor or None,
            "has_desk": debt.lender_type not in _PERSONS,
            "account": masked_account(debt.account),
            "as_of": case.as_of.isoformat(),
            "currency": case.currency,
            "answer_by": answer_by(case).isoformat(),
            "review": self._review(figures).isoformat(),
            "hardship": _hardship(case),
            "rate": str(debt.rate),
            "arrears": _text(_overdue(debt), exponent),
            "days_past_due": debt.days_past_due,
            "components": component_table(found),
            "rates": rates_of(found),
            "runs": runs,
            "frequency": str(found.terms.calendar.frequency),
            "level": is_level(runs),
            "payments": sum(run["count"] for run in runs),
            **{name: metrics[name] for name in kept},
            "if_broken": broken and broken["total_paid"],
            "asks": priced_asks(self.shown.bench, found, figures),
            "early": early_repayment(self.shown.bench, found),
            "schedule": [row_dict(row, exponent) for row in found.rows],
            "finances": finances_of(case),
            "others": others_of(self.shown.outcome.household, found),
            "article_70": any(finding["code"] == _ARTICLE_70 for finding in findings),
            "reserved": bool(self._old(debt)) or known_cause(case) == _CONDITIONAL,
        }

    def _review(self, figures: Figures) -> date:
        """Choose the day of the review: the hardship's end if it falls into the plan."""
        case = self.shown.case
        end = case.hardship.expected_end
        if end and case.as_of < end < figures.final_due:
            return end
        return date.fromordinal(int(add_months(case.as_of.toordinal(), REVIEW_AFTER)))


def propose(
    case: Case,
    plan: str | Plan | Mapping[str, Any],
    *,
    debt: str | None = None,
    rules: Sequence[RulePack] = (),
    limitation_checked: str | None = None,
) -> Proposal:
    """Put together what each creditor is asked for under a plan, and what to be told first.

    `debt` limits it to one creditor. Where a limitation period may have ended, or nobody knows,
    `limitation_checked` must say what was found out: asking for a plan can start it anew.
    Raises UsageError if it does not, or if the plan asks nothing of anybody.
    """
    proposal = Proposal(show(case, plan, debt=debt), limitation_checked, tuple(rules))
    if not proposal.asked:
        raise UsageError(
            "The plan asks nothing of a creditor: the debts keep their contracts."
            ' Name another, such as "defer 3 + split 24".'
        )
    doubtful = [found.debt.id for found, _ in proposal.asked if proposal._old(found.debt)]  # noqa: SLF001 - its own class
    if doubtful and not (limitation_checked or "").strip():
        raise UsageError(
            f"{', '.join(doubtful)}: a limitation period may have ended, or its dates are not"
            " known, and asking for a plan can start it anew. Nothing was written. Find out first"
            ' (replan check); then say what you found: --limitation-checked "…".'
        )
    return proposal


def answer_by(case: Case) -> date:
    """Give the day by which an answer is asked for."""
    return case.as_of + timedelta(days=ANSWER_WITHIN)


def _calendar_id(case: Case, debt: Debt) -> str:
    """Return what names a debt's events in calendars: the same in each export, and nobody's name.

    Without a name or a reference two cases could be taken for each other; there the day counts too.
    """
    known = (case.borrower.reference, case.borrower.name)
    told = [*known, debt.id, debt.creditor, debt.account]
    told += [] if any(known) else [case.as_of.isoformat()]
    return sha256("|".join(one or "" for one in told).encode()).hexdigest()[:20]


def masked_account(account: str | None) -> str | None:
    """Return the last four letters or digits of an account number; None without one.

    >>> masked_account("6222 0210 0111 2345")
    '2345'
    """
    signs = re.sub(r"[\W_]", "", account or "")
    return signs[-4:] or None


def _asks_for_something(found: Evaluated) -> bool:
    """Tell whether a plan changes a debt; paying nothing is a baseline, not a proposal."""
    return any(step.strategy.name not in ("contract", "unpaid") for step in found.steps)


def _hardship(case: Case) -> dict[str, str | None]:
    """Give cause and dates; no note, no document, no cause in free words."""
    began, end = case.hardship.began, case.hardship.expected_end
    return {
        "cause": known_cause(case),
        "began": began.isoformat() if began else None,
        "expected_end": end.isoformat() if end else None,
    }


def _overdue(debt: Debt) -> Decimal:
    parts = debt.arrears
    return parts.principal + parts.interest + parts.penalty + parts.fees


def _text(amount: Decimal, exponent: int) -> str:
    return major(int(amount.scaleb(exponent)), exponent)
