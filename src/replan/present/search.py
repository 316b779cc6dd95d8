"""`search` for people: a few plans side by side, where the others went, the policy's sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.compare import figure_rows, introduction, mark_plans
from replan.present.figures import amount, percent, whole
from replan.present.law import alerts
from replan.present.policies import bound_text, document_names, source_title, title_of
from replan.present.words import Words

Record = Mapping[str, Any]
_FIGURES = (
    "first_payment",
    "first_date",
    "typical_payment",
    "peak_payment",
    "months",
    "total_paid",
    "waived",
    "residual",
    "apr",
    "npv_loss",
)
_FRONT: Mapping[str, Callable[[Any], str]] = {
    "peak_payment": amount,
    "total_paid": amount,
    "months": whole,
    "npv_loss": partial(percent, decimals=2),
}
_MONTHS = 8
"""So many spans of equal room are shown; the JSON has all months."""


def search_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a search, given in its JSON form."""
    policy = data["policy"]
    return [
        *alerts(data["findings"], words),
        Heading(words("search.title", debt=data["debt"]["id"]), level=1),
        Lines(tuple(introduction({**data, "debt": None}, words))),
        Lines((_policy_line(policy, words), policy["note"][words.language])),
        Lines(tuple(_remarks(policy, words)), tone="strong", indent=2),
        *_choice(data, words),
        *_everything(data, words),
        Heading(words("search.spread", count=whole(_candidates(data)))),
        Lines(tuple(_spread(data, words)), indent=2),
        *_room(data, words),
        Heading(words("search.sources")),
        Lines(tuple(source_title(source, words) for source in policy["sources"]), indent=2),
        Lines((words("search.exact"),), tone="quiet"),
    ]


def _policy_line(policy: Record, words: Words) -> str:
    return words(
        "search.policy",
        title=title_of(policy, words),
        id=policy["id"],
        version=policy["version"],
        status=words(f"policy.{policy['status']}"),
        since=policy["effective"]["from"],
    )


def _remarks(policy: Record, words: Words) -> Iterator[str]:
    for remark in policy["remarks"]:
        values = {key: value for key, value in remark.items() if key != "code"}
        if "documents" in values:
            values["documents"] = document_names(values["documents"], words)
        yield words(f"remark.{remark['code']}", **values)


def _choice(data: Record, words: Words) -> Iterator[Block]:
    """Show the plans chosen; where none fits, the nearest and by how much it misses."""
    plans = data["choice"]
    if not plans:
        yield Lines(tuple(_nothing(data, words)), tone="bad")
        return
    marks = mark_plans(plans)
    yield Heading(words("search.chosen"))
    yield Lines(
        tuple(
            words("compare.legend", mark=mark, meaning=_labelled(plan, words))
            for plan, mark in zip(plans, marks, strict=True)
        ),
        indent=3,
    )
    heads: list[Cell | str] = ["", *(number(mark, "strong") for mark in marks)]
    yield table(heads, list(figure_rows(plans, words, only=_FIGURES)), keys=1)
    yield Lines(
        (words("search.full", debt=data["debt"]["id"], plan=plans[0]["plan"]),), tone="quiet"
    )


def _labelled(plan: Record, words: Words) -> str:
    labels = words("list.separator").join(words(f"label.{label}") for label in plan["labels"])
    return words("search.labelled", plan=plan["plan"], labels=labels)


def _nothing(data: Record, words: Words) -> Iterator[str]:
    nearest = data["nearest"]
    yield words("search.nothing" if nearest else "search.none_allowed")
    if nearest:
        yield words(
            "search.nearest",
            plan=nearest["plan"],
            months=whole(nearest["metrics"]["months_short"]),
            amount=amount(nearest["metrics"]["largest_shortfall"]),
        )


