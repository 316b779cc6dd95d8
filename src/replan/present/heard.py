"""An offer as it was understood, in words and in money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from replan.present.figures import whole
from replan.present.wording import close_up, money_text, named_rate
from replan.present.words import Words

Record = Mapping[str, Any]
RUNS = 4
"""So many changes of the amount are listed; beyond, the smallest and the largest."""


def heard_line(offer: Record, currency: str, words: Words) -> str:
    """Say what an offer asks for, then what that comes to: which payments, when."""
    said = heard_terms(offer, currency, words)
    return close_up(words("heard.line", said=said, paid=heard_payments(offer, currency, words)))


def heard_terms(offer: Record, currency: str, words: Words) -> str:
    """Name what an offer consists of; a plan without a word for it stands as it is written."""
    said = words("offer.separator").join(dict.fromkeys(_steps(offer, currency, words)))
    return said or str(offer["plan"])


def heard_payments(offer: Record, currency: str, words: Words) -> str:
    """Say which payments an offer comes to."""
    paid = words("offer.separator").join(_payments(offer["payments"], currency, words))
    return paid or words("heard.nothing")


def _steps(offer: Record, currency: str, words: Words) -> Iterator[str]:
    """Name a first payment, and each concession that has a word; conditions go with theirs."""
    for step in offer["steps"]:
        name, _, first = step["step"].partition(" ")
        if name == "down":
            yield words("heard.down", amount=_first(first, offer, currency, words))
    for ask in offer["asks"]:
        single = str(ask["values"].get("n")) == "1"
        one = words.find(f"heard.{ask['code']}-one") if single else None
        phrase = one or words.find(f"heard.{ask['code']}")
        if phrase is not None:
            yield phrase.format_map(_values(ask["values"], words)) + _condition(ask, words)


def _first(size: str, offer: Record, currency: str, words: Words) -> str:
    if size.endswith("%"):
        return size
    exact = Decimal(size).quantize(Decimal(offer["metrics"]["total_paid"]))
    return money_text(exact, currency, words)


def _values(values: Record, words: Words) -> dict[str, Any]:
    shown = dict(values)
    if "currency" in shown:
        shown["amount"] = money_text(shown["amount"], shown["currency"], words)
    if "share" in shown:
        shown["share"] = _rounded(str(shown["share"]))
    if "rate" in shown:
        shown["rate"] = named_rate(shown["rate"], words)
    count = shown.get("n")
    shown["span"] = words("heard.span", n=count) if count else ""
    return shown


def _rounded(share: str) -> str:
    """Print a share to two decimals; what it is exactly, the payments tell."""
    number = Decimal(share.removesuffix("%").strip())
    return f"{number.quantize(Decimal('0.01'))} %" if number % 1 else share


def _condition(ask: Record, words: Words) -> str:
    kind, _, count = str(ask["values"].get("when") or "now").partition(":")
    return "" if kind == "now" else words(f"heard.{kind}", n=count)


def _payments(runs: list[Record], currency: str, words: Words) -> Iterator[str]:
    """Say how much is paid when: each run of one amount, or how many payments from when to when."""
    if len(runs) > RUNS:
        amounts = sorted((run["amount"] for run in runs), key=float)
        low, high = (money_text(one, currency, words) for one in (amounts[0], amounts[-1]))
        yield words(
            "heard.many",
            count=whole(sum(run["count"] for run in runs)),
            low=low,
            high=high,
            first=runs[0]["first"],
            last=runs[-1]["last"],
        )
        return
    for run in runs:
        paid = money_text(run["amount"], currency, words)
        key = "heard.once" if run["count"] == 1 else "heard.times"
        yield words(
            key, amount=paid, count=whole(run["count"]), first=run["first"], last=run["last"]
        )
