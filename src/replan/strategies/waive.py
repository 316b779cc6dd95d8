"""Waiver: part of penalty, interest, fees or principal is forgiven."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, JsonValue, PlainSerializer, model_validator

from replan.engine.terms import COMPONENTS, Parts, Promise, Terms
from replan.model.text import quote

from .edits import outstanding, percent, relevelled, share_of, without
from .register import Ask, Params, strategy
from .values import Share, written


def _when(value: object) -> int:
    """Read now (−1), completion (0) or on-time:K (K)."""
    if isinstance(value, int) and -1 <= value <= 1200:
        return value
    text = str(value).strip()
    if text in WHEN:
        return WHEN[text]
    head, _, count = text.partition(":")
    if head == "on-time" and count.isdecimal() and 1 <= int(count) <= 1200:
        return int(count)
    raise ValueError(f"{quote(text)} is not now, completion or on-time:K")


def _print_when(value: int) -> str:
    names = {number: name for name, number in WHEN.items()}
    return names.get(value, f"on-time:{value}")


WHEN = {"now": -1, "completion": 0}
When = Annotated[
    int,
    BeforeValidator(_when),
    PlainSerializer(_print_when, return_type=str),
    written("condition", "now", "completion", "on-time:6"),
]


def _share(description: str) -> Any:
    extra: dict[str, JsonValue] = {"default": "0%"}
    return Field(default=Decimal(0), description=description, json_schema_extra=extra)


class Waive(Params):
    """What share of each component is forgiven, and when."""

    penalty: Share = _share("Share of the penalty interest owed.")
    interest: Share = _share("Share of the interest owed.")
    fees: Share = _share("Share of the fees owed.")
    principal: Share = _share("Share of the principal owed.")
    when: When = Field(
        default=-1,
        description="Now, on completion, or after K payments on time (on-time:K).",
        json_schema_extra={"default": "now"},
    )

    @model_validator(mode="after")
    def _something(self) -> Waive:
        if not any(getattr(self, c) for c in COMPONENTS):
            raise ValueError("write at least one share, such as penalty=100%")
        return self


def asks(p: Waive) -> tuple[Ask, ...]:
    """Name what a waiver presumes, component by component."""
    when = {-1: "now", 0: "on completion"}.get(p.when, f"after {p.when} payments on time")
    found = []
    for name in ("penalty", "interest", "fees", "principal"):
        share = getattr(p, name)
        if share:
            values = {"share": percent(share), "when": _print_when(p.when)}
            text = f"{percent(share)} of the {name} is waived {when}."
            found.append(Ask(f"waive-{name}", text, values))
    return tuple(found)


@strategy(
    Waive,
    name="waive",
    notation="waive [penalty=P%] [interest=P%] [fees=P%] [principal=P%] "
    "[when=now|completion|on-time:K]",
    forbearance="debt forgiveness",
    asks=asks,
    keeps=lambda p: not p.principal,
    by_row=lambda _: True,
)
def waive(terms: Terms, p: Waive) -> Terms:
    """Forgive a share of what is owed now, on completion, or after K payments on time.

    Each share is rounded half-up to the minor unit. An amount whose waiver depends on a condition
    is set aside without interest and is not asked for meanwhile; if the condition is broken it is
    owed again.
    """
    owed = outstanding(terms)
    parts = Parts(*(share_of(getattr(owed, c), getattr(p, c)) for c in COMPONENTS))
    left = without(terms, parts)
    if parts.principal.any():
        left = relevelled(left)
    if p.when < 0:
        return replace(left, waived=left.waived + parts)
    return replace(left, promises=(*left.promises, Promise(parts, p.when)))
