"""The tables of the documents for a lender; each adds up to the plan's totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.blocks import Block, Cell, number, table
from replan.present.drawings import FEW_ROWS, debt_track, draw_balances, draw_payments
from replan.present.figures import NONE, amount, is_zero
from replan.present.show import schedule_table
from replan.present.templates import Value
from replan.present.wording import day_text, money_text, month_text, rates_text
from replan.present.words import Words

Record = Mapping[str, Any]
Row = list[Cell | str]
_COLUMNS = ("owed", "accrued", "moved", "waived", "paid", "left")
_IF_ANY = ("accrued", "moved", "waived", "left")
_MOST_RUNS = 8
"""Payments of more different amounts stand in the schedule only, first to last in one row here."""


def tables_of(lender: Record, words: Words) -> dict[str, Value]:
    """Return every table that a document for the lender can have; None where there is none."""
    makers: dict[str, Callable[[Record, Words], Iterator[Block]]] = {
        "runs_table": _runs,
        "balance_table": _balance,
        "early_table": _early,
        "article_table": _article,
        "schedule_table": _schedule,
        "budget_table": _budget,
        "months_table": _months,
        "debts_table": _debts,
        "payments_chart": _payments_chart,
        "balance_chart": _balance_chart,
    }
    tables: dict[str, Value] = {name: list(make(lender, words)) for name, make in makers.items()}
    return tables | {"people": people_line(lender, words)}


def _strong(text: str) -> Cell:
    return Cell(text, "strong")


def _sum(value: object) -> Cell:
    return number(amount(value), "strong")


def _runs(lender: Record, words: Words) -> Iterator[Block]:
    keys = ("first", "last")
    heads: Row = [words(f"offer.col_{key}") for key in keys]
    heads += [number(words(f"offer.col_{key}")) for key in ("count", "each", "sum")]
    rows: list[Row] = [
        [
            *(day_text(run[key], words) for key in keys),
            number(str(run["count"])),
            number(amount(run["amount"])),
            number(amount(run["sum"])),
        ]
        for run in lender["runs"]
    ]
    if len(rows) > _MOST_RUNS:
        rows = [_all_runs(lender, words)]
    total: Row = [_strong(words("column.total")), ""]
    total += [number(str(lender["payments"]), "strong"), "", _sum(lender["total_paid"])]
    yield table(heads, [*rows, total], keys=2)


def _all_runs(lender: Record, words: Words) -> Row:
    runs = lender["runs"]
    sums = sorted(Decimal(run["amount"]) for run in runs)
    ends = [day_text(runs[0]["first"], words), day_text(runs[-1]["last"], words)]
    each = f"{amount(sums[0])}–{amount(sums[-1])}"
    return [*ends, number(str(lender["payments"])), number(each), number(amount(_paid(lender)))]


def _paid(lender: Record) -> Decimal:
    return sum((Decimal(run["sum"]) for run in lender["runs"]), Decimal(0))


def _balance(lender: Record, words: Words) -> Iterator[Block]:
    """Say of each component: owed + accrues + moved - waived - paid = left."""
    entries = lender["components"]
    columns = [
        name
        for name in _COLUMNS
        if name not in _IF_ANY or any(not is_zero(entry[name]) for entry in entries)
    ]
    heads: Row = [words("offer.component")]
    heads += [number(words(f"offer.col_{name}")) for name in columns]
    rows: list[Row] = [
        [words.term("component", entry["component"]), *(number(amount(entry[c])) for c in columns)]
        for entry in entries[:-1]
    ]
    total: Row = [_strong(words("column.total")), *(_sum(entries[-1][c]) for c in columns)]
    yield table(heads, [*rows, total], keys=1)


def _early(lender: Record, words: Words) -> Iterator[Block]:
    if lender["early"]:
        heads: Row = [words("offer.col_day")]
        heads += [number(words(f"offer.col_{key}")) for key in ("payoff", "saved")]
        rows: list[Row] = [
            [
                day_text(entry["due"], words),
                number(amount(entry["payoff"])),
                number(amount(entry["saved"])),
            ]
            for entry in lender["early"]
        ]
        yield table(heads, rows, keys=1)


def _article(lender: Record, words: Words) -> Iterator[Block]:
    """Set the six items that article 70 requires against what this offer states of each."""
    if lender["article_70"]:
        facts = _article_facts(lender, words)
        rows: list[Row] = [
            [
                words(
                    "pack.at_hand", item=words("offer.numbered", n=n, text=words(f"article.{n}"))
                ),
                words(f"stated.{n}", **facts.get(n, {})),
            ]
            for n in range(1, 7)
        ]
        heads: Row = [words("offer.col_required"), words("offer.col_stated")]
        yield table(heads, rows, keys=1)


def _article_facts(lender: Record, words: Words) -> dict[int, dict[str, object]]:
    entries = {entry["component"]: entry for entry in lender["components"]}
    total = entries["total"]
    parts = (
        f"{words.term('component', name)} {amount(entry['owed'])}"
        for name, entry in entries.items()
        if name != "total"
    )
    rates = rates_text(lender["rates"], words)

    def accrued(name: str) -> str:
        return amount(entries[name]["accrued"] if name in entries else "0.00")

    owed = money_text(total["owed"], lender["currency"], words)
    currency = words.term("currency", lender["currency"])
    return {
        1: {"total": owed, "parts": words("list.separator").join(parts), "currency": currency},
        2: {"currency": currency, **_rhythm(lender, words)},
        3: {"rates": rates, "accrued": accrued("interest"), "fees": accrued("fees")},
    }


def _rhythm(lender: Record, words: Words) -> dict[str, object]:
    """Give cycle and method, number, sum and both ends of the payments."""
    return {
        "cycle": _cycle(lender["frequency"], words),
        "method": words("offer.level" if lender["level"] else "offer.uneven"),
        "count": lender["payments"],
        "sum": amount(lender["total_paid"]),
        "first": day_text(lender["runs"][0]["first"], words) if lender["runs"] else NONE,
        "last": day_text(lender["final_due"], words),
    }


def _cycle(frequency: str, words: Words) -> str:
    """Say how often payments are due: month, or 15-days."""
    count, _, unit = frequency.partition("-")
    known = words.find(f"cycle.{frequency}")
    return known or words.term("cycle", f"n-{unit}").format(n=count)


def _schedule(lender: Record, words: Words) -> Iterator[Block]:
    yield schedule_table(lender["schedule"], words)


def _payments_chart(lender: Record, words: Words) -> Iterator[Block]:
    """Draw the payments on this account; what is left for them is the statement's."""
    if len(lender["schedule"]) > FEW_ROWS:
        unit = str(lender["currency"])
        yield draw_payments(lender["schedule"], key="payments", unit=unit, words=words)


