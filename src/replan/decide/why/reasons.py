"""Why a figure is what it is: formula and inputs, as they were used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from replan.decide.evaluate import Evaluated, Row, major
from replan.decide.figures import Figures
from replan.engine.accruals import accrual_ratio
from replan.engine.curves import Curve, RateColumn
from replan.engine.factors import period_starts
from replan.engine.phases import SPREADING, WEIGHT, Asks
from replan.engine.terms import CHARGES, Terms


@dataclass(frozen=True, slots=True)
class Reason:
    """One figure explained: `code` finds the sentence, `values` fill it; `text` is English."""

    figure: str
    row: int | None
    code: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "figure": self.figure,
            "row": self.row,
            "code": self.code,
            "text": self.text,
            "values": self.values,
        }


def money(amount: int, exponent: int) -> str:
    """Print minor units with thousands separators."""
    whole, dot, rest = major(amount, exponent).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{dot}{rest}"


def percent(rate: RateColumn, row: int = 0) -> str:
    """Print a rate: 18.25 %, or 0.05 % a day."""
    num = rate.num[min(row, rate.num.size - 1)]
    value = Decimal(int(num) * 100) / Decimal(rate.den)
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return f"{text} %{' a day' if rate.daily else ''}"


def cost_of_period(terms: Terms, curve: Curve, period: int) -> str:
    """Say what a period costs: rate × year fraction for each rate in it."""
    parts = list(_pieces(terms, curve, period))
    if not parts:
        return "0 %"
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


def _pieces(terms: Terms, curve: Curve, period: int) -> Iterator[str]:
    calendar = terms.calendar
    start, end = int(period_starts(calendar)[period, 0]), int(calendar.due[period, 0])
    for i, segment in enumerate(curve):
        stop = int(curve[i + 1].start[0]) if i + 1 < len(curve) else end
        opens, closes = max(start, int(segment.start[0])), min(end, stop)
        if closes <= opens:
            continue
        rate = percent(segment.rate)
        if segment.rate.daily:
            yield f"{rate} × {closes - opens} days"
        elif (opens, closes) != (start, end) and terms.day_count == "30/360":
            whole = _fraction(terms, start, end, period)
            yield f"{rate} × {whole} × {closes - opens}/{end - start}"
        else:
            yield f"{rate} × {_fraction(terms, opens, closes, period)}"


def _fraction(terms: Terms, start: int, end: int, period: int) -> str:
    calendar = terms.calendar
    n, d = accrual_ratio(
        np.array([start]),
        np.array([end]),
        terms.day_count,
        _frequency(terms, period),
        seed_day=calendar.seed_day,
        moved=period + 1 in calendar.moved,
    )
    return f"{int(n[0])}/{int(np.broadcast_to(d, n.shape)[0])}"


def _frequency(terms: Terms, period: int) -> Any:
    earlier = terms.calendar.earlier
    return earlier[1] if earlier and period < earlier[0] else terms.calendar.frequency


def reasons(found: Evaluated, figures: Figures, contract: Figures) -> tuple[Reason, ...]:
    """Explain every row's interest, the instalment, and the plan's figures."""
    rows = found.rows
    explained = [r for row in rows[1:] if (r := _interest(found, row)) is not None]
    explained += _fees(found)
    explained += _penalty(found)
    explained += _stream(found)
    explained += _weighed(found) or _instalment(found)
    explained += _linear(found)
    explained.append(_total(found, figures))
    explained += _waived(found, figures)
    explained += _value(found, figures, contract)
    if figures.apr is not None:
        explained.append(_apr(figures, found.rows[0].opening, found.terms.exponent))
    return tuple(explained)


def reason(figure: str, code: str, text: str, *, row: int | None = None, **values: Any) -> Reason:
    """Make a reason whose English is *text*, filled with its values."""
    values = {"row": row, **values} if row is not None else values
    return Reason(figure, row, code, text.format_map(values), values)


def _total(found: Evaluated, figures: Figures) -> Reason:
    e = found.terms.exponent
    paid = [money(r.payment, e) for r in found.rows if r.payment]
    total = money(figures.total_paid, e)
    if not paid:
        return reason("total_paid", "why-nothing-paid", "total paid = {result}", result=total)
    if len(paid) == 1:
        return reason(
            "total_paid", "why-one-payment", "total paid = {result}, at once", result=total
        )
    shown = " + ".join(paid if len(paid) <= 4 else [*paid[:2], "…", paid[-1]])
    text = "total paid = {sum} = {result} ({count} payments)"
    return reason("total_paid", "why-total", text, sum=shown, result=total, count=len(paid))


def _waived(found: Evaluated, figures: Figures) -> list[Reason]:
    """Explain what is forgiven, by component."""
    e = found.terms.exponent
    if not figures.waived:
        return []
    parts = {name: money(amount, e) for name, amount in figures.waived_by.items()}
    shown = " + ".join(f"{name} {amount}" for name, amount in parts.items())
    text = "waived = {sum} = {result}"
    return [reason("waived", "why-waived", text, sum=shown, result=money(figures.waived, e))]


def _value(found: Evaluated, figures: Figures, contract: Figures) -> list[Reason]:
    """Explain the present value and how it compares with the contract's."""
    terms, e = found.terms, found.terms.exponent
    value, rate = money(round(figures.npv), e), percent((terms.worth or terms.base)[0].rate)
    text = (
        "NPV = each payment / the product of (1 + rate of each period until it) = {result}, "
        "at the contract's rate of {rate}"
    )
    explained = [reason("npv", "why-npv", text, rate=rate, result=value)]
    if figures.npv_loss is not None:
        explained.append(
            reason(
                "npv_loss",
                "why-npv-loss",
                "NPV loss = 1 − {value} / {base} (the contract's NPV) = {result}",
                value=value,
                base=money(round(contract.npv), e),
                result=share(figures.npv_loss),
            )
        )
    return explained


