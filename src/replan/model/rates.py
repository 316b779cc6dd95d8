"""Interest rates as people write them: per year or per day, exact, printed back as written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from .issues import Problem, Refused
from .numerals import CHARACTERS, read_chinese
from .text import quote
from .values import LENGTH_LIMIT, normalise

Per = Literal["year", "day"]

RATE_LIMIT = 10  # 1,000 % a year
DECIMALS_LIMIT = 18  # of the rate as a fraction: numerator and denominator fit 64 bits
_HINT = "Write 18.25%, 0.05%/day or 0.1825."

_AFTER = re.compile(
    r"(?:/|per |a |每)?(?:(?P<day>day|d|daily|日|天)|(?P<month>month|mo|m|monthly|月)"
    r"|(?P<year>year|yr|y|annum|yearly|年|p\.?a\.?|apr))$"
)
_BEFORE = re.compile(
    r"^(?:(?P<day>日利率|日息|按日|每日|每天|日)|(?P<month>月利率|月息|按月|每月|月)"
    r"|(?P<year>年化利率|年化|年利率|年息|按年|每年|年|apr)|利率)[::为是]?\s*"
)
_PARTS = re.compile(rf"(?P<base>万|萬|千|百)(?:分之)?(?P<count>[\d.]+|[{CHARACTERS}点]+)")
_BASES = {"万": -4, "萬": -4, "千": -3, "百": -2}
# of a month 一分 is 1 %; of a year it is 10 % to some and 1 % to others
_SHARES = re.compile(
    rf"(?P<fen>[\d.]+|[{CHARACTERS}点]+)分(?:(?P<li>\d|[{CHARACTERS}])厘?)?利?"
    rf"|(?P<lone>[\d.]+|[{CHARACTERS}点]+)厘利?"
)
_NUMBER = re.compile(r"(?P<number>-?(?:\d+(?:\.\d*)?|\.\d+))\s*(?P<unit>%|‰|)")
_KIND = re.compile(r"(?<=[%‰\s])\s*\(?(?:v|variable|fixed)\)?$")
"""What US and UK statements add to a rate: 27.24% (v)."""
_PERCENT = re.compile(r"\s*(?:percent|per cent|pct)\b")


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as an exact fraction: `Rate(Decimal("0.1825"), "year")` is 18.25 % a year.

    A rate quoted per day stays daily. `written` is how it stood in the file; two rates are equal
    when value and period are.
    """

    value: Decimal
    per: Per = "year"
    written: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Refuse what no loan has, so that every rate in the program is in range."""
        _check_range(self.value, self.per, self.written or self.value)

    def __str__(self) -> str:
        """Print as written, else as a fraction with its period if that is the day."""
        return self.written or f"{self.value:f}{'/day' if self.per == 'day' else ''}"

    @property
    def fraction(self) -> Fraction:
        """The exact value per `per`."""
        return Fraction(self.value)


def parse_rate(value: object) -> Rate:
    """Read a rate: `18.25%`, `0.05%/day`, `0.1825` (a fraction a year), 日利率万分之五, 月息1.5分.

    A monthly rate is the nominal yearly one divided by 12 (1.5 %/month is 18 % a year).
    A bare number above 1 is refused, because 18.25 may mean 18.25 % or 1,825 %, and 万五 without
    its period, which is a rate per day to most who say it.

    >>> parse_rate("0.05%/day")
    Rate(value=Decimal('0.0005'), per='day', written='0.05%/day')
    """
    if isinstance(value, Rate):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _not_a_rate(value)
    if not isinstance(value, str):
        return _bare_rate(Decimal(str(value)), "year", value)
    text = _KIND.sub("", _PERCENT.sub("%", normalise(value).lower()))
    if len(value) > LENGTH_LIMIT or not text:
        raise _not_a_rate(value)
    number, period = _split_period(text)
    return _read_rate(number, period, value)


def _split_period(text: str) -> tuple[str, str]:
    """Split a text into its number and its period; the period is empty without a word for it."""
    period = ""
    if found := _BEFORE.match(text):
        period, text = found.lastgroup or "", text[found.end() :]
    if found := _AFTER.search(text):
        period, text = found.lastgroup or "", text[: found.start()]
    return text.strip(), period


def _read_rate(text: str, period: str, value: str) -> Rate:
    if found := _PARTS.fullmatch(text):
        if not period and found["base"] != "百":
            raise _no_period(value)
        count = _chinese_number(found["count"])
        return _rate(_scaled(count, _BASES[found["base"]], value), period, value)
    if found := _SHARES.fullmatch(text):
        if period in {"year", "day"}:
            hint = "Write it as a percentage: 10% or 1%, 0.1%/day or 0.01%/day."
            raise _not_a_rate(value, hint)
        if not period:
            raise _no_period(value)
        return _rate(_scaled(_tenths(found), -2, value), period, value)
    found = _NUMBER.fullmatch(text)
    if not found:
        is_comma = re.fullmatch(r"\d{1,3},\d{1,4}\s*[%‰]", text)
        raise _not_a_rate(value, f"Write {text.replace(',', '.')}." if is_comma else "")
    number = Decimal(found["number"])
    if not found["unit"]:
        return _bare_rate(number, period, value)
    return _rate(_scaled(number, -2 if found["unit"] == "%" else -3, value), period, value)


def _tenths(found: re.Match[str]) -> Decimal | None:
    """Read 一分五厘 as 1.5, 八厘 as 0.8."""
    if found["lone"]:
        lone = _chinese_number(found["lone"])
        return lone and lone / 10
    whole, tenth = _chinese_number(found["fen"]), _chinese_number(found["li"] or "0")
    if whole is None or tenth is None or (found["li"] and (whole % 1 or tenth >= 10)):
        return None
    return whole + tenth / 10


def _no_period(value: str) -> Refused:
    message = f"{quote(value)} does not say per which period."
    hint = "Write it as a percentage with its period: 0.05%/day, 1.5%/month or 18%."
    return Refused(Problem("rate-period-missing", message, hint))


def _scaled(number: Decimal | None, power: int, value: object) -> Decimal:
    if number is None:
        raise _not_a_rate(value)
    return number.scaleb(power)


def _bare_rate(number: Decimal, period: str, value: object) -> Rate:
    if not number.is_finite():
        raise _not_a_rate(value)
    if number > 1:
        message = f"{quote(value)} as a rate would be more than 100 %."
        clipped = quote(number)
        hint = f"Write {clipped}%"
        if number <= 1000:
            hint += f" or {number.scaleb(-2):f}"
        raise Refused(Problem("rate-suspicious", message, f"{hint}."))
    return _rate(number, period, value)


def _rate(number: Decimal, period: str, value: object) -> Rate:
    written = normalise(value) if isinstance(value, str) else ""
    number = number or Decimal(0)  # minus zero and zero with an exponent are plain zero
    _check_digits(number, value)
    if period == "month":
        return Rate(number * 12, "year", written)
    return Rate(number, "day" if period == "day" else "year", written)


def _check_digits(number: Decimal, value: object) -> None:
    """Refuse fractions that 64 bits do not hold; zeros at the end do not count."""
    if not number.is_finite():
        return
    _, digits, exponent = number.as_tuple()
    written = "".join(map(str, digits))
    kept = written.rstrip("0")
    decimals = -int(exponent) - (len(written) - len(kept))
    if decimals > DECIMALS_LIMIT or (decimals == DECIMALS_LIMIT and int(kept or "0") >= 2**63):
        message = f"{quote(value)} has more than {DECIMALS_LIMIT} decimals as a fraction."
        raise Refused(Problem("rate-too-fine", message, "Write the rate of the contract."))


def _check_range(number: Decimal, per: Per, value: object) -> None:
    yearly = number * (365 if per == "day" else 1) if number.is_finite() else number
    if not (number.is_finite() and 0 <= yearly <= RATE_LIMIT):
        message = f"{quote(value)} is outside 0 to 1,000 % a year."
        raise Refused(Problem("rate-out-of-range", message, _HINT))


def _chinese_number(text: str) -> Decimal | None:
    """Read 五, 十八, 二十四, 三点五 or Western digits."""
    return Decimal(text) if re.fullmatch(r"\d+(\.\d+)?", text) else read_chinese(text)


def _not_a_rate(value: object, hint: str = "") -> Refused:
    return Refused(Problem("rate-unreadable", f"{quote(value)} is not a rate.", hint or _HINT))
