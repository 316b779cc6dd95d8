"""What packs of policies and rules have in common: strict, frozen, no key unknown."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A part of a pack: types are taken as written, and a key that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Pack(Entry):
    """A whole pack; `folder` names the folder of package data in which its kind ships."""

    folder: ClassVar[str]