def share(ratio: float) -> str:
    """Print a ratio in percent, with two decimals."""
    return f"{ratio * 100 + 0.0:.2f} %"


def _fees(found: Evaluated) -> list[Reason]:
    """Explain the fees that are charged in the rows, if any."""
    e = found.terms.exponent
    charged = [row for row in found.rows[1:] if row.accrued.get("fees")]
    if not charged:
        return []
    amounts = {row.accrued["fees"] for row in charged}
    each = money(amounts.pop(), e) if len(amounts) == 1 else "…"
    total = money(sum(row.accrued["fees"] for row in charged), e)
    text = "fees charged = {count} × {each} = {result}, in rows {first} to {last}"
    values = {"first": charged[0].n, "last": charged[-1].n}
    return [reason("fees", "why-fees", text, count=len(charged), each=each, result=total, **values)]


def _penalty(found: Evaluated) -> list[Reason]:
    """Explain the penalty that is charged in the rows, if any."""
    charged = [row for row in found.rows[1:] if row.accrued.get("penalty")]
    if not charged:
        return []
    total = money(sum(row.accrued["penalty"] for row in charged), found.terms.exponent)
    text = (
        "penalty charged = {result}, in rows {first} to {last}: overdue principal at the penalty "
        "rate"
    )
    values = {"first": charged[0].n, "last": charged[-1].n}
    return [reason("penalty", "why-penalty", text, result=total, **values)]


def _stream(found: Evaluated) -> list[Reason]:
    """Explain what is spread over the instalments without interest on it."""
    terms, e = found.terms, found.terms.exponent
    first = found.rows[0]
    owed = {name: int(getattr(terms.owed, name)[0]) - getattr(first, name) for name in CHARGES}
    owed["interest"] += int(found.schedule.zero.accrued[found.index])
    parts = {name: money(amount, e) for name, amount in owed.items() if amount}
    if not parts or terms.inside or not any(p.asks in SPREADING for p in terms.phases):
        return []
    shown = " + ".join(f"{name} {amount}" for name, amount in parts.items())
    text = (
        "owed besides principal = {sum} = {result}: it bears no interest and is spread evenly "
        "over the instalments"
    )
    total = money(sum(owed.values()), e)
    return [reason("stream", "why-stream", text, sum=shown, result=total)]


