"""Days, amounts and rates as a letter writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from replan.present.figures import amount
from replan.present.words import Words


def day_text(day: str, words: Words) -> str:
    """Write an ISO day out, so that nobody reads the month for the day.

    >>> day_text("2027-03-05", Words("en")), day_text("2027-03-05", Words("zh"))
    ('5 March 2027', '2027年3月5日')
    """
    found = date.fromisoformat(day)
    return words("offer.day", year=found.year, month=_month(found.month, words), day=found.day)


def month_text(month: str, words: Words) -> str:
    """Write a month given as 2027-03."""
    year, number = month.split("-")
    return words("offer.month", year=year, month=_month(int(number), words))


def _month(number: int, words: Words) -> str:
    return words.term("calendar", str(number))


def money_text(value: object, currency: str, words: Words) -> str:
    """Write an amount with its currency.

    >>> money_text("1020.00", "CNY", Words("zh")), money_text("9.50", "GBP", Words("en"))
    ('1,020.00 元', 'GBP 9.50')
    """
    return words("offer.money", amount=amount(value), unit=words.term("unit", currency))


def close_up(text: str) -> str:
    """Leave no blank between 元 and a Chinese character after it."""
    return re.sub(r"(?<=元) (?=[㐀-鿿])", "", text)


def rate_text(rate: str, words: Words) -> str:
    """Write a rate: 0.05%/day is 0.05 %/day, or 0.05 %/日."""
    return rate.replace("%", " %").replace("/day", words.term("rate", "/day"))


def named_rate(rate: str, words: Words) -> str:
    """Write a rate as it is said aloud, with what it is counted by.

    >>> named_rate("0.05%/day", Words("en")), named_rate("0.05%/day", Words("zh"))
    ('a rate of 0.05 % a day', '日利率 0.05 %')
    """
    number, _, unit = rate.partition("/")
    return words("rate.daily" if unit == "day" else "rate.yearly", rate=rate_text(number, words))


def rates_text(rates: Sequence[Mapping[str, str]], words: Words) -> str:
    """Say which rates are in force, each from its day where there are several."""
    if len(rates) == 1:
        return rate_text(rates[0]["rate"], words)
    parts = (
        words(
            "offer.rate_part",
            rate=rate_text(one["rate"], words),
            date=day_text(one["from"], words),
        )
        for one in rates
    )
    return words("offer.separator").join(parts)


def listed(parts: Sequence[str], words: Words, *, pair: str = "offer.pair") -> str:
    """Join the parts of a sentence: a, b and c; `pair` is the key of how the last is joined."""
    *before, last = parts
    first = words("list.separator").join(before)
    return words(pair, first=first, rest=last) if before else last
