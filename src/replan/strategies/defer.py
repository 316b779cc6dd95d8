"""Deferral: some instalments are not asked for; their interest is treated as agreed."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from replan.engine.terms import Asks, Phase, Phases, Terms, Unpaid, split_phases
from replan.errors import UsageError

from .edits import period_of, recast
from .register import Ask, Params, strategy
from .scale import minor
from .values import Amount, At, Count

INTEREST = {
    "spread": Unpaid.SPREAD,
    "first": Unpaid.FIRST,
    "end": Unpaid.END,
    "capitalise": Unpaid.CAPITALISE,
    "waive": Unpaid.WAIVE,
    "pay": Unpaid.HOLD,
}


class Defer(Params):
    """What a deferral covers and what becomes of its interest."""

    positional: ClassVar = ("instalments",)

    instalments: Count
    at: At | None = None
    of: Literal["all", "interest", "principal"] = "all"
    interest: Literal["spread", "first", "end", "capitalise", "waive", "pay"] = "spread"
    term: Literal["extend", "keep"] | None = None
    instalment: Literal["recompute", "keep"] = "recompute"
    token: Amount | None = None


def asks(p: Defer) -> tuple[Ask, ...]:
    """Name what a deferral presumes."""
    n = p.instalments
    what = {
        "all": f"No instalment is asked for in {n} periods.",
        "interest": f"Only the principal part is asked for in {n} periods.",
        "principal": f"Only interest is asked for in {n} periods.",
    }[p.of]
    found = [Ask(f"defer-{p.of}", what, {"n": n})]
    if p.of != "principal" and p.interest != "pay":
        words = {
            "spread": "Interest of the deferred periods bears no interest and is spread evenly.",
            "first": "Interest of the deferred periods bears no interest until the next instalment.",
            "end": "Interest of the deferred periods bears no interest and is due at the end.",
            "capitalise": "Interest of the deferred periods is added to principal.",
            "waive": "No interest is charged in the deferred periods.",
        }
        found.append(Ask(f"defer-interest-{p.interest}", words[p.interest]))
    if (p.term or "extend") == "extend" and p.of != "interest":
        found.append(Ask("later", f"Every later due date moves by {n} periods.", {"n": n}))
    return tuple(found)


def ladder(terms: Terms, p: Defer) -> tuple[Defer, ...]:
    """Defer fewer instalments first."""
    del terms
    return tuple(p.model_copy(update={"instalments": n}) for n in range(1, p.instalments + 1))


@strategy(
    Defer,
    name="defer",
    notation="defer N [at=N|DATE] [of=all|interest|principal] "
    "[interest=spread|first|end|capitalise|waive|pay] [term=extend|keep] "
    "[instalment=recompute|keep] [token=AMOUNT]",
    forbearance="grace period/payment moratorium",
    asks=asks,
    ladder=ladder,
    keeps=lambda p: p.instalment == "keep",
)
def defer(terms: Terms, p: Defer) -> Terms:
    """Ask for nothing, or only for interest or principal, during the next N instalments.

    Interest that is not paid meanwhile is spread over the instalments after without interest on it
    (default), due with the first one after, due at the end, capitalised period by period, not
    charged, or paid as it accrues. `term=extend` (default) moves every later date, `keep` keeps the
    end date; a deferral of interest alone keeps it by default, because principal is repaid on time.
    `instalment=keep` leaves the instalment as it is: the last one absorbs. `token` is paid instead.
    """
    at = 1 if p.at is None else period_of(terms, p.at)
    extends = (p.term or ("keep" if p.of == "interest" else "extend")) == "extend"
    deferred = _phase(terms, p, at)
    head, tail = split_phases(terms.phases, at)
    if not extends:
        _check_left(terms, at, p.instalments)
        tail = split_phases(tail, p.instalments + 1)[1]
    if p.instalment == "recompute":
        tail = recast(tail)
    return terms.asking((*head, deferred, *tail))


def _phase(terms: Terms, p: Defer, at: int) -> Phase:
    count = np.array([p.instalments])
    leads = at == 1 or all(q.leads for q in split_phases(terms.phases, at)[0])
    unpaid = INTEREST[p.interest]
    if p.token is not None:
        amount = np.array([minor(terms, p.token)])
        return Phase(Asks.FIXED, count, amount, unpaid=unpaid, anew=False, leads=leads)
    if p.of == "principal" or (p.of == "all" and p.interest == "pay"):
        return Phase(Asks.INTEREST, count, leads=leads)
    if p.of == "interest":
        return _principal_only(terms.phases, at, count, unpaid, leads=leads)
    return Phase(Asks.NOTHING, count, unpaid=unpaid, anew=False, leads=leads)


def _principal_only(
    phases: Phases,
    at: int,
    count: np.ndarray[tuple[int], np.dtype[np.int64]],
    unpaid: Unpaid,
    *,
    leads: bool,
) -> Phase:
    """Ask for the principal part of the instalment in force."""
    tail = split_phases(phases, at)[1]
    if not tail:
        raise UsageError("There is no instalment left whose interest could be deferred.")
    amount = tail[0].amount if tail[0].asks is Asks.LEVEL else np.zeros(1, dtype=np.int64)
    anew = tail[0].anew and not amount.any()
    return Phase(Asks.PRINCIPAL, count, amount, unpaid=unpaid, anew=anew, leads=leads)


def _check_left(terms: Terms, at: int, count: int) -> None:
    left = int(terms.periods.max()) - at + 1
    if count >= left:
        raise UsageError(
            f"defer {count} term=keep: only {left} instalments are left, so none would remain "
            "to pay what is owed. Defer fewer, or write term=extend."
        )
