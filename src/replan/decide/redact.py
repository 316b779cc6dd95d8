"""A case without what identifies people: amounts, dates and terms stay, names and free text go.

A text is removed unless it is known here to say nothing about a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count, product
from string import ascii_uppercase
from typing import Any, get_args

from pydantic.fields import FieldInfo

from replan.errors import Issue, UsageError
from replan.model.case import BudgetLine, Case, Debt, Estimate, Hardship, Parties, RecurringFee
from replan.model.categories import KNOWN
from replan.model.conventions import LENDER_TYPES
from replan.model.estimates import Question
from replan.model.fields import Identifier, Jurisdiction, Model, Text
from replan.model.issues import CODES
from replan.model.lenders import kind_words
from replan.strategies.notation import Plan, parse_plan

from .presets import CAUSES

Names = Mapping[str, str]
LABELS: Names = {
    "borrower": "Borrower",
    "creditor": "Creditor {mark}",
    "line": "Line {mark}",
    "fee": "Fee {mark}",
}
"""What takes a name's place; `{mark}` is A, B, … or 1, 2, …"""
OTHER = "other"
"""What is said of a product or a lender of a kind that is not among the usual ones."""
PRODUCTS = frozenset(
    {
        *("credit-card", "personal-loan", "car-loan", "mortgage", "business-loan", "student-loan"),
        *("rent", "rates", "tax", "council-tax", "utility", "overdraft", "bnpl", "payday-loan"),
        *("hcstc", "small-amount-credit", "low-cost-credit", "bridging-loan", OTHER),
    }
)
LENDERS = frozenset({*LENDER_TYPES, "nbfc", "assignee", OTHER})
_ASKED = {"charges", "payoff"}
_FREE = {get_args(kind)[1] for kind in (Text, Identifier, Jurisdiction)}
_PLACE = re.compile(r"[A-Z]{2,3}(-[A-Z0-9]{1,3})?")
_FIGURE = re.compile(r"[\d.,%万千元 -]+(/?(day|month|year|[天日月年期]))?")
_WHERE = re.compile(r"(:\d+)?(:[a-z_.\d\[\]]+)?")


def debt_names(case: Case) -> dict[str, str]:
    """Give the name by which each debt of *case* goes once redacted: debt-1, debt-2 and so on."""
    return {debt.id: f"debt-{n}" for n, debt in enumerate(case.debts, start=1)}


def redact(case: Case, *, labels: Names = LABELS) -> Case:
    """Return *case* without names, accounts, labels and free text; the figures are the same.

    A creditor keeps one pseudonym throughout. Kinds of product, lender and cause stay as far as
    they are among the usual ones. `labels` holds the words that take the names' places.
    """
    shown = _mask(case, _keeper(case, labels))
    assert isinstance(shown, Case)  # noqa: S101  # a model is copied as what it is
    return shown


def rename_plan(plan: str | Plan | Mapping[str, Any], names: Names) -> Plan:
    """Return *plan* with each debt under its redacted name; both names are understood.

    Raises UsageError if the plan cannot be read; its message holds no name of *names*.
    """
    try:
        parsed = parse_plan(plan)
    except UsageError as error:
        raise UsageError(hide(str(error), names)) from None
    parts = tuple((tuple(names.get(i, i) for i in ids), steps) for ids, steps in parsed.parts)
    return replace(parsed, parts=parts)


def hide(text: str, names: Names) -> str:
    """Replace the debts' own names in a message."""
    for own in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", names[own], text)
    return text


def redact_issue(issue: Issue, *, source: str) -> Issue:
    """Return *issue* with the code's general meaning: no value, no key, no name of the file."""
    place = issue.where.removeprefix(source)
    known = _WHERE.fullmatch(place)
    words = set(re.findall(r"[a-z_]+", place))
    line = re.match(r":\d+", place)
    cell = re.search(r"![A-Z]{0,3}\d{1,7}", place)  # of a workbook, without the sheet's name
    spot = line[0] if line else f":{cell[0][1:]}" if cell else ""
    shown = place if known and words <= _keys() else spot
    meaning = CODES.get(issue.code, "A value is not right.")
    return replace(issue, message=meaning, where=f"case{shown}", hint="", reference="")


def _keys() -> set[str]:
    """Name the keys of a case file."""
    models: list[type[Model]] = [Case]
    found: set[str] = set()
    for model in models:
        for name, field in model.model_fields.items():
            found |= {name, field.alias or name}
            models += [m for m in _models_in(field.annotation) if m not in models]
    return found


def _models_in(annotation: Any) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


Keeper = Callable[[Model], dict[str, Any]]


