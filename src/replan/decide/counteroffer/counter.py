"""Counter: a lender's offer judged while the clerk waits, and what would make it affordable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.asks import asks_of
from replan.decide.candidates.limits import combined, dearer, limits_of
from replan.decide.candidates.offers import menu_of
from replan.decide.candidates.policies import policy_dict, policy_remarks
from replan.decide.candidates.room import Judged, Room, judge, room_for
from replan.decide.candidates.space import Space, space_of
from replan.decide.evaluate import major
from replan.decide.law.rules import findings_on_debt, findings_on_plan
from replan.decide.plans import Bench
from replan.decide.show import check_debt, debt_metrics, rate_column, steps_with_effects
from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.rules import RulePack
from replan.model.standard import standard_pack
from replan.strategies.notation import Plan, parse_plan
from replan.strategies.values import parse_share

from .answers import Answer, evaluated, held_against, month_dict, runs_of
from .incentives import incentives_of
from .levers import Lever, index_of, levers_of
from .offer import evaluate_offer
from .trade import Trade, price, smallest_change
from .zone import Alternative, Zone, alternative, field_menu, one_plan, zone_dict, zone_of

if TYPE_CHECKING:
    from replan.model.policy import Policy

MONTHS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Counter:
    """A lender's offer, judged; docs/counter.md says what its parts mean."""

    bench: Bench = field(repr=False)
    debt: Debt
    others: Plan
    room: Room
    offer: Answer
    ours: Answer | None
    levers: tuple[tuple[Lever, NDArray[np.int64]], ...]
    space: Space = field(repr=False)
    worth: NDArray[np.float64] = field(repr=False)
    judged: Judged = field(repr=False)
    zone: Zone | None
    said: Alternative | None
    policy: Policy | None = None
    rules: tuple[RulePack, ...] = ()
    npv_rate: str | None = None

    @property
    def verdict(self) -> str:
        """Give the offer's verdict: fits, tight, short or not-assessed."""
        return self.offer.verdict

    @property
    def fits(self) -> bool:
        """Tell whether the offer fits every month; False, too, where that cannot be judged."""
        return self.verdict in ("fits", "tight")

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form."""
        case = self.bench.case
        trade = Trade(self.offer, self.space, self.worth, self.judged, self.room)
        levers = [smallest_change(trade, lever, index) for lever, index in self.levers]
        prices = (price(trade, lever, index) for lever, index in self.levers)
        return {
            "replan": 1,
            "currency": case.currency,
            "as_of": case.as_of.isoformat(),
            "npv_rate": self.npv_rate,
            "debt": {"id": self.debt.id, "creditor": self.debt.creditor},
            "verdict": self.verdict,
            "fits": self.fits,
            "not_assessed": list(self.room.reasons),
            "worst": self._month(self.offer, self.offer.worst),
            "short": [self._month(self.offer, month) for month in self.offer.short],
            "say": self._say(levers),
            "offer": self._answer(self.offer),
            "ours": self.ours and self._answer(self.ours),
            "difference": self.ours and self._difference(self.ours),
            "notes": list(self._notes()),
            "levers": [] if self.fits or self.room.reasons else levers,
            "exchange": [row for row in prices if row is not None],
            "zone": self._zone(),
            "room": self._room(),
            "policy": self._policy(),
            "findings": self._findings(),
            "rules": [pack.id for pack in self.rules],
        }

    def _amount(self, cents: Any) -> str:
        return major(int(cents), self.space.exponent)

    def _month(self, answer: Answer, month: int) -> dict[str, Any]:
        return month_dict(answer, self.room, month)

    def _answer(self, answer: Answer) -> dict[str, Any]:
        found, exponent = answer.found, self.space.exponent
        return {
            "said": answer.understood.said,
            "plan": answer.understood.notation,
            "understood": [
                {"said": p.said, "step": p.step, "note": p.note or None}
                for p in answer.understood.phrases
            ],
            "steps": steps_with_effects(self.bench, [(found, answer.figures)])[found.debt.id],
            "asks": [
                {"code": ask.code, "text": ask.text, "values": dict(ask.values)}
                for _, ask in asks_of(found, self.bench.case.currency)
            ],
            "metrics": debt_metrics(answer.figures, exponent)
            | {
                "verdict": answer.verdict,
                "months_short": None if self.room.reasons else len(answer.short),
                "largest_shortfall": None
                if self.room.reasons
                else self._amount(max(answer.short.values(), default=0)),
            },
            "payments": runs_of(answer),
            "incentives": incentives_of(self.bench, found),
        }

    def _difference(self, ours: Answer) -> dict[str, Any]:
        """Give what the offer asks beyond our own proposal; less is negative."""
        theirs, own = self.offer.figures, ours.figures
        first = [f.first_payment[1] if f.first_payment else 0 for f in (theirs, own)]
        return {
            "first_payment": self._amount(first[0] - first[1]),
            "peak_payment": self._amount(theirs.peak_payment - own.peak_payment),
            "total_paid": self._amount(self.offer.total - ours.total),
            "months": theirs.months - own.months,
            "waived": self._amount(theirs.waived - own.waived),
            "npv": self._amount(round(self.offer.worth) - round(ours.worth)),
        }

    def _notes(self) -> Iterator[dict[str, Any]]:
        """Say where a phrase has two readings, a step is worth nothing, or others overdraw."""
        for phrase in self.offer.understood.phrases:
            if phrase.note:
                yield {"code": phrase.note, "said": phrase.said, "step": phrase.step}
        yield from self._worthless()
        overdrawn = [self.room.name(int(m)) for m in self.room.overdrawn]
        if overdrawn and not self.room.reasons:
            yield {"code": "overdrawn", "months": overdrawn, "others": str(self.others)}

    def _worthless(self) -> Iterator[dict[str, Any]]:
        """Find waivers of what the first payment has paid already, and what they would be worth."""
        steps = self.offer.understood.steps
        names = [step.strategy.name for step in steps]
        if "down" not in names or "waive" not in names[names.index("down") :]:
            return
        rest = tuple(s for s in steps if s.strategy.name != "down")
        at = max(k for k, step in enumerate(rest) if step.strategy.name == "waive") + 1
        downs = tuple(s for s in steps if s.strategy.name == "down")
        first = (*rest[:at], *downs, *rest[at:])
        before = self.bench.measure(evaluate_offer(self.bench, self.debt, first))
        if before.waived > self.offer.figures.waived:
            yield {
                "code": "waived-after-down",
                "now": self._amount(self.offer.figures.waived),
                "before": self._amount(before.waived),
                "plan": " + ".join(map(str, first)),
            }

    def _say(self, levers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Choose the sentence to say, with what it names; never more than what is asked now."""
        figures = self.offer.figures
        payment = self._amount(figures.typical_payment)
        worst = self._month(self.offer, self.offer.worst)
        if self.room.reasons:
            return {"code": "unassessed"}
        if self.fits:
            return self._accepted(payment)
        asked = {"month": worst["month"], "paid": worst["paid"]}
        found = [lever for lever in levers if lever["needed"] is not None and _may_be_said(lever)]
        if found:
            best = min(found, key=lambda lever: (_is_principal(lever), float(lever["cost_npv"])))
            keys = ("lever", "now", "needed", "plan")
            return {"code": "change", **asked, **{key: best[key] for key in keys}}
        if self.ours is not None and self.ours.verdict in ("fits", "tight"):
            own = self.ours.figures
            return {
                "code": "ours",
                **asked,
                "payment": self._amount(own.typical_payment),
                "count": sum(1 for row in self.ours.found.rows[1:] if row.payment),
            }
        return {"code": "ask", **asked}

    def _accepted(self, payment: str) -> dict[str, Any]:
        """Repeat back what is agreed to: a first payment of its own is named as such."""
        first = self.offer.figures.first_payment
        if first is None:
            return {"code": "accept-nothing"}
        said = {"payment": payment, "first": first[0].isoformat()}
        if sum(1 for row in self.offer.found.rows if row.payment) == 1:
            return {"code": "accept-once", **said}
        # instalments of one plan differ by cents
        if abs(first[1] - self.offer.figures.typical_payment) * 100 > first[1]:
            return {"code": "accept-first", **said, "paid": self._amount(first[1])}
        return {"code": "accept", **said}

    def _zone(self) -> dict[str, Any] | None:
        if self.zone is None:
            return None
        offer = round(self.offer.worth)
        return zone_dict(self.zone, self.bench, self.debt, self.said, offer=offer)

    def _room(self) -> dict[str, Any]:
        months = [] if self.room.reasons else range(min(self.room.surplus.size, MONTHS_SHOWN))
        return {
            "others": str(self.others),
            "months": [self._month(self.offer, month) for month in months],
            "overdrawn": [self.room.name(int(m)) for m in self.room.overdrawn],
        }

    def _policy(self) -> dict[str, Any] | None:
        if self.policy is None:
            return None
        remarks = list(policy_remarks(self.policy, self.bench.case, self.debt))
        return policy_dict(self.policy) | {"remarks": remarks}

    def _findings(self) -> list[dict[str, Any]]:
        case, found, figures = self.bench.case, self.offer.found, self.offer.figures
        listed = [
            *findings_on_debt(case, self.debt, self.rules),
            *findings_on_plan(case, found, figures, (standard_pack(), *self.rules)),
        ]
        if self.policy is not None:
            from replan.decide.candidates.departures import departures  # noqa: PLC0415 - only where a policy is named

            listed += departures(self.bench, found, self.policy)
        return listed


