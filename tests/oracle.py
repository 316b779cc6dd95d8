"""A second, slow implementation of docs/engine.md for one debt, to test the kernel against.

It knows nothing of the program: integers, fractions and a calendar, one rule after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypedDict

from oracle_dates import due_dates, rate_at
from oracle_money import (
    ORDER,
    Amounts,
    allocate,
    annuity,
    cumulative_split,
    largest_remainder,
    level_instalment,
    round_fraction,
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

SHARING = {"level", "interest", "linear", "principal"}
AMORTISING = {"level", "linear", "principal"}


class Row(TypedDict):
    """A row of the schedule (section 6), amounts by component where there are several."""

    n: int
    date: date
    opening: Amounts
    accrued: Amounts
    capitalised: Amounts
    waived: Amounts
    paid: Amounts
    balance: Amounts
    payment: int
    principal: int
    interest: int
    penalty: int
    fees: int
    forgone: int
    instalment: int


@dataclass
class State:
    """What is owed between two rows; the interest component is kept in its three places.

    `spread` holds the shares of the stream that are still to be asked for.
    """

    principal: int
    forborne: int
    stream: Amounts
    held: int = 0
    at_end: int = 0
    spread: Sequence[int] = ()
    spread_open: bool = True
    instalments: dict[int, int] = field(default_factory=dict)

    def owed(self) -> Amounts:
        """Give what is owed by component."""
        interest = self.stream["interest"] + self.held + self.at_end
        besides = {"principal": self.principal, "forborne": self.forborne}
        return {**self.stream, **besides, "interest": interest}

    def copy(self) -> State:
        """Give a state that may be tried out."""
        return replace(self, stream=dict(self.stream), instalments=dict(self.instalments))


# Section 3: row 0.


def row_zero(loan: Loan, zero: RowZero) -> tuple[State, Row]:
    """Waive, then capitalise, then pay by the debt's order."""
    opening = {name: getattr(loan, name) for name in (*ORDER, "forborne")}
    owed = {name: amount - zero.waived.get(name, 0) for name, amount in opening.items()}
    for name, amount in zero.capitalised.items():
        owed[name] -= amount
        owed["principal"] += amount
    paid = allocate(zero.paid, owed, loan.order)
    owed = {name: amount - paid.get(name, 0) for name, amount in owed.items()}
    assert min(owed.values()) >= 0
    state = State(owed.pop("principal"), owed.pop("forborne"), stream=owed)
    row = make_row(0, loan.as_of, opening, paid, state)
    row["capitalised"], row["waived"] = dict(zero.capitalised), dict(zero.waived)
    return state, row


def make_row(n: int, day: date, opening: Amounts, paid: Amounts, state: State) -> Row:
    """Build a row; principal paid includes forborne principal."""
    return {
        "n": n, "date": day, "opening": opening, "accrued": {}, "capitalised": {}, "waived": {},
        "paid": paid, "balance": state.owed(), "payment": sum(paid.values()),
        "principal": paid["principal"] + paid.get("forborne", 0), "interest": paid["interest"],
        "penalty": paid["penalty"], "fees": paid["fees"], "forgone": 0, "instalment": 0,
    }  # fmt: skip


# Section 4: the plan, one period after the other.


@dataclass(frozen=True)
class Plan:
    """The debt, the phase and weight of each period, and the factors to accrue with."""

    loan: Loan
    asks: Sequence[Phase]
    weights: Sequence[Fraction | int]
    factors: Sequence[Fraction]

    def starts(self, t: int) -> bool:
        """Tell whether a phase begins with period t (from 0)."""
        return t == 0 or self.asks[t] is not self.asks[t - 1]

    def remaining(self, t: int, kinds: set[str]) -> int:
        """Count the periods from t on that ask for one of the kinds."""
        return sum(phase.asks in kinds for phase in self.asks[t:])


def roll(loan: Loan, phases: Sequence[Phase], zero: RowZero | None = None) -> list[Row]:
    """Compute the schedule: row 0, then a row for every period of the phases."""
    phases = [replace(phase) for phase in phases]
    asks = [phase for phase in phases for _ in range(phase.count)]
    weights = [w for phase in phases for w in (phase.weights or [1] * phase.count)]
    assert len(asks) == len(weights) == len(loan.due)
    plan = Plan(loan, asks, weights, factors_of(loan))
    state, row = row_zero(loan, zero or RowZero())
    return [row, *run(plan, state, 0)]


def run(plan: Plan, state: State, t: int, *, trial: bool = False) -> list[Row]:
    """Roll from period t to the end; a trial keeps its instalment and its spread throughout."""
    rows = []
    for i in range(t, len(plan.asks)):
        if not trial:
            begin(plan, state, i)
        rows.append(step(plan, state, i))
    return rows


