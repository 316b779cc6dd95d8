"""A lender's offer for one debt, in notation or as it was said, as steps for that debt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from replan.decide.evaluate import Evaluated, apply_steps, evaluate_facts, major
from replan.decide.plans import Bench
from replan.engine.dates import Parts, day_in_month
from replan.errors import UsageError
from replan.model.debt import Debt
from replan.strategies.edits import outstanding, share_of
from replan.strategies.notation import Plan, Step, Steps, parse_plan, step_from
from replan.strategies.spoken import read_offer
from replan.strategies.spoken_said import Phrase
from replan.strategies.spoken_steps import ORDER, REPAYING, Bound, Heard
from replan.strategies.token import Token
from replan.strategies.values import parse_share, plain, print_share

LONG = (step_from({"step": "split", "instalments": "600"}),)
"""A plan that has a due date for every month that an offer may name."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An offer: what was said, the steps that it comes to, and phrase by phrase how it was read."""

    said: str
    steps: Steps
    phrases: tuple[Phrase, ...] = ()

    @property
    def notation(self) -> str:
        """Print the steps: the offer's name."""
        return " + ".join(str(step) for step in self.steps)


def understand(bench: Bench, debt: Debt, offer: str | Plan | Mapping[str, Any]) -> Understood:
    """Read an offer for a debt; nothing is guessed.

    `offer` is notation, a Plan, its JSON form, or what was said: "24 instalments, 20% down".
    Raises UsageError that names what cannot be read, or a phrase that the debt contradicts.
    """
    if not isinstance(offer, str):
        plan = parse_plan(offer)
        return Understood(str(plan), _steps_of(plan, debt))
    try:
        heard = read_offer(offer, currency=bench.case.currency, as_of=bench.case.as_of)
    except UsageError as unheard:
        return Understood(offer.strip(), _steps_of(_in_notation(offer, unheard), debt))
    steps = _settled(bench, debt, heard)
    return Understood(offer.strip(), steps, _phrases(heard, steps))


def _in_notation(offer: str, unheard: UsageError) -> Plan:
    """Read notation; what looks like speech is told so, in the terms of speech."""
    try:
        return parse_plan(offer)
    except UsageError:
        if set("=+[:") & set(offer) or offer.partition(" ")[0] in ORDER:
            raise
        raise unheard from None


def _steps_of(plan: Plan, debt: Debt) -> Steps:
    """Give a plan's steps for one debt; a plan that is about other debts too is no offer."""
    if plan.household is not None or plan.ids - {debt.id}:
        raise UsageError(
            f'An offer is for one debt, here "{debt.id}". Write what the other debts pay as '
            "--others PLAN."
        )
    steps = plan.steps_for(debt.id, usual=True)
    if steps is None or steps[0].strategy.name == "unpaid":
        raise UsageError(f'The offer says nothing about "{debt.id}".')
    return steps


def _settled(bench: Bench, debt: Debt, heard: Heard) -> Steps:
    """Complete what was said by what the debt is: its rhythm and what is owed."""
    rhythm = str(bench.base[debt.id].calendar.frequency)
    for name, unit in heard.units.items():
        if unit != rhythm:
            raise UsageError(
                f"The offer: {debt.id} is paid every {rhythm}. Say for how many instalments "
                f"({name}), not for how long: defer 3 instalments."
            )
    steps = tuple(_in_rhythm(step, rhythm) for step in heard.steps)
    steps = _without_fees(bench, debt, steps)
    if heard.begins is not None:
        steps = _beginning(bench, debt, steps, heard.begins)
    if heard.left_over is not None:
        steps = _with_balloon(bench, debt, steps, Decimal(heard.left_over))
    if heard.settling is not None:
        return _settling(bench, debt, steps, heard.settling)
    if heard.rest_forgiven:
        return _forgiving(bench, debt, steps, heard.count)
    if heard.whole is not None:
        return _at_once(bench, debt, steps, date.fromisoformat(heard.whole))
    if heard.bound is not None:
        _check_bound(bench, debt, steps, heard.bound)
    if heard.count is not None:
        _check_count(bench, debt, steps, heard.count)
    return steps


