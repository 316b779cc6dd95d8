"""Who is offered nothing by a machine: flags on accounts, and the policy's own conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from replan.model.policy import Policy
from replan.model.text import quote

from .accounts import PARTS, Accounts
from .cells import Flags, Whole, combinations
from .result import Told

USUAL: dict[str, str] = {
    "deceased": "suppressed",
    "insolvent": "suppressed",
    "moratorium": "suppressed",
    "dispute": "suppressed",
    "fraud": "suppressed",
    "vulnerable": "review",
    "open-offer": "suppressed",
    "recent-breach": "suppressed",
}
"""What becomes of an account with a flag, unless its policy says otherwise."""
_APART = re.compile(r"[\s,;|]+")


def exclude(found: Accounts, policy: Policy, told: Told) -> Flags:
    """Tell which accounts are suppressed or need a human, and why; give those that are left.

    Flags stand in the column `flags`, apart by blanks, commas or semicolons. An unknown flag sends
    the account to a human: nobody knows what it means. Then come the policy's conditions.
    """
    kept = found.good.copy()
    rules: dict[str, str] = {**USUAL, **policy.exclusions}
    status = np.full(found.rows, "", dtype=object)
    reason = np.full(found.rows, "", dtype=object)
    for code, word in enumerate(found.means["flags"]):
        outcome = _outcome(word, rules)
        if outcome is not None:
            here = found.words["flags"] == code
            status[here], reason[here] = outcome
    misses, which = _misses(found, policy)
    _conditions(found, policy, status, reason, np.array([bool(m) for m in misses])[which])
    out = np.flatnonzero(kept & (status != ""))
    field, message = np.full((2, found.rows), "", dtype=object)
    for code, missed in enumerate(misses):
        here = (which == code) & (reason == NOT_MEANT)
        field[here] = " ".join(miss.what for miss in missed)
        message[here] = " ".join(map(str, missed))
    told.add(
        out.size, row=out, status=status[out], reason=reason[out], field=field[out],
        message=message[out],
    )  # fmt: skip
    kept[out] = False
    return kept


def flags_of(word: Any) -> list[str]:
    """Take the flags of an account apart."""
    return [flag for flag in _APART.split(str(word or "").strip().lower()) if flag]


def _outcome(word: Any, rules: Mapping[str, str]) -> tuple[str, str] | None:
    """Give status and reason for the flags of an account; suppression before review."""
    flags = flags_of(word)
    found = [
        (rules.get(flag, "review"), flag if flag in rules else "flag-unknown") for flag in flags
    ]
    named = [pair for pair in found if pair[0] != "offer"]
    return min(named, key=lambda pair: pair[0] != "suppressed") if named else None


def _conditions(found: Accounts, policy: Policy, status: Any, reason: Any, missed: Flags) -> None:
    """Apply what the policy asks for before it offers anything."""
    late, asked, open_ = found.counts["days_past_due"], policy.conditions, status == ""
    until = asked.past_due_until
    owed = sum(found.amounts[c] for c in PARTS)
    for code, out in (
        ("nothing-owed", owed == 0),
        ("past-due-from", late < asked.past_due_from),
        ("past-due-until", late > until if until is not None else late < 0),
        (NOT_MEANT, missed),
    ):
        here = open_ & out
        status[here], reason[here] = "no-offer", code
        open_ = open_ & ~out


@dataclass(frozen=True, slots=True)
class Miss:
    """In what an account is not of the kind that a policy is meant for."""

    what: str
    asked: tuple[str, ...]
    found: str

    def __str__(self) -> str:
        """Say it in English, as tables do."""
        has = f"has {quote(self.found)}" if self.found else "names none"
        return f"The policy is for {self.what} {', '.join(self.asked)}; the account {has}."


KIND = ("jurisdiction", "currency", "lender_type", "product")
NOT_MEANT = "not-meant"


def _misses(found: Accounts, policy: Policy) -> tuple[list[list[Miss]], Whole]:
    """Give in what each kind of account misses what a policy is meant for, and each row's kind."""
    first, which = combinations([found.words[name] for name in KIND])
    return [misses_of(found, policy, row) for row in first.tolist()], which


def misses_of(found: Accounts, policy: Policy, row: int) -> list[Miss]:
    """Give in what one account misses what the policy is meant for."""
    given = [found.means[name][found.words[name][row]] for name in KIND]
    said = dict(zip(KIND, (str(x) if x is not None else "" for x in given), strict=True))
    place = said["jurisdiction"].upper() or None
    misses = policy.misses(place, said["currency"], said["lender_type"], said["product"])
    return [Miss(what, asked, said[what]) for what, asked in misses.items()]