def begin(plan: Plan, state: State, t: int) -> None:
    """Begin a spread (section 4.1) and compute a level instalment (4.2) where period t asks so."""
    phase = plan.asks[t]
    if not plan.starts(t) or phase.asks not in SHARING:
        return
    if phase.computes or (state.spread_open and not phase.keep):
        state.spread = cumulative_split(sum(state.stream.values()), plan.remaining(t, SHARING))
        state.spread_open = False
    if phase.computes:
        state.instalments = choose_instalments(plan, state, t)
    elif phase.amount is not None:
        state.instalments = dict.fromkeys(range(t, len(plan.asks)), phase.amount)


# Section 4.2: the level instalment.


def foreseen(plan: Plan, t: int) -> Plan:
    """Give the plan with the factors that the instalment of period t is computed with."""
    loan, nominal = plan.loan, plan.loan.basis == "nominal"
    start = (loan.last_accrual or loan.as_of) if t == 0 else loan.due[t - 1]
    if plan.asks[t].foresight:
        return replace(plan, factors=factors_of(loan, nominal=nominal))
    _, rate, per = rate_at(loan.rates, start)
    return replace(plan, factors=factors_of(loan, [(None, rate, per)], nominal=nominal))


def plan_annuity(plan: Plan, state: State, t: int) -> Fraction:
    """Give the annuity of period t over all that remains of the plan.

    A period whose interest waits, or is asked for beside the instalments, leaves the principal
    as it is, so that its factor counts 0.
    """
    factors: list[Fraction] = []
    weights: list[Fraction | int] = []
    for phase, w, r in list(zip(plan.asks, plan.weights, plan.factors, strict=True))[t:]:
        weight = w if phase.asks in AMORTISING else 0
        weights.append(weight)
        factors.append(r if weight or phase.unpaid == "capitalise" else Fraction(0))
    return annuity(state.principal, factors, weights, min(plan.loan.balloon, state.principal))


def choose_instalments(plan: Plan, state: State, t: int) -> dict[int, int]:
    """Round the instalments of all periods from t on; fall back if nothing is left for the last."""
    exact, loan = foreseen(plan, t), plan.loan
    base, stream, n = plan_annuity(exact, state, t), sum(state.spread), len(state.spread)
    trial = exact if loan.basis == "actual" else plan
    asking = [i for i in range(t, len(plan.asks)) if plan.asks[i].asks in AMORTISING]
    stated, unit = loan.instalment_mode, 1
    for mode, unit in ((stated, loan.instalment_unit), (stated, 1), ("down", 1)):
        chosen = {
            i: level_instalment(base, stream, n, weight=plan.weights[i], mode=mode, unit=unit)
            for i in asking
        }
        some = all(chosen[i] > 0 for i in asking if plan.weights[i] > 0)
        if some and last_instalment(trial, state, t, chosen) > 0:
            break
    if loan.settle == "balanced":
        return balance_last(trial, state, t, chosen, unit=unit)
    return chosen


def last_instalment(plan: Plan, state: State, t: int, chosen: dict[int, int]) -> int:
    """Roll the rest of the plan with these instalments and give what the last row is left with."""
    trial = state.copy()
    trial.instalments = chosen
    return run(plan, trial, t, trial=True)[-1]["instalment"]


def balance_last(
    plan: Plan, state: State, t: int, chosen: dict[int, int], *, unit: int
) -> dict[int, int]:
    """Move the instalment by gap / N in its unit, at most three times while the gap shrinks."""
    n, end = len(chosen), max(chosen)
    gap = last_instalment(plan, state, t, chosen) - chosen[end]
    for _ in range(3):
        if abs(gap) <= n // 2:
            break
        shift = unit * round(Fraction(gap, n * unit))  # Python rounds a Fraction half to even
        moved = {i: amount + shift for i, amount in chosen.items()}
        new = last_instalment(plan, state, t, moved) - moved[end]
        if abs(new) >= abs(gap):
            break
        chosen, gap = moved, new
    return chosen


# Sections 4.1, 4.3, 4.4: one row.


def next_share(plan: Plan, state: State, t: int) -> Amounts:
    """Take the next share of the stream: fees, interest, penalty, or the debt's own order."""
    if plan.asks[t].asks not in SHARING or not state.spread:
        return dict.fromkeys(ORDER, 0)
    share, *state.spread = state.spread
    return allocate(share, state.stream, plan.loan.order)