def _without_fees(bench: Bench, debt: Debt, steps: Steps) -> Steps:
    """Let a waiver of fees be one of those to come, where they are the price and none is owed."""
    names = [step.strategy.name for step in steps]
    if bench.base[debt.id].worth is None or debt.fees or "waive" not in names or "rate" in names:
        return steps
    at = names.index("waive")
    given = steps[at].to_dict()
    share = given.pop("fees", None)
    if share is None or "when" in given:
        return steps
    kept = [step_from(given)] if given.keys() - {"step"} else []
    price = {"rate": "0%"} if share == "100%" else {"cut": share}
    return (*steps[:at], *kept, step_from({"step": "rate", **price}), *steps[at + 1 :])


def _in_rhythm(step: Step, rhythm: str) -> Step:
    """Leave out the rhythm that a debt has anyway."""
    given = step.to_dict()
    if given.get("every") != rhythm:
        return step
    return step_from({key: value for key, value in given.items() if key != "every"})


def _settling(bench: Bench, debt: Debt, steps: Steps, said: Mapping[str, str]) -> Steps:
    """Turn an amount or a share of the principal that settles all into a share of what is owed."""
    paid = Decimal(said["paid"]) if "paid" in said else _of_principal(bench, debt, steps, said)
    share = _share(bench, debt, steps, paid)
    given = {k.rstrip("_"): v for k, v in said.items() if k not in ("paid", "principal")}
    return (*steps, step_from({"step": "settle", "share": share, **given}))


def _of_principal(bench: Bench, debt: Debt, steps: Steps, said: Mapping[str, str]) -> Decimal:
    """Give a share of the principal that is owed after some steps, rounded half-up."""
    terms = apply_steps(bench.start(debt, steps), steps)[-1]
    part = share_of(outstanding(terms).principal, parse_share(said["principal"]))
    return Decimal(major(int(part[0]), terms.exponent))


def _beginning(bench: Bench, debt: Debt, steps: Steps, said: Mapping[str, str]) -> Steps:
    """Defer the instalments due before a day, or before so many months from the as-of date.

    Due days that the offer moves are counted where they are then.
    """
    dated = (*(step for step in steps if step.strategy.name == "date"), *LONG)
    terms = apply_steps(bench.start(debt, dated), dated)[-1]
    first = date.fromisoformat(said["on"]) if "on" in said else _after(bench, said)
    days = terms.calendar.due[:, 0]
    count = int((days < first.toordinal()).sum())
    if count == len(days) or first <= bench.case.as_of:
        raise UsageError(f"The offer: payments cannot begin on {first}. Say when they begin.")
    if not count:
        return steps
    step = step_from({"step": "defer", "instalments": str(count)})
    at = sum(ORDER.index(s.strategy.name) < ORDER.index("defer") for s in steps)
    return (*steps[:at], step, *steps[at:])


def _after(bench: Bench, said: Mapping[str, str]) -> date:
    """Give the day so many months, weeks or fortnights after the as-of date."""
    count, unit = int(said["months"]), said["per"]
    if unit == "month":
        months = Parts.of(np.array([bench.case.as_of.toordinal()])).months + count
        return date.fromordinal(int(day_in_month(months, bench.case.as_of.day)[0]))
    return bench.case.as_of + timedelta(days=count * {"week": 7, "2-weeks": 14}[unit])


def _with_balloon(bench: Bench, debt: Debt, steps: Steps, amount: Decimal) -> Steps:
    """Leave an amount of the principal for the end."""
    terms = apply_steps(bench.start(debt, steps), steps)[-1]
    owed = Decimal(major(int(outstanding(terms).principal[0]), terms.exponent))
    if not 0 < amount < owed:
        raise UsageError(
            f"The offer: {plain(amount)} cannot be left for the end of {owed:f}. Say a smaller one."
        )
    share = print_share((amount / owed).quantize(Decimal("1e-12")).normalize())
    return (*steps, step_from({"step": "balloon", "share": share}))


def _at_once(bench: Bench, debt: Debt, steps: Steps, day: date) -> Steps:
    """Let all fall due on one day, with the interest until then."""
    steps = (*steps, step_from({"step": "split", "instalments": "1"}))
    due = date.fromordinal(int(apply_steps(bench.start(debt, steps), steps)[-1].calendar.due[0, 0]))
    if due == day:
        return steps
    return (*steps, step_from({"step": "move", "due": due.isoformat(), "to": day.isoformat()}))


