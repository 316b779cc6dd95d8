"""What loading a source gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from replan.errors import Issue
from replan.model.case import Case


@dataclass(frozen=True, slots=True)
class Loaded:
    """The cases of a source, the issues found, and the debts left out because of errors."""

    cases: list[Case] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
