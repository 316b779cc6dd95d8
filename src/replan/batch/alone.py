"""One account told from the evaluation of its case, where columns do not serve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from replan.decide.evaluate import Evaluated, major
from replan.decide.figures import Figures
from replan.decide.plans import Bench
from replan.errors import ReplanError
from replan.io.build import build_case
from replan.model.months import month_of, months_between

from .accounts import Accounts
from .cells import Whole
from .result import APR_DIGITS, Told
from .schema import SURPLUS
from .surplus import Path


def bench_of(found: Accounts, rows: Sequence[int], *, surplus: Path | None = None) -> Bench:
    """Put the accounts of some rows on the bench as the debts of one case, named by their rows."""
    raw = {key: value for key, value in found.raw(rows[0]).items() if key != SURPLUS}
    debts = [found.raw(row)["debts"][0] | {"id": name_of(row)} for row in rows]
    if surplus is not None:
        raw[SURPLUS] = [_entry(day, amount, found.exponent) for day, amount in surplus]
    built = build_case(raw | {"debts": debts})
    if built.case is None:
        raise ReplanError(f"The accounts of row {rows[0] + 1} do not make a case.")
    return Bench(built.case)


def _entry(day: int, amount: int, exponent: int) -> dict[str, str]:
    start = {"from": date.fromordinal(day).isoformat()} if day else {}
    return start | {"amount": major(amount, exponent)}


def name_of(row: int) -> str:
    """Name a row as a debt."""
    return f"row-{row}"


def asked_by_month(found: Evaluated) -> Whole:
    """Give what is paid in each calendar month, from that of the as-of date on."""
    rows = found.rows
    first = month_of(rows[0].due)
    paid = np.zeros(months_between(first, month_of(rows[-1].due)) + 1, dtype=np.int64)
    for row in rows:
        paid[months_between(first, month_of(row.due))] += row.payment
    return paid


def tell_alone(
    told: Told, row: int, found: Evaluated, figures: Figures, *, worth: float, **said: Any
) -> None:
    """Tell an account's plan; *worth* is the contract's value, *said* what else stands in its row.

    Figures mean what they mean in columns: `instalments` counts the periods from the first payment
    to the last, one at signing besides.
    """
    day, amount = figures.first_payment or (found.rows[0].due, 0)
    told.add(
        1,
        row=row,
        status="offer",
        instalment=figures.typical_payment,
        first_payment=amount,
        first_due=day.toordinal(),
        peak_payment=figures.peak_payment,
        months=figures.months,
        instalments=_instalments(found.flows.payments),
        total_paid=figures.total_paid,
        residual=figures.residual,
        waived=figures.waived,
        npv_loss=round(worth) - round(figures.npv),
        apr=np.nan if figures.apr is None else round(figures.apr, APR_DIGITS),
        **said,
    )


def _instalments(payments: Sequence[int]) -> int:
    later = [at for at, paid in enumerate(payments) if paid and at]
    return (later[-1] - later[0] + 1 if later else 0) + (payments[0] > 0)
