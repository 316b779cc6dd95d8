"""The zone of possible agreement, for the one who negotiates: the walk-away is for them alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.figures import amount, percent, whole
from replan.present.wording import money_text, rate_text
from replan.present.words import Words

Record = Mapping[str, Any]
FAR = Decimal("0.5")
"""Below this share of their offer what fits is no bargaining position, and that is said."""
_PLANS = ("opening", "target", "walk_away")


def zone_blocks(data: Record, words: Words) -> Iterator[Block]:
    """Say where both sides gain, and with which plans to open, aim and stop."""
    zone = data["zone"]
    if zone is None:
        return
    yield Heading(words("zone.title"))
    yield Lines(tuple(_limits(data, words)), indent=2)
    plans = [name for name in _PLANS if zone[name]]
    if plans:
        yield Lines(
            tuple(
                words("compare.legend", mark=words(f"zone.{name}"), meaning=zone[name]["plan"])
                for name in plans
            ),
            indent=3,
        )
        yield _plans(zone, plans, words)
        yield Lines(tuple(_basis(data, words)), tone="quiet", indent=2)
    yield Lines(tuple(_published(zone, words)), tone="quiet", indent=2)


def rate_name(data: Record, words: Words) -> str:
    """Name the rate at which the lender's side is valued."""
    rate = data["npv_rate"]
    if rate is None:
        return words("zone.contract_rate")
    return words("zone.chosen_rate", rate=rate_text(rate, words))


def _limits(data: Record, words: Words) -> Iterator[str]:
    zone = data["zone"]
    money = partial(money_text, currency=data["currency"], words=words)
    yield words("zone.offer", amount=money(zone["offer_value"]), rate=rate_name(data, words))
    if zone["borrower_limit"] is None:
        yield words("zone.nothing_fits")
    else:
        yield words("zone.borrower", amount=money(zone["borrower_limit"]))
        share = Decimal(zone["borrower_limit"]) / max(Decimal(zone["offer_value"]), Decimal(1))
        if share < FAR:
            yield words("zone.far", share=percent(share, decimals=0))
    said = zone["alternative"]
    if said is None:
        yield words("zone.ask_lender")
        return
    yield words(
        "zone.lender",
        amount=money(zone["lender_limit"]),
        share=said["recovery"],
        months=whole(said["months"]),
        cost=money(said["cost"]),
    )
    if zone["exists"] is not None:
        width = str(zone["width"]).removeprefix("-")
        yield words("zone.exists" if zone["exists"] else "zone.empty", amount=money(width))


def _plans(zone: Record, names: list[str], words: Words) -> Block:
    heads: list[Cell | str] = ["", number(words("zone.value"))]
    heads += [number(words(f"figure.{key}")) for key in ("peak_payment", "months", "verdict")]
    rows: list[list[Cell | str]] = [
        [
            words(f"zone.{name}"),
            *(number(amount(zone[name][key])) for key in ("npv", "peak_payment")),
            number(whole(zone[name]["months"])),
            number(words.term("verdict", zone[name]["verdict"])),
        ]
        for name in names
    ]
    return table(heads, rows, keys=1)


def _basis(data: Record, words: Words) -> Iterator[str]:
    zone = data["zone"]
    if zone["target"]:
        yield words(f"zone.{zone['basis']}")
        if not data["policy"]:
            yield words("zone.no_policy")
    yield words("zone.alone")


def _published(zone: Record, words: Words) -> Iterator[str]:
    """Print published recoveries with population, year and source; no advice is drawn from them."""
    for found in zone["published"]:
        low, high = percent(found["low"]), percent(found["high"])
        yield words(
            "zone.published",
            share=low if low == high else words("zone.range", low=low, high=high),
            base=words(f"owedas.{found['of']}"),
            population=found["population"][words.language],
            year=found["year"],
            source=found["source"],
        )
