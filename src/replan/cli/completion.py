"""What the shell may complete: plans, strategies, debts, causes, scenarios, paths and currencies.

Every function answers with nothing where it cannot know; a completion never reports a fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

Item = tuple[str, str]
"""A value and what it means; the meaning may be empty."""
Complete = Callable[[typer.Context, str], Iterable[Item]]
_BREAKS = re.compile(r"(.*(?:[+;>(:]|\[)\s*)?(.*)", re.DOTALL)
_SAFE = re.compile(r"[\w .:=+%/-]*")
_UNSAFE = re.compile(r"[^\w .,%/+=，。；：、（）-]+")
_MOST_BYTES = 16 * 2**20


def quietly(complete: Complete) -> Callable[[typer.Context, str], list[Item]]:
    """Let whatever fails be an empty answer."""

    # Typer calls it by the names of its parameters, so its signature stays its own
    def answered(ctx: typer.Context, incomplete: str) -> list[Item]:
        try:
            return list(_harmless(complete(ctx, incomplete), incomplete))
        except Exception:  # noqa: BLE001 - a half-written line is no place for a complaint
            return []

    answered.__doc__ = complete.__doc__
    return answered


def _harmless(items: Iterable[Item], incomplete: str) -> Iterator[Item]:
    """Leave out what a shell could run: names come from files, and zsh evaluates its answers."""
    for value, meaning in items:
        if value.startswith(incomplete) and _SAFE.fullmatch(value.removeprefix(incomplete)):
            yield value, " ".join(_UNSAFE.sub(" ", meaning).split())


@quietly
def complete_plan(ctx: typer.Context, incomplete: str) -> Iterator[Item]:
    """Complete the last word of a plan: a strategy, a debt, or a parameter of the step begun."""
    found = _BREAKS.fullmatch(incomplete)
    before, tail = (found[1] or "", found[2]) if found else ("", incomplete)
    if " " in tail:
        yield from _parameters(before, tail)
        return
    yield from ((before + name, meaning) for name, meaning in _strategies())
    if not before or before.rstrip().endswith(";"):
        yield from ((f"{before}{debt}: ", name) for debt, name in _debts(ctx))


def _strategies() -> Iterator[Item]:
    from replan.strategies import load_strategies  # noqa: PLC0415 - only where it is asked for

    words = _words()
    for name, one in sorted(load_strategies()[0].items()):
        yield name, words.find(f"strategy.{name}") or one.summary


def _parameters(before: str, tail: str) -> Iterator[Item]:
    """Yield `key=` for what the step of *tail* has not been given yet, or the choices of a key."""
    from replan.strategies.register import find_strategy  # noqa: PLC0415 - as above

    step, _, last = tail.rpartition(" ")
    found = find_strategy(step.split(" ")[0])
    if found is None:
        return
    schema = found.params.model_json_schema()
    for key, field in schema.get("properties", {}).items():
        if key in found.params.positional or f"{key}=" in step:
            continue
        starts = f"{before}{step} {key}="
        meaning = str(field.get("description", ""))
        choices = list(_choices(field)) if last.startswith(f"{key}=") else []
        yield from ((starts + choice, "") for choice in choices)
        if not choices:
            yield starts, meaning


def _choices(field: Any) -> Iterator[str]:
    for option in field.get("anyOf", [field]):
        yield from map(str, option.get("enum", ()))


@quietly
def complete_debt(ctx: typer.Context, _incomplete: str) -> Iterator[Item]:
    """Complete the id of a debt of the case that the line names."""
    yield from _debts(ctx)


def _debts(ctx: typer.Context) -> Iterator[Item]:
    for debt in _case(ctx).get("debts", ()):
        yield str(debt["id"]), str(debt.get("creditor") or "")


@quietly
def complete_cause(_ctx: typer.Context, _incomplete: str) -> Iterator[Item]:
    """Complete a cause of hardship for which there are plans."""
    from replan.decide.presets import CAUSES  # noqa: PLC0415 - as above

    words = _words()
    for name, menu in CAUSES.items():
        yield name, words.term("why", menu[0].why)


@quietly
def complete_strategy(_ctx: typer.Context, _incomplete: str) -> Iterator[Item]:
    """Complete the name of a strategy."""
    yield from _strategies()


@quietly
def complete_scenario(ctx: typer.Context, _incomplete: str) -> Iterator[Item]:
    """Complete the name of a scenario saved beside the case."""
    from replan.cli.scenarios import BASE, read_scenarios  # noqa: PLC0415 - as above

    saved = read_scenarios(_source(ctx))
    yield BASE, ""
    yield from ((name, ", ".join(changes)) for name, changes in saved.items())


@quietly
def complete_path(ctx: typer.Context, _incomplete: str) -> Iterator[Item]:
    """Complete a path of --set: a budget line by its label, a value of a debt."""
    case = _case(ctx)
    budget = case.get("budget") or {}
    for side in ("income", "expenses"):
        for line in budget.get(side, ()):
            if line.get("label"):
                yield f"budget.{line['label']}=", str(line.get("amount", ""))
    yield from ((f"budget.{key}=", str(budget.get(key, ""))) for key in ("savings", "buffer"))
    yield "surplus=", ""
    for debt in case.get("debts", ()):
        single = {k: v for k, v in debt.items() if not isinstance(v, dict | list)}
        yield from ((f"debts.{debt['id']}.{key}=", str(v)) for key, v in single.items())


@quietly
def complete_currency(_ctx: typer.Context, _incomplete: str) -> Iterator[Item]:
    """Complete a currency code."""
    from replan.model.currency import EXPONENTS  # noqa: PLC0415 - as above

    yield from ((code, "") for code in EXPONENTS)


def _source(ctx: typer.Context) -> str:
    """Return the case that the line names; it is left over where an option has no value yet."""
    return str(ctx.params.get("case") or next(iter(ctx.args), "-"))


def _case(ctx: typer.Context) -> dict[str, Any]:
    """Read the case of the line without judging it; a table as its options say."""
    source = _source(ctx)
    path = Path(source)
    if source == "-" or not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return {}
    if path.suffix.lower() == ".json":
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
        return raw if isinstance(raw, dict) else {}
    import replan  # noqa: PLC0415 - as above

    names = ("as_of", "currency", "jurisdiction", "surplus", "encoding")
    given = {name: ctx.params.get(name) for name in names}
    loaded = replan.load(path, **{name: value for name, value in given.items() if value})
    return loaded.cases[0].model_dump(mode="json", by_alias=True) if loaded.cases else {}


def _words() -> Any:
    import os  # noqa: PLC0415 - as above

    from replan.present.words import Words, choose_language  # noqa: PLC0415 - as above

    return Words(choose_language(None, os.environ))
