"""Parameter types of plan notation: how each value is read and printed, exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from replan.engine.dates import Frequency, parse_frequency
from replan.errors import UsageError
from replan.model.rates import Rate, parse_rate
from replan.model.text import quote
from replan.model.values import parse_amount, parse_date


def parse_share(value: Any) -> Decimal:
    """Read `30%` (a share of 0.3); a bare number would be ambiguous."""
    if isinstance(value, Decimal):
        return value
    text = str(value).strip().replace("％", "%")
    if not text.endswith("%") or len(text) > 24:
        raise ValueError(f"{quote(value)} is not a share: write a percentage such as 30%")
    try:
        share = Decimal(text[:-1].strip()) / 100
    except ArithmeticError:
        raise ValueError(f"{quote(value)} is not a percentage: write one such as 30%") from None
    if not share.is_finite() or share.adjusted() > 9 or share.as_tuple().exponent < -12:  # type: ignore[operator]
        raise ValueError(f"{quote(value)} is not a percentage of at most ten decimals")
    return share


def print_share(value: Decimal) -> str:
    """Print a share as it is written: 0.3 is 30%."""
    return f"{plain(value * 100)}%"


def plain(value: Decimal) -> str:
    """Print a number without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _within(low: Decimal, high: Decimal) -> AfterValidator:
    def check(value: Decimal) -> Decimal:
        if not low <= value <= high:
            raise ValueError(
                f"{print_share(value)} is not between {print_share(low)} and {print_share(high)}"
            )
        return value

    return AfterValidator(check)


def written(kind: str, *examples: str) -> WithJsonSchema:
    """Describe a value in the JSON Schema as it is written: as text of a kind."""
    return WithJsonSchema({"type": "string", "format": kind, "examples": list(examples)})


SHARE = (
    BeforeValidator(parse_share),
    PlainSerializer(print_share, return_type=str),
    written("percentage", "30%"),
)
Share = Annotated[Decimal, *SHARE, _within(Decimal(0), Decimal(1))]
"""A share from 0 % to 100 %."""
Rise = Annotated[Decimal, *SHARE, _within(Decimal("-0.99"), Decimal(10))]
"""A rise per step, from −99 % to 1,000 %."""


def _numbers(least: int, most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


def _count(value: Any) -> int:
    text = str(value).strip()
    if not text.isdecimal():
        raise ValueError(f"{quote(value)} is not a whole number")
    return int(text)


Count = Annotated[int, BeforeValidator(_count), Field(ge=1, le=1200), _numbers(1, 1200)]
"""A number of instalments or periods."""
DayOfMonth = Annotated[int, BeforeValidator(_count), Field(ge=1, le=31), _numbers(1, 31)]


def _day(value: Any) -> date:
    return value if isinstance(value, date) else parse_date(str(value))


Day = Annotated[date, BeforeValidator(_day), PlainSerializer(date.isoformat, return_type=str)]


def _count_or_day(value: Any) -> int | date:
    if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    text = str(value).strip()
    return int(text) if text.isdecimal() and len(text) <= 4 else parse_date(text)


At = Annotated[
    int | date,
    BeforeValidator(_count_or_day),
    PlainSerializer(lambda at: at if isinstance(at, int) else str(at), return_type=int | str),
]
"""A period's number (from 1) or a date."""


def _amount(value: Any) -> Decimal:
    amount = value if isinstance(value, Decimal) else parse_amount(str(value))
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{quote(value)} is not an amount")
    return amount


def _print_amount(value: Decimal) -> str:
    return plain(value)


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(_print_amount, return_type=str),
    written("amount", "1200.50"),
]
"""An amount in major units."""


def _amount_or_share(value: Any) -> Decimal | Percent:
    if isinstance(value, Percent | Decimal):
        return value
    return (
        Percent(parse_share(value)) if str(value).strip().endswith(("%", "％")) else _amount(value)
    )


class Percent:
    """A share that stands where an amount could stand."""

    __slots__ = ("share",)

    def __init__(self, share: Decimal) -> None:
        self.share = share

    def __eq__(self, other: object) -> bool:
        """Compare by value."""
        return isinstance(other, Percent) and self.share == other.share

    def __hash__(self) -> int:
        """Hash by value."""
        return hash(("percent", self.share))

    def __str__(self) -> str:
        """Print as in notation."""
        return print_share(self.share)

    def __repr__(self) -> str:
        """Print as in notation."""
        return f"Percent({self})"


def _print_amount_or_share(value: Decimal | Percent) -> str:
    return str(value) if isinstance(value, Percent) else _print_amount(value)


AmountOrShare = Annotated[
    Any,
    BeforeValidator(_amount_or_share),
    PlainSerializer(_print_amount_or_share, return_type=str),
    written("amount-or-percentage", "1200.50", "30%"),
]
"""An amount, or a percentage of what the strategy says."""


def _rate(value: Any) -> Rate:
    return parse_rate(value)


def print_rate(rate: Rate) -> str:
    """Print a rate as in notation: 5% or 0.05%/day."""
    return f"{plain(rate.value * 100)}%{'/day' if rate.per == 'day' else ''}"


RateValue = Annotated[
    Any,
    BeforeValidator(_rate),
    PlainSerializer(print_rate, return_type=str),
    written("rate", "5%", "0.01%/day"),
]


def _frequency(value: Any) -> Frequency:
    try:
        return value if isinstance(value, Frequency) else parse_frequency(str(value))
    except UsageError as error:  # pydantic knows only ValueError
        raise ValueError(str(error)) from None


Every = Annotated[
    Any,
    BeforeValidator(_frequency),
    PlainSerializer(str, return_type=str),
    written("frequency", "month", "2-weeks", "15-days"),
]


def _weights(value: Any) -> tuple[Decimal, ...]:
    if isinstance(value, tuple):
        return value
    items = value if isinstance(value, list) else str(value).split(",")
    weights = tuple(_weight(item) for item in items)
    if not any(weights) or len(weights) > 60:
        raise ValueError("write at most 60 weights, at least one above 0, such as 1,1,0.5")
    return weights


def _weight(item: Any) -> Decimal:
    try:
        weight = Decimal(str(item).strip())
    except ArithmeticError:
        raise ValueError(f"{quote(item)} is not a weight: write numbers such as 1,1,0.5") from None
    if not weight.is_finite() or not 0 <= weight <= 100 or weight.as_tuple().exponent < -12:  # type: ignore[operator]
        raise ValueError(f"{quote(item)} is not a weight from 0 to 100")
    return weight


def _print_weights(weights: tuple[Decimal, ...]) -> str:
    return ",".join(plain(w) for w in weights)


Weights = Annotated[
    tuple[Decimal, ...],
    BeforeValidator(_weights),
    PlainSerializer(_print_weights, return_type=str),
    written("weights", "1,1,0.5"),
]


def fraction(value: Decimal) -> Fraction:
    """Give the exact fraction of a decimal."""
    return Fraction(value)
