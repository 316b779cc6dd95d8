"""The solver's side of a joint choice: a programme of columns and rows for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.errors import UsageError

Floats = NDArray[np.float64]
FEASIBLE = 1e-9
"""Tolerance on rows and on whole numbers: times 10^8 cents it stays below half a cent."""
MARGIN = 0.5
"""Costs are whole, so that half a unit tells two of them apart."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Minimise cost · x with lower ≤ matrix · x ≤ upper and 0 ≤ x ≤ bound.

    `matrix` is dense, a row per constraint; the first `whole` variables are 0 or 1.
    """

    cost: Floats
    matrix: Floats
    lower: Floats
    upper: Floats
    bound: Floats
    whole: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found: `values` is empty if nothing satisfies the rows.

    `proved` says that the solver finished; `bound` is its lower bound on the cost.
    `prices` are the rows' dual values (of the relaxed programme only).
    """

    values: Floats
    prices: Floats
    cost: float
    bound: float
    proved: bool


def load_highs() -> ModuleType:
    """Import the solver, or say how to install it."""
    try:
        import highspy  # noqa: PLC0415 - heavy, and an extra
    except ImportError:
        raise UsageError(
            "A joint plan needs the HiGHS solver. Install it with: pip install 'replan[solve]'"
        ) from None
    return highspy


def relax(programme: Programme) -> Answer:
    """Solve with fractions allowed; gives the rows' prices."""
    highs = _loaded(programme, whole=False)
    highs.run()
    solution = highs.getSolution()
    if not _is_optimal(highs):
        return _nothing()
    cost = highs.getInfo().objective_function_value
    values, prices = np.array(solution.col_value), np.array(solution.row_dual)
    return Answer(values, prices, cost, cost, proved=True)


def solve_whole(programme: Programme, *, below: float, nodes: int, seconds: float | None) -> Answer:
    """Solve in whole numbers for a whole cost less than `below`, up to a node or a time limit.

    No values with `proved` mean that nothing costs less.
    """
    highs = _loaded(programme, whole=True)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 1 - MARGIN)
    highs.setOptionValue("objective_bound", below - MARGIN)
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("mip_feasibility_tolerance", FEASIBLE)
    if seconds is not None:
        highs.setOptionValue("time_limit", seconds)
    highs.run()
    info, proved = highs.getInfo(), _is_optimal(highs)
    status = load_highs().HighsModelStatus
    if info.primal_solution_status != status_feasible():
        infeasible = highs.getModelStatus() == status.kInfeasible
        return Answer(np.zeros(0), np.zeros(0), np.inf, info.mip_dual_bound, proved=infeasible)
    values = np.array(highs.getSolution().col_value)
    cost, bound = info.objective_function_value, info.mip_dual_bound
    return Answer(values, np.zeros(0), cost, bound, proved=proved)


def status_feasible() -> int:
    """Give the solver's code for a solution that satisfies every row."""
    return int(load_highs().SolutionStatus.kSolutionStatusFeasible)


def _nothing() -> Answer:
    return Answer(np.zeros(0), np.zeros(0), np.inf, np.inf, proved=True)


def _is_optimal(highs: Any) -> bool:
    return bool(highs.getModelStatus() == load_highs().HighsModelStatus.kOptimal)


def _loaded(programme: Programme, *, whole: bool) -> Any:
    """Hand a programme to a quiet solver with one thread and a fixed seed."""
    solver = load_highs()
    highs = solver.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        highs.setOptionValue(name, value)
    for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        highs.setOptionValue(name, FEASIBLE)
    highs.passModel(_model(solver, programme, whole=whole))
    return highs


def _model(solver: ModuleType, programme: Programme, *, whole: bool) -> Any:
    """Write a programme down as the solver reads it: columns of the non-zero coefficients."""
    rows, columns = programme.matrix.shape
    lp = solver.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = programme.cost, np.zeros(columns), programme.bound
    lp.row_lower_, lp.row_upper_ = programme.lower, programme.upper
    column, row = np.nonzero(programme.matrix.T)
    lp.a_matrix_.format_ = solver.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(column, np.arange(columns + 1))
    lp.a_matrix_.index_, lp.a_matrix_.value_ = row, programme.matrix.T[column, row]
    if whole:
        kinds = solver.HighsVarType
        free = columns - programme.whole
        lp.integrality_ = [kinds.kInteger] * programme.whole + [kinds.kContinuous] * free
    return lp
