"""The oracle's rows: what a period accrues, asks for and pays (docs/engine.md, 3 and 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypedDict

from oracle_money import ORDER, Amounts, allocate, cumulative_split, round_fraction
from oracle_terms import Loan, Phase

SHARING = {"level", "interest", "linear", "principal"}
AMORTISING = {"level", "linear", "principal"}
LEVELLED = {"level", "principal", "missed"}
SILENT = {"nothing", "missed"}
CHARGES = ("fees", "interest", "penalty")
INTEREST = ("held", "first", "stream", "period", "at_end")


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


@dataclass
class State:
    """What is owed between two rows, and the instalment in force.

    Interest stands in four places: the stream, `held` (inside the next instalment), `first` (on top
    of it), `at_end`. `spread` holds the shares of the stream that are still to be asked for.
    """

    principal: int
    forborne: int
    stream: Amounts
    held: int = 0
    first: int = 0
    first_fees: int = 0
    at_end: int = 0
    overdue: int = 0
    asked: int = 0
    spread: Sequence[int] = ()
    instalments: dict[int, int] = field(default_factory=dict)
    beside: bool = False
    linear: int = 0
    resting: int = 0

    def owed(self) -> Amounts:
        """Give what is owed by component."""
        interest = self.stream["interest"] + self.held + self.first + self.at_end
        besides = {"principal": self.principal, "forborne": self.forborne}
        fees = self.stream["fees"] + self.first_fees
        return {**self.stream, **besides, "interest": interest, "fees": fees}

    def copy(self) -> State:
        """Give a state that may be tried out."""
        return replace(self, stream=dict(self.stream), instalments=dict(self.instalments))


def make_row(n: int, day: date, opening: Amounts, paid: Amounts, state: State) -> Row:
    """Build a row; principal paid includes forborne principal."""
    return {
        "n": n, "date": day, "opening": opening, "accrued": {}, "capitalised": {}, "waived": {},
        "paid": paid, "balance": state.owed(), "payment": sum(paid.values()),
        "principal": paid["principal"] + paid.get("forborne", 0), "interest": paid["interest"],
        "penalty": paid["penalty"], "fees": paid["fees"], "forgone": 0,
    }  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """The debt, the phase and weight of each period, and the factors to accrue with."""

    loan: Loan
    asks: Sequence[Phase]
    weights: Sequence[Fraction | int]
    factors: Sequence[Fraction]
    usual: Sequence[Fraction]

    def starts(self, t: int) -> bool:
        """Tell whether a phase begins with period t (from 0)."""
        return t == 0 or self.asks[t] is not self.asks[t - 1]

    def remaining(self, t: int, kinds: set[str]) -> int:
        """Count the periods from t on that ask for one of the kinds."""
        return sum(phase.asks in kinds for phase in self.asks[t:])

    def last_repaying(self) -> int:
        """Give the last period (from 0) that repays principal."""
        return max(i for i, phase in enumerate(self.asks) if phase.asks in AMORTISING)


# Sections 4.1, 4.3, 4.4: one row.


def next_share(plan: Plan, state: State, t: int) -> Amounts:
    """Take the next share of the stream: fees, interest, penalty, or the debt's own order."""
    if plan.asks[t].asks not in SHARING or not state.spread:
        return dict.fromkeys(CHARGES, 0)
    share, *state.spread = state.spread
    order = [name for name in plan.loan.order if name != "principal"]
    return allocate(share, state.stream, order)


def accrue(plan: Plan, state: State, t: int) -> tuple[int, int, int]:
    """Give the interest of period t, the part of it on overdue principal, and what is forgone."""
    mode, r = plan.loan.interest_mode, plan.factors[t]
    caught = state.overdue if plan.loan.catch_up else 0
    balance = state.principal - caught - state.resting
    accrued, usual = round_fraction(balance * r, mode), 0
    charged = 0 if plan.asks[t].unpaid == "waive" else accrued
    usual = accrued if plan.loan.usual is None else round_fraction(balance * plan.usual[t], mode)
    late = round_fraction(caught * r, mode)
    on_overdue = 0 if plan.asks[t].unpaid == "waive" else late
    return charged + on_overdue, on_overdue, max(usual - charged, 0) + late - on_overdue


def step(plan: Plan, state: State, t: int) -> Row:
    """Accrue, pay and leave what waits: one row."""
    phase, loan, opening = plan.asks[t], plan.loan, state.owed()
    accrued, on_overdue, forgone = accrue(plan, state, t)
    share = next_share(plan, state, t)
    asking = phase.asks not in SILENT
    fees = loan.fee if asking and state.asked < loan.fee_parts else 0
    fees += loan.charges.get(t + 1, 0)
    fees *= sum(opening.values()) + accrued > 0
    state.first_fees += fees
    capitalised, uncharged = 0, 0
    if phase.unpaid == "waive":
        caught = state.overdue if loan.catch_up else 0
        uncharged = round_fraction(
            (state.principal - caught - state.resting) * plan.factors[t], loan.interest_mode
        )
    if t == len(plan.asks) - 1 and not loan.leaves_residual:
        paid = state.owed()
        paid["interest"] += accrued
        state.principal = state.forborne = state.held = state.first = state.at_end = 0
        state.first_fees = state.overdue = 0
        state.stream = dict.fromkeys(state.stream, 0)
    else:
        paid, capitalised = pay(plan, state, t, Due(accrued, on_overdue, share, uncharged))
    state.asked += asking
    row = make_row(t + 1, loan.due[t], opening, paid, state)
    row["accrued"] = {"interest": accrued, "fees": fees}
    row["capitalised"], row["forgone"] = {"interest": capitalised}, forgone
    return row


