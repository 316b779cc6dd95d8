"""The named checks that a rule may refer to: from a debt or a plan to what is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from replan.decide.evaluate import Evaluated
from replan.decide.figures import Figures
from replan.decide.flat import flat_of
from replan.engine.dates import parse_frequency
from replan.model.case import Case
from replan.model.debt import Debt, RecurringFee
from replan.model.rates import Rate, parse_rate
from replan.model.rules import Dated, Rule, fraction_of

DAYS_A_YEAR = 365
NEAR_YEARS = 1
"""How long before the end of a limitation period it is mentioned: a design choice."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is applied to: a debt, and its plan where the rule is about plans."""

    case: Case
    debt: Debt
    found: Evaluated | None = None
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: the value, the limit, whether it is beyond, and texts to print.

    `shown` fills the sentence of the check; `urgent` stands before all figures.
    """

    value: object
    limit: object
    exceeded: bool
    message: str
    shown: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False


def annual_rate_cap(of: Subject, dated: Dated, rule: Rule) -> Result:
    """Compare the contract's yearly rate, fees included as far as known, with a cap.

    A cap on the interest of cards says nothing about the fee of their instalments.
    """
    flat = flat_of(of.case, of.debt)
    if flat is not None and rule.products == ("credit-card",):
        return _against_cap(yearly(of.debt.rate), dated, fees=False)
    if flat is not None and flat.known and not of.debt.recurring_fees:
        return _against_cap(flat.effective, dated, fees=False)
    fees = yearly_fees(of)
    return _against_cap(yearly(of.debt.rate) + fees, dated, fees=bool(fees))


def overdue_rate_cap(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Compare the yearly rate on what is overdue with a cap."""
    rate = of.debt.penalty_rate
    return None if rate is None else _against_cap(yearly(rate), dated, fees=False)


def _against_cap(value: Fraction, dated: Dated, *, fees: bool) -> Result:
    limit = yearly(parse_rate(dated.value))
    found, most = _percent(value), _percent(limit)
    over = "above" if value > limit else "not above"
    message = f"{'At least ' if fees else ''}{found} a year, {over} {most}."
    shown = {"value": f"≥ {found}" if fees else found, "limit": most}
    return Result(float(value), float(limit), value > limit, message, shown)


def yearly(rate: Rate) -> Fraction:
    """Give a rate per year; a daily rate times 365, without compounding."""
    return rate.fraction * (DAYS_A_YEAR if rate.per == "day" else 1)


def yearly_fees(of: Subject) -> Fraction:
    """Give the recurring fees of a year as a share of the amount lent: a lower bound of their rate.

    The balance that bears them is never above the amount lent, so the all-in rate is no lower than
    the contract rate plus this. Without the amount lent nothing is claimed.
    """
    lent = of.debt.original_principal
    if not lent:
        return Fraction(0)
    lasting = (f for f in of.debt.recurring_fees if _lasts(f, of.debt))
    fees = sum((Fraction(f.amount) * _times(f.every) for f in lasting), Fraction(0))
    fee = of.debt.instalment_fee
    if fee is not None:
        part = (
            Fraction(fee.amount)
            if fee.amount is not None
            else Fraction(fee.rate or 0) * Fraction(lent)
        )
        fees += part * _times(of.debt.frequency or of.case.frequency)
    return fees / Fraction(lent)


def _lasts(fee: RecurringFee, debt: Debt) -> bool:
    """Tell whether a fee is due as long as the debt is: from the contract on, without an end."""
    made = debt.contract_date
    return fee.until is None and (fee.start is None or (made is not None and fee.start <= made))


def _times(every: str) -> Fraction:
    """Count how often something happens in a year, rounded down to whole periods of days."""
    if every == "once":
        return Fraction(0)
    frequency = parse_frequency(every)
    return Fraction(DAYS_A_YEAR if frequency.unit == "day" else 12, frequency.every)


