"""Incentives in a plan: what a reward for paying on time, and paying early, are worth to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from replan.decide.evaluate import Evaluated, evaluate_facts, major
from replan.decide.figures import Figures
from replan.decide.plans import Bench
from replan.engine.metrics import npv as npv_of
from replan.strategies.notation import Step

Record = dict[str, Any]


def incentives_of(bench: Bench, found: Evaluated) -> list[Record]:
    """Name each incentive of a debt's plan; amounts in major units.

    `borrower` is what is paid less, `lender` what the lender's present value loses, at the rate
    that was chosen for the bench or the contract's; each against the same plan without the reward,
    or without paying early.
    """
    return [*_rewards(bench, found), *_early(bench, found)]


def _rewards(bench: Bench, found: Evaluated) -> Iterator[Record]:
    """Compare the condition kept with the condition broken, once for all that is promised."""
    figures, exponent = bench.measure(found), found.terms.exponent
    if figures.if_broken is None:
        return
    total, npv = figures.if_broken
    if bench.at is not None:
        *others, last = found.flows.payments
        flows = replace(found.flows, payments=(*others, last + total - figures.total_paid))
        npv = npv_of(found.terms, bench.at[1], flows)
    waives = [s for s in found.steps if getattr(s.params, "when", -1) >= 0]
    yield {
        "kind": "reward",
        "step": " + ".join(map(str, waives)) or " + ".join(map(str, found.steps)),
        "kept_by": _kept_by(found, waives),
        "borrower": major(total - figures.total_paid, exponent),
        "lender": major(round(npv) - round(_worth(figures)), exponent),
        "total_if_broken": major(total, exponent),
    }


def _worth(figures: Figures) -> float:
    return figures.npv_at[1] if figures.npv_at else figures.npv


def _kept_by(found: Evaluated, waives: list[Step]) -> str | None:
    """Give the day of the payment that completes the condition; None without any payment."""
    due = [row.due for row in found.rows[1:] if row.payment]
    counts = [getattr(step.params, "when", 0) for step in waives] or [0]
    if not due:
        return None
    last = max(counts) if min(counts) > 0 else len(due)
    return due[min(last, len(due)) - 1].isoformat()


def _early(bench: Bench, found: Evaluated) -> Iterator[Record]:
    """Compare with the plan that does not pay early."""
    for at, step in enumerate(found.steps):
        if step.strategy.name != "pay-early":
            continue
        rest = (*found.steps[:at], *found.steps[at + 1 :])
        if rest:
            without = evaluate_facts([bench.prepare(found.debt, rest)])[0]
        else:
            without = bench.contracts[found.debt.id]
        before, after = bench.measure(without), bench.measure(found)
        exponent = found.terms.exponent
        yield {
            "kind": "early",
            "step": str(step),
            "borrower": major(before.total_paid - after.total_paid, exponent),
            "lender": major(round(_worth(before)) - round(_worth(after)), exponent),
            "months_sooner": before.months - after.months,
        }
