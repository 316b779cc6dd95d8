"""Limits of policies, each a figure of every candidate of a plan space, compared exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.model.policy import Policy
from replan.strategies.notation import Step

from .parts import Cents
from .space import Space

Ratio = tuple[NDArray[np.int64] | NDArray[np.float64], Any]
"""A column of figures over a whole number, common or one each; amounts are in cents."""


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit in force, and which candidates are outside it."""

    name: str
    unit: str
    bound: Fraction
    is_max: bool
    since: date
    reference: str
    values: NDArray[np.float64]
    outside: NDArray[np.bool_]


def limits_of(policy: Policy, space: Space, day: date) -> Iterator[Exceeded]:
    """Compare every candidate with every limit of a policy that is in force on a day."""
    for name, limit in policy.limits.items():
        value = limit.at(day)
        if value is None:
            continue
        column, of = FIGURES[name](space)
        is_max = value.max is not None
        bound: Fraction = value.max if is_max else value.min  # type: ignore[assignment]
        scaled = bound * 10**space.exponent if limit.unit == "amount" else bound
        reference = value.reference or limit.reference
        outside = _beyond(column, of, scaled, is_max=is_max)
        shown = _over(_over(column, of), 10**space.exponent if limit.unit == "amount" else 1)
        yield Exceeded(name, limit.unit, bound, is_max, value.since, reference, shown, outside)


def found_limits(space: Space, policy: Policy) -> tuple[Exceeded, ...]:
    """Compare all candidates with what a policy does not combine or mean, then with its limits."""
    return (*combined(policy, space), dearer(policy, space), *limits_of(policy, space, space.as_of))


def combined(policy: Policy, space: Space) -> tuple[Exceeded]:
    """Find candidates that combine what the policy does not combine."""
    outside = np.zeros(np.shape(space.npv), dtype=np.bool_)
    for names in policy.excludes:
        used = [space.by_step(partial(_is_one, name)) > 0 for name in names]
        outside |= np.sum(used, axis=0) > 1
    since = policy.effective.since
    value = outside.astype(np.float64)
    return (Exceeded("excludes", "share", Fraction(0), True, since, policy.id, value, outside),)  # noqa: FBT003


def dearer(policy: Policy, space: Space) -> Exceeded:
    """Find candidates that charge more than the contract does: no policy's help is meant so."""
    over = space.rate - space.contract_rate
    since = policy.effective.since
    return Exceeded("dearer", "rate", Fraction(0), True, since, policy.id, over, over > 1e-12)  # noqa: FBT003


def _is_one(name: str, step: Step) -> float:
    return float(step.strategy.name == name)


def _over(column: NDArray[Any], of: Any) -> NDArray[np.float64]:
    """Divide by what is not one."""
    one = isinstance(of, int) and of == 1
    return np.asarray(column, dtype=np.float64) if one else np.asarray(column / of)


def _beyond(
    column: NDArray[np.int64] | NDArray[np.float64], of: Any, bound: Fraction, *, is_max: bool
) -> NDArray[np.bool_]:
    """Compare column/of with a bound; whole numbers exactly, ratios of values to 1e-9."""
    if column.dtype.kind == "f":
        limit = float(bound) * of
        margin = 1e-9 * np.maximum(abs(limit), 1e-9)
        return np.asarray(column > limit + margin if is_max else column < limit - margin)
    if np.max(of, initial=0) * abs(bound.numerator) >= 2**62:
        of = np.asarray(of).astype(object)
    least, rest = divmod(bound.numerator * of, bound.denominator)
    return np.asarray(column > least) if is_max else np.asarray(column < least + (rest > 0))


def _of_owed(column: Cents, space: Space) -> Ratio:
    return column, np.maximum(space.owed, 1)


def _waived(name: str) -> Callable[[Space], Ratio]:
    def ratio(space: Space) -> Ratio:
        column: Cents = getattr(space, f"waived_{name}")
        return column, np.maximum(space.owed_by[name], 1)

    return ratio


def _deferral(space: Space) -> Ratio:
    """Count the months of deferrals and token payments."""
    months = space.by_step(_deferred) * space.months_per_period
    return months, 1


def _deferred(step: Step) -> float:
    if step.strategy.name == "defer":
        return float(step.params.instalments)  # type: ignore[attr-defined]
    if step.strategy.name == "token":
        return float(step.params.for_)  # type: ignore[attr-defined]
    return 0.0


def _down(space: Space) -> Ratio:
    column = space.first_payment * (space.first_due == space.as_of.toordinal())
    return _of_owed(column, space)


def _cut(space: Space) -> Ratio:
    """Say by what share the largest payment is below the contract's instalment."""
    usual = np.maximum(space.contract_payment, 1)
    return usual - space.peak, usual


def _npv_loss(space: Space) -> Ratio:
    base = np.asarray(space.contract_npv)
    worth = base > 0
    loss = 1 - space.npv / np.where(worth, base, 1.0)
    return loss if worth.all() else np.where(worth, loss, 0.0), 1


FIGURES: dict[str, Callable[[Space], Ratio]] = {
    "deferral_months": _deferral,
    "first_payment_days": lambda s: (s.first_due - s.as_of.toordinal(), 1),
    "first_payment_share": _down,
    "instalments": lambda s: (s.instalments, 1),
    "minimum_instalment": lambda s: (s.least, 1),
    "minimum_instalment_share": lambda s: _of_owed(s.least, s),
    "npv_loss": _npv_loss,
    "payment_cut": _cut,
    "rate_floor": lambda s: (s.rate, 1),
    "recovered_share": lambda s: _of_owed(s.owed - s.waived, s),
    "total_term_months": lambda s: (s.months, 1),
    "waived_fees": _waived("fees"),
    "waived_interest": _waived("interest"),
    "waived_penalty": _waived("penalty"),
    "waived_principal": _waived("principal"),
}
"""The figure behind each name in `model.policy.LIMITS`."""