def penalty_rate_multiple(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Compare the rate on what is overdue with a multiple of the contract rate."""
    debt = of.debt
    if debt.penalty_rate is None or not debt.rate.fraction:
        return None
    value, limit = yearly(debt.penalty_rate) / yearly(debt.rate), fraction_of(dated.value)
    found, most = f"{float(value):.2f}", f"{float(limit):.2f}"
    over = "above" if value > limit else "not above"
    message = f"The rate on what is overdue is {found} times the contract rate, {over} {most}."
    return Result(
        float(value), float(limit), value > limit, message, {"value": found, "limit": most}
    )


def penalty_interest(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Tell whether a lender that may not charge penalty interest does."""
    debt = of.debt
    if debt.penalty_rate is None:
        return None
    charged = yearly(debt.penalty_rate) > yearly(debt.rate)
    rate = _percent(yearly(debt.penalty_rate))
    message = f"A rate of {rate} is charged on what is overdue."
    return Result(rate, dated.value, charged and dated.value is False, message, {"value": rate})


def compounding(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Tell whether penalty interest bears penalty interest where it may not."""
    if not of.debt.penalty_compounds:
        return None
    message = "Penalty interest is itself charged with penalty interest."
    return Result(value=True, limit=dated.value, exceeded=dated.value is False, message=message)


def default_charges(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Compare the charge for each missed instalment with the most that may be charged."""
    fee = of.debt.late_fee
    if not fee:
        return None
    limit = fraction_of(dated.value)
    over = "above" if fee > limit else "not above"
    shown = {"value": f"{fee:f}", "limit": f"{dated.value}"}
    message = f"The charge for a missed instalment is {fee:f}, {over} {dated.value}."
    return Result(str(fee), str(dated.value), fee > limit, message, shown)


def total_cost_cap(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Compare the interest and charges now outstanding with a share of the amount lent."""
    debt = of.debt
    if not debt.original_principal:
        return None
    charges = debt.interest + debt.penalty + debt.fees
    value = Fraction(charges) / Fraction(debt.original_principal)
    limit = fraction_of(dated.value)
    found, most = _percent(value), _percent(limit)
    over = "above" if value > limit else "not above"
    message = f"Interest and charges outstanding are {found} of the amount lent, {over} {most}."
    return Result(
        float(value), float(limit), value > limit, message, {"value": found, "limit": most}
    )


def limitation(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Tell whether the limitation period, counted from the last known event, is over or near.

    The period runs from the later of the oldest missed due date and the last payment; a contract
    whose instalments still fall due has not reached its end and is left out. What nobody has told,
    such as acknowledgements and suits, may have started it anew.
    """
    start = last_event(of)
    if start is None or still_runs(of.debt):
        return None
    years = int(fraction_of(dated.value))
    end = years_on(start, years)
    passed = end <= of.case.as_of
    if not passed and end > years_on(of.case.as_of, NEAR_YEARS):
        return Result(end.isoformat(), years, exceeded=False, message="The period runs.")
    ended = f"has ended on {end}" if passed else f"ends on {end}"
    message = f"Counted from {start}, the last event known, the period of {years} years {ended}."
    shown = {"start": str(start), "end": str(end), "years": str(years)}
    return Result(end.isoformat(), years, exceeded=True, message=message, shown=shown, urgent=True)


def years_on(day: date, years: int) -> date:
    """Give the same day some years later; 28 February for the 29th."""
    leaps = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if leaps else day.day)


def last_event(of: Subject) -> date | None:
    """Give the last day known from which a limitation period can run; None if none is known."""
    debt, days = of.debt, []
    if debt.days_past_due:
        days.append(date.fromordinal(of.case.as_of.toordinal() - debt.days_past_due))
    if debt.last_payment and (debt.days_past_due or debt.accelerated or has_arrears(debt)):
        days.append(debt.last_payment)
    days += [payment.date for payment in debt.payments] if days else []
    return max(days, default=None)


def has_arrears(debt: Debt) -> bool:
    """Tell whether anything is past due."""
    past_due = debt.arrears
    return any((past_due.principal, past_due.interest, past_due.penalty, past_due.fees))


def still_runs(debt: Debt) -> bool:
    """Tell whether instalments still fall due."""
    return bool(debt.remaining_instalments or debt.instalments) and not debt.accelerated


def allocation_order(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Compare the agreed order in which a payment covers the parts of a debt with the usual one.

    Only whether principal comes first or last is compared: that is what the money depends on.
    """
    agreed, usual = of.debt.allocation or of.case.allocation, dated.value
    if not agreed or not isinstance(usual, tuple):
        return None
    differs = any((agreed[n] == "principal") != (usual[n] == "principal") for n in (0, -1))
    found, most = " > ".join(agreed), " > ".join(usual)
    message = f"A payment covers {found}; the rule says {most}."
    return Result(list(agreed), list(usual), differs, message, {"value": found, "limit": most})


def plan_months(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Compare how long a plan takes with the longest that a rule provides for, in months."""
    if of.figures is None or of.found is None or not of.found.steps:
        return None
    limit, value = int(fraction_of(dated.value)), of.figures.months
    over = "above" if value > limit else "not above"
    message = f"The plan takes {value} months, {over} {limit}."
    return Result(value, limit, value > limit, message, {"value": str(value), "limit": str(limit)})


def present_value_loss(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Compare the share of the contract's present value that is given up with a threshold."""
    loss = None if of.figures is None else of.figures.npv_loss
    return None if loss is None else _change(loss, dated)


def present_value_change(of: Subject, dated: Dated, _rule: Rule) -> Result | None:
    """Compare the change of the present value, in either direction, with a threshold."""
    loss = None if of.figures is None else of.figures.npv_loss
    return None if loss is None else _change(abs(loss), dated)


def _change(change: float, dated: Dated) -> Result:
    limit = float(fraction_of(dated.value))
    over = "above" if change > limit else "not above"
    message = f"The present value changes by {change:.2%}, {over} {limit:.0%}."
    shown = {"value": f"{change:.2%}", "limit": f"{limit:.0%}"}
    return Result(change, limit, change > limit, message, shown)


def right_when_late(of: Subject, _dated: Dated, rule: Rule) -> Result | None:
    """Tell of a right that a borrower who is behind has."""
    days = of.debt.days_past_due
    if not days or of.figures is not None:
        return None
    message = f"{days} days past due: {rule.title.en}."
    return Result(days, None, exceeded=True, message=message, shown={"value": str(days)})


def early_repayment(of: Subject, _dated: Dated, rule: Rule) -> Result | None:
    """Tell of the rule on early repayment where a plan repays early."""
    steps = of.found.steps if of.found is not None else ()
    if not any(step.strategy.name == "pay-early" for step in steps):
        return None
    return Result(value=True, limit=None, exceeded=True, message=f"{rule.title.en}.")


def _percent(value: Fraction) -> str:
    return f"{round(float(value * 100), 2):g} %"


Check = Callable[[Subject, Dated, Rule], Result | None]
DEBT_CHECKS: Mapping[str, Check] = {
    "allocation-order": allocation_order,
    "annual-rate-cap": annual_rate_cap,
    "compounding": compounding,
    "default-charges": default_charges,
    "limitation": limitation,
    "overdue-rate-cap": overdue_rate_cap,
    "penalty-interest": penalty_interest,
    "penalty-rate-multiple": penalty_rate_multiple,
    "right-when-late": right_when_late,
    "total-cost-cap": total_cost_cap,
}
PLAN_CHECKS: Mapping[str, Check] = {
    "early-repayment": early_repayment,
    "plan-months": plan_months,
    "present-value-change": present_value_change,
    "present-value-loss": present_value_loss,
}
CHECKS: Mapping[str, Check] = {**DEBT_CHECKS, **PLAN_CHECKS}
"""Every check by its name; model/rules.py holds the same names for the packs."""
