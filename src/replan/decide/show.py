"""Show one plan: every debt's schedule, steps, asks and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from replan.engine.curves import RateColumn
from replan.errors import UsageError
from replan.model.case import Case
from replan.model.estimates import estimates_dict
from replan.model.rates import Rate, parse_rate
from replan.model.rules import RulePack
from replan.model.standard import standard_pack
from replan.strategies.notation import Plan, parse_plan

from .asks import asks_of
from .evaluate import Evaluated, Row, major, stages_of
from .figures import Figures, Household, total_interest
from .law.rules import findings_on_debt, findings_on_plan
from .months import months_of, typical_month
from .plans import Bench, Outcome
from .why.household import household_reasons
from .why.reasons import reasons

if TYPE_CHECKING:
    from replan.model.policy import Policy


@dataclass(frozen=True)
class Shown:
    """A plan, laid out; docs/metrics.md says what its figures mean."""

    case: Case
    plan: Plan
    outcome: Outcome
    bench: Bench = field(repr=False)
    debt: str | None = None
    why: bool = False
    rules: tuple[RulePack, ...] = ()
    policies: Mapping[str, Policy] = field(default_factory=dict)

    @property
    def debts(self) -> tuple[tuple[Evaluated, Figures], ...]:
        """Give the debts shown with their figures."""
        pairs = self.outcome.household.debts
        return tuple(p for p in pairs if self.debt is None or p[0].debt.id == self.debt)

    @cached_property
    def effects(self) -> Mapping[str, list[dict[str, Any]]]:
        """Give what each step of each debt changes."""
        return steps_with_effects(self.bench, self.debts)

    @cached_property
    def starts(self) -> Mapping[str, dict[str, Any]]:
        """Give what it changes that a plan does not ask for the arrears at once."""
        return starts_with_effects(self.bench, self.debts)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "replan": 1,
            "plan": str(self.plan),
            "debt": self.debt,
            "currency": self.case.currency,
            "as_of": self.case.as_of.isoformat(),
            **estimates_dict(self.case, debt=self.debt),
            "debts": [self._debt(found, f) for found, f in self.debts],
            "household": self._household(),
            "rules": [pack.id for pack in self.rules],
        }

    def _household(self) -> dict[str, Any]:
        household = self.outcome.household
        shown: dict[str, Any] = {
            "metrics": household_metrics(household),
            "by_month": months_of(household),
        }
        if self.why and self.debt is None:
            shown["why"] = [reason.to_dict() for reason in household_reasons(household)]
        return shown

    def _debt(self, found: Evaluated, f: Figures) -> dict[str, Any]:
        asks = _asks(self, found)
        shown: dict[str, Any] = {
            "id": found.debt.id,
            "creditor": found.debt.creditor,
            **self.starts.get(found.debt.id, {}),
            "steps": self.effects[found.debt.id],
            "asks": [ask["text"] for ask in asks],
            "asks_detail": asks,
            "conventions": conventions(found),
            "schedule": [row_dict(row, found.terms.exponent) for row in found.rows],
            "by_month": months_of(self.outcome.household, found.debt.id),
            "metrics": debt_metrics(f, found.terms.exponent)
            | {"total_interest": interest_stated(found)},
            "findings": [
                *findings_on_debt(self.case, found.debt, self.rules),
                *findings_on_plan(self.case, found, f, (standard_pack(), *self.rules)),
                *self._departures(found),
            ],
        }
        if self.why:
            contract = self.bench.contract_figures[found.debt.id]
            shown["why"] = [reason.to_dict() for reason in reasons(found, f, contract)]
        return shown

    def _departures(self, found: Evaluated) -> list[dict[str, Any]]:
        policy = self.policies.get(found.debt.id)
        if policy is None:
            return []
        from .candidates.departures import departures  # noqa: PLC0415 - only where a policy is named

        return departures(self.bench, found, policy)


def show(  # noqa: PLR0913 - options, all by keyword
    case: Case,
    plan: str | Plan | Mapping[str, Any],
    *,
    debt: str | None = None,
    why: bool = False,
    npv_rate: str | None = None,
    rules: Sequence[RulePack] = (),
    policies: Mapping[str, Policy] | None = None,
) -> Shown:
    """Evaluate one plan for a case and lay it out.

    `plan` is notation, a Plan or its JSON form; `debt` shows one debt only; `why` adds the formula
    and inputs of each figure; `npv_rate` values the plan at a second rate too; `rules` are the
    packs whose findings are attached, `policies` the lenders' policies by debt.
    Raises UsageError if the plan cannot be read or cannot be applied.
    """
    parsed = parse_plan(plan)
    check_debt(case, debt)
    bench = Bench(case, npv_rate=rate_column(npv_rate))
    outcome = bench.run(parsed)
    return Shown(case, parsed, outcome, bench, debt, why, tuple(rules), policies or {})


def schedule(
    case: Case, plan: str | Plan | Mapping[str, Any] = "contract", *, debt: str | None = None
) -> tuple[Row, ...]:
    """Give the rows of one debt's schedule under a plan, in minor units.

    Without `debt` the case must have one debt.
    """
    shown = show(case, plan, debt=debt)
    if len(shown.debts) != 1:
        raise UsageError("The case has several debts. Name one with debt=…")
    return shown.debts[0][0].rows


def check_debt(case: Case, debt: str | None) -> None:
    """Raise UsageError if *debt* is given and is not one of the case."""
    ids = [d.id for d in case.debts]
    if debt is not None and debt not in ids:
        raise UsageError(f'The case has no debt "{debt}". It has {", ".join(ids)}.')


def rate_column(text: str | None) -> RateColumn | None:
    """Read a discount rate; raises UsageError if it is none."""
    if text is None:
        return None
    try:
        rate: Rate = parse_rate(text)
    except ValueError as error:
        raise UsageError(f"--npv-rate: {error}") from None
    return RateColumn.of(rate.fraction, daily=rate.per == "day")


def steps_with_effects(
    bench: Bench, debts: Sequence[tuple[Evaluated, Figures]]
) -> dict[str, list[dict[str, Any]]]:
    """List each debt's steps with what each changes: instalment, total, months, the lender's NPV.

    Steps that were not taken one by one, as in a household's share, have no effect of their own.
    """
    stepwise = [(found, f) for found, f in debts if len(found.stages) == len(found.steps) + 1]
    listed = {
        found.debt.id: [{"step": str(step), "effect": {}} for step in found.steps]
        for found, _ in debts
    }
    before = stages_of([found for found, _ in stepwise])
    for (found, f), stages in zip(stepwise, before, strict=True):
        after = [*(bench.measure(stage) for stage in stages), f]
        if not found.stages[0].periods.any():
            after[0] = bench.contract_figures[found.debt.id]
        for k, shown in enumerate(listed[found.debt.id]):
            shown["effect"] = _effect(after[k], after[k + 1], found.terms.exponent)
    return listed


def starts_with_effects(
    bench: Bench, debts: Sequence[tuple[Evaluated, Figures]]
) -> dict[str, dict[str, Any]]:
    """Tell for debts with arrears what changes before the first step, against the contract.

    A plan does not ask for the arrears at once; with this the steps add up to the plan's figures.
    """
    late = [found for found, _ in debts if found.steps and len(found.stages) > 1]
    late = [found for found in late if found.stages[0].periods.any()]
    told: dict[str, dict[str, Any]] = {}
    for found, stages in zip(late, stages_of(late), strict=True):
        name = found.debt.id
        contract, start = bench.contract_figures[name], bench.measure(stages[0])
        effect = _effect(contract, start, found.terms.exponent)
        if any(Decimal(value) for value in effect.values()):
            told[name] = {"start": {"effect": effect}}
    return told


def _effect(before: Figures, after: Figures, exponent: int) -> dict[str, Any]:
    return {
        "instalment": major(after.typical_payment - before.typical_payment, exponent),
        "total": major(after.total_paid - before.total_paid, exponent),
        "months": after.months - before.months,
        "npv": major(round(after.npv) - round(before.npv), exponent),
    }


def _asks(shown: Shown, found: Evaluated) -> list[dict[str, Any]]:
    """List the asks by number and price each step's once: its cost to the lender in NPV."""
    effects = {s["step"]: s["effect"] for s in shown.effects[found.debt.id]}
    priced: set[str] = set()
    listed = []
    for n, (step, ask) in enumerate(asks_of(found, shown.case.currency), start=1):
        name = str(step)
        cost = None
        if name not in priced and effects.get(name):
            npv = effects[name]["npv"]
            cost = npv[1:] if npv.startswith("-") else f"-{npv}"
        priced.add(name)
        listed.append(
            {"n": n, "code": ask.code, "text": ask.text, "values": dict(ask.values), "cost": cost}
        )
    return listed


