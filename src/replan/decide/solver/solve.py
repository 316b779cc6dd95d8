"""One plan per debt, chosen together, so that every month fits; or what is missing for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from replan.decide.candidates.offers import menu_of
from replan.decide.candidates.policies import policy_dict, policy_remarks
from replan.decide.evaluate import major
from replan.decide.figures import Household
from replan.decide.law.routes import routes_beyond
from replan.decide.law.rules import findings, findings_on_plan
from replan.decide.months import months_of
from replan.decide.opening import exponent_of
from replan.decide.plans import Bench, Outcome
from replan.decide.show import debt_metrics, household_metrics
from replan.errors import ReplanError, UsageError
from replan.model.budget import expected_income, reasons_not_assessed
from replan.model.case import Case
from replan.model.months import month_after, month_name, month_of
from replan.model.policy import Policy
from replan.model.rules import RulePack
from replan.model.standard import standard_pack
from replan.strategies.notation import parse_plan

from .choose import Choice, Limits
from .joint import (
    CONTRACT,
    OBJECTIVES,
    Joint,
    Menu,
    Objective,
    Side,
    given_up,
    joint_of,
    missing,
    pick,
)

UNKNOWN_ROOM = {
    "no-budget": "A joint plan needs to know what is left each month. Add a budget, or give"
    " --surplus.",
    "no-expenses": "A joint plan needs to know what is left each month: the budget has no expenses."
    " Add them, or give --surplus.",
    "debt-missing": "A joint plan needs all debts, and the case says that it is incomplete. Add the"
    ' debts that are missing and remove "incomplete".',
}


@dataclass(frozen=True)
class Missing:
    """What nothing that fits lacks: `extra` a month, and what each creditor alone would give.

    `given` has, per debt, the amount by calendar month; a debt that could not help alone is not
    listed. `fixed` has, by calendar month, what debts that keep their contract ask for beyond the
    surplus; then nobody can help alone. `proved` is False if a limit ended a search early.
    """

    extra: int
    given: Mapping[str, Mapping[str, int]]
    fixed: Mapping[str, int]
    proved: bool


@dataclass(frozen=True)
class Solution:
    """The best joint plan for an objective, or what is missing for one.

    `outcome` is None if nothing fits. `routes` are the ways beyond plans where no plan is right.
    `repeatable` is False if a time limit ended the search; `late` is True if that was over when all
    candidates were made, which is never cut short: what is proved is proved over all of them.
    """

    case: Case
    objective: Objective
    joint: Joint
    choice: Choice
    outcome: Outcome | None
    missing: Missing | None = None
    routes: dict[str, Any] | None = None
    rules: tuple[RulePack, ...] = ()
    timed: bool = False
    late: bool = False

    @property
    def plan(self) -> str | None:
        """Give the plan in notation; None if nothing fits."""
        return None if self.outcome is None else str(self.outcome.plan)

    @property
    def repeatable(self) -> bool:
        """Tell whether the same question gives the same answer."""
        return self.choice.proved or not self.timed

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form."""
        exponent = exponent_of(self.case.currency)
        planned = {side.debt.id for side in self.joint.sides}
        shown: dict[str, Any] = {
            "replan": 1,
            "currency": self.case.currency,
            "as_of": self.case.as_of.isoformat(),
            "objective": self.objective,
            "plan": self.plan,
            "proved": self.choice.proved,
            "repeatable": self.repeatable,
            "late": self.late,
            "considered": self.choice.considered,
            "candidates": self.choice.total,
            "menus": [
                {
                    "id": side.debt.id,
                    "policy": side.menu.policy and policy_dict(side.menu.policy),
                    "candidates": side.size,
                    "remarks": list(self._remarks(side)),
                }
                for side in self.joint.sides
            ],
            "kept": [d.id for d in self.case.debts if d.id not in planned],
            "findings": findings(self.case, self.rules),
            "routes": self.routes,
        }
        if self.outcome is not None:
            return shown | _found(self, self.outcome.household)
        hoped = {"expected_income": expected_income(self.case)}
        return shown | {"missing": _missing_dict(self.missing, exponent) | hoped}

    def _remarks(self, side: Side) -> Iterator[dict[str, Any]]:
        """Say of a policy that is used for a debt what search would say, but for documents."""
        if side.menu.policy is not None:
            remarks = policy_remarks(side.menu.policy, self.case, side.debt)
            yield from (one for one in remarks if one["code"] != "evidence")


