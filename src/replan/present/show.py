"""`show` for people: per debt the steps, the asks, the schedule and a chart of the balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.asks import priced_ask, reason_line
from replan.present.blocks import Block, Cell, Heading, Lines, Preformatted, Table, number, table
from replan.present.chart import bars
from replan.present.compare import look_up
from replan.present.figures import NONE, amount, is_zero, percent, whole
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
    ("apr", lambda share: percent(share, decimals=2)),
    ("npv_loss", percent),
)
_ROUNDING = ("interest", "instalment", "unit")
_HOUSEHOLD = (
    ("peak_payment", amount),
    ("total_paid", amount),
    ("months", whole),
    ("months_short", whole),
    ("largest_shortfall", amount),
    ("headroom", percent),
)


def show_blocks(data: Record, words: Words, width: int = 80) -> list[Block]:
    """Lay out one plan in full, given in its JSON form; the chart is drawn *width* wide."""
    blocks: list[Block] = [
        Heading(words("show.title", plan=data["plan"]), level=1),
        Lines((words("compare.currency", currency=data["currency"]),)),
    ]
    for debt in data["debts"]:
        blocks.extend(_debt(debt, words, width))
    blocks.extend(_household(data.get("household") or {}, words))
    return blocks


def _debt(debt: Record, words: Words, width: int) -> Iterator[Block]:
    name = " · ".join(str(debt[key]) for key in ("id", "creditor") if debt.get(key))
    yield Heading(words("show.debt", name=name))
    if debt.get("plan"):
        yield Lines((words("show.debt_plan", plan=debt["plan"]),))
    yield from _steps(debt.get("steps", ()), words)
    yield from _asks(debt.get("asks_detail") or debt.get("asks", ()), words)
    yield Heading(words("show.schedule"), level=3)
    yield schedule_table(debt["schedule"], words)
    yield from _why(debt.get("why", ()), words)
    yield Heading(words("show.chart"), level=3)
    yield Preformatted(tuple(balance_bars(debt["schedule"], width=width)))
    yield _figure_lines(debt["metrics"], _FIGURES, words)
    yield Lines(tuple(_remarks(debt, words)), indent=2)


def _remarks(debt: Record, words: Words) -> Iterator[str]:
    """Say what else must be known: broken conditions, findings, conventions."""
    broken = debt["metrics"].get("if_broken")
    if broken:
        yield words("show.if_broken", amount=amount(broken["total_paid"]))
    for finding in exceeded(debt.get("findings", ())):
        yield finding_text(finding, words)
    used = debt.get("conventions")
    if used:
        rounding = used["rounding"]
        order = " → ".join(words.term("component", part) for part in used["allocation"])
        facts = {"day_count": used["day_count"], "frequency": used["frequency"], "order": order}
        yield words("show.conventions", **facts, **{k: rounding[k] for k in _ROUNDING})


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
    """Return the dated rows; columns in which nothing happens are left out."""
    rows = [_flat(row) for row in schedule]
    columns = [
        name
        for name, optional in _COLUMNS
        if not (optional and all(is_zero(row[name]) for row in rows))
    ]
    heads: list[Cell | str] = [
        number("#"),
        words("column.due"),
        *(number(words(f"column.{name}")) for name in columns),
    ]
    body = [_schedule_row(row, columns) for row in rows]
    return table(heads, [*body, _totals(rows, columns, words)], keys=2)


def _totals(rows: Sequence[Record], columns: Sequence[str], words: Words) -> list[Cell | str]:
    sums = {name: total({str(n): row[name] for n, row in enumerate(rows)}) for name in columns}
    sums["balance"] = ""
    figures = (number(amount(sums[name]) if sums[name] else "", "strong") for name in columns)
    return ["", Cell(words("column.total"), "strong"), *figures]


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
    rows.extend(
        [words(f"figure.{name}"), number(form(metrics.get(name)))] for name, form in figures
    )
    return table([words("show.figure"), number(words("show.value"))], rows, keys=2)


def _household(household: Record, words: Words) -> Iterator[Block]:
    metrics = household.get("metrics")
    if not metrics:
        return
    yield Heading(words("show.household"))
    verdict = str(look_up(metrics, "verdict") or "not-assessed")
    yield _figure_lines(metrics, _HOUSEHOLD, words)
    yield Lines((words("show.verdict", verdict=words.term("verdict", verdict)),), tone="strong")


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
