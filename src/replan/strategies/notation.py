"""Plan notation: parses and prints plans; what is printed parses to the same plan."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from replan.errors import UsageError
from replan.model.text import clean_text

from .register import Params, Strategy, find_strategy, load_strategies, strategies

OTHERS = "*"
"""Stands for every debt that is not named."""
LONGEST = 4_000
FULL_WIDTH = str.maketrans("；：＋％，（）［］【】＝＞　", ";:+%,()[][]=> ")
DEBTS = re.compile(r"\s*((?:[\w.\-]+|\*)(?:\s*,\s*(?:[\w.\-]+|\*))*)\s*:(.*)", re.DOTALL)
ID = re.compile(r"[\w.\-]+|\*")
WORD = re.compile(
    r"\s*([^\s\[\]()=]+)(?:=(\[[^\]]*\]|[^\s\[\]()]+))?"
    r"|\s*(\[[^\[\]]*\](?=\s|$)|\[.*\](?=\s*$))",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A strategy with its parameters."""

    strategy: Strategy
    params: Params

    def __str__(self) -> str:
        """Print in notation."""
        words = list(_words(self.params))
        if self.strategy.household:
            return f"{self.strategy.name}({' '.join(words)})"
        return " ".join([self.strategy.name, *words])

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form: the strategy's name and the parameters that are not default."""
        values = {key: text for key, text, _ in _given(self.params)}
        return {"step": self.strategy.name, **values}


Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps for all debts, or per debt; `parts` pairs debt ids (or `*`) with steps.

    No ids: the plan touches the non-priority unsecured debts, and the others keep the contract.
    """

    parts: tuple[tuple[tuple[str, ...], Steps], ...]

    def __str__(self) -> str:
        """Print in notation: the plan's name and identifier."""
        return "; ".join(_print_part(ids, steps) for ids, steps in self.parts)

    @property
    def ids(self) -> frozenset[str]:
        """Name the debts that the plan names."""
        return frozenset(i for ids, _ in self.parts for i in ids) - {OTHERS}

    def steps_for(self, debt: str, *, usual: bool) -> Steps | None:
        """Give the steps for a debt; None: it keeps the contract.

        `usual`: the debt is one that a plan without ids touches.
        """
        for ids, steps in self.parts:
            if debt in ids:
                return steps
        for ids, steps in self.parts:
            if OTHERS in ids or (not ids and usual):
                return steps
        return None

    @property
    def household(self) -> Step | None:
        """Give the household step, if the plan ends with one."""
        for _, steps in self.parts:
            if steps and steps[-1].strategy.household:
                return steps[-1]
        return None

    def is_baseline(self, name: str) -> bool:
        """Tell whether the plan is nothing but a baseline."""
        return all(len(steps) == 1 and steps[0].strategy.name == name for _, steps in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form."""
        parts = [
            {**({"debts": list(ids)} if ids else {}), "steps": [step.to_dict() for step in steps]}
            for ids, steps in self.parts
        ]
        return {"replan": 1, "plan": str(self), "parts": parts}


def parse_plan(text: str | Plan | Mapping[str, Any]) -> Plan:
    """Read a plan from notation or its JSON form.

    Raises UsageError that says where, what, and what to do.

    >>> str(parse_plan("waive penalty=100%+defer 3  interest=first + split 36"))
    'waive penalty=100% + defer 3 interest=first + split 36'
    """
    if isinstance(text, Plan):
        return text
    if isinstance(text, Mapping):
        return _from_dict(text)
    if len(text) > LONGEST:
        raise UsageError(f"A plan has at most {LONGEST} characters; this one has {len(text)}.")
    pieces = [p for p in _split(text.translate(FULL_WIDTH), ";") if p.strip()]
    if not pieces:
        raise UsageError('The plan is empty. Write one such as "defer 3 + split 24".')
    return _checked(tuple(_parse_part(piece) for piece in pieces))


def _checked(parts: tuple[tuple[tuple[str, ...], Steps], ...]) -> Plan:
    seen: set[str] = set()
    for ids, steps in parts:
        if not ids and len(parts) > 1:
            text = _print_part(ids, steps)
            raise UsageError(f'"{text}" stands beside other parts. Write "*: {text}".')
        for name in ids:
            if name in seen:
                raise UsageError(f'The plan names "{name}" twice. Join its steps with +.')
            seen.add(name)
        _check_order(steps, alone=len(parts) == 1)
    return Plan(parts)


def _check_order(steps: Steps, *, alone: bool) -> None:
    names = [step.strategy.name for step in steps]
    for name in ("contract", "unpaid"):
        if name in names and len(names) > 1:
            raise UsageError(f'"{name}" stands alone; it takes no other steps.')
    for i, step in enumerate(steps):
        if step.strategy.household and (i + 1 < len(steps) or not alone):
            raise UsageError(f'"{step}" must be the last step of a plan for all debts.')


def _parse_part(text: str) -> tuple[tuple[str, ...], Steps]:
    named = DEBTS.fullmatch(text)
    if named and "=" not in named[1]:
        ids = tuple(part.strip() for part in named[1].split(","))
        return ids, parse_steps(named[2], "+")
    return (), parse_steps(text, "+")


def parse_steps(text: str, separator: str) -> Steps:
    """Read steps that are joined by a separator."""
    return tuple(_parse_step(piece, text) for piece in _split(text, separator))


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator outside brackets."""
    pieces, depth, start = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "[(") - (char in "])")
        if depth < 0 or depth > 3:
            raise UsageError(f'"{_short(text)}": the brackets do not match.')
        if char == separator and not depth:
            pieces.append(text[start:i])
            start = i + 1
    if depth:
        raise UsageError(f'"{_short(text)}": a bracket is not closed.')
    return [*pieces, text[start:]]