def _balance_chart(lender: Record, words: Words) -> Iterator[Block]:
    if len(lender["schedule"]) > FEW_ROWS:
        title, unit = words("report.owed"), str(lender["currency"])
        track = debt_track({"id": words("offer.this_account"), "schedule": lender["schedule"]})
        yield draw_balances([track], key="balance", title=title, unit=unit, words=words)


# ---- income and costs


def _budget(lender: Record, words: Words) -> Iterator[Block]:
    statement = (lender["finances"] or {}).get("statement")
    if statement:
        rows = [*_side(statement, "income", words), *_side(statement, "expenses", words)]
        rows += [
            [words("offer.savings"), number(amount(statement["savings"]))],
            [words("offer.buffer"), number(amount(statement["buffer"]))],
            [_strong(words("offer.left")), _sum(statement["left"])],
        ]
        yield table([words("offer.item"), number(words("offer.each_month"))], rows, keys=1)


def _side(statement: Record, side: str, words: Words) -> Iterator[Row]:
    for part in statement[side]:
        yield [words.term("section", part["section"]), number(amount(part["monthly"]))]
    key, total = {
        "income": ("offer.income", "income_sum"),
        "expenses": ("offer.costs", "costs_sum"),
    }[side]
    yield [_strong(words(key)), _sum(statement[total])]


def people_line(lender: Record, words: Words) -> str | None:
    """Say who lives from the budget, as counts."""
    statement = (lender["finances"] or {}).get("statement") or {}
    people = statement.get("people") or {}
    counts = [
        words("budget.count", kind=words.term("people", kind), n=n)
        for kind, n in people.items()
        if n
    ]
    separator = words("list.separator")
    return words("offer.people", counts=separator.join(counts)) if counts else None


def _months(lender: Record, words: Words) -> Iterator[Block]:
    """List what is left month by month, beside it what it would be with expected income."""
    path = (lender["finances"] or {}).get("path")
    if path:
        columns = (
            ["left", "hoped"] if any(run["hoped"] != run["left"] for run in path) else ["left"]
        )
        heads: Row = [words("offer.col_first"), words("offer.col_last")]
        heads += [number(words(f"offer.{name}_head")) for name in columns]
        rows: list[Row] = [
            [
                *(month_text(run[end], words) for end in ("first", "last")),
                *(number(amount(run[name])) for name in columns),
            ]
            for run in path
        ]
        yield table(heads, rows, keys=2)


def _debts(lender: Record, words: Words) -> Iterator[Block]:
    """Say what all debts take of the month of the first payment, others by kind and unnamed."""
    others = lender["others"]
    named: list[tuple[str, str, str]] = [
        (
            words(f"offer.{kind}", count=others[kind]["count"]),
            others[kind]["owed"],
            others[kind]["paid"],
        )
        for kind in ("priority", "ordinary")
        if others[kind]["count"]
    ]
    named.append((words("offer.this"), lender["components"][-1]["owed"], others["own"]))
    heads: Row = [words("offer.item"), number(words("offer.owed_now"))]
    heads.append(number(words("offer.in_month", month=month_text(others["month"], words))))
    rows: list[Row] = [
        [name, number(amount(owed)), number(amount(paid))] for name, owed, paid in named
    ]
    yield table(heads, [*rows, *_rests(others, named, words)], keys=1)


def _rests(others: Record, named: Sequence[tuple[str, str, str]], words: Words) -> Iterator[Row]:
    owed, paid = (sum((Decimal(one[at]) for one in named), Decimal(0)) for at in (1, 2))
    yield [_strong(words("column.total")), _sum(owed), _sum(paid)]
    if others["left"] is not None:
        left, first = Decimal(others["left"]), Decimal(others["priority"]["paid"])
        yield [words("offer.left"), "", number(amount(left))]
        if first:
            yield [words("offer.not_first"), "", number(amount(left - first))]
        yield [words("offer.rest"), "", number(amount(Decimal(others["left"]) - paid))]
        if others["hoped"] != others["left"]:
            hoped = Decimal(others["hoped"]) - paid
            yield [words("offer.rest_hoped"), "", number(amount(hoped))]