def conventions(found: Evaluated) -> dict[str, Any]:
    """Name the conventions behind the figures, so that a lender can recompute them."""
    terms = found.terms
    return {
        "day_count": terms.day_count,
        "frequency": str(terms.calendar.frequency),
        "rounding": {
            "interest": terms.rounding.interest,
            "instalment": terms.rounding.instalment,
            "unit": major(terms.rounding.unit, terms.exponent),
            "settle": terms.rounding.settle,
            "basis": terms.rounding.basis,
        },
        "allocation": list(terms.order),
        "weights": "12 decimals",
    }


def row_dict(row: Row, exponent: int) -> dict[str, Any]:
    """Give a row's JSON form."""

    def named(parts: Mapping[str, int]) -> dict[str, str]:
        return {name: major(amount, exponent) for name, amount in parts.items()}

    return {
        "n": row.n,
        "due": row.due.isoformat(),
        "opening": major(row.opening, exponent),
        "accrued": named(row.accrued),
        "capitalised": major(row.capitalised, exponent),
        "waived": named(row.waived),
        "payment": major(row.payment, exponent),
        "principal": major(row.principal, exponent),
        "interest": major(row.interest, exponent),
        "penalty": major(row.penalty, exponent),
        "fees": major(row.fees, exponent),
        "balance": major(row.balance, exponent),
    }


