"""Changes to a case, written as PATH=VALUE: where a path leads, and what may be set there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from replan.errors import UsageError

_LISTS = ("income", "expenses")
_BUDGET = (*_LISTS, "savings", "buffer", "household")
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Path:
    """A path as it was written, for messages."""

    text: str

    def refuse(self, why: str) -> UsageError:
        """Make the error that says what is wrong with the path."""
        return UsageError(f"--set {self.text}: {why}")

    def unknown(self, part: str, known: Iterable[str]) -> UsageError:
        """Make the error that lists what there is."""
        names = list(dict.fromkeys(known))
        near = get_close_matches(part, names, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        more = ", …" if len(names) > _LISTED else ""
        listed = ", ".join(names[:_LISTED]) + more
        return self.refuse(f"there is no {part} here. {hint}There is: {listed or 'nothing'}.")


def set_values(raw: dict[str, Any], changes: Iterable[str]) -> dict[str, Any]:
    """Return a copy of *raw* with each `PATH=VALUE` of *changes* set.

    A path is keys and places joined by dots; an entry of a list is named by its place, its id or
    its label: `budget.income.0.amount`, `debts.card-a.rate`. Below `budget` the label of a line
    is enough, and a line alone means its amount: `budget.wage=5000`. A value is read as JSON where
    it is JSON, else as text. A surplus takes the budget's place, as --surplus does.
    """
    changed: dict[str, Any] = json.loads(json.dumps(raw))
    for change in changes:
        text, equals, value = change.partition("=")
        if not equals or not text:
            raise UsageError(f"--set {change}: write PATH=VALUE, such as debts.card-a.rate=12%.")
        _set(changed, text, _parse(value), Path(text))
        if text == "surplus":
            changed.pop("budget", None)
    return changed


def _set(target: Any, rest: str, value: Any, path: Path) -> None:
    """Follow *rest* from *target* and set what it leads to."""
    if isinstance(target, dict) and _is_budget(target, path, rest):
        target = _lines(target)
    if isinstance(target, list):
        place, rest = _place(target, rest, path)
        if rest:
            _set(target[place], rest, value, path)
        else:
            target[place] = _entry(target[place], value, path)
    elif isinstance(target, dict):
        key, _, rest = rest.partition(".")
        if rest:
            _set(target.setdefault(key, {}), rest, value, path)
        else:
            target[key] = _entry(target.get(key), value, path)
    else:
        raise path.refuse(f"there is nothing below {path.text.removesuffix('.' + rest)}.")


def _is_budget(target: dict[str, Any], path: Path, rest: str) -> bool:
    """Tell whether *rest* names a line of the budget itself, without its list."""
    in_budget = path.text == f"budget.{rest}"
    return in_budget and rest.partition(".")[0] not in (*_BUDGET, *target)


def _lines(budget: dict[str, Any]) -> list[Any]:
    return [line for key in _LISTS for line in budget.get(key, ())]


def _entry(old: Any, value: Any, path: Path) -> Any:
    """Return what stands in the place of *old*: a line keeps all but its amount."""
    if not isinstance(old, dict) or isinstance(value, dict):
        return value
    if "amount" in old:
        old["amount"] = value
        return old
    listed = ", ".join(list(old)[:_LISTED])
    raise path.refuse(f"this is not a single value. Name one of its keys: {listed}.")


def _place(entries: list[Any], rest: str, path: Path) -> tuple[int, str]:
    """Find the entry that *rest* begins with, and what of it is left; a name may hold dots."""
    names = [(name, place) for place, entry in enumerate(entries) for name in _names(entry)]
    fitting = [(n, p) for n, p in names if rest == n or rest.startswith(f"{n}.")]
    longest = max((len(name) for name, _ in fitting), default=0)
    found = [(name, place) for name, place in fitting if len(name) == longest]
    if len(found) == 1:
        return found[0][1], rest[longest + 1 :]
    part, _, after = rest.partition(".")
    if len(found) > 1:
        raise path.refuse(f"{found[0][0]} stands {len(found)} times here. {_AMBIGUOUS}")
    if part.isdecimal() and int(part) < len(entries):
        return int(part), after
    raise path.unknown(part, [name for name, _ in names] or map(str, range(len(entries))))


_AMBIGUOUS = "Name it by its list, or by its place: budget.income.0"


def _names(entry: Any) -> list[str]:
    known = (entry.get("id"), entry.get("label")) if isinstance(entry, dict) else ()
    return [str(name) for name in dict.fromkeys(known) if name]


def _parse(value: str) -> Any:
    try:
        return json.loads(value, parse_float=Decimal, parse_constant=str)
    except ValueError:
        return value
