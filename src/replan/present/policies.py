"""Policies for people: what a lender offers, its limits with their sources, its conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Heading, Lines
from replan.present.figures import percent, whole
from replan.present.words import Words

Record = Mapping[str, Any]
_SHARES = ("share", "rate")
_ENGLISH = re.compile(r"(?<=[\u4e00-\u9fff]) \([A-Za-z][^()]*\)$")
_SHOWN = 6
"""So many alternatives of a step are written out; longer lists show their ends."""


def title_of(policy: Record, words: Words) -> str:
    """Give a policy's title in the language of the words."""
    return str(policy["title"][words.language])


def bound_text(limit: Record, words: Words) -> str:
    """Print a limit's value: at most 60, at least 2 %."""
    key = "max" if "max" in limit else "min"
    value = limit[key]
    if limit["unit"] in _SHARES:
        shown = percent(str(round(value, 8)), decimals=2).replace(".00 %", " %")
    else:
        shown = whole(int(value)) if float(value).is_integer() else f"{value:,.2f}"
    return words("policy.at_most" if key == "max" else "policy.at_least", value=shown)


def policies_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out the list: a line for each policy."""
    lines = [
        words("compare.legend", mark=policy["id"], meaning=_summary(policy, words))
        for policy in data["policies"]
    ]
    return [
        Heading(words("policy.title"), level=1),
        Lines(tuple(lines), indent=4),
        Lines((words("policy.more"),), tone="quiet"),
    ]


def _summary(policy: Record, words: Words) -> str:
    return words(
        "policy.line",
        title=title_of(policy, words),
        status=words(f"policy.{policy['status']}"),
        count=whole(policy["candidates"]),
    )


def policy_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out each policy in full."""
    return [block for policy in data["policies"] for block in _whole_policy(policy, words)]


def _whole_policy(policy: Record, words: Words) -> Iterator[Block]:
    yield Heading(f"{policy['id']}: {title_of(policy, words)}", level=1)
    yield Lines(tuple(_facts(policy, words)))
    yield Lines((policy["note"][words.language],))
    yield Heading(words("policy.offers", count=whole(policy["candidates"])))
    for offer in policy["offers"]:
        count = whole(offer["candidates"])
        yield Lines((words("policy.offer", title=title_of(offer, words), count=count),))
        steps = (
            words("policy.step", n=n, steps=_alternatives(step, words))
            for n, step in enumerate(offer["steps"], start=1)
        )
        yield Lines(tuple(steps), indent=4)
    if policy["limits"]:
        yield Heading(words("policy.limits"))
        yield Lines(tuple(_limit(limit, words) for limit in policy["limits"]), indent=4)
    conditions = list(_conditions(policy, words))
    if conditions:
        yield Heading(words("policy.conditions"))
        yield Lines(tuple(conditions), indent=4)
    yield Heading(words("policy.sources"))
    yield Lines(tuple(_source(source, words) for source in policy["sources"]), indent=4)


def _facts(policy: Record, words: Words) -> Iterator[str]:
    effective = policy["effective"]
    key = "policy.until" if effective["to"] else "policy.since"
    span = words(key, since=effective["from"], until=effective["to"])
    status = words(f"policy.{policy['status']}")
    yield words("policy.version", version=policy["version"], status=status, span=span)
    place = [policy["jurisdiction"], policy["currency"]]
    kinds = [*place, *policy["lender_types"], *policy["products"]]
    named = words("list.separator").join(kind for kind in kinds if kind)
    yield words("policy.covers", kinds=named or words("policy.anyone"))
    for key in ("approved_by", "replaces"):
        if policy[key]:
            yield words(f"policy.{key}", name=policy[key])


def _alternatives(step: Sequence[str | None], words: Words) -> str:
    texts = [words("policy.left_out") if one is None else one for one in step]
    if len(texts) > _SHOWN:
        texts = [*texts[:3], "…", texts[-1]]
    return " | ".join(texts)


def _limit(limit: Record, words: Words) -> str:
    name = words.term("bound", limit["limit"])
    since = words("policy.since", since=limit["since"])
    return f"{name} {bound_text(limit, words)} ({limit['source']}; {since})"


def departure_text(finding: Record, words: Words) -> str:
    """Say where a plan departs from a policy: value, limit, source, since."""
    what = finding["departure"]
    text = words.find(f"departure.{what}")
    if text is not None:
        said = text.format(**{key: finding.get(key) for key in ("step", "order", "plan")})
    elif words.find(f"remark.{what}"):
        said = words.find(f"remark.{what}") or ""
        said = said.format(**finding)
    else:
        name, value = words.term("bound", what), finding["value"]
        shown = percent(str(value), decimals=2) if finding["unit"] in _SHARES else str(value)
        bound = bound_text(finding, words)
        said = words("departure.limit", limit=name, value=shown, bound=bound)
    return words(
        "departure.line",
        policy=finding["policy"],
        text=said,
        source=finding["source"],
        since=words("policy.since", since=finding["since"]),
    )


def _conditions(policy: Record, words: Words) -> Iterator[str]:
    asked = policy["conditions"]
    if asked["past_due_from"]:
        yield words("policy.past-due-from", days=asked["past_due_from"])
    if asked["past_due_until"] is not None:
        yield words("policy.past-due-until", days=asked["past_due_until"])
    for cause, documents in asked["evidence"].items():
        named = words("policy.any") if cause == "any" else words.term("cause", cause)
        listed = document_names(documents, words)
        yield words("policy.evidence", cause=named, documents=listed)
    if policy["order"]:
        yield words("policy.order", names=" + ".join(policy["order"]))
    for names in policy["excludes"]:
        yield words("policy.excludes", names=words("list.separator").join(names))


def source_title(source: Record, words: Words) -> str:
    """Give a source's title, that for Chinese readers where there is one."""
    return str((words.language == "zh" and source.get("zh")) or source["title"])


def document_names(documents: Sequence[str], words: Words) -> str:
    """List documents; their English names in brackets are for who reads no Chinese."""
    if words.language == "zh":
        documents = [_ENGLISH.sub("", name) for name in documents]
    return words("list.separator").join(documents)


def _source(source: Record, words: Words) -> str:
    title = f"{source_title(source, words)} {source['url'] or ''}".strip()
    return words("policy.checked", title=title, date=source["checked_on"])


def policies_records(data: Record) -> list[dict[str, object]]:
    """Flatten the list for CSV, one record per policy."""
    heads = ("id", "version", "status", "jurisdiction", "currency", "candidates")
    return [
        {head: policy[head] for head in heads} | {"title": policy["title"]["en"]}
        for policy in data["policies"]
    ]


def policy_records(data: Record) -> list[dict[str, object]]:
    """Flatten one policy for CSV: a record per limit value, with its source."""
    return [
        {
            "policy": policy["id"],
            "limit": limit["limit"],
            "unit": limit["unit"],
            "min": limit.get("min"),
            "max": limit.get("max"),
            "since": limit["since"],
            "source": limit["source"],
        }
        for policy in data["policies"]
        for limit in policy["limits"]
    ]