def _parse_step(text: str, whole: str) -> Step:
    text = text.strip()
    name, _, rest = text.replace("(", " (", 1).partition(" ")
    if not name:
        raise UsageError(f'"{_short(whole)}": a step is missing beside + or >.')
    found = _strategy(name)
    rest = rest.strip()
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1]
    return Step(found, _params(found, dict(_arguments(found, rest)), text))


def _arguments(found: Strategy, text: str) -> Iterator[tuple[str, Any]]:
    """Pair what is written with parameter names."""
    positional = list(found.params.positional)
    many: list[str] = []
    seen: set[str] = set()
    at = 0
    while text[at:].strip():
        word = WORD.match(text, at)
        if word is None:
            raise UsageError(
                f'"{found.name} {_short(text)}": "{_short(text[at:])}" is not readable.'
            )
        at = word.end()
        key, value = (word[1], word[2]) if word[2] is not None else (None, word[1] or word[3])
        if key is None:
            key = _position(found, positional, value)
            if key == "components":
                many.append(value)
                continue
        if key in seen:
            raise UsageError(f'"{found.name}": {key} is given twice.')
        seen.add(key)
        yield key, value
    if many:
        yield "components", tuple(many)


def _position(found: Strategy, positional: list[str], value: str) -> str:
    if not positional:
        raise UsageError(f'"{found.name}": "{_short(value)}" is too much. Write {found.notation}')
    return positional[0] if positional[0] == "components" else positional.pop(0)


def _params(found: Strategy, values: Mapping[str, Any], text: str) -> Params:
    try:
        return found.params.model_validate(dict(values))
    except ValidationError as error:
        problem = error.errors()[0]
        place = _short(str(problem["loc"][0])) if problem["loc"] else ""
        raise UsageError(
            f'"{_short(text)}": {_problem(problem, place)} Write {found.notation}'
        ) from None


def _problem(problem: Mapping[str, Any], place: str) -> str:
    kind = problem["type"]
    if kind == "missing":
        return f"{place} is missing."
    if kind == "extra_forbidden":
        return f'"{place}" is not a parameter.'
    message = str(problem["msg"]).removeprefix("Value error, ").rstrip(".")
    message = clean_text(message.replace("Input should be", "write", 1))
    return f"{place}: {message}." if place else f"{message}."


