"""Pouring a waterfall: steps in order, each only as far as needed, until the payment is met."""

from __future__ import annotations

from collections.abc import Sequence

from replan.engine.kernel import roll
from replan.engine.resolve import resolve
from replan.engine.terms import Terms
from replan.errors import UsageError
from replan.model.budget import income_path
from replan.model.case import Case
from replan.model.debt import Debt
from replan.strategies.notation import Step, Steps
from replan.strategies.scale import minor
from replan.strategies.values import Percent
from replan.strategies.waterfall import Waterfall

from .evaluate import apply_step


def poured(case: Case, debt: Debt, terms: Terms, steps: Steps) -> Steps:
    """Replace each waterfall by the steps that it came to."""
    if not any(isinstance(step.params, Waterfall) for step in steps):
        return steps
    done: list[Step] = []
    for step in steps:
        if isinstance(step.params, Waterfall):
            used, terms = _pour(case, debt, terms, step.params)
            done += used
        else:
            terms = apply_step(terms, step)
            done.append(step)
    return tuple(done)


def _pour(case: Case, debt: Debt, terms: Terms, p: Waterfall) -> tuple[list[Step], Terms]:
    target = _target(case, debt, terms, p)
    used: list[Step] = []
    for step in p.steps:
        if payment(terms) <= target:
            break
        least, terms = _least(terms, step, target)
        used.append(least)
    return used, terms


def _least(terms: Terms, step: Step, target: int) -> tuple[Step, Terms]:
    """Find the weakest form of a step that meets the target, else its full form.

    The forms are ordered from weak to strong, so that halving finds the first that is enough.
    """
    forms: Sequence[Step] = (step,)
    if step.strategy.ladder is not None:
        params = step.strategy.ladder(terms, step.params)
        forms = [Step(step.strategy, p) for p in params] or (step,)
    low, high = 0, len(forms) - 1
    while low < high:
        middle = (low + high) // 2
        if payment(apply_step(terms, forms[middle])) <= target:
            high = middle
        else:
            low = middle + 1
    return forms[low], apply_step(terms, forms[low])


def payment(terms: Terms) -> int:
    """Give the largest payment after the as-of date, without a last one that absorbs a residue.

    For level instalments that is the instalment.
    """
    rolled = roll(resolve(terms), rows=False).totals
    level = int(rolled.level[0])
    return level or int(rolled.peak[0])


def _target(case: Case, debt: Debt, terms: Terms, p: Waterfall) -> int:
    if not isinstance(p.to, Percent):
        return minor(terms, p.to)
    income = income_path(case, 1)
    if not income or income[0][1] <= 0:
        raise UsageError(
            f"{debt.id}: waterfall to={p.to}: the case has no certain income this month. "
            "Add a budget, or write an amount."
        )
    scaled = int(income[0][1].scaleb(terms.exponent))
    share = p.to.share.as_integer_ratio()
    return scaled * share[0] // share[1]
