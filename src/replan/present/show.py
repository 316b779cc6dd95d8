"""`show` for people: per debt the steps, the asks, the schedule and a chart of the balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.asks import priced_ask, reason_line
from replan.present.blocks import Block, Cell, Heading, Lines, Preformatted, Table, number, table
from replan.present.chart import bars
from replan.present.compare import BASELINES, IF_CLEARED, introduction, look_up
from replan.present.estimates import estimate_blocks, question_blocks
from replan.present.figures import NONE, amount, is_zero, percent, whole
from replan.present.law import alerts
from replan.present.month_charts import month_charts
from replan.present.months import months_table, runs
from replan.present.remarks import exceeded, finding_text
from replan.present.words import Words

Record = Mapping[str, Any]
_PARTS = ("principal", "interest", "penalty", "fees")
# columns after number and date; those marked are left out where all rows have nothing
_COLUMNS = (
    ("accrued", False),
    ("capitalised", True),
    ("waived", True),
    ("payment", False),
    ("principal", False),
    ("interest", False),
    ("penalty", True),
    ("fees", True),
    ("balance", False),
)
_FIGURES = (
    ("typical_payment", amount),
    ("peak_payment", amount),
    ("months", whole),
    ("total_paid", amount),
    ("interest_paid", amount),
    ("waived", amount),
    ("forgone", amount),
    ("extra_cost", amount),
    ("residual", amount),
    ("apr", lambda share: percent(share, decimals=2)),
    ("npv_loss", lambda share: percent(share, decimals=2)),
    ("npv_chosen", lambda chosen: percent(chosen["npv_loss"], decimals=2)),
)
_TOLD = ("waived", "capitalised")
_FEW_ROWS = 2
_ROUNDING = ("interest", "instalment", "unit")
_HOUSEHOLD = (
    *_FIGURES,
    ("months_short", whole),
    ("largest_shortfall", amount),
    ("headroom", percent),
)
_IF_ANY = ("forgone", "residual", "npv_chosen")
_PER_DEBT = ("peak_payment", "months", "total_paid", "npv_loss")


def show_blocks(data: Record, words: Words, width: int = 80) -> list[Block]:
    """Lay out one plan in full, given in its JSON form; the chart is drawn *width* wide."""
    on_debts = [f for debt in data["debts"] for f in debt.get("findings", ()) if "debt" in f]
    blocks: list[Block] = [
        *alerts(on_debts, words),
        Heading(words("show.title", plan=data["plan"]), level=1),
        Lines(tuple(introduction(data, words))),
        *estimate_blocks(data, words),
    ]
    for debt in data["debts"]:
        blocks.extend(_debt(debt, words, width, baseline=data["plan"] in BASELINES))
    blocks.extend(_household(data, words, width))
    blocks.extend(question_blocks(data, words))
    return blocks


def _debt(debt: Record, words: Words, width: int, *, baseline: bool) -> Iterator[Block]:
    name = " · ".join(str(debt[key]) for key in ("id", "creditor") if debt.get(key))
    yield Heading(words("show.debt", name=name))
    if not debt.get("steps") and not baseline:
        yield Lines((words("show.keeps", debt=debt["id"]),))
    yield from _steps(_with_start(debt, words), words)
    yield from _asks(debt.get("asks_detail") or debt.get("asks", ()), words)
    yield Heading(words("show.schedule"), level=3)
    start = tuple(_at_start(debt["schedule"], words))
    if start:
        yield Lines(start, indent=2)
    yield schedule_table(debt["schedule"], words)
    yield from _why(debt.get("why", ()), words)
    if len(debt["schedule"]) > _FEW_ROWS:
        yield Heading(words("show.chart"), level=3)
        yield Preformatted(tuple(balance_bars(debt["schedule"], width=width)))
    yield _figure_lines(debt["metrics"], _FIGURES, words)
    remarks = tuple(_remarks(debt, words))
    if remarks:
        yield Lines(remarks, indent=2)


def _remarks(debt: Record, words: Words) -> Iterator[str]:
    """Say what else must be known: broken conditions, findings, conventions."""
    broken = debt["metrics"].get("if_broken")
    if broken:
        yield words("show.if_broken", amount=amount(broken["total_paid"]))
    for finding in exceeded(debt.get("findings", ())):
        if not finding.get("urgent"):
            yield finding_text(finding, words)
    used = debt.get("conventions")
    if used:
        rounding = used["rounding"]
        order = " → ".join(words.term("component", part) for part in used["allocation"])
        frequency = words.term("convention", used["frequency"])
        facts = {"day_count": used["day_count"], "frequency": frequency, "order": order}
        kept = {name: words.term("convention", rounding[name]) for name in _ROUNDING}
        yield words("show.conventions", **facts, **kept)


def _with_start(debt: Record, words: Words) -> list[Record]:
    """Return the steps, after what a plan changes by not asking for the arrears at once."""
    start = debt.get("start")
    first = [{"step": words("show.start"), **start}] if start else []
    return [*first, *debt.get("steps", ())]


def _steps(steps: Sequence[Record], words: Words) -> Iterator[Block]:
    effects = [_effect(step.get("effect") or {}) for step in steps]
    names = list(dict.fromkeys(name for effect in effects for name in effect))
    if not steps:
        return
    heads: list[Cell | str] = [
        words("show.step"),
        *(number(words.term("effect", name)) for name in names),
    ]
    rows: list[list[Cell | str]] = [
        [str(step["step"]), *(number(effect.get(name, NONE)) for name in names)]
        for step, effect in zip(steps, effects, strict=True)
    ]
    yield Heading(words("show.steps"), level=3)
    yield table(heads, rows, keys=1)
    if names:
        yield Lines((words("show.steps_note"),), tone="quiet")


def _effect(effect: Record) -> dict[str, str]:
    """Print what a step changes: amounts with their sign, shares in percent."""
    return {
        name: percent(value) if isinstance(value, float) else amount(value)
        for name, value in effect.items()
        if not isinstance(value, Mapping | list | tuple)
    }


def _asks(asks: Sequence[Record | str], words: Words) -> Iterator[Block]:
    if asks:
        yield Heading(words("show.asks"), level=3)
        lines = (f"{count}. {priced_ask(ask, words)}" for count, ask in enumerate(asks, 1))
        yield Lines(tuple(lines), indent=3)


def schedule_table(schedule: Sequence[Record], words: Words) -> Table:
    """Return the dated rows; columns in which nothing happens are left out.

    What is waived or capitalised on the as-of date alone stands in a sentence above the table.
    """
    rows = [_flat(row) for row in schedule]
    columns = [
        name
        for name, optional in _COLUMNS
        if not optional or any(not is_zero(row[name]) for row in rows if not _is_told(row, name))
    ]
    heads: list[Cell | str] = [
        number("#"),
        words("column.due"),
        *(number(words(f"column.{name}")) for name in columns),
    ]
    body = [_schedule_row(row, columns) for row in rows]
    return table(heads, [*body, _totals(rows, columns, words)], keys=2)


def _is_told(row: Record, column: str) -> bool:
    return row["n"] == 0 and column in _TOLD


def _at_start(schedule: Sequence[Record], words: Words) -> Iterator[str]:
    """Say what is waived or capitalised on the as-of date."""
    first = schedule[0]
    parts = {name: part for name, part in (first.get("waived") or {}).items() if not is_zero(part)}
    if parts:
        named = (f"{words.term('component', name)} {amount(part)}" for name, part in parts.items())
        yield words("show.waived", parts=words("list.separator").join(named))
    if not is_zero(first.get("capitalised")):
        yield words("show.capitalised", amount=amount(first["capitalised"]))


def _totals(rows: Sequence[Record], columns: Sequence[str], words: Words) -> list[Cell | str]:
    sums = {name: total({str(n): row[name] for n, row in enumerate(rows)}) for name in columns}
    sums["balance"] = ""
    figures = (number(_sum(sums[name]), "strong") for name in columns)
    return ["", Cell(words("column.total"), "strong"), *figures]


def _sum(value: str) -> str:
    return "" if not value else NONE if is_zero(value) else amount(value)


def _flat(row: Record) -> dict[str, object]:
    sums = {name: total(row.get(name)) for name in ("accrued", "waived", "capitalised")}
    return {**row, **sums}


def total(parts: object) -> str:
    """Add up the components of a row: {"interest": "399.00", "fees": "1.00"} is "400.00"."""
    if isinstance(parts, Mapping):
        return str(sum((Decimal(str(part)) for part in parts.values()), Decimal(0)))
    return str(parts if parts is not None else 0)


def _schedule_row(row: Record, columns: Sequence[str]) -> list[Cell | str]:
    figures = (NONE if is_zero(row[name]) else amount(row[name]) for name in columns)
    return [number(str(row["n"])), str(row["due"]), *map(number, figures)]


def balance_bars(schedule: Sequence[Record], *, width: int) -> Iterator[str]:
    """Draw the balance after each row."""
    rows = [(str(r["due"]), amount(r["balance"]), float(r["balance"])) for r in schedule]
    return bars(rows, width=width)


def _why(lines: Sequence[Record | str], words: Words) -> Iterator[Block]:
    if lines:
        yield Heading(words("show.why"), level=3)
        yield Lines(tuple(reason_line(line, words) for line in lines), indent=4)


def _figure_lines(metrics: Record, figures: Sequence[tuple[str, Any]], words: Words) -> Table:
    first = metrics.get("first_payment") or {}
    rows: list[list[Cell | str]] = []
    if first:
        rows.append([words("figure.first_payment"), number(amount(first.get("amount")))])
        rows.append([words("figure.first_date"), number(str(first.get("date") or NONE))])
    left = not is_zero(metrics.get("residual"))
    rows.extend(
        [words(f"figure.{name}"), number(form(metrics.get(name)))]
        for name, form in figures
        if not (name in _IF_ANY and is_zero(metrics.get(name)))
        and not (name in IF_CLEARED and left)
    )
    return table([words("show.figure"), number(words("show.value"))], rows, keys=2)


def _household(data: Record, words: Words, width: int) -> Iterator[Block]:
    """Put the debts side by side, then their sums, month by month, and the verdict."""
    household = data.get("household") or {}
    metrics = household.get("metrics")
    if not metrics:
        return
    yield Heading(words("show.household"))
    if len(data["debts"]) > 1:
        yield _side_by_side(data["debts"], words)
    if runs(household.get("by_month", ())):
        yield months_table(household["by_month"], words)
        yield from month_charts(household["by_month"], words, width)
    yield _figure_lines(metrics, _HOUSEHOLD, words)
    yield from _why(household.get("why", ()), words)
    verdict = str(look_up(metrics, "verdict") or "not-assessed")
    reasons = tuple(words.term("unassessed", r) for r in metrics.get("not_assessed") or ())
    if reasons:
        yield Lines(reasons, indent=2)
    yield Lines((words("show.verdict", verdict=words.term("verdict", verdict)),), tone="strong")
    if hoped := look_up(metrics, "verdict_hoped"):
        yield Lines((words("show.hoped", verdict=words.term("verdict", str(hoped))),))


def _side_by_side(debts: Sequence[Record], words: Words) -> Table:
    """List every debt with what it comes to."""
    figures = [(name, form) for name, form in _FIGURES if name in _PER_DEBT]
    heads: list[Cell | str] = [words("check.debt"), words("figure.first_date")]
    heads += [number(words(f"figure.{name}")) for name, _ in figures]
    rows: list[list[Cell | str]] = [
        [
            str(debt["id"]),
            str(look_up(debt["metrics"], "first_payment.date") or NONE),
            *(number(form(debt["metrics"].get(name))) for name, form in figures),
        ]
        for debt in debts
    ]
    return table(heads, rows, keys=1)


def show_records(data: Record) -> list[dict[str, object]]:
    """Flatten a plan for CSV: one record per debt and row."""
    return [
        {
            "plan": data["plan"],
            "debt": debt["id"],
            "n": row["n"],
            "due": row["due"],
            "opening": row["opening"],
            **{f"accrued_{part}": (row.get("accrued") or {}).get(part, "0") for part in _PARTS},
            "capitalised": total(row.get("capitalised")),
            **{f"waived_{part}": (row.get("waived") or {}).get(part, "0") for part in _PARTS},
            "payment": row["payment"],
            **{part: row[part] for part in _PARTS},
            "balance": row["balance"],
        }
        for debt in data["debts"]
        for row in debt["schedule"]
    ]
