"""Deferral: some instalments are not asked for; their interest is treated as agreed."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from replan.engine.phases import Asks, Phase, Phases, Unpaid, split_phases
from replan.engine.terms import Terms
from replan.errors import UsageError

from .edits import FIRST_SPLIT, asking, period_of, recast
from .register import Ask, Params, strategy
from .scale import minor
from .values import Amount, At, Count, plain

INTEREST = {
    "spread": Unpaid.SPREAD,
    "first": Unpaid.FIRST,
    "end": Unpaid.END,
    "capitalise": Unpaid.CAPITALISE,
    "scheduled": Unpaid.CAPITALISE,
    "waive": Unpaid.WAIVE,
    "pay": Unpaid.HOLD,
}


class Defer(Params):
    """What a deferral covers and what becomes of its interest."""

    positional: ClassVar = ("instalments",)

    instalments: Count = Field(description="How many instalments are deferred.")
    at: At | None = Field(
        default=None, description="The first of them: its number or a date; the next by default."
    )
    of: Literal["all", "interest", "principal"] = Field(
        default="all", description="Whether all of it is deferred or only that part."
    )
    interest: Literal["spread", "first", "end", "capitalise", "scheduled", "waive", "pay"] = Field(
        default="spread", description="What becomes of the interest of the deferred periods."
    )
    term: Literal["extend", "keep"] | None = Field(
        default=None,
        description="Whether later dates move; keep is the default where interest is deferred.",
    )
    instalment: Literal["recompute", "keep"] = Field(
        default="recompute", description="Whether the instalment is computed anew afterwards."
    )
    token: Amount | None = Field(
        default=None, description="What is paid instead in each deferred period."
    )

    @model_validator(mode="after")
    def _coherent(self) -> Defer:
        if self.of == "interest" and self.interest == "pay":
            raise ValueError("of=interest leaves the interest unpaid; interest=pay pays it")
        if self.of == "principal" and self.interest not in ("spread", "pay"):
            raise ValueError("of=principal pays the interest; leave interest= out")
        if self.interest == "scheduled" and (self.of != "all" or self.token is not None):
            raise ValueError(
                "interest=scheduled goes with missed instalments; leave of= and token= out"
            )
        if self.token is not None and (self.of != "all" or self.interest == "pay"):
            raise ValueError("token=AMOUNT stands for all of an instalment; leave of= and pay out")
        return self

    @property
    def extends(self) -> bool:
        """Tell whether later dates move."""
        return (self.term or ("keep" if self.of == "interest" else "extend")) == "extend"


def asks(p: Defer) -> tuple[Ask, ...]:
    """Name what a deferral presumes."""
    n, kind = p.instalments, "principal" if p.interest == "pay" else p.of
    what = {
        "all": f"No instalment is asked for in {n} periods.",
        "interest": f"Only the principal part is asked for in {n} periods.",
        "principal": f"Only interest is asked for in {n} periods.",
    }[kind]
    if p.token is not None:
        what = f"Only {plain(p.token)} is asked for in {n} periods."
    values = {"amount": plain(p.token), "n": n} if p.token is not None else {"n": n}
    found = [Ask("token" if p.token is not None else f"defer-{kind}", what, values)]
    if p.of != "principal" and p.interest != "pay":
        words = {
            "spread": "Interest of the deferred periods bears no interest and is spread evenly.",
            "first": "Interest of the deferred periods is due, without interest on it, with the "
            "next instalment.",
            "end": "Interest of the deferred periods bears no interest and is due at the end.",
            "capitalise": "Interest of the deferred periods is added to principal.",
            "scheduled": "Interest of the deferred periods is that of the agreed schedule, and is "
            "added to principal with the principal parts missed.",
            "waive": "No interest is charged in the deferred periods.",
        }
        found.append(Ask(f"defer-interest-{p.interest}", words[p.interest]))
    if p.extends:
        found.append(Ask("later", f"Every later due date moves by {n} periods.", {"n": n}))
    return tuple(found)


@strategy(
    Defer,
    name="defer",
    notation="defer N [at=N|DATE] [of=all|interest|principal] "
    "[interest=spread|first|end|capitalise|scheduled|waive|pay] [term=extend|keep] "
    "[instalment=recompute|keep] [token=AMOUNT]",
    forbearance="grace period/payment moratorium",
    asks=asks,
    keeps=lambda p: p.instalment == "keep",
)
def defer(terms: Terms, p: Defer) -> Terms:
    """Ask for nothing, or only for interest or principal, during the next N instalments.

    Interest that is not paid meanwhile is spread over the instalments after without interest on it
    (default), due with the first one after, due at the end, capitalised period by period, not
    charged, or paid as it accrues. With `scheduled` the agreed schedule runs on and the instalments
    missed are added to its balance: they bear no interest until the deferral is over.

    `term=extend` (default) moves every later date, `keep` keeps the end date; a deferral of
    interest alone keeps it by default, because principal is repaid on time. `instalment=keep`
    leaves the instalment as it is: the last one absorbs. `token` is paid instead. What is due at
    once falls due on the N-th date.
    """
    at = 1 if p.at is None else period_of(terms, p.at)
    deferred = _phase(terms, p, at)
    head, tail = split_phases(terms.phases, at)
    if not p.extends:
        _check_left(terms, at, p.instalments)
        tail = split_phases(tail, p.instalments + 1)[1]
    if p.instalment == "recompute":
        tail = recast(tail)
        terms = replace(terms, quote=terms.quote if head else None)
    if p.token is not None and not any(q.count.any() for q in tail):
        tail = (Phase(Asks.LEVEL, np.ones(1, dtype=np.int64)),)
    return asking(terms, (*head, deferred, *tail))


def _phase(terms: Terms, p: Defer, at: int) -> Phase:
    count = np.array([p.instalments])
    leads = at == 1 or all(q.leads for q in split_phases(terms.phases, at)[0])
    unpaid = INTEREST[p.interest]
    if p.token is not None:
        amount = np.array([minor(terms, p.token)])
        return Phase(Asks.FIXED, count, amount, unpaid=unpaid, anew=False, leads=leads)
    if p.of == "principal" or (p.of == "all" and p.interest == "pay"):
        return Phase(Asks.INTEREST, count, leads=leads)
    if p.of == "interest" or p.interest == "scheduled":
        asks = Asks.PRINCIPAL if p.of == "interest" else Asks.MISSED
        return _as_agreed(terms.phases, at, Phase(asks, count, unpaid=unpaid, leads=leads))
    return Phase(Asks.NOTHING, count, unpaid=unpaid, anew=False, leads=leads)


def _as_agreed(phases: Phases, at: int, deferred: Phase) -> Phase:
    """Let the instalment in force say what is missed, or what of it is principal."""
    tail = split_phases(phases, at)[1]
    if not tail or tail[0].asks is not Asks.LEVEL:
        what = "interest=scheduled follows" if deferred.asks is Asks.MISSED else "of=interest takes"
        raise UsageError(f"{what} level instalments. {FIRST_SPLIT}")
    amount = tail[0].amount
    anew = tail[0].anew and not amount.any()
    return replace(deferred, amount=amount, anew=anew)


def _check_left(terms: Terms, at: int, count: int) -> None:
    left = int(terms.periods.max()) - at + 1
    if count >= left:
        raise UsageError(
            f"With term=keep only {left} instalments are left, so none would remain to pay what "
            "is owed. Defer fewer, or write term=extend."
        )
