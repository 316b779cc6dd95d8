"""The view for a client: few columns, plain words, and nothing that is not the client's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.asks import joined
from replan.present.blocks import Block, Cell, Heading, Lines, Tone, number, table
from replan.present.compare import introduction, mark_plans
from replan.present.figures import NONE, amount, is_zero
from replan.present.law import alerts
from replan.present.months import path_line
from replan.present.routes import route_blocks
from replan.present.words import Words

Record = Mapping[str, Any]
MOST = 5
"""Plans that stand side by side; with their labels that is six columns."""
_TONES: dict[str, Tone] = {"fits": "good", "tight": "strong", "short": "bad"}


def comparison_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a comparison: what each plan asks for, then its figures in plain words."""
    plans, marks = data["plans"], mark_plans(data["plans"])
    names = [words.term("client", mark) for mark in marks]
    blocks: list[Block] = [
        *alerts(data["urgent"], words),
        *route_blocks(data["routes"], words),
        Heading(words("client.title"), level=1),
        Lines(tuple(_introduction(data, words))),
        Lines(tuple(_meanings(plans, names, words)), indent=3),
    ]
    for start in range(0, len(plans), MOST):
        shown = plans[start : start + MOST]
        blocks.append(_figures(shown, names[start : start + MOST], words))
    when = [
        words("compare.legend", mark=name, meaning=path_line(plan["by_month"], words))
        for name, plan in zip(names, plans, strict=True)
        if plan["by_month"]
    ]
    blocks += [Heading(words("client.when")), Lines(tuple(when), indent=3)]
    return [*blocks, Lines(tuple(_closing(data, plans[1:] or plans, words)), indent=2)]


def plan_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out one plan: its figures, what the creditor is asked for, and every date."""
    blocks: list[Block] = [
        *alerts(data["urgent"], words),
        Heading(words("client.plan"), level=1),
        Lines(tuple(_introduction(data, words))),
        _figures([data], [words("client.you")], words),
    ]
    if data["asks"]:
        lines = (f"{count}. {ask}" for count, ask in enumerate(data["asks"], 1))
        blocks += [Heading(words("client.asks")), Lines(tuple(lines), indent=3)]
    blocks += [Heading(words("client.when")), _dates(data["payments"], words)]
    return [*blocks, Lines(tuple(_closing(data, [data], words)), indent=2)]


def check_client_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out what is owed and what is left each month."""
    blocks: list[Block] = [*alerts(data["urgent"], words)]
    for case in data["cases"]:
        blocks += [Heading(words("client.owed"), level=1), Lines(tuple(_introduction(case, words)))]
        blocks.append(_debts(case, words))
        blocks += _budget(case, words)
        hints = [words("client.before_pay", **clash) for clash in case["before_pay_day"]]
        blocks += [Lines(tuple(hints), indent=2)] if hints else []
    if data["problems"]:
        blocks.append(Lines((words("client.problems", count=data["problems"]),)))
    return blocks


def _introduction(data: Record, words: Words) -> Iterator[str]:
    yield from introduction({**data, "debt": None}, words)
    if data["estimated"]:
        yield words("estimate.stands_on")


def _meanings(plans: Sequence[Record], names: Sequence[str], words: Words) -> Iterator[str]:
    """Say in sentences what each plan asks of the creditors."""
    for name, plan in zip(names, plans, strict=True):
        contract = plan["plan"] == "contract"
        asks = words("client.contract_is") if contract else joined(plan["asks"], words)
        yield words("compare.legend", mark=name, meaning=asks or words("client.no_asks"))


def _figures(plans: Sequence[Record], names: Sequence[str], words: Words) -> Block:
    heads: list[Cell | str] = [words("client.question")]
    heads += [number(name, "strong") for name in names]
    rows: list[list[Cell | str]] = [
        [words(f"client.{key}"), *(number(form(plan[key], words)) for plan in plans)]
        for key, form in _ROWS
        if any(plan[key] is not None for plan in plans)
    ]
    rows += [
        [words(f"client.{key}"), *(_fit(plan[key], words) for plan in plans)]
        for key in ("fits", "fits_hoped")
        if any(plan[key] for plan in plans)
    ]
    return table(heads, rows, keys=1)


