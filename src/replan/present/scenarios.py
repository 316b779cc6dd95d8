"""Scenarios side by side: for each plan, what the changes to the case make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.compare import compare_records, figure_rows, introduction, mark_plans
from replan.present.words import Words

Record = Mapping[str, Any]
_SHOWN = (
    *("first_payment", "typical_payment", "peak_payment", "months", "total_paid", "interest_paid"),
    *("months_short", "largest_shortfall", "headroom"),
)


def scenarios_data(found: Sequence[tuple[str, Sequence[str], Record]]) -> dict[str, Any]:
    """Return the JSON form of comparisons (name, changes, comparison) of one case."""
    head = {key: found[0][2][key] for key in ("replan", "currency", "as_of")}
    listed = [{"scenario": n, "set": list(c), "plans": data["plans"]} for n, c, data in found]
    return {**head, "scenarios": listed}


def scenarios_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out one table for each plan, with the scenarios as columns."""
    scenarios = data["scenarios"]
    blocks: list[Block] = [
        Heading(words("scenario.title"), level=1),
        Lines(tuple(introduction(data, words))),
        Lines(tuple(changed_lines(scenarios, words)), indent=3),
    ]
    names = list(dict.fromkeys(plan["plan"] for one in scenarios for plan in one["plans"]))
    known = [{"plan": name} for name in names if name != "unpaid"]
    for plan, mark in zip(known, mark_plans(known), strict=True):
        blocks += _of_plan(plan["plan"], words.term("plan", mark), scenarios, words)
    return blocks


def changed_lines(scenarios: Sequence[Record], words: Words) -> Iterator[str]:
    """Say what each scenario changes."""
    for one in scenarios:
        changes = words("list.separator").join(one["set"]) or words("scenario.as_filed")
        yield words("compare.legend", mark=one["scenario"], meaning=changes)


def _of_plan(name: str, mark: str, scenarios: Sequence[Record], words: Words) -> Iterator[Block]:
    columns = [
        (one["scenario"], plan)
        for one in scenarios
        for plan in one["plans"]
        if plan["plan"] == name
    ]
    title = words("baseline.contract") if name == "contract" else name
    yield Heading(words("compare.legend", mark=mark, meaning=title))
    heads: list[Cell | str] = ["", *(number(scenario, "strong") for scenario, _ in columns)]
    rows = figure_rows([plan for _, plan in columns], words, only=_SHOWN)
    yield table(heads, list(rows), keys=1)


def scenarios_records(data: Record) -> list[dict[str, object]]:
    """Flatten scenarios for CSV: the records of each comparison, with the scenario's name."""
    return [
        {"scenario": one["scenario"], **record}
        for one in data["scenarios"]
        for record in compare_records(one)
    ]
