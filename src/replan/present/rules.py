"""Rule packs for people: a list of packs, or one pack rule by rule with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from replan.model.rules import Dated, Rule, RulePack, stale_rules
from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.figures import percent
from replan.present.wording import listed
from replan.present.words import Words

Record = Mapping[str, Any]
_APPLIES = ("lender_types", "products", "other_products", "regions")


def rules_data(packs: Iterable[RulePack], day: date | None) -> dict[str, Any]:
    """Return the JSON form of rule packs; with a day, only what is in force on it.

    `stale` names the rules that had not been checked for a year on that day, or on the day on
    which the pack was last checked.
    """
    listed = [_pack(pack, day) for pack in packs]
    return {"replan": 1, "as_of": day and day.isoformat(), "packs": listed}


def _pack(pack: RulePack, day: date | None) -> dict[str, Any]:
    rules = [rule for rule in pack.rules if day is None or rule.at(day)]
    routes = [route for route in pack.routes if day is None or route.since <= day]
    checked = max(entry.checked_on for entry in pack.rules)
    return {
        "id": pack.id,
        "title": _said(pack.title),
        "jurisdiction": pack.jurisdiction,
        "note": _said(pack.note),
        "checked_on": checked.isoformat(),
        "rules": [_rule(rule, day) | {"conduct": _conduct(pack, rule)} for rule in rules],
        "routes": [
            {
                "id": route.id,
                "title": _said(route.title),
                "means": _said(route.means),
                "asks": [_said(ask) for ask in route.asks],
                "limits": dict(route.limits),
                "since": route.since.isoformat(),
                "source": route.source,
                "url": route.url,
                "confidence": route.confidence,
                "checked_on": route.checked_on.isoformat(),
            }
            for route in routes
        ],
        "stale": [rule.id for rule in stale_rules(pack, day or checked)],
    }


def _conduct(pack: RulePack, rule: Rule) -> list[dict[str, Any]]:
    """List the limits on contacts that a rule sets: what `replan track contact` goes by."""
    listed = (limits for limits in pack.conduct if limits.rule == rule.id)
    return [limits.model_dump(mode="json", exclude={"rule"}) for limits in listed]


def _rule(rule: Rule, day: date | None) -> dict[str, Any]:
    values = [value for value in rule.values if day is None or value.holds_on(day)]
    applies = {name: list(getattr(rule, name)) for name in _APPLIES if getattr(rule, name)}
    spans = {name: _day(getattr(rule, name)) for name in ("contract_from", "contract_until")}
    return {
        "id": rule.id,
        "title": _said(rule.title),
        "means": _said(rule.means),
        "kind": rule.kind,
        "check": rule.check,
        "applies": applies | {name: value for name, value in spans.items() if value},
        "basis": rule.basis,
        "unit": rule.unit,
        "values": [_dated(value) for value in values],
        "needs": _said(rule.needs),
        "source": rule.source,
        "url": rule.url,
        "confidence": rule.confidence,
        "checked_on": rule.checked_on.isoformat(),
    }


def _dated(value: Dated) -> dict[str, Any]:
    limit = str(value.value) if isinstance(value.value, Decimal) else value.value
    return {"since": value.since.isoformat(), "until": _day(value.until), "value": limit}


def _said(text: Any) -> dict[str, str] | None:
    return None if text is None else {"en": text.en, "zh": text.zh}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def packs_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out the list: a row for each pack."""
    heads: list[Cell | str] = [words("rules.pack"), words("rules.about")]
    heads += [number(words("rules.count")), number(words("rules.routes"))]
    heads.append(words("rules.checked"))
    rows: list[list[Cell | str]] = [
        [
            pack["id"],
            pack["title"][words.language],
            number(str(len(pack["rules"]))),
            number(str(len(pack["routes"]))),
            pack["checked_on"],
        ]
        for pack in data["packs"]
    ]
    return [
        Heading(words("rules.title"), level=1),
        table(heads, rows, keys=1),
        Lines((words("rules.more"), words("rules.no_advice")), tone="quiet"),
    ]


