"""What goes wrong: exceptions for callers' mistakes, issues for problems in data.

    ReplanError          everything that replan raises
      UsageError         the caller's mistake: an unknown strategy, a bad plan string   exit 2
        ShapeError       a step that such instalments refuse, whatever is owed           exit 2
      PackError          a policy or rule pack that must not be used                    exit 2
      DataError          raised by strict helpers; carries the issues                   exit 1

An Issue is a value, never raised: all problems of a file are reported in one run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning", "note"]


class ReplanError(Exception):
    """Everything that replan raises."""

    exit_code: ClassVar[int] = 2


class UsageError(ReplanError):
    """The caller's mistake: an unknown strategy, a plan that cannot be read, a missing file."""


class ShapeError(UsageError):
    """A step that does not apply to instalments of such a kind, whatever their amounts."""


class PackError(ReplanError):
    """A policy or rule pack that must not be used."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem in the data, as a value: where it is, what it is and what to do.

    `where` is the place as people find it: `file:line:path` (JSON) or `file:line:column` (CSV).
    `message` quotes the value found. `hint` says what to do. `reference` is a source, if any.
    """

    code: str
    severity: Severity
    message: str
    where: str = ""
    hint: str = ""
    reference: str = ""

    def __str__(self) -> str:
        """Print in one line: where, what, what to do."""
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} {self.hint}".rstrip()


class DataError(ReplanError):
    """Data that cannot be used; `issues` says where and why."""

    exit_code: ClassVar[int] = 1

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("\n".join(str(issue) for issue in issues))
        self.issues = tuple(issues)
