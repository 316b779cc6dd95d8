"""A case under a plan: every debt evaluated, with its contract beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from replan.engine.terms import RateColumn, Terms, flat_curve
from replan.errors import UsageError
from replan.model.case import Case, settings_of
from replan.model.debt import Debt
from replan.strategies.notation import Plan, Steps

from .evaluate import Evaluated, evaluate
from .figures import Figures, Household, figures
from .opening import contract_terms, plan_terms, unpaid_terms
from .waterfall import poured


class Bench:
    """One case on the bench: contracts are rolled once, plans are evaluated against them."""

    def __init__(self, case: Case, *, npv_rate: RateColumn | None = None) -> None:
        self.case = case
        self.at = None if npv_rate is None else ("chosen", flat_curve(npv_rate))

    @cached_property
    def contracts(self) -> Mapping[str, Evaluated]:
        """Roll every contract as it stands."""
        return {
            debt.id: evaluate(
                debt, contract_terms(self.case, debt), paid_on=paid_on(self.case, debt)
            )
            for debt in self.case.debts
        }

    @cached_property
    def contract_figures(self) -> Mapping[str, Figures]:
        """Measure every contract."""
        return {name: self.measure(found) for name, found in self.contracts.items()}

    def measure(self, found: Evaluated) -> Figures:
        """Measure a debt under a plan, against its contract."""
        return figures(self.case, found, self.contracts[found.debt.id], at=self.at)

    def debt(self, debt: Debt, steps: Steps | None) -> Evaluated:
        """Evaluate one debt under its steps; None: it keeps the contract."""
        if steps is None or _is(steps, "contract"):
            return self.contracts[debt.id]
        on = paid_on(self.case, debt)
        if _is(steps, "unpaid"):
            return evaluate(debt, unpaid_terms(self.case, debt), steps, paid_on=on)
        terms = start_terms(self.case, debt, steps)
        return evaluate(debt, terms, poured(self.case, debt, terms, steps), paid_on=on)

    def run(self, plan: Plan) -> Outcome:
        """Evaluate a plan for every debt of the case."""
        unknown = plan.ids - {debt.id for debt in self.case.debts}
        if unknown:
            known = ", ".join(debt.id for debt in self.case.debts)
            raise UsageError(
                f'The plan names "{min(unknown)}", but the case has the debts {known}.'
            )
        if plan.household is not None:
            from .household import share_out  # noqa: PLC0415 - imported where it is used

            found = share_out(self, plan)
        else:
            every = plan.is_baseline("unpaid")
            found = [
                self.debt(debt, plan.steps_for(debt.id, usual=every or _is_usual(debt)))
                for debt in self.case.debts
            ]
        pairs = [(f, self.measure(f)) for f in found]
        contracts = [self.contract_figures[debt.id] for debt in self.case.debts]
        return Outcome(plan, Household(self.case, pairs, contracts))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan and what it comes to."""

    plan: Plan
    household: Household


def start_terms(case: Case, debt: Debt, steps: Steps) -> Terms:
    """Give what steps start from: where they keep the contract's instalments, arrears stay due."""
    if all(step.strategy.keeps(step.params) for step in steps) and not debt.accelerated:
        contract = contract_terms(case, debt)
        return replace(contract, demanded=contract.arrears)
    return plan_terms(case, debt)


def _is(steps: Steps, name: str) -> bool:
    return len(steps) == 1 and steps[0].strategy.name == name


def _is_usual(debt: Debt) -> bool:
    """Tell whether a plan without ids touches a debt: not if secured or a priority."""
    return not (debt.priority or debt.secured)


def paid_on(case: Case, debt: Debt) -> Callable[[date], date]:
    """Give the rule by which a due date on a holiday moves; the interest of its row stays."""
    settings = settings_of(case, debt)
    rule, calendar = settings.business_day, settings.calendar
    if rule == "none":
        return lambda day: day

    def adjusted(day: date) -> date:
        from replan.engine.business_days import adjust  # noqa: PLC0415 - calendars are heavy

        return adjust(day, rule, calendar)

    return adjusted
