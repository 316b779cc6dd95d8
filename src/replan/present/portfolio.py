"""A portfolio's run for people: what became of every row, why, and how segments fared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from replan.model.issues import CODES
from replan.model.text import clean_text
from replan.present.figures import NONE, percent, whole
from replan.present.words import Words

Record = Mapping[str, Any]
STATUSES = ("offer", "no-offer", "review", "suppressed", "reject")
_SHOWN = 12
"""So many reasons, and values of a segment, are printed; the manifest has all."""
_LIMIT = "limit-"


def summary_lines(facts: Record, words: Words) -> list[str]:
    """Say in a few lines what became of all rows, from the manifest of a run."""
    rows, candidates = whole(facts["rows"]), whole(facts["candidates"])
    return [
        words("batch.rows", rows=rows, candidates=candidates),
        *_sum(facts, words),
        *_reasons(facts, words),
        *_changes(facts, words),
        *_segments(facts, words),
        *_next(facts, words),
    ]


def _next(facts: Record, words: Words) -> Iterator[str]:
    """Say what was not read, and where to look for what has become of single rows."""
    if unread := facts.get("unread_columns"):
        names = words("list.separator").join(map(clean_text, unread))
        yield words("batch.unread", columns=names)
    if facts["accounts"].get("reject") or facts["unreadable"]:
        yield words("batch.next_reject")
    if facts["accounts"].get("no-offer"):
        yield words("batch.next_offer")


def _sum(facts: Record, words: Words) -> Iterator[str]:
    """Print the rows by status as a sum that adds up to the rows read."""
    counts = {status: int(facts["accounts"].get(status, 0)) for status in STATUSES}
    counts["reject"] += facts["unreadable"]
    if facts["skipped"]:
        counts["skipped"] = facts["skipped"]
    width = len(whole(facts["rows"]))
    for at, (status, count) in enumerate(counts.items()):
        sign = "+" if at else " "
        named = words.term("batch", status)
        yield f"  {sign} {whole(count):>{width}}  {named}"
    read = words("batch.read")
    yield f"  = {whole(sum(counts.values())):>{width}}  {read}"


def _reasons(facts: Record, words: Words) -> Iterator[str]:
    counts = dict(facts["reasons"])
    if facts["unreadable"]:
        counts["cell-too-many"] = counts.get("cell-too-many", 0) + facts["unreadable"]
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    if ordered:
        yield words("batch.reasons")
    width = max((len(whole(count)) for _, count in ordered), default=0)
    for reason, count in ordered[:_SHOWN]:
        yield f"    {whole(count):>{width}}  {reason}: {reason_text(reason, words)}"
    if len(ordered) > _SHOWN:
        yield "    " + words("batch.more", count=whole(len(ordered) - _SHOWN))


def reason_text(code: str, words: Words) -> str:
    """Say what a reason code means: an outcome's, a limit's or a problem's."""
    if code.startswith(_LIMIT):
        return words("unoffered.limit", limit=limit_name(code.removeprefix(_LIMIT), words))
    issue = words.find(f"issue.{code}") or CODES.get(code)
    return issue or words.term("unoffered", code)


def limit_name(name: str, words: Words) -> str:
    """Name a limit, or what rules plans out without being one with a value."""
    return words.find(f"unnamed.{name}") or words.term("bound", name)


def _changes(facts: Record, words: Words) -> Iterator[str]:
    """Say how budgets were shared, what changed since an earlier run, and how far it moved."""
    for how, count in sorted(facts.get("shared", {}).items()):
        named = words.term("batch", f"shared-{how}")
        yield f"  {whole(count)} {named}"
    for change, count in sorted(facts["changes"].items()):
        named = words.term("batch", f"change-{change}")
        yield f"  {whole(count)} {named}"
    worse = facts.get("worsening") or {}
    if worse.get("reason"):
        counts = {name: whole(worse.get(name, 0)) for name in ("withdrawn", "worse")}
        yield words("batch.worsening", reason=worse["reason"], **counts)
    for name, pair in (facts.get("drift") or {}).items():
        show = _amount if name in ("mean_instalment", "npv_loss") else _share
        moved = {key: show(value) for key, value in pair.items()}
        if moved["before"] != moved["now"]:
            yield "  " + words("batch.moved", name=words.term("drift", name), **moved)


def _share(value: object) -> str:
    return percent(value, decimals=2)


def _amount(value: object) -> str:
    return NONE if value is None else f"{value:,.2f}"


def _segments(facts: Record, words: Words) -> Iterator[str]:
    for name, values in facts["segments"].items():
        yield words("segment.by", name=clean_text(name))
        for value, cell in list(values.items())[:_SHOWN]:
            parts = [words("segment.accounts", count=whole(cell["accounts"]))]
            parts += [
                words(f"segment.{key}", share=percent(cell[key]))
                for key in ("offer_rate", "waived_share", "instalment_share")
                if key in cell
            ]
            named, joined = value or words("segment.none"), words("list.separator").join(parts)
            yield f"    {named}: {joined}"
        if len(values) > _SHOWN:
            yield "    " + words("batch.more", count=whole(len(values) - _SHOWN))


def fault_line(fault: Record, words: Words) -> str:
    """Say what is not as a manifest has it."""
    short = {key: str(fault[key])[:300] for key in ("name", "was", "now")}
    if fault["what"] in ("file", "policy", "mapping", "bytes", "output", "schedules"):
        short |= {key: short[key][:12] for key in ("was", "now")}  # digests
    return words(f"changed.{fault['what']}", **short)
