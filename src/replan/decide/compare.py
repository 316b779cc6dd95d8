"""Compare plans side by side, with the contract and paying nothing as baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from replan.errors import UsageError
from replan.model.case import Case
from replan.model.estimates import estimates_dict
from replan.model.rules import RulePack
from replan.model.standard import standard_pack
from replan.strategies.notation import Plan, parse_plan

from .asks import asks_of
from .evaluate import Evaluated
from .figures import Figures, Household
from .law.routes import routes_beyond
from .law.rules import Finding, findings, findings_on_plan
from .months import months_of
from .plans import Bench, Outcome
from .presets import Suggestion, suggestions_for
from .show import check_debt, debt_metrics, household_metrics, rate_column
from .tailor import tailor

if TYPE_CHECKING:
    from replan.model.policy import Policy

BASELINES = ("contract", "unpaid")
AXES = ("peak_payment", "total_paid", "months", "npv_loss", "largest_shortfall", "months_short")


@dataclass(frozen=True, slots=True)
class Compared:
    """One plan of a comparison."""

    outcome: Outcome
    dominated_by: str | None = None
    suggestion: Suggestion | None = None

    @property
    def is_baseline(self) -> bool:
        """Tell whether this is the contract or paying nothing."""
        return any(self.outcome.plan.is_baseline(name) for name in BASELINES)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Plans side by side; the baselines come first."""

    case: Case
    plans: tuple[Compared, ...]
    debt: str | None = None
    rules: tuple[RulePack, ...] = ()
    bench: Bench | None = field(default=None, repr=False)
    policies: Mapping[str, Policy] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "replan": 1,
            "currency": self.case.currency,
            "as_of": self.case.as_of.isoformat(),
            "debt": self.debt,
            **estimates_dict(self.case, debt=self.debt),
            "findings": [
                f for f in findings(self.case, self.rules) if self.debt in (None, f["debt"])
            ],
            "rules": [pack.id for pack in self.rules],
            "routes": self._routes(),
            "plans": [self._plan(compared) for compared in self.plans],
        }

    def _routes(self) -> dict[str, Any] | None:
        """Name the ways beyond plans where no plan is right."""
        households = [c.outcome.household for c in self.plans if not c.is_baseline]
        contract = self.plans[0].outcome.household
        return routes_beyond(self.case, contract, households, self.rules)

    def _plan(self, compared: Compared) -> dict[str, Any]:
        shown = _plan_dict(compared, self.debt)
        debts = {found.debt.id: (found, f) for found, f in compared.outcome.household.debts}
        for debt in shown["debts"]:
            debt["findings"] = self._findings(*debts[debt["id"]])
        return shown

    def _findings(self, found: Evaluated, f: Figures) -> list[Finding]:
        policy = self.policies.get(found.debt.id)
        outside = []
        if policy is not None and self.bench is not None:
            from .candidates.departures import departures  # noqa: PLC0415 - only where a policy is named

            outside = departures(self.bench, found, policy)
        return findings_on_plan(self.case, found, f, (standard_pack(), *self.rules)) + outside


def compare(  # noqa: PLR0913 - options, all by keyword
    case: Case,
    plans: Sequence[str | Plan | Mapping[str, Any]] = (),
    *,
    cause: str | None = None,
    npv_rate: str | None = None,
    debt: str | None = None,
    rules: Sequence[RulePack] = (),
    policies: Mapping[str, Policy] | None = None,
) -> Comparison:
    """Compare plans for a case; without any, those suggested for the cause of hardship.

    The contract as it stands and paying nothing are always there. A plan is dominated if another
    is no worse in peak payment, total, months, the lenders' loss, the largest shortfall and the
    months short, and better in one. With `debt` the figures are that debt's, while months short,
    shortfall, headroom and verdict stay those of all debts together. `rules` are the packs whose
    findings are attached, such as `rules_for(case)` gives; `policies` are the lenders' policies by
    debt, which are held against every plan.
    Raises UsageError if a plan cannot be read or applied, or if there is no such debt.
    """
    check_debt(case, debt)
    bench = Bench(case, npv_rate=rate_column(npv_rate))
    menu: tuple[Suggestion, ...] = ()
    if cause is not None or not plans:
        menu = tailor(suggestions_for(cause), case)
    wanted = [parse_plan(plan) for plan in (*BASELINES, *plans)]
    wanted += [parse_plan(s.plan) for s in menu]
    unique = {str(plan): plan for plan in wanted}
    suggested = {str(parse_plan(s.plan)): s for s in menu}
    outcomes = _run_all(bench, unique, frozenset(suggested))
    listed = tuple(
        Compared(o, _dominator(o, outcomes), suggested.get(str(o.plan))) for o in outcomes
    )
    return Comparison(case, listed, debt, tuple(rules), bench, policies or {})