def _forgiving(bench: Bench, debt: Debt, steps: Steps, count: int | None) -> Steps:
    """Turn instalments that leave a rest which is forgiven into a staged settlement."""
    given = steps[-1].to_dict() if steps else {}
    if count is None or "every" in given:
        raise UsageError(
            "The offer: say what is paid before the rest is forgiven, such as 12 instalments of "
            "800 in the debt's own rhythm."
        )
    before = steps[:-1]
    share = _share(bench, debt, before, count * Decimal(given["to"]))
    return (*before, step_from({"step": "settle", "share": share, "in": str(count)}))


def _share(bench: Bench, debt: Debt, steps: Steps, paid: Decimal) -> str:
    """Say which share of what is owed after some steps an amount is, to the minor unit."""
    terms = apply_steps(bench.start(debt, steps), steps)[-1]
    owed = Decimal(major(int(outstanding(terms).total[0]), terms.exponent))
    if not 0 < paid <= owed:
        raise UsageError(
            f"The offer: {plain(paid)} settles nothing, {owed:f} is owed then. Say what is paid in "
            "instalments instead: 12 instalments of 800."
        )
    return print_share((paid / owed).quantize(Decimal("1e-12")).normalize())


def _check_count(bench: Bench, debt: Debt, steps: Steps, count: int) -> None:
    """Refuse a number of instalments that their amount contradicts."""
    found = evaluate_facts([bench.prepare(debt, steps)])[0]
    before = sum(s.params.for_ for s in steps if isinstance(s.params, Token))
    paid = [row.payment for row in found.rows[1:] if row.payment][before:]
    if len(paid) == count:
        return
    each, last = (major(amount, found.terms.exponent) for amount in (paid[0], paid[-1]))
    raise UsageError(
        f"The offer: {count} instalments of {each} do not repay {debt.id}: it takes {len(paid)}, "
        f"the last {last}. Ask what becomes of the difference, then say one: {each} a month; or "
        f"{count} instalments; or add that the rest is forgiven."
    )


def _check_bound(bench: Bench, debt: Debt, steps: Steps, bound: Bound) -> None:
    """Refuse instalments that do not keep within what was said to be the most or the least."""
    found = evaluate_facts([bench.prepare(debt, steps)])[0]
    paid = [row.payment for row in found.rows[1:] if row.payment]
    each = Decimal(major(max(paid), found.terms.exponent))
    got = Decimal(len(paid)) if bound.of == "count" else each
    limit = Decimal(bound.value)
    if got <= limit if bound.kind == "most" else got >= limit:
        return
    if bound.kind == "most":
        raise UsageError(
            f"The offer: it comes to {len(paid)} instalments of {each:f}, more than the limit of "
            f"{plain(limit)}. Ask which of the two holds, then say only that one."
        )
    raise UsageError(
        f"The offer: it comes to {len(paid)} instalments of {each:f}, less than the least of "
        f"{plain(limit)}. Ask which of the two holds, then say only that one."
    )


def _phrases(heard: Heard, steps: Steps) -> tuple[Phrase, ...]:
    """Pair each phrase with the step as it stands now."""
    names = {step.strategy.name: str(step) for step in steps}
    at_once = " + ".join(names[name] for name in ("split", "move") if name in names)
    names.setdefault("waive", names.get("rate", ""))
    names |= {"begins": names.get("defer", ""), "rest": names.get("settle", ""), "whole": at_once}
    repaid = [str(s) for s in steps if s.strategy.name in ("token", "split", "settle")]
    names |= dict.fromkeys(("token", *REPAYING), " + ".join(repaid))
    return tuple(
        Phrase(p.said, names.get(p.step.partition(" ")[0], p.step), p.note) for p in heard.phrases
    )


def evaluate_offer(bench: Bench, debt: Debt, steps: Steps) -> Evaluated:
    """Evaluate one debt under an offer."""
    if steps and steps[0].strategy.name == "contract":
        return bench.contracts[debt.id]
    return evaluate_facts([bench.prepare(debt, steps)])[0]
