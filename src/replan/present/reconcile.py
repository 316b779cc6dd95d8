"""`check --reconcile` for people: how the lender may have reckoned, and what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from replan.present.blocks import Block, Heading, Lines
from replan.present.figures import amount, percent, whole
from replan.present.words import Words

Record = Mapping[str, Any]
FEW = 5
"""So many explanations are listed: those that assume least."""


def reconcile_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a reconciliation, given in its JSON form."""
    return [
        Heading(words("reconcile.title", debt=data["debt"]), level=1),
        Lines(tuple(_summary(data, words))),
        *_found(data, words),
        *_questions(data, words),
        Lines(tuple(_notes(data, words)), tone="quiet", indent=2),
    ]


def _summary(data: Record, words: Words) -> Iterator[str]:
    own = data["own"]
    yield words("compare.currency", currency=data["currency"])
    yield words("reconcile.theirs", figure=amount(data["figure"]), date=data["as_of"])
    yield words("reconcile.ours", figure=amount(own["figure"]), off=_off(own, words))


def _off(reading: Record, words: Words) -> str:
    """Say by how much a reading is off the lender's figure."""
    off = Decimal(reading["difference"])
    if not off:
        return words("reconcile.same")
    return words("reconcile.more" if off > 0 else "reconcile.less", amount=amount(str(abs(off))))


def _found(data: Record, words: Words) -> Iterator[Block]:
    agrees = bool(data["agrees"])
    listed = data["agrees"] or data["nearest"]
    yield Heading(words("reconcile.agrees" if agrees else "reconcile.nearest"))
    texts = [_reading(r, words, off=not agrees) for r in listed[:FEW]]
    if len(listed) > FEW:
        texts.append(words("reconcile.others", count=whole(len(listed) - FEW)))
    yield Lines(tuple(texts), indent=3)


def _reading(r: Record, words: Words, *, off: bool) -> str:
    """Say in a sentence how a figure comes about."""
    parts = list(_parts(r, words))
    text = words("list.separator").join(parts)
    if off:
        return words("reconcile.off", figure=amount(r["figure"]), off=_off(r, words), how=text)
    return words("reconcile.how", how=text)


def _parts(r: Record, words: Words) -> Iterator[str]:
    if r["since"] is None:
        yield words("reconcile.as_filed")
    else:
        reason = words.term("since", r["reason"])
        yield words("reconcile.since", date=r["since"], reason=reason, day_count=r["day_count"])
        if not r["on_file"]:
            yield words("reconcile.without_file")
    if r["both_days"]:
        yield words("reconcile.both_days")
    if r["compounding"] != "none":
        yield words.term("compounding", r["compounding"])
    if r["penalty_on"] != "none":
        share = percent(r["penalty"])
        yield words("reconcile.penalty", share=share, base=words.term("base", r["penalty_on"]))
    if r["late_fees"]:
        yield words("reconcile.late_fees", count=r["late_fees"])
    if r["rounded"] != "once":
        yield words.term("rounded", r["rounded"])
    if r["rounding"] != "half-up":
        yield words.term("mode", r["rounding"])


def _questions(data: Record, words: Words) -> Iterator[Block]:
    """Give what to ask the lender about the plainest explanation."""
    first = (data["agrees"] or [None])[0]
    asked = [words("reconcile.ask_statement")] if first is None else []
    if first is not None:
        if first["compounding"] != "none":
            asked.append(words("reconcile.ask_compounding"))
        if first["penalty_on"] != "none":
            asked.append(words("reconcile.ask_penalty"))
        if first["both_days"]:
            asked.append(words("reconcile.ask_days"))
        if first["late_fees"]:
            asked.append(words("reconcile.ask_fees"))
    if asked:
        yield Heading(words("reconcile.ask"))
        yield Lines(tuple(asked), indent=2)


def _notes(data: Record, words: Words) -> Iterator[str]:
    yield words("reconcile.tried", count=whole(data["tried"]))
    if data["agrees"]:
        yield words("reconcile.coincidence")


def reconcile_records(data: Record) -> list[dict[str, object]]:
    """Flatten a reconciliation for CSV: one record per explanation."""
    return [{"debt": data["debt"], **r} for r in data["agrees"] or data["nearest"]]
