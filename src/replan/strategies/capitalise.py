"""Capitalisation: arrears components become principal and bear interest from then on."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field, field_validator

from replan.engine.terms import CHARGES, Component, Parts, Terms
from replan.model.text import quote

from .edits import outstanding, relevelled, without, zero
from .register import Ask, Params, strategy


class Capitalise(Params):
    """Which components become principal; all if none is named."""

    positional: ClassVar = ("components",)

    components: tuple[Component, ...] = Field(
        default=(), description="Any of interest, penalty and fees; all if none is named."
    )

    @field_validator("components", mode="before")
    @classmethod
    def _known(cls, value: object) -> object:
        names = value if isinstance(value, tuple | list) else (value,)
        for name in names:
            if name not in CHARGES:
                raise ValueError(f"{quote(name)} is not interest, penalty or fees")
        return tuple(name for name in CHARGES if name in names)


def asks(p: Capitalise) -> tuple[Ask, ...]:
    """Name what capitalisation presumes (it costs the borrower, not the creditor)."""
    names = p.components or CHARGES
    words = ", ".join(names)
    text = f"What is owed of {words} is no longer overdue but principal, and bears interest."
    return (Ask("capitalise", text, {"components": list(names)}),)


@strategy(
    Capitalise,
    name="capitalise",
    notation="capitalise [interest] [penalty] [fees]",
    forbearance="rescheduled payments",
    asks=asks,
    by_row=lambda _: True,
)
def capitalise(terms: Terms, p: Capitalise) -> Terms:
    """Turn interest, penalty and fees owed into principal, which bears interest."""
    chosen = p.components or CHARGES
    none, owed = zero(terms.rows), outstanding(terms)
    parts = Parts(none, *(getattr(owed, c) if c in chosen else none for c in CHARGES))
    left = relevelled(without(terms, parts))
    owed = replace(left.owed, principal=left.owed.principal + parts.total)
    return replace(left, owed=owed, capitalised=left.capitalised + parts.total)