def parts_asked(plan: Plan, state: State, t: int, accrued: int, share: Amounts) -> Amounts:
    """Give what period t asks for: the table of section 4, by component, before any limit.

    Principal may come out negative where the instalment is less than the interest.
    """
    phase, loan = plan.asks[t], plan.loan
    interest = round_fraction(state.principal * plan.factors[t], loan.interest_mode)
    asked = dict(share)
    asked["fees"] += 0 if phase.covers_fees else loan.fee
    if phase.asks in {"level", "interest", "linear"}:
        asked["interest"] += accrued + state.held
    elif phase.asks == "nothing" and phase.unpaid == "pay":
        asked["interest"] += accrued
    amortised = max(0, state.principal - loan.balloon)
    if phase.asks == "linear":
        part = Fraction(amortised, plan.remaining(t, {"linear", "level"}))
        asked["principal"] = round_fraction(part, loan.instalment_mode)
    elif phase.asks in {"level", "principal"}:
        asked["principal"] = state.instalments[t] - interest - sum(share.values())
    asked["principal"] = min(asked["principal"], amortised)
    return asked


def fixed_amount(plan: Plan, state: State, t: int, owed: Amounts) -> int:
    """Give the stated payment or the minimum; held interest comes on top unless in a deferral."""
    phase, loan = plan.asks[t], plan.loan
    total = sum(owed.values())
    if phase.asks == "minimum":
        share, least = loan.minimum
        return min(total, max(least, round_fraction(share * total)))
    return min(total, (phase.amount or 0) + (state.held if phase.unpaid is None else 0))


def step(plan: Plan, state: State, t: int) -> Row:
    """Accrue, pay and leave what waits: one row."""
    phase, loan, opening = plan.asks[t], plan.loan, state.owed()
    accrued = round_fraction(state.principal * plan.factors[t], loan.interest_mode)
    forgone = accrued if phase.unpaid == "waive" else 0
    accrued -= forgone
    fees, interest = opening["fees"] + loan.fee, opening["interest"] + accrued
    owed = {**opening, "interest": interest, "fees": fees}
    last = t == len(plan.asks) - 1
    left = sum(owed.values()) - state.held - state.at_end - loan.fee - state.forborne
    capitalised = 0
    if last and not loan.leaves_residual:
        paid = owed
        state.principal = state.forborne = state.held = state.at_end = 0
        state.stream = dict.fromkeys(state.stream, 0)
    else:
        paid, capitalised = pay(plan, state, t, accrued)
    row = make_row(t + 1, loan.due[t], opening, paid, state)
    row["accrued"] = {"interest": accrued, "fees": loan.fee}
    row["capitalised"], row["forgone"] = {"interest": capitalised}, forgone
    if last:
        row["instalment"] = left - min(loan.balloon, opening["principal"])
    return row


def pay(plan: Plan, state: State, t: int, accrued: int) -> tuple[Amounts, int]:
    """Pay what period t asks for; return what is paid and what becomes principal."""
    phase, loan = plan.asks[t], plan.loan
    share = next_share(plan, state, t)
    if phase.asks in {"fixed", "minimum"}:
        owed = state.owed()
        del owed["forborne"]
        owed["interest"] += accrued
        owed["fees"] += loan.fee
        paid = allocate(fixed_amount(plan, state, t, owed), owed, loan.order)
    else:
        asked = parts_asked(plan, state, t, accrued, share)
        amount = max(0, sum(asked.values()))
        paid = allocate(amount, {**asked, "principal": max(0, asked["principal"])}, loan.order)
    state.principal -= paid["principal"]
    state.stream["fees"] += loan.fee - paid["fees"]
    state.stream["penalty"] -= paid["penalty"]
    if phase.asks in {"level", "interest", "linear"}:
        state.stream["interest"] -= share["interest"]
        state.held += accrued + share["interest"] - paid["interest"]
        return paid, 0
    return paid, defer_interest(state, phase, accrued, paid["interest"])


def defer_interest(state: State, phase: Phase, accrued: int, paid: int) -> int:
    """Put the interest that a period leaves unpaid where section 4.3 says.

    Older interest is paid first. Return what becomes principal.
    """
    if phase.asks == "nothing":
        left = accrued - paid
    else:
        places = {"stream": state.stream["interest"], "held": state.held, "end": state.at_end}
        used = allocate(paid, places, list(places))
        state.stream["interest"] -= used["stream"]
        state.held -= used["held"]
        state.at_end -= used["end"]
        left = accrued - (paid - sum(used.values()))
    if phase.unpaid == "capitalise":
        state.principal += left
        return left
    if phase.unpaid == "first":
        state.held += left
    elif phase.unpaid == "end":
        state.at_end += left
    else:
        state.stream["interest"] += left
        state.spread_open = state.spread_open or left > 0
    return 0


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
