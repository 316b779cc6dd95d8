"""Results as workbooks: an overview, a sheet for each debt, totals as live formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from replan.model.currency import EXPONENTS
from replan.present.asks import ask_line
from replan.present.blocks import Block, Heading, Lines
from replan.present.compare import (
    FIGURES,
    IF_CLEARED,
    introduction,
    look_up,
    mark_plans,
    sort_plans,
)
from replan.present.estimates import estimate_blocks, question_blocks
from replan.present.figures import is_zero
from replan.present.law import alerts, law
from replan.present.show import total
from replan.present.words import Words
from replan.present.workbook import (
    Kind,
    Row,
    Sheet,
    Value,
    Workbook,
    amount,
    cell,
    cells,
    figure,
    guess,
    sheet_name,
    text,
    totals,
)

Record = Mapping[str, Any]
_EPOCH = date(2000, 1, 1)
_LONGEST = 8000
"""A formula has at most 8,192 characters."""
_KINDS: dict[str, Kind] = {
    "first_date": "date",
    "months": "count",
    "months_short": "count",
    "apr": "share",
    "npv_loss": "share",
    "headroom": "share",
}
_SUMMED = ("total_paid", "interest_paid", "waived", "forgone", "extra_cost", "residual")
_PARTS = ("principal", "interest", "penalty", "fees")
_ROW = ("opening", "accrued", "capitalised", "waived", "payment", *_PARTS, "balance")
_AT = {name: column for column, name in enumerate(("n", "due", *_ROW))}
_PER_DEBT = (
    *("first_date", "first_payment", "typical_payment", "peak_payment", "months", "total_paid"),
    *("interest_paid", "waived", "forgone", "extra_cost", "residual", "apr", "npv_loss"),
)


def workbook_of(
    data: Record, words: Words, *, kind: str, records: Sequence[Mapping[str, object]]
) -> Workbook:
    """Return the workbook of a result."""
    makers: dict[str, Callable[[Record, Words], Iterator[Sheet]]] = {
        "compare": compare_sheets,
        "show": show_sheets,
        "check": check_sheets,
    }
    sheets = makers[kind](data, words) if kind in makers else iter([_record_sheet(records, words)])
    about = next(iter(data.get("cases", ())), data)
    made = date.fromisoformat(about["as_of"]) if about.get("as_of") else _EPOCH
    exponent = EXPONENTS.get(str(about.get("currency")), 2)
    return Workbook(tuple(sheets), exponent, made, "replan")


def _record_sheet(records: Sequence[Mapping[str, object]], words: Words) -> Sheet:
    heads = tuple(records[0]) if records else ()
    rows = (tuple(guess(record.get(head)) for head in heads) for record in records)
    return Sheet(words("sheet.overview"), heads, tuple(rows))


def _notes(data: Record, words: Words) -> tuple[str, ...]:
    on_debts = data.get("findings", ())
    blocks = (
        *alerts(on_debts, words),
        *estimate_blocks(data, words),
        *question_blocks(data, words),
        *law(on_debts, words),
    )
    told = (sentence for block in blocks for sentence in _sentences(block))
    return (*introduction(data, words), *told)


def _sentences(block: Block) -> tuple[str, ...]:
    match block:
        case Heading(told):
            return (told,)
        case Lines(texts):
            return texts
        case _:
            return ()


def _names(debts: Sequence[Record]) -> list[str]:
    return [sheet_name(n, str(debt["id"])) for n, debt in enumerate(debts, start=1)]


def _figure(metrics: Record, name: str, formula: str = "") -> Value:
    """Return a figure as a cell; one that means nothing while something is left over is empty."""
    if name in IF_CLEARED and not is_zero(metrics.get("residual")):
        return figure(None, _KINDS.get(name, "amount"))
    path = next(path for known, path, *_ in FIGURES if known == name)
    return figure(look_up(metrics, path), _KINDS.get(name, "amount"), formula)


# ---- one plan


def show_sheets(data: Record, words: Words) -> Iterator[Sheet]:
    """Yield the sheets of one plan: overview, months, asks, and each debt's schedule."""
    debts = data["debts"]
    names = _names(debts)
    yield _plan_sheet(data, names, words)
    by_month = (data.get("household") or {}).get("by_month", ())
    if by_month:
        yield _months_sheet(by_month, debts, names, words)
    asks = [
        (text(debt["id"]), Value(float(n), "count"), text(ask_line(ask, words)), _cost(ask))
        for debt in debts
        for n, ask in enumerate(debt.get("asks_detail", ()), start=1)
    ]
    if asks:
        heads = (words("check.debt"), "#", words("sheet.ask"), words("sheet.cost"))
        yield Sheet(words("sheet.asks"), heads, tuple(asks), keys=2)
    for debt, name in zip(debts, names, strict=True):
        yield _schedule_sheet(debt, name, words)


def _cost(ask: Record) -> Value:
    return amount(ask.get("cost"))


