"""`stress` for people: which plans survive which test, and what must be in hand on which day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, Tone, number, table
from replan.present.compare import BASELINES, introduction, legend, mark_plans
from replan.present.figures import NONE, amount, is_zero, percent
from replan.present.law import alerts
from replan.present.words import Words

Record = Mapping[str, Any]
_TONES: dict[str, Tone] = {"fits": "good", "tight": "strong", "short": "bad"}


def stress_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a stress test, given in its JSON form."""
    plans = data["plans"]
    marks = mark_plans(plans)
    named = [words.term("plan", mark) for mark in marks]
    return [
        *alerts(data["findings"], words),
        Heading(words("stress.title"), level=1),
        Lines(tuple(introduction(data, words))),
        Lines(tuple(legend(plans, marks, words)), indent=3),
        table(["", *(number(name, "strong") for name in named)], list(_rows(data, words)), keys=1),
        *_shortages(data, named, words),
        *_cash(plans, named, words),
        Lines(tuple(_notes(data, words)), tone="quiet", indent=2),
    ]


def _rows(data: Record, words: Words) -> Iterator[list[Cell | str]]:
    plans = data["plans"]
    yield [words("stress.now"), *(_verdict(plan["verdict"], words) for plan in plans)]
    for k, test in enumerate(data["tests"]):
        verdicts = (_verdict(plan["tests"][k]["verdict"], words) for plan in plans)
        yield [words(f"stress.{test['code']}", given=test["given"]), *verdicts]
    yield [words("figure.headroom"), *(number(percent(plan["headroom"])) for plan in plans)]
    if any(plan["cash"] for plan in plans):
        yield [words("stress.in_hand"), *(number(_needed(plan)) for plan in plans)]


def _verdict(verdict: str, words: Words) -> Cell:
    return number(words.term("verdict", verdict), _TONES.get(verdict, "plain"))


def _needed(plan: Record) -> str:
    return amount(plan["cash"]["needed"]) if plan["cash"] else NONE


def _shortages(data: Record, named: Sequence[str], words: Words) -> Iterator[Block]:
    """Say by how much each plan is short, and from when, test by test."""
    lines = [
        words(
            "stress.short",
            plan=name,
            test=words(f"stress.{test['code']}", given=test["given"]),
            months=test["months_short"],
            first=test["first_short"],
            largest=amount(test["largest_shortfall"]),
        )
        for plan, name in zip(data["plans"], named, strict=True)
        for test in plan["tests"]
        if test["verdict"] == "short" and plan["plan"] not in BASELINES
    ]
    if lines:
        yield Heading(words("stress.shortages"))
        yield Lines(tuple(lines), indent=3)


def _cash(plans: Sequence[Record], named: Sequence[str], words: Words) -> Iterator[Block]:
    """Say what comes before pay-day, and which due day would help."""
    lines = []
    for plan, name in zip(plans, named, strict=True):
        cash = plan["cash"]
        if not cash or is_zero(cash["needed"]):
            continue
        values = {"needed": amount(cash["needed"]), "day": cash["lowest"]}
        lines.append(words("stress.before_pay", plan=name, **values))
        if cash["remedy"]:
            moved = cash["remedy"]
            needed = amount(moved["needed"])
            lines.append(words("stress.remedy", plan=moved["plan"], needed=needed))
    if lines:
        yield Heading(words("stress.cash"))
        yield Lines(tuple(lines), indent=3)


def _notes(data: Record, words: Words) -> Iterator[str]:
    codes = {test["code"] for test in data["tests"]}
    if "income-fall" in codes:
        yield words("stress.note_income")
    if "as-hoped" in codes:
        yield words("stress.note_hoped")
    if "rate-rise" in codes:
        yield words("stress.note_rate")
    if any(plan["cash"] for plan in data["plans"]):
        yield words("stress.note_cash")
    else:
        yield words("stress.note_no_pay_day")


def stress_records(data: Record) -> list[dict[str, object]]:
    """Flatten a stress test for CSV: one record per plan and test."""
    return [
        {"plan": plan["plan"], "verdict": plan["verdict"], "headroom": plan["headroom"]}
        | {"test": test["code"], "given": test["given"], "verdict_then": test["verdict"]}
        | {name: test[name] for name in ("months_short", "first_short", "largest_shortfall")}
        for plan in data["plans"]
        for test in plan["tests"]
    ]