def _everything(data: Record, words: Words) -> Iterator[Block]:
    """List every plan on the front, where that was asked for."""
    if not data.get("all"):
        return
    names = (number(words(f"figure.{key}")) for key in _FRONT)
    rows: list[list[Cell | str]] = [
        [plan["plan"], *(number(show(plan["metrics"][key])) for key, show in _FRONT.items())]
        for plan in data["all"]
    ]
    yield table([words("client.plan"), *names], rows, keys=1)


def _candidates(data: Record) -> int:
    return int(data["candidates"]) + sum(int(one["count"]) for one in data["refused"])


def _spread(data: Record, words: Words) -> Iterator[str]:
    """Say where the candidates went, step by step."""
    for one in data["refused"]:
        yield words("search.refused", count=whole(one["count"]), reason=one["reason"])
    for limit in data["outside"]:
        if limit["count"] and limit["limit"] == "excludes":
            yield words("search.excluded", count=whole(limit["count"]))
        elif limit["count"] and limit["limit"] == "dearer":
            yield words("search.dearer", count=whole(limit["count"]))
        elif limit["count"]:
            yield words(
                "search.outside",
                count=whole(limit["count"]),
                limit=limit_text(limit, words),
                source=limit["source"],
                since=limit["since"],
            )
    if not data["assessed"]:
        yield words("search.unjudged", count=whole(data["fitting"]))
        yield from (words.term("unassessed", reason) for reason in data["not_assessed"])
    else:
        if data["over_surplus"]:
            yield words("search.over", count=whole(data["over_surplus"]))
        yield words("search.fitting", count=whole(data["fitting"]))
    if data["dominated"]:
        yield words("search.dominated", count=whole(data["dominated"]))
    if data["front"]:
        yield words("search.front", count=whole(data["front"]))


def limit_text(limit: Record, words: Words) -> str:
    """Print a limit: instalments at most 60."""
    name = words.term("bound", limit["limit"])
    return f"{name} {bound_text(limit, words)}"


def _room(data: Record, words: Words) -> Iterator[Block]:
    """Show what is left each month, months of the same room together."""
    room = data["room"]
    if not room["months"]:
        return
    yield Heading(words("search.room", debt=data["debt"]["id"], others=room["others"]))
    lines = [
        words(
            "search.room_line",
            span=_span(group, words),
            room=amount(group[0]["room"]),
        )
        for group in _alike(room["months"])
    ]
    more = ("…",) if len(lines) > _MONTHS else ()
    yield Lines((*lines[:_MONTHS], *more), indent=2)
    if room["overdrawn"]:
        names = room["overdrawn"]
        shown = names if len(names) <= 3 else [*names[:2], "…", names[-1]]
        months = words("list.separator").join(shown)
        yield Lines((words("search.overdrawn", months=months),), tone="strong", indent=2)


def _alike(months: Sequence[Record]) -> list[list[Record]]:
    groups: list[list[Record]] = []
    for month in months:
        if groups and groups[-1][0]["room"] == month["room"]:
            groups[-1].append(month)
        else:
            groups.append([month])
    return groups


def _span(group: Sequence[Record], words: Words) -> str:
    start, end = group[0]["month"], group[-1]["month"]
    return str(start) if start == end else words("month.span", start=start, end=end)


def search_records(data: Record) -> list[dict[str, object]]:
    """Flatten a search for CSV: a record per plan chosen, or per plan on the front with --all."""
    nearest = [{**data["nearest"], "labels": ["nearest"]}] if data["nearest"] else []
    return [_record(data, plan) for plan in data.get("all", data["choice"] or nearest)]


def _record(data: Record, plan: Record) -> dict[str, object]:
    metrics = plan["metrics"]
    first = metrics["first_payment"] or {}
    return {
        "debt": data["debt"]["id"],
        "labels": " ".join(plan.get("labels", ())),
        "plan": plan["plan"],
        "first_due": first.get("date"),
        "first_payment": first.get("amount"),
        **{
            key: metrics[key]
            for key in ("peak_payment", "total_paid", "months", "waived", "npv_loss", "verdict")
        },
    }
