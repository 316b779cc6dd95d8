"""What is asked of a creditor, numbered, each with what it costs in money that is or is not paid.

A creditor reads these prices, so they are sums of payments and of waivers: no present values.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from replan.decide.asks import asks_of
from replan.decide.evaluate import Evaluated, major, stage
from replan.decide.figures import Figures
from replan.decide.plans import Bench
from replan.engine.terms import COMPONENTS, Terms
from replan.strategies.notation import Step
from replan.strategies.register import Ask

Price = dict[str, Any]


def priced_asks(bench: Bench, found: Evaluated, figures: Figures) -> list[dict[str, Any]]:
    """List what the plan presumes from the creditor of one debt.

    Each has n, code, step (the strategy's name), text, values and price. A price is one of:
    `waived` (this much of what is owed or accrues is forgiven), `less` or `more` (the creditor
    receives so much less or more in all than without this step), `sooner` (so much less interest
    because the debt is repaid earlier), `same`, or `with` (priced
    together with the ask of number `of`). Amounts in major units as text. The prices `waived`
    add up to what the plan waives.
    """
    listed: list[dict[str, Any]] = []
    steps = groupby(asks_of(found, bench.case.currency), key=lambda pair: id(pair[0]))
    for at, (_, pairs) in enumerate(steps):
        listed.extend(_step_asks(list(pairs), bench, found, figures, first=at == 0))
    for n, ask in enumerate(listed, start=1):
        ask["n"] = n
        if ask["price"]["kind"] == "with":
            ask["price"] = {"kind": "with", "of": n - ask["price"]["back"]}
    return listed


def _step_asks(
    pairs: list[tuple[Step, Ask]], bench: Bench, found: Evaluated, figures: Figures, *, first: bool
) -> list[dict[str, Any]]:
    """Price the asks of one step: waivers by component, what is left of its effect once."""
    step = pairs[0][0]
    waived = _waived_by(step, found, figures)
    own = {f"waive-{name}": amount for name, amount in waived.items()}
    rest = sum(waived.values()) - sum(own.get(ask.code, 0) for _, ask in pairs)
    exponent, listed, leader = found.terms.exponent, [], None
    for at, (_, ask) in enumerate(pairs):
        if ask.code in own:
            price: Price = {"kind": "waived", "amount": major(own[ask.code], exponent)}
        elif leader is None:
            price = _waived(rest, exponent) or _effect(step, bench, found, figures, first=first)
            leader = at
        else:
            price = {"kind": "with", "back": at - leader}
        shown = {"code": ask.code, "text": ask.text, "values": dict(ask.values)}
        listed.append({"n": 0, "step": step.strategy.name, **shown, "price": price})
    return listed


def _waived(amount: int, exponent: int) -> Price | None:
    return {"kind": "waived", "amount": major(amount, exponent)} if amount else None


def _waived_by(step: Step, found: Evaluated, figures: Figures) -> dict[str, int]:
    """Say what one step waives of each component, now or once its condition is kept."""
    at = _place(step, found)
    if at is None:
        alone = step.strategy.name == "waive" and _count(step, found) == 1
        return dict(figures.waived_by) if alone else {}
    before, after = (_waived_in(found.stages[k]) for k in (at, at + 1))
    changes = {name: after[name] - before[name] for name in COMPONENTS}
    return {name: amount for name, amount in changes.items() if amount}


def _count(step: Step, found: Evaluated) -> int:
    return sum(one.strategy is step.strategy for one in found.steps)


def _waived_in(terms: Terms) -> dict[str, int]:
    parts = [terms.waived, *(promise.amounts for promise in terms.promises)]
    return {name: sum(int(getattr(part, name)[0]) for part in parts) for name in COMPONENTS}


def _place(step: Step, found: Evaluated) -> int | None:
    """Find a step among those whose terms are known one by one; None in a household's plan."""
    if len(found.stages) != len(found.steps) + 1:
        return None
    return next(k for k, one in enumerate(found.steps) if one is step)


def _effect(step: Step, bench: Bench, found: Evaluated, f: Figures, *, first: bool) -> Price:
    """Say how much less or more is paid in all because of a step."""
    before = after = bench.contract_figures[found.debt.id]
    at = _place(step, found)
    if at is not None:
        starts = at > 0 or bool(found.stages[0].periods.any())
        before = bench.measure(stage(found, at)) if starts else before
        after = bench.measure(stage(found, at + 1))
    elif first:  # the steps of a household's plan have no effects of their own
        after = f
    change = after.total_paid - before.total_paid
    if at is None and first:
        change += f.waived  # waivers have prices of their own
    if not change:
        return {"kind": "same"}
    clears = not after.residual and after.final_due < before.final_due
    sooner = clears and after.forgone <= before.forgone
    kind = "more" if change > 0 else "sooner" if sooner else "less"
    return {"kind": kind, "amount": major(abs(change), found.terms.exponent)}
