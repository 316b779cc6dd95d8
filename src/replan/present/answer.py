"""A result in a few plain lines for a chat window: no table, no markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

from replan.errors import Issue
from replan.model.text import clean_text
from replan.present.asks import ask_line
from replan.present.blocks import Block, Card, Chart, Heading, Lines, Table
from replan.present.compare import BASELINES, mark_plans, sort_plans
from replan.present.figures import amount, is_zero, whole
from replan.present.issues import issue_line
from replan.present.months import path_line
from replan.present.words import Words

Record = Mapping[str, Any]
_RANKS = ("fits", "tight", "not-assessed", "short")


def to_answer(data: Record, words: Words, *, kind: str, blocks: Sequence[Block] = ()) -> str:
    """Print *data* as lines to be sent; what has no answer of its own is told by its *blocks*."""
    answer = _ANSWERS.get(kind)
    lines = answer(data, words) if answer else _told(blocks)
    return "\n".join(clean_text(line) for line in lines) + "\n"


def _told(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Table(rows=rows):
                yield from (" · ".join(cell.text for cell in row if cell.text) for row in rows)
            case Lines(texts):
                yield from texts
            case Heading(text):
                yield text
            case Chart(told=told):
                yield told
            case Card(title, said):
                yield from (title, *said)


def compare_answer(data: Record, words: Words) -> Iterator[str]:
    """Say which plans can be kept, what each asks for and when, and what the contract would do."""
    yield _opening("answer.plans", data, words)
    plans = sort_plans(data["plans"])
    named = list(zip(mark_plans(plans), plans, strict=True))
    own = [(mark, plan) for mark, plan in named if mark not in BASELINES]
    for mark, plan in by_verdict(own):
        legend = words("compare.legend", mark=mark, meaning=plan["plan"])
        yield f"{legend} – {verdict_line(plan, words)}"
    yield from (
        words("compare.legend", mark=words.term("plan", mark), meaning=verdict_line(plan, words))
        for mark, plan in named
        if mark == "contract"
    )
    yield from _open_points(data, words)


def _opening(key: str, data: Record, words: Words, **values: object) -> str:
    return words(key, date=data.get("as_of", ""), currency=data.get("currency", ""), **values)


def _rank(plan: Record) -> int:
    verdict = plan["metrics"].get("verdict")
    return _RANKS.index(verdict) if verdict in _RANKS else len(_RANKS)


def verdict_line(plan: Record, words: Words) -> str:
    """Say whether a plan can be kept, what is paid when, and how much in all."""
    return _join([verdict_words(plan, words), payment_words(plan, words)], words)


def verdict_words(plan: Record, words: Words) -> str:
    """Say whether a plan can be kept, and if not, whether it could be with expected income."""
    metrics = plan["metrics"]
    verdict = str(metrics.get("verdict") or "not-assessed")
    key = f"answer.{verdict}" if verdict in _RANKS else "answer.not-assessed"
    short = {
        "count": whole(metrics.get("months_short")),
        "most": amount(metrics.get("largest_shortfall")),
    }
    said = words(key, **short)
    hoped = metrics.get("verdict_hoped") in {"fits", "tight"} and verdict == "short"
    return _join([said, words("answer.hoped")], words) if hoped else said


def payment_words(plan: Record, words: Words) -> str:
    """Say what is paid in which months, how much in all, and what is left over."""
    metrics = plan["metrics"]
    parts = []
    path = path_line(plan.get("by_month", ()), words)
    if path and plan.get("plan") != "contract":  # that one is known, and long
        parts.append(words("answer.path", path=path))
    parts.append(words("answer.total", total=amount(metrics["total_paid"])))
    if not is_zero(metrics.get("residual")):
        parts.append(words("answer.left", left=amount(metrics["residual"])))
    return _join(parts, words)


def by_verdict(named: Sequence[tuple[str, Record]]) -> list[tuple[str, Record]]:
    """Put the plans that can be kept first and the baselines last."""

    def order(pair: tuple[str, Record]) -> tuple[int, int]:
        plan = pair[1]
        last = BASELINES.index(plan["plan"]) + 1 if plan["plan"] in BASELINES else 0
        return last, _rank(plan)

    return sorted(named, key=order)


def show_answer(data: Record, words: Words) -> Iterator[str]:
    """Say per debt what is paid when and what is asked for, then whether it can be kept."""
    yield _opening("answer.plan", data, words, plan=data["plan"])
    for debt in data["debts"]:
        months = _months(debt["schedule"])
        parts = [words("answer.path", path=path_line(months, words))] if months else []
        parts.append(words("answer.total", total=amount(debt["metrics"]["total_paid"])))
        meaning = _join(parts, words)
        yield words("compare.legend", mark=_name(debt, words), meaning=meaning)
        asks = [ask_line(ask, words) for ask in debt.get("asks_detail") or debt.get("asks", ())]
        if asks:
            listed = " ".join(f"({n}) {ask}" for n, ask in enumerate(asks, 1))
            yield words("answer.asks", asks=listed)
    household = data.get("household") or {}
    if household.get("metrics"):
        total = {"plan": data["plan"], **household}
        yield words("answer.all", verdict=verdict_line(total, words))
    yield from _open_points(data, words)


def _join(sentences: Sequence[str], words: Words) -> str:
    return reduce(lambda first, rest: words("answer.pair", first=first, rest=rest), sentences)


def _months(schedule: Sequence[Record]) -> list[dict[str, str]]:
    """Add up a schedule's payments by calendar month."""
    sums: dict[str, Decimal] = {}
    for row in schedule:
        month = str(row["due"])[:7]
        sums[month] = sums.get(month, Decimal(0)) + Decimal(row["payment"])
    return [{"month": month, "payment": str(paid)} for month, paid in sums.items() if paid]


def _name(debt: Record, words: Words) -> str:
    if not debt.get("creditor"):
        return str(debt["id"])
    return words("answer.debt", debt=debt["id"], creditor=debt["creditor"])


def check_answer(data: Record, words: Words) -> Iterator[str]:
    """Say what is owed to whom, what of it is past due, and what is wrong in the file."""
    for case in data["cases"]:
        arrears = sum((Decimal(debt["arrears"]) for debt in case["debts"]), Decimal(0))
        sums = {"outstanding": amount(case["outstanding"]), "arrears": amount(arrears)}
        yield _opening("answer.owed", case, words, count=len(case["debts"]), **sums)
        for debt in case["debts"]:
            key = "answer.overdue" if debt["days_past_due"] else "answer.current"
            facts = {"days": debt["days_past_due"], "arrears": amount(debt["arrears"])}
            owed = words(key, outstanding=amount(debt["outstanding"]), **facts)
            yield words("compare.legend", mark=_name(debt, words), meaning=owed)
        yield from _open_points(case, words)
    faults = [issue for issue in data["issues"] if issue["severity"] == "error"]
    yield from (issue_line(Issue(**issue), words) for issue in faults)
    graves = ("error", "warning", "note")
    counts = {f"{grave}s": sum(i["severity"] == grave for i in data["issues"]) for grave in graves}
    yield words("check.problems", **counts) if data["issues"] else words("check.fine")


def _open_points(data: Record, words: Words) -> Iterator[str]:
    if data.get("estimated"):
        yield words("estimate.stands_on")
    if data.get("questions"):
        yield words("answer.questions", count=len(data["questions"]))


_ANSWERS: dict[str, Callable[[Record, Words], Iterator[str]]] = {
    "compare": compare_answer,
    "show": show_answer,
    "check": check_answer,
}