def debt_metrics(f: Figures, exponent: int) -> dict[str, Any]:
    """Give one debt's figures in JSON form."""

    def amount(value: int) -> str:
        return major(value, exponent)

    first = f.first_payment
    shown: dict[str, Any] = {
        "first_payment": first and {"date": first[0].isoformat(), "amount": amount(first[1])},
        "typical_payment": amount(f.typical_payment),
        "peak_payment": amount(f.peak_payment),
        "total_paid": amount(f.total_paid),
        "interest_paid": amount(f.interest_paid),
        "waived": amount(f.waived),
        "waived_by": {name: amount(value) for name, value in f.waived_by.items()},
        "forgone": amount(f.forgone),
        "months": f.months,
        "rows": f.rows,
        "final_due": f.final_due.isoformat(),
        "extra_cost": amount(f.extra_cost),
        "apr": f.apr,
        "apr_convention": f.apr_convention,
        "npv": amount(round(f.npv)),
        "npv_loss": f.npv_loss,
        "recovered": f.recovered,
        "residual": amount(f.residual),
        "if_broken": None,
    }
    if f.if_broken is not None:
        total, npv = f.if_broken
        shown["if_broken"] = {"total_paid": amount(total), "npv": amount(round(npv))}
    if f.npv_at is not None:
        _, npv, loss = f.npv_at
        shown["npv_chosen"] = {"npv": amount(round(npv)), "npv_loss": loss}
    return shown


def interest_stated(found: Evaluated) -> dict[str, str | None]:
    """Give the interest of a plan as published in three ways; None where one does not apply."""
    exponent = found.terms.exponent
    return {
        name: None if value is None else major(value, exponent)
        for name, value in total_interest(found).items()
    }


def _chosen(household: Household, exponent: int) -> dict[str, Any]:
    """Give NPV and its loss at the rate that was chosen, if one was."""
    values = [f.npv_at[1] for _, f in household.debts if f.npv_at]
    if not values:
        return {}
    base = sum(f.npv_at[1] for f in household.contract if f.npv_at)
    loss = 1 - sum(values) / base if base > 0 else None
    return {"npv_chosen": {"npv": major(round(sum(values)), exponent), "npv_loss": loss}}


def household_metrics(household: Household) -> dict[str, Any]:
    """Give the household's figures in JSON form."""
    exponent = household.debts[0][0].terms.exponent if household.debts else 2
    listed = [f for _, f in household.debts]

    def amount(value: int) -> str:
        return major(value, exponent)

    first = household.first
    by_month = household.by_month
    shortfalls = household.shortfalls
    assessed = not household.reasons
    return {
        "first_payment": first and {"date": first[0].isoformat(), "amount": amount(first[1])},
        "typical_payment": amount(typical_month(household)),
        "peak_payment": amount(max(by_month.values(), default=0)),
        "total_paid": amount(sum(f.total_paid for f in listed)),
        "interest_paid": amount(sum(f.interest_paid for f in listed)),
        "waived": amount(sum(f.waived for f in listed)),
        "forgone": amount(sum(f.forgone for f in listed)),
        "residual": amount(sum(f.residual for f in listed)),
        "months": household.months,
        "extra_cost": amount(sum(f.extra_cost for f in listed)),
        "apr": household.apr,
        "npv": amount(round(sum(f.npv for f in listed))),
        "npv_loss": household.npv_loss,
        **_chosen(household, exponent),
        "months_short": len(shortfalls) if assessed else None,
        "largest_shortfall": amount(max(shortfalls.values(), default=0)) if assessed else None,
        "short_months": [f"{y}-{m:02d}" for y, m in shortfalls] if assessed else None,
        "headroom": household.headroom if assessed else None,
        "share_of_surplus": household.share_of_surplus if assessed else None,
        "verdict": household.verdict,
        "verdict_hoped": household.verdict_hoped,
        "not_assessed": list(household.reasons),
    }
