"""Debts of a table into cases: what rows share, due days, names, and the place of each problem."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from replan.errors import Issue
from replan.model.case import Case
from replan.model.checks import at
from replan.model.fields import ID_LIMIT
from replan.model.issues import Path, Problem, Refused, path_text
from replan.model.months import month_of, months_from, span_of
from replan.model.text import is_clean, quote
from replan.model.values import DateOrder, date_order, normalise, parse_date

from .build import Place, build_case, place_issues
from .flat import with_flat
from .table_source import Entry, Table

_DUE_DAY = re.compile(
    r"(?:每月|每个月|(?:on )?the )?\s*(\d{1,2})\s*(?:[日号號]|st|nd|rd|th)?"
    r"(?: of (?:each|every|the) month)?",
    re.IGNORECASE,
)
_MONTHLY = re.compile(
    r"(?:每月|每个月)\s*\d{1,2}\s*[日号號]?|\d{1,2}\s*(?:[日号號]|st|nd|rd|th)(?: of .* month)?",
    re.IGNORECASE,
)
_OPTIONS = {"as_of": "--as-of 2026-11-21", "currency": "--currency CNY"}
_HEADS = {(key,) for key in _OPTIONS}


def build_cases(
    table: Table,
    entries: Sequence[Entry],
    overrides: Mapping[str, Any],
    *,
    dates: DateOrder | None = None,
) -> Iterator[tuple[Case | None, list[Issue], list[str]]]:
    """Yield each case with its issues and the debts left out; a case per borrower's reference."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[str(entry.case.get("borrower.reference", ""))].append(entry)
    for members in groups.values():
        head, problems = _head(members, overrides)
        if table.currency:
            head.setdefault("currency", table.currency)
        head |= {"incomplete": True} if table.has_lost_rows else {}
        problems += [_option_missing(key) for key in _OPTIONS if key not in head]
        problems += [at(p, "debts", i) for i, e in enumerate(members) for p in e.problems]
        debts = _named(_completed(members, head))
        plain, unclear = with_flat({**head, "debts": debts})
        built = build_case(plain, [*problems, *unclear], dates=dates)
        found = _worth_saying(built.problems, problems)
        shown = [_with_order(problem, members) for problem in found]
        yield built.case, place_issues(shown, _place(table, members)), built.dropped


def _worth_saying(problems: Sequence[Problem], given: Sequence[Problem]) -> list[Problem]:
    """Leave out what only repeats an option that is missing, or a cell already reported."""
    said = {problem.path for problem in given if problem.severity == "error"}
    return [
        problem
        for problem in problems
        if problem.code != "key-missing"
        or (problem.path not in _HEADS and problem.path not in said)
    ]


def _with_order(problem: Problem, members: Sequence[Entry]) -> Problem:
    """Tell of a date with two readings which order the rest of its column proves."""
    if problem.code != "date-ambiguous" or problem.path[:1] != ("debts",):
        return problem
    key = str(problem.path[-1])
    proofs = [(entry.line, order) for entry in members if (order := _order_in(entry, key))]
    orders = {order for _, order in proofs}
    if len(orders) != 1:
        return problem
    line, order = proofs[0]
    said = f"The column is {order.replace('-', ' ')} in row {line}; if it is throughout, say"
    return replace(problem, hint=f"{said} --dates {order}.")


def _order_in(entry: Entry, key: str) -> str | None:
    return date_order(entry.debt.get(key))


def _head(
    members: Sequence[Entry], overrides: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """Collect the keys of the case; rows of one case must agree on them."""
    flat: dict[str, Any] = {}
    problems = []
    for index, entry in enumerate(members):
        for key, value in entry.case.items():
            if flat.setdefault(key, value) != value and key not in overrides:
                message = f"{quote(value)} differs from {quote(flat[key])} above."
                hint = "Rows of one case share it; give each case its own reference column."
                problems.append(Problem("case-value-differs", message, hint, ("debts", index, key)))
    flat |= overrides
    borrower = {
        k: flat.pop(f"borrower.{k}") for k in ("name", "reference") if f"borrower.{k}" in flat
    }
    return flat | ({"borrower": borrower} if borrower else {}), problems


def _option_missing(key: str) -> Problem:
    message = f"The table does not say {key}."
    return Problem("option-missing", message, f"Give it: {_OPTIONS[key]}.", (key,))


def _completed(members: Sequence[Entry], head: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn a due day of the month into the next due date."""
    try:
        as_of = parse_date(head.get("as_of"))
    except Refused:  # reported with the head
        as_of = None
    debts = []
    for entry in members:
        debt = {key: value for key, value in entry.debt.items() if key != "due_day"}
        day = str(debt.get("next_due", ""))
        if "next_due" not in debt and "due_day" in entry.debt:
            day = str(entry.debt["due_day"])
        elif not _MONTHLY.fullmatch(normalise(day)):
            day = ""
        if day:
            debt["next_due"] = next_due_day(day, as_of)
        debts.append(debt)
    return debts


def next_due_day(cell: str, as_of: date | None) -> str | None:
    """Return the first such day of a month after *as_of*; other texts stay as they are."""
    found = _DUE_DAY.fullmatch(normalise(cell))
    if not found or not 1 <= int(found[1]) <= 31:
        return cell
    return _day_after(as_of, int(found[1])).isoformat() if as_of else None


def _day_after(as_of: date, day: int) -> date:
    """Return the first day of a month *day* after *as_of*; the last day of shorter months."""
    lasts = (span_of(month)[1] for month in months_from(month_of(as_of), 2))
    due, later = (last.replace(day=min(day, last.day)) for last in lasts)
    return due if due > as_of else later


def _named(debts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give debts without an id one: the creditor's name if it can be one, else a number."""
    names = Counter(str(debt.get("creditor", "")) for debt in debts)
    taken = {debt["id"] for debt in debts if "id" in debt}
    named = []
    for number, debt in enumerate(debts, start=1):
        name = str(debt.get("creditor", ""))
        fits = re.fullmatch(r"\w[\w.-]*", name) and len(name) <= ID_LIMIT and names[name] == 1
        unique = name if fits and is_clean(name) and name not in taken else f"debt-{number}"
        named.append({"id": unique, **debt})
    return named


def _place(table: Table, members: Sequence[Entry]) -> Place:
    def place(path: Path) -> str:
        if path[:1] != ("debts",) or len(path) < 2:
            return table.place(table.line, path_text(path))
        line = members[int(path[1])].line
        keys = [path_text(path[2:end]) for end in range(len(path), 2, -1)]
        shown = next(filter(table.has_column, keys), keys[0] if keys else "")
        return table.place(line, shown)

    return place
