"""The rule packs of a case: found by its jurisdiction, read from what ships with the package."""

from __future__ import annotations

import os
from functools import cache

from replan.model.case import Case
from replan.model.jurisdictions import pack_name
from replan.model.rules import RulePack
from replan.model.standard import standard_pack

from .packs import load_pack, shipped

STANDARD = "standard"


def load_rules(name: str | os.PathLike[str]) -> RulePack:
    """Read a rule pack by its shipped name, such as `cn`, or from a TOML file.

    `standard` are the tests of supervision and accounting that need no file.
    Raises PackError, naming file, key and remedy, if it must not be used.
    """
    return standard_pack() if name == STANDARD else load_pack(RulePack, name)


def rule_packs() -> tuple[str, ...]:
    """Name the rule packs that ship, for `load_rules`."""
    return (*shipped(RulePack.folder), STANDARD)


def rules_for(case: Case) -> tuple[RulePack, ...]:
    """Give the packs that hold for a case's jurisdiction; none if it is unknown or has no pack."""
    name = pack_name(case.jurisdiction)
    return (_shipped(name),) if name in shipped(RulePack.folder) else ()


@cache
def _shipped(name: str) -> RulePack:
    return load_rules(name)
