"""Why accounts of one borrower were chosen as they were: the budget that they share, the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from replan.decide.candidates.parts import Cents
from replan.decide.solver.choose import Limits
from replan.decide.solver.joint import CONTRACT, missing
from replan.engine.terms import LONGEST
from replan.model.months import month_after, month_name, month_of

from .accounts import Accounts
from .alone import asked_by_month, bench_of
from .blocks import blocks_of, places_of
from .borrowers import Borrower, borrowers_of
from .joint import NODES, Shared, shared_of
from .kinds import Kind
from .offers import Job
from .reasons import Offered, judge, place_of
from .share import JOINT
from .surplus import by_month

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mate:
    """Another account of the borrower: what it is to pay, by plan and by calendar month."""

    account: str
    plan: str
    instalment: str | None
    paid: Cents

    def told(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"account": self.account, "plan": self.plan, "instalment": self.instalment}


def mates_of(
    found: Accounts,
    kinds: Sequence[Kind],
    job: Job,
    everyone: Sequence[Row],
    which: tuple[int, str],
) -> list[Mate]:
    """List a borrower's other accounts with what they are to pay beside one of them.

    *everyone* is what all accounts of the borrower got, *which* is the row of the one and what it
    was chosen for. One that was chosen for keeps its first plan by the same objective; one that
    gets no offer, its contract.
    """
    row, aim = which
    mates = []
    for other in dict.fromkeys(int(r["row"]) for r in everyone if r["row"] != row):
        told = [r for r in everyone if r["row"] == other]
        if not found.good[other]:
            continue
        chosen = (r for r in told if r["rank"] == 1 and r["objective"] == aim)
        first = next(chosen, told[0])
        plan = str(first["plan"] or CONTRACT)
        amount = None if first["instalment"] is None else str(first["instalment"])
        mates.append(Mate(str(first["account"]), plan, amount, _paid(found, kinds, job, first)))
    return mates


def _paid(found: Accounts, kinds: Sequence[Kind], job: Job, told: Row) -> Cents:
    """Give what an account is to pay in each calendar month."""
    row = int(told["row"])
    if told["plan"] not in (None, CONTRACT):
        kind = next(k for k in kinds if row in k.rows)
        space = judge(found, kind, row, job).space
        offered = Offered(str(told["objective"]), str(told["plan"]), _minor(told, found))
        at = place_of(space, offered)
        if at is not None:
            return np.asarray(space.payments(np.array([at]))[0])
    (evaluated,) = bench_of(found, [row]).contracts.values()
    return asked_by_month(evaluated)


def _minor(told: Row, found: Accounts) -> int:
    return int(told["total_paid"].scaleb(found.exponent))


def room_beside(found: Accounts, job: Job, mates: Sequence[Mate]) -> Cents | None:
    """Give what a borrower's surplus leaves besides what the other accounts are to pay.

    None if nobody knows the surplus.
    """
    (borrower,) = _borrowers(found, job)
    if borrower.surplus is None:
        return None
    room = by_month(borrower.surplus, found.as_of, LONGEST)
    for mate in mates:
        some = min(room.size, mate.paid.size)
        room[:some] -= mate.paid[:some]
    return room


def _borrowers(found: Accounts, job: Job) -> list[Borrower]:
    return borrowers_of(found, job.share_by)


def nearest_combination(
    found: Accounts, kinds: Sequence[Kind], job: Job, everyone: Sequence[Row]
) -> dict[str, Any] | None:
    """Give the combination of plans that lacks least each month, where none fits the budget.

    `extra` is the least amount that would have to be there in every month besides.
    """
    (borrower,) = _borrowers(found, job)
    kept = found.shared == JOINT
    rows = np.array(sorted(borrower.rows))
    places = places_of(blocks_of(found, kinds, rows, kept, job))
    shared = shared_of(found, borrower, places, kept)
    best = missing(shared.joint, Limits(NODES))
    names = {int(row["row"]): str(row["account"]) for row in everyone}
    mine = [row for row in borrower.rows if kept[row]]
    if len(best.places) < len(mine):
        return None
    plans = [
        {"account": names[row], "plan": side.notation(at) or CONTRACT}
        for row, side, at in zip(mine, shared.joint.sides, best.places, strict=True)
    ]
    kept_alone = [names[row] for row in borrower.rows if row not in mine and found.good[row]]
    fails = _worst(found, shared, best.places)
    return {"plans": plans, "contracts": kept_alone, "fails": [fails], "extra": fails["needed"]}


def _worst(found: Accounts, shared: Shared, places: Sequence[int]) -> dict[str, Any]:
    """Name the month in which a combination asks for more than the surplus by most."""
    chosen = [side.payments[at] for side, at in zip(shared.joint.sides, places, strict=True)]
    paid = np.sum(chosen, axis=0).astype(np.int64) + shared.fixed
    gap = np.maximum(paid - shared.surplus, 0) * (paid > 0)
    most = int(gap.max())
    worst = int(np.argmax(gap * 100 >= most * 99))  # see reasons._shortage
    return {
        "limit": "surplus",
        "month": month_name(month_after(month_of(found.as_of), worst)),
        "asked": _amount(found, paid[worst]),
        "available": _amount(found, shared.surplus[worst]),
        "short": _amount(found, gap[worst]),
        "months": int((gap > 0).sum()),
        "needed": _amount(found, most),
    }


def _amount(found: Accounts, minor: Any) -> str:
    return str(Decimal(int(minor)).scaleb(-found.exponent))
