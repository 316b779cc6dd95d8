"""Why a household's figure is what it is: sums over debts, months against the surplus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from replan.decide.figures import TIGHT, Household
from replan.decide.months import surplus_in, typical_month
from replan.model.months import Month, month_name

from .reasons import Reason, money, reason, share


def household_reasons(household: Household) -> tuple[Reason, ...]:
    """Explain the household's figures, down to the debts and months that they come from."""
    if not household.debts:
        return ()
    e = household.debts[0][0].terms.exponent
    return (
        *_sums(household, e),
        *_months(household, e),
        *_value(household, e),
        *_judged(household, e),
    )


def _sums(household: Household, e: int) -> Iterator[Reason]:
    """Explain the figures that add up the debts'."""
    for name, label in (("total_paid", "total paid"), ("waived", "waived")):
        amounts = {found.debt.id: int(getattr(f, name)) for found, f in household.debts}
        parts = [f"{debt} {money(amount, e)}" for debt, amount in amounts.items() if amount]
        if parts:
            total = money(sum(amounts.values()), e)
            text = f"{label} = {{sum}} = {{result}}"
            code = f"why-household-{name.replace('_', '-')}"
            yield reason(name, code, text, sum=" + ".join(parts), result=total)


def _months(household: Household, e: int) -> Iterator[Reason]:
    """Explain the largest and the typical month."""
    if not household.by_month:
        return
    month, paid = max(household.by_month.items(), key=lambda pair: pair[1])
    yield reason(
        "peak_payment",
        "why-peak",
        "peak payment = {sum} = {result}, in {month}",
        sum=" + ".join(_parts(household, month, e)),
        result=money(paid, e),
        month=month_name(month),
    )
    yield reason(
        "typical_payment",
        "why-typical",
        "typical payment = {result}, the middle one when the months after the as-of date are "
        "sorted by what is paid in them",
        result=money(typical_month(household), e),
    )


def _parts(household: Household, month: Month, e: int) -> Iterator[str]:
    """List what each debt takes in a month."""
    for found, _ in household.debts:
        paid = sum(r.payment for r in found.rows if (r.due.year, r.due.month) == month)
        if paid:
            yield f"{found.debt.id} {money(paid, e)}"


def _value(household: Household, e: int) -> Iterator[Reason]:
    """Explain what the lenders give up together."""
    value = sum(f.npv for _, f in household.debts)
    if household.npv_loss is not None:
        yield reason(
            "npv_loss",
            "why-npv-loss",
            "NPV loss = 1 − {value} / {base} (the contract's NPV) = {result}",
            value=money(round(value), e),
            base=money(round(sum(f.npv for f in household.contract)), e),
            result=share(household.npv_loss),
        )
    if household.apr is not None:
        outlay = sum(found.rows[0].opening for found, _ in household.debts)
        yield reason(
            "apr",
            "why-apr",
            "APR = the annual rate ({convention}) at which the payments are worth {outlay} today "
            "= {result}",
            convention=household.debts[0][1].apr_convention,
            outlay=money(outlay, e),
            result=share(household.apr),
        )


def _judged(household: Household, e: int) -> Iterator[Reason]:
    """Explain the shortfall, the headroom and the verdict."""
    if household.reasons:
        return
    if household.shortfalls:
        month, missing = max(household.shortfalls.items(), key=lambda pair: pair[1])
        yield reason(
            "largest_shortfall",
            "why-shortfall",
            "largest shortfall = {paid} to pay − {surplus} left in {month} = {result}",
            paid=money(household.by_month[month], e),
            surplus=money(max(surplus_in(household, month), 0), e),
            month=month_name(month),
            result=money(missing, e),
        )
    if household.headroom is not None:
        yield _headroom(household, e)
    yield _verdict(household)


def _headroom(household: Household, e: int) -> Reason:
    """Explain the headroom by the month that has least of it."""
    months = [m for m in household.by_month if household.path.get(m, (0, 0, 0))[2] > 0]

    def room(month: Month) -> float:
        surplus, _, income = household.path[month]
        return (surplus - household.by_month[month]) / income

    month = min(months, key=room)
    surplus, _, income = household.path[month]
    return reason(
        "headroom",
        "why-headroom",
        "headroom = ({surplus} left − {paid} to pay) / {income} certain income in {month} "
        "= {result}",
        surplus=money(surplus, e),
        paid=money(household.by_month[month], e),
        income=money(income, e),
        month=month_name(month),
        result=share(room(month)),
    )


def _verdict(household: Household) -> Reason:
    """Explain the verdict: the months short, or the largest share of the surplus."""
    if household.shortfalls:
        months = list(map(month_name, household.shortfalls))
        shown = months if len(months) <= 4 else [*months[:2], "…", months[-1]]
        text = "verdict short: {count} months in which less is left than must be paid: {months}"
        values: dict[str, Any] = {"count": len(months), "months": ", ".join(shown)}
        return reason("verdict", "why-short", text, **values)
    used = household.share_of_surplus
    values = {"share": share(used or 0.0), "limit": f"{TIGHT:.0%}".replace("%", " %")}
    if household.verdict == "tight":
        text = "verdict tight: at most {share} of what is left is taken, more than {limit}"
        return reason("verdict", "why-tight", text, **values)
    text = "verdict fits: at most {share} of what is left is taken, not more than {limit}"
    return reason("verdict", "why-fits", text, **values)
