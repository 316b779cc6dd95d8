"""The register of strategies for people: a list, or one strategy in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from inspect import getdoc
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, table
from replan.present.figures import NONE
from replan.present.words import Words

Record = Mapping[str, Any]


def strategies_data(strategies: Iterable[Any]) -> dict[str, Any]:
    """Return the JSON form of registered strategies."""
    return {"replan": 1, "strategies": [_describe(strategy) for strategy in strategies]}


def _describe(strategy: Any) -> dict[str, Any]:
    return {
        "name": strategy.name,
        "summary": strategy.summary,
        "notation": strategy.notation,
        "forbearance": strategy.forbearance,
        "household": strategy.household,
        "description": getdoc(strategy.apply) or "",
        "parameters": list(_parameters(strategy.params.model_json_schema())),
        "origin": strategy.origin,
    }


def _parameters(schema: Record) -> Iterator[dict[str, Any]]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        default = "" if name in required else field.get("default")
        yield {"name": name, "values": _values(field), "default": default}


def _values(field: Record) -> str:
    """Say in a word what a parameter takes: its choices or its type."""
    choices = [option for option in field.get("anyOf", [field]) if option.get("type") != "null"]
    found = [
        " | ".join(map(str, option["enum"])) if "enum" in option else _type(option)
        for option in choices
    ]
    return " | ".join(dict.fromkeys(found))


def _type(option: Record) -> str:
    if option.get("format") == "date":
        return "DATE"
    return {"integer": "N", "boolean": "yes | no", "array": "LIST"}.get(
        option.get("type", ""), "TEXT"
    )


def strategies_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out the list: a line for each strategy."""
    lines = tuple(
        words("compare.legend", mark=strategy["name"], meaning=_meaning(strategy, words))
        for strategy in data["strategies"]
    )
    return [
        Heading(words("strategies.title"), level=1),
        Lines(lines, indent=4),
        Lines((words("strategies.more"),), tone="quiet"),
    ]


def strategy_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out each strategy in full."""
    return [block for strategy in data["strategies"] for block in _whole(strategy, words)]


def _meaning(strategy: Record, words: Words) -> str:
    return words.find(f"strategy.{strategy['name']}") or str(strategy["summary"])


def _whole(strategy: Record, words: Words) -> Iterator[Block]:
    yield Heading(strategy["name"], level=1)
    category = words.find(f"forbearance.{strategy['forbearance']}") or strategy["forbearance"]
    yield Lines((_meaning(strategy, words),))
    facts = [
        words("strategies.notation", notation=strategy["notation"]),
        words("strategies.forbearance", category=category),
    ]
    if strategy["origin"] != "replan":
        facts.append(words("strategies.origin", origin=strategy["origin"]))
    yield Lines(tuple(facts), indent=4)
    more = words.find(f"description.{strategy['name']}")
    yield Lines((more,) if more else tuple(_paragraphs(strategy["description"])))
    rows: list[list[Cell | str]] = [
        [one["name"], one["values"], NONE if one["default"] is None else str(one["default"])]
        for one in strategy["parameters"]
    ]
    heads = [words(f"strategies.{name}") for name in ("parameter", "values", "default")]
    yield table(heads, rows, keys=1)


def _paragraphs(description: str) -> Iterator[str]:
    """Yield the paragraphs after the summary, each as one line."""
    for paragraph in description.split("\n\n")[1:]:
        yield " ".join(paragraph.split())


def strategies_records(data: Record) -> list[dict[str, object]]:
    """Flatten the register for CSV, one record per strategy."""
    heads = ("name", "summary", "notation", "forbearance", "household", "origin")
    return [{head: strategy[head] for head in heads} for strategy in data["strategies"]]