def solve(
    case: Case,
    policies: Mapping[str, Policy | Menu],
    *,
    objective: Objective = "smallest-ask",
    rules: Sequence[RulePack] = (),
    limits: Limits | None = None,
) -> Solution:
    """Choose one plan per debt so that every month fits the surplus path, and prove it the best.

    `policies` says what the creditor of each debt may agree to, such as `policies_for(case)`
    gives; a debt without one keeps its contract, which every other debt may keep, too. Objectives:
    see `pick`. `rules` are the packs whose findings and routes are attached.
    Raises UsageError if the case has no budget, or the policies are too large.
    """
    if objective not in OBJECTIVES:
        raise UsageError(f'There is no objective "{objective}". Use {", ".join(OBJECTIVES)}.')
    for reason in reasons_not_assessed(case):
        raise UsageError(UNKNOWN_ROOM[reason])
    search, bench = limits or Limits(), Bench(case)
    menus = {name: _menu(policy) for name, policy in policies.items()}
    joint = joint_of(bench, menus)
    late = search.left is not None and search.left() <= 0
    choice = pick(joint, objective, search)
    contract = bench.run(parse_plan(CONTRACT)).household
    if len(choice.places) < len(joint.sides) or (joint.room < 0).any():
        outcome, lacking = None, _missing(bench, joint, search)
    else:
        outcome, lacking = bench.run(parse_plan(_notation(joint, choice))), None
        _check(joint, choice, outcome.household)
    others = [] if outcome is None else [outcome.household]
    routes = routes_beyond(case, contract, others, rules)
    timed = search.left is not None
    return Solution(
        case,
        objective,
        joint,
        choice,
        outcome,
        lacking,
        routes,
        tuple(rules),
        timed=timed,
        late=late,
    )


def _menu(policy: Policy | Menu) -> Menu:
    return policy if isinstance(policy, Menu) else Menu(menu_of(policy), policy)


def _notation(joint: Joint, choice: Choice) -> str:
    """Name every debt that does not keep its contract; the others follow."""
    parts = [
        f"{side.debt.id}: {side.notation(place)}"
        for side, place in zip(joint.sides, choice.places, strict=True)
    ]
    return "; ".join(part for part in parts) or CONTRACT


def _check(joint: Joint, choice: Choice, household: Household) -> None:
    """Evaluate the choice anew: it must pay what was chosen, and no month too much."""
    paid = {found.debt.id: sum(found.flows.payments) for found, _ in household.debts}
    for side, place in zip(joint.sides, choice.places, strict=True):
        if paid[side.debt.id] != side.total[place]:
            raise ReplanError(f"{side.debt.id}: the plan does not pay what was chosen.")
    if household.shortfalls:
        raise ReplanError(
            f"The joint plan does not fit in {month_name(min(household.shortfalls))}."
        )


def _missing(bench: Bench, joint: Joint, limits: Limits) -> Missing:
    """Say what every month lacks, and what each creditor alone would have to give up or put off."""
    extra = missing(joint, limits)
    room = (int(amount) for amount in joint.room)
    first = month_of(bench.case.as_of)
    fixed = {month_name(month_after(first, k)): -left for k, left in enumerate(room) if left < 0}
    given: dict[str, dict[str, int]] = {}
    proved = extra.proved
    for who, side in enumerate(joint.sides):
        found = given_up(joint, who, limits)
        proved = proved and found.proved
        if found.places:
            months = {month_name(month_after(first, k)): x for k, x in enumerate(found.slack) if x}
            given[side.debt.id] = months
    return Missing(extra.cost, given, fixed, proved)


def _missing_dict(found: Missing | None, exponent: int) -> dict[str, Any]:
    if found is None:
        return {}
    listed = [
        {
            "id": name,
            "amount": major(sum(months.values()), exponent),
            "months": {month: major(amount, exponent) for month, amount in months.items()},
        }
        for name, months in sorted(found.given.items(), key=lambda item: sum(item[1].values()))
    ]
    return {
        "extra_surplus": major(found.extra, exponent),
        "concessions": listed,
        "fixed": {month: major(amount, exponent) for month, amount in found.fixed.items()},
        "proved": found.proved,
    }


def _found(solution: Solution, household: Household) -> dict[str, Any]:
    """Give the figures of the plan, debt by debt and month by month."""
    exponent = exponent_of(solution.case.currency)
    choice = solution.choice
    return {
        "gap": None if choice.proved else choice.cost - choice.bound,
        "metrics": household_metrics(household),
        "by_month": months_of(household),
        "debts": [
            {
                "id": found.debt.id,
                "creditor": found.debt.creditor,
                "plan": " + ".join(str(step) for step in found.steps) or CONTRACT,
                "metrics": debt_metrics(f, exponent),
                "findings": findings_on_plan(solution.case, found, f, (standard_pack(),)),
            }
            for found, f in household.debts
        ],
    }
