"""Templates of one's own, checked before anything is written: what is wrong, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.counsel import evidence_values, readme_values, script_values
from replan.present.offer import lender_values
from replan.present.templates import Template, Value, faults_of, places_of
from replan.present.words import Words

Record = Mapping[str, Any]
Templates = Mapping[str, Template]
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "letter": (
        *(("sender",), ("creditor",), ("account", "account_end"), ("date",)),
        *(("request", "plan"), ("owed", "total_owed"), ("finances", "left"), ("surplus", "left")),
        *(("runs_table", "amounts", "runs_line"), ("rate",), ("charges", "balance_table")),
        *(("condition",), ("asks",), ("answer_by",), ("reserved",)),
    ),
    "offer": (
        *(("account", "account_end"), ("runs_table", "amounts", "runs_line"), ("rate",)),
        *(("balance_table", "charges"), ("condition",), ("asks",)),
        *(("article_table",), ("reserved",)),
    ),
    "schedule": (("account", "account_end"), ("schedule_table",), ("reserved",)),
    "budget": (("budget_table",),),
    "cover": (("account", "account_end"), ("reserved",)),
    "chat": (("request",), ("first_amount",), ("reserved_short", "reserved")),
    "crm": (("request",), ("reserved",)),
}
"""What documents for a lender must say where a case has it; one place of each group is enough."""
_BY_LAW = ("article_table", "condition", "reserved", "reserved_short")


def template_faults(data: Record, words: Words, templates: Templates) -> list[str]:
    """List what is wrong in templates of one's own: file, line, what, and what to do."""
    found = (
        fault
        for name, values in _values(data, words).items()
        if templates[name].own
        for fault in faults_of(templates[name], values[0])
    )
    return list(dict.fromkeys(found))


def template_gaps(data: Record, words: Words, templates: Templates) -> list[str]:
    """Say what a lender, or the law, asks for and a template of one's own has no place for."""
    told: list[str] = []
    for name, listed in _values(data, words).items():
        if templates[name].own and name in NEEDED:
            found = (_missing(templates[name], NEEDED[name], values) for values in listed)
            missing = dict.fromkeys(place for places in found for place in places)
            told += _sentences(templates[name].name, list(missing), words)
    return told


def _sentences(file: str, missing: Sequence[str], words: Words) -> Iterator[str]:
    """Yield a sentence on each place that a law is about, and one on all others."""
    for place in missing:
        if place in _BY_LAW:
            why = words.term("needed", place)
            yield words("template.missing", file=file, places=f"{{{place}}}", why=why)
    others = [f"{{{place}}}" for place in missing if place not in _BY_LAW]
    if others:
        places = words("list.separator").join(others)
        yield words("template.missing", file=file, places=places, why=words("template.asked"))


def _missing(
    template: Template, needed: tuple[tuple[str, ...], ...], values: Mapping[str, Value]
) -> Iterator[str]:
    """Yield the first place of each group that has a value here and none of which is used."""
    used = places_of(template)
    yield from (group[0] for group in needed if values.get(group[0]) and used.isdisjoint(group))


def _values(data: Record, words: Words) -> dict[str, list[dict[str, Value]]]:
    """Return the values of each template, for every debt."""
    proposals = data["proposals"]
    lender = [lender_values(one["lender"], words) for one in proposals]
    debts = {str(one["debt"]): str(one["debt"]) for one in proposals}
    return {
        **dict.fromkeys(NEEDED, lender),
        "script": [script_values(one, words) for one in proposals],
        "evidence": [evidence_values(data, words)],
        "readme": [readme_values(data, debts, words)],
    }