def _interest(found: Evaluated, row: Row) -> Reason | None:
    """Explain the interest that accrued in a row."""
    terms, e = found.terms, found.terms.exponent
    amount = row.accrued.get("interest", 0)
    if not amount and not row.bearing:
        return None
    cost = cost_of_period(terms, terms.curve, row.n - 1)
    balance, result = money(row.bearing - _overdue(terms, row.n - 1), e), money(amount, e)
    if not amount:
        text = f"interest of row {row.n} = 0: none is charged"
        return Reason("interest", row.n, "why-no-interest", text, {"row": row.n})
    text = f"interest of row {row.n} = {balance} × {cost} = {result}"
    code = "why-interest"
    if terms.catch_up:
        text, code = f"{text}, the overdue part rounded apart", "why-interest-apart"
    values = {"row": row.n, "balance": balance, "cost": cost, "result": result}
    return Reason("interest", row.n, code, text, values)


def _overdue(terms: Terms, period: int) -> int:
    """Give the principal that is overdue when a period (from 0) opens: it bears penalty instead."""
    if terms.overdue is None:
        return 0
    return int(terms.overdue.principal[0]) + int(terms.overdue.falls_due[:period, 0].sum())


def _weighed(found: Evaluated) -> list[Reason]:
    """Explain instalments that follow weights, if they do."""
    from .weighed import is_weighed, weighed_reasons  # noqa: PLC0415 - it builds on this module

    return weighed_reasons(found) if is_weighed(found) else []


def _instalment(found: Evaluated) -> list[Reason]:
    """Explain the level instalment in force at the end, if one was computed."""
    terms, e = found.terms, found.terms.exponent
    level = int(found.schedule.totals.level[found.index])
    computed = [p for p in terms.phases if p.asks is Asks.LEVEL and not p.amount.any()]
    if not computed or not level or any(p.weight != WEIGHT for p in computed):
        return []
    begin = int(sum(int(p.count[0]) for p in terms.phases[: terms.phases.index(computed[-1])]))
    rows = found.rows[begin + 1 :]
    owed, bearing = rows[0].opening, rows[0].bearing
    stream = owed - bearing - int(terms.forborne[0]) - set_aside(found)
    n = len(rows)
    level_, p, s = money(level, e), money(bearing, e), money(max(stream, 0), e)
    extra = f" + {s} / {n}" if stream > 0 else ""
    text = (
        f"instalment = annuity of {p} over {n} periods from row {begin + 1}{extra}, "
        f"rounded {terms.rounding.instalment} = {level_}"
    )
    values = {
        "principal": p,
        "count": n,
        "row": begin + 1,
        "stream": s,
        "rounding": terms.rounding.instalment,
        "result": level_,
    }
    code = "why-instalment" if stream > 0 else "why-annuity"
    return [Reason("instalment", None, code, text, values)]


def _linear(found: Evaluated) -> list[Reason]:
    """Explain equal principal: what is repaid in each instalment."""
    phases, e = found.terms.phases, found.terms.exponent
    at = next((i for i, p in enumerate(phases) if p.asks is Asks.LINEAR and p.count.any()), None)
    if at is None:
        return []
    begin = sum(int(p.count[0]) for p in phases[:at])
    row, balloon = found.rows[begin + 1], int(found.terms.balloon[0])
    count = len(found.rows) - begin - 1
    text = "principal of each instalment from row {row} on = {principal} / {count} = {result}"
    values = {"principal": money(row.bearing - balloon, e), "count": count}
    result = money(row.principal, e)
    return [reason("principal", "why-linear", text, row=row.n, result=result, **values)]


def set_aside(found: Evaluated) -> int:
    """Add up what waits for the condition of a waiver."""
    return sum(int(p.amounts.total[0]) for p in found.terms.promises)


def _apr(figures: Figures, outlay: int, exponent: int) -> Reason:
    return reason(
        "apr",
        "why-apr",
        "APR = the annual rate ({convention}) at which the payments are worth {outlay} today "
        "= {result}",
        convention=figures.apr_convention,
        outlay=money(outlay, exponent),
        result=share(figures.apr or 0.0),
    )