def _plan_sheet(data: Record, names: Sequence[str], words: Words) -> Sheet:
    columns = ("peak_payment", "total_paid", "waived", "residual")
    heads = (
        words("check.debt"),
        words("check.creditor"),
        words("figure.first_date"),
        words("sheet.last_date"),
        *(words(f"figure.{name}") for name in columns),
    )
    rows = [_plan_row(debt, name) for debt, name in zip(data["debts"], names, strict=True)]
    rows.append(totals(heads, rows, words("column.total"), last=4))
    metrics = (data.get("household") or {}).get("metrics") or {}
    verdict = words.term("verdict", str(metrics.get("verdict") or "not-assessed"))
    title = words("show.title", plan=data["plan"])
    notes = (title, words("show.verdict", verdict=verdict), *_notes(data, words))
    return Sheet(words("sheet.overview"), heads, tuple(rows), notes=notes)


def _plan_row(debt: Record, name: str) -> Row:
    metrics, last = debt["metrics"], len(debt["schedule"])

    def column(part: str) -> str:
        return cells(1, last, _AT[part], sheet=name)

    return (
        text(debt["id"]),
        text(debt.get("creditor")),
        _figure(metrics, "first_date"),
        figure(metrics.get("final_due"), "date"),
        amount(metrics["peak_payment"], f"MAX({column('payment')})"),
        amount(metrics["total_paid"], f"SUM({column('payment')})"),
        amount(metrics["waived"], f"SUM({column('waived')})"),
        amount(metrics.get("residual"), cell(last, _AT["balance"], sheet=name)),
    )


def _schedule_sheet(debt: Record, name: str, words: Words) -> Sheet:
    heads = ("#", words("column.due"), *(words(f"column.{part}") for part in _ROW))
    rows = [_schedule_row(row, at) for at, row in enumerate(debt["schedule"], start=1)]
    sums = totals(heads, rows, words("column.total"), last=_AT["opening"])
    closing = Value(None, "amount", strong=True)
    return Sheet(name, heads, (*rows, (*sums[:-1], closing)), keys=2)


def _schedule_row(row: Record, at: int) -> Row:
    """Return a row: it opens where the last one closed, and closes by its own figures."""

    def place(name: str) -> str:
        return cell(at, _AT[name])

    values = {name: total(row.get(name)) for name in _ROW}
    formulas = {
        "opening": cell(at - 1, _AT["balance"]) if at > 1 else "",
        "payment": "+".join(place(part) for part in _PARTS),
        "balance": (f"{place('opening')}+{place('accrued')}-{place('waived')}-{place('payment')}"),
    }
    amounts = (amount(values[name], formulas.get(name, "")) for name in _ROW)
    return (Value(float(row["n"]), "count"), figure(row["due"], "date"), *amounts)


def _months_sheet(
    by_month: Sequence[Record], debts: Sequence[Record], names: Sequence[str], words: Words
) -> Sheet:
    """List the months; what is paid is added up from the schedules where all debts are there."""
    paid = sum((Decimal(row["payment"]) for d in debts for row in d["schedule"]), Decimal(0))
    live = paid == sum((Decimal(month["payment"]) for month in by_month), Decimal(0))
    heads = (
        words("month.month"),
        words("month.paid"),
        words("month.left"),
        words("month.missing"),
        words("column.balance"),
    )
    ends = [len(debt["schedule"]) for debt in debts]
    rows = []
    for at, month in enumerate(by_month, start=1):
        formula = "+".join(_in_month(at, n, end) for n, end in zip(names, ends, strict=True))
        short = f"MAX(0,{cell(at, 1)}-MAX({cell(at, 2)},0))"
        rows.append(
            (
                figure(month["month"], "month"),
                amount(month["payment"], formula if live and len(formula) < _LONGEST else ""),
                amount(month.get("surplus")),
                amount(month.get("short"), short),
                amount(month.get("balance")),
            )
        )
    sums = totals(heads[:2], [row[:2] for row in rows], words("column.total"), last=0)
    return Sheet(words("sheet.months"), heads, (*rows, sums))


def _in_month(at: int, name: str, end: int) -> str:
    """Add up what a debt's schedule pays in the month of row *at*."""
    due = cells(1, end, _AT["due"], sheet=name)
    month = cell(at, 0)
    within = f'{due},">="&{month},{due},"<"&EDATE({month},1)'
    return f"SUMIFS({cells(1, end, _AT['payment'], sheet=name)},{within})"


# ---- plans side by side


def compare_sheets(data: Record, words: Words) -> Iterator[Sheet]:
    """Yield the sheets of a comparison: overview, months, and each debt under every plan."""
    plans = sort_plans(data["plans"])
    marks = [words.term("plan", mark) for mark in mark_plans(plans)]
    debts = plans[0].get("debts", ()) if plans else ()
    names = _names(debts)
    yield _overview(data, plans, marks, names, words)
    yield _paths_sheet(plans, marks, words)
    for at, name in enumerate(names):
        rows = [
            (text(mark), text(plan["debts"][at]["plan"]), *_debt_figures(plan["debts"][at]))
            for mark, plan in zip(marks, plans, strict=True)
        ]
        heads = tuple(words(f"figure.{figure_}") for figure_ in _PER_DEBT)
        yield Sheet(name, (words("sheet.plan"), words("show.steps"), *heads), tuple(rows), keys=2)


