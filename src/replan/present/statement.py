"""The budget for people: the statement by section, the surplus path, and days before pay-day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, Tone, number, table
from replan.present.figures import NONE, amount
from replan.present.words import Words

Record = Mapping[str, Any]
_SIDES = ("income", "expenses")


def budget_blocks(case: Record, words: Words) -> Iterator[Block]:
    """Lay out a case's budget, as far as it has one, and the surplus of the months to come."""
    budget = case.get("budget")
    if budget:
        yield Heading(words("budget.title"))
        yield from _people(budget, words)
        heads: list[Cell | str] = [words("budget.line")]
        heads += [number(words("budget.monthly")), words("budget.remarks")]
        yield table(heads, list(_rows(budget, words)), keys=1)
        yield Lines((words("budget.conversion"),), tone="quiet")
    if case.get("surplus"):
        yield Heading(words("budget.path"))
        yield _path(case["surplus"], words)
    clashes = [
        words("budget.before_pay", **{**clash, "amount": amount(clash["amount"])})
        for clash in case.get("before_pay_day", ())
    ]
    if clashes:
        yield Heading(words("budget.dates"))
        yield Lines(tuple(clashes), indent=2)


def _people(budget: Record, words: Words) -> Iterator[Block]:
    people = budget.get("people") or {}
    counts = [
        words("budget.count", kind=words.term("people", kind), n=n)
        for kind, n in people.items()
        if n
    ]
    if counts:
        listed = words("list.separator").join(counts)
        yield Lines((words("budget.people", counts=listed),))


def _rows(budget: Record, words: Words) -> Iterator[list[Cell | str]]:
    for side in _SIDES:
        for section in budget[side]:
            name = words.term("section", section["section"])
            total = number(amount(section["monthly"]), "strong")
            yield [Cell(name, "strong"), total, ""]
            yield from (_line(line, words) for line in section["lines"])
        yield _total(words(f"budget.{side}"), budget[_SUMS[side]])
    for name in ("savings", "buffer"):
        yield _total(words(f"budget.{name}"), budget[name])


_SUMS = {"income": "certain_income", "expenses": "costs"}


def _total(name: str, value: object) -> list[Cell | str]:
    return [Cell(name, "strong"), number(amount(value), "strong"), ""]


def _line(line: Record, words: Words) -> list[Cell | str]:
    label = Cell(line["label"] or line["category"] or NONE, indent=2)
    monthly = NONE if line["monthly"] is None else amount(line["monthly"])
    remarks = words("list.separator").join(_remarks(line, words))
    return [label, number(monthly), remarks]


def _remarks(line: Record, words: Words) -> Iterator[str]:
    """Say what else is known of a line: its amount, its day, its span, who pays, how certain."""
    if line["every"] != "month" or line["monthly"] is None:
        every = words.term("every", line["every"])
        yield words("budget.each", every=every, amount=amount(line["amount"]))
    if line["status"] == "expected":
        yield words("budget.expected")
    for name in ("due_day", "from", "until", "payer"):
        if line[name]:
            yield words(f"budget.{name}", value=line[name])


def _path(months: Sequence[Record], words: Words) -> Block:
    """List the surplus of each month, months without a change in one row."""
    rows: list[list[Cell | str]] = []
    for key, run in groupby(months, key=lambda m: (m["certain"], m["expected"])):
        found = list(run)
        start, end = found[0]["month"], found[-1]["month"]
        span = start if start == end else words("month.span", start=start, end=end)
        certain, expected = key
        tone: Tone = "bad" if certain.startswith("-") else "plain"
        rows.append([span, number(amount(certain), tone), number(amount(expected))])
    heads: list[Cell | str] = [words("month.months"), number(words("budget.certain"))]
    return table([*heads, number(words("budget.with_expected"))], rows, keys=1)