def _may_be_said(lever: Mapping[str, Any]) -> bool:
    """Tell whether to ask a clerk for it.

    Principal only where they have offered some, a settlement at no less than half of theirs.
    """
    if str(lever["lever"]) == "settlement":
        return 2 * parse_share(lever["needed"]) >= parse_share(lever["now"])
    return not _is_principal(lever) or lever["now"] != "0%"


def _is_principal(lever: Mapping[str, Any]) -> bool:
    return str(lever["lever"]) == "waive-principal"


def counter(  # noqa: PLR0913 - options, all by keyword
    case: Case,
    debt: str,
    offer: str | Plan | Mapping[str, Any],
    *,
    ours: str | Plan | Mapping[str, Any] | None = None,
    others: str | Plan | Mapping[str, Any] = "contract",
    policy: Policy | None = None,
    recovery: str | None = None,
    recovery_months: int | None = None,
    collection_cost: str | None = None,
    npv_rate: str | None = None,
    rules: Sequence[RulePack] = (),
) -> Counter:
    """Judge a lender's counter-offer for one debt against the budget.

    `offer` and `ours`, our last proposal, are notation or what was said: "24 instalments, 20%
    down". `others` is what the other debts pay meanwhile. `policy` holds the offer against a
    lender's policy and keeps our own plans inside it. The lender's alternative, all three or none:
    `recovery` is the share of what is owed that it would collect, after `recovery_months`, for
    `collection_cost` (major units). `npv_rate` is the rate at which the lender's side is valued
    ("6%", "0.02%/day"), by default the contract's. `rules` are the packs whose findings are
    attached.
    Raises UsageError for an unknown debt and for an offer that cannot be read or applied.
    """
    check_debt(case, debt)
    bench, plan = Bench(case, npv_rate=rate_column(npv_rate)), parse_plan(others)
    owed = next(d for d in case.debts if d.id == debt)
    exponent = bench.base[owed.id].exponent
    said = alternative(
        recovery, recovery_months, collection_cost, currency=case.currency, exponent=exponent
    )
    theirs = evaluated(bench, owed, offer)
    own = None if ours is None else evaluated(bench, owed, ours)
    levers = levers_of(bench, theirs.found)
    space = _space(bench, owed, (theirs, own), levers, policy)
    horizon = max(space.horizon, *(1 + max(a.paid, default=0) for a in (theirs, own) if a))
    room = room_for(bench, owed, plan, horizon)
    judged, worth = judge(space, room), space.worth
    zone = None
    if not room.reasons:
        usable = _usable(space, policy)
        on_table = [_index(space, answer) for answer in (theirs, own) if answer]
        # what either side has offered is open to both, also where the policy says otherwise
        usable[[index for index in on_table if index is not None]] = True
        lender = None if said is None else said.value(bench, owed)
        mine = None if own is None else _index(space, own)
        zone = zone_of(space, worth, judged, usable, lender=lender, ours=mine)
    return Counter(
        bench=bench,
        debt=owed,
        others=plan,
        room=room,
        offer=held_against(theirs, room),
        ours=own and held_against(own, room),
        levers=tuple((lever, index_of(lever, space)) for lever in levers),
        space=space,
        worth=worth,
        judged=judged,
        zone=zone,
        said=said,
        policy=policy,
        rules=tuple(rules),
        npv_rate=npv_rate,
    )