def _mask(value: Any, keeper: Keeper) -> Any:
    """Return *value* with every free text at its default, but for those that *keeper* gives."""
    if isinstance(value, tuple):
        masked = tuple(_mask(entry, keeper) for entry in value)
        return masked if masked != value else value
    if not isinstance(value, Model):
        return value
    given = keeper(value)
    changes = {
        name: given[name] if name in given else _masked_field(value, name, field, keeper)
        for name, field in type(value).model_fields.items()
    }
    # fields that nobody gave must not look as if they were given
    changes = {name: new for name, new in changes.items() if new != getattr(value, name)}
    return value.model_copy(update=changes) if changes else value


def _masked_field(model: Model, name: str, field: FieldInfo, keeper: Keeper) -> Any:
    if any(entry in _FREE for entry in _metadata(field.annotation, field.metadata)):
        return field.get_default(call_default_factory=True)
    return _mask(getattr(model, name), keeper)


def _metadata(annotation: Any, metadata: list[Any]) -> Iterator[Any]:
    """Yield what is annotated anywhere in a type, as far as it can be compared."""
    yield from (entry for entry in metadata if entry.__hash__)
    for part in get_args(annotation):
        yield from _metadata(part, list(getattr(part, "__metadata__", ())))


def _keeper(case: Case, labels: Names) -> Keeper:
    """Return the rule that says what stays of a model's texts, and under which name."""
    names = debt_names(case)
    creditors = _Creditors(labels["creditor"])
    for debt in case.debts:  # before platforms and guarantors, so that they have the first letters
        creditors.name(debt.creditor)
    lines, fees = count(1), count(1)

    def keep_case(model: Case) -> dict[str, Any]:
        asked = (q for q in model.questions if q.about in _ASKED | _keys())
        questions = tuple(_mask(question, keep) for question in asked)
        return {**_places(model), "questions": questions}

    def keep_debt(model: Debt) -> dict[str, Any]:
        named = {"id": names[model.id], "creditor": creditors.name(model.creditor)}
        return {**named, **_kinds(model), **_places(model)}

    rules: dict[type[Model], Callable[[Any], dict[str, Any]]] = {
        Case: keep_case,
        Debt: keep_debt,
        Parties: lambda model: {name: creditors.name(party) for name, party in model},
        BudgetLine: lambda model: {
            "label": labels["line"].format(mark=next(lines)),
            "category": _category(model.category),
        },
        RecurringFee: lambda _: {"label": labels["fee"].format(mark=next(fees))},
        Hardship: lambda model: {"cause": model.cause if model.cause in CAUSES else None},
        Question: lambda model: {"debt": names.get(model.debt or ""), "about": model.about},
        Estimate: _estimate,
    }

    def keep(model: Model) -> dict[str, Any]:
        rule = rules.get(type(model))
        return rule(model) if rule else {}

    return keep


class _Creditors:
    """Who was met so far, each under a letter; a kind of lender that the name says stays in it."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.met: dict[str, str] = {}
        self.marks = _marks()

    def name(self, own: str | None) -> str | None:
        """Return the pseudonym of a creditor or a party; nobody stays nobody."""
        if own and own not in self.met:
            kind = kind_words(own)
            label = self.label.format(mark=next(self.marks))
            self.met[own] = f"{label} ({kind})" if kind else label
        return self.met[own] if own else own


def _marks() -> Iterator[str]:
    """Yield A, B, … Z, AA, AB and so on."""
    for size in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=size))


def _places(model: Case | Debt) -> dict[str, Any]:
    """Keep what is the code of a place."""
    found = {name: getattr(model, name, None) for name in ("jurisdiction", "calendar")}
    return {name: code for name, code in found.items() if code and _PLACE.fullmatch(code)}


def _kinds(debt: Debt) -> dict[str, Any]:
    """Keep the usual kinds, and that something is a card: on it depends what a payment covers."""
    card = "card" in debt.product or re.search("信用卡|贷记卡", debt.product)
    product = "credit-card" if card else _usual(debt.product, PRODUCTS)
    return {"product": product, "lender_type": _usual(debt.lender_type, LENDERS)}


def _category(name: str | None) -> str | None:
    known = {kind for kinds in KNOWN.values() for kind in kinds}
    return name if name and name.strip().lower() in known else None


def _usual(kind: str, known: frozenset[str]) -> str:
    return kind if kind.lower() in known or not kind else OTHER


def _estimate(model: Estimate) -> dict[str, Any]:
    ends = {"low": model.low, "high": model.high}
    kept = {name: end for name, end in ends.items() if end and _FIGURE.fullmatch(end)}
    return {"field": model.field, **kept}
