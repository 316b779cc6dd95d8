"""What one policy says otherwise than another: menus, limits, conditions, whom they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from replan.model.policy import Policy

from .policies import policy_dict, policy_in_full

FACTS = ("version", "status", "jurisdiction", "currency", "lender_types", "products")
"""What a policy says of itself and that decides for whom it is."""

Change = dict[str, Any]
"""One difference: `what` it is about, its `name`, and what it is `from` and `to`."""


def policy_changes(old: Policy, new: Policy) -> dict[str, Any]:
    """Compare two policies; the JSON form, with a list of differences, empty if there are none.

    Offers are matched by their title, steps of an offer by their place, values of a limit by the
    day from which they hold.
    """
    was, now = policy_in_full(old), policy_in_full(new)
    return {
        "replan": 1,
        "from": policy_dict(old),
        "to": policy_dict(new),
        "candidates": {"from": was["candidates"], "to": now["candidates"]},
        "changes": [
            *_facts(was, now),
            *_offers(was, now),
            *_limits(was, now),
            *_conditions(was, now),
            *_lists(old, new),
        ],
    }


def _change(what: str, name: str, was: Any, now: Any) -> Change:
    return {"what": what, "name": name, "from": was, "to": now}


def _facts(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    pairs = [(name, was[name], now[name]) for name in FACTS]
    pairs += [(f"effective_{key}", was["effective"][key], now["effective"][key])
              for key in ("from", "to")]  # fmt: skip
    yield from (_change("fact", *pair) for pair in pairs if pair[1] != pair[2])


def _offers(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """Compare menus: offers that are gone or new, and the alternatives of each step."""
    before, after = ({o["title"]["en"]: o for o in p["offers"]} for p in (was, now))
    for title in dict.fromkeys([*before, *after]):
        one, other = before.get(title), after.get(title)
        if one is None or other is None:
            counts = [None if o is None else o["candidates"] for o in (one, other)]
            yield {**_change("offer", title, *counts), "title": (one or other or {})["title"]}
            continue
        for n, (old, new) in enumerate(zip_longest(one["steps"], other["steps"]), start=1):
            lost, gained = _only(old or [], new or []), _only(new or [], old or [])
            if lost or gained:
                yield {**_change("step", title, lost, gained), "step": n, "title": one["title"]}


def _only(some: list[Any], others: list[Any]) -> list[Any]:
    return [one for one in some if one not in others]


def _limits(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    before, after = (
        {(row["limit"], row["since"]): row for row in policy["limits"]} for policy in (was, now)
    )
    for key in sorted({*before, *after}):
        one, other = before.get(key), after.get(key)
        if one != other:
            yield _change("limit", key[0], one, other)


def _conditions(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    before, after = was["conditions"], now["conditions"]
    for name in before:
        if before[name] != after[name]:
            yield _change("condition", name, before[name], after[name])


def _lists(old: Policy, new: Policy) -> Iterator[Change]:
    """Compare what is not combined, in which order steps stand, and what flags do."""
    pairs = (
        ("excludes", [list(names) for names in old.excludes], [list(n) for n in new.excludes]),
        ("order", list(old.order), list(new.order)),
        ("exclusions", dict(old.exclusions), dict(new.exclusions)),
    )
    yield from (_change("rule", *pair) for pair in pairs if pair[1] != pair[2])