def _strategy(name: str) -> Strategy:
    found = find_strategy(name)
    if found is None:
        raise UsageError(f'"{_short(name)}" is not a strategy.{_suggest(name, strategies())}')
    return found


def _suggest(name: str, known: Iterable[str]) -> str:
    faulty = next((issue for issue in load_strategies()[1] if issue.where == name), None)
    if faulty is not None:
        return f" {faulty.message} {faulty.hint}"
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return f"{hint} See: replan strategies"


def _short(text: str) -> str:
    clean = "".join(char if char.isprintable() else "�" for char in text.strip())
    return clean if len(clean) <= 60 else clean[:57] + "…"


def _given(params: Params) -> Iterator[tuple[str, Any, bool]]:
    """Name the parameters that are not default: key, printed value, written without a key."""
    printed = params.model_dump(by_alias=True)
    fields = type(params).model_fields
    names = [*params.positional, *(n for n in fields if n not in params.positional)]
    for name in names:
        field = fields[name]
        if getattr(params, name) == field.get_default():
            continue
        key = field.alias or name
        yield key, printed[key], name in params.positional


def _words(params: Params) -> Iterator[str]:
    first = [value for _, value, bare in _given(params) if bare]
    keyed = [f"{key}={value}" for key, value, bare in _given(params) if not bare]
    # a bracketed list of steps reads best at the end
    last = [v for v in first if isinstance(v, str) and v.startswith("[")]
    for value in first:
        if value not in last:
            yield from (map(str, value) if isinstance(value, tuple | list) else [str(value)])
    yield from keyed
    yield from last


def _print_part(ids: tuple[str, ...], steps: Steps) -> str:
    text = " + ".join(str(step) for step in steps)
    return f"{', '.join(ids)}: {text}" if ids else text


def _from_dict(data: Mapping[str, Any]) -> Plan:
    parts, version = data.get("parts"), data.get("replan", 1)
    if version != 1:
        raise UsageError(f'"replan": {_short(str(version))} is not a version known here. Write 1.')
    if not isinstance(parts, list) or not parts:
        raise UsageError('A plan in JSON has a list "parts". See: replan schema plan')
    return _checked(tuple(_part_from(part) for part in parts))


def _part_from(part: Any) -> tuple[tuple[str, ...], Steps]:
    steps = part.get("steps") if isinstance(part, Mapping) else None
    if not isinstance(steps, list) or not steps:
        raise UsageError('Each part of a plan has a list "steps". See: replan schema plan')
    ids = part.get("debts", [])
    if not isinstance(ids, list) or not all(isinstance(i, str) and ID.fullmatch(i) for i in ids):
        raise UsageError('"debts" is a list of debt ids. See: replan schema plan')
    return tuple(ids), tuple(step_from(step) for step in steps)


def step_from(step: Any) -> Step:
    """Read one step from its JSON form: `{"step": "defer", "instalments": 3}`."""
    if not isinstance(step, Mapping) or not isinstance(step.get("step"), str):
        raise UsageError('Each step is an object with its name as "step". See: replan schema plan')
    name = step["step"]
    found = _strategy(name)
    values = {str(key): value for key, value in step.items() if key != "step"}
    return Step(found, _params(found, values, name))


def plan_schema() -> dict[str, Any]:
    """Give the JSON Schema of a plan's JSON form."""
    steps = []
    for found in strategies().values():
        schema = found.params.model_json_schema(mode="validation", by_alias=True)
        schema["properties"] = {"step": {"const": found.name}, **schema.get("properties", {})}
        schema["required"] = ["step", *schema.get("required", [])]
        schema["description"] = found.summary
        steps.append(schema)
    part = {
        "type": "object",
        "properties": {
            "debts": {"type": "array", "items": {"type": "string"}},
            "steps": {"type": "array", "items": {"oneOf": steps}, "minItems": 1},
        },
        "required": ["steps"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Plan",
        "type": "object",
        "properties": {
            "replan": {"const": 1},
            "plan": {"type": "string", "description": "The plan in notation; `parts` decides."},
            "parts": {"type": "array", "items": part, "minItems": 1},
        },
        "required": ["parts"],
    }
