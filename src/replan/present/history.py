"""A client's history for people, and what the rules on conduct say of a contact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from replan.present.blocks import Block, Heading, Lines
from replan.present.figures import amount
from replan.present.words import Words

Record = Mapping[str, Any]


def history_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out all entries in order, each as a few lines."""
    blocks: list[Block] = [Heading(words("history.title", client=data["client"]), level=1)]
    if not data["entries"]:
        blocks.append(Lines((words("history.empty"),)))
    for entry in data["entries"]:
        blocks.append(Lines(tuple(_lines(entry, words)), indent=4))
        blocks.extend(conduct_blocks(entry.get("conduct", ()), words))
    return blocks


def contact_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a contact just logged and what the rules say of it."""
    lines = Lines(tuple(_lines(data["contact"], words)), indent=4)
    return [lines, *conduct_blocks(data["contact"]["conduct"], words, alone=True)]


def _lines(entry: Record, words: Words) -> Iterator[str]:
    match entry["kind"]:
        case "contact":
            yield from _contact(entry, words)
        case "offer":
            side = words.term("side", entry["side"])
            what = {"date": entry["date"], "side": side, "terms": entry["terms"]}
            told = words("history.answer", answer=entry["answer"]) if entry["answer"] else ""
            yield words("history.offer", **what) + told
        case "agreement":
            names = ("date", "agreement", "plan")
            how = words.term("confirmed", entry["confirmed"])
            name = entry["creditor"] or entry["debt"]
            facts = {key: entry[key] for key in names} | {"creditor": name, "how": how}
            yield words("history.agreement", **facts)
        case "payment":
            sums = {"amount": f"{amount(entry['amount'])} {entry['currency']}"}
            numbers = {"date": entry["date"], "id": entry["id"], "agreement": entry["agreement"]}
            yield words("history.payment", **sums, **numbers)
        case _:
            yield words("history.replaced", date=entry["date"], agreement=entry["agreement"])


def _contact(entry: Record, words: Words) -> Iterator[str]:
    facts = [words.term("channel", entry["channel"]), words.term("outcome", entry["outcome"])]
    facts += [entry["caller"], words.term("role", entry["role"]), entry["number"], entry["debt"]]
    if entry["recipient"] == "third-party":
        facts.append(words("history.third_party"))
    joined = words("list.separator").join(filter(None, facts))
    line = words("history.contact", at=entry["at"].replace("T", " "), facts=joined)
    yield line + (words("history.said", text=entry["said"]) if entry["said"] else "")


def conduct_blocks(findings: Any, words: Words, *, alone: bool = False) -> Iterator[Block]:
    """Say which rules a contact is outside of, with source and date, and what is not known."""
    claims = [f for f in findings if "rule" in f]
    for finding in claims:
        yield Lines((_claim(finding, words),), tone="bad", indent=4)
    if not alone:
        return
    doubts = tuple(words(f"doubts.{f['code']}") for f in findings if "rule" not in f)
    if doubts:
        yield Lines(doubts, indent=4)
    elif not claims:
        yield Lines((words("doubts.none"),))


def _claim(finding: Record, words: Words) -> str:
    values = {"found": finding["found"], "limit": finding["limit"]}
    what = words(f"conduct.{finding['code']}", **values)
    rule = {"title": finding["title"][words.language], "kind": finding["kind"]}
    rule["kind"] = words.term("standing", finding["kind"])
    cited = {"source": finding["source"], "since": finding["since"]}
    return words("conduct.line", what=what, **rule, **cited)


def history_records(data: Record) -> list[dict[str, object]]:
    """Flatten a history for CSV: date, kind, and the entry's facts in one text."""
    hidden = ("kind", "date", "conduct", "parts", "instalments")
    return [
        {
            "date": entry["date"],
            "kind": entry["kind"],
            "facts": "; ".join(f"{k}={v}" for k, v in entry.items() if v and k not in hidden),
            "rules": ", ".join(f["rule"] for f in entry.get("conduct", ()) if "rule" in f),
        }
        for entry in data["entries"]
    ]


def contact_records(data: Record) -> list[dict[str, object]]:
    """Flatten a contact for CSV."""
    return history_records({"entries": [data["contact"]]})
