"""Search: the whole plan space that a policy allows for one debt, and a short choice from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.evaluate import major
from replan.decide.law.rules import findings_on_debt
from replan.decide.plans import Bench
from replan.decide.show import check_debt, debt_metrics
from replan.errors import UsageError
from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.policy import Policy
from replan.model.rules import RulePack
from replan.strategies.notation import Plan, parse_plan

from .limits import Exceeded, combined, dearer, limits_of
from .offers import menu_of
from .pareto import front
from .policies import policy_dict, policy_remarks
from .room import Judged, Room, judge, room_for
from .space import Space, space_of

Index = NDArray[np.int64]
AXES = ("peak", "total", "months", "npv_loss")
LABELS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("lowest-payment", (0, 1, 2, 3)),
    ("smallest-ask", (3, 0, 1, 2)),
    ("soonest", (2, 1, 0, 3)),
    ("cheapest", (1, 0, 2, 3)),
)
"""What makes a plan stand out: on which axis it is best, and how ties are broken."""
FEWEST = 4


@dataclass(frozen=True, slots=True)
class Searched:
    """The plan space of one debt under a policy, searched."""

    bench: Bench
    debt: Debt
    policy: Policy
    others: Plan
    space: Space
    room: Room
    judged: Judged
    limits: tuple[Exceeded, ...]
    allowed: Index
    fitting: Index
    front: Index
    chosen: tuple[tuple[int, tuple[str, ...]], ...]
    rules: tuple[RulePack, ...] = ()

    @property
    def assessed(self) -> bool:
        """Tell whether payments could be judged against a surplus."""
        return not self.room.reasons

    def to_dict(self, *, everything: bool = False) -> dict[str, Any]:
        """Give the JSON form; `everything` adds each plan on the front."""
        found: dict[str, Any] = {
            "replan": 1,
            "currency": self.bench.case.currency,
            "as_of": self.bench.case.as_of.isoformat(),
            "debt": {"id": self.debt.id, "creditor": self.debt.creditor},
            "policy": policy_dict(self.policy)
            | {"remarks": list(policy_remarks(self.policy, self.bench.case, self.debt))},
            "findings": findings_on_debt(self.bench.case, self.debt, self.rules),
            "room": self._room(),
            "candidates": len(self.space),
            "outside": self._outside(),
            "refused": self._refused(),
            "over_surplus": int(self.allowed.size - self.fitting.size),
            "fitting": int(self.fitting.size),
            "dominated": int(self.fitting.size - self.front.size),
            "front": int(self.front.size),
            "assessed": self.assessed,
            "not_assessed": list(self.room.reasons),
            "choice": list(self._choice()),
            "nearest": self._nearest(),
        }
        if everything:
            found["all"] = [self._row(int(i)) for i in self.front]
        return found

    def _amount(self, cents: Any) -> str:
        return major(int(cents), self.space.exponent)

    def _room(self) -> dict[str, Any]:
        room = self.room
        if not self.assessed:
            return {"others": str(self.others), "months": [], "overdrawn": []}
        return {
            "others": str(self.others),
            "months": [
                {
                    "month": room.name(m),
                    "surplus": self._amount(room.surplus[m]),
                    "others": self._amount(room.others[m]),
                    "room": self._amount(room.left[m]),
                }
                for m in range(room.surplus.size)
            ],
            "overdrawn": [room.name(int(m)) for m in room.overdrawn],
        }

    def _outside(self) -> list[dict[str, Any]]:
        """Count what each limit rules out; a candidate counts at the first that it breaks."""
        seen = np.zeros(len(self.space), dtype=np.bool_)
        counted = []
        for limit in self.limits:
            count = int((limit.outside & ~seen).sum())
            seen |= limit.outside
            counted.append(limit_dict(limit) | {"count": count})
        return counted

    def _refused(self) -> list[dict[str, Any]]:
        """Count what does not apply to the debt, by reason."""
        reasons: Counter[str] = Counter()
        for refused in self.space.refused:
            reasons[refused.reason] += refused.count
        return [{"reason": reason, "count": count} for reason, count in reasons.items()]

    def _choice(self) -> Iterator[dict[str, Any]]:
        plans = [parse_plan(f"{self.debt.id}: {self.space.notation(i)}") for i, _ in self.chosen]
        outcomes = self.bench.run_all(plans)
        for (index, labels), outcome in zip(self.chosen, outcomes, strict=True):
            figures = next(f for d, f in outcome.household.debts if d.debt.id == self.debt.id)
            yield {
                "labels": list(labels),
                "plan": self.space.notation(index),
                "metrics": debt_metrics(figures, self.space.exponent) | self._verdict(index),
            }

    def _verdict(self, index: int) -> dict[str, Any]:
        if not self.assessed:
            return {"verdict": "not-assessed", "months_short": None, "largest_shortfall": None}
        return {
            "verdict": self.judged.verdict(index),
            "months_short": int(self.judged.months_short[index]),
            "largest_shortfall": self._amount(self.judged.shortfall[index]),
        }

    def _row(self, index: int) -> dict[str, Any]:
        """Give a plan with the figures that all candidates have, under the names of all plans."""
        space, worth = self.space, self.space.contract_npv
        metrics = {
            "first_payment": {"amount": self._amount(space.first_payment[index])},
            "peak_payment": self._amount(space.peak[index]),
            "total_paid": self._amount(space.total[index]),
            "months": int(space.months[index]),
            "waived": self._amount(space.waived[index]),
            "npv_loss": 1 - float(space.npv[index]) / worth if worth > 0 else None,
        }
        return {"plan": space.notation(index), "metrics": metrics | self._verdict(index)}

    def _nearest(self) -> dict[str, Any] | None:
        """Give the plan that misses by least, where none fits."""
        if self.fitting.size or not self.allowed.size:
            return None
        keys = (self.allowed, *(self._axis(name) for name in (*AXES[::-1], "short", "by")))
        return self._row(int(self.allowed[np.lexsort(keys)[0]]))

    def _axis(self, name: str) -> Index:
        columns = {"short": self.judged.months_short, "by": self.judged.shortfall}
        column: Index = columns[name] if name in columns else getattr(self.space, name)
        return column[self.allowed]


def search(  # noqa: PLR0913 - options, all by keyword
    case: Case,
    debt: str,
    *,
    policy: Policy,
    others: str | Plan | Mapping[str, Any] = "contract",
    top: int | None = None,
    rules: Sequence[RulePack] = (),
) -> Searched:
    """Evaluate every plan that a policy allows for one debt; choose a few that differ.

    Candidates outside the policy's limits are left out, then those that the surplus does not carry
    in some month, after what the other debts take under `others`; of the rest the Pareto front over
    peak payment, total paid, months and the lender's NPV loss is exact. `top` is how many plans to
    choose; `rules` are the packs whose findings on the debt are attached.
    Raises UsageError for an unknown debt, PackError for a policy that cannot be followed.
    """
    check_debt(case, debt)
    if top is not None and top < 1:
        raise UsageError("--top is a number of plans from 1 on.")
    bench, plan = Bench(case), parse_plan(others)
    owed = next(d for d in case.debts if d.id == debt)
    space = space_of(bench, owed, menu_of(policy))
    room = room_for(bench, owed, plan, space.horizon)
    judged = judge(space, room)
    limits = (
        *combined(policy, space),
        dearer(policy, space),
        *limits_of(policy, space, case.as_of),
    )
    inside = ~np.logical_or.reduce([limit.outside for limit in limits])
    allowed = np.flatnonzero(inside)
    fits = allowed if room.reasons else allowed[judged.shortfall[allowed] == 0]
    axes = axes_of(space, fits)
    best = front(axes)
    chosen = tuple((int(fits[best[i]]), names) for i, names in choose(axes[:, best], top))
    return Searched(
        bench, owed, policy, plan, space, room, judged, limits, allowed, fits, fits[best], chosen,
        tuple(rules),
    )  # fmt: skip


def axes_of(space: Space, index: Index) -> NDArray[np.int64]:
    """Give the four axes of some candidates, less being better: what is left over is paid too."""
    total = space.total + space.residual
    columns = (space.peak, total, space.months, space.npv_loss)
    return np.stack([column[index] for column in columns])


def limit_dict(limit: Exceeded) -> dict[str, Any]:
    """Give the JSON form of a limit."""
    return {
        "limit": limit.name,
        "unit": limit.unit,
        "max" if limit.is_max else "min": float(limit.bound),
        "since": limit.since.isoformat(),
        "source": limit.reference,
    }


def choose(axes: NDArray[np.int64], top: int | None) -> list[tuple[int, tuple[str, ...]]]:
    """Choose a few points of a front: the best on each axis, the knee, then what lies between.

    The knee is nearest to the best of all axes at once, each measured from 0 (best) to 1 (worst).
    What lies between is farthest from all that is chosen. Ties go to the first candidate.
    """
    if not axes.shape[1]:
        return []
    found: dict[int, list[str]] = {}
    for label, keys in LABELS:
        order = np.lexsort([axes[k] for k in reversed(keys)])
        found.setdefault(int(order[0]), []).append(label)
    low, span = axes.min(axis=1), np.ptp(axes, axis=1)
    place = (axes - low[:, None]) / np.maximum(span, 1)[:, None]
    found.setdefault(int(np.argmin(_rounded(place, 0.0))), []).append("knee")
    wanted = min(top or FEWEST, axes.shape[1])
    while len(found) < wanted:
        chosen = list(found)
        away = np.min([_rounded(place, place[:, [i]]) for i in chosen], axis=0)
        found.setdefault(int(np.argmax(away)), []).append("between")
    kept = list(found)[: top or len(found)]
    return _ordered({i: found[i] for i in kept}, axes)


def _rounded(place: NDArray[np.float64], to: Any) -> NDArray[np.float64]:
    """Measure squared distances, rounded so that the last bit of a processor decides nothing."""
    return np.asarray(np.round(((place - to) ** 2).sum(axis=0), 9))


def _ordered(
    found: Mapping[int, Sequence[str]], axes: NDArray[np.int64]
) -> list[tuple[int, tuple[str, ...]]]:
    """List what was chosen by peak payment, the lowest first."""
    order = sorted(found, key=lambda i: (int(axes[0, i]), int(axes[1, i]), i))
    return [(i, tuple(found[i])) for i in order]
