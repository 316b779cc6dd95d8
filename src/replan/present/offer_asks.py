"""What a creditor is asked for, in a sentence and as a priced list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.asks import ask_line
from replan.present.blocks import Lines
from replan.present.wording import day_text, listed, money_text, rates_text
from replan.present.words import Words

Record = Mapping[str, Any]
CLAUSES = ("no-new-charges", "collection", "auto-debit", "credit-report", "in-writing")
"""What every plan presumes beside the steps it is made of; none has a price of its own."""
_WHOLE = ("100%", "100 %")


def request_line(lender: Record, words: Words) -> str:
    """Say in words what is asked for: each step once, waivers each, conditions with them."""
    found: dict[str, None] = dict.fromkeys(_at_once(lender, words))
    steps: set[str] = set()
    for ask in lender["asks"]:
        phrase = _phrase(ask, words)
        if phrase is None and ask["step"] not in steps:
            phrase = words.find(f"request.{ask['step']}")
        if phrase is not None:
            said = phrase.format_map(_Known(_told(ask, lender, words)))
            found.setdefault(said + _condition_of(ask, words))
        steps.add(ask["step"])
    if not found:
        return words("offer.request_other")
    return listed(list(found), words, pair="offer.and_to")


def _at_once(lender: Record, words: Words) -> Iterator[str]:
    """Offer what is paid on the as-of date first: no step asks for it."""
    first = lender["first_payment"]
    if first and first["date"] == lender["as_of"] and lender["asks"]:
        paid = money_text(first["amount"], lender["currency"], words)
        yield words("request.down", amount=paid)


def _phrase(ask: Record, words: Words) -> str | None:
    """Find the phrase of an ask's own code, that for all of something where all is asked for."""
    whole = words.find(f"request.{ask['code']}-all") if _is_whole(ask) else None
    return whole or words.find(f"request.{ask['code']}")


def _is_whole(ask: Record) -> bool:
    return ask["values"].get("share") in _WHOLE


def _condition_of(ask: Record, words: Words) -> str:
    when = _when(ask, words)
    return words("offer.only_when", when=when) if when else ""


def _when(ask: Record, words: Words) -> str | None:
    """Say on which condition an ask depends; None where it depends on none."""
    kind, _, count = str(ask["values"].get("when") or "now").partition(":")
    return None if kind == "now" else words(f"condition.{kind}", n=count)


def condition_line(lender: Record, words: Words) -> str | None:
    """Say which waivers depend on what, and what is paid where that is not kept."""
    found = [(ask, when) for ask in lender["asks"] if (when := _when(ask, words))]
    if not lender["if_broken"] or not found:
        return None
    amounts = (Decimal(ask["price"].get("amount") or 0) for ask, _ in found)
    sums = {"amount": sum(amounts, Decimal(0)), "total": lender["if_broken"]}
    money = {name: money_text(one, lender["currency"], words) for name, one in sums.items()}
    when = listed(list(dict.fromkeys(when for _, when in found)), words)
    return words("offer.condition", when=when, **money)


def _told(ask: Record, lender: Record, words: Words) -> Record:
    """Give the values of an ask as a letter writes them: amounts, days, the rates that hold."""
    values: Record = _in_money(ask, lender, words)
    days = {name: day_text(str(values[name]), words) for name in ("from", "to") if values.get(name)}
    ends = {"start": days.get("from") or words("condition.start")}
    ends |= {"end": days.get("to") or words("condition.end")}
    return {**values, **days, **ends, "rates": rates_text(lender["rates"], words)}


def _in_money(ask: Record, lender: Record, words: Words) -> Record:
    """Give the values of an ask, an amount with its currency."""
    values: Record = ask["values"]
    if "amount" not in values:
        return values
    return {**values, "amount": money_text(values["amount"], lender["currency"], words)}


class _Known(dict[str, Any]):
    """The values of an ask; what it has none of is left open."""

    def __missing__(self, name: str) -> str:
        return "…"


def asks_of(lender: Record, words: Words) -> list[str]:
    """List all that is asked for in words: what the plan presumes with its price, then the rest."""
    currency = lender["currency"]

    def money(value: object) -> str:
        return money_text(value, currency, words)

    priced = [_priced(ask, _asked(ask, lender, words), money, words) for ask in lender["asks"]]
    return [*priced, *(words.term("clause", name) for name in CLAUSES)]


def _asked(ask: Record, lender: Record, words: Words) -> str:
    """Say an ask with what only this debt knows: the rates that result, and where it is all."""
    whole = words.find(f"asked.{ask['code']}-all") if _is_whole(ask) else None
    found = whole or words.find(f"asked.{ask['code']}")
    if found is None:
        return ask_line(ask, words)
    when = _when(ask, words) or words("condition.start")
    return found.format_map({**_told(ask, lender, words), "when": when})


def _priced(ask: Record, said: str, money: Any, words: Words) -> str:
    price = ask["price"]
    facts = {"ask": said}
    if "amount" in price:
        facts["amount"] = money(price["amount"])
    if "of" in price:
        facts["n"] = price["of"]
    return words(f"price.{price['kind']}", **facts)


def numbered(texts: Sequence[str], words: Words) -> list[Lines]:
    """Return texts as a numbered list."""
    lines = (words("offer.numbered", n=n, text=text) for n, text in enumerate(texts, start=1))
    return [Lines(tuple(lines), indent=3)]


def boxes(texts: Sequence[str], words: Words) -> list[Lines]:
    """Return texts to be ticked off."""
    return [Lines(tuple(words("pack.to_get", item=text) for text in texts))]
