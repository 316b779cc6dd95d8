"""Contacts against the rules on how debtors may be contacted: claimed only where all is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal

from replan.io.packs import shipped
from replan.io.rules import load_rules
from replan.model.jurisdictions import pack_name
from replan.model.rules import Conduct, Dated, Rule, RulePack

Finding = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A call, message, letter or visit, at the debtor's local time.

    `at` has no zone where it is not known; `jurisdiction` is empty where it is not.
    """

    at: datetime
    channel: Literal["call", "message", "letter", "visit"] = "call"
    outcome: Literal["reached", "unanswered"] = "reached"
    role: Literal["creditor", "collector", "unknown"] = "unknown"
    caller: str = ""
    number: str = ""
    recipient: Literal["borrower", "third-party"] = "borrower"
    debt: str = ""
    jurisdiction: str = ""
    said: str = ""
    id: int = 0


def conduct_of(contact: Contact, others: Iterable[Contact]) -> list[Finding]:
    """Say which rules on conduct a contact is outside of, and what keeps others from being claimed.

    `others` are the contacts of the same client, this one included or not. Each finding has `code`,
    `rule`, `kind`, `title`, `source`, `since`, `found`, `limit`; a doubt has `code` alone.
    """
    name = pack_name(contact.jurisdiction)
    if name not in shipped(RulePack.folder):
        return [{"code": "jurisdiction-unknown"}]
    pack = load_rules(name)
    rules = {rule.id: rule for rule in pack.rules}
    before = sorted((c for c in others if c is not contact), key=lambda c: c.at.isoformat())
    found: list[Finding] = []
    for limits in pack.conduct:
        rule = rules[limits.rule]
        dated = rule.at(contact.at.date())
        if dated is None:
            continue
        outside = [_found(rule, dated, *one) for one in _outside(contact, before, limits)]
        if limits.roles and contact.role not in limits.roles:
            found += _asked(contact, outside)
        else:
            found += outside
    timed = contact.channel != "letter" and any(limits.open_from for limits in pack.conduct)
    if timed and contact.at.tzinfo is None:
        found.append({"code": "zone-unknown"})
    return _once(found)


def _asked(contact: Contact, outside: Sequence[Finding]) -> list[Finding]:
    """Ask who called where the rule binds some only and would be broken."""
    return [{"code": "role-unknown"}] if outside and contact.role == "unknown" else []


def _once(found: Iterable[Finding]) -> list[Finding]:
    listed: list[Finding] = []
    for one in found:
        if one not in listed:
            listed.append(one)
    return listed


def _outside(
    contact: Contact, others: Sequence[Contact], limits: Conduct
) -> Iterator[tuple[str, object, object]]:
    """Yield the code, what was found and the limit, for each limit that a contact is outside of."""
    if limits.open_from and limits.open_until and contact.at.tzinfo is not None:
        hours = f"{limits.open_from}–{limits.open_until}"
        if contact.channel != "letter" and not _is_open(contact.at.time(), limits):
            yield "hours", f"{contact.at:%H:%M}", hours
    if not limits.third_parties and contact.recipient == "third-party":
        yield "third-party", None, None
    # calls to somebody else are another matter than how often the debtor is called
    is_call = contact.channel == "call" and contact.recipient == "borrower"
    if limits.most and is_call:
        count = 1 + sum(_counts(one, contact, limits) for one in others)
        if _is_kind(contact, limits) and count > limits.most:
            yield "number", count, limits.most
    if limits.pause_days and is_call:
        talked = [c for c in others if _is_talk_before(c, contact, limits)]
        if talked:
            yield "pause", talked[-1].at.date().isoformat(), limits.pause_days


def _is_open(clock: time, limits: Conduct) -> bool:
    """Tell whether a time lies within the hours; both ends are still within."""
    opens, closes = (time.fromisoformat(str(t)) for t in (limits.open_from, limits.open_until))
    return opens <= clock.replace(second=0, microsecond=0) <= closes


def _is_kind(contact: Contact, limits: Conduct) -> bool:
    return limits.counts in ("all", contact.outcome)


def _counts(one: Contact, contact: Contact, limits: Conduct) -> bool:
    """Tell whether another call counts together with this one."""
    together = one.channel == "call" and _is_kind(one, limits) and _is_same(one, contact, limits)
    return together and _is_within(one.at, contact.at, limits.days)


def _is_same(one: Contact, contact: Contact, limits: Conduct) -> bool:
    """Tell whether two contacts count for the same debtor, debt or number, as far as is known."""
    if one.recipient != "borrower" or (limits.roles and one.role not in limits.roles):
        return False
    if limits.per == "debt":
        return bool(contact.debt) and one.debt == contact.debt
    if limits.per == "number":
        return bool(contact.number) and one.number == contact.number
    # a debtor's limit binds each creditor for itself
    named = [(one.caller, contact.caller), (one.debt, contact.debt)]
    return any(theirs and theirs == ours for theirs, ours in named)


def _is_within(before: datetime, at: datetime, days: int) -> bool:
    """Tell whether a contact lies in the span of days that ends with another, not after it."""
    gap = at.date() - before.date()
    earlier = before.replace(tzinfo=None) <= at.replace(tzinfo=None)
    return earlier and timedelta(0) <= gap < timedelta(days=days)


def _is_talk_before(one: Contact, contact: Contact, limits: Conduct) -> bool:
    """Tell whether a conversation lies within the pause, of which its own day is the first."""
    talked = one.channel == "call" and one.outcome == "reached"
    pause = limits.pause_days or 0
    return talked and _is_same(one, contact, limits) and _is_within(one.at, contact.at, pause)


def _found(rule: Rule, dated: Dated, code: str, found: object, limit: object) -> Finding:
    return {
        "code": code,
        "rule": rule.id,
        "kind": rule.kind,
        "title": {"en": rule.title.en, "zh": rule.title.zh},
        "means": {"en": rule.means.en, "zh": rule.means.zh},
        "source": rule.source,
        "url": rule.url,
        "since": dated.since.isoformat(),
        "found": found,
        "limit": limit,
    }