def _run_all(bench: Bench, plans: Mapping[str, Plan], optional: frozenset[str]) -> list[Outcome]:
    """Evaluate every plan; a suggestion that does not apply to this case is left out."""
    try:
        return bench.run_all(list(plans.values()))
    except UsageError:
        fit = {
            name: plan for name, plan in plans.items() if name not in optional or _fits(bench, plan)
        }
        return bench.run_all(list(fit.values()))


def _fits(bench: Bench, plan: Plan) -> bool:
    """Tell whether a plan can be applied to the case."""
    try:
        bench.run(plan)
    except UsageError:
        return False
    return True


def _is_baseline(outcome: Outcome) -> bool:
    return any(outcome.plan.is_baseline(name) for name in BASELINES)


def _dominator(outcome: Outcome, outcomes: Sequence[Outcome]) -> str | None:
    """Name a plan that is no worse in any respect and better in one."""
    if _is_baseline(outcome):
        return None
    mine = _costs(outcome.household)
    for other in outcomes:
        if other is outcome or other.plan.is_baseline("unpaid"):
            continue
        theirs = _costs(other.household)
        if all(t <= m for t, m in zip(theirs, mine, strict=True)) and theirs != mine:
            return str(other.plan)
    return None


def _costs(h: Household) -> tuple[float, ...]:
    """Give what a plan costs on each axis; less is better."""
    figures = [f for _, f in h.debts]
    return (
        max(h.by_month.values(), default=0),
        sum(f.total_paid + f.residual for f in figures),
        h.months,
        -round(sum(f.npv for f in figures)),
        max(h.shortfalls.values(), default=0),
        len(h.shortfalls),
    )


def _plan_dict(compared: Compared, debt: str | None) -> dict[str, Any]:
    household = compared.outcome.household
    chosen = [pair for pair in household.debts if debt in (None, pair[0].debt.id)]
    shown: dict[str, Any] = {
        "plan": str(compared.outcome.plan),
        "baseline": compared.is_baseline,
        "metrics": household_metrics(household),
        "dominated": compared.dominated_by is not None,
        "dominated_by": compared.dominated_by,
        "by_month": months_of(household, debt),
        "asks": _asks(chosen, household.case.currency),
        "findings": [],
        "debts": [_debt_dict(found, f) for found, f in chosen],
    }
    if debt is not None:
        shown["metrics"] |= shown["debts"][0]["metrics"]
    if compared.suggestion is not None:
        shown["why"] = compared.suggestion.why
        shown["guard"] = compared.suggestion.guard or None
    return shown


def _debt_dict(found: Evaluated, f: Figures) -> dict[str, Any]:
    return {
        "id": found.debt.id,
        "creditor": found.debt.creditor,
        "plan": " + ".join(str(step) for step in found.steps) or "contract",
        "metrics": debt_metrics(f, found.terms.exponent),
        "findings": [],
    }


def _asks(debts: Sequence[tuple[Evaluated, Figures]], currency: str) -> list[dict[str, Any]]:
    """List what is asked of the creditors, each request once, with the debts that it is for."""
    asks: dict[str, dict[str, Any]] = {}
    for found, _ in debts:
        for _step, a in asks_of(found, currency):
            new = {"code": a.code, "text": a.text, "values": dict(a.values), "debts": []}
            of = asks.setdefault(a.text, new)["debts"]
            of += [found.debt.id] if of[-1:] != [found.debt.id] else []
    return list(asks.values())
