"""The peers: mortgagemath, pyxirr, and a loop in C where there is a compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import mortgagemath
import numpy as np
import pyxirr
from numpy.typing import NDArray

from replan.engine.schedule import Totals

HALF_UP = mortgagemath.PaymentRounding.ROUND_HALF_UP


def _loan(principal: int) -> mortgagemath.LoanParams:
    return mortgagemath.LoanParams(
        principal=Decimal(principal) / 100, annual_rate=Decimal(18), term_months=36,
        payment_rounding=HALF_UP, interest_rounding=HALF_UP, start_date=date(2026, 1, 31),
    )  # fmt: skip


def mortgagemath_totals(principals: NDArray[np.int64]) -> list[object]:
    """Summarise each loan."""
    return [mortgagemath.loan_summary(_loan(int(p))) for p in principals]


def mortgagemath_rows(principals: NDArray[np.int64]) -> list[object]:
    """Compute each loan's rows."""
    return [mortgagemath.amortization_schedule(_loan(int(p))) for p in principals]


def pyxirr_rates(flows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each column's rate."""
    return np.array([pyxirr.irr(column) for column in flows.T], dtype=np.float64)


def c_totals(principals: NDArray[np.int64], totals: Totals) -> Callable[[], object] | None:
    """Compile the loop and check that it agrees; None without a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    source = Path(__file__).with_name("peer.c")
    folder = Path(tempfile.mkdtemp())
    library = str(folder / "peer.so")
    flags = ["-O3", "-march=native", "-fPIC", "-shared"]
    command = [compiler, *flags, str(source), "-o", library, "-lm"]
    if subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603 - ours
        return None
    run = ctypes.CDLL(library).totals
    columns = [principals.astype(np.float64), totals.level.astype(np.float64)]
    columns += [np.empty(principals.size), np.empty(principals.size)]
    pointers = [column.ctypes.data_as(ctypes.c_void_p) for column in columns]
    counts, rate = (ctypes.c_int64(principals.size), ctypes.c_int(36)), (3.0, 200.0)
    arguments = (*counts, *pointers[:2], *map(ctypes.c_double, rate), *pointers[2:])

    def work() -> object:
        run(*arguments)
        return columns

    work()
    if not (columns[2] == totals.paid).all():
        raise AssertionError("the loop in C and the kernel disagree")
    return work
