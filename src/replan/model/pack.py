"""What packs of policies and rules have in common: strict, frozen, no key unknown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar, cast, get_args

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A part of a pack: types are taken as written, and a key that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Pack(Entry):
    """A whole pack; `folder` names the folder of package data in which its kind ships."""

    folder: ClassVar[str]


M = TypeVar("M", bound=Entry)


def built(model: type[M], raw: Mapping[str, Any]) -> M:
    """Construct an entry, and those inside it, from data that a test has validated.

    Nothing is checked here: building pydantic's validators costs more than all else that a
    command does with a pack that ships.
    """
    made = {}
    for name, value in raw.items():
        inner = _entries_of(model).get(name)
        if inner is None or value is None:
            made[name] = value
        elif isinstance(value, tuple):
            made[name] = tuple(built(inner, entry) for entry in value)
        else:
            made[name] = built(inner, value)
    return cast("M", model.model_construct(None, **made))


@cache
def _entries_of(model: type[Entry]) -> dict[str, type[Any]]:
    """Name the fields that hold entries, alone, optional or in a tuple, with their models."""
    found = {name: _entry_in(field.annotation) for name, field in model.model_fields.items()}
    return {name: entry for name, entry in found.items() if entry is not None}


def _entry_in(annotation: Any) -> type[Any] | None:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next(filter(None, map(_entry_in, get_args(annotation))), None)
