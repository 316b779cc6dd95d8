"""The words of offers: numbers, shares, amounts, times and components, as patterns and values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from replan.errors import UsageError
from replan.model.numerals import CHARACTERS
from replan.model.text import quote
from replan.model.values import parse_amount, parse_date

from .spoken_numbers import COUNT, NUMBERS, read_count, read_number
from .spoken_when import MONTH, day_after, month_days
from .values import parse_share, plain, print_share

COMPONENTS = {
    "penalty": r"penalty interest|late interest|default interest|penalt(?:y|ies)|罚息|罚金",
    "fees": r"late (?:payment )?(?:fees?|charges?)|fees?|违约金|滞纳金|手续费|费用|服务费",
    "principal": r"principal|capital|本金",
    "interest": r"(?:(?:accrued|overdue|unpaid|outstanding) interest|interest owed|欠息|所欠利息"
    r"|逾期利息|已产生的?利息|拖欠的?利息|interest|利息)",
}
"""What is forgiven; a phrase for several stands in ALL."""
ALL = r"(?:interest|penalt(?:y|ies)) and (?:charges|fees)|interest,? penalt(?:y|ies) and fees|息费"
BARE_INTEREST = ("interest", "利息")
"""What may be owed now, or what is charged from now on."""
EVERY = {
    "2-weeks": r"fortnights?|fortnightly|(?:two|2|other) weeks?|(?:每)?两个?(?:周|星期)|双周",
    "week": r"weeks?|weekly|周|星期",
    "month": r"months?|monthly|个月|月",
}

COMPONENT = "|".join(f"(?:{pattern})" for pattern in (ALL, *COMPONENTS.values()))
AND = r" and (?:the )?| & |和|及|与"
_C = f"(?:{COMPONENT})(?:(?:{AND}|(?<=[㐀-鿿])(?=[㐀-鿿]))(?:{COMPONENT}))*"
_U = "|".join(EVERY.values())
_SHARE = (
    r"\d+(?:\.\d+)?\s?(?:%|percent|per cent)|百分之[\d.零一二三四五六七八九十百]+"
    r"|[\d一二三四五六七八九两]成半?|half|一半|all|全部|全额"
)
_AMOUNT = (
    r"(?:[¥$£€]|cny|rmb|usd|eur|gbp|人民币)?\s?"
    rf"(?:\d[\d,]*(?:\.\d+)?\s?[万千k]?|[{CHARACTERS}]+)(?:\s?(?:元|块|圆|cny|usd|eur|gbp))?"
)
_TIME = (
    rf"half a year|(?:an? |one )year and a half|(?:{COUNT}) and a half years"
    rf"|(?:{COUNT}|an?)[ -](?:years?|months?|weeks?|fortnights?)"
    rf"|半年|(?:\d{{1,2}}|[{CHARACTERS}])年半?|(?:{COUNT})(?:个月|周|星期)"
)
_MOST = (
    r"at (?:the )?most|(?:no|not) more than|up to|(?:a |the )?max(?:imum)?\.?(?: of)?"
    r"|最多|至多|最高|最长|不超过|不高于|不多于"
)
_LEAST = (
    r"at least|(?:no|not) less than|(?:a |the )?min(?:imum)?\.?(?: of)?"
    r"|最少|至少|最低|不低于|不少于|起码"
)
MACROS = {
    "<P>": rf"(?P<share>{_SHARE})",
    "<A>": rf"(?P<amount>{_AMOUNT})",
    "<X>": rf"(?P<size>{_SHARE}|{_AMOUNT})",
    "<N>": rf"(?P<count>{COUNT})",
    "<T>": rf"(?P<time>{_TIME})",
    "<Y>": r"(?P<time>year|quarter|month)",
    "<R>": r"(?P<rate>\d+(?:\.\d+)?\s?[%‰](?:\s?(?:/|a |per |每)\s?"
    r"(?:day|month|year|annum|日|天|月|年))?)",
    "<F>": r"(?P<fold>\d{1,2}|\d\.\d|[一二三四五六七八九]{1,2})",
    "<C>": rf"(?P<part>{_C})",
    "<U>": rf"(?P<every>{_U})",
    "<D>": r"(?P<day>\d{4}-\d{1,2}-\d{1,2}|\d{4}年\d{1,2}月\d{1,2}[日号]|\d{1,2} [a-z]{3,9} \d{4})",
    "<K>": rf"(?P<days>(?:{COUNT})[ -]?(?:days?|天|日))",
    "<M>": rf"(?P<month>{MONTH})",
    "<L>": rf"(?P<bound>{_MOST}|{_LEAST})",
    "<B>": rf"(?P<bound>{_MOST})",
    "<O>": r"(?P<monthday>\d{1,2}|[一二三四五六七八九十]{1,3})",
}
_MONTHS = {
    "month": 1,
    "quarter": 3,
    "half a year": 6,
    "半年": 6,
    "year": 12,
    "a year and a half": 18,
    "one year and a half": 18,
}
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+")


@dataclass(frozen=True, slots=True)
class Known:
    """What an offer does not say: its currency, and the day from which it counts."""

    currency: str | None = None
    as_of: date | None = None


def values_of(said: Mapping[str, str], known: Known) -> dict[str, str]:
    """Turn what was said, by the names of the macros, into values as notation has them.

    Raises ValueError or UsageError where a number has not one reading.
    """
    values = dict(said)
    for name, text in said.items():
        if name in _READERS:
            values[name] = _READERS[name](text)
    if "time" in said:
        values["count"], values["every"] = read_time(said["time"])
    if "share" in said:
        share = _share(said["share"])
        values |= {"share": print_share(share), "rest": print_share(1 - share)}
    if "fold" in said:
        share = _fold(said["fold"])
        values |= {"fold": print_share(share), "fold_off": print_share(1 - share)}
    for name in {"amount", "size"} & said.keys():
        values[name] = (_amount if name == "amount" else _size)(said[name], known.currency)
    return values | _days_of(values, known)


def _days_of(said: Mapping[str, str], known: Known) -> dict[str, str]:
    """Give the days that a time is about: `on`, when it begins, and `until`, its last day."""
    if "month" in said:
        first, last = month_days(said["month"], known.as_of)
        if "monthday" in said:
            first = last = first.replace(day=int(said["monthday"]))
        return {"on": first.isoformat(), "until": last.isoformat()}
    if "days" in said:
        return dict.fromkeys(("on", "until"), day_after(said["days"], known.as_of).isoformat())
    return dict.fromkeys(("on", "until"), said["day"]) if "day" in said else {}


def read_time(text: str) -> tuple[str, str]:
    """Read a time as a number and its unit: a year and a half is 18 months, 半年 is 6."""
    words = text.replace("-", " ") if not text.startswith(tuple(NUMBERS)) else text
    if text in _MONTHS:
        return str(_MONTHS[text]), "month"
    if text.endswith("and a half years"):
        return str(12 * read_count(text.split(" ", maxsplit=1)[0]) + 6), "month"
    if "年" in text:
        whole, _, half = text.partition("年")
        return str(12 * read_count(whole) + 6 * bool(half)), "month"
    found = re.fullmatch(r"(.+?)[ -]?(years?|个月|周|星期|months?|weeks?|fortnights?)", words)
    if found is None:
        raise ValueError(f"{quote(text)} is not a time")
    number = 1 if found[1] in ("a", "an") else read_count(found[1])
    if found[2].startswith("year"):
        return str(12 * number), "month"
    return str(number), _every(found[2])


def _every(text: str) -> str:
    return next(k for k, v in EVERY.items() if re.fullmatch(v, text, re.IGNORECASE))


def _fold(text: str) -> Decimal:
    """Read what is paid of the whole: 八折 is 80 %, 八五折 and 85折 are 85 %."""
    if text.isascii():
        number = Decimal(text)
        return number / (100 if number >= 10 else 10)
    digits = [read_number(digit) for digit in text]
    return digits[0] / 10 + (digits[1] / 100 if len(digits) > 1 else 0)


def _share(text: str) -> Decimal:
    """Read 30%, half, 一半, 三成半, 百分之二十."""
    if text in ("half", "一半"):
        return Decimal("0.5")
    if text in ("all", "全部", "全额"):
        return Decimal(1)
    if "成" in text:
        tenths = Decimal(text[0]) if text[0].isdecimal() else read_number(text[0])
        return (tenths + (Decimal("0.5") if text.endswith("半") else 0)) / 10
    if text.startswith("百分之"):
        rest = text.removeprefix("百分之")
        return (read_number(rest) if _NUMERAL.fullmatch(rest) else Decimal(rest)) / 100
    share = parse_share(re.sub(r"\s?(?:percent|per cent)", "%", text))
    if share > 1:
        raise ValueError(f"{quote(text)} is more than all")
    return share


def _amount(text: str, currency: str | None) -> str:
    return plain(parse_amount(text.strip(), currency=currency))


def _size(text: str, currency: str | None) -> str:
    try:
        return print_share(_share(text))
    except (ValueError, ArithmeticError, UsageError):
        return _amount(text, currency)


def read_day(text: str) -> date:
    """Read a date as it is said."""
    return parse_date(text.replace("号", "日"))


def components(said: str) -> tuple[str, ...]:
    """Name the components that words stand for; 息费 is all but the principal."""
    named = (_components(found[0]) for found in re.finditer(COMPONENT, said, re.IGNORECASE))
    return tuple(dict.fromkeys(name for names in named for name in names))


def _components(words: str) -> tuple[str, ...]:
    if re.fullmatch(ALL, words, re.IGNORECASE):
        return ("penalty", "interest", "fees")
    return tuple(k for k, v in COMPONENTS.items() if re.fullmatch(v, words, re.IGNORECASE))[:1]


_READERS: Mapping[str, Callable[[str], str]] = {
    "count": lambda text: str(read_count(text)),
    "monthday": lambda text: str(read_count(text)),
    "every": _every,
    "bound": lambda text: "most" if re.fullmatch(_MOST, text, re.IGNORECASE) else "least",
    "day": lambda text: read_day(text).isoformat(),
    "rate": lambda text: text.replace("annum", "year"),
}