@dataclass(frozen=True)
class Due:
    """Interest of a period, the part of it on overdue principal, the share of the stream.

    `uncharged` is the interest on the other principal that the phase never charges.
    """

    accrued: int
    on_overdue: int
    share: Amounts
    uncharged: int


def amount_asked(plan: Plan, state: State, t: int, due: Due, caught: int) -> int:
    """Give what period t asks for: the table of section 4, within what is owed."""
    phase, loan, owed = plan.asks[t], plan.loan, state.owed()
    accrued, on_overdue, share = due.accrued, due.on_overdue, sum(due.share.values())
    would = accrued + due.uncharged
    before_end = sum(owed.values()) - state.forborne + accrued
    least, level = accrued + state.held + share, state.instalments.get(t, 0)
    level += (share if state.beside else 0) + on_overdue
    kept = loan.balloon + (state.overdue if loan.catch_up else 0)
    equal = min(state.linear, max(0, state.principal - kept))
    base = owed["principal"] if loan.minimum_of == "principal" else before_end
    minimum = max(round_fraction(base * loan.minimum[0], loan.instalment_mode), loan.minimum[1])
    minimum += before_end - state.principal if loan.minimum_plus_interest else 0
    amount = {
        "nothing": 0, "missed": 0, "level": level, "interest": least, "linear": least + equal,
        "principal": max(level - would, share), "fixed": phase.amount or 0, "minimum": minimum,
    }[phase.asks]  # fmt: skip
    if phase.asks not in SILENT:
        amount += caught
    if phase.asks in SHARING:
        amount += state.first_fees + (state.first if phase.asks != "principal" else 0)
        amount = min(amount, before_end - min(loan.balloon, state.principal))
    return min(min(amount, before_end) + loan.prepay.get(t + 1, 0), before_end)


def pay(plan: Plan, state: State, t: int, due: Due) -> tuple[Amounts, int]:
    """Pay what period t asks for; return what is paid and what becomes principal."""
    phase, loan, accrued = plan.asks[t], plan.loan, due.accrued
    caught = 0
    if loan.catch_up and phase.asks not in SILENT and state.asked < loan.catch_up:
        caught = min(cumulative_split(loan.overdue, loan.catch_up)[state.asked], state.overdue)
    amount = amount_asked(plan, state, t, due, caught)
    places = due_places(state, phase, accrued, due.share)
    names = {"fees": ("first_fees", "fees"), "penalty": ("penalty",), "interest": INTEREST}
    rest, paid = amount, dict.fromkeys((*ORDER, *places), 0)
    principal = state.principal if phase.asks in {"fixed", "minimum"} else 0
    repayable = state.principal
    if phase.asks in SHARING:
        repayable -= min(max(loan.balloon - loan.prepay.get(t + 1, 0), 0), state.principal)
    everything = all_places(state, accrued)
    stages = [(places, principal), ({}, repayable), (everything, 0), ({}, state.principal)]
    for limits, principal_limit in stages:
        for name in loan.order:
            if name == "principal":
                part = min(rest, principal_limit - paid["principal"] if principal_limit else 0)
                paid["principal"] += part
                rest -= part
                continue
            for place in names[name]:
                part = max(0, min(rest, limits.get(place, 0) - paid[place]))
                paid[place] += part
                rest -= part
    assert rest == 0
    settled = settle(state, phase, accrued, caught, paid)
    missed = state.instalments.get(t, 0) if phase.asks == "missed" else 0
    arrears = state.overdue if loan.catch_up else 0
    state.resting = min(state.resting + missed, state.principal - arrears)
    return settled


def due_places(state: State, phase: Phase, accrued: int, share: Amounts) -> Amounts:
    """Give what may be paid first, place by place: what is due, or owed if the amount is stated."""
    if phase.asks in {"fixed", "minimum"}:
        return all_places(state, accrued)
    if phase.asks in SILENT:
        return dict.fromkeys(all_places(state, accrued), 0)
    period = 0 if phase.asks == "principal" else accrued
    return {
        **share, "stream": share["interest"], "held": state.held,
        "first": 0 if phase.asks == "principal" else state.first,
        "first_fees": state.first_fees, "period": period, "at_end": 0,
    }  # fmt: skip


def all_places(state: State, accrued: int) -> Amounts:
    """Give all that is owed besides principal, place by place."""
    return {
        "fees": state.stream["fees"], "penalty": state.stream["penalty"],
        "stream": state.stream["interest"], "held": state.held, "first": state.first,
        "first_fees": state.first_fees, "period": accrued, "at_end": state.at_end,
    }  # fmt: skip


def settle(
    state: State, phase: Phase, accrued: int, caught: int, paid: Amounts
) -> tuple[Amounts, int]:
    """Take what is paid out of its places; put the interest left where section 4.3 says."""
    state.principal -= paid["principal"]
    state.overdue = min(state.overdue - min(caught, paid["principal"]), state.principal)
    state.stream["fees"] -= paid["fees"]
    state.stream["penalty"] -= paid["penalty"]
    state.stream["interest"] -= paid["stream"]
    state.held -= paid["held"]
    state.first -= paid["first"]
    state.first_fees -= paid["first_fees"]
    state.at_end -= paid["at_end"]
    by_component = {
        "principal": paid["principal"], "penalty": paid["penalty"],
        "fees": paid["fees"] + paid["first_fees"],
        "interest": sum(paid[place] for place in INTEREST),
    }  # fmt: skip
    left = accrued - paid["period"]
    if phase.unpaid == "capitalise":
        state.principal += left
        return by_component, left
    if phase.unpaid == "first":
        state.first += left
    elif phase.unpaid == "end":
        state.at_end += left
    elif phase.unpaid == "spread":
        state.stream["interest"] += left
    else:
        state.held += left
    return by_component, 0