def _fit(verdict: str | None, words: Words) -> Cell:
    text = words.term("fit", verdict) if verdict else NONE
    return number(text, _TONES.get(verdict or "", "plain"))


def _amount(value: object, _words: Words) -> str:
    return amount(value)


def _day(value: object, _words: Words) -> str:
    return str(value or NONE)


def _duration(value: object, words: Words) -> str:
    return NONE if value is None else words("client.duration", n=value)


_ROWS: tuple[tuple[str, Callable[[Any, Words], str]], ...] = (
    ("average", _amount),
    ("dearest_month", _amount),
    ("from", _day),
    ("months", _duration),
    ("in_all", _amount),
    ("left", _amount),
)


def _closing(data: Record, plans: Sequence[Record], words: Words) -> Iterator[str]:
    """Say what the answers mean, without blame, and what holds whatever the plan."""
    verdicts = {plan["fits"] for plan in plans}
    if verdicts == {"short"}:
        yield words("client.none_fits" if len(plans) > 1 else "client.does_not_fit")
    if data.get("debt") and verdicts != {"not-assessed"}:
        yield words("client.all_debts")
    if "short" in verdicts:
        yield words("client.left_below")
    if "not-assessed" in verdicts:
        yield words("client.not_known")
    yield words("client.in_writing")
    yield words("client.essentials")


def _dates(payments: Sequence[Record], words: Words) -> Block:
    several = len({payment["to"] for payment in payments}) > 1
    heads: list[Cell | str] = [words("client.date"), *([words("client.to")] if several else [])]
    heads += [number(words("client.you_pay")), number(words("client.still_owed"))]
    rows: list[list[Cell | str]] = [
        [
            payment["date"],
            *([str(payment["to"])] if several else []),
            number(amount(payment["amount"])),
            number(NONE if is_zero(payment["still_owed"]) else amount(payment["still_owed"])),
        ]
        for payment in payments
    ]
    return table(heads, rows, keys=1)


def _debts(case: Record, words: Words) -> Block:
    keys = ("owed_now", "overdue", "next_due", "instalment")
    heads: list[Cell | str] = [words("client.to"), *(number(words(f"client.{k}")) for k in keys)]
    rows: list[list[Cell | str]] = [
        [
            str(debt["to"]),
            number(amount(debt["owed"])),
            number(NONE if is_zero(debt["overdue"]) else amount(debt["overdue"])),
            number(str(debt["next_due"] or NONE)),
            number(amount(debt["instalment"])),
        ]
        for debt in case["debts"]
    ]
    if len(rows) > 1:
        total = number(amount(case["owed"]), "strong")
        rows.append([Cell(words("check.total"), "strong"), total, "", "", ""])
    return table(heads, rows, keys=1)


def _budget(case: Record, words: Words) -> Iterator[Block]:
    keys = ("income", "costs", "savings", "buffer", "left")
    rows: list[list[Cell | str]] = [
        [words(f"client.{key}_month"), number(amount(case[key]))]
        for key in keys
        if case[key] is not None and not (key in ("savings", "buffer") and is_zero(case[key]))
    ]
    if not rows:
        yield Lines((words("client.no_budget"),))
        return
    yield table([words("client.month"), number(words("client.amount"))], rows, keys=2)
    if Decimal(case["left"] or 0) < 0:
        yield Lines((words("client.nothing_left"),))


def comparison_client_records(data: Record) -> list[dict[str, object]]:
    """Flatten a client's comparison for CSV: one record per plan."""
    keys = ("plan", "average", "dearest_month", "from", "months", "in_all", "left", "fits")
    return [{key: plan[key] for key in keys} for plan in data["plans"]]


def plan_client_records(data: Record) -> list[dict[str, object]]:
    """Flatten a client's plan for CSV: one record per payment."""
    return [dict(payment) for payment in data["payments"]]


def check_client_records(data: Record) -> list[dict[str, object]]:
    """Flatten a client's check for CSV: one record per debt."""
    return [dict(debt) for case in data["cases"] for debt in case["debts"]]