def _space(
    bench: Bench,
    debt: Debt,
    answers: Sequence[Answer | None],
    levers: Sequence[Lever],
    policy: Policy | None,
) -> Space:
    """Evaluate everything at once: levers, both sides' plans, and the field of possible ones."""
    menu = field_menu(bench, debt) if policy is None else menu_of(policy)
    asked = [
        one_plan(a.found.steps)
        for a in answers
        if a is not None and a.found.steps and a.found.steps[0].strategy.name != "contract"
    ]
    return space_of(bench, debt, [*asked, *(lever.offer for lever in levers), *menu])


def _usable(space: Space, policy: Policy | None) -> NDArray[np.bool_]:
    """Tell which candidates a policy allows; without one, all."""
    if policy is None:
        return np.ones(len(space), dtype=np.bool_)
    limits = (
        *combined(policy, space),
        dearer(policy, space),
        *limits_of(policy, space, space.as_of),
    )
    return ~np.asarray(np.logical_or.reduce([limit.outside for limit in limits]))


def _index(space: Space, answer: Answer) -> int | None:
    """Find a plan among the candidates."""
    wanted = answer.found.steps
    for begin, part in zip(space.begins, space.parts, strict=True):
        if len(part.offer) == len(wanted) and all(
            len(choice) == 1 and choice[0] == step
            for choice, step in zip(part.offer, wanted, strict=True)
        ):
            return int(begin)
    return None
