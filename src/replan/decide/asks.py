"""The asks that apply: what a step would ask for and this debt does not have is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from replan.engine.terms import CHARGES, Terms
from replan.strategies.notation import Step
from replan.strategies.register import Ask

from .evaluate import Evaluated, major

NEW_DATES = ("split", "re-age", "settle")
"""Steps that state all instalments themselves: how an earlier step moved dates is moot."""
LONGER = ("split", "re-age", "extend")
"""Steps after which there may be more instalments than the contract has fees for."""
INTEREST = ("defer-interest-", "freeze", "interest-free", "rate-cut")


def asks_of(found: Evaluated, currency: str) -> list[tuple[Step, Ask]]:
    """List what the plan presumes from the creditor, each with its step.

    An amount carries the debt's currency, in the text as among the values.
    """
    known = len(found.stages) == len(found.steps) + 1
    listed = []
    for k, step in enumerate(found.steps):
        before = found.stages[k if known else 0]
        later = found.steps[k + 1 :]
        listed += [
            (step, _named(ask, currency, found.terms.exponent))
            for ask in step.strategy.asks(step.params)
            if _applies(ask.code, before, later)
            and not (known and _is_moot(ask.code, before, found.stages[k + 1]))
        ]
        if known and _is_cut(before, found.stages[k + 1]):
            listed.append((step, _fees_cut(before, found.stages[k + 1])))
        if step.strategy.name in LONGER and not any(s.strategy.name in LONGER for s in later):
            listed += [(step, ask) for ask in _fees_as_agreed(found)]
    return listed


def _is_cut(before: Terms, after: Terms) -> bool:
    """Tell whether a step cuts the fee that is a contract's price."""
    return before.worth is not None and after.fee < before.fee


def _is_moot(code: str, before: Terms, after: Terms) -> bool:
    """Tell whether a rate is asked for that is nil before and after: the fee is what falls."""
    if not _is_cut(before, after) or not code.startswith(("rate", *INTEREST)):
        return False
    return not any(bool(segment.rate.num.any()) for segment in after.curve)


def _fees_cut(before: Terms, after: Terms) -> Ask:
    was, now = (major(terms.fee, terms.exponent) for terms in (before, after))
    text = f"The instalment fee is {now} instead of {was}."
    return Ask("fees-cut", text, {"before": was, "after": now})


def _fees_as_agreed(found: Evaluated) -> Iterator[Ask]:
    """Name what a longer plan presumes of the fees of its instalments: as many as agreed."""
    terms = found.terms
    paying = sum(bool(row.payment) for row in found.rows[1:])
    if terms.worth is not None and terms.fee and paying > terms.fee_parts:
        count = str(terms.fee_parts)
        text = f"The instalment fee is charged {count} times, as agreed, and not with later ones."
        yield Ask("fees-as-agreed", text, {"n": count})


def _named(ask: Ask, currency: str, exponent: int) -> Ask:
    """Name the currency of an ask's amount, with as many decimals as it has."""
    if "amount" not in ask.values:
        return ask
    written = str(ask.values["amount"])
    exact = Decimal(written).quantize(Decimal(1).scaleb(-exponent))
    values = {**ask.values, "amount": str(exact), "currency": currency}
    return replace(ask, text=ask.text.replace(written, f"{currency} {exact:,f}", 1), values=values)


def _applies(code: str, before: Terms, later: Sequence[Step]) -> bool:
    """Tell whether an ask means anything for the terms *before* its step."""
    if code.startswith("waive-"):
        return bool(getattr(before.owed, code.removeprefix("waive-")).any())
    if code in ("stream", "capitalise"):
        return any(bool(getattr(before.owed, name).any()) for name in CHARGES)
    if code == "later":
        return not any(_states_dates(step) for step in later)
    if code.startswith(INTEREST):
        return any(bool(segment.rate.num.any()) for segment in before.curve)
    return True


def _states_dates(step: Step) -> bool:
    return step.strategy.name in NEW_DATES and getattr(step.params, "of", "all") == "all"
