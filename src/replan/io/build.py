"""Plain values into a case: every problem with its place, and the good debts kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from replan.errors import Issue
from replan.model.case import Case, Debt
from replan.model.checks import at, budget_doubts, dated_problems, doubts, repeated_ids
from replan.model.conventions import check_frequency
from replan.model.currency import EXPONENTS
from replan.model.issues import Path, Problem, Refused, issue_at, problems_of
from replan.model.text import clean_text, is_clean, quote
from replan.model.values import DateOrder, normalise, parse_date

Place = Callable[[Path], str]

DISPENSABLE = frozenset({"borrower", "hardship", "budget", "surplus", "questions", "note"})
"""Keys without which a case still means the same debts; a fault in any other loses the case."""


@dataclass(slots=True)
class Built:
    """A case, if it could be built, the problems found and the debts left out."""

    case: Case | None = None
    problems: list[Problem] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def build_case(raw: Any, found: Sequence[Problem] = (), *, dates: DateOrder | None = None) -> Built:
    """Build a case from decoded values; *found* are problems known already, with their paths.

    *dates* is the order of dates such as 10/12/2026, if it was declared.
    A debt with an error is left out, and the case is marked incomplete.
    """
    built = Built(problems=list(found))
    if not isinstance(raw, Mapping):
        message = f"{quote(raw)} stands where a case belongs."
        built.problems.append(Problem("shape-wrong", message, "Write an object {…}."))
        return built
    cleaned = _clean({k: v for k, v in raw.items() if k != "$schema"}, (), built.problems)
    context = {"currency": _currency(cleaned.get("currency")), "dates": dates}
    debts = _build_debts(cleaned, context, built)
    _build_head({**cleaned, "debts": debts}, context, built)
    built.problems = [
        replace(_with_remedy(p), path=_written(p.path, cleaned)) for p in built.problems
    ]
    return built


def place_issues(problems: Sequence[Problem], place: Place) -> list[Issue]:
    """Give each problem its place, in the order of the file as far as known."""
    return [issue_at(problem, place(problem.path)) for problem in problems]


def _with_remedy(problem: Problem) -> Problem:
    """Name the option that settles every date with two readings at once."""
    if problem.code != "date-ambiguous":
        return problem
    option = "or give --dates day-first or --dates month-first for all"
    return replace(problem, hint=f"{problem.hint.rstrip('.')}, {option}.")


def _currency(value: Any) -> str | None:
    """Read the currency ahead of the amounts; what is wrong with it is reported with the head."""
    code = normalise(value).upper() if isinstance(value, str) else ""
    code = {"RMB": "CNY", "人民币": "CNY"}.get(code, code)
    return code if code in EXPONENTS else None


def _build_debts(raw: dict[str, Any], context: dict[str, Any], built: Built) -> list[Debt]:
    entries = raw.get("debts")
    if not isinstance(entries, list | tuple):
        return []
    suspects = {p.path[1] for p in built.problems if _is_about_a_debt(p)}
    good: dict[int, Debt] = {}
    for index, entry in enumerate(entries):
        debt, problems = _build_debt(entry, raw, context)
        built.problems += [at(p, "debts", index) for p in problems]
        if debt is None or index in suspects:
            built.dropped.append(_name(entry, index))
        else:
            good[index] = debt
    return _without_repeats(good, built)


def _is_about_a_debt(problem: Problem) -> bool:
    return problem.severity == "error" and len(problem.path) > 1 and problem.path[0] == "debts"


def _build_debt(
    entry: Any, raw: dict[str, Any], context: dict[str, Any]
) -> tuple[Debt | None, list[Problem]]:
    try:
        debt = Debt.model_validate(entry, context=context)
    except ValidationError as error:
        return None, problems_of(error, Debt)
    problems: list[Problem] = []
    with suppress(Refused):
        problems += dated_problems(debt, parse_date(raw.get("as_of"), order=context["dates"]))
    problems += doubts(debt, debt.frequency or _frequency(raw))
    return (None if _has_error(problems) else debt), problems


def _frequency(raw: dict[str, Any]) -> str:
    with suppress(Refused, TypeError, AttributeError):
        return check_frequency(raw.get("frequency", "month"))
    return "month"


def _has_error(problems: Sequence[Problem]) -> bool:
    return any(p.severity == "error" for p in problems)


def _without_repeats(good: dict[int, Debt], built: Built) -> list[Debt]:
    """Leave out the second of two debts with one id."""
    places = list(good)
    for problem in repeated_ids([debt.id for debt in good.values()]):
        index = places[int(problem.path[1])]
        built.problems.append(
            Problem("id-twice", problem.message, problem.hint, ("debts", index, "id"))
        )
        built.dropped.append(good.pop(index).id)
    return list(good.values())


def _name(entry: Any, index: int) -> str:
    given = entry.get("id") if isinstance(entry, Mapping) else None
    return clean_text(given)[:64] if isinstance(given, str) and given else f"debts[{index}]"


def _build_head(head: dict[str, Any], context: dict[str, Any], built: Built) -> None:
    """Validate what stands around the debts; leave out a faulty part that is dispensable."""
    if built.dropped:
        head["incomplete"] = True
    faulty = {
        p.path[0] for p in built.problems if p.path[:1] != ("debts",) and p.severity == "error"
    }
    case, problems = _validate(head, context)
    if built.dropped and not head["debts"]:
        problems = [p for p in problems if p.code != "debts-missing"]
    built.problems += problems
    faulty |= {p.path[0] for p in problems if p.path}
    if any(p.code == "surplus-twice" for p in problems):
        faulty |= {"budget"}
    if not head["debts"] or not faulty <= DISPENSABLE:
        return
    if faulty:
        case, _ = _validate({k: v for k, v in head.items() if k not in faulty}, context)
    built.case = case
    if case is not None and case.budget is not None:
        built.problems += budget_doubts(case.budget)


def _validate(head: dict[str, Any], context: dict[str, Any]) -> tuple[Case | None, list[Problem]]:
    model: type[BaseModel] = Case
    try:
        return Case.model_validate(head, context=context), []
    except ValidationError as error:
        return None, problems_of(error, model)


def _written(path: Path, raw: Any) -> Path:
    """Cut *path* to what stands in the file: a short form such as `arrears: 300` has no keys."""
    for length, part in enumerate(path):
        if not isinstance(raw, dict | list):
            return path[:length]
        children = raw if isinstance(raw, dict) else dict(enumerate(raw))
        if part not in children:
            return path
        raw = children[part]
    return path


def _clean(value: Any, path: Path, problems: list[Problem]) -> Any:
    """Return a copy with every text cleaned; report the texts that were not."""
    if isinstance(value, str):
        if is_clean(value):
            return value
        message = f"{quote(value)} held terminal escapes or control characters."
        problems.append(Problem("text-unsafe", message, "They were removed.", path, "warning"))
        return clean_text(value)
    if isinstance(value, Mapping):
        return {k: _clean(v, (*path, k), problems) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v, (*path, i), problems) for i, v in enumerate(value)]
    return value


def nearest(path: Path) -> Iterator[Path]:
    """Yield *path* and the paths above it, nearest first."""
    for length in range(len(path), -1, -1):
        yield path[:length]
