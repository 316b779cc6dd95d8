"""From a policy's offers to menus of steps; a policy that cannot be followed wholly is refused."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from replan.errors import PackError, UsageError
from replan.model.issues import suggest
from replan.model.policy import OfferSpec, Policy, StepSpec
from replan.model.text import quote
from replan.strategies.notation import Step, step_from
from replan.strategies.register import find_strategy, strategies

from .grid import LARGEST, Choice, Offer, size_of

ALONE = ("contract", "unpaid")


def menu_of(policy: Policy) -> tuple[Offer, ...]:
    """Give the menu of a policy: for each offer its steps, for each step its alternatives.

    Raises PackError, naming the offer and the step, for an unknown strategy or parameter, and for
    an offer that the policy's own order or exclusions rule out.
    """
    _check_names(policy)
    menu = tuple(_offer(policy, n, offer) for n, offer in enumerate(policy.offers))
    if size_of(menu) > LARGEST:
        raise PackError(
            f"{policy.id}: {size_of(menu):,} candidates; at most {LARGEST:,} are searched. "
            "Write coarser steps."
        )
    return menu


def _check_names(policy: Policy) -> None:
    """Refuse an order or an exclusion of strategies that do not exist."""
    named = {"order": policy.order, **{f"excludes[{n}]": e for n, e in enumerate(policy.excludes)}}
    for place, names in named.items():
        for name in names:
            if find_strategy(name) is None:
                hint = suggest(name, strategies()) or "See: replan strategies"
                raise PackError(f"{policy.id}: {place}: {quote(name)} is not a strategy. {hint}")


def _check_order(policy: Policy, spec: OfferSpec, place: str) -> None:
    """Refuse an offer whose steps stand in another order than the policy's."""
    names = [step.strategy for step in spec.steps if step.strategy in policy.order]
    if names != sorted(names, key=policy.order.index):
        order = ", ".join(policy.order)
        raise PackError(f"{place}: its steps are not in the policy's order: {order}. Reorder them.")


def _offer(policy: Policy, n: int, offer: OfferSpec) -> Offer:
    _check_order(policy, offer, f"{policy.id}: offers[{n}]")
    places = [f"{policy.id}: offers[{n}].steps[{k}]" for k in range(len(offer.steps))]
    return tuple(_choice(spec, place) for spec, place in zip(offer.steps, places, strict=True))


def _choice(spec: StepSpec, place: str) -> Choice:
    grids = spec.grids()
    if any(not grid for grid in grids.values()):
        raise PackError(f"{place}: a parameter has no value. Give it one.")
    steps = [_step(spec, dict(zip(grids, taken, strict=True)), place)
             for taken in product(*grids.values())]  # fmt: skip
    return (None, *steps) if spec.may_be_left_out else tuple(steps)


def _step(spec: StepSpec, values: Mapping[str, Any], place: str) -> Step:
    written = {name: str(value) for name, value in values.items()}
    try:
        step = step_from({"step": spec.strategy, **written})
    except UsageError as error:
        raise PackError(f"{place}: {error}") from error
    if step.strategy.name in ALONE or step.strategy.household:
        raise PackError(f"{place}: {spec.strategy} cannot be offered for one debt. Leave it out.")
    return step