def pack_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out each pack in full: every rule with its values, to whom it applies and its source."""
    return [block for pack in data["packs"] for block in _whole(pack, data["as_of"], words)]


def _whole(pack: Record, day: str | None, words: Words) -> Iterator[Block]:
    yield Heading(f"{pack['title'][words.language]} ({pack['id']})", level=1)
    about = [words("rules.in_force_on", date=day)] if day else []
    about += [pack["note"][words.language]] if pack["note"] else []
    yield Lines((*about, words("rules.no_advice")))
    for rule in pack["rules"]:
        yield Heading(rule["title"][words.language])
        yield Lines(tuple(_rule_lines(rule, words)), indent=2)
    for route in pack["routes"]:
        yield Heading(words("rules.route", title=route["title"][words.language]))
        yield Lines((route["means"][words.language], *_sources(route, words)), indent=2)
    if pack["stale"]:
        named = words("list.separator").join(pack["stale"])
        yield Lines((words("rules.stale", rules=named),), tone="bad", indent=2)


def _rule_lines(rule: Record, words: Words) -> Iterator[str]:
    yield rule["means"][words.language]
    kind = words.term("standing", rule["kind"])
    basis = words.term("counts", rule["basis"])
    values = words("list.separator").join(_value_text(rule, v, words) for v in rule["values"])
    yield words("rules.values", kind=kind, values=values, basis=basis)
    if rule["applies"]:
        parts = (
            words("compare.legend", mark=words.term("applies", name), meaning=_listed(value))
            for name, value in rule["applies"].items()
        )
        yield words("rules.applies", parts=words("month.separator").join(parts))
    if rule["needs"]:
        yield rule["needs"][words.language]
    for limits in rule["conduct"]:
        told = words("month.separator").join(_limits(limits, words))
        yield words("contact.line", roles=_bound(limits, words), parts=told)
    yield from _sources(rule, words)


def _bound(limits: Record, words: Words) -> str:
    """Say whom limits bind."""
    roles = limits["roles"] or ("creditor", "collector")
    return listed([words.term("binds", role) for role in roles], words)


def _limits(limits: Record, words: Words) -> Iterator[str]:
    """Say the hours, the number of calls, the pause after a conversation, and who is left alone."""
    if limits["open_from"]:
        yield words("contact.hours", start=limits["open_from"], end=limits["open_until"])
    if limits["most"]:
        span = words("contact.days", n=limits["days"]) if limits["days"] > 1 else None
        facts = {"calls": words.term("counted", limits["counts"]), "n": limits["most"]}
        per = words.term("per", limits["per"])
        yield words("contact.most", **facts, span=span or words("contact.day"), per=per)
    if limits["pause_days"]:
        yield words("contact.pause", n=limits["pause_days"])
    if not limits["third_parties"]:
        yield words("contact.nobody_else")


def _value_text(rule: Record, value: Record, words: Words) -> str:
    span = words("rules.since", since=value["since"])
    if value["until"]:
        span = words("rules.span", since=value["since"], until=value["until"])
    # a rule of which only questions come states no value: how old a debt must be is replan's choice
    silent = value["value"] is None or (rule["needs"] and rule["check"] == "limitation")
    return span if silent else f"{_amount(value['value'], rule['unit'], words)} {span}"


def _amount(value: Any, unit: str | None, words: Words) -> str:
    """Print a value with its unit: shares in percent, orders and flags as words."""
    if unit == "share":
        return percent(value, decimals=0)
    if isinstance(value, tuple):
        return " > ".join(words.term("component", part) for part in value)
    if isinstance(value, bool):
        return words("rules.allowed" if value else "rules.forbidden")
    return words.term("limit", unit or "").format(value=value) if unit else str(value)


def _listed(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _sources(entry: Record, words: Words) -> Iterator[str]:
    where = " ".join(filter(None, (entry["source"], entry["url"])))
    confidence = words.term("confidence", entry["confidence"])
    yield words("rules.source", source=where)
    yield words("rules.known", confidence=confidence, id=entry["id"], date=entry["checked_on"])


def _plain(value: Any) -> str:
    return " > ".join(value) if isinstance(value, tuple) else str(value)


def rules_records(data: Record) -> list[dict[str, object]]:
    """Flatten the packs for CSV: one record for each rule and value."""
    return [
        {
            "pack": pack["id"],
            "id": rule["id"],
            "title": rule["title"]["en"],
            "kind": rule["kind"],
            "check": rule["check"] or "",
            "since": value["since"],
            "until": value["until"] or "",
            "value": "" if value["value"] is None else _plain(value["value"]),
            "unit": rule["unit"] or "",
            "source": rule["source"],
            "url": rule["url"] or "",
            "confidence": rule["confidence"],
            "checked_on": rule["checked_on"],
        }
        for pack in data["packs"]
        for rule in pack["rules"]
        for value in rule["values"]
    ]
