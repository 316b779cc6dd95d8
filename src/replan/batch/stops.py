"""What stops a run before anything is published, each with an exit code of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from replan.errors import ReplanError, UsageError

from .parts import Parts
from .source import Source
from .work import Counts


class TooManyRejectsError(ReplanError):
    """More rows were rejected than allowed: nothing is published."""

    exit_code: ClassVar[int] = 3


class WorseningError(ReplanError):
    """Open offers would be withdrawn or made worse without a reason: nothing is published."""

    exit_code: ClassVar[int] = 4


class DriftError(ReplanError):
    """The run's figures moved too far from those of an earlier one: nothing is published."""

    exit_code: ClassVar[int] = 5


class CopiesError(UsageError):
    """Accounts stand more than once: nobody knows which row is right, and nothing is published.

    `rows` are the later ones of each, by number and account.
    """

    def __init__(self, rows: Sequence[tuple[int, str]]) -> None:
        self.rows = rows
        shown = ", ".join(str(row) for row, _ in rows[:5])
        super().__init__(
            f"{len(rows)} accounts stand in an earlier row already, the first in row {shown}. "
            "Give each row its own account, or remove the copies: --rejects FILE lists them."
        )


@dataclass(frozen=True, slots=True)
class Allowed:
    """How much is allowed: a number, or a share of something."""

    number: float
    is_share: bool
    text: str

    def most(self, rows: int) -> float:
        """Give the largest number allowed of so many rows."""
        return self.number * rows if self.is_share else self.number


def parse_allowed(text: str, option: str) -> Allowed | None:
    """Read `100` or `2%`; None for nothing, UsageError for anything else."""
    said = text.strip()
    if not said:
        return None
    try:
        number = float(said.removesuffix("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number < 10**12:  # also what is no number at all
        raise UsageError(f"{option} {said}: write a number, or a share such as 5%.")
    share = said.endswith("%")
    return Allowed(number / 100 if share else number, share, said)


@dataclass(slots=True)
class Watch:
    """Counts rejects while pieces are done, and stops as soon as too many cannot be undone.

    A share can be judged before the end only where the number of rows is known beforehand, as in
    Parquet; else at the end.
    """

    allowed: Allowed | None
    source: Source
    parts: Parts
    rejected: int = 0
    rows: int = 0
    done: list[int] = field(default_factory=list)

    def piece(self, number: int) -> None:
        """Note that a piece is done; raises TooManyRejectsError."""
        self.done.append(number)
        if self.allowed is None:
            return
        counts = self.parts.counts(number)
        self.rejected += counts.statuses["reject"]
        self.rows += counts.rows
        known = self.source.rows if self.allowed.is_share else self.rows
        if known is not None and self.rejected > self.allowed.most(known):
            raise TooManyRejectsError(
                f"{self.rejected:,} of the first {self.rows:,} rows are no accounts, more "
                f"than {self.allowed.text} of all. The run was stopped, nothing was published. "
                "--rejects FILE lists them."
            )

    def end(self, counts: Counts) -> None:
        """Judge the whole; raises TooManyRejectsError."""
        check_rejects(self.allowed, counts.statuses["reject"], counts.rows)


def check_rejects(allowed: Allowed | None, rejected: int, rows: int) -> None:
    """Judge how many of all rows are no accounts; raises TooManyRejectsError."""
    if allowed is not None and rejected > allowed.most(rows):
        raise TooManyRejectsError(
            f"{rejected:,} of {rows:,} rows are no accounts, more than {allowed.text}. "
            "Nothing was published. --rejects FILE lists them."
        )


def check_reason(code: str) -> str:
    """Read the reason for worsening open offers: a code that others can count by."""
    fine = code.isascii() and code.replace("-", "").isalnum() and code == code.lower()
    if not fine or len(code) > MOST_LETTERS:
        raise UsageError(
            f"--worsening takes a code of at most {MOST_LETTERS} small letters, digits and -, such "
            f"as {', '.join(REASONS)}."
        )
    return code


MOST_LETTERS = 40
REASONS: Mapping[str, str] = {
    "balance-corrected": "what is owed was wrong before",
    "circumstances-changed": "the borrower has told of other means",
    "policy-changed": "the lender offers something else",
    "error-corrected": "the earlier offer was a mistake",
}
"""Codes that are usual; others may be given."""
