"""A case under a plan: every debt evaluated, with its contract beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from replan.engine.curves import RateColumn, flat_curve
from replan.engine.terms import Terms
from replan.errors import UsageError
from replan.model.case import Case, settings_of
from replan.model.debt import Debt
from replan.strategies.notation import Plan, Steps

from .evaluate import Evaluated, Prepared, apply_steps, evaluate_all, evaluate_facts
from .figures import Figures, Household, Surplus, figures
from .opening import all_base_terms, contract_terms, exponent_of, plan_terms, unpaid_terms
from .waterfall import poured


class Bench:
    """One case on the bench: contracts are rolled once, plans are evaluated against them."""

    def __init__(self, case: Case, *, npv_rate: RateColumn | None = None) -> None:
        self.case = case
        self.at = None if npv_rate is None else ("chosen", flat_curve(npv_rate))

    @cached_property
    def surplus(self) -> Surplus:
        """Give the surplus path, computed once."""
        return Surplus(self.case, exponent_of(self.case.currency))

    @cached_property
    def base(self) -> Mapping[str, Terms]:
        """Give every debt's terms as the contract has them."""
        debts = self.case.debts
        ids = (debt.id for debt in debts)
        return dict(zip(ids, all_base_terms(self.case, debts), strict=True))

    @cached_property
    def contracts(self) -> Mapping[str, Evaluated]:
        """Roll every contract as it stands."""
        prepared = [
            Prepared(d, (), (contract_terms(d, self.base[d.id]),), paid_on(self.case, d))
            for d in self.case.debts
        ]
        return {found.debt.id: found for found in evaluate_facts(prepared)}

    @cached_property
    def contract_figures(self) -> Mapping[str, Figures]:
        """Measure every contract."""
        return {name: self._measured(found) for name, found in self.contracts.items()}

    def measure(self, found: Evaluated) -> Figures:
        """Measure a debt under a plan, against its contract, which is measured once."""
        name = found.debt.id
        if found is self.contracts[name]:
            return self.contract_figures[name]
        return self._measured(found)

    def _measured(self, found: Evaluated) -> Figures:
        return figures(self.case, found, self.contracts[found.debt.id], at=self.at)

    def prepare(self, debt: Debt, steps: Steps) -> Prepared:
        """Apply steps to one debt."""
        on = paid_on(self.case, debt)
        contract = self.contracts[debt.id]
        if _is(steps, "unpaid"):
            terms = unpaid_terms(debt, contract.terms, contract.schedule, contract.index)
            return Prepared(debt, steps, (contract.terms, terms), on)
        start = self.start(debt, steps)
        used = poured(self.case, debt, start, steps)
        stages = apply_steps(start, used)
        if not stages[-1].periods.any():
            # a debt without instalments stays due at once, whatever was waived or paid first
            stages = (*stages[:-1], replace(stages[-1], demanded=stages[-1].owed))
        return Prepared(debt, used, stages, on)

    def start(self, debt: Debt, steps: Steps) -> Terms:
        """Give what steps start from: if they keep the contract's instalments, arrears stay due."""
        keeps = all(step.strategy.keeps(step.params) for step in steps)
        return self.start_keeping(debt, keeps=keeps)

    def start_keeping(self, debt: Debt, *, keeps: bool) -> Terms:
        """Give what steps start from that all keep the contract's instalments, or do not."""
        if keeps and not debt.accelerated:
            contract = self.contracts[debt.id].terms
            return replace(contract, demanded=contract.arrears, closes=True)
        return plan_terms(debt, self.base[debt.id])

    def run(self, plan: Plan) -> Outcome:
        """Evaluate a plan for every debt of the case."""
        return self.run_all([plan])[0]

    def run_all(self, plans: Sequence[Plan]) -> list[Outcome]:
        """Evaluate plans for every debt of the case, as few batches as their kinds allow."""
        prepared: dict[tuple[int, str], Prepared] = {}
        for i, plan in enumerate(plans):
            self._check_names(plan)
            if plan.household is None:
                prepared |= {(i, p.debt.id): p for p in self._prepared(plan)}
        rolled = dict(zip(prepared, evaluate_all(list(prepared.values())), strict=True))
        return [self._outcome(plan, i, rolled) for i, plan in enumerate(plans)]

    def _prepared(self, plan: Plan) -> Iterator[Prepared]:
        """Prepare the debts that do not keep their contract."""
        every = plan.is_baseline("unpaid")
        for debt in self.case.debts:
            steps = plan.steps_for(debt.id, usual=every or not debt.comes_first)
            if steps is not None and not _is(steps, "contract"):
                yield self.prepare(debt, steps)

    def _outcome(self, plan: Plan, i: int, rolled: Mapping[tuple[int, str], Evaluated]) -> Outcome:
        if plan.household is None:
            found = [rolled.get((i, d.id)) or self.contracts[d.id] for d in self.case.debts]
        else:
            from .household import share_out  # noqa: PLC0415 - imported where it is used

            found = share_out(self, plan)
        pairs = [(f, self.measure(f)) for f in found]
        contracts = [self.contract_figures[debt.id] for debt in self.case.debts]
        return Outcome(plan, Household(self.case, pairs, contracts, self.surplus))

    def _check_names(self, plan: Plan) -> None:
        unknown = plan.ids - {debt.id for debt in self.case.debts}
        if unknown:
            known = ", ".join(debt.id for debt in self.case.debts)
            raise UsageError(
                f'The plan names "{min(unknown)}", but the case has the debts {known}.'
            )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan and what it comes to."""

    plan: Plan
    household: Household


def _is(steps: Steps, name: str) -> bool:
    return len(steps) == 1 and steps[0].strategy.name == name


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
