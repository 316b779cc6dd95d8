"""What a creditor is asked for and why a figure is what it is, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.figures import amount
from replan.present.wording import money_text, rate_text
from replan.present.words import Words

_BY_COMPONENT = ("why-stream", "why-waived")
_CONVENTIONS = {"convention", "rounding"}


def ask_line(ask: Mapping[str, Any] | str, words: Words) -> str:
    """Print an ask: by its code where the language has words for it, else in its own English."""
    if isinstance(ask, str):
        return ask
    template = words.find(f"ask.{ask.get('code')}")
    if template is None:
        return str(ask["text"])
    return template.format_map(_values(ask.get("values") or {}, words))


def asks_told(plan: Mapping[str, Any], words: Words) -> list[str]:
    """Say what a plan asks for, each request once; by creditor where debts have different plans."""
    asks = plan.get("asks", ())
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for debt in plan.get("debts", ()):
        if any(_asked_of(ask, [debt]) for ask in asks):
            groups.setdefault(str(debt.get("plan")), []).append(debt)
    if len(groups) < 2:
        return _lines(asks, words)
    return [_group(debts, asks, words) for debts in groups.values()]


def _group(debts: Sequence[Mapping[str, Any]], asks: Sequence[Any], words: Words) -> str:
    names = (str(debt.get("creditor") or debt["id"]) for debt in debts)
    lines = _lines([ask for ask in asks if _asked_of(ask, debts)], words)
    mark = words("list.separator").join(names)
    return words("compare.legend", mark=mark, meaning=joined(lines, words))


def _asked_of(ask: Mapping[str, Any] | str, debts: Sequence[Mapping[str, Any]]) -> bool:
    listed = () if isinstance(ask, str) else ask.get("debts", ())
    return any(debt["id"] in listed for debt in debts)


def _lines(asks: Iterable[Any], words: Words) -> list[str]:
    return list(dict.fromkeys(ask_line(ask, words) for ask in asks))


def joined(sentences: Sequence[str], words: Words) -> str:
    """Put sentences one after the other, as the language does."""
    return ("" if words.language == "zh" else " ").join(sentences)


def priced_ask(ask: Mapping[str, Any] | str, words: Words) -> str:
    """Print an ask with what it costs the creditor, where it has a price of its own."""
    text = ask_line(ask, words)
    cost = None if isinstance(ask, str) else ask.get("cost")
    if cost is None or Decimal(cost) <= 0:
        return text
    return words("show.cost", ask=text, amount=amount(cost))


def reason_line(reason: Mapping[str, Any] | str, words: Words) -> str:
    """Print why a figure is what it is: the formula with its inputs."""
    if isinstance(reason, str):
        return reason
    template = words.find(f"reason.{reason.get('code')}")
    if template is None:
        return str(reason["text"])
    values = {name: _units(str(value), words) for name, value in reason["values"].items()}
    if reason["code"] in _BY_COMPONENT:
        parts = values["sum"].split(" + ")
        values["sum"] = " + ".join(_component(part, words) for part in parts)
    for name in _CONVENTIONS & values.keys():
        values[name] = words.term("convention", values[name])
    return template.format_map(values)


def _component(part: str, words: Words) -> str:
    """Translate the name before an amount: penalty 390.60."""
    name, _, rest = part.partition(" ")
    return f"{words.term('component', name)} {rest}"


def _units(text: str, words: Words) -> str:
    """Translate the units inside a formula: 0.05 % a day × 19 days."""
    for english in ("a day", "days"):
        text = text.replace(f" {english}", words(f"when.{english.replace(' ', '-')}"))
    return text


def _values(values: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return the values as words; a language with templates has the words for their values."""
    shown = {name: _text(value, words) for name, value in values.items()}
    if "currency" in values:
        shown["amount"] = money_text(values["amount"], values["currency"], words)
    if "from" in values:
        shown |= {
            "start": shown["from"] or words("when.from-now"),
            "end": shown.get("to") or words("when.to-end"),
        }
    if "rate" in shown:
        shown["rate"] = rate_text(shown["rate"], words)
    count = values.get("n")
    shown["span"] = words("when.span", n=count) if count else words("when.span-end")
    return shown


def _text(value: object, words: Words) -> str:
    if isinstance(value, list | tuple):
        return "、".join(words.term("component", str(one)) for one in value)
    text = str(value)
    kind, _, count = text.partition(":")
    if kind == "on-time":
        return words("when.on-time", n=count)
    return words.find(f"when.{text}") or text
