"""A plan given for all accounts of a borrower, judged by the one budget that pays them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from replan.decide.figures import TIGHT
from replan.decide.household import LONGEST
from replan.engine.dates import Parts, month_start
from replan.errors import UsageError
from replan.strategies.notation import parse_plan

from .accounts import Accounts
from .alone import asked_by_month, bench_of, name_of, tell_alone
from .blocks import Place, blocks_of, places_of, slices_of, tell_block
from .borrowers import Borrower
from .cells import Flags, Whole
from .kinds import Kind
from .result import Told
from .share import JOINT
from .surplus import Path, by_month

if TYPE_CHECKING:
    from .offers import Job


def settle_given(  # noqa: PLR0913, PLR0917  # accounts, whose they are, and what is told
    found: Accounts,
    kinds: Sequence[Kind],
    kept: Flags,
    borrowers: Sequence[Borrower],
    job: Job,
    told: Told,
) -> Flags:
    """Tell the plan for all accounts of each borrower with the verdict on all of them together.

    What the plan does not apply to keeps its contract. Not settled are borrowers whose surplus
    nobody knows, unless the plan shares an amount of its own.
    """
    settled = np.zeros(found.rows, dtype=np.bool_)
    mine = [b for b in borrowers if kept[[*b.rows]].any()]
    if job.shares_out:
        for borrower in mine:
            _share_out(found, borrower, kept, job, told)
            settled[[*borrower.rows]] = True
        found.shared[settled & kept] = JOINT
        return settled & kept
    for some in slices_of([b for b in mine if b.surplus is not None], job):
        rows = np.array(sorted(row for b in some for row in b.rows))
        blocks = blocks_of(found, kinds, rows, kept, job)
        places = places_of(blocks)
        for borrower in some:
            _judge(found, borrower, [places[row] for row in borrower.rows])
            settled[[*borrower.rows]] = True
        for block in blocks:
            tell_block(block, kept & settled, job, told)
    found.shared[settled & kept] = JOINT
    return settled & kept


def _judge(found: Accounts, borrower: Borrower, places: Sequence[Place]) -> None:
    """Take the plan, or the contract of what has none, and judge the sum of each month."""
    asked = [place.paid[0] if place.kept.size else place.asked for place in places]
    verdict = _verdict(found, borrower, asked)
    for place in places:
        if place.kept.size:
            place.take(0, 1, 0, verdict)


def _verdict(found: Accounts, borrower: Borrower, asked: Sequence[Whole]) -> str:
    """Judge payments by calendar month: fits, tight, short; not-assessed without a surplus."""
    if borrower.surplus is None:
        return "not-assessed"
    width = max(months.size for months in asked)
    paid = sum(np.pad(months, (0, width - months.size)) for months in asked)
    surplus = by_month(borrower.surplus, found.as_of, width)
    if (paid > surplus).any():
        return "short"
    return "tight" if (paid > TIGHT * surplus).any() else "fits"


def _share_out(found: Accounts, borrower: Borrower, kept: Flags, job: Job, told: Told) -> None:
    """Evaluate a plan that shares one amount, as for a case with the borrower's accounts as debts.

    Accounts that get no offer keep their contracts, which come off the surplus first.
    """
    rows = [row for row in borrower.rows if kept[row]]
    others = [_contract(found, row) for row in borrower.rows if not kept[row]]
    bench = bench_of(found, rows, surplus=_left(found, borrower, others))
    try:
        outcome = bench.run(parse_plan(job.given_plan))
    except UsageError as error:
        said = np.full(len(rows), str(error), dtype=object)
        told.add(len(rows), row=np.array(rows), status="no-offer", reason="refused", message=said)
        return
    pairs = {evaluated.debt.id: (evaluated, f) for evaluated, f in outcome.household.debts}
    asked = [asked_by_month(evaluated) for evaluated, _ in pairs.values()]
    verdict = _verdict(found, borrower, [*asked, *others])
    for row in rows:
        evaluated, figures = pairs[name_of(row)]
        tell_alone(
            told, row, evaluated, figures, worth=bench.contract_figures[name_of(row)].npv,
            rank=1, objective=job.objectives[0], plan=str(outcome.plan), verdict=verdict,
        )  # fmt: skip


def _contract(found: Accounts, row: int) -> Whole:
    """Give what one contract asks for by calendar month."""
    (evaluated,) = bench_of(found, [row]).contracts.values()
    return asked_by_month(evaluated)


def _left(found: Accounts, borrower: Borrower, others: Sequence[Whole]) -> Path | None:
    """Give the surplus less what other contracts ask for, which is never below nothing."""
    if borrower.surplus is None or not others:
        return borrower.surplus
    months = LONGEST + 2
    left = by_month(borrower.surplus, found.as_of, months)
    for asked in others:
        left -= np.pad(asked, (0, max(months - asked.size, 0)))[:months]
    first = Parts.of(np.array([found.as_of.toordinal()])).months
    days = month_start(first + np.arange(months))
    return tuple(zip(days.tolist(), np.maximum(left, 0).tolist(), strict=True))
