"""A second, slow implementation of docs/engine.md for one debt, to test the kernel against.

It knows nothing of the program: integers, fractions and a calendar, one rule after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from oracle_dates import DAY, due_dates, rate_at
from oracle_money import (
    ORDER,
    allocate,
    annuity,
    cumulative_split,
    largest_remainder,
    level_instalment,
    round_fraction,
)
from oracle_rows import (
    AMORTISING,
    LEVELLED,
    SHARING,
    Plan,
    Row,
    State,
    accrue,
    make_row,
    next_share,
    step,
)
from oracle_terms import Loan, Phase, RowZero, factors_of

__all__ = [
    "ORDER",
    "Loan",
    "Phase",
    "Row",
    "RowZero",
    "annuity",
    "cumulative_split",
    "due_dates",
    "largest_remainder",
    "level_instalment",
    "roll",
    "round_fraction",
    "unpaid",
]

# Section 3: row 0.


def row_zero(loan: Loan, zero: RowZero) -> tuple[State, Row]:
    """Accrue up to now if principal changes; waive, capitalise, set aside, then pay."""
    opening = {name: getattr(loan, name) for name in (*ORDER, "forborne")}
    accrued = early_interest(loan, zero)
    owed = {name: amount - zero.waived.get(name, 0) for name, amount in opening.items()}
    for name, amount in zero.capitalised.items():
        owed[name] -= amount
        owed["principal"] += amount
    owed["principal"] -= zero.forborne
    owed["forborne"] += zero.forborne
    owed["interest"] += accrued
    paid = {name: min(zero.demanded.get(name, 0), owed[name]) for name in ORDER}
    rest = allocate(zero.paid, {name: owed[name] - paid[name] for name in ORDER}, loan.order)
    paid = {name: paid[name] + rest[name] for name in ORDER}
    owed = {name: amount - paid.get(name, 0) for name, amount in owed.items()}
    assert min(owed.values()) >= 0
    state = State(owed.pop("principal"), owed.pop("forborne"), stream=owed, overdue=loan.overdue)
    if loan.inside:
        state.held, state.stream["interest"] = state.stream["interest"], 0
    row = make_row(0, loan.as_of, opening, paid, state)
    row["capitalised"], row["waived"] = dict(zero.capitalised), dict(zero.waived)
    row["accrued"] = {"interest": accrued}
    return state, row


def changes_principal(loan: Loan, zero: RowZero) -> bool:
    """Tell whether a step changes principal in row 0 or takes a payment at signing."""
    moved = zero.forborne + loan.forborne + zero.paid + sum(zero.capitalised.values())
    return bool(moved or zero.waived.get("principal"))


def early_interest(loan: Loan, zero: RowZero) -> int:
    """Give the interest from the last accrual to the as-of date, if row 0 changes principal."""
    if not changes_principal(loan, zero) or (loan.last_accrual or loan.as_of) >= loan.as_of:
        return 0
    until = replace(loan, due=[loan.as_of], moved=frozenset())
    return round_fraction(loan.principal * factors_of(until)[0], loan.interest_mode)


# Section 4: the plan, one period after the other.


def roll(loan: Loan, phases: Sequence[Phase], zero: RowZero | None = None) -> list[Row]:
    """Compute the schedule: row 0, then a row for every period of the phases."""
    zero = zero or RowZero()
    phases = [paying(phase) for phase in phases]
    asks = [phase for phase in phases for _ in range(phase.count)]
    weights = [w for phase in phases for w in (phase.weights or [1] * phase.count)]
    assert len(asks) == len(weights) == len(loan.due)
    state, row = row_zero(loan, zero)
    if changes_principal(loan, zero):
        loan = replace(loan, last_accrual=max(loan.as_of, loan.last_accrual or loan.as_of))
    factors = factors_of(loan)
    usual = factors if loan.usual is None else factors_of(loan, loan.usual)
    plan = Plan(loan, asks, weights, factors, usual)
    return [row, *run(plan, state, 0)]


def paying(phase: Phase) -> Phase:
    """Copy a phase; a deferral whose interest is paid asks for interest."""
    if phase.asks == "nothing" and phase.unpaid == "pay":
        return replace(phase, asks="interest", unpaid=None)
    return replace(phase)


def run(plan: Plan, state: State, t: int) -> list[Row]:
    """Roll from period t to the end."""
    rows = []
    for i in range(t, len(plan.asks)):
        begin(plan, state, i)
        rows.append(step(plan, state, i))
    return rows


def begin(plan: Plan, state: State, t: int, *, trial: bool = False) -> None:
    """Begin a spread (section 4.1), a level instalment (4.2) or equal principal (4).

    A trial keeps its instalment.
    """
    phase = plan.asks[t]
    if not plan.starts(t):
        return
    if phase.asks != "missed":
        state.resting = 0
    anew = not (phase.keep or trial)
    computes = phase.asks in LEVELLED and phase.amount is None
    computes = computes and (anew or not state.instalments)
    before = "" if t == 0 else plan.asks[t - 1].asks
    if phase.asks in SHARING and (anew or computes or before not in SHARING - {"principal"}):
        n = plan.remaining(t, SHARING)
        if plan.loan.catch_up:
            n = min(n, max(plan.loan.catch_up - state.asked, 1))
        state.spread = cumulative_split(sum(state.stream.values()), n)
    if computes:
        state.beside = bool(plan.loan.catch_up) or phase.asks == "missed"
        state.instalments = choose_instalments(plan, state, t)
    elif phase.asks in LEVELLED and phase.amount is not None:
        state.instalments = dict.fromkeys(range(t, len(plan.asks)), phase.amount)
        state.beside = True
    if phase.asks == "linear" and (anew or not state.linear):
        state.linear = equal_part(plan, state, t)


def equal_part(plan: Plan, state: State, t: int) -> int:
    """Divide principal less balloon and arrears by the periods that repay it; leave a last part."""
    loan, n = plan.loan, plan.remaining(t, AMORTISING)
    arrears = state.overdue if loan.catch_up else 0
    whole = max(0, state.principal - loan.balloon - arrears)
    for unit in (loan.instalment_unit, 1):
        part = round_fraction(Fraction(whole, n), loan.instalment_mode, unit)
        if n == 1 or 0 < part * (n - 1) < whole:
            return part
    return whole // n


# Section 4.2: the level instalment.


def foreseen(plan: Plan, t: int) -> list[Fraction]:
    """Give the factors that the instalment of period t is computed with.

    Rates are known up to the next computation; the one then in force is taken to hold.
    """
    loan = plan.loan.quoted or plan.loan
    nominal = plan.loan.basis == "nominal"
    later = [
        i
        for i in range(t + 1, len(plan.asks))
        if plan.starts(i) and plan.asks[i].asks in LEVELLED
        and not plan.asks[i].keep and plan.asks[i].amount is None
    ]  # fmt: skip
    known = factors_of(loan, nominal=nominal)
    if not later:
        return known
    _, rate, per = rate_at(loan.rates, loan.due[later[0] - 1] - DAY)
    held = factors_of(loan, [(None, rate, per)], nominal=nominal)
    return [*known[: later[0]], *held[later[0] :]]


def plan_annuity(plan: Plan, state: State, t: int) -> Fraction:
    """Give the annuity of period t over all that remains of the plan.

    A period whose interest waits, or is asked for beside the instalments, leaves the principal
    as it is, so that its factor counts 0.
    """
    factors: list[Fraction] = []
    weights: list[Fraction | int] = []
    for phase, w, r in list(zip(plan.asks, plan.weights, foreseen(plan, t), strict=True))[t:]:
        repays = phase.asks in AMORTISING | {"missed"}
        weights.append(w if repays else 0)
        factors.append(r if repays or phase.unpaid == "capitalise" else Fraction(0))
    principal = state.principal - (state.overdue if plan.loan.catch_up else 0)
    held = 0 if plan.asks[t].asks == "missed" else state.held
    return annuity(principal, factors, weights, min(plan.loan.balloon, principal), held)


def choose_instalments(plan: Plan, state: State, t: int) -> dict[int, int]:
    """Round the instalments of all periods from t on; let the unit give way if it must."""
    loan = plan.loan
    missed = plan.asks[t].asks == "missed"
    stream, n = (0, 1) if loan.catch_up or missed else (sum(state.spread), len(state.spread))
    base = plan_annuity(plan, state, t)
    asking = [i for i in range(t, len(plan.asks)) if plan.asks[i].asks in AMORTISING | {"missed"}]
    steady = all(plan.weights[i] == 1 and plan.asks[i].amount is None for i in asking) and not any(
        phase.asks in {"linear", "fixed", "minimum", "missed"} for phase in plan.asks[t:]
    )
    chosen: dict[int, int] = {}
    for mode, unit in (
        (loan.instalment_mode, loan.instalment_unit), (loan.instalment_mode, 1), ("down", 1),
    ):  # fmt: skip
        first = level_instalment(base, stream, n, weight=plan.weights[t], mode=mode, unit=unit)
        chosen = {
            i: level_instalment(base, stream, n, weight=plan.weights[i], mode=mode, unit=unit)
            for i in asking
        }
        whole = first > 0 or plan.weights[t] * base + Fraction(stream, n) == 0
        if whole and (not steady or last_instalment(plan, state, t, chosen) > 0):
            break
    chosen = {i: chosen.get(i, 0) for i in range(t, len(plan.asks))}
    if steady and not covers_interest(plan, state, t, chosen[t]):
        return smallest_instalments(plan, state, t, chosen)
    if loan.settle == "balanced" and steady:
        return balance_last(plan, state, t, chosen)
    return chosen


def covers_interest(plan: Plan, state: State, t: int, level: int) -> bool:
    """Tell whether an instalment covers what its first period asks for besides principal."""
    loan = plan.loan
    if loan.catch_up or loan.quoted or loan.basis == "nominal":
        return True
    interest = round_fraction(state.principal * plan.factors[t], loan.interest_mode)
    return interest + state.held + sum(state.spread[:1]) <= level


def smallest_instalments(
    plan: Plan, state: State, t: int, chosen: dict[int, int]
) -> dict[int, int]:
    """Find the smallest instalment that leaves no larger last one, from the chosen one down."""
    unit = plan.loan.instalment_unit
    for level in range(unit, chosen[t], unit):
        tried = {i: level if amount else 0 for i, amount in chosen.items()}
        if last_instalment(plan, state, t, tried) <= level:
            return tried
    return chosen


def last_instalment(plan: Plan, state: State, t: int, chosen: dict[int, int]) -> int:
    """Roll on with these instalments; tell what the last period that repays is left with."""
    trial, end = state.copy(), plan.last_repaying()
    plan = replace(plan, loan=replace(plan.loan, prepay={}))
    trial.instalments = dict(chosen)
    for i in range(t, end):
        if i > t:
            begin(plan, trial, i, trial=True)
        step(plan, trial, i)
    if end > t:
        begin(plan, trial, end, trial=True)
    share = 0 if plan.loan.catch_up else sum(next_share(plan, trial, end).values())
    accrued, on_overdue = accrue(plan, trial, end)[:2]
    principal = trial.principal - (trial.overdue if plan.loan.catch_up else 0)
    principal -= min(plan.loan.balloon, trial.principal)
    return principal + accrued - on_overdue + trial.held + share


def balance_last(plan: Plan, state: State, t: int, chosen: dict[int, int]) -> dict[int, int]:
    """Move the instalment by gap / N in its unit, at most three times while the gap shrinks."""
    n, end, unit = plan.remaining(t, AMORTISING), plan.last_repaying(), plan.loan.instalment_unit
    gap = last_instalment(plan, state, t, chosen) - chosen[end]
    for _ in range(3):
        shift = unit * round(Fraction(gap, n * unit))  # Python rounds a Fraction half to even
        if abs(gap) <= n // 2 or not shift or chosen[end] + shift <= 0:
            break
        moved = {i: amount + shift for i, amount in chosen.items()}
        new = last_instalment(plan, state, t, moved) - moved[end]
        if abs(new) >= abs(gap) or new + moved[end] <= 0:
            break
        chosen, gap = moved, new
    return chosen


# Section 5: the baselines.


def unpaid(loan: Loan, contract: Sequence[Row]) -> list[Row]:
    """Compute what the debt grows to if nothing is paid while `contract` asks for its rows.

    Principal falls overdue as the contract asks for it; `loan.overdue` is overdue already.
    """
    state, row = row_zero(loan, RowZero())
    rows, overdue = [row], loan.overdue
    rates = [(None, *loan.penalty_rate)] if loan.penalty_rate else loan.rates
    for asked, r, late in zip(contract[1:], factors_of(loan), factors_of(loan, rates), strict=True):
        opening = state.owed()
        bears = overdue + (opening["interest"] if loan.penalty_compounds else 0)
        accrued = {
            "interest": round_fraction((state.principal - overdue) * r, loan.interest_mode),
            "penalty": round_fraction(bears * late, loan.interest_mode),
            "fees": loan.fee + (loan.late_fee if asked["payment"] else 0),
        }
        state.stream = {name: state.stream[name] + accrued[name] for name in state.stream}
        overdue = min(state.principal, overdue + asked["principal"])
        row = make_row(asked["n"], asked["date"], opening, dict.fromkeys(ORDER, 0), state)
        row["accrued"] = accrued
        rows.append(row)
    return rows