def _debt_figures(debt: Record) -> Iterator[Value]:
    return (_figure(debt["metrics"], name) for name in _PER_DEBT)


def _overview(
    data: Record,
    plans: Sequence[Record],
    marks: Sequence[str],
    names: Sequence[str],
    words: Words,
) -> Sheet:
    """Put figures in rows and plans in columns; sums of debts and of months are formulas."""
    rows: list[Row] = []
    for name, *_ in FIGURES:
        formulas = [_over_debts(name, at, names) for at in range(len(plans))]
        if name in {"peak_payment", "total_paid"}:
            formulas = [_over_months(name, at, plans, words) for at in range(len(plans))]
        values = (
            _figure(plan["metrics"], name, formula)
            for plan, formula in zip(plans, formulas, strict=True)
        )
        rows.append((text(words(f"figure.{name}")), *values))
    verdicts = (str(plan["metrics"].get("verdict") or "not-assessed") for plan in plans)
    rows.append(
        (text(words("figure.verdict")), *(text(words.term("verdict", v)) for v in verdicts))
    )
    legend = tuple(
        words("compare.legend", mark=mark, meaning=_meaning(plan, words))
        for mark, plan in zip(marks, plans, strict=True)
    )
    notes = (*legend, *_notes(data, words))
    return Sheet(words("sheet.overview"), ("", *marks), tuple(rows), notes=notes)


def _meaning(plan: Record, words: Words) -> str:
    return words.find(f"baseline.{plan['plan']}") or str(plan["plan"])


def _over_debts(name: str, at: int, names: Sequence[str]) -> str:
    """Add up a figure of plan *at* over the debts' sheets."""
    if name not in _SUMMED:
        return ""
    column = 2 + _PER_DEBT.index(name)
    return "+".join(cell(at + 1, column, sheet=sheet) for sheet in names)


def _over_months(name: str, at: int, plans: Sequence[Record], words: Words) -> str:
    count = max(len(plan.get("by_month", ())) for plan in plans)
    function = "SUM" if name == "total_paid" else "MAX"
    return f"{function}({cells(1, count, 2 + at, sheet=words('sheet.months'))})" if count else ""


def _paths_sheet(plans: Sequence[Record], marks: Sequence[str], words: Words) -> Sheet:
    paid = [{m["month"]: m["payment"] for m in plan.get("by_month", ())} for plan in plans]
    left = {
        m["month"]: m["surplus"]
        for plan in plans
        for m in plan.get("by_month", ())
        if m.get("surplus") is not None
    }
    months = sorted({month for sums in paid for month in sums})
    rows = [
        (
            figure(month, "month"),
            amount(left.get(month)),
            *(amount(sums.get(month, "0")) for sums in paid),
        )
        for month in months
    ]
    heads = (words("month.month"), words("month.left"), *marks)
    sums = totals(heads, rows, words("column.total"), last=1)
    return Sheet(words("sheet.months"), heads, (*rows, sums), keys=2)


# ---- what a file says


def check_sheets(data: Record, words: Words) -> Iterator[Sheet]:
    """Yield the sheets of a check: the balances of each case, then the problems."""
    parts = (*_PARTS, "outstanding", "arrears")
    heads = (
        words("check.debt"),
        words("check.creditor"),
        words("check.rate"),
        words("check.days_past_due"),
        *(
            words(f"check.{p}") if p in {"outstanding", "arrears"} else words(f"column.{p}")
            for p in parts
        ),
    )
    for n, case in enumerate(data["cases"], start=1):
        rows = [_balance_row(debt, at, parts) for at, debt in enumerate(case["debts"], start=1)]
        rows.append(totals(heads, rows, words("check.total"), last=3))
        name = words("sheet.overview") if n == 1 else f"{words('sheet.overview')} {n}"
        yield Sheet(name, heads, tuple(rows), notes=_notes(case, words))
    if data["issues"]:
        keys = ("severity", "where", "message", "hint")
        problems = (
            (text(words.term("severity", issue["severity"])), *(text(issue[k]) for k in keys[1:]))
            for issue in data["issues"]
        )
        titles = tuple(words(f"sheet.{key}") for key in keys)
        yield Sheet(words("sheet.problems"), titles, tuple(problems))


def _balance_row(debt: Record, at: int, parts: Sequence[str]) -> Row:
    owed = f"SUM({cell(at, 4)}:{cell(at, 3 + len(_PARTS))})"
    amounts = (amount(debt[part], owed if part == "outstanding" else "") for part in parts)
    days = figure(debt["days_past_due"], "count")
    return (text(debt["id"]), text(debt["creditor"]), text(debt["rate"]), days, *amounts)
