"""Interest rates as people write them: per year or per day, exact, printed back as written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from .issues import Problem, Refused
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
    r"^(?:(?P<day>日利率|日息|每日|每天|日)|(?P<month>月利率|月息|每月|月)"
    r"|(?P<year>年化利率|年化|年利率|年息|每年|年|利率|apr))[::为是]?\s*"
)
_PARTS = re.compile(
    r"(?P<base>万|萬|千|百)(?:分之)?(?P<count>[\d.]+|[零一二两三四五六七八九十点]+)"
)
_BASES = {"万": -4, "萬": -4, "千": -3, "百": -2}
_NUMBER = re.compile(r"(?P<number>-?(?:\d+(?:\.\d*)?|\.\d+))\s*(?P<unit>%|‰|)")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}


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
    """Read a rate: `18.25%`, `0.05%/day`, `0.1825` (a fraction per year), 日利率万分之五, 月息1.5%.

    A monthly rate is the nominal yearly one divided by 12 (1.5 %/month is 18 % a year).
    A bare number above 1 is refused, because 18.25 may mean 18.25 % or 1,825 %.

    >>> parse_rate("0.05%/day")
    Rate(value=Decimal('0.0005'), per='day', written='0.05%/day')
    """
    if isinstance(value, Rate):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _not_a_rate(value)
    if not isinstance(value, str):
        return _bare_rate(Decimal(str(value)), "year", value)
    text = normalise(value).lower()
    if len(value) > LENGTH_LIMIT or not text:
        raise _not_a_rate(value)
    number, period = _split_period(text)
    return _read_rate(number, period, value)


def _split_period(text: str) -> tuple[str, str]:
    """Split a text into its number and its period; without a word for it, the year."""
    period = "year"
    if found := _BEFORE.match(text):
        period, text = found.lastgroup or "year", text[found.end() :]
    if found := _AFTER.search(text):
        period, text = found.lastgroup or "year", text[: found.start()]
    return text.strip(), period


def _read_rate(text: str, period: str, value: str) -> Rate:
    if found := _PARTS.fullmatch(text):
        count = _chinese_number(found["count"])
        return _rate(_scaled(count, _BASES[found["base"]], value), period, value)
    found = _NUMBER.fullmatch(text)
    if not found:
        raise _not_a_rate(value)
    number = Decimal(found["number"])
    if not found["unit"]:
        return _bare_rate(number, period, value)
    return _rate(_scaled(number, -2 if found["unit"] == "%" else -3, value), period, value)


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
    """Read 五, 十八, 二十四, 三点五 or Western digits, up to 99."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Decimal(text)
    whole, _, decimals = text.partition("点")
    found = re.fullmatch(r"(?:([一二两三四五六七八九]?)(十))?([零一二两三四五六七八九]?)", whole)
    if not found or not whole or not all(c in _DIGITS for c in decimals):
        return None
    tens = (_DIGITS.get(found[1] or "", 1) if found[2] else 0) * 10
    fraction = "".join(str(_DIGITS[c]) for c in decimals) or "0"
    return Decimal(f"{tens + _DIGITS.get(found[3], 0)}.{fraction}")


def _not_a_rate(value: object) -> Refused:
    return Refused(Problem("rate-unreadable", f"{quote(value)} is not a rate.", _HINT))
