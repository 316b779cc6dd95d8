"""Ways out beyond repayment plans, for people: they stand before the plans where none is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from replan.present.blocks import Block, Heading, Lines
from replan.present.figures import amount
from replan.present.words import Words

Record = Mapping[str, Any]


def route_blocks(found: Record | None, words: Words) -> Iterator[Block]:
    """Say why no plan is right, then each way out, what it depends on and its source."""
    if not found:
        return
    yield Heading(words("routes.title"), level=1)
    facts = {"left": amount(found["left"]), "owed": amount(found["owed"])}
    reason = words("routes.too_long", **facts, months=found["months"])
    if found["reason"] == "no-surplus":
        reason = words("routes.no_surplus", owed=facts["owed"])
    yield Lines((reason, words("routes.first")), tone="strong", indent=2)
    texts = tuple(text for route in found["routes"] for text in _route(route, words))
    yield Lines(texts or (words("routes.none"),), indent=3)
    if found["question"]:
        yield Lines((found["question"][words.language],), indent=3)


def _route(route: Record, words: Words) -> Iterator[str]:
    title, means = (route[key][words.language] for key in ("title", "means"))
    where = words("routes.source", source=route["url"] or route["source"])
    yield words("compare.legend", mark=title, meaning=f"{means} {where}")
    for test in route["screen"]:
        verdict = words("routes.within" if test["within"] else "routes.above")
        facts = {"value": amount(test["value"]), "limit": amount(test["limit"])}
        yield words("routes.test", what=words.term("route", test["what"]), verdict=verdict, **facts)
    for ask in route["asks"]:
        yield words("routes.ask", question=ask[words.language])
